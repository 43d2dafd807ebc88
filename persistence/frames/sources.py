"""Where rows come from: tables as the engine is given them, and the same tables opened for one request."""

from collections.abc import Callable

import msgspec
import polars as pl

from domain.collections import Column, ColumnKind
from domain.errors import Invalid
from persistence.frames.kinds import drawn, plain

ROW = "depictio_row"
"""The position of a row in its table version: what sampling and paging hold on to. Never part of a frame."""


class TableSource(msgspec.Struct, frozen=True, eq=False):
    """One table at one version.

    `open` gives its rows lazily; it is called in the engine's thread, so it may block and raise what reading a
    table raises. `columns` are those that tiles may name, `name` is what messages call the collection.
    """

    name: str
    columns: tuple[Column, ...]
    open: Callable[[], pl.LazyFrame]


class Table(msgspec.Struct, frozen=True, eq=False):
    """An opened table: `rows` lazily, plain (see `kinds.plain`), with `ROW`."""

    name: str
    columns: dict[str, Column]
    types: dict[str, pl.DataType]
    rows: pl.LazyFrame

    def column(self, name: str, *kinds: ColumnKind, use: str) -> Column:
        """The column of that name, if its kind is one of `kinds` (of any but OTHER when none is given).

        Raises:
            Invalid: naming the column, and `use`: what wanted it.
        """
        if not name:
            raise Invalid(f"Choose a column for {use}.")
        column = self.columns.get(name)
        if column is None or name not in self.types:
            raise Invalid(f"The table {self.name!r} has no column {name!r}; choose another one for {use}.")
        wanted = kinds or tuple(kind for kind in ColumnKind if kind is not ColumnKind.OTHER)
        if column.kind not in wanted:
            raise Invalid(f"The column {name!r} holds {_said(column.kind)}, but {use} needs {_any_of(wanted)}.")
        return column

    def values(self, column: Column) -> pl.Expr:
        """The values of the column as a frame holds them."""
        return drawn(column, self.types[column.name])


def open_table(source: TableSource) -> Table:
    """Open the source; only the schema is read."""
    rows = source.open()
    types = dict(rows.collect_schema().items())
    exprs = [expr for name, dtype in types.items() if (expr := plain(name, dtype)) is not None]
    return Table(
        source.name,
        {column.name: column for column in source.columns},
        types,
        rows.with_columns(exprs).with_row_index(ROW),
    )


_WORDS = {
    ColumnKind.NUMBER: "numbers",
    ColumnKind.TEXT: "text",
    ColumnKind.BOOLEAN: "booleans",
    ColumnKind.DATE: "dates",
    ColumnKind.DATETIME: "times",
    ColumnKind.OTHER: "values of another kind",
}


def _said(kind: ColumnKind) -> str:
    return _WORDS[kind]


def _any_of(kinds: tuple[ColumnKind, ...]) -> str:
    *first, last = map(_said, kinds)
    return f"{', '.join(first)} or {last}" if first else last
