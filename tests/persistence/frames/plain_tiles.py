"""What the tiles should show, worked out in plain Python from the rows that are kept: see `plainly` for the cells.

Sums and means may be rounded differently, by as much as the order of their terms explains; all else is exact.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

import msgspec
import polars as pl
from polars.testing import assert_frame_equal

from domain.filters import FilterState
from domain.tiles import Aggregation, CardTile, DataTile, FigureTile, FilterTile, FilterWidget, TableTile, Visu
from persistence.frames.shapes import MAX_OUTLIERS, Frame
from tests.persistence.frames.plain_density import check_density
from tests.persistence.frames.plainly import Cells, Kind, cells_of, kept, kind_of, passing, plain_frame

ROUNDING = 1e-9
MICROSECOND = 1000
OWN = {Aggregation.MIN, Aggregation.MAX, Aggregation.MODE}
COUNTS = {Aggregation.COUNT, Aggregation.NUNIQUE}
ROUNDED = set(Aggregation) - OWN - COUNTS
SHARES = {Aggregation.Q1: 0.25, Aggregation.PERCENTILE: 0.5, Aggregation.Q3: 0.75}


class Near(msgspec.Struct, frozen=True):
    """A number that may be off by the rounding of a sum of terms of this size."""

    value: float | None
    size: float

    def holds(self, found: Any) -> bool:
        if self.value is None or found is None or not math.isfinite(self.value):
            return bool(self.value == found)
        return abs(self.value - found) <= ROUNDING * self.size


def shown(data: pl.DataFrame, name: str) -> Cells:
    """A column's cells as figures show them: numbers as floats, times in whole microseconds."""
    kind, cells = kind_of(data.schema[name]), cells_of(data[name])
    if kind == "number" and not data.schema[name].is_float():
        return [None if cell is None else float(cell) for cell in cells]
    return [None if cell is None else cell // MICROSECOND for cell in cells] if kind == "time" else cells


def answered(column: pl.Series) -> Cells:
    """A column of an answer in the same terms; it holds no NaN."""
    cells = column.to_physical().to_list() if isinstance(column.dtype, pl.Datetime) else column.to_list()
    assert not any(isinstance(cell, float) and math.isnan(cell) for cell in cells)
    return cells


def shown_type(dtype: pl.DataType) -> pl.DataType:
    """The type in which figures show such a column."""
    if isinstance(dtype, pl.Datetime):
        return pl.Datetime("us", dtype.time_zone)
    types: dict[Kind, pl.DataType] = {"number": pl.Float64(), "text": pl.String(), "boolean": pl.Boolean()}
    return types.get(kind_of(dtype), dtype)


# --- Aggregates --------------------------------------------------------------------------------------------------


def aggregations_of(dtype: pl.DataType) -> list[Aggregation]:
    """Those that make sense for a column of this type."""
    kind = kind_of(dtype)
    added = {Aggregation.SUM, Aggregation.MEAN}
    left_out = {"number": set(), "boolean": ROUNDED - added}.get(kind, ROUNDED)
    return [how for how in Aggregation if how not in left_out]


def aggregates(data: pl.DataFrame, name: str, groups: Iterable[Sequence[int]], how: Aggregation) -> list[Any]:
    """The aggregate of the column's values in the rows of each group."""
    # Large whole numbers and nanoseconds are rounded when they are shown, but different ones count as different.
    cells = cells_of(data[name]) if how is Aggregation.NUNIQUE else shown(data, name)
    return [aggregate([cells[row] for row in rows if cells[row] is not None], how) for rows in groups]


def aggregate(values: Cells, how: Aggregation) -> Any:  # noqa: C901 -- one case an aggregation.
    """The aggregate of values, none of which is missing."""
    match how:
        case Aggregation.COUNT:
            return len(values)
        case Aggregation.NUNIQUE:
            return len(set(values))
        case Aggregation.MIN:
            return min(values, default=None)
        case Aggregation.MAX:
            return max(values, default=None)
        case Aggregation.MEDIAN:
            ordered = sorted(values)
            middle = ordered[(len(ordered) - 1) // 2 : len(ordered) // 2 + 1]
            return mean(middle)
        case Aggregation.SUM:
            return Near(total(values), size(values))
        case Aggregation.MEAN:
            return mean(values)
        case Aggregation.MODE:
            counts = Counter(values)
            return min((value for value in counts if counts[value] == max(counts.values())), default=None)
        case Aggregation.RANGE:
            spread = max(values) - min(values) if values else None
            return None if spread is None or math.isnan(spread) else Near(spread, abs(spread))
        case _ if how in SHARES:
            return percentile(sorted(values), SHARES[how])
    return moments(values, how)


def percentile(ordered: Sequence[float], share: float) -> "Near | None":
    """Linear between the two nearest ranks; none where infinities leave no difference."""
    if not ordered:
        return None
    place = (len(ordered) - 1) * share
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    found = low if low == high else low + (place - math.floor(place)) * (high - low)
    return None if math.isnan(found) else Near(found, max(abs(low), abs(high)))


class Moment(msgspec.Struct, frozen=True):
    """What rounding leaves of a power of small differences between large values may be anything."""

    value: float | None
    size: float
    is_known: bool = True

    def holds(self, found: Any) -> bool:
        return not self.is_known or Near(self.value, self.size).holds(found)


def moments(values: Sequence[float], how: Aggregation) -> Moment | None:
    """Variance, standard deviation, skewness and kurtosis by exact fractions."""
    if any(math.isinf(value) for value in values) or len(values) < 2:
        return None
    exact = [Fraction(value) for value in values]
    middle, count = sum(exact) / len(exact), len(exact)
    second, third, fourth = (sum((value - middle) ** power for value in exact) / count for power in (2, 3, 4))
    largest = max(abs(value) for value in values)
    if how in {Aggregation.VARIANCE, Aggregation.STD_DEV}:
        if largest > 1e140:
            return Moment(None, 0, is_known=False)
        found = float(second * count / (count - 1))
        # The square root of what rounding leaves is larger than it.
        size = largest**2 if how is Aggregation.VARIANCE else largest * 10
        return Moment(found if how is Aggregation.VARIANCE else math.sqrt(found), max(found, size))
    if not second:
        return Moment(None, 0)
    if largest > 1e60 or float(middle**2 / second) > 1e6:
        return Moment(None, 0, is_known=False)
    exactly = float(third) / float(second) ** 1.5 if how is Aggregation.SKEWNESS else float(fourth / second**2) - 3
    return Moment(exactly, 1e3 * (abs(exactly) + 1))


def total(values: Sequence[float]) -> float | None:
    """The sum; None when infinities of both signs leave none."""
    infinite = {value for value in values if math.isinf(value)}
    if infinite:
        return infinite.pop() if len(infinite) == 1 else None
    return math.fsum(values)


def size(values: Sequence[float]) -> float:
    return math.fsum(abs(value) for value in values if math.isfinite(value))


def mean(values: Sequence[float]) -> Near:
    summed = total(values)
    count = max(len(values), 1)
    return Near(None if summed is None or not values else summed / count, size(values) / count)


def agree(found: Any, expected: Any) -> bool:
    """Whether an answer's value is the expected one."""
    if isinstance(expected, Near | Moment):
        return expected.holds(found)
    return bool(found == expected) and isinstance(found, bool) == isinstance(expected, bool)


def agreed(found: pl.Series, expected: Cells) -> None:
    """The answer's column holds the expected values."""
    cells = answered(found)
    assert len(cells) == len(expected)
    wrong = [(one, other) for one, other in zip(cells, expected, strict=True) if not agree(one, other)]
    assert not wrong, wrong[:5]


def aggregate_type(dtype: pl.DataType, how: Aggregation) -> pl.DataType:
    """The type of the aggregate."""
    if how in COUNTS:
        return pl.UInt32()
    return pl.Float64() if how in ROUNDED else shown_type(dtype)


# --- Tiles -------------------------------------------------------------------------------------------------------


def check(tile: DataTile, state: FilterState, data: pl.DataFrame, found: object) -> None:
    """The answer to the tile is what the rows that the clauses leave give."""
    assert isinstance(found, Frame), (tile, state, found)
    rows = kept(data, heard(tile, state))
    check_rows(tile, state, data, rows, found)


def heard(tile: DataTile, state: FilterState) -> FilterState:
    """The clauses that narrow the tile: a filter ignores all of its own, the others their own selection."""
    is_deaf = isinstance(tile, FilterTile)
    return tuple(one for one in state if one.source != tile.id or not (is_deaf or one.selection))


def check_rows(tile: DataTile, state: FilterState, data: pl.DataFrame, rows: Sequence[int], found: Frame) -> None:
    """The same for given rows."""
    assert (found.rows_total, found.rows_matched) == (data.height, len(rows))
    match tile:
        case CardTile():
            check_card(tile, data, rows, found)
        case FigureTile():
            check_figure(tile, data, rows, found)
        case TableTile():
            page = plain_frame(data[list(rows[: tile.page_size])].select(tile.columns or data.columns))
            assert_frame_equal(found.data, page)
            assert (found.shown, found.of) == (page.height, len(rows))
        case FilterTile():
            check_filter(tile, state, data, rows, found)


def check_figure(tile: FigureTile, data: pl.DataFrame, rows: Sequence[int], found: Frame) -> None:
    """Any figure."""
    match tile.visu_type:
        case Visu.SCATTER:
            check_points(tile, data, rows, found)
        case Visu.BAR | Visu.LINE:
            check_groups(tile, data, rows, found)
        case Visu.BOX:
            check_boxes(tile, data, rows, found)
        case Visu.HISTOGRAM if kind_of(data.schema[tile.x]) in {"text", "boolean"}:
            check_categories(tile, data, rows, found)
        case Visu.HISTOGRAM:
            check_bins(tile, data, rows, found)


def check_filter(tile: FilterTile, state: FilterState, data: pl.DataFrame, rows: Sequence[int], found: Frame) -> None:
    """Any control."""
    match tile.interactive_component_type:
        case FilterWidget.MULTI_SELECT:
            own = [passing(data, one) for one in state if one.source == tile.id and one.op == "in"]
            check_choices(tile, data, rows, [row for row in range(data.height) if any(hit[row] for hit in own)], found)
        case FilterWidget.TEXT:
            assert found.data.width == 0
        case _:
            check_range(tile, data, rows, found)


def check_card(tile: CardTile, data: pl.DataFrame, rows: Sequence[int], found: Frame) -> None:
    """The one number and how many values went into it."""
    how = tile.aggregation
    types = {"value": aggregate_type(data.schema[tile.column_name], how), "values": pl.UInt32()}
    assert found.data.schema == types
    agreed(found.data["value"], aggregates(data, tile.column_name, [rows], how))
    agreed(found.data["values"], aggregates(data, tile.column_name, [rows], Aggregation.COUNT))


def missing_last(key: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple((cell is None, 0 if cell is None else cell) for cell in key)


def grouped(tile: FigureTile, data: pl.DataFrame, rows: Sequence[int]) -> dict[tuple[Any, ...], list[int]]:
    """The rows of each group, in the order of the answer."""
    columns = [shown(data, name) for name in (tile.x, tile.color) if name]
    groups: dict[tuple[Any, ...], list[int]] = {}
    for row in rows:
        groups.setdefault(tuple(column[row] for column in columns), []).append(row)
    return {key: groups[key] for key in sorted(groups, key=missing_last)}


def check_keys(tile: FigureTile, data: pl.DataFrame, keys: Sequence[tuple[Any, ...]], found: Frame) -> None:
    """The grouping columns hold these keys, in the types of figures."""
    names = {"x": tile.x} | ({"color": tile.color} if tile.color else {})
    for place, (role, name) in enumerate(names.items()):
        assert found.data.schema[role] == shown_type(data.schema[name])
        agreed(found.data[role], [key[place] for key in keys])


def check_groups(tile: FigureTile, data: pl.DataFrame, rows: Sequence[int], found: Frame) -> None:
    """Bars and lines."""
    groups = grouped(tile, data, rows)
    assert found.data.columns == ["x", *(["color"] if tile.color else []), "y", "rows"]
    assert (found.shown, found.of) == (len(groups), len(groups))
    check_keys(tile, data, list(groups), found)
    agreed(found.data["rows"], [len(held) for held in groups.values()])
    if tile.y:
        assert found.data.schema["y"] == aggregate_type(data.schema[tile.y], tile.aggregation)
        agreed(found.data["y"], aggregates(data, tile.y, groups.values(), tile.aggregation))
    else:
        agreed(found.data["y"], [len(held) for held in groups.values()])


def check_categories(tile: FigureTile, data: pl.DataFrame, rows: Sequence[int], found: Frame) -> None:
    """Histograms of text and booleans."""
    groups = grouped(tile, data, rows)
    assert found.data.columns == ["x", *(["color"] if tile.color else []), "count"]
    assert (found.shown, found.of) == (len(groups), len(groups))
    check_keys(tile, data, list(groups), found)
    agreed(found.data["count"], [len(held) for held in groups.values()])


def axis(data: pl.DataFrame, name: str) -> list[float | None]:
    """Where the rows lie on the axis of a histogram: missing, infinite and immense values nowhere."""
    if isinstance(data.schema[name], pl.Date):
        epoch = date(1970, 1, 1).toordinal()
        return [None if day is None else (day.toordinal() - epoch) * 86_400 * 10**6 for day in data[name].to_list()]
    return [None if cell is None or abs(cell) > 1e300 else cell for cell in shown(data, name)]


def check_bins(tile: FigureTile, data: pl.DataFrame, rows: Sequence[int], found: Frame) -> None:
    """Histograms of numbers and times: each value of each colour is counted between the edges that are sent."""
    places = axis(data, tile.x)
    colors = shown(data, tile.color) if tile.color else [None] * data.height
    binned = [row for row in rows if places[row] is not None]
    groups = sorted({(colors[row],) for row in binned}, key=missing_last) if tile.color else [(None,)]
    left, right = answered(found.data["left"]), answered(found.data["right"])
    edges = sorted(set(zip(left, right, strict=True)))
    whole = [place for place in places if place is not None]
    expected: dict[Any, Counter[int]] = {color: Counter() for (color,) in groups}
    if edges:
        assert all(one[1] == other[0] for one, other in pairwise(edges))
        assert edges[0][0] <= min(whole) <= max(whole) <= edges[-1][1]
        assert len(edges) <= (tile.nbins or 100)
        for row in binned:
            expected[colors[row]][bin_of(places[row] or 0.0, edges)] += 1
    else:
        assert not binned
    cells = [(color, *edge, expected[color][place]) for (color,) in groups for place, edge in enumerate(edges)]
    assert (found.shown, found.of) == (len(cells), len(cells))
    for place, role in enumerate(("color", "left", "right", "count")):
        if role != "color" or tile.color:
            agreed(found.data[role], [cell[place] for cell in cells])


def bin_of(value: float, edges: list[tuple[float, float]]) -> int:
    """Its bin: [left, right), the last one closed."""
    return next(
        place
        for place, (left, right) in enumerate(edges)
        if left <= value and (value < right or place == len(edges) - 1)
    )


def check_boxes(tile: FigureTile, data: pl.DataFrame, rows: Sequence[int], found: Frame) -> None:
    """Quartiles, whiskers and outliers of the finite values of each group."""
    boxed = shown(data, tile.y or tile.x)
    finite = [row for row in rows if boxed[row] is not None and math.isfinite(boxed[row])]
    if tile.y is None:
        tile = msgspec.structs.replace(tile, x="none")
        data = data.with_columns(none=pl.lit(None, dtype=pl.String))
    groups = grouped(tile, data, finite)
    check_keys(tile, data, list(groups), found)
    assert (found.shown, found.of) == (len(groups), len(groups))
    for row, held in zip(found.data.rows(named=True), groups.values(), strict=True):
        check_box(row, sorted(boxed[one] for one in held))


def check_box(row: dict[str, Any], values: list[float]) -> None:
    """One box; its fences are those of the quartiles that it tells."""
    scale = max(abs(values[0]), abs(values[-1]))
    expected = {
        "q1": quantile(values, 0.25),
        "median": quantile(values, 0.5),
        "q3": quantile(values, 0.75),
        "mean": math.fsum(values) / len(values),
    }
    assert all(Near(value, scale).holds(row[name]) for name, value in expected.items()), (row, expected)
    reach = 1.5 * (row["q3"] - row["q1"])
    near = [value for value in values if row["q1"] - reach <= value <= row["q3"] + reach]
    far = [value for value in values if not row["q1"] - reach <= value <= row["q3"] + reach]
    assert (row["min"], row["max"], row["count"]) == (values[0], values[-1], len(values))
    assert (row["lower"], row["upper"]) == (near[0], near[-1])
    assert row["outlier_count"] == len(far)
    farthest = sorted(far, key=lambda value: (max(row["q1"] - value, value - row["q3"]), value), reverse=True)
    assert row["outliers"] == sorted(farthest[:MAX_OUTLIERS])


def quantile(values: list[float], share: float) -> float:
    """Linear between neighbours."""
    place = (len(values) - 1) * share
    low, high = values[math.floor(place)], values[math.ceil(place)]
    return low * (1 - place % 1) + high * (place % 1)


def check_points(tile: FigureTile, data: pl.DataFrame, rows: Sequence[int], found: Frame) -> None:
    """All points when there are no more than asked for; otherwise the ends of both axes and some of the others."""
    axes = [shown(data, name) for name in (tile.x, tile.y or "")]
    drawable = [row for row in rows if all(is_drawable(column[row]) for column in axes)]
    assert found.of == len(drawable)
    assert found.shown == found.data.height == min(len(drawable), tile.max_points)
    if tile.selection_column != "row":
        points = drawable
        assert len(drawable) <= tile.max_points
    else:
        points = [int(row) for row in answered(found.data["selection"])]
        assert points == sorted(set(points) & set(drawable))
        share = max(tile.max_points // 20, 1)
        ends = {row for column in axes for row in both_ends(column, drawable, share)}
        assert ends <= set(points)
    check_density(tile, data, drawable, found)
    optional = {"color": tile.color, "size": tile.size, "selection": tile.selection_column}
    hover = {f"hover_{place}": name for place, name in enumerate(tile.hover)}
    roles = {"x": tile.x, "y": tile.y} | {role: name for role, name in optional.items() if name} | hover
    assert found.data.columns == list(roles)
    for role, name in roles.items():
        assert found.data.schema[role] == shown_type(data.schema[name or ""])
        column = shown(data, name or "")
        agreed(found.data[role], [column[row] for row in points])


def is_drawable(cell: Any) -> bool:
    return cell is not None and not (isinstance(cell, float) and math.isinf(cell))


def both_ends(column: Cells, rows: Sequence[int], count: int) -> list[int]:
    """The rows farthest out; of equal values the earlier row counts as the lower."""
    ordered = sorted(rows, key=lambda row: (column[row], row))
    return [*ordered[:count], *ordered[-count:]]


def check_choices(
    tile: FilterTile, data: pl.DataFrame, rows: Sequence[int], chosen: Sequence[int], found: Frame
) -> None:
    """What is left, most frequent first; what is `chosen` (rows that the control's own clauses find) stays on offer."""
    cells = cells_of(data[tile.column_name])
    counts = Counter(cells[row] for row in rows)
    offered = {cells[row]: counts[cells[row]] for row in [*rows, *chosen]}
    ranked = sorted(offered, key=lambda cell: (-offered[cell], *missing_last((cell,))))
    assert cells_of(found.data["value"]) == ranked
    agreed(found.data["count"], [offered[cell] for cell in ranked])
    assert (found.shown, found.of) == (len(ranked), len(ranked))


def check_range(tile: FilterTile, data: pl.DataFrame, rows: Sequence[int], found: Frame) -> None:
    """The range of what is left, and that of the finite values of the whole table."""
    cells = shown(data, tile.column_name)
    left = [cells[row] for row in rows if cells[row] is not None]
    whole = [cell for cell in cells if cell is not None]
    expected = {"min": min(left, default=None), "max": max(left, default=None)}
    finite = [value for value in whole if not isinstance(value, float) or math.isfinite(value)]
    expected |= {"lowest": min(finite, default=None), "highest": max(finite, default=None)}
    assert found.data.schema == dict.fromkeys(expected, shown_type(data.schema[tile.column_name]))
    for name, value in expected.items():
        agreed(found.data[name], [value])
