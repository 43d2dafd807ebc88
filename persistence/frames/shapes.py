"""What the query engine answers: one `Frame` or one `Failure` for each tile, and the columns of every frame.

Columns are named by their role in the tile, never by the collection's column, so that one column may play two
roles. In every frame

- a missing value is null: NaN counts as missing everywhere, and no frame holds one;
- numbers are Float64, counts UInt32, text String, booleans Boolean, dates Date, times Datetime (us, with the
  column's own time zone if it has one);
- the optional roles (`color`, `size`, `selection`, `hover_0`, …) are there exactly when the tile names a column
  for them. A grouping `x` or `color` may be null: that is the group of the missing values.

**scatter**: one row a point; infinite values and points without an x or a y are left out.
    `x` `y` [`color`] [`size`] [`hover_0` `hover_1` …, in the order of `tile.hover`] [`selection`]
    `color` is Float64 when the column holds numbers (a scale), otherwise discrete. Bounded by `tile.max_points`; when
    that leaves points out, `Frame.density` may say where all of them lie.

**bar**, **line**: one row a group, sorted by `x`, then `color`, missing last.
    `x` [`color`] `y` `rows` (UInt32: rows of the group)
    `y` is UInt32 for count and nunique, Date or Datetime for min and max of such a column, otherwise Float64; null
    where the group has no value (the sum of none is 0). Count without `tile.y` counts rows, with it the values that
    are not missing. Above 2 000 groups: of text the categories with most rows, of numbers and times every n-th.

**histogram** of numbers or times: one row for every bin and colour, zeros too, sorted by `color`, then `left`.
    [`color`] `left` `right` (Float64 or Datetime) `count` (UInt32)
    Bins are [left, right), the last one closed. They lie over the unfiltered table, so axes hold still under filters.
    Infinite values, and numbers beyond 1e300, have no bin.
**histogram** of text, booleans: one row for each category (and colour), sorted by `x`, then `color`.
    `x` [`color`] `count` (UInt32)

**box**: one row a group, sorted by `x`, then `color`; only groups that have a finite value.
    `x` (all null, String, when the tile has no `y`: then the boxed values are those of `tile.x`) [`color`]
    `count` (UInt32) `min` `lower` `q1` `median` `q3` `upper` `max` `mean` (Float64) `outliers` (List(Float64),
    ascending, at most 100: the farthest) `outlier_count` (UInt32: all of them)
    `lower` and `upper` are the ends of the whiskers: the extreme values within 1.5 interquartile ranges of the box.

The other kinds, each above its plan: **area**, **funnel**, polar lines and bars, **pie** and **funnel_area** as bars;
    **violin**, **ecdf** in `spreads`; hierarchies, parallel categories, **heatmap** in `levels`; densities in `grids`;
    what draws rows one by one in `samples`. Whatever parts a figure further (facets, symbols, dashes, patterns) is a
    column by the parameter's name; `Frame.extra` holds trend lines and marginals.

**map** of points: as scatter; x is the longitude, y the latitude, both in degrees; rows beyond the Earth are left
    out and told in `Frame.note`; `Frame.extent` is that of the whole table. A map of density has no colour, its `size`
    is the weight; `Frame.density` is there whenever the bound leaves points out, and holds sums (Float64) of weights.
**map** of regions: one row a region that has rows, sorted by `region`.
    `region` (its id) `name` `y` (UInt32 for count and nunique, otherwise Float64, null without a value) `rows` (UInt32)
    `values` (List(String): the values that name it). Values that name no region are told in `Frame.note`.

**card**: exactly one row.
    `value` (Float64; UInt32 for count and nunique; Date or Datetime for min, max and mode of such a column; Boolean or
    String for min, max and mode of such a column), null when there is no value to aggregate (the sum of none is 0).
    `values` (UInt32): how many values that are not missing went into it.
    `all`, when the tile compares: the same as `value` over the whole table.
    By `secondary_layout`, of the rows that match:
    - vertical, compact, grid: one column for each of `aggregations`, named by it;
    - top_n, concentration, composition, donut: `parts` (List of `name`, `count`: the most frequent values),
      `parts_total` (all values), `parts_distinct`, `parts_evenness` (0 to 1; null of fewer than two different values);
    - box_plot: `box_min` … `box_max` as those of a box, `box_outliers` (UInt32: how many);
    - histogram: `bins` (List of `left`, `right`, `count`); threshold: `passed` `warned` `failed` (UInt32);
    - attrition: `stages` (List of `name`, `value`); uniqueness: `distinct` (UInt32);
    - trend: `trend` (List of `left`, `right`, `y`, `rows`: buckets over the whole table; times by the wall clock;
      of whole numbers and days the first and the last that a bucket can hold).

**table**: the first `tile.page_size` rows in the table's own order; the columns keep their own names and types
    (categories and values without a kind as String). `tile.selection_column` comes last if it is not among
    `tile.columns`. Other pages, sorted and filtered by their headers, have the same shape: `table_page`.

**filter**: what the control offers, under all clauses but its own.
    MultiSelect: `value` (the column's type) `count` (UInt32), most frequent first, then by value; at most 1 000, and
    always those that are chosen now (with count 0 when the other filters leave none). `of`: how many there are.
    RangeSlider, DateRangePicker: one row `min` `max` (under the other filters) `lowest` `highest` (of the whole
    table): Float64, Date or Datetime; null when there is no value. Sliders and Timeline: `extra` holds the `spread` of
    the whole table, see `along`.
    TextInput: an empty frame without columns; `rows_matched` counts what the other filters leave.

**live value** of a text: one row `value`, in the types of a card's; with `by` rows `by`, `value`, `rows` (UInt32), most
    rows first, at most 100; `of` counts the groups. A text itself has no answer.
"""

from collections.abc import Mapping

import msgspec
import polars as pl

from persistence.frames.bins import Bins

__all__ = ["Answer", "Bins", "ColumnProfile", "Density", "Extent", "Failure", "Frame", "Margins"]

MAX_GROUPS = 2_000
"""Bars, points of lines and categories of one figure, colours multiplied in."""
MAX_BOXES = 200
MAX_OUTLIERS = 100
MAX_OPTIONS = 1_000
MAX_LIVE_GROUPS = 100
MAX_PAGE = 1_000


class Density(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """How many points of a scatter lie where: all that match, drawn or not, in cells of one size over the whole table.

    `counts` (UInt32) has a row of `x.count` cells for each bin of `y`, the lowest first. Bins are in the units of their
    column; those of dates and times in microseconds since 1970 by the clock on the wall, of the column's own time zone
    if it has one. Multiples of a unit (whole numbers, days) lie between the edges, halfway where there are enough bins.
    """

    x: Bins
    y: Bins
    counts: pl.Series


class Margins(msgspec.Struct, frozen=True):
    """What stands beside the rows of a table, by column: totals of all rows that match, extremes of the whole table."""

    totals: dict[str, object]
    extremes: dict[str, tuple[object, object]]


class Extent(msgspec.Struct, frozen=True):
    """The ends of a part of the Earth, in degrees."""

    west: float
    south: float
    east: float
    north: float


class Frame(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """A tile's data. `data` has the columns that this module's docstring lists for the tile's kind."""

    data: pl.DataFrame
    rows_total: int
    """Rows of the collection's table, unfiltered."""
    rows_matched: int
    """Rows that the tile's clauses leave."""
    shown: int
    """How many things the frame holds: points, groups, bins or categories, boxes, options, rows."""
    of: int
    """How many there would be without a bound."""
    density: Density | None = None
    """Of a sampled scatter of numbers or times on linear axes, unless it would take too long to count."""
    margins: Margins | None = None
    """Of the first page of a table whose formats ask for them."""
    extent: Extent | None = None
    """Of a map of points, in degrees."""
    note: str = ""
    """What else people must know of the rows: values that name no region, places beyond the Earth."""
    extra: Mapping[str, pl.DataFrame] = {}
    """What stands beside the data: trend lines, marginals."""

    @property
    def bytes(self) -> int:
        """How much memory the frame takes, about."""
        return sum(int(data.estimated_size()) for data in (self.data, *self.extra.values()))

    @property
    def sampled(self) -> bool:
        """Whether a bound left something out (points were sampled, groups or options cut): the tile must say so."""
        return self.shown < self.of


class Failure(msgspec.Struct, frozen=True):
    """Why a tile has no data: a sentence for people. `retry`: whether asking again may help."""

    message: str
    retry: bool = False


Answer = Frame | Failure


class ColumnProfile(msgspec.Struct, frozen=True):
    """What the values of one column are like; NaN counts as missing.

    `distinct` leaves missing values out; None when values of that type cannot be compared.
    `min` and `max` are float, str, date or datetime by the column's kind, None when there is no value or no order.
    """

    column: str
    distinct: int | None
    nulls: int
    min: object = None
    max: object = None
