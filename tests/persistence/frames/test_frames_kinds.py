"""The other kinds of figure: every frame against plain polars and numpy on the same rows."""

import math
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from domain.tiles import Aggregation, FigureTile, Visu
from persistence.frames.grids import MOST_PARTS
from persistence.frames.levels import MAX_LINES
from persistence.frames.trendlines import lowess
from tests.persistence.frames.support import COLLECTION, clause, failure, frame

RANDOM = np.random.default_rng(7)
SIZE = 600
DATA = pl.DataFrame(
    {
        "g": RANDOM.choice(["a", "b", "c"], SIZE),
        "h": [None if number % 7 == 0 else "uv"[number % 2] for number in range(SIZE)],
        "n": RANDOM.normal(size=SIZE),
        "m": RANDOM.normal(5, 2, SIZE),
        "p": RANDOM.integers(1, 9, SIZE),
        "d": [date(2024, 1, 1) + timedelta(days=number % 90) for number in range(SIZE)],
    }
).with_columns(n=pl.when(pl.col("p") == 3).then(math.inf).otherwise(pl.col("n")))
ONLY_A = clause("g", "in", "a")


def figure(visu: Visu, **roles: Any) -> FigureTile:
    """A figure of the test's table; what is no field of a tile is an option."""
    fields = {name: roles.pop(name) for name in list(roles) if name in FigureTile.__struct_fields__}
    return FigureTile(id="f", collection_id=COLLECTION, visu_type=visu, options=roles, **fields)


def parted(*keys: str, value: str = "m", how: str = "mean", rows: pl.DataFrame = DATA) -> dict[tuple[Any, ...], float]:
    """One number a group by plain polars."""
    found = rows.group_by(keys).agg(getattr(pl.col(value).cast(pl.Float64), how)())
    return {row[:-1]: row[-1] for row in found.iter_rows()}


def found_in(data: pl.DataFrame, *keys: str, value: str = "y") -> dict[tuple[Any, ...], float]:
    return {row[:-1]: row[-1] for row in data.select(*keys, value).iter_rows()}


@pytest.mark.parametrize("visu", [Visu.BAR, Visu.LINE, Visu.AREA])
def test_facets_and_dashes_part_the_groups(visu: Visu) -> None:
    """Under filters too, and missing ones are a group of their own."""
    role = {Visu.BAR: "pattern_shape", Visu.LINE: "line_dash", Visu.AREA: "pattern_shape"}[visu]
    tile = figure(visu, x="g", y="m", facet_col="h", **{role: "p"})
    for clauses, rows in (((), DATA), ((ONLY_A,), DATA.filter(pl.col("g") == "a"))):
        data = frame(tile, DATA, *clauses).data
        assert found_in(data, "x", "facet_col", role) == pytest.approx(parted("g", "h", "p", rows=rows))


def test_bars_that_lie_are_computed_like_those_that_stand() -> None:
    """Their categories are along y."""
    lying = frame(figure(Visu.BAR, x="m", y="g", color="h", orientation="h"), DATA)
    standing = frame(figure(Visu.BAR, x="g", y="m", color="h"), DATA)
    assert_frame_equal(lying.data, standing.data)


@pytest.mark.parametrize(("how", "factor"), [("sd", 1.0), ("sem", None), ("ci95", None)])
def test_error_bars_reach_as_far_as_the_formula_says(how: str, factor: float | None) -> None:
    """By numpy; only around a mean."""
    data = frame(figure(Visu.BAR, x="g", y="m", error_bars=how), DATA).data
    for group, error in zip(data["x"], data["error"], strict=True):
        values = DATA.filter(pl.col("g") == group)["m"].to_numpy()
        sd = values.std(ddof=1)
        expected = sd if factor else sd / math.sqrt(len(values)) * (1.959963984540054 if how == "ci95" else 1)
        assert error == pytest.approx(expected)
    tile = figure(Visu.BAR, x="g", y="m", error_bars=how, aggregation=Aggregation.SUM)
    assert "aggregation mean" in failure(tile, DATA)


@pytest.mark.parametrize(("how", "plain"), [("sum", np.sum), ("avg", np.mean), ("min", np.min), ("max", np.max)])
def test_a_histogram_may_be_of_other_values_than_it_counts(how: str, plain: Any) -> None:
    """Its edges are those of the plain one; a histogram of words too."""
    tile = figure(Visu.HISTOGRAM, x="n", y="m", histfunc=how, nbins=9)
    data = frame(tile, DATA).data
    finite = DATA.filter(pl.col("n").is_finite())
    for row in data.iter_rows(named=True):
        last = row["right"] == data["right"].max()
        inside = finite.filter(pl.col("n").is_between(row["left"], row["right"], closed="both" if last else "left"))
        assert row["count"] == inside.height
        assert row["y"] is None if not inside.height else row["y"] == pytest.approx(plain(inside["m"].to_numpy()))
    words = frame(figure(Visu.HISTOGRAM, x="g", y="m", histfunc=how), DATA).data
    assert found_in(words, "x") == pytest.approx(
        parted("g", how={"sum": "sum", "avg": "mean", "min": "min", "max": "max"}[how])
    )


@pytest.mark.parametrize(("visu", "most"), [(Visu.VIOLIN, 201), (Visu.ECDF, 500)])
def test_values_of_a_spread_are_order_statistics(visu: Visu, most: int) -> None:
    """Lowest and highest are among them; a small group travels whole; infinite values are left out."""
    roles = {"x": "g", "y": "n"} if visu is Visu.VIOLIN else {"x": "n", "color": "g"}
    key = "x" if visu is Visu.VIOLIN else "color"
    for rows in (DATA, pl.concat([DATA] * 4), DATA.head(9)):
        data = frame(figure(visu, **roles), rows).data
        finite = rows.filter(pl.col("n").is_finite())
        assert dict(zip(data[key], data["count"], strict=True)) == dict(finite["g"].value_counts().iter_rows())
        for row in data.iter_rows(named=True):
            values = np.sort(finite.filter(pl.col("g") == row[key])["n"].to_numpy())
            assert len(row["values"]) == min(len(values), most)
            assert (row["values"][0], row["values"][-1]) == (values[0], values[-1])
            assert row["values"] == values[row["ranks"]].tolist()
            assert row["q1"] == pytest.approx(np.quantile(values, 0.25))


def test_parts_of_a_whole_are_sums_or_rows() -> None:
    """Whatever the aggregation of the tile says: other numbers do not add up."""
    assert found_in(frame(figure(Visu.PIE, names="g", values="p"), DATA).data, "x") == parted("g", value="p", how="sum")
    assert found_in(frame(figure(Visu.FUNNEL_AREA, names="h"), DATA).data, "x") == parted("h", value="p", how="len")


@pytest.mark.parametrize("visu", [Visu.SUNBURST, Visu.TREEMAP, Visu.ICICLE])
def test_a_hierarchy_has_its_leaves_and_their_sums(visu: Visu) -> None:
    """Also under filters."""
    tile = figure(visu, path=["g", "h"], values="p")
    assert found_in(frame(tile, DATA).data, "level_0", "level_1") == parted("g", "h", value="p", how="sum")
    some = DATA.filter(pl.col("g") == "a")
    assert found_in(frame(tile, DATA, ONLY_A).data, "level_0", "level_1") == parted(
        "g", "h", value="p", how="sum", rows=some
    )


def test_parallel_categories_count_combinations() -> None:
    """The colour is one more of them."""
    data = frame(figure(Visu.PARALLEL_CATEGORIES, dimensions=["g", "h"], color="p"), DATA).data
    assert found_in(data, "level_0", "level_1", "color", value="rows") == parted("g", "h", "p", how="len")


def test_a_matrix_has_a_number_for_each_pair_and_is_bounded() -> None:
    """Without z rows are counted; of too many categories those with most rows stay, and the frame says so."""
    data = frame(figure(Visu.HEATMAP, x="g", y="h", z="m", aggregation=Aggregation.MAX), DATA).data
    assert found_in(data, "x", "y", value="z") == parted("g", "h", how="max")
    counted = frame(figure(Visu.HEATMAP, x="g", y="h"), DATA).data
    assert found_in(counted, "x", "y", value="z") == parted("g", "h", how="len")
    many = pl.DataFrame({"a": [n % 300 for n in range(12_000)], "b": [n // 40 for n in range(12_000)]})
    bounded = frame(figure(Visu.HEATMAP, x="a", y="b"), many)
    assert (bounded.data["x"].n_unique(), bounded.data["y"].n_unique() <= MAX_LINES) == (MAX_LINES, True)
    assert bounded.shown < bounded.of == 12_000


@pytest.mark.parametrize("visu", [Visu.DENSITY_HEATMAP, Visu.DENSITY_CONTOUR])
def test_a_density_counts_every_row_in_its_cells(visu: Visu) -> None:
    """By numpy over the same edges; the grid is that of the whole table under filters."""
    tile = figure(visu, x="n", y="m", nbinsx=11, nbinsy=7)
    finite = DATA.filter(pl.col("n").is_finite())
    for clauses, rows in (((), finite), ((ONLY_A,), finite.filter(pl.col("g") == "a"))):
        found = frame(tile, DATA, *clauses)
        assert found.density is not None
        assert (found.density.x.count, found.density.y.count) == (11, 7)
        edges = (found.density.x.edges(), found.density.y.edges())
        expected, _, _ = np.histogram2d(rows["n"], rows["m"], bins=edges)
        assert found.density.counts.to_list() == expected.T.ravel().tolist()
        assert (found.shown, found.data["count"].sum()) == (rows.height, rows.height)
    assert "linear axes" in failure(figure(visu, x="n", y="m", log_x=True), DATA)
    assert "'g'" in failure(figure(visu, x="g", y="m"), DATA)


def test_a_density_is_parted_by_colour_and_facets() -> None:
    """Each part on the grid of all, by numpy; together they are all rows. Whole numbers part it, fractions do not."""
    finite = DATA.filter(pl.col("n").is_finite())
    found = frame(figure(Visu.DENSITY_CONTOUR, x="n", y="m", color="g", facet_col="h", nbinsx=6, nbinsy=4), DATA)
    assert found.density is not None
    edges = (found.density.x.edges(), found.density.y.edges())
    for (color, facet), part in finite.partition_by(["g", "h"], as_dict=True).items():
        expected, _, _ = np.histogram2d(part["n"], part["m"], bins=edges)
        own = found.data.filter(pl.col("color").eq_missing(color), pl.col("facet_col").eq_missing(facet))
        assert own["count"].to_list() == expected.T.ravel()[expected.T.ravel() > 0].tolist()
    assert (found.shown, found.of, found.density.counts.sum()) == (finite.height,) * 3
    years = frame(figure(Visu.DENSITY_CONTOUR, x="n", y="m", color="year"), DATA.with_columns(year=pl.lit(2007)))
    assert years.data["color"].unique().to_list() == ["2007"]
    assert "'n' holds fractions" in failure(figure(Visu.DENSITY_CONTOUR, x="n", y="m", color="n"), DATA)
    none = frame(figure(Visu.DENSITY_CONTOUR, x="n", y="m", color="g"), DATA.clear())
    assert (none.data.height, none.shown) == (0, 0)


def test_a_density_has_a_bounded_number_of_parts() -> None:
    """Those with most rows; the frame says how many rows are not drawn."""
    many = pl.DataFrame({"x": list(range(200)) * 2, "y": list(range(200)) * 2, "c": [*range(200), *([7] * 200)]})
    found = frame(figure(Visu.DENSITY_HEATMAP, x="x", y="y", facet_col="c"), many)
    assert (found.data["facet_col"].n_unique(), found.shown, found.of) == (MOST_PARTS, 201 + MOST_PARTS - 1, 400)


def test_marks_are_rows_and_bounded() -> None:
    """In the table's order; the same ones each time; what is not finite is left out."""
    finite = DATA.filter(pl.col("n").is_finite())
    space = frame(figure(Visu.SCATTER_3D, x="n", y="d", z="m", color="g", hover=("h",)), DATA)
    expected = finite.select(x="n", y="d", z="m", color="g", hover_0="h")
    assert_frame_equal(space.data, expected)
    tile = figure(Visu.SCATTER_MATRIX, dimensions=["n", "m"], max_points=50)
    some = frame(tile, DATA)
    assert (some.shown, some.of) == (50, finite.height)
    assert_frame_equal(some.data, frame(tile, DATA).data)
    assert some.data.join(finite.select(dim_0="n", dim_1="m"), on=["dim_0", "dim_1"], how="semi").height == 50


@pytest.mark.parametrize(
    ("tile", "said"),
    [
        (figure(Visu.SCATTER_TERNARY, a="n", b="m", c="g"), "'g'"),
        (figure(Visu.TIMELINE, x_start="n", x_end="d", y="g"), "'n'"),
        (figure(Visu.PARALLEL_COORDINATES, dimensions=["n", "g"]), "'g'"),
        (figure(Visu.SUNBURST, path=["nowhere"]), "'nowhere'"),
        (figure(Visu.STRIP, x="g", y="h"), "'h'"),
        (figure(Visu.SCATTER, x="g", y="m", marginal_x="violin"), "'g'"),
        (figure(Visu.SCATTER, x="g", y="m", trendline="ols"), "'g'"),
    ],
    ids=lambda value: value.visu_type.value if isinstance(value, FigureTile) else "",
)
def test_a_column_that_does_not_fit_is_named(tile: FigureTile, said: str) -> None:
    """With the role that wanted it, never a figure of something else."""
    assert said in failure(tile, DATA)


def test_least_squares_are_those_of_numpy() -> None:
    """Of all rows that match, not of the points that are drawn; by colour, and over all."""
    finite = DATA.filter(pl.col("n").is_finite())
    tile = figure(Visu.SCATTER, x="n", y="m", color="g", trendline="ols", max_points=20)
    lines = frame(tile, DATA).extra["trend"]
    assert lines["color"].to_list() == ["a", "b", "c"]
    for line in lines.iter_rows(named=True):
        part = finite.filter(pl.col("g") == line["color"])
        slope, intercept = np.polyfit(part["n"], part["m"], 1)
        assert (line["slope"], line["intercept"]) == pytest.approx((slope, intercept))
        assert line["r2"] == pytest.approx(np.corrcoef(part["n"], part["m"])[0, 1] ** 2)
        assert (line["n"], line["low"], line["high"]) == (part.height, part["n"].min(), part["n"].max())
    whole = figure(Visu.SCATTER, x="p", y="m", color="g", trendline="ols", trendline_scope="overall",
                   trendline_options={"log_x": True})  # fmt: skip
    (line,) = frame(whole, DATA).extra["trend"].iter_rows(named=True)
    slope, intercept = np.polyfit(np.log10(DATA["p"]), DATA["m"], 1)
    assert (line["slope"], line["intercept"]) == pytest.approx((slope, intercept))


def test_smoothing_follows_a_straight_line_and_ignores_an_outlier() -> None:
    """What is exactly on a line stays there; one wild value among many moves nothing."""
    x = np.linspace(0, 10, 101)
    y = 3 + 2 * x
    at, line = lowess(x, y)
    assert line == pytest.approx(3 + 2 * at)
    y[50] += 1_000
    at, line = lowess(x, y)
    assert line == pytest.approx(3 + 2 * at, abs=0.05)
    found = frame(figure(Visu.SCATTER, x="n", y="m", color="g", trendline="lowess"), DATA).extra["trend"]
    assert found["color"].unique().sort().to_list() == ["a", "b", "c"]
    assert found.group_by("color").len()["len"].max() <= 60


def test_marginals_are_the_figures_that_they_look_like() -> None:
    """Each as a tile of its own would be."""
    tile = figure(Visu.SCATTER, x="n", y="m", color="g", marginal_x="box", marginal_y="histogram")
    found = frame(tile, DATA).extra
    assert_frame_equal(found["marginal_x"], frame(figure(Visu.BOX, x="g", y="n", color="g"), DATA).data)
    assert_frame_equal(found["marginal_y"], frame(figure(Visu.HISTOGRAM, x="m", color="g"), DATA).data)
    above = frame(figure(Visu.HISTOGRAM, x="n", marginal="violin"), DATA).extra["marginal_x"]
    assert_frame_equal(above, frame(figure(Visu.VIOLIN, x="n"), DATA).data)
