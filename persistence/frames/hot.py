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
from threading import Event

import numpy as np
import polars as pl
from polars.io.plugins import register_io_source

from persistence.frames import grown, sortindex
from persistence.frames.axes import Axis, Codes, codes_among, distinct, narrowest, rank_codes, word_codes
from persistence.frames.axes import Grow as AxisGrow
from persistence.frames.cache_folder import Base, CacheFolder
from persistence.frames.kinds import ROW, plain_rows
from persistence.frames.masks import Mask, Test, both, mask_of
from persistence.frames.memory import Memory
from persistence.frames.recent import Recent
from persistence.frames.sortindex import Keys
from persistence.frames.stored import Bases, Shared, Stored, numbers, size_of
from persistence.frames.workers import ABANDONED, stop_if

log = logging.getLogger(__name__)

OPEN_TABLES = 64
VALUE_BYTES = 8
FEWEST_COLUMNS = 4
CUBES_FROM = 200_000
"""Tables of fewer rows are counted as fast as cubes are summed."""
TOO_MANY = -1


class NotLoaded(LookupError):  # noqa: N818 -- it never leaves the engine.
    """A plan reads a column that nobody has announced; `load` makes up for it."""

    def __init__(self, table: "HotTable", name: str) -> None:
        super().__init__(name)
        self.load = partial(table.load, [name])


class HotTable(Stored):
    """One table version for one request, which holds every column that it has used until it is done.

    Columns must be loaded before a scan that uses them is collected.
    """

    def __init__(self, shared: Shared, abandoned: Event | None = None) -> None:
        super().__init__(shared, abandoned)
        self._words: dict[str, Axis | None] = {}
        self._coded: dict[str, Axis] = {}

    def words(self, name: str) -> Axis | None:
        """The word axis of the column; None when it has too many different values, or the table no rows."""
        if name not in self._words:
            (found,) = self.remembered("words", name, lambda: (self._labels(name) if self.rows else None,))
            self._words[name] = None if found is None else self._word_axis(name, found)
        return self._words[name]

    def _labels(self, name: str) -> pl.Series | None:
        """The labels of a word axis, kept beside the column: to map and check all of its rows would take longer."""
        made = cache(lambda: self._grown_labels(name))

        def labels() -> pl.Series:
            found = made()
            assert found is not None, name  # noqa: S101 -- they have been counted.
            return found

        (count,) = self.figures(f"words {name!r}", 1, lambda: numbers(None if made() is None else labels().len()))
        if count is None:
            return None
        # Few texts come back as codes.
        return self._derived(f"\0labels {name!r}", self.types[name], labels, int(count)).cast(self.types[name])

    def _grown_labels(self, name: str) -> pl.Series | None:
        """What `distinct` says; of what an earlier version knew, if it did."""
        if self.types[name] not in {pl.String, pl.Boolean()}:  # These are quick to say anyway.
            for base in self._bases:
                count, known = self._labels_before(name, base)
                if known is not None:
                    return grown.labels(self.added(base).column(name), known)
                if count == TOO_MANY:
                    return None
        return distinct(self.column(name))

    def _labels_before(self, name: str, base: Base) -> tuple[int, pl.Series | None]:
        """How many labels the word axis had in an earlier version, and which; 0 when it was not known there."""
        count = self.figures_before(base, f"words {name!r}", 1)
        if count is None or count[0] is None:
            return (0 if count is None else TOO_MANY), None
        dtype, many = self.types[name], int(count[0])
        known = self.before(base, f"\0labels {name!r}", dtype, many)
        return many, None if known is None else known.cast(dtype)

    def _word_axis(self, name: str, labels: pl.Series) -> Axis:
        def fetch() -> np.ndarray:
            codes = self._codes(name)
            if codes is not None and not codes.null_count():
                return codes.to_numpy()
            column = self.column(name)
            if isinstance(column.dtype, pl.Enum) and not column.null_count():
                return column.to_physical().to_numpy()
            dtype, kept = narrowest(labels.len()), f"\0words {name}"
            make, more = lambda: word_codes(column, labels), partial(self._grown_codes, kept, dtype, grow)
            return self._derived(kept, dtype, make, self.rows, more).to_numpy()

        def grow(base: Base) -> Codes | None:
            _, known = self._labels_before(name, base)
            is_same = known is not None and known.equals(labels, null_equal=True)
            return codes_among(self.added(base).column(name), labels) if is_same else None

        return Axis(f"words {name!r}", labels.len(), fetch, labels.alias(name), grow)

    def _grown_codes(self, kept: str, dtype: pl.DataType, grow: AxisGrow, base: Base) -> pl.Series | None:
        before = self.before(base, kept, dtype, base.rows)
        codes = None if before is None else grow(base)
        return None if before is None or codes is None else pl.concat([pl.Series(codes).cast(dtype), before])

    def ranks(self, name: str, count: int, places: int) -> Axis:
        """The order of the column, whose first `places` rows have a place, cut into `count` codes."""
        found = self._axis(
            f"ranks {name!r} {count} {places}",
            count,
            lambda: rank_codes(self.order({name: False}), places, count),
            lambda _: None,  # Added rows move the limits of all codes.
        )
        found.along = name, places
        return found

    def coded(self, name: str, size: int, make: Callable[["HotTable"], pl.Series]) -> Axis:
        """The axis of that name, whose codes `make` makes: that of a row depends on that row alone."""

        def grow(base: Base) -> Codes | None:
            return make(self.added(base)).to_numpy()

        return self._axis(name, size, lambda: make(self), grow)

    def _axis(self, name: str, size: int, make: Callable[[], pl.Series], grow: AxisGrow) -> Axis:
        if name not in self._coded:
            dtype, kept = narrowest(size), f"\0{name}"
            more = partial(self._grown_codes, kept, dtype, grow)
            fetch = lambda: self._derived(kept, dtype, make, self.rows, more).to_numpy()  # noqa: E731 -- it is short.
            self._coded[name] = Axis(name, size, fetch, grow=grow)
        return self._coded[name]

    def flag(self, name: str, make: Callable[["HotTable"], pl.Series]) -> Axis:
        """An axis of one place for the rows where `make` gives true: that of a row depends on that row alone."""
        return self.coded(name, 1, lambda table: (~make(table).fill_null(value=False)).cast(pl.UInt8))

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

    def _codes(self, name: str) -> pl.Series | None:
        """The codes of a text if they are kept; None when it has none, or the whole column is at hand anyway."""
        shared = self._shared
        if name in self._columns or not self.has_cubes or self.types[name] != pl.String:
            return None
        key = (shared.key, "codes", name)
        found: pl.Series | None = shared.memory.find(key)
        if found is None:
            kept = shared.folder.codes(shared.key, name, self.rows)
            found = None if kept is None else shared.memory.get(key, lambda: kept, partial(self._held, name))
        shared.folder.use(shared.key, name)
        return found

    def hashed(self, seed: int) -> pl.Series:
        """The positions of all rows in the order of their hashes, made if need be."""
        name = sortindex.drawn_name(seed)

        def grow(base: Base) -> pl.Series | None:
            kept = self.before(base, name, pl.UInt32(), base.rows)
            return None if kept is None else grown.drawn(kept, self.rows, seed)

        return self._stored(name, pl.UInt32(), partial(sortindex.drawn, self.rows, seed), grow=grow)

    def order(self, keys: Keys) -> pl.Series:
        """The positions of all rows in the order of `keys`: the index, made if need be."""
        columns, name = [self.column(name) for name in keys], sortindex.name_of(keys)

        def grow(base: Base) -> pl.Series | None:
            kept = self.before(base, name, pl.UInt32(), base.rows)
            return None if kept is None else grown.order(kept, columns, keys)

        return self._stored(name, pl.UInt32(), lambda: sortindex.order_of(columns, keys), grow=grow)

    def along(self, axis: Axis, column: str) -> np.ndarray:
        """The codes of an axis in the ascending order of a column: rows that follow each other there lie together."""

        def make() -> pl.Series:
            return pl.Series("codes", axis.codes[self.order({column: False}).to_numpy()]).cast(narrowest(axis.size))

        def grow(base: Base) -> pl.Series | None:
            before = self.before(base, kept, narrowest(axis.size), base.rows)
            codes = None if before is None else axis.grow(base)
            if before is None or codes is None:
                return None
            ordered = self.order({column: False}).to_numpy()
            return pl.Series("codes", grown.along(before.to_numpy(), ordered, codes))

        kept = f"\0{axis.name} along {column!r}"
        return self._derived(kept, narrowest(axis.size), make, self.rows, grow).to_numpy()

    def ascending(self, column: str) -> np.ndarray:
        """The values of a column of numbers in ascending order (float64), missing ones left out."""
        places = self.rows - self.missing(column)

        def make() -> pl.Series:
            order = self.order({column: False}).head(places)
            return self.column(column).gather(order).cast(pl.Float64).alias("values")

        def grow(base: Base) -> pl.Series | None:
            added = self.added(base).column(column).cast(pl.Float64)
            before = self.before(base, kept, pl.Float64(), places - added.len() + added.null_count())
            if before is None:
                return None
            ordered = self.order({column: False}).head(places).to_numpy()
            return pl.Series("values", grown.along(before.to_numpy(), ordered, added.fill_null(0.0).to_numpy()))

        kept = f"\0ascending {column!r}"
        return self._derived(kept, pl.Float64(), make, places, grow).to_numpy()

    def in_order(self, keys: Keys, mask: Mask) -> pl.Series:
        """The positions of the rows that pass, in the order of `keys`; kept for later pages."""
        make = partial(sortindex.kept, self.order(keys), mask)
        return self._shared.memory.get(self._ordered(keys, mask), make, size_of)

    def has_in_order(self, keys: Keys, mask: Mask) -> bool:
        """Whether these have been looked up before."""
        return self._shared.memory.find(self._ordered(keys, mask)) is not None

    def _ordered(self, keys: Keys, mask: Mask) -> tuple[str, ...]:
        return (self._shared.key, "ordered", sortindex.name_of(keys), mask.key)

    def kept_order(self, keys: Keys) -> pl.Series | None:
        """The order of `keys` if it has been made, here or elsewhere, or can be made of an earlier version's."""
        name = sortindex.name_of(keys)
        found = self._kept(name)
        return self.order(keys) if found is None and self._was_kept(name) else found

    def kept_hashed(self, seed: int) -> pl.Series | None:
        """The same of the order of hashes."""
        name = sortindex.drawn_name(seed)
        found = self._kept(name)
        return self.hashed(seed) if found is None and self._was_kept(name) else found

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
        """Start no index any more."""
        self._later.shutdown(wait=True, cancel_futures=True)

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
