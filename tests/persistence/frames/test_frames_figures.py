"""Figures: every frame against plain polars and numpy on the same rows."""

import math
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from domain.tiles import Aggregation, FigureTile, Visu
from persistence.frames.shapes import MAX_BOXES, MAX_GROUPS, MAX_OUTLIERS
from tests.persistence.frames.support import COLLECTION, clause, failure, frame

DATA = pl.DataFrame(
    {
        "g": ["b", "a", "ß", None, "a", "b"],
        "c": [True, True, None, False, True, False],
        "n": [1.0, math.nan, 3.0, None, 5.0, math.inf],
        "i": [1, 2, 3, 4, 5, None],
        "t": [datetime(2024, 1, day, tzinfo=UTC) for day in range(1, 7)],
        "d": [date(2024, 1, 1), date(2024, 1, 5), None, date(2024, 1, 2), date(2024, 1, 2), date(2024, 1, 11)],
        "k": pl.Series(["x", "y", "x", "y", None, "x"], dtype=pl.Categorical),
        "l": [[1], [2], [3], [4], [5], [6]],
    },
)


def figure(visu: Visu, x: str, **roles: Any) -> FigureTile:
    """A figure of the test's table."""
    return FigureTile(id="f", collection_id=COLLECTION, visu_type=visu, x=x, **roles)


def test_a_scatter_carries_its_roles_in_table_order() -> None:
    """Points without a finite x and y are not drawn; one column may play several roles."""
    tile = figure(Visu.SCATTER, "n", y="i", color="g", size="n", hover=("g", "l"), selection_column="k")
    assert "'l'" in failure(tile, DATA)
    tile = figure(Visu.SCATTER, "n", y="i", color="g", size="n", hover=("g", "t"), selection_column="k")
    found = frame(tile, DATA)
    expected = pl.DataFrame(
        {
            "x": [1.0, 3.0, 5.0],
            "y": [1.0, 3.0, 5.0],
            "color": ["b", "ß", "a"],
            "size": [1.0, 3.0, 5.0],
            "selection": ["x", "x", None],
            "hover_0": ["b", "ß", "a"],
            "hover_1": [datetime(2024, 1, day, tzinfo=UTC) for day in (1, 3, 5)],
        },
    )
    assert_frame_equal(found.data, expected)
    assert (found.rows_total, found.rows_matched, found.shown, found.of, found.sampled) == (6, 6, 3, 3, False)


def test_a_scatter_above_its_bound_keeps_the_tails_and_says_so() -> None:
    """The farthest twentieth at each end stays, the sample holds still, and spreads over the table."""
    numbers = np.random.default_rng(7)
    data = pl.DataFrame({"x": numbers.normal(size=5_000), "y": numbers.normal(size=5_000), "row": range(5_000)})
    tile = figure(Visu.SCATTER, "x", y="y", selection_column="row", max_points=400)
    found = frame(tile, data)
    assert (found.shown, found.of, found.sampled, found.rows_matched) == (400, 5_000, True, 5_000)
    kept = set(found.data["selection"].to_list())
    assert len(kept) == 400
    for axis in ("x", "y"):
        assert set(data.top_k(20, by=axis)["row"]) <= kept
        assert set(data.bottom_k(20, by=axis)["row"]) <= kept
    assert found.data["selection"].is_sorted()
    assert abs(found.data["selection"].mean() - 2_500) < 300
    assert_frame_equal(frame(tile, data).data, found.data)


def test_a_scatter_samples_evenly_where_many_points_coincide() -> None:
    """The draw goes by row, not by value: each of 100 coinciding places keeps about its share."""
    data = pl.DataFrame({"x": [n % 10 for n in range(20_000)], "y": [n // 10 % 10 for n in range(20_000)]})
    found = frame(figure(Visu.SCATTER, "x", y="y", max_points=2_000), data)
    places = found.data.group_by("x", "y").len()
    assert places.height == 100
    assert places["len"].min() >= 5


def test_a_scatter_keeps_its_points_while_a_filter_narrows() -> None:
    """What was drawn and still matches is drawn again, since fewer compete for the places."""
    data = pl.DataFrame({"x": np.arange(3_000) % 97, "y": np.arange(3_000) % 89, "row": range(3_000)})
    tile = figure(Visu.SCATTER, "x", y="y", selection_column="row", max_points=500)
    before = set(frame(tile, data).data["selection"].to_list())
    after = set(frame(tile, data, clause("row", "between", 1_000, None)).data["selection"].to_list())
    still = {row for row in before if row >= 1_000}
    assert len(still & after) > 0.85 * len(still)


def test_a_scatter_needs_numbers_for_size_and_a_y() -> None:
    """The message names the column, or the role that is not filled."""
    assert "size needs numbers" in failure(figure(Visu.SCATTER, "n", y="i", size="g"), DATA)
    assert failure(figure(Visu.SCATTER, "n"), DATA) == "Choose a column for y."


def test_bars_aggregate_by_x_and_colour() -> None:
    """Sorted, missing last; a missing group is a group."""
    found = frame(figure(Visu.BAR, "g", y="i", color="c", aggregation=Aggregation.SUM), DATA)
    expected = pl.DataFrame(
        {
            "x": ["a", "b", "b", "ß", None],
            "color": [True, False, True, None, False],
            "y": [7.0, 0.0, 1.0, 3.0, 4.0],
            "rows": pl.Series([2, 1, 1, 1, 1], dtype=pl.UInt32),
        },
    )
    assert_frame_equal(found.data, expected)
    assert (found.shown, found.of) == (5, 5)


@pytest.mark.parametrize(
    ("aggregation", "y", "expected"),
    [
        (Aggregation.COUNT, None, pl.Series([2, 2, 1, 1], dtype=pl.UInt32)),
        (Aggregation.COUNT, "n", pl.Series([1, 2, 1, 0], dtype=pl.UInt32)),
        (Aggregation.NUNIQUE, "g", pl.Series([1, 1, 1, 0], dtype=pl.UInt32)),
        (Aggregation.MEAN, "i", pl.Series([3.5, 1.0, 3.0, 4.0])),
        (Aggregation.MEAN, "c", pl.Series([1.0, 0.5, None, 0.0])),
        (Aggregation.MEDIAN, "n", pl.Series([5.0, math.inf, 3.0, None])),
        (Aggregation.MIN, "n", pl.Series([5.0, 1.0, 3.0, None])),
        (Aggregation.MAX, "d", pl.Series([date(2024, 1, 5), date(2024, 1, 11), None, date(2024, 1, 2)])),
    ],
)
def test_every_aggregation_of_a_line(aggregation: Aggregation, y: str | None, expected: pl.Series) -> None:
    """Missing values and NaN stay out; a group without a value has none."""
    found = frame(figure(Visu.LINE, "g", y=y, aggregation=aggregation), DATA)
    assert found.data["x"].to_list() == ["a", "b", "ß", None]
    assert_frame_equal(found.data.select("y"), expected.alias("y").to_frame())


def test_an_aggregate_may_be_of_the_column_that_groups() -> None:
    """The grouping column is not lost to its own aggregate."""
    found = frame(figure(Visu.BAR, "i", y="i", aggregation=Aggregation.SUM), DATA)
    assert found.data["y"].to_list() == [1.0, 2.0, 3.0, 4.0, 5.0, 0.0]


@pytest.mark.parametrize(
    ("y", "aggregation", "part"),
    [
        (None, Aggregation.MEAN, "Choose a column for the mean."),
        ("g", Aggregation.SUM, "'g'"),
        ("d", Aggregation.MEAN, "'d'"),
    ],
)
def test_what_cannot_be_aggregated_fails(y: str | None, aggregation: Aggregation, part: str) -> None:
    """A mean of text is a failure, not an empty chart."""
    assert part in failure(figure(Visu.BAR, "g", y=y, aggregation=aggregation), DATA)


def test_too_many_bars_are_cut_to_those_with_most_rows() -> None:
    """Of text the frequent ones stay, and the answer says how many there are."""
    names = [f"n{number}" for number in range(MAX_GROUPS + 500)]
    data = pl.DataFrame({"g": [*names, *names[600:]]})
    found = frame(figure(Visu.BAR, "g", aggregation=Aggregation.COUNT), data)
    assert (found.shown, found.of, found.sampled) == (MAX_GROUPS, MAX_GROUPS + 500, True)
    assert set(names[600:]) <= set(found.data["x"].to_list())
    assert found.data["x"].is_sorted()


def test_too_many_points_of_a_line_are_thinned_evenly() -> None:
    """Of an ordered x every n-th stays with all its colours, so that the course is still seen."""
    data = pl.DataFrame({"x": [n // 2 for n in range(20_000)], "c": [n % 2 == 0 for n in range(20_000)]})
    found = frame(figure(Visu.LINE, "x", color="c", aggregation=Aggregation.COUNT), data)
    assert found.data["x"].unique(maintain_order=True).to_list() == list(range(0, 10_000, 10))
    assert (found.shown, found.of) == (2_000, 20_000)


def test_more_colours_than_can_be_drawn_still_give_bars() -> None:
    """One x with thousands of colours shows the bound, not nothing."""
    data = pl.DataFrame({"x": ["a"] * 3_000, "c": [str(n) for n in range(3_000)]})
    found = frame(figure(Visu.BAR, "x", color="c", aggregation=Aggregation.COUNT), data)
    assert (found.shown, found.of) == (MAX_GROUPS, 3_000)


def test_a_histogram_counts_every_finite_value_in_fixed_bins() -> None:
    """Edges come from the whole table, so they hold still under a filter, which may empty bins."""
    data = pl.DataFrame({"x": [0.0, 1.0, 2.5, 10.0, math.nan, None, math.inf], "c": ["p", "q", "p", "q"] + ["p"] * 3})
    tile = figure(Visu.HISTOGRAM, "x", color="c", nbins=4)
    expected = pl.DataFrame(
        {
            "color": ["p"] * 4 + ["q"] * 4,
            "left": [0.0, 2.5, 5.0, 7.5] * 2,
            "right": [2.5, 5.0, 7.5, 10.0] * 2,
            "count": pl.Series([1, 1, 0, 0, 1, 0, 0, 1], dtype=pl.UInt32),
        },
    )
    assert_frame_equal(frame(tile, data).data, expected)
    assert_frame_equal(frame(tile, data, clause("c", "in", "q")).data, expected.tail(4))
    bare = figure(Visu.HISTOGRAM, "x", nbins=4)
    nothing = expected.head(4).select("left", "right", pl.lit(0, dtype=pl.UInt32).alias("count"))
    assert_frame_equal(frame(bare, data, clause("c", "in")).data, nothing)


def test_a_histogram_of_whole_numbers_has_whole_bins() -> None:
    """So that no bin is empty merely because no integer lies in it."""
    data = pl.DataFrame({"x": [1, 2, 3, 4, 5, 6] * 50})
    found = frame(figure(Visu.HISTOGRAM, "x"), data).data
    assert found["left"].to_list() == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    assert found["count"].to_list() == [50] * 6


def test_a_histogram_of_categories_counts_them() -> None:
    """Text and booleans have no edges."""
    found = frame(figure(Visu.HISTOGRAM, "k"), DATA)
    expected = pl.DataFrame({"x": ["x", "y", None], "count": pl.Series([3, 2, 1], dtype=pl.UInt32)})
    assert_frame_equal(found.data, expected)


def test_a_histogram_of_times_has_times_for_edges() -> None:
    """In the column's own zone; the last value lies in the last bin."""
    found = frame(figure(Visu.HISTOGRAM, "t", nbins=5), DATA).data
    start = datetime(2024, 1, 1, tzinfo=UTC)
    assert found.schema["left"] == pl.Datetime("us", "UTC")
    assert found["left"].to_list() == [start + timedelta(days=day) for day in range(5)]
    assert found["count"].to_list() == [1, 1, 1, 1, 2]
    assert frame(figure(Visu.HISTOGRAM, "d", nbins=2), DATA).data["count"].to_list() == [4, 1]


@pytest.mark.parametrize("column", [[None, None], [math.nan, math.inf], [1e301], []])
def test_a_histogram_of_nothing_has_no_bins(column: list[float | None]) -> None:
    """No finite value, no axis."""
    found = frame(figure(Visu.HISTOGRAM, "x"), pl.DataFrame({"x": pl.Series(column, dtype=pl.Float64)}))
    assert (found.data.height, found.shown, found.of) == (0, 0, 0)


@pytest.mark.parametrize("value", [0.0, -3.7, 1e300, 5e-324])
def test_a_histogram_of_one_value_has_one_bin_around_it(value: float) -> None:
    """However large or small the value."""
    found = frame(figure(Visu.HISTOGRAM, "x"), pl.DataFrame({"x": [value] * 3})).data
    assert found["count"].to_list() == [3]
    assert found["left"].item() <= value <= found["right"].item()
    assert found["left"].item() < found["right"].item()


finite = st.floats(-1e300, 1e300) | st.floats(-100, 100) | st.integers(-9, 9).map(float)


@given(st.lists(finite, min_size=1, max_size=60), st.none() | st.integers(1, 40))
@example([0.0, 0.0, 0.0, -1.0, -0.0078125], None)
@example([0.0, 2.225073858507203e-309], None)
@example([0.0, 5e-324, 1e-308], 40)
@settings(max_examples=200, deadline=None)
def test_every_value_lies_between_the_edges_of_its_bin(column: list[float], nbins: int | None) -> None:
    """Counts equal a plain count between the edges that are sent, the last bin closed."""
    found = frame(figure(Visu.HISTOGRAM, "x", nbins=nbins), pl.DataFrame({"x": column})).data
    left, right = found["left"].to_numpy(), found["right"].to_numpy()
    assert np.all(left[1:] == right[:-1])
    assert np.all(left < right)
    values = np.array(column)
    expected = [int(((values >= low) & (values < high)).sum()) for low, high in zip(left, right, strict=True)]
    expected[-1] += int((values == right[-1]).sum())
    assert found["count"].to_list() == expected
    assert sum(expected) == len(column)
    assert len(expected) <= (nbins or 100)


def test_boxes_have_quartiles_fences_and_outliers() -> None:
    """Against numpy's quartiles; whiskers end at values, not at fences."""
    numbers = np.random.default_rng(3).normal(size=2_000)
    data = pl.DataFrame({"g": ["a", "b"] * 1_000, "v": numbers})
    found = frame(figure(Visu.BOX, "g", y="v"), data)
    for row, name in zip(found.data.rows(named=True), "ab", strict=True):
        values = numbers[0::2] if name == "a" else numbers[1::2]
        q1, median, q3 = np.quantile(values, [0.25, 0.5, 0.75])
        near = values[(values >= q1 - 1.5 * (q3 - q1)) & (values <= q3 + 1.5 * (q3 - q1))]
        far = sorted(set(values) - set(near))
        measured = [row[key] for key in ("q1", "median", "q3", "lower", "upper", "min", "max", "mean")]
        expected = [q1, median, q3, near.min(), near.max(), values.min(), values.max(), values.mean()]
        assert measured == pytest.approx(expected)
        assert (row["x"], row["count"], row["outliers"], row["outlier_count"]) == (name, 1_000, far, len(far))


def test_a_box_without_y_is_one_box_of_x() -> None:
    """Only finite values count; colours part it."""
    found = frame(figure(Visu.BOX, "n"), DATA).data
    assert (found["x"].to_list(), found["count"].to_list(), found["median"].to_list()) == ([None], [3], [3.0])
    assert found.schema["x"] == pl.String
    parted = frame(figure(Visu.BOX, "n", color="c"), DATA).data
    assert parted["color"].to_list() == [True, None]
    assert parted["median"].to_list() == [3.0, 3.0]
    assert "needs numbers" in failure(figure(Visu.BOX, "g", y="k"), DATA)


def test_boxes_and_outliers_are_bounded_and_say_so() -> None:
    """The farthest outliers and the largest groups stay."""
    base = [float(n % 7) for n in range(2_000)]
    found = frame(figure(Visu.BOX, "x"), pl.DataFrame({"x": base + [1_000.0 + n for n in range(150)]})).data
    assert found["outlier_count"].item() == 150
    assert found["outliers"].item().to_list() == [1_000.0 + n for n in range(150 - MAX_OUTLIERS, 150)]
    groups = pl.DataFrame({"g": [n // 2 for n in range(2 * MAX_BOXES + 2)] + [0], "v": 1.0})
    bounded = frame(figure(Visu.BOX, "g", y="v"), groups)
    assert (bounded.shown, bounded.of, bounded.sampled) == (MAX_BOXES, MAX_BOXES + 1, True)
    assert bounded.data["x"].to_list()[0] == 0.0


groups_of = st.sampled_from(["a", "b", "ß", "", None])
cells = st.none() | st.integers(-20, 20).map(float) | st.just(math.nan)


COMMON = ("count", "nunique", "sum", "mean", "median", "min", "max")
"""The aggregations that plain Python has; the others are tried on cards."""


@given(st.lists(st.tuples(groups_of, groups_of, cells), max_size=40), st.sampled_from([*map(Aggregation, COMMON)]))
@settings(max_examples=100, deadline=None)
def test_groups_agree_with_python(table: list[tuple[str | None, str | None, float | None]], how: Aggregation) -> None:
    """Every aggregation on random small tables, filtered, against numpy on Python lists."""
    data = pl.DataFrame(table, schema={"g": pl.String, "h": pl.String, "v": pl.Float64}, orient="row")
    tile = figure(Visu.BAR, "g", y="v", color="h", aggregation=how)
    found = frame(tile, data, clause("g", "in", "a", "ß", None))
    left = [row for row in table if row[0] in {"a", "ß", None}]
    by_group: dict[Any, list[float]] = {(g, h): [] for g, h, _ in left}
    for g, h, value in left:
        if value is not None and not math.isnan(value):
            by_group[g, h].append(value)
    plain: dict[Aggregation, Any] = {
        Aggregation.COUNT: len,
        Aggregation.NUNIQUE: lambda values: len(set(values)),
        Aggregation.SUM: sum,
        Aggregation.MEAN: lambda values: float(np.mean(values)) if values else None,
        Aggregation.MEDIAN: lambda values: float(np.median(values)) if values else None,
        Aggregation.MIN: lambda values: min(values, default=None),
        Aggregation.MAX: lambda values: max(values, default=None),
    }
    measured = {(row["x"], row["color"]): row["y"] for row in found.data.rows(named=True)}
    assert measured == {key: pytest.approx(plain[how](values)) for key, values in by_group.items()}
    rows = Counter((g, h) for g, h, _ in left)
    assert {(row["x"], row["color"]): row["rows"] for row in found.data.rows(named=True)} == rows
