"""Hot tables: the columns of a table version that tiles use, mapped from the column cache, filtered by shared masks.

They look like any table to the plans (`scan` gives a LazyFrame), but rows are filtered once for each distinct set of
tests, and sorted once for each sort. Values are plain (see `kinds.plain`): NaN is null, decimals are floats. Text is an
Enum where the cache keeps codes; `as_text` undoes that in results.
"""

import logging
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from persistence.frames import sortindex
from persistence.frames.cache_folder import CacheFolder
from persistence.frames.coded import Coded
from persistence.frames.kinds import ROW, plain_rows
from persistence.frames.masks import Mask, Test, both, mask_of
from persistence.frames.memory import Memory
from persistence.frames.recent import Recent
from persistence.frames.sortindex import Keys
from persistence.frames.stored import Bases, Shared, size_of
from persistence.frames.workers import ABANDONED, stop_if

log = logging.getLogger(__name__)

OPEN_TABLES = 64
VALUE_BYTES = 8
FEWEST_COLUMNS = 4
CUBES_FROM = 200_000
"""Tables of fewer rows are counted as fast as cubes are summed."""


class NotLoaded(LookupError):  # noqa: N818 -- it never leaves the engine.
    """A plan reads a column that nobody has announced; `load` makes up for it."""

    def __init__(self, table: "HotTable", name: str) -> None:
        super().__init__(name)
        self.load = partial(table.load, [name])


class HotTable(Coded):
    """One table version for one request, which holds every column that it has used until it is done.

    Columns must be loaded before a scan that uses them is collected.
    """

    def mask(self, tests: Iterable[Test]) -> Mask | None:
        """The rows that pass all tests; None when there is no test."""
        wanted = sorted({test.key: test for test in tests}.items())
        return self._all_of([self._mask(key, partial(mask_of, test, self)) for key, test in wanted])

    def scan(self, mask: Mask | None) -> pl.LazyFrame:
        """The rows that pass, with `ROW`."""

        def read(
            names: list[str] | None, predicate: pl.Expr | None, limit: int | None, _: int | None
        ) -> Iterator[pl.DataFrame]:
            names = [ROW, *self.types] if names is None else names
            frame = self.frame(names, mask, limit if predicate is None else None)
            frame = frame if predicate is None else frame.filter(predicate)
            yield frame if limit is None else frame.head(limit)

        return register_io_source(read, schema=self._schema)

    def rows_at(self, positions: pl.Series, names: Iterable[str]) -> pl.DataFrame:
        """These columns of the rows at these positions, in their order; text as text."""
        return as_text(pl.DataFrame([self._values_at(positions, name) for name in names]))

    def _values_at(self, positions: pl.Series, name: str) -> pl.Series:
        codes, axis = self._codes(name), self.words(name) if self.types[name] == pl.String else None
        if codes is None or axis is None:
            return self.column(name)[positions]
        return axis.words.gather(codes.gather(positions).cast(pl.UInt32)).alias(name)

    def in_order(self, keys: Keys, mask: Mask) -> pl.Series:
        """The positions of the rows that pass, in the order of `keys`; kept for later pages."""
        make = partial(sortindex.kept, self.order(keys), mask)
        return self._shared.memory.get(self._ordered(keys, mask), make, size_of)

    def has_in_order(self, keys: Keys, mask: Mask) -> bool:
        """Whether these have been looked up before."""
        return self._shared.memory.find(self._ordered(keys, mask)) is not None

    def _ordered(self, keys: Keys, mask: Mask) -> tuple[str, ...]:
        return (self._shared.key, "ordered", sortindex.name_of(keys), mask.key)

    def _all_of(self, masks: list[Mask]) -> Mask | None:
        if len(masks) > 1:
            return self._mask("\n".join(mask.key for mask in masks), partial(both, masks))
        return masks[0] if masks else None

    def _mask(self, key: str, make: Callable[[], Mask]) -> Mask:
        return self._shared.memory.get((self._shared.key, "mask", key), make, lambda mask: mask.size)

    def frame(self, names: list[str], mask: Mask | None, limit: int | None) -> pl.DataFrame:
        stop_if(self._abandoned)
        for name in names:
            if name != ROW and name not in self._columns:
                raise NotLoaded(self, name)
        if limit is not None or (mask is None and ROW in names):
            positions = self.positions(mask, self.rows if limit is None else limit)
            series = [positions.alias(ROW) if name == ROW else self._columns[name][positions] for name in names]
        elif mask is None:
            series = [self._columns[name] for name in names]
        else:
            series = [self._filtered(name, mask) for name in names]
        return pl.DataFrame(series)

    def positions(self, mask: Mask | None, end: int) -> pl.Series:
        """The positions of the first `end` rows that pass."""
        return pl.int_range(min(end, self.rows), dtype=pl.UInt32, eager=True) if mask is None else mask.first(end)

    def _filtered(self, name: str, mask: Mask) -> pl.Series:
        def make() -> pl.Series:
            return mask.positions().alias(ROW) if name == ROW else self._columns[name].filter(mask.bits)

        return self._shared.memory.get((self._shared.key, "filtered", name, mask.key), make, size_of)

    def _schema(self) -> pl.Schema:
        loaded = {name: column.dtype for name, column in self._columns.items()}
        return pl.Schema({ROW: pl.UInt32(), **self.types, **loaded})


class HotTables:
    """The hot tables of one process: files below `path` of at most `disk` bytes, at most `memory` bytes beside them.

    Memory in use beyond that bound is what running queries hold; mapped files are the system's to drop. Tables of at
    least `cubes_from` rows have cubes.
    """

    def __init__(self, path: Path, *, disk: int, memory: int, cubes_from: int = CUBES_FROM) -> None:
        self._cubes_from = cubes_from
        self._folder = CacheFolder(path, disk)
        self._memory = Memory(memory)
        self._later = ThreadPoolExecutor(1, thread_name_prefix="sort-index")
        self._tables: Recent[Hashable, Shared | None] = Recent(OPEN_TABLES)

    def open(
        self,
        key: Hashable,
        identity: Callable[[], str],
        scan: Callable[[], pl.LazyFrame],
        bases: Bases = tuple,
    ) -> HotTable | None:
        """The hot table of a table version, known by `key` while this process runs, by its identity for all time.

        Of what its `bases` have in the cache its own is made in little time.

        None for a table of which not even a few columns fit into the cache: it is read from where it lies each time.
        """
        shared = self._tables.get(key, lambda: self._shared(identity(), scan(), cache(bases)))
        return None if shared is None else HotTable(shared, ABANDONED.get())

    @property
    def kept_bytes(self) -> int:
        """The memory of what is kept beside the mapped files."""
        return self._memory.used

    def close(self) -> None:
        """Start no index any more, and let go of what is mapped."""
        self._later.shutdown(wait=True, cancel_futures=True)
        self._memory.clear()

    def _shared(self, key: str, rows: pl.LazyFrame, bases: Bases) -> Shared | None:
        count = rows.select(pl.len()).collect().item()
        if count * VALUE_BYTES * FEWEST_COLUMNS > self._folder.limit:
            log.info("A table of %s rows is too large for the column cache.", count)
            return None
        plain = plain_rows(rows)
        types = dict(plain.collect_schema().items())
        return Shared(key, count, types, plain, self._folder, self._memory, self._later, self._cubes_from, bases)


def as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with coded text as text."""
    coded = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Enum)]
    return frame.with_columns(frame[name].cast(pl.String) for name in coded) if coded else frame
