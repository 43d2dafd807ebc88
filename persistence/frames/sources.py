"""Where rows come from: tables as the engine is given them, and the same tables opened for one request."""

from collections.abc import Callable

import msgspec
import polars as pl

from domain.collections import Column, ColumnKind, LostColumn
from domain.errors import Invalid
from domain.wording import tr
from persistence.frames.hot import HotTable
from persistence.frames.kinds import ROW, drawn, plain, plain_rows

__all__ = ["ROW", "Table", "TableSource", "open_table"]


class TableSource(msgspec.Struct, frozen=True, eq=False):
    """One table at one version.

    `open` gives its rows lazily; it is called in the engine's thread, so it may block and raise what reading a
    table raises. `columns` are those that tiles may name, `name` is what messages call the collection. `hot` gives the
    same rows from the column cache, None when it has no room for them.
    """

    name: str
    columns: tuple[Column, ...]
    open: Callable[[], pl.LazyFrame]
    hot: Callable[[], HotTable | None] | None = None
    lost: tuple[LostColumn, ...] = ()
    """Columns that earlier versions of the table had."""


class Table(msgspec.Struct, frozen=True, eq=False):
    """An opened table: `rows` lazily, plain (see `kinds.plain`), with `ROW`.

    Over a hot table text may come as an Enum, whose order and comparisons are those of the text; results must go
    through `hot.as_text`. A vast table is too large for the column cache.
    """

    name: str
    columns: dict[str, Column]
    types: dict[str, pl.DataType]
    rows: pl.LazyFrame
    hot: HotTable | None = None
    is_vast: bool = False
    lost: tuple[LostColumn, ...] = ()

    def column(self, name: str, *kinds: ColumnKind, use: str) -> Column:
        """The column of that name, if its kind is one of `kinds` (of any but OTHER when none is given).

        Raises:
            Invalid: naming the column, and `use`: what wanted it.
        """
        if not name:
            raise Invalid(tr("Choose a column for {use}.", use=use))
        column = self.columns.get(name)
        if column is None or name not in self.types:
            self.refuse_lost(name)
            raise Invalid(
                tr(
                    "The table {table!r} has no column {name!r}; choose another one for {use}.",
                    table=self.name,
                    name=name,
                    use=use,
                )
            )
        wanted = kinds or tuple(kind for kind in ColumnKind if kind is not ColumnKind.OTHER)
        if column.kind not in wanted:
            raise Invalid(
                tr(
                    "The column {name!r} holds {kind}, but {use} needs {wanted}.",
                    name=name,
                    kind=_said(column.kind),
                    use=use,
                    wanted=_any_of(wanted),
                )
            )
        return column

    def refuse_lost(self, name: str) -> None:
        """Say when the table lost the column of that name, if it ever had one.

        Raises:
            Invalid: naming the column, the version and the day.
        """
        for one in self.lost:
            if one.name == name:
                raise Invalid(
                    tr(
                        "The table {table!r} has lost its column {name!r} in version {version} of {day} "
                        "{at:%b %Y}. Editors choose another one for it under Lost columns.",
                        table=self.name,
                        name=name,
                        version=one.version,
                        day=one.at.day,
                        at=one.at,
                    )
                )

    def plain_type(self, name: str) -> pl.DataType:
        """The type in which the column is read: see `kinds.plain`."""
        dtype = self.types[name]
        expr = plain(name, dtype)
        empty = pl.DataFrame(schema={name: dtype})
        return dtype if expr is None else empty.select(expr).dtypes[0]

    def values(self, column: Column) -> pl.Expr:
        """The values of the column as a frame holds them, for a scan of the rows."""
        if self.hot is not None:
            self.hot.load([column.name])
        return self.presented(column)

    def presented(self, column: Column) -> pl.Expr:
        """The same for values that one has already."""
        return drawn(column, self.types[column.name])


def open_table(source: TableSource) -> Table:
    """Open the source; only the schema is read."""
    columns = {column.name: column for column in source.columns}
    hot = None if source.hot is None else source.hot()
    if hot is not None:
        return Table(source.name, columns, hot.types, hot.scan(None), hot, lost=source.lost)
    rows = source.open()
    types = dict(rows.collect_schema().items())
    whole = plain_rows(rows).with_row_index(ROW)
    return Table(source.name, columns, types, whole, is_vast=source.hot is not None, lost=source.lost)


_WORDS = {
    ColumnKind.NUMBER: tr("numbers"),
    ColumnKind.TEXT: tr("text"),
    ColumnKind.BOOLEAN: tr("booleans"),
    ColumnKind.DATE: tr("dates"),
    ColumnKind.DATETIME: tr("times"),
    ColumnKind.OTHER: tr("values of another kind"),
}


def _said(kind: ColumnKind) -> str:
    return _WORDS[kind]


def _any_of(kinds: tuple[ColumnKind, ...]) -> str:
    *first, last = map(_said, kinds)
    return tr("{first} or {last}", first=", ".join(first), last=last) if first else last
