"""The columns of a table version as codes: an axis for each, by its words, its order, or what a plan makes of rows."""

from collections.abc import Callable
from functools import cache, partial
from threading import Event
from typing import Self

import numpy as np
import polars as pl

from persistence.frames import grown
from persistence.frames.axes import Axis, Codes, codes_among, distinct, narrowest, rank_codes, word_codes
from persistence.frames.axes import Grow as AxisGrow
from persistence.frames.cache_folder import Base
from persistence.frames.ordered import Ordered
from persistence.frames.stored import Shared, numbers

TOO_MANY = -1


class Coded(Ordered):
    """What is kept of a table version, and the axes that its cubes have."""

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

    def coded(self, name: str, size: int, make: Callable[[Self], pl.Series]) -> Axis:
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

    def flag(self, name: str, make: Callable[[Self], pl.Series]) -> Axis:
        """An axis of one place for the rows where `make` gives true: that of a row depends on that row alone."""
        return self.coded(name, 1, lambda table: (~make(table).fill_null(value=False)).cast(pl.UInt8))

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
