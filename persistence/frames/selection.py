"""The rows of a hot table that pass some tests, found out as cheaply as what is asked of them allows.

Tests of columns with few values are looked up by code, ranges are runs of ranks in the column's order; only what needs
every row makes a mask of all of them.
"""

from collections.abc import Sequence
from functools import cached_property, reduce
from operator import and_
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import polars as pl

from persistence.frames.axes import Axis, stride
from persistence.frames.masks import Mask, Test, hits_of

if TYPE_CHECKING:
    from persistence.frames.hot import HotTable

PROBES = 1_024
"""So many places of an order are looked at together while the end of a range is searched."""
SLICES = 512
"""A range of another column is told by codes of so many ranks, and by the values where it begins and ends."""
PATIENCE = 8
"""One in so many rows is looked at along an order before a mask of all rows is made instead."""

Positions = np.ndarray
"""Positions of rows, unsigned."""


class Run(msgspec.Struct, frozen=True):
    """The ranks from `start` to before `stop` in the order of a column, whose first `places` rows have values."""

    column: str
    start: int
    stop: int
    places: int


class Choices(msgspec.Struct, frozen=True, eq=False):
    """What the tests leave of some axes, and of the order of at most one column."""

    words: tuple[tuple[Axis, np.ndarray], ...] = ()
    """Axes, each of another column, with whether each of its places is kept."""
    run: Run | None = None


class Remainder(msgspec.Struct, frozen=True, eq=False):
    """A run as codes from `start` to before `stop`, which it covers whole, and the rows at its ends that pass: their
    ranks in the order of the run's column, and their positions.
    """  # noqa: D205 -- the sentence needs all its lines.

    start: int
    stop: int
    ranks: np.ndarray
    rows: Positions


class Selection:
    """The rows for which all tests are true, for one request."""

    is_expected = False

    def __init__(self, hot: "HotTable", tests: Sequence[Test]) -> None:
        self.hot = hot
        self.counted: int | None = None
        """How many rows pass, once somebody has counted them (`cubes.count`)."""
        self._remainders: dict[int, Remainder] = {}
        self._firsts: dict[tuple[str, int], Positions | None] = {}
        self.tests = tuple(test for _, test in sorted({test.key: test for test in tests}.items()))

    def narrowed(self, tests: Sequence[Test]) -> "Selection":
        """The rows that pass more tests too."""
        return Selection(self.hot, [*self.tests, *tests]) if tests else self

    @cached_property
    def mask(self) -> Mask | None:
        """All rows, each with whether it passes; None when there is no test."""
        return self.hot.mask(self.tests)

    @cached_property
    def choices(self) -> Choices | None:
        """The tests as places on axes; None when one of them cannot be said so."""
        columns = {test.span.column for test in self._others if test.span is not None}
        if len(columns) > 1 or any(test.span is None for test in self._others):
            return None
        return Choices(self._words, self._run(columns.pop()) if columns else None)

    def passing(self, positions: Positions) -> np.ndarray:
        """Which of these rows pass."""
        found = self.worded(positions)
        if self._bounds is not None:
            _, values, low, high = self._bounds
            left = np.flatnonzero(found)
            some = values[positions[left]]
            found[left] = (some >= low) & (some <= high)
        elif self._others:
            found &= self._by_others(positions)
        return found

    def passing_along(self, column: str, ranks: slice) -> np.ndarray:
        """The same of the rows of these ranks in the ascending order of a column, read from what lies in that order."""
        found = self._worded_along(column, ranks)
        if self._bounds is not None:
            run, values, low, high = self._bounds
            if run.column == column:
                found[: max(run.start - ranks.start, 0)] = False
                found[max(run.stop - ranks.start, 0) :] = False
                return found
            some = self.hot.along(self.hot.ranks(run.column, SLICES, run.places), column)[ranks]
            each = stride(run.places, SLICES)
            first, last = run.start // each, (run.stop - 1) // each
            found &= (some >= first) & (some <= last)
            # Only where the range begins and ends the values themselves decide.
            left = np.flatnonzero(found & ((some == first) | (some == last)))
            ends = values[self.hot.order({column: False})[ranks].to_numpy()[left]]
            found[left] = (ends >= low) & (ends <= high)
        elif self._others:
            left = np.flatnonzero(found)
            found[left] = self._by_others(self.hot.order({column: False})[ranks].to_numpy()[left])
        return found

    def _worded_along(self, column: str, ranks: slice) -> np.ndarray:
        """Which of these pass the tests of words."""
        found = np.ones(ranks.stop - ranks.start, dtype=bool)
        for axis, keep in self._words:
            found &= keep[self.hot.along(axis, column)[ranks]]
        return found

    def _by_others(self, positions: Positions) -> np.ndarray:
        """Which of these rows pass the tests that no word axis can tell."""
        found = np.ones(len(positions), dtype=bool)
        mask = self.hot.mask([test for test in self._others if not test.is_rowwise])
        if mask is not None:
            found &= mask.bits.gather(positions).to_numpy()
        others = [test.expr.fill_null(value=False) for test in self._others if test.is_rowwise]
        names = sorted({name for test in self._others if test.is_rowwise for name in test.expr.meta.root_names()})
        if not others:
            return found
        frame = self.hot.rows_at(pl.Series(positions), names)
        test = reduce(and_, others)
        # A test that names no column gives one value for all.
        found &= frame.select(test.alias("hit")).to_series().to_numpy() if names else pl.select(test).item()
        return found

    def worded(self, positions: Positions) -> np.ndarray:
        """Which of these rows pass the tests of words."""
        found = np.ones(len(positions), dtype=bool)
        for axis, keep in self._words:
            found &= keep[axis.codes[positions]]
        return found

    def remainder(self, run: Run, codes: int) -> Remainder:
        """The run of the selection, where the order of its column is cut into so many codes."""
        if codes not in self._remainders:
            each = stride(run.places, codes)
            order = self.hot.order({run.column: False})
            start = -(-run.start // each)
            stop = codes if run.stop == run.places else run.stop // each
            ends = [slice(run.start, start * each), slice(min(stop * each, run.stop), run.stop)]
            if start >= stop:
                start, ends = stop, [slice(run.start, run.stop)]
            some = [np.arange(end.start, end.stop)[self._worded_along(run.column, end)] for end in ends]
            ranks = np.concatenate(some)
            rows = order.gather(ranks).to_numpy() if ranks.size else np.empty(0, dtype=np.uint32)
            self._remainders[codes] = Remainder(start, stop, ranks, rows)
        return self._remainders[codes]

    def first(self, order: pl.Series | None, count: int, *, backwards: bool = False) -> Positions | None:
        """The first rows that pass in an order (None: as they lie), at most `count`; None when that takes too long.

        `backwards` begins at the order's end.
        """
        rows = self.hot.rows if order is None else order.len()
        found: list[Positions] = []
        start, size, taken = 0, max(2 * count, 4_096), 0
        while taken < count and start < rows:
            if start > rows // PATIENCE and self.tests:
                return None
            stop = min(start + size, rows)
            low, high = (rows - stop, rows - start) if backwards else (start, stop)
            some = np.arange(low, high, dtype=np.uint32) if order is None else order[low:high].to_numpy()
            some = some[::-1] if backwards else some
            some = some[self.passing(some)] if self.tests else some
            found.append(some)
            start, taken = stop, taken + len(some)
            # As many as are likely to hold what is missing, if they are like those before.
            size = min(max((count - taken) * stop * 5 // max(taken, 1) // 4, 4_096), 8 * stop)
        return np.concatenate(found)[:count] if found else np.empty(0, dtype=np.uint32)

    def first_of(self, name: str, order: pl.Series, count: int) -> Positions | None:
        """The same in the order of that name, which several tiles may ask for."""
        key = (name, count)
        if key not in self._firsts:
            self._firsts[key] = self.first(order, count)
        return self._firsts[key]

    @cached_property
    def _bounds(self) -> tuple[Run, np.ndarray, float, float] | None:
        """A run, the values of its column, and the lowest and highest of the run; None without one.

        To pass a range is a matter of the value alone, so those between the run's ends are the run.
        """
        run = self.choices.run if self._others and self.hot.has_cubes and self.choices is not None else None
        if run is None or run.places < self.hot.rows:
            return None
        column = self.hot.column(run.column).to_physical()
        ends = self.hot.order({run.column: False}).gather([run.start, run.stop - 1] if run.start < run.stop else [])
        low, high = column.gather(ends).to_list() or (1, 0)
        return run, column.to_numpy(), low, high

    @cached_property
    def _worded(self) -> list[tuple[Test, Axis]]:
        """The tests of a single column that has a word axis."""
        found = []
        for test in self.tests:
            names = set(test.expr.meta.root_names())
            axis = self.hot.words(names.pop()) if len(names) == 1 and test.is_rowwise else None
            if axis is not None:
                found.append((test, axis))
        return found

    @cached_property
    def _others(self) -> list[Test]:
        worded = {test.key for test, _ in self._worded}
        return [test for test in self.tests if test.key not in worded]

    @cached_property
    def _words(self) -> tuple[tuple[Axis, np.ndarray], ...]:
        kept: dict[str, tuple[Axis, np.ndarray]] = {}
        for test, axis in self._worded:
            hits = hits_of(test.expr, axis.words)
            kept[axis.name] = (axis, hits & kept[axis.name][1]) if axis.name in kept else (axis, hits)
        return tuple(kept.values())

    def _run(self, column: str) -> Run:
        order = self.hot.order({column: False})
        places = self.hot.rows - self.hot.missing(column)
        start, stop = 0, places
        for test in self._others:
            span = test.span
            if span is not None and span.at_least is not None:
                start = max(start, self._boundary(order, column, span.at_least, places, rising=True))
            if span is not None and span.at_most is not None:
                stop = min(stop, self._boundary(order, column, span.at_most, places, rising=False))
        return Run(column, start, max(start, stop), places)

    def _boundary(self, order: pl.Series, column: str, test: pl.Expr, places: int, *, rising: bool) -> int:
        """The first rank whose value passes (`rising`), or does not; those before are otherwise."""
        low, high = 0, places
        while low < high:
            ranks = np.unique(np.linspace(low, high - 1, num=min(PROBES, high - low), dtype=np.int64))
            values = self.hot.rows_at(order.gather(ranks), [column])
            hits = values.select(test.fill_null(value=False)).to_series().to_numpy()
            turned = np.flatnonzero(hits == rising)
            if turned.size == 0:
                low = int(ranks[-1]) + 1
                continue
            first = int(turned[0])
            high = int(ranks[first])
            low = int(ranks[first - 1]) + 1 if first else low
        return low


class Expected(Selection):
    """All rows, as if tests had chosen all places of some axes: what is made for it serves every such selection."""

    is_expected = True

    def __init__(self, hot: "HotTable", choices: Choices) -> None:
        super().__init__(hot, [Test("expected", pl.lit(value=True))])
        self._choices = choices

    @cached_property
    def choices(self) -> Choices | None:
        """The axes from which selections are expected to choose."""
        return self._choices

    @cached_property
    def mask(self) -> Mask | None:
        """Every row."""
        return None

    def passing(self, positions: Positions) -> np.ndarray:
        """Every row passes."""
        return np.ones(len(positions), dtype=bool)

    worded = passing

    def passing_along(self, column: str, ranks: slice) -> np.ndarray:
        """Every row passes, by what selections of these axes will look at."""
        run = self._choices.run
        if run is not None and run.column != column:
            self.hot.along(self.hot.ranks(run.column, SLICES, run.places), column)
        return self._worded_along(column, ranks)

    def _worded_along(self, column: str, ranks: slice) -> np.ndarray:
        for axis, _ in self._choices.words:
            self.hot.along(axis, column)
        return np.ones(ranks.stop - ranks.start, dtype=bool)
