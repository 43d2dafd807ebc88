"""Cubes: what the rows of a hot table add up to in each cell of some axes, whatever a selection leaves of others.

A cube spans the axes that a selection chooses from and those that a tile shows. It is built over all rows once for each
table version and stored; a selection then costs a sum over its cells, however many rows there are. A range is a run of
ranks: the codes that it covers whole are summed, the rows of the two that it cuts are looked at one by one, so that
every answer is exact. Where a cube would be too large, or a test cannot be said as a choice, the rows are counted.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

import msgspec
import numpy as np
import polars as pl

from persistence.frames.axes import Axis, ascending_ranks, cells_of
from persistence.frames.cache_folder import Base
from persistence.frames.hot import HotTable
from persistence.frames.selection import Choices, Remainder, Run, Selection

MAX_CELLS = 5_000_000
"""A larger cube is not built: summing it would cost as much as counting rows."""
RANK_COUNTS = (256, 128, 64, 32, 16, 8)
"""Into how many codes the order of a column may be cut; the most that fit are taken."""
CHUNK = 2**19
"""So many rows are counted at a time, for what is made of them to stay in the processor's cache."""

Array = np.ndarray
Kind = Literal["count", "sum", "min", "max"]


class Measure(msgspec.Struct, frozen=True):
    """What is made of the rows of a cell: their number, or of a column of numbers the sum or an extreme.

    Missing values take no part. A cell without values has the sum 0 and no extreme (NaN). With a `power` the distances
    from `about` are raised to it before they are added up.
    """

    kind: Kind = "count"
    column: str = ""
    power: int = 0
    about: float = 0.0

    def of(self, values: pl.Series) -> pl.Series:
        """The values as they are added up."""
        numbers = values.cast(pl.Float64)
        return (numbers - self.about) ** self.power if self.power else numbers

    @property
    def dtype(self) -> pl.DataType:
        """How cubes of it are stored."""
        return pl.UInt32() if self.kind == "count" else pl.Float64()


COUNT = Measure()


class Limits(msgspec.Struct, frozen=True):
    """Which cubes may be built: of at most so many cells, and with at least so many codes for the order of a column.

    The rows at the ends of a range, which are looked at one by one, are about one in so many of all.
    """

    cells: int = MAX_CELLS
    ranks: int = RANK_COUNTS[-1]


ANY = Limits()


def measured(selection: Selection, axes: Sequence[Axis], measure: Measure = COUNT) -> Array | None:
    """The measure of the rows of the selection in each cell of the axes, an array of their sizes.

    Counts are int64, everything else float64. None when the axes alone have too many cells.
    """
    if cells_of(axes) > MAX_CELLS:
        return None
    found = summed(selection, axes, measure)
    if found is not None:
        return found
    with np.errstate(invalid="ignore"):
        return from_rows(selection, axes, measure)


def summed(selection: Selection, axes: Sequence[Axis], measure: Measure = COUNT, limits: Limits = ANY) -> Array | None:
    """The same from a cube alone; None where no cube within the limits can say it."""
    hot = selection.hot
    if not hot.has_cubes or cells_of(axes) > limits.cells:
        return None
    if not selection.tests:
        return _widened(_Cube(tuple(axes), measure).cells(hot), measure)
    choices = selection.choices
    with np.errstate(invalid="ignore"):
        # Infinities of both signs have no sum: NaN, as polars says too.
        return None if choices is None else _from_cube(selection, choices, axes, measure, limits)


def _from_cube(
    selection: Selection, choices: Choices, axes: Sequence[Axis], measure: Measure, limits: Limits
) -> Array | None:
    own = {axis.name: place for place, axis in enumerate(axes)}
    words = [(axis, keep) for axis, keep in choices.words if axis.name not in own]
    first = [axis for axis, _ in words]
    ranks = None if choices.run is None else _ranks(selection.hot, choices.run, cells_of([*first, *axes]), limits)
    if choices.run is not None and ranks is None:
        return None
    spanned = (*([ranks] if ranks else []), *first, *axes)
    if cells_of(spanned) > limits.cells:
        return None
    made = _Cube(spanned, measure, ranks is not None and measure.kind == "count")
    if selection.is_expected:
        _foresee(selection.hot, choices.run, [*first, *axes])
        if made.is_kept(selection.hot):
            return _nothing(cells_of(axes), measure).reshape([axis.size for axis in axes])
    cube = made.cells(selection.hot)
    ends: Array | None = None
    if choices.run is not None and ranks is not None:
        rest = selection.remainder(choices.run, ranks.size)
        ends = _ends(selection.hot, choices.run, rest, axes, measure) if rest.rows.size else None
        if made.is_added_up:
            cube = cube[rest.stop].astype(np.int64) - cube[rest.start]
        else:
            cube = _reduced(cube[rest.start : rest.stop], measure)
    for _, keep in words:
        cube = _reduced(cube[keep], measure)
    found = _widened(cube, measure)
    found = found if ends is None else _joined(found, ends, measure)
    for axis, keep in choices.words:
        if axis.name in own:
            found = _blanked(found, own[axis.name], ~keep, measure)
    return found


def _ends(hot: HotTable, run: Run, rest: Remainder, axes: Sequence[Axis], measure: Measure) -> Array:
    """The measure of the rows at the ends of a range."""
    codes = [hot.along(axis, run.column)[rest.ranks] for axis in axes]
    return _counted(hot, axes, measure, rest.rows, codes)


def _foresee(hot: HotTable, run: Run | None, axes: Sequence[Axis]) -> None:
    """Have at hand by what the rows at the ends of a range will be counted."""
    if run is not None:
        for axis in axes:
            hot.along(axis, run.column)


def _ranks(hot: HotTable, run: Run, cells: int, limits: Limits) -> Axis | None:
    """The finest rank axis of the run's column with which a cube of so many other cells may be built."""
    for count in RANK_COUNTS:
        if (count + 1) * cells <= limits.cells and count >= limits.ranks:
            return hot.ranks(run.column, count, run.places)
    return None


class _Cube(msgspec.Struct, frozen=True, eq=False):
    """A cube over all rows. Where it `is_added_up`, each cell of the first axis, which begins with nothing, has the
    count of all cells before it, so that a run of them is a difference.
    """  # noqa: D205 -- the sentence needs both lines.

    axes: tuple[Axis, ...]
    measure: Measure
    is_added_up: bool = False

    @property
    def name(self) -> str:
        """What it is kept as; no column of a table can have that name."""
        names = [axis.name for axis in self.axes]
        power = (self.measure.power, self.measure.about) if self.measure.power else ()
        return "\0cube " + repr((self.measure.kind, self.measure.column, *power, names, self.is_added_up))

    @property
    def shape(self) -> list[int]:
        """The sizes of its axes."""
        sizes = [axis.size for axis in self.axes]
        return [sizes[0] + 1, *sizes[1:]] if self.is_added_up else sizes

    def is_kept(self, hot: HotTable) -> bool:
        """Whether it has been made, here or elsewhere."""
        return hot.is_kept(self.name)

    def cells(self, hot: HotTable) -> Array:
        """The cube, made if need be; it must not be changed."""
        length = int(np.prod(self.shape, dtype=np.int64))
        kept = hot.kept_cube(self.name, self.measure.dtype, length, lambda: self._made(hot), partial(self._grown, hot))
        return kept.to_numpy().reshape(self.shape)

    def _made(self, hot: HotTable) -> pl.Series:
        cube = _counted(hot, self.axes, self.measure, codes=self._in_order(hot))
        if self.is_added_up:
            cube = np.concatenate([np.zeros_like(cube[:1]), np.cumsum(cube, axis=0)])
        return pl.Series("cells", cube.ravel()).cast(self.measure.dtype)

    def _in_order(self, hot: HotTable) -> list[Array] | None:
        """The codes of all rows in the order of the ranks, where rows are counted: they are known there."""
        orders = [axis.along for axis in self.axes if axis.along is not None]
        if len(orders) != 1 or self.measure.kind != "count":
            return None
        ((column, places),) = orders
        return [
            hot.along(axis, column) if axis.along is None else ascending_ranks(hot.rows, places, axis.size)
            for axis in self.axes
        ]

    def _grown(self, hot: HotTable, base: Base) -> pl.Series | None:
        """The cube of an earlier version, and what the rows count that have come since."""
        length = int(np.prod(self.shape, dtype=np.int64))
        before = hot.before(base, self.name, self.measure.dtype, length)
        grows = [] if before is None else [axis.grow(base) for axis in self.axes]
        codes = [one for one in grows if one is not None]
        if before is None or len(codes) < len(self.axes):
            return None
        more = _counted(hot.added(base), self.axes, self.measure, codes=codes)
        found = _joined(_widened(before.to_numpy().reshape(self.shape), self.measure), more, self.measure)
        return pl.Series("cells", found.ravel()).cast(self.measure.dtype)


def from_rows(selection: Selection, axes: Sequence[Axis], measure: Measure = COUNT) -> Array:
    """The same, counted row by row."""
    if selection.is_expected:
        # Nothing that is made here would be kept.
        return _nothing(cells_of(axes), measure).reshape([axis.size for axis in axes])
    mask = selection.mask
    if mask is None or mask.count == selection.hot.rows:
        return _counted(selection.hot, axes, measure)
    return _counted(selection.hot, axes, measure, mask.positions().to_numpy())


def _counted(
    hot: HotTable,
    axes: Sequence[Axis],
    measure: Measure,
    rows: Array | None = None,
    codes: Sequence[Array] | None = None,
) -> Array:
    """The measure of these rows, of all when none are given, counted one by one; `codes` are theirs along each axis."""
    sizes = [axis.size for axis in axes]
    cells = cells_of(axes)
    values = None if measure.kind == "count" else hot.column(measure.column)
    total = hot.rows if rows is None else len(rows)
    each = max(CHUNK, 4 * cells)
    found = _nothing(cells, measure)
    for start in range(0, total, each):
        chunk = slice(start, min(start + each, total))
        some = chunk if rows is None else rows[chunk]
        hot.breathe()
        coded = [axis.codes[some] for axis in axes] if codes is None else [one[chunk] for one in codes]
        place, inside = _places(axes, coded, chunk.stop - start)
        if measure.kind == "count":
            found += np.bincount(place if inside is None else place[inside], minlength=cells)
        else:
            assert values is not None  # noqa: S101 -- only counting needs no column.
            taken = values[some] if isinstance(some, slice) else values.gather(some)
            found = _joined(found, _of_values(place, inside, measure.of(taken), cells, measure), measure)
    return found.reshape(sizes)


def _places(axes: Sequence[Axis], coded: Sequence[Array], count: int) -> tuple[Array, Array | None]:
    """The cell of each of so many rows, known by their codes, and whether it has one; None when all have."""
    place = np.zeros(count, dtype=np.intp)
    inside: Array | None = None
    for axis, codes in zip(axes, coded, strict=True):
        place *= axis.size
        place += codes
        if axis.labels is None:
            has_place = codes < axis.size
            inside = has_place if inside is None else inside & has_place
    return place, None if inside is None or inside.all() else inside


def _of_values(place: Array, inside: Array | None, values: pl.Series, cells: int, measure: Measure) -> Array:
    if inside is not None:
        place, values = place[inside], values.filter(pl.Series(inside))
    if measure.kind == "sum":
        numbers = values.fill_null(0.0) if values.null_count() else values
        return np.bincount(place, weights=numbers.to_numpy(), minlength=cells)
    extreme = pl.col("value").min() if measure.kind == "min" else pl.col("value").max()
    groups = pl.DataFrame({"cell": place, "value": values}).group_by("cell").agg(extreme).drop_nulls()
    found = _nothing(cells, measure)
    found[groups["cell"].to_numpy()] = groups["value"].to_numpy()
    return found


def _nothing(cells: int, measure: Measure) -> Array:
    match measure.kind:
        case "count":
            return np.zeros(cells, dtype=np.int64)
        case "sum":
            return np.zeros(cells)
        case "min" | "max":
            return np.full(cells, np.nan)


_JOINS: dict[Kind, Callable[[Array, Array], Array]] = {
    "count": np.add, "sum": np.add, "min": np.fmin, "max": np.fmax,
}  # fmt: skip


def _joined(one: Array, other: Array, measure: Measure) -> Array:
    return _JOINS[measure.kind](one, other)


def _reduced(cube: Array, measure: Measure) -> Array:
    """The cube without its first axis."""
    found: Array
    match measure.kind:
        case "count":
            found = np.add.reduce(cube, axis=0, dtype=np.int64)
        case "sum":
            found = np.add.reduce(cube, axis=0)
        case "min":
            found = np.fmin.reduce(cube, axis=0, initial=np.nan)
        case "max":
            found = np.fmax.reduce(cube, axis=0, initial=np.nan)
    return found


def _widened(cube: Array, measure: Measure) -> Array:
    """A cube of one's own: what is stored is never changed."""
    return cube.astype(np.int64 if measure.kind == "count" else np.float64)


def _blanked(found: Array, place: int, gone: Array, measure: Measure) -> Array:
    index = (slice(None),) * place + (gone,)
    found[index] = 0 if measure.kind in {"count", "sum"} else np.nan
    return found


def count(selection: Selection) -> int:
    """How many rows the selection has; counted once for each selection."""
    if selection.counted is None:
        found = measured(selection, ())
        assert found is not None  # noqa: S101 -- no axes are never too many.
        # What an expected selection adds up to is only made, not read.
        selection.counted = selection.hot.rows if selection.is_expected else int(found)
    return selection.counted


def everything(axis: Axis) -> Array:
    """A choice of all places of an axis."""
    return np.ones(axis.size, dtype=bool)
