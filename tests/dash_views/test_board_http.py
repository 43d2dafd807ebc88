"""The one round trip over HTTP, as Dash posts it: exact numbers under every kind of filter, and only what changed."""

import json
import math
from datetime import date, datetime
from typing import Any

import msgspec
import numpy as np
import polars as pl
import pytest

from dash_views import ids
from domain.dashboards import Dashboard
from domain.filters import WHERE
from domain.tiles import Aggregation, CardTile, FigureTile, FilterTile, FilterWidget, Visu, kind_of
from domain.wording import grouped
from services.queries import Queries
from tests.dash_views.conftest import Town
from tests.dash_views.page import answered, components, held
from tests.dash_views.test_figures import numbers

Answer = dict[str, Any]
CARDS = ("penguins", "mean-mass", "mean-flipper", "median-bill")
FIGURES = ("bills", "flippers", "mass-by-species", "by-island")
MEASURES = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
TABLE_COLUMNS = ["individual_id", *MEASURES, "island", "sex", "year", "species"]
SHOWN = (*CARDS, *FIGURES, "rows")


def text(node: Any) -> str:
    """All words of drawn components, of a card's number or of a notice, in order."""
    if isinstance(node, list):
        return "|".join(filter(None, map(text, node)))
    if isinstance(node, dict):
        return text(held(node)) if "props" in node else text(list(node.values()))
    return "" if node is None else str(node)


def of(answer: Answer, part: str, tile: str) -> Any:
    """One part of what a tile shows: figure, number, page, notice or badge."""
    return answer["tiles"][tile][part]


def notice(answer: Answer, tile: str) -> str:
    """Why a tile shows no data; empty when it does."""
    said = of(answer, "notice", tile)
    return said["text"] if said else ""


def changed(answer: Answer) -> set[str]:
    """The tiles of which anything was sent."""
    return set(answer["tiles"])


def known_after(answer: Answer, before: dict[str, str] | None = None) -> dict[str, str]:
    """The signatures that a browser keeps: of the tiles that it was sent, or had already, and that have not failed."""
    said = answer["signatures"]
    sent = {tile for tile, entry in answer["tiles"].items() if not (entry["notice"] or {}).get("failed")}
    return {tile: said[tile] for tile in said if tile in sent or (before or {}).get(tile) == said[tile]}


def classes(layout: Any) -> list[str]:
    """The names of the style of every component."""
    return [one["props"].get("className") for one in components(layout)]


# -- the layout


@pytest.mark.parametrize("app", ["view", "edit"])
async def test_the_layout_holds_every_tile(town: Town, app: str) -> None:
    """A place on the grid for each, with the parts that its answer fills; a control for each filter."""
    page = await town.page("owner", app)
    grid = page.props(ids.GRID)
    tiles = {tile.id: tile for tile in town.dashboard.grid_tiles}
    assert [item["id"] for item in grid["items"]] == list(tiles)
    boxes = [{name: item[name] for name in "xywh"} for item in grid["items"]]
    assert boxes == [{name: getattr(tile.layout, name) for name in "xywh"} for tile in tiles.values()]
    assert grid["editable"] is (app == "edit")
    assert len(grid["children"]) == len(tiles)
    roles: dict[str, Any] = {"figure": FIGURES, "rows": ("rows",)}
    for role, expected in roles.items():
        found = {json.loads(name)["tile"] for name in page.found if name.startswith(f'{{"role":"{role}",')}
        assert found == set(expected), role
    for drawn, kinds in (("tile-number", {"card"}), ("tile-skeleton", {"card", "figure", "table"})):
        assert classes(page.layout).count(drawn) == len([tile for tile in tiles.values() if kind_of(tile) in kinds])
    assert classes(page.layout).count("tile-notice") == classes(page.layout).count("tile-badge") == len(tiles)
    filters = {tile.id for tile in town.dashboard.filters} | {WHERE}
    assert {json.loads(name)["tile"] for name in page.found if name.startswith('{"role":"filter",')} == filters
    assert set(page.props(ids.TILES)["data"]) == {*town.dashboard.tiles, WHERE}


async def test_controls_offer_what_the_columns_hold(town: Town) -> None:
    """Choices with their counts, the ends of a range: computed here from the same rows."""
    page = await town.page()
    counts = town.rows.group_by("species").len().sort("len", descending=True)
    species = page.props(ids.part("filter", "species"))
    assert species["data"] == [{"value": name, "label": f"{name} ({rows})"} for name, rows in counts.iter_rows()]
    mass = page.props(ids.part("filter", "body-mass"))
    ends = [town.rows["body_mass_g"].min(), town.rows["body_mass_g"].max()]
    assert [mass["min"], mass["max"]] == mass["value"] == ends
    known = page.props(ids.TILES)["data"]
    assert known["body-mass"] == {
        "type": "interactive", "label": "Body mass (g)", "widget": "RangeSlider", "kind": "number",
        "min": ends[0], "max": ends[1], "drawn": [1, 2], "collection": town.collection.id,
    }  # fmt: skip
    assert known["bills"] == {
        "type": "figure", "label": "Bill length and depth", "by": "individual_id", "at": 3,
        "collection": town.collection.id,
    }  # fmt: skip
    assert known["rows"] == {
        "type": "table", "label": "All penguins", "by": "individual_id", "collection": town.collection.id,
    }  # fmt: skip


# -- exact numbers under every kind of filter

ALL = pl.lit(value=True)
CASES: list[tuple[str, dict[str, Any], pl.Expr]] = [
    ("nothing", {}, ALL),
    ("one species", {"species": [["in", ["Adelie"]]]}, pl.col("species") == "Adelie"),
    (
        "two filters",
        {"species": [["in", ["Gentoo", "Adelie"]]], "island": [["in", ["Biscoe"]]]},
        pl.col("species").is_in(["Gentoo", "Adelie"]) & (pl.col("island") == "Biscoe"),
    ),
    ("a range", {"body-mass": [["between", [3500, 4500.0]]]}, pl.col("body_mass_g").is_between(3500, 4500)),
    ("from", {"body-mass": [["between", [4500, None]]]}, pl.col("body_mass_g") >= 4500),
    ("to", {"body-mass": [["between", [None, 3500]]]}, pl.col("body_mass_g") <= 3500),
    ("words", {"individual": [["contains", ["GENTOO_1"]]]}, pl.col("individual_id").str.contains("gentoo_1")),
    ("words that are no pattern", {"individual": [["contains", [".*"]]]}, ~ALL),
    ("nothing left", {"species": [["in", []]]}, ~ALL),
    (
        "everything at once",
        {
            "species": [["in", ["Chinstrap", "Gentoo"]]],
            "body-mass": [["between", [None, 5000]]],
            "individual": [["contains", ["_1"]]],
        },
        (pl.col("species") != "Adelie") & (pl.col("body_mass_g") <= 5000) & pl.col("individual_id").str.contains("_1"),
    ),
]


def card_texts(rows: pl.DataFrame) -> dict[str, str]:
    """The numbers of the four cards, by plain polars."""

    def number(value: float | None, decimals: int) -> str:
        return "—" if value is None else grouped(value, decimals)

    return {
        "penguins": grouped(rows["individual_id"].n_unique()),
        "mean-mass": number(rows["body_mass_g"].mean(), 0),  # type: ignore[arg-type]
        "mean-flipper": number(rows["flipper_length_mm"].mean(), 1),  # type: ignore[arg-type]
        "median-bill": number(rows["bill_length_mm"].median(), 1),  # type: ignore[arg-type]
    }


def check(answer: Answer, rows: pl.DataFrame, total: int = 342) -> None:
    """Every tile of the penguins shows exactly these rows."""
    assert answer["failure"] is None
    assert {tile: of(answer, "number", tile)["value"] for tile in CARDS} == card_texts(rows)
    badge = "" if rows.height == total else f"{rows.height} of {total} rows"
    assert {of(answer, "badge", tile) for tile in SHOWN} == {badge}
    check_figures(answer, rows)
    page = of(answer, "page", "rows")["response"]
    assert page["rowCount"] == rows.height
    assert page["rowData"] == rows.select(TABLE_COLUMNS).head(100).to_dicts()


def check_figures(answer: Answer, rows: pl.DataFrame) -> None:
    bills, flippers, boxes, bars = (of(answer, "figure", tile)["data"] for tile in FIGURES)
    points = [
        (trace["name"], x, y, one[0], one[-1])
        for trace in bills
        for x, y, one in zip(numbers(trace["x"]), numbers(trace["y"]), trace["customdata"], strict=True)
    ]
    columns = ("species", "bill_length_mm", "bill_depth_mm", "individual_id", "individual_id")
    assert sorted(points) == sorted(zip(*(rows[column] for column in columns), strict=True))
    counted = {trace["name"]: sum(numbers(trace["y"])) for trace in flippers}
    assert counted == dict(rows.group_by("species").len().iter_rows())
    medians = {
        (species, trace["name"]): median
        for trace in boxes
        for species, median in zip(trace["x"], numbers(trace["median"]), strict=True)
    }
    sexes = rows.with_columns(pl.col("sex").fill_null("missing"))
    assert medians == {(one, sex): value for one, sex, value in sexes.group_by("species", "sex").agg(
        pl.col("body_mass_g").median()).iter_rows()}  # fmt: skip
    grouped_bars = {
        (island, trace["name"]): rows
        for trace in bars
        for island, rows in zip(trace["x"], numbers(trace["y"]), strict=True)
    }
    assert grouped_bars == {
        (island, one): count for island, one, count in rows.group_by("island", "species").len().iter_rows()
    }


@pytest.mark.parametrize(("wishes", "kept"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
async def test_every_tile_shows_the_rows_that_the_filters_leave(
    town: Town, wishes: dict[str, Any], kept: pl.Expr
) -> None:
    """All in one answer, equal to plain polars on the files."""
    answer = await (await town.page()).ask(wishes)
    check(answer, town.rows.filter(kept))
    empty = {notice(answer, tile) for tile in (*FIGURES, "rows")}
    assert empty == ({"No rows match the filters."} if town.rows.filter(kept).is_empty() else {""})


@pytest.mark.parametrize(
    ("visu", "more"),
    [
        (Visu.PIE, {"options": {"names": "species"}}),
        (Visu.FUNNEL, {"x": "body_mass_g", "y": "species"}),
        (Visu.VIOLIN, {"x": "species", "y": "body_mass_g"}),
        (Visu.STRIP, {"x": "species", "y": "body_mass_g"}),
    ],
)
async def test_a_picked_mark_narrows_the_others(town: Town, visu: Visu, more: dict[str, Any]) -> None:
    """By exactly the rows that it is made of; the browser knows what its marks stand for."""
    board = await town.copy()
    tile = FigureTile(id="marks", collection_id=town.collection.id, visu_type=visu, **more)
    page = await town.page(dashboard=await town.save(board, {**board.tiles, tile.id: tile}))
    known = page.props(ids.TILES)["data"]["marks"]
    assert (known["by"], known["kind"], known["pick"]) == ("species", "text", "value")
    answer = await page.ask({"marks": [["in", ["Gentoo"]]]})
    picked = town.rows.filter(pl.col("species") == "Gentoo")
    assert {tile: of(answer, "number", tile)["value"] for tile in CARDS} == card_texts(picked)
    assert of(answer, "badge", "rows") == "123 of 342 rows"


async def test_bars_of_one_colour_narrow_to_that_colour(town: Town) -> None:
    """Two bars are the rows of both and no others; the tile itself keeps all that it shows."""
    page = await town.page()
    assert page.props(ids.TILES)["data"]["by-island"]["also"] == [{"role": "color", "name": "species", "kind": "text"}]
    answer = await page.ask({"by-island": [["marks", [["Biscoe", "Adelie"], ["Dream", "Chinstrap"]]]]})
    pairs = pl.DataFrame({"island": ["Biscoe", "Dream"], "species": ["Adelie", "Chinstrap"]})
    picked = town.rows.join(pairs, on=["island", "species"], how="semi")
    assert {tile: of(answer, "number", tile)["value"] for tile in CARDS} == card_texts(picked)
    assert of(answer, "badge", "rows") == "112 of 342 rows"
    bars = of(answer, "figure", "by-island")["data"]
    assert sum(int(number) for trace in bars for number in numbers(trace["y"])) == 342
    assert [trace["meta"]["parts"] for trace in bars] == [{"color": trace["name"]} for trace in bars]


@pytest.mark.parametrize(
    ("visu", "more", "pick", "mark", "rows"),
    [
        (Visu.SUNBURST, {"options": {"path": ["island", "species"]}}, "path", ["Biscoe"], 167),
        (Visu.TREEMAP, {"options": {"path": ["island", "species"]}}, "path", ["Dream", "Adelie"], 56),
        (Visu.HEATMAP, {"x": "island", "y": "species"}, "cell", ["Dream", "Adelie"], 56),
        (Visu.DENSITY_HEATMAP, {"x": "bill_length_mm", "y": "body_mass_g"}, "grid", [[None, 1e9], [None, None]], 342),
    ],
)
async def test_cells_and_paths_narrow_the_others(
    town: Town, visu: Visu, more: dict[str, Any], pick: str, mark: list[Any], rows: int
) -> None:
    """By the rows that they are made of."""
    board = await town.copy()
    tile = FigureTile(id="marks", collection_id=town.collection.id, visu_type=visu, **more)
    page = await town.page(dashboard=await town.save(board, {**board.tiles, tile.id: tile}))
    assert page.props(ids.TILES)["data"]["marks"]["pick"] == pick
    answer = await page.ask({"marks": [["marks", [mark]]]})
    assert of(answer, "badge", "rows") == ("" if rows == 342 else f"{rows} of 342 rows")


@pytest.mark.parametrize("source", ["bills", "rows"])
async def test_a_selection_narrows_the_others_and_not_itself(town: Town, source: str) -> None:
    """So that one can select anew among all that was there."""
    chosen = ["gentoo_3", "adelie_7", "chinstrap_1"]
    answer = await (await town.page()).ask({source: [["in", chosen]], "species": [["in", ["Gentoo", "Adelie"]]]})
    rows = town.rows.filter(pl.col("species") != "Chinstrap")
    picked = rows.filter(pl.col("individual_id").is_in(chosen))
    assert {tile: of(answer, "number", tile)["value"] for tile in CARDS} == card_texts(picked)
    assert [of(answer, "badge", tile) for tile in ("bills", "rows")] == [
        f"{(rows if tile == source else picked).height} of 342 rows" for tile in ("bills", "rows")
    ]


@pytest.mark.parametrize("who", ["owner", "editor", "viewer"])
@pytest.mark.parametrize("app", ["view", "edit"])
async def test_all_roles_filter_alike(town: Town, who: str, app: str) -> None:
    """In the viewer, and in the editor for those who may open it."""
    if (who, app) == ("viewer", "edit"):
        return  # Refused; see test_board_access.
    answer = await (await town.page(who, app)).ask({"species": [["in", ["Adelie"]]]})
    check(answer, town.rows.filter(pl.col("species") == "Adelie"))


REGIONS: list[tuple[list[Any], pl.Expr]] = [
    (
        [["between", [1.0, 2.0]], ["between", [0.2, 0.4]]],
        pl.col("petal.length").is_between(1.0, 2.0) & pl.col("petal.width").is_between(0.2, 0.4),
    ),
    ([["within", [0.95, 0, 2, 0, 2, 3, 0.95, 3]]], pl.col("petal.length").is_between(0.95, 2)),
]


@pytest.mark.parametrize(("wishes", "kept"), REGIONS, ids=["box", "lasso"])
async def test_a_region_of_a_scatter_narrows_the_others(town: Town, wishes: list[Any], kept: pl.Expr) -> None:
    """Without a selection column the drawn region itself is the filter; columns may have dots in their names."""
    iris = pl.read_csv("examples/iris/iris.csv")
    page = await town.page("outsider", dashboard=town.iris)
    answer = await page.ask({"petals": wishes})
    rows = iris.filter(kept)
    assert 0 < rows.height < 150
    assert of(answer, "number", "flowers")["value"] == str(rows.height)
    assert of(answer, "badge", "petals") == ""
    assert of(answer, "badge", "sepals") == f"{rows.height} of 150 rows"
    points = [x for trace in of(answer, "figure", "sepals")["data"] for x in numbers(trace["x"])]
    assert sorted(points) == sorted(rows["sepal.length"])


# -- dates, missing values, numbers and booleans as choices

DIARY = pl.DataFrame(
    {
        "day": [date(2009, 1, 1 + day) for day in range(6)],
        "at": [datetime(2009, 1, 1 + day, 23, 59, 59, 999_999) for day in range(6)],  # noqa: DTZ001
        "where": ["a", "b", None, "a", None, "c"],
        "dose": [0.5, 1.0, 2.0, None, 1.0, 0.5],
        "dead": [True, False, None, True, False, True],
        "value": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
    }
)
SECOND_TO_FOURTH = pl.col("day").is_between(date(2009, 1, 2), date(2009, 1, 4))
CHOICES: list[tuple[str, list[Any], pl.Expr]] = [
    ("day", ["between", ["2009-01-02", "2009-01-04"]], SECOND_TO_FOURTH),
    ("day", ["between", [None, "2009-01-04"]], pl.col("day") <= date(2009, 1, 4)),
    ("at", ["between", ["2009-01-02", "2009-01-04T23:59:59.999999"]], SECOND_TO_FOURTH),
    ("where", ["in", ["a", None]], pl.col("where").is_null() | (pl.col("where") == "a")),
    ("where", ["in", [None]], pl.col("where").is_null()),
    ("dose", ["in", [1, 0.5]], pl.col("dose").is_in([0.5, 1.0])),
    ("dead", ["in", [True]], pl.col("dead")),
]
WIDGETS = {"day": FilterWidget.DATE_RANGE, "at": FilterWidget.DATE_RANGE}


@pytest.fixture(scope="session")
async def diary(town: Town) -> Dashboard:
    """A dashboard of the owner on a table with a column of every kind."""
    access = await town.world.project(town.users["owner"], viewer=town.users["viewer"])
    collection = await town.add_table(access, "diary", DIARY)
    filters = [
        FilterTile(id=name, collection_id=collection.id, column_name=name,
                   interactive_component_type=WIDGETS.get(name, FilterWidget.MULTI_SELECT))
        for name in ("day", "at", "where", "dose", "dead")
    ]  # fmt: skip
    total = CardTile(id="sum", collection_id=collection.id, column_name="value", aggregation=Aggregation.SUM)
    dashboard = await town.world.services.dashboards.create(access, "Diary")
    return await town.save(dashboard, {tile.id: tile for tile in (*filters, total)}, access)


@pytest.mark.parametrize(("column", "wish", "kept"), CHOICES, ids=[f"{c[0]} {c[1]}" for c in CHOICES])
async def test_filters_of_every_kind_of_column_are_exact(
    town: Town, diary: Dashboard, column: str, wish: list[Any], kept: pl.Expr
) -> None:
    """Days are whole days, a missing value can be chosen, numbers and booleans keep their type."""
    answer = await (await town.page(dashboard=diary)).ask({column: [wish]})
    expected = DIARY.filter(kept)["value"]
    assert 0 < expected.len() < DIARY.height
    said = {"value": f"{expected.sum():.2f}", "unit": "", "note": f"sum of value · {expected.len()} values"}
    assert of(answer, "number", "sum") == said


async def test_choices_are_the_texts_that_the_browser_gives_back(town: Town, diary: Dashboard) -> None:
    """JavaScript writes 1.0 as 1: a choice that came from a link must find itself among the options."""
    page = await town.page(dashboard=diary)
    offered = {
        name: [one["value"] for one in page.props(ids.part("filter", name))["data"]]
        for name in ("where", "dose", "dead")
    }
    assert set(offered["where"]) == {"a", "b", "c", "\N{EMPTY SET}"}
    assert set(offered["dose"]) == {"0.5", "1", "2", "\N{EMPTY SET}"}
    assert set(offered["dead"]) == {"true", "false", "\N{EMPTY SET}"}
    day = page.props(ids.part("filter", "day"))
    assert (day["minDate"], day["maxDate"]) == ("2009-01-01", "2009-01-06")


# -- only what changed


async def test_what_the_browser_knows_is_not_sent_again(town: Town) -> None:
    """The same state gives nothing; another gives every tile of the table; its own selection leaves a tile alone."""
    page = await town.page()
    first = await page.ask()
    known = known_after(first)
    assert set(known) == set(SHOWN)
    assert changed(first) == set(SHOWN)
    again = await page.ask(known=known)
    assert (changed(again), known_after(again, known)) == (set(), known)
    filtered = await page.ask({"species": [["in", ["Gentoo"]]]}, known=known)
    assert changed(filtered) == set(SHOWN)
    selected = await page.ask({"bills": [["in", ["gentoo_3"]]]}, known=known)
    assert changed(selected) == set(SHOWN) - {"bills"}
    assert selected["signatures"]["bills"] == known["bills"]
    back = await page.ask(known={**selected["signatures"], "rows": "something else"})
    assert changed(back) == set(SHOWN) - {"bills"}


async def test_sorting_a_table_asks_for_nothing_else(town: Town) -> None:
    """How the reader has sorted and filtered it belongs to its signature."""
    page = await town.page()
    known = known_after(await page.ask())
    model = {"sortModel": [{"colId": "body_mass_g", "sort": "desc"}], "filterModel": {}}
    answer = await page.ask(known=known, tables={"rows": model})
    assert changed(answer) == {"rows"}
    found = of(answer, "page", "rows")
    assert found["model"] == model
    expected = town.rows.sort("body_mass_g", descending=True, maintain_order=True)["body_mass_g"].head(100)
    assert [row["body_mass_g"] for row in found["response"]["rowData"]] == expected.to_list()


async def test_rows_that_were_sorted_are_not_sent_again(town: Town) -> None:
    """The first block that a table asks for has the signature of an answer under the same state and sorting."""
    page = await town.page()
    wishes = {"species": [["in", ["Gentoo"]]]}
    model = {"sortModel": [{"colId": "body_mass_g", "sort": "desc"}], "filterModel": {}}
    sorted_rows = await page.rows("rows", wishes, **model)
    answer = await page.ask(wishes, tables={"rows": model}, known={"rows": sorted_rows["signature"]})
    assert changed(answer) == set(SHOWN) - {"rows"}
    assert (await page.rows("rows", wishes, startRow=100, endRow=120, **model))["signature"] is None


async def test_a_saved_tile_is_sent_again_and_its_neighbours_are_not(town: Town) -> None:
    """The version of the tile belongs to its signature."""
    board = await town.copy()
    page = await town.page(dashboard=board)
    known = known_after(await page.ask())
    tile = msgspec.structs.replace(board.tiles["mean-mass"], title="Mass")
    await town.world.services.dashboards.replace_tile(town.penguins, board.id, tile)
    assert changed(await page.ask(known=known)) == {"mean-mass"}


async def test_numbers_arrive_as_their_bits(town: Town) -> None:
    """Eight bytes a float, nothing rounded on the way, and no NaN in the JSON."""
    page = await town.page()
    answer = await page.post_ask({"sequence": 1})
    assert b"NaN" not in answer.content
    figure = of(answered(answer.content), "figure", "bills")
    assert {trace["x"].dtype.str for trace in figure["data"]} == {"<f8"}
    total = math.fsum(x for trace in figure["data"] for x in numbers(trace["x"]))
    assert total == math.fsum(town.rows["bill_length_mm"])


# -- in steps, and in few bytes


async def test_the_tiles_that_are_seen_come_first_and_the_rest_without_them(town: Town) -> None:
    """The first step names its tiles; the second brings what then is missing. Both give every signature."""
    page = await town.page()
    first = await page.ask(tiles=["bills", "penguins", "no-such-tile"])
    assert changed(first) == {"bills", "penguins"}
    assert set(first["signatures"]) == set(SHOWN)
    rest = await page.ask(known=known_after(first))
    assert changed(rest) == set(SHOWN) - {"bills", "penguins"}
    assert rest["signatures"] == first["signatures"]


async def test_the_mould_of_a_figure_is_sent_once(town: Town) -> None:
    """Who has it gets the arrays alone, and puts together what somebody else gets whole."""
    page = await town.page()
    before = await page.ask()
    marks = {tile: of(before, "figure", tile)["mark"] for tile in FIGURES}
    wishes = {"island": [["in", ["Biscoe", "Dream", "Torgersen"]]], "body-mass": [["between", [3000, None]]]}
    whole, parts = await page.ask(wishes), await page.ask(wishes, marks=marks)
    for tile in ("bills", "flippers", "by-island"):  # A box has another mould when it has outliers.
        one, other = of(whole, "figure", tile), of(parts, "figure", tile)
        assert (one["mark"], "mould" in one, "mould" in other) == (marks[tile], True, False)
        assert all(np.array_equal(a, b) for a, b in zip(one["arrays"], other["arrays"], strict=True))
    gentoo = await page.ask({"species": [["in", ["Gentoo"]]]}, marks=marks)
    assert [trace["name"] for trace in of(gentoo, "figure", "bills")["data"]] == ["Gentoo"]


async def test_an_answer_is_compressed_for_those_who_read_it(town: Town) -> None:
    """And the same otherwise."""
    page = await town.page()
    plain, packed = [await page.post_ask({"sequence": 1}, **{"accept-encoding": how}) for how in ("identity", "gzip")]
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content) == len(packed.content)
    assert packed.content == plain.content


async def test_a_newer_state_of_the_same_page_takes_the_place_of_an_older_one(town: Town) -> None:
    """What comes late is not answered; other pages, other people and both steps of one state do not disturb it."""
    page, neighbour = await town.page(), await town.page("owner")
    said = [
        (await one.post_ask({"sequence": sequence, "view": view})).status_code
        for one, view, sequence in (
            (page, "a", 2), (page, "a", 2), (page, "a", 1), (page, "b", 1), (neighbour, "a", 1), (page, "a", 3),
        )
    ]  # fmt: skip
    assert said == [200, 200, 204, 200, 200, 200]


async def test_what_filters_ask_is_made_ready_with_the_last_step(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """So it is for a version of a table that has come while the dashboard was open; not for the tiles of the window."""
    page = await town.page()
    prepared: list[int] = []

    async def prepare(_: Queries, __: object, tiles: list[object], collections: list[object]) -> None:
        assert collections
        prepared.append(len(tiles))

    monkeypatch.setattr(Queries, "prepare", prepare)
    await page.ask(tiles=[next(iter(town.dashboard.tiles))])
    assert prepared == []
    await page.ask()
    assert prepared == [len(town.dashboard.tiles)]
