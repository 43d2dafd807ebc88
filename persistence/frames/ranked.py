"""Order statistics under a selection, exact: a cube says between which ranks a value lies; these few are looked at."""

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np

from persistence.frames import cubes
from persistence.frames.axes import Axis, stride
from persistence.frames.hot import HotTable
from persistence.frames.selection import Selection

RANK_COUNTS = (512, 256, 128, 64, 32)
NARROW = 2**16
"""Numbers of fewer cells are sorted by their digits, in time that does not depend on their order."""
Array = np.ndarray


class Ranked:
    """The finite values of a column among the rows of a selection, ascending within each cell of some axes.

    A cell is known by its number in the flattened array of the axes' sizes.
    """

    def __init__(self, selection: Selection, axes: Sequence[Axis], column: str, ranks: Axis, counts: Array) -> None:
        self._selection = selection
        self._axes = tuple(axes)
        self._column = column
        self._ascending = selection.hot.ascending(column)
        self._places = selection.hot.rows - selection.hot.missing(column)
        self._each = stride(self._places, ranks.size)
        self._shape = counts.shape[:-1]
        counts = counts.reshape(-1, ranks.size)
        self._before = np.concatenate([np.zeros((len(counts), 1), dtype=np.int64), counts.cumsum(axis=1)], axis=1)
        starts = np.arange(ranks.size) * self._each
        firsts = self._ascending[np.minimum(starts, self._places - 1)]
        self._firsts = np.where(starts < self._places, firsts, np.inf)
        self._members: dict[int, tuple[Array, Array]] = {}

    @classmethod
    def of(cls, selection: Selection, axes: Sequence[Axis], column: str) -> "Ranked | None":
        """None when a cube would not help: few rows, too many cells, or values that are infinite."""
        hot = selection.hot
        places = hot.rows - hot.missing(column)
        if not hot.has_cubes or not places or not _is_finite(hot, column, places):
            return None
        for count_cells, count in product((cubes.summed, cubes.measured), RANK_COUNTS):
            ranks = hot.ranks(column, count, places)
            counts = count_cells(selection, [*axes, ranks])
            if counts is not None:
                return cls(selection, axes, column, ranks, counts)
        return None

    @property
    def counts(self) -> Array:
        """How many values each cell has, flattened."""
        return np.asarray(self._before[:, -1])

    def each(self, act: Callable[[int], float]) -> Array:
        """What `act` gives for each cell that has values, NaN for the others."""
        found = np.full(len(self._before), np.nan)
        for group in np.flatnonzero(self.counts):
            found[group] = act(int(group))
        return found.reshape(self._shape)

    def at(self, group: int, rank: int) -> float:
        """The value of that rank in the cell, counted from 0."""
        before = self._before[group]
        code = int(np.searchsorted(before, rank, side="right")) - 1
        return float(self._of(code, group)[rank - before[code]])

    def some(self, group: int, ranks: range) -> Array:
        """The values of these ranks in the cell."""
        before = self._before[group]
        first = int(np.searchsorted(before, ranks.start, side="right")) - 1
        last = int(np.searchsorted(before, max(ranks.stop - 1, ranks.start), side="right")) - 1
        values = np.concatenate([self._of(code, group) for code in range(first, last + 1)]) if ranks else np.empty(0)
        return values[ranks.start - before[first] : ranks.stop - before[first]]

    def below(self, group: int, value: float) -> int:
        """How many values of the cell are less than `value`."""
        return self._counted(group, value, "left")

    def up_to(self, group: int, value: float) -> int:
        """How many values of the cell are at most `value`."""
        return self._counted(group, value, "right")

    def _counted(self, group: int, value: float, side: str) -> int:
        # Values of a code are at most the first of the next one: only one code can lie across the value.
        code = int(np.searchsorted(self._firsts[1:], value, side="left" if side == "left" else "right"))
        beyond = np.searchsorted(self._of(code, group), value, side="left" if side == "left" else "right")
        return int(self._before[group][code] + beyond)

    def _of(self, code: int, group: int) -> Array:
        ends, values = self._code(code)
        return values[ends[group] : ends[group + 1]]

    def _code(self, code: int) -> tuple[Array, Array]:
        """The values of the rows of the selection that have this code, cell after cell and ascending in each, and where
        each cell begins; the last number is where the last one ends.
        """  # noqa: D205 -- the sentence needs all its lines.
        if code not in self._members:
            ranks = slice(code * self._each, min((code + 1) * self._each, self._places))
            passing = self._selection.passing_along(self._column, ranks) if self._selection.tests else slice(None)
            values = self._ascending[ranks][passing]
            cells = len(self._before)
            groups: Array = np.zeros(len(values), dtype=np.uint16 if cells < NARROW else np.int64)
            for axis in self._axes:
                codes = self._selection.hot.along(axis, self._column)[ranks][passing]
                groups = groups * groups.dtype.type(axis.size) + codes.astype(groups.dtype, copy=False)
            ends = np.concatenate([[0], np.bincount(groups, minlength=cells).cumsum()])
            self._members[code] = (ends, values if cells == 1 else values[np.argsort(groups, kind="stable")])
        return self._members[code]


def quantile(ranked: Ranked, group: int, share: float) -> float:
    """Between the two nearest ranks linearly: type 7 of R. J. Hyndman and Y. Fan, "Sample quantiles in statistical
    packages", The American Statistician 50 (1996) 361. The cell must have values.
    """  # noqa: D205 -- the source needs both lines.
    place = (int(ranked.counts[group]) - 1) * share
    low, high = int(np.floor(place)), int(np.ceil(place))
    lower = ranked.at(group, low)
    return lower if low == high else (place - low) * (ranked.at(group, high) - lower) + lower


def median(ranked: Ranked, group: int) -> float:
    """The value in the middle, or the mean of the two there. The cell must have values."""
    place = int(ranked.counts[group]) - 1
    return (ranked.at(group, place // 2) + ranked.at(group, -(-place // 2))) / 2


def _is_finite(hot: HotTable, column: str, places: int) -> bool:
    return bool(np.isfinite(hot.ascending(column)[[0, places - 1]]).all())
