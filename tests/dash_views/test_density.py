"""Sampled scatters on the page: the heatmap of all points below the sample, and all points on demand."""

import base64
from datetime import date, timedelta
from typing import Any

import msgspec
import numpy as np
import polars as pl
import pytest

from dash_views import answers, wire
from dash_views.answering import Ask, signature
from dash_views.answers import MOST_POINTS, More
from dash_views.figures import figure
from dash_views.figures.arrays import Grid, array, inlined
from dash_views.figures.build import OPACITY
from dash_views.figures.raster import LEVELS, levels, raster
from domain.dashboards import Dashboard
from domain.tiles import FigureTile, FilterTile, FilterWidget, Visu
from domain.wording import grouped
from services.queries import Bins, Density, Failure
from tests.dash_views.conftest import Town
from tests.dash_views.page import answered
from tests.dash_views.test_board_http import changed, known_after, of
from tests.dash_views.test_figures import frame, numbers, tile

ROWS = 6_000
POINTS = pl.DataFrame(
    {
        "x": [n * 31 % 997 if n % 50 else None for n in range(ROWS)],
        "y": [n * 7_919 % 4_999 for n in range(ROWS)],
        "kind": [f"k{n % 3}" for n in range(ROWS)],
        "day": [date(2024, 3, 1) + timedelta(days=n % 90) for n in range(ROWS)],
    }
)
DENSITY = Density(x=Bins(0.0, 2.0, 3, 6.0), y=Bins(10.0, 5.0, 2, 20.0), counts=pl.Series([0, 1, 2, 9, 99, 100_000]))


def sampled(**more: Any) -> FigureTile:
    return tile(Visu.SCATTER, "x", "y", **more)


# -- the figure


def test_the_darkest_cell_has_the_most_points_and_one_point_can_be_seen() -> None:
    """Levels rise with the logarithm of the count; only cells without a point are clear."""
    found = levels(DENSITY)
    assert found.dtype == np.uint8
    assert found[0] == 0
    assert 0 < found[1] < found[2] < found[3] < found[4] < found[5] == LEVELS
    single = msgspec.structs.replace(DENSITY, counts=pl.Series([1, 0, 0, 0, 0, 0]))
    assert 0 < levels(single)[0] <= LEVELS


def test_the_cells_lie_where_their_bins_are() -> None:
    """Their middles, from the first one on; on axes of dates in milliseconds. It is sent as rows of bytes."""
    made = raster(DENSITY, x_is_date=False, y_is_date=True)
    assert (made["x0"], made["dx"], made["y0"], made["dy"]) == (1.0, 2.0, 0.0125, 0.005)
    assert (made["z"].width, made["z"].cells.dtype) == (3, "u1")
    assert inlined(made["z"])["shape"] == "2, 3"
    assert (made["hoverinfo"], made["showscale"], made["showlegend"]) == ("skip", False, False)


def test_the_points_are_drawn_above_it() -> None:
    """The first trace lies below the others, which are paler then; a whole table has none."""
    data = pl.DataFrame({"x": [1.0, 2.0], "y": [11.0, 12.0]})
    without = frame(data)
    traces = figure(sampled(), msgspec.structs.replace(without, of=9, density=DENSITY))["data"]
    assert [trace["type"] for trace in traces] == ["heatmap", "scatter"]
    assert traces[1]["marker"]["opacity"] < OPACITY
    (alone,) = figure(sampled(), without)["data"]
    assert alone["marker"]["opacity"] == OPACITY


def test_only_the_levels_travel_again() -> None:
    """Under another filter the mould is the same."""
    other = msgspec.structs.replace(DENSITY, counts=pl.Series([5, 0, 0, 0, 0, 7]))
    made = [{"data": [raster(one, x_is_date=False, y_is_date=False)], "layout": {}} for one in (DENSITY, other)]
    first = wire.figure_parts(made[0], None)
    again = wire.figure_parts(made[1], first["mark"])
    assert again == {"mark": first["mark"], "arrays": [made[1]["data"][0]["z"]]}


def test_a_grid_crosses_the_wire() -> None:
    """As rows, the lowest first."""
    grid = Grid(array(np.arange(6, dtype=np.uint8)), 3)
    content = wire.body({"tiles": {"t": {"z": grid}}})
    assert answered(content)["tiles"]["t"]["z"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert base64.b64decode(inlined(grid)["bdata"]) == bytes(range(6))


# -- what a reader can do about a sample


@pytest.mark.parametrize(
    ("matching", "is_full", "act"),
    [
        (5_000, False, None), (5_001, False, "all"), (MOST_POINTS, False, "all"), (MOST_POINTS + 1, False, ""),
        (5_000, True, None), (5_001, True, "sample"), (MOST_POINTS + 1, True, "sample"),
    ],
)  # fmt: skip
def test_all_points_are_offered_up_to_a_bound(matching: int, is_full: bool, act: str | None) -> None:
    """Beyond it the tile says why not, and what to do."""
    found = answers.more_of(sampled(), frame(POINTS, of=matching), is_full=is_full)
    assert (found and found.act) == act
    if matching > MOST_POINTS:
        assert found
        assert found.why.startswith(f"More than {grouped(MOST_POINTS)} points are not drawn one by one. Set filters")


def test_nothing_is_offered_elsewhere() -> None:
    """Not for bars, and not for what has failed."""
    assert answers.more_of(tile(Visu.BAR, "x", "y"), frame(POINTS, of=10**6), is_full=False) is None
    assert answers.more_of(sampled(), Failure("no"), is_full=True) is None


def test_the_bound_of_a_tile_is_never_lowered() -> None:
    assert answers.enlarged(sampled(max_points=500_000)).max_points == 500_000
    assert answers.enlarged(sampled()).max_points == MOST_POINTS


def test_the_signature_says_whether_all_points_are_wanted() -> None:
    """So that the tile is sent again; of other tiles it stays as it is."""
    signed = [signature(sampled(), (), {"c": 1}, (), None, is_full=is_full) for is_full in (False, True)]
    assert signed[0] != signed[1]
    ask = Ask(sequence=1, full=frozenset({"t"}))
    assert [ask.enlarges(one) for one in (sampled(), tile(Visu.BAR, "x"))] == [True, False]


# -- over HTTP


@pytest.fixture(scope="module")
async def board(town: Town) -> Dashboard:
    """Two scatters over six thousand points, and a filter."""
    access = await town.world.project(town.users["owner"], viewer=town.users["viewer"])
    collection = await town.add_table(access, "points", POINTS)
    one = {"collection_id": collection.id}
    tiles: tuple[Any, ...] = (
        FigureTile(id="places", visu_type=Visu.SCATTER, x="x", y="y", max_points=500, **one),
        FigureTile(id="days", visu_type=Visu.SCATTER, x="day", y="y", color="kind", **one),
        FilterTile(id="kind", column_name="kind", interactive_component_type=FilterWidget.MULTI_SELECT, **one),
    )
    dashboard = await town.world.services.dashboards.create(access, "Points")
    return await town.save(dashboard, {tile.id: tile for tile in tiles}, access)


def traces(answer: dict[str, Any], tile_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = of(answer, "figure", tile_id)["data"]
    return found


@pytest.mark.parametrize("kinds", [["k0", "k1", "k2"], ["k1"], ["k0", "k2"]], ids=" ".join)
async def test_the_raster_counts_all_points_that_match(town: Town, board: Dashboard, kinds: list[str]) -> None:
    """Each cell is as dark as the number of points says that plain polars counts in it."""
    answer = await (await town.page(dashboard=board)).ask({"kind": [["in", kinds]]})
    below, points = traces(answer, "places")
    rows = POINTS.filter(pl.col("kind").is_in(kinds) & pl.col("x").is_not_null())
    assert of(answer, "badge", "places") == f"500 of {grouped(rows.height)} points"
    assert len(points["x"]) == 500
    # Whole numbers lie between the edges, so that nothing is rounded across one.
    cells = [
        ((pl.col(axis) - below[f"{axis}0"]) / below[f"d{axis}"]).round().cast(pl.Int64).alias(axis) for axis in "xy"
    ]
    counts = np.zeros(below["z"].shape, dtype=np.uint32)
    for x, y, count in rows.group_by(cells).len().iter_rows():
        counts[y, x] = count
    expected = levels(msgspec.structs.replace(DENSITY, counts=pl.Series(counts.ravel())))
    assert np.array_equal(below["z"].ravel(), expected)


async def test_all_points_come_on_demand(town: Town, board: Dashboard) -> None:
    """Only of the tile that wants them, with WebGL and without a raster; a sample comes back as it was."""
    page = await town.page(dashboard=board)
    before = await page.ask()
    assert of(before, "more", "places") == {"act": "all", "label": "Load all", "why": "Draw all 5\u202f880 points"}
    assert of(before, "badge", "days") == f"5\u202f000 of {grouped(ROWS)} points"
    known = known_after(before)
    full = await page.ask(known=known, full=["places", "gone"])
    assert changed(full) == {"places"}
    (points,) = traces(full, "places")
    expected = POINTS.drop_nulls("x")
    assert points["type"] == "scattergl"
    assert numbers(points["x"]) == expected["x"].to_list()
    assert numbers(points["y"]) == expected["y"].to_list()
    assert of(full, "badge", "places") == ""
    assert More(**of(full, "more", "places")).act == "sample"
    known = known_after(full, known)
    assert changed(await page.ask(known=known, full=["places"])) == set()
    back = await page.ask(known=known)
    assert changed(back) == {"places"}
    assert back["signatures"] == before["signatures"]
    assert len(traces(back, "places")[1]["x"]) == 500


async def test_the_server_keeps_its_bound(town: Town) -> None:
    """Whatever a browser asks for, no more points than that are sent."""
    count = MOST_POINTS + 5_000
    access = await town.world.project(town.users["owner"], viewer=town.users["viewer"])
    rows = pl.DataFrame({"x": pl.int_range(count, eager=True) % 1_009, "y": pl.int_range(count, eager=True) % 997})
    collection = await town.add_table(access, "many", rows)
    many = FigureTile(id="many", collection_id=collection.id, visu_type=Visu.SCATTER, x="x", y="y")
    dashboard = await town.world.services.dashboards.create(access, "Many")
    dashboard = await town.save(dashboard, {"many": many}, access)
    answer = await (await town.page(dashboard=dashboard)).ask(full=["many"])
    below, points = traces(answer, "many")
    assert below["type"] == "heatmap"
    assert len(points["x"]) == MOST_POINTS
    assert of(answer, "more", "many")["act"] == "sample"
