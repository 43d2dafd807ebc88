"""What became different between two versions of a table."""

from collections.abc import Iterable, Sequence

import msgspec

from domain.collections import Column, TableVersion


class Retyped(msgspec.Struct, frozen=True):
    """A column that both versions have, with different types."""

    name: str
    before: str
    after: str


class TableChanges(msgspec.Struct, frozen=True, kw_only=True):
    """From the version `before` to the version `after`; columns in their order.

    Rows are counted as the ingests did it: those of a file that changed count as removed and as added. They are None
    where a version between does not say.
    """

    before: int
    after: int
    rows_before: int
    rows_after: int
    rows_added: int | None
    rows_removed: int | None
    columns_added: tuple[Column, ...] = ()
    columns_removed: tuple[Column, ...] = ()
    columns_retyped: tuple[Retyped, ...] = ()


def column_changes(
    before: Sequence[Column], after: Sequence[Column]
) -> tuple[tuple[Column, ...], tuple[Column, ...], tuple[Retyped, ...]]:
    """The columns that came, that went, and that have another type."""
    old, new = ({column.name: column for column in columns} for columns in (before, after))
    came = tuple(column for column in after if column.name not in old)
    went = tuple(column for column in before if column.name not in new)
    other = tuple(
        Retyped(name, column.dtype, new[name].dtype)
        for name, column in old.items()
        if name in new and new[name].dtype != column.dtype
    )
    return came, went, other


def rows_between(history: Iterable[TableVersion], before: int, after: int) -> tuple[int | None, int | None]:
    """How many rows were added and removed by the versions after `before` up to `after`."""
    steps = [one for one in history if before < one.version <= after]
    added, removed = [one.rows_added for one in steps], [one.rows_removed for one in steps]
    return (
        None if None in added else sum(count for count in added if count),
        None if None in removed else sum(count for count in removed if count),
    )
