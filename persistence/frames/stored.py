"""What is kept of a table version: its columns and what is made of them, in the column cache and in memory.

Where the version grew from an earlier one, what that one kept is grown rather than made anew (see `grown`).
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property, partial
from threading import Event
from typing import Self, TypeVar

import msgspec
import polars as pl

from persistence.frames import grown
from persistence.frames.cache_folder import Base, CacheFolder
from persistence.frames.column_files import FIXED
from persistence.frames.memory import Memory
from persistence.frames.workers import stop_if

LEDGER_BYTES = 4_096
V = TypeVar("V")
Grow = Callable[[Base], pl.Series | None]
"""Makes of what an earlier version kept what a later one keeps; None when it kept nothing, or it cannot be done."""
Bases = Callable[[], Sequence[Base]]
"""The earlier versions that were only added to, newest first."""


class Shared(msgspec.Struct, frozen=True, eq=False):
    """What all requests have in common: one table version, and where what is made of it is kept."""

    key: str
    rows: int
    types: dict[str, pl.DataType]
    cold: pl.LazyFrame
    folder: CacheFolder
    memory: Memory
    later: ThreadPoolExecutor
    cubes_from: int
    bases: Bases


class Stored:
    """One table version for one request, which holds every column that it has used until it is done."""

    def __init__(self, shared: Shared, abandoned: Event | None = None) -> None:
        self.rows = shared.rows
        self.types = shared.types
        self._shared = shared
        self._abandoned = abandoned
        self._columns: dict[str, pl.Series] = {}
        self._added: dict[Base, Self] = {}

    def load(self, names: Iterable[str]) -> None:
        """Have these columns at hand; those that the cache lacks are read from the table."""
        for name in names:
            self.column(name)

    def column(self, name: str) -> pl.Series:
        """The column, loaded if need be; coded text is an Enum.

        Raises:
            AbandonedError: when nobody waits for the request any more.
        """
        stop_if(self._abandoned)
        if name not in self._columns:
            joined = self._joined(name)
            self._columns[name] = self.make_column(name) if joined is None else joined
        return self._columns[name]

    def make_column(self, name: str) -> pl.Series:
        """The column from its own file, which is made if need be."""
        rows = self._shared.cold.select(name)
        return self._stored(name, self.types[name], lambda: rows.collect().to_series(), grow=partial(self._grown, name))

    def _joined(self, name: str) -> pl.Series | None:
        """The column of a version that grew, at once: the added values and those that an earlier version has mapped.

        Its own file is made meanwhile.
        """
        if not self.has_cubes or self.is_kept(name) or not self._bases:
            return None
        found = next((one for base in self._bases if (one := self._grown(name, base)) is not None), None)
        if found is not None:
            self.soon(lambda table: table.make_column(name))
        return found

    def _grown(self, name: str, base: Base) -> pl.Series | None:
        kept = self.before(base, name, self.types[name], base.rows)
        return None if kept is None else grown.column(self.added(base).column(name), kept)

    def added(self, base: Base) -> Self:
        """The rows that have come since an earlier version, as a table of their own."""
        if base not in self._added:
            shared, count = self._shared, self.rows - base.rows
            key = f"{shared.key}\0first {count}"
            some = msgspec.structs.replace(shared, key=key, rows=count, cold=shared.cold.head(count), bases=tuple)
            self._added[base] = type(self)(some, self._abandoned)
        return self._added[base]

    @cached_property
    def _bases(self) -> Sequence[Base]:
        # What small tables keep is made again as fast as it grows.
        return self._shared.bases() if self.has_cubes else ()

    def before(self, base: Base, name: str, dtype: pl.DataType, length: int) -> pl.Series | None:
        """What an earlier version kept under that name."""
        return self._shared.folder.before(base, name, dtype, length)

    @property
    def has_cubes(self) -> bool:
        """Whether the table has so many rows that cubes over them are worth their making."""
        return self.rows >= self._shared.cubes_from

    def breathe(self) -> None:
        """Raise `AbandonedError` when nobody waits for the request any more."""
        stop_if(self._abandoned)

    def missing(self, name: str) -> int:
        """How many values of the column are missing."""

        def grow(base: Base) -> pl.Series | None:
            kept = self.figures_before(base, f"missing {name!r}", 1)
            return None if kept is None else kept + self.added(base).column(name).null_count()

        make = lambda: numbers(self.column(name).null_count())  # noqa: E731 -- beside what it grows from.
        (count,) = self.figures(f"missing {name!r}", 1, make, grow)
        return int(count or 0)

    def is_kept(self, name: str) -> bool:
        """Whether what is kept under that name has been made, here or elsewhere; it may yet turn out to be damaged."""
        shared = self._shared
        shared.folder.use(shared.key, name)
        return shared.memory.find((shared.key, "column", name)) is not None or shared.folder.has(shared.key, name)

    def kept_cube(
        self, name: str, dtype: pl.DataType, cells: int, make: Callable[[], pl.Series], grow: Grow
    ) -> pl.Series:
        """The cells of a cube, made if need be."""
        return self._derived(name, dtype, make, cells, grow)

    def figures(
        self, name: str, count: int, make: Callable[[], pl.Series], grow: Grow | None = None
    ) -> list[float | None]:
        """So many numbers (Float64) about the whole table, made if need be."""
        found: list[float | None] = self._derived(_figures(name), pl.Float64(), make, count, grow).to_list()
        return found

    def figures_before(self, base: Base, name: str, count: int) -> pl.Series | None:
        """What an earlier version kept as such."""
        return self.before(base, _figures(name), pl.Float64(), count)

    def reach(self, name: str, find: Callable[[Self], pl.Series]) -> list[float | None]:
        """The least and the largest of some values, which `find` tells of a table; None where there are none."""

        def grow(base: Base) -> pl.Series | None:
            kept = self.figures_before(base, name, 2)
            if kept is None:
                return None
            (low, high), (least, most) = kept, find(self.added(base))
            lows, highs = ([one for one in ends if one is not None] for ends in ((low, least), (high, most)))
            return numbers(min(lows, default=None), max(highs, default=None))

        return self.figures(name, 2, lambda: find(self), grow)

    def lasting(self, name: str, count: int, make: Callable[[], pl.Series]) -> list[float | None]:
        """The same for numbers that need not change when rows are added, so that what is made by them can grow."""
        return self.figures(name, count, make, lambda base: self.figures_before(base, name, count))

    def remembered(self, what: str, name: str, make: Callable[[], V]) -> V:
        """Something small about a column, made once for a table version."""
        return self._shared.memory.get((self._shared.key, what, name), make, lambda _: LEDGER_BYTES)

    def soon(self, act: Callable[[Self], object]) -> None:
        """Have something made for later requests, by nobody in particular."""
        with suppress(RuntimeError):  # Nothing is made any more while the server stops.
            self._shared.later.submit(act, type(self)(self._shared))

    def _derived(
        self, name: str, dtype: pl.DataType, make: Callable[[], pl.Series], length: int, grow: Grow | None = None
    ) -> pl.Series:
        """What is stored for large tables only: of small ones it is made again as fast as it is read."""
        if self.has_cubes:
            return self._stored(name, dtype, make, length, grow)
        return self._shared.memory.get((self._shared.key, "derived", name), make, size_of)

    def _stored(
        self,
        name: str,
        dtype: pl.DataType,
        make: Callable[[], pl.Series],
        length: int | None = None,
        grow: Grow | None = None,
    ) -> pl.Series:
        shared = self._shared

        def made() -> pl.Series:
            grew = (found for base in self._bases if grow and (found := grow(base)) is not None)
            found = next(grew, None)
            return make() if found is None else found

        def stored() -> pl.Series:
            return shared.folder.column(shared.key, name, dtype, self.rows if length is None else length, made)

        found: pl.Series = shared.memory.get((shared.key, "column", name), stored, partial(self._held, name))
        shared.folder.use(shared.key, name)
        return found

    def _held(self, name: str, column: pl.Series) -> int:
        """The memory that a stored column takes: of mapped ones only what looks after them.

        Text without codes and columns with missing values are copied from their files, and so is what has none.
        """
        is_mapped = isinstance(column.dtype, (*FIXED, pl.Enum)) and not column.null_count()
        is_mapped = is_mapped and self._shared.folder.has(self._shared.key, name)
        return LEDGER_BYTES if is_mapped else LEDGER_BYTES + size_of(column)

    def order_before(self, name: str) -> tuple[Base, pl.Series] | None:
        """The order of that name that an earlier version has, unless this one's is at hand."""
        if self._kept(name) is None:
            for base in self._bases:
                kept = self.before(base, name, pl.UInt32(), base.rows)
                if kept is not None:
                    return base, kept
        return None

    def _kept(self, name: str) -> pl.Series | None:
        shared = self._shared
        key = (shared.key, "column", name)
        found: pl.Series | None = shared.memory.find(key)
        if found is None:
            kept = shared.folder.kept(shared.key, name, pl.UInt32(), self.rows)
            found = None if kept is None else shared.memory.get(key, lambda: kept, partial(self._held, name))
        return found

    def _was_kept(self, name: str) -> bool:
        return any(self._shared.folder.has(base.key, name) for base in self._bases)


def numbers(*values: float | None) -> pl.Series:
    """Figures, as they are kept."""
    return pl.Series("figures", values, dtype=pl.Float64)


def size_of(values: pl.Series) -> int:
    """The bytes that they take in memory."""
    return int(values.estimated_size())


def _figures(name: str) -> str:
    return f"\0figures {name}"
