"""The editor over HTTP: tiles made, previewed, changed, moved and deleted; each save is stored or refused in words."""

from typing import Any

import msgspec
import polars as pl
import pytest

from dash_views import ids
from domain.dashboards import Dashboard
from domain.tiles import Box, CardTile, FigureTile, FilterTile, TableTile, TextTile, Tile, Visu
from domain.wording import grouped
from tests.dash_views.conftest import Town
from tests.dash_views.page import DashPage, key
from tests.dash_views.test_board_http import changed, of, text
from tests.dash_views.test_figures import numbers

SAVE, PLACE, RENAME, PREVIEW = "save-tile.n_clicks", "grid.layout", "dashboard-title.value", "preview.children..."


@pytest.fixture
async def page(town: Town, board: Dashboard) -> DashPage:
    """The board as the editor has it open."""
    return await town.page("editor", "edit", board)


async def typed(page: DashPage, **values: Any) -> dict[str, dict[str, Any]]:
    """Fill fields of the open form; the answer is its preview."""
    properties = {}
    for name, value in values.items():
        control = ids.switch(name) if isinstance(value, bool) else ids.field(name)
        prop = "checked" if isinstance(value, bool) else "value"
        page.props(control)[prop] = value
        properties[f"{key(control)}.{prop}"] = value
    return await page.act(PREVIEW, properties)


async def new_form(page: DashPage, kind: str) -> None:
    """Open the gallery and choose a kind."""
    await page.press(ids.ADD)
    await page.press(ids.choice(kind))


# -- new tiles


async def test_the_gallery_leads_to_a_form_with_suggestions_and_a_live_preview(town: Town, page: DashPage) -> None:
    """The first picture is there without typing, made from the table with most columns."""
    await new_form(page, "histogram")
    assert not page.props(ids.ASIDE)["hidden"]
    assert page.props(ids.field("collection_id"))["value"] == town.collection.id
    assert page.props(ids.field("x"))["value"] == "bill_length_mm"
    answer = await typed(page, x="flipper_length_mm", color="species")
    figure = page.props(ids.part("preview", "figure"))["figure"]
    found = {trace["name"]: sum(numbers(trace["y"])) for trace in figure["data"]}
    assert found == dict(town.rows.group_by("species").len().iter_rows())
    assert (answer[ids.FORM_ERROR]["children"], answer[ids.SAVE]["disabled"]) == ("", False)


async def test_the_preview_stands_under_the_active_filters(town: Town, page: DashPage) -> None:
    """As the tile will, once it is on the board."""
    await new_form(page, "card")
    page.found[ids.STATE]["props"]["data"] = {"species": [["in", ["Gentoo"]]]}
    answer = await typed(page, column_name="body_mass_g", aggregation="sum", decimals=0)
    total = town.rows.filter(pl.col("species") == "Gentoo")["body_mass_g"].sum()
    [shown] = answer[ids.PREVIEW]["children"]
    assert shown["props"]["children"]["props"]["entry"]["number"]["value"] == grouped(total)
    page.found[ids.STATE]["props"]["data"] = {"gone": [["in", ["x"]]]}
    refused = await typed(page, decimals=1)
    assert (refused[ids.PREVIEW]["children"], refused[ids.SAVE]["disabled"]) == ([], True)
    assert "tile that is gone" in refused[ids.FORM_ERROR]["children"]


async def test_an_incomplete_form_says_what_it_needs_and_cannot_be_saved(
    town: Town, board: Dashboard, page: DashPage
) -> None:
    """Neither by its disabled button nor by a request."""
    await new_form(page, "scatter")
    answer = await typed(page, y=None)
    assert answer[ids.FORM_ERROR]["children"] == "Choose Y."
    assert (answer[ids.PREVIEW]["children"], answer[ids.SAVE]["disabled"]) == ([], True)
    saved = await page.press(ids.SAVE)
    assert saved[ids.FORM_ERROR]["children"] == "Choose Y."
    assert text(saved[ids.SAVED]["children"]) == "Not saved. Choose Y."
    assert await town.stored(board) == board


async def test_an_impossible_column_fails_in_the_preview(page: DashPage) -> None:
    """With the reason of the query engine."""
    await new_form(page, "box")
    answer = await typed(page, y="species")
    assert "holds text" in text(answer[ids.PREVIEW]["children"])


NEW: list[tuple[str, dict[str, Any], Tile]] = [
    (
        "scatter",
        {"title": "Mass by flipper", "x": "flipper_length_mm", "y": "body_mass_g", "color": "sex", "log_y": True},
        FigureTile(
            id="mass-by-flipper", collection_id="", visu_type=Visu.SCATTER, x="flipper_length_mm", y="body_mass_g",
            color="sex", log_y=True, layout=Box(w=4, h=4),
        ),
    ),
    (
        "card",
        {"column_name": "year", "aggregation": "max", "decimals": 0},
        CardTile(id="year-max", collection_id="", column_name="year", aggregation="max", decimals=0,
                 layout=Box(w=2, h=1)),  # type: ignore[arg-type]
    ),
    (
        "table",
        {"columns": ["sex", "year"]},
        TableTile(id="table", collection_id="", columns=("sex", "year"), layout=Box(w=8, h=4)),
    ),
    ("text", {"body": "# Hello"}, TextTile(id="text", body="# Hello", layout=Box(w=4, h=2))),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "values", "expected"), NEW, ids=[case[0] for case in NEW])
async def test_a_new_tile_is_stored_drawn_and_there_after_a_reload(
    town: Town, board: Dashboard, page: DashPage, kind: str, values: dict[str, Any], expected: Tile
) -> None:
    """At once, under an id that says what it is, in a free place; the neighbours are not drawn anew."""
    await new_form(page, kind)
    await typed(page, **values)
    answer = await page.press(ids.SAVE)
    stored = await town.stored(board)
    assert stored.version == board.version + 1
    (new,) = [tile for name, tile in stored.tiles.items() if name not in board.tiles]
    wanted = {"layout": new.layout, "title": values.get("title", "")}
    if not isinstance(expected, TextTile):
        wanted["collection_id"] = town.collection.id
    assert new == msgspec.structs.replace(expected, **wanted)
    assert (new.layout.w, new.layout.h) == (expected.layout.w, expected.layout.h)
    assert {name: tile for name, tile in stored.tiles.items() if name != new.id} == board.tiles
    assert text(answer[ids.SAVED]["children"]) == f"Saved · version {stored.version}"
    assert answer[ids.ASIDE] == {"hidden": True, "children": []}
    assert ids.PANEL not in answer
    operations = answer[ids.GRID]["items"]["operations"]
    assert [(one["operation"], one["params"]["value"]["id"]) for one in operations] == [("Append", new.id)]
    again = await town.page("viewer", "view", board)
    assert new.id in [item["id"] for item in again.props(ids.GRID)["items"]]
    if not isinstance(new, TextTile):
        assert new.id in changed(await again.ask())


async def test_filters_with_new_choices_do_not_have_the_tiles_asked_again(page: DashPage) -> None:
    """Who wants them has just asked for the tiles, by a new version of a table: `pulse.js`."""
    answer = await page.call("shown.data", {f"{ids.SYNC}.data": {"panel": True}})
    assert answer[ids.PANEL]["children"]
    assert ids.CHANGED not in answer


async def test_a_new_filter_stands_in_the_panel_and_filters(town: Town, board: Dashboard, page: DashPage) -> None:
    """The panel is drawn anew, the grid is not."""
    await new_form(page, "MultiSelect")
    await typed(page, column_name="sex")
    answer = await page.press(ids.SAVE)
    new = (await town.stored(board)).tiles["sex"]
    assert isinstance(new, FilterTile)
    assert ids.GRID not in answer
    assert "sex" in text(answer[ids.PANEL]["children"])
    assert answer[ids.TILES]["data"]["sex"] == {
        "type": "interactive", "label": "sex", "widget": "MultiSelect", "kind": "text",
        "collection": town.collection.id, "drawn": [1, new.layout.y],
    }  # fmt: skip
    found = await page.ask({"sex": [["in", [None]]]})
    missing = town.rows["sex"].null_count()
    assert of(found, "badge", "mean-mass") == f"{missing} of 342 rows"


# -- changes


async def test_an_edited_tile_is_its_next_version_in_the_same_place(
    town: Town, board: Dashboard, page: DashPage
) -> None:
    """What the form does not show stays."""
    await page.press(ids.part("edit", "mean-mass"))
    assert page.props(ids.field("decimals"))["value"] == 0
    await typed(page, title="Lightest", aggregation="min")
    answer = await page.press(ids.SAVE)
    old, new = board.tiles["mean-mass"], (await town.stored(board)).tiles["mean-mass"]
    assert new == msgspec.structs.replace(old, title="Lightest", aggregation="min", version=old.version + 1)
    operations = answer[ids.GRID]["items"]["operations"]
    position = [tile.id for tile in board.grid_tiles].index("mean-mass")
    assert [(one["operation"], one["location"]) for one in operations] == [("Assign", [position])]
    assert answer[ids.CHANGED]["data"] == 1


async def test_a_stale_save_is_refused_and_nothing_is_lost(town: Town, board: Dashboard, page: DashPage) -> None:
    """The first to save keeps what they stored; the second keeps the form with what they typed, and is told."""
    other = await town.page("owner", "edit", board)
    for one in (page, other):
        await one.press(ids.part("edit", "mean-mass"))
    await typed(other, title="First")
    await other.press(ids.SAVE)
    first = await town.stored(board)
    await typed(page, title="Second")
    answer = await page.press(ids.SAVE)
    assert await town.stored(board) == first
    assert first.tiles["mean-mass"].title == "First"
    assert "changed by somebody else" in answer[ids.FORM_ERROR]["children"]
    assert text(answer[ids.SAVED]["children"]).startswith("Not saved. The tile 'First' was changed by somebody else")
    assert answer[ids.ASIDE] == {"hidden": False}
    assert page.props(ids.field("title"))["value"] == "Second"


async def test_a_tile_that_was_deleted_meanwhile_is_not_brought_back(
    town: Town, board: Dashboard, page: DashPage
) -> None:
    """The save says that it is gone."""
    await page.press(ids.part("edit", "mean-mass"))
    await town.world.services.dashboards.remove_tile(town.penguins, board.id, "mean-mass")
    await typed(page, title="Back")
    answer = await page.press(ids.SAVE)
    assert "no tile 'mean-mass'; it may have been deleted" in answer[ids.FORM_ERROR]["children"]
    assert "mean-mass" not in (await town.stored(board)).tiles


async def test_different_tiles_of_two_people_merge(town: Town, board: Dashboard, page: DashPage) -> None:
    """Only the same tile can be in conflict."""
    other = await town.page("owner", "edit", board)
    for one, tile in ((page, "mean-mass"), (other, "mean-flipper")):
        await one.press(ids.part("edit", tile))
    await typed(other, title="Theirs")
    await typed(page, title="Mine")
    for one in (other, page):
        assert text((await one.press(ids.SAVE))[ids.SAVED]["children"]).startswith("Saved")
    tiles = (await town.stored(board)).tiles
    assert (tiles["mean-mass"].title, tiles["mean-flipper"].title) == ("Mine", "Theirs")


async def test_a_copy_is_a_tile_of_its_own(town: Town, board: Dashboard, page: DashPage) -> None:
    """With the same contents, in a free place."""
    answer = await page.press(ids.part("duplicate", "bills"))
    stored = await town.stored(board)
    (copy,) = [tile for name, tile in stored.tiles.items() if name not in board.tiles]
    assert copy == msgspec.structs.replace(board.tiles["bills"], id=copy.id, layout=copy.layout, version=1)
    assert copy.layout != board.tiles["bills"].layout
    assert copy.id in answer[ids.TILES]["data"]
    assert ids.ASIDE not in answer


async def test_a_deletion_asks_first(town: Town, board: Dashboard, page: DashPage) -> None:
    """By the tile's name; the filters that stood on it can then no longer be meant."""
    await page.press(ids.part("delete", "bills"))
    assert "Bill length and depth" in text(page.props(ids.ASIDE)["children"])
    assert await town.stored(board) == board
    answer = await page.press(ids.part("confirm", "bills"))
    assert set((await town.stored(board)).tiles) == set(board.tiles) - {"bills"}
    position = [tile.id for tile in board.grid_tiles].index("bills")
    emptied = [{"operation": "Assign", "location": [position], "params": {"value": None}}]
    assert answer[ids.GRID]["items"]["operations"] == emptied
    assert "bills" not in answer[ids.TILES]["data"]
    assert answer[ids.ASIDE] == {"hidden": True, "children": []}
    found = await page.ask({"bills": [["in", ["adelie_1"]]]})
    assert "tile that is gone" in found["failure"]


async def test_a_second_deletion_is_said_and_harms_nothing(town: Town, board: Dashboard, page: DashPage) -> None:
    await page.press(ids.part("delete", "bills"))
    await town.world.services.dashboards.remove_tile(town.penguins, board.id, "bills")
    before = await town.stored(board)
    answer = await page.press(ids.part("confirm", "bills"))
    assert text(answer[ids.SAVED]["children"]).startswith("Not saved.")
    assert await town.stored(board) == before


async def test_moved_tiles_keep_their_version(town: Town, board: Dashboard, page: DashPage) -> None:
    """A move is saved at once; what the tile shows has not changed, so it is not asked for again."""
    known = (await page.ask())["signatures"]
    moved = [{"id": "bills", "x": 2, "y": 7, "w": 6, "h": 3, "minW": 2}]
    answer = await page.call(PLACE, {f"{ids.GRID}.layout": moved})
    stored = await town.stored(board)
    assert stored.tiles["bills"] == msgspec.structs.replace(board.tiles["bills"], layout=Box(2, 7, 6, 3))
    assert text(answer[ids.SAVED]["children"]) == f"Saved · version {stored.version}"
    assert changed(await page.ask(known=known)) == set()
    items = {item["id"]: item for item in (await town.page("viewer", "view", board)).props(ids.GRID)["items"]}
    assert {name: items["bills"][name] for name in "xywh"} == {"x": 2, "y": 7, "w": 6, "h": 3}


@pytest.mark.parametrize(
    ("box", "message"),
    [
        ({"id": "bills", "x": 5, "y": 0, "w": 4, "h": 4}, "cannot be placed there"),
        ({"id": "bills", "x": -1, "y": 0, "w": 4, "h": 4}, "cannot be placed there"),
        ({"id": "bills", "x": 0, "y": 0, "w": 4, "h": 400}, "cannot be placed there"),
        ({"id": "gone", "x": 0, "y": 0, "w": 4, "h": 4}, "no tile 'gone'"),
    ],
)
async def test_an_impossible_place_is_refused(
    town: Town, board: Dashboard, page: DashPage, box: dict[str, Any], message: str
) -> None:
    """Of all tiles that moved together none is stored."""
    fine = {"id": "flippers", "x": 0, "y": 20, "w": 4, "h": 4}
    answer = await page.call(PLACE, {f"{ids.GRID}.layout": [fine, box]})
    said = text(answer[ids.SAVED]["children"])
    assert said.startswith("Not saved.")
    assert message in said
    assert await town.stored(board) == board


async def test_the_dashboard_is_renamed_in_place(town: Town, board: Dashboard, page: DashPage) -> None:
    """An empty title is refused, and the old one stays."""
    texts = {f"{ids.TITLE}.value": "Birds", f"{ids.SUBTITLE}.value": "All"}
    await page.call(RENAME, texts)
    stored = await town.stored(board)
    assert (stored.title, stored.subtitle, stored.version) == ("Birds", "All", board.version + 1)
    refused = await page.call(RENAME, texts | {f"{ids.TITLE}.value": " "})
    assert text(refused[ids.SAVED]["children"]).startswith("Not saved. The title cannot be used.")
    assert await town.stored(board) == stored


async def test_a_tile_on_another_projects_table_is_refused(town: Town, board: Dashboard, page: DashPage) -> None:
    """Though the browser sends its id: neither previewed nor stored."""
    opened = await town.world.services.dashboards.open(town.users["owner"].actor(), town.iris.id)
    (foreign,) = await town.world.services.collections.all(opened.access)
    await new_form(page, "card")
    answer = await typed(page, collection_id=foreign.id, column_name="variety", aggregation="count")
    assert "does not exist in this project" in text(answer[ids.PREVIEW]["children"])
    saved = await page.press(ids.SAVE)
    assert "cannot be saved" in saved[ids.FORM_ERROR]["children"]
    assert await town.stored(board) == board


async def test_another_table_makes_the_form_anew(town: Town, page: DashPage) -> None:
    """With the columns that both have, and its preview; also when the preview of what was before asks first."""
    await new_form(page, "scatter")
    await typed(page, x="bill_depth_mm", y="body_mass_g", color="species", title="Kept")
    collections = await town.world.services.collections.all(town.penguins)
    physical = next(one for one in collections if one.tag == "physical_features")
    control = ids.field("collection_id")
    page.props(control)["value"] = physical.id
    first = page.body(PREVIEW, {f"{key(control)}.value": physical.id})
    assert (await page.post(first)).status_code == 204
    await page.act(f"{key(control)}.value", {f"{key(control)}.value": physical.id})
    values = {name: page.props(ids.field(name))["value"] for name in ("title", "collection_id", "x", "y", "color")}
    assert values == {
        "title": "Kept", "collection_id": physical.id, "x": "bill_depth_mm", "y": "body_mass_g", "color": None,
    }  # fmt: skip


async def test_a_press_of_a_button_that_is_not_known_does_nothing(town: Town, board: Dashboard, page: DashPage) -> None:
    """Nor does one that is none."""
    before = await town.stored(board)
    for told, status in (
        ({"id": "other", "at": 1}, 204),
        ({"id": {"role": "confirm"}, "at": 1}, 204),
        ({"id": {"role": "confirm", "tile": 3}, "at": 1}, 422),
        (None, 204),
    ):
        answer = await page.post(page.body("acting.data", {"acting.data": told}))
        assert answer.status_code == status, told
    assert await town.stored(board) == before
