"""The builder: a picture for each kind, columns that find their fields, suggestions that can be made, kinds changed."""

import re
from typing import Any

import msgspec
import pytest

from dash_views import editing, ids
from dash_views.builder.gallery_view import gallery
from dash_views.builder.offers import Chosen, begun, offers
from dash_views.builder.pictures import PICTURES
from dash_views.builder.problems import placed, placed_by_message
from dash_views.builder.rebinding import bound, rebound
from dash_views.builder.shelf import ICONS, shelf
from dash_views.forms import BY_NAME, kind_named, tile_of
from dash_views.icons import Icon
from dash_views.picture import Picture
from domain.collections import Column, ColumnKind, DataCollection
from domain.dashboards import Dashboard
from domain.errors import Invalid, Problem
from domain.tile_rules import tile_problems
from domain.tiles import CardTile, FigureTile, Visu
from services.queries import Failure
from tests.dash_views.conftest import Town
from tests.dash_views.page import DashPage, components, key
from tests.dash_views.test_board_http import text
from tests.dash_views.test_board_saves import typed
from tests.dash_views.test_forms import DISTINCT, LAKES, PENGUINS, within
from web.icons import ICONS as SYMBOLS

INKS = re.compile(r"axis|frame|digit|land|knob|(line|dot|fill|tint)-[123]")
PATH = re.compile(r"M[-0-9. MmLlHhVvCcSsAaZz]*")


# -- pictures


@pytest.mark.parametrize("name", BY_NAME)
def test_every_kind_of_tile_has_its_picture(name: str) -> None:
    """Of paths that lie in the box of 64 by 40, in inks that css/builder.css knows."""
    strokes = PICTURES[name]
    assert strokes
    for ink, path in strokes:
        assert INKS.fullmatch(ink), ink
        assert PATH.fullmatch(path), path


def test_no_two_kinds_look_alike() -> None:
    """A picture tells a kind from the others."""
    drawings = [PICTURES[name] for name in BY_NAME]
    assert len(set(drawings)) == len(drawings)


def test_the_gallery_finds_a_kind_by_other_words() -> None:
    """What builder.js searches holds the label, what it shows, and words that people use for it."""
    entries = {
        one.id["name"]: one.to_plotly_json()["props"]["data-found"]
        for one in within(gallery([PENGUINS]), "gallery-entry")
    }
    assert entries.keys() == BY_NAME.keys()
    assert [name for name, words in entries.items() if "volcano" in words] == ["scatter"]
    assert all(BY_NAME[name].label.lower() in words for name, words in entries.items())
    filters = {name for name, found in entries.items() if "filters" in found}
    assert filters == {one.name for one in BY_NAME.values() if one.group == "Filters"}


def test_a_project_without_data_still_has_the_gallery() -> None:
    """A text needs none; the way to data is said."""
    assert "depictio run" in text(msgspec.json.decode(msgspec.json.encode(gallery([]), enc_hook=_plain)))
    assert len(within(gallery([]), "gallery-entry")) == len(BY_NAME)


def _plain(component: Any) -> Any:
    return component.to_plotly_json()


# -- columns


def test_the_list_of_columns_says_what_is_known_of_each() -> None:
    """Type, number of values and description for those who hear it, an icon for those who see it."""
    columns = (
        Column("mass", "Float64", ColumnKind.NUMBER, "In grams"),
        Column("depictio_file", "String", ColumnKind.TEXT),
    )
    (list_,) = shelf(columns, {}, "c", "bind")
    (item,) = within(list_, "shelf-column")
    props = item.to_plotly_json()["props"]
    assert (props["data-column"], props["data-kind"], props["tabIndex"]) == ("mass", "number", 0)
    assert isinstance(item.children[0], Icon)
    said = [one.children for one in item.children[1:] if isinstance(getattr(one, "children", None), str)]
    assert [words for words in said if words] == ["mass", "number", "In grams"]
    assert set(ICONS.values()) <= set(SYMBOLS)
    assert ICONS.keys() == set(ColumnKind)


def test_columns_go_onto_the_fields_that_take_them() -> None:
    """Required ones first, each column once, the rest where several have room; none selects by itself."""
    by_name = {column.name: column for column in PENGUINS.columns}
    columns = [by_name[name] for name in ("sex", "year", "body_mass_g", "island")]
    assert bound(kind_named("scatter").fields, columns) == {
        "x": "year", "y": "body_mass_g", "color": "sex", "hover": ["island"],
    }  # fmt: skip
    assert bound(kind_named("table").fields, columns) == {"columns": ["sex", "year", "body_mass_g", "island"]}
    assert bound(kind_named("DateRangePicker").fields, columns) == {}


# -- suggestions


@pytest.mark.parametrize("collection", [PENGUINS, LAKES], ids=["penguins", "lakes"])
def test_every_suggestion_can_be_saved_as_it_is(collection: DataCollection) -> None:
    """For the whole table and for each of its columns."""
    filled = msgspec.structs.replace(collection, table_version=1)
    chosen: list[tuple[str, ...]] = [(), *((column.name,) for column in filled.columns if not column.is_technical)]
    for columns in chosen:
        found = offers(filled, DISTINCT, Chosen(columns=columns))
        assert found, columns
        assert [tile_problems(one.tile) for one in found] == [[]] * len(found)


def test_counting_categories_needs_no_number() -> None:
    """A bar for a text with few values counts rows."""
    (bar,) = [one for one in offers(PENGUINS, DISTINCT, Chosen(columns=("species",))) if one.kind.name == "bar"]
    tile = bar.tile
    assert isinstance(tile, FigureTile)
    assert (tile.x, tile.y, tile.aggregation) == ("species", None, "count")


def test_filters_are_suggested_where_they_can_stand() -> None:
    """A filter becomes another filter, a tile another tile."""
    groups = {
        filters: {one.kind.group for one in offers(PENGUINS, DISTINCT, Chosen("", ("species",), filters))}
        for filters in (None, True, False)
    }
    assert "Filters" in groups[None]
    assert groups[True] == {"Filters"}
    assert "Filters" not in groups[False]


def test_a_kind_that_nothing_suggests_takes_the_chosen_columns_and_the_usual_ones() -> None:
    """Here a box of a number alone: its categories are filled as for any new box."""
    values = begun(kind_named("box"), PENGUINS, DISTINCT, Chosen(columns=("body_mass_g",)))
    assert (values["x"], values["y"]) == ("island", "body_mass_g")
    assert values.get("color") is None


# -- changing the kind


def test_another_kind_keeps_what_fits_and_names_what_was_dropped() -> None:
    """Columns move to fields that take them; the title and the condition stay."""
    values = {"collection_id": "penguins", "title": "T", "filter_expr": "col('year') > 2007", "x": "bill_length_mm",
              "y": "body_mass_g", "color": "species", "size": "year", "log_y": True}  # fmt: skip
    as_box = rebound(kind_named("scatter"), values, kind_named("box"), PENGUINS, DISTINCT)
    kept = {name: as_box.values.get(name) for name in ("title", "filter_expr", "x", "y", "color", "log_y")}
    assert kept == {"title": "T", "filter_expr": "col('year') > 2007", "x": "island", "y": "body_mass_g",
                    "color": "species", "log_y": True}  # fmt: skip
    assert as_box.dropped == (("X", "bill_length_mm"), ("Size", "year"))
    assert tile_problems(tile_of(kind_named("box"), as_box.values, {"id": "t"})) == []
    as_card = rebound(kind_named("scatter"), values, kind_named("card"), PENGUINS, DISTINCT)
    assert as_card.values["column_name"] == "bill_length_mm"
    assert ("Colour", "species") in as_card.dropped
    as_table = rebound(kind_named("scatter"), values, kind_named("table"), PENGUINS, DISTINCT)
    assert as_table.dropped == ()


# -- what is wrong, at its field


def test_what_is_wrong_is_said_at_its_field() -> None:
    """By its label, by the name of a property, in the words of a type, or by the column that the engine names."""
    scatter, histogram = kind_named("scatter"), kind_named("histogram")
    with pytest.raises(Invalid) as empty:
        tile_of(scatter, {"x": "a"}, {})
    assert placed(scatter, {}, empty.value) == {"collection_id": "choose a column", "y": "choose a column"}
    with pytest.raises(Invalid) as wrong:
        tile_of(histogram, {"collection_id": "c", "x": "a", "nbins": "many"}, {})
    assert placed(histogram, {}, wrong.value).keys() == {"nbins"}
    ruled = Invalid("Cannot be saved.", (Problem("nbins", "is 0"), Problem("id", "odd")))
    assert placed(histogram, {}, ruled) == {"nbins": "is 0"}
    message = "The column 'species' holds text, but y needs a number."
    assert placed_by_message(scatter, {"x": "a", "y": "species"}, [message]) == {"y": message}


# -- as the browser sees it


def of(node: Any, type_: str) -> list[dict[str, Any]]:
    """The drawn components of that type."""
    return [one for one in components(node) if one["type"] == type_]


@pytest.fixture
async def page(town: Town, board: Dashboard) -> DashPage:
    """The board as its editor has it open."""
    return await town.page("editor", "edit", board)


async def test_chosen_columns_lead_to_real_suggestions_and_to_their_form(town: Town, page: DashPage) -> None:
    """The gallery lists the columns, draws what could show them, and one press opens the form filled in."""
    opened = await page.press(ids.ADD)
    assert page.props(ids.GALLERY_DATA)["value"] == town.collection.id
    listed = await page.act(f"{ids.COLUMNS}.children...", {f"{ids.GALLERY_DATA}.value": town.collection.id})
    names = [one["props"]["data-column"] for one in of(listed[ids.COLUMNS]["children"], "Button")]
    assert "species" in names
    assert "depictio_run_id" not in names
    at_once = {one["props"]["id"]["name"] for one in of(listed[ids.OFFERS]["children"], "Button")}
    assert {"scatter", "histogram"} <= at_once
    assert opened[ids.DRAFT]["data"] is None
    chosen = {"collection_id": town.collection.id, "columns": ["flipper_length_mm", "body_mass_g"], "filters": None}
    page.found[ids.CHOSEN]["props"]["data"] = chosen
    offered = await page.act(f"{ids.PICKED}.data", {f"{ids.PICKED}.data": chosen})
    first = of(offered[ids.OFFERS]["children"], "Button")[0]
    assert (first["props"]["id"]["role"], first["props"]["id"]["name"]) == ("offer", "scatter")
    (picture,) = of(first, "Img")
    assert picture["props"]["src"].startswith("data:image/svg+xml;base64,")
    await page.press(first["props"]["id"])
    values = {name: page.props(ids.field(name))["value"] for name in ("x", "y", "color")}
    assert values == {"x": "flipper_length_mm", "y": "body_mass_g", "color": None}


async def test_a_suggestion_opens_as_it_was_shown_though_more_is_chosen_by_now(town: Town, page: DashPage) -> None:
    """A second column that is picked just before the press does not take the first one's histogram away."""
    await page.press(ids.ADD)
    chosen = {"collection_id": town.collection.id, "columns": ["flipper_length_mm"], "filters": None}
    offered = await page.act(f"{ids.PICKED}.data", {f"{ids.PICKED}.data": chosen})
    shown = {one["props"]["id"]["name"]: one["props"]["id"] for one in of(offered[ids.OFFERS]["children"], "Button")}
    page.found[ids.CHOSEN]["props"]["data"] = {**chosen, "columns": ["flipper_length_mm", "body_mass_g"]}
    await page.press(shown["histogram"])
    assert page.props(ids.field("x"))["value"] == "flipper_length_mm"


async def test_each_listed_column_shows_how_its_values_are_spread(town: Town, page: DashPage) -> None:
    """Numbers by a histogram, categories by their counts, names that stand once not at all."""
    await page.press(ids.ADD)
    await page.act(f"{ids.COLUMNS}.children...", {f"{ids.GALLERY_DATA}.value": town.collection.id})
    spots = [
        one["props"]["id"]
        for one in page.found.values()
        if one["props"]["id"] != {} and "spread" in str(one["props"]["id"])
    ]
    changed = {f"{key(spot)}.id": spot for spot in spots}
    answer = await page.call('"role":"spread"', changed)
    drawn = {spot["column"]: answer[key(spot)]["children"] for spot in spots}
    assert [one["type"] for one in drawn["body_mass_g"]] == ["Picture"]
    assert drawn["species"][0]["props"]["strokes"][0][1].count("M") == 3
    assert drawn["individual_id"] == []


async def test_a_stored_tile_becomes_another_kind_where_it_stands(town: Town, board: Dashboard, page: DashPage) -> None:
    """What fits is kept, what was dropped is said, and the tile keeps its id and its place."""
    await page.press(ids.part("edit", "bills"))
    changing = await page.press(ids.change("scatter"))
    kinds = {
        one["props"]["id"]["name"]
        for one in of(changing[ids.ASIDE]["children"], "Button")
        if "name" in str(one["props"].get("id"))
    }
    assert "histogram" in kinds
    assert "MultiSelect" not in kinds
    became = await page.press(ids.choice("histogram"))
    assert "has no place in: Histogram" in text(became[ids.ASIDE]["children"])
    before = board.tile("bills")
    assert isinstance(before, FigureTile)
    assert page.props(ids.field("x"))["value"] == before.x
    await typed(page, title="Bills")
    await page.press(ids.SAVE)
    stored = (await town.stored(board)).tile("bills")
    assert isinstance(stored, FigureTile)
    assert (stored.visu_type, stored.x, stored.layout) == (Visu.HISTOGRAM, before.x, before.layout)
    page = await town.page("editor", "edit", board)
    await page.press(ids.part("edit", "bills"))
    await page.press(ids.change("histogram"))
    await page.press(ids.choice("card"))
    await typed(page, title="Bill length")
    await page.press(ids.SAVE)
    assert isinstance((await town.stored(board)).tile("bills"), CardTile)


async def test_a_form_comes_with_its_preview(town: Town, page: DashPage) -> None:
    """In the same answer; the form asks for another one when something in it has changed."""
    await page.press(ids.ADD)
    opened = await page.press(ids.choice("histogram"))
    assert of(opened[ids.ASIDE]["children"], "Plot")
    same = page.body("preview.children...", {f"{key(ids.field('x'))}.value": page.props(ids.field("x"))["value"]})
    assert (await page.post(same)).status_code == 204
    answer = await typed(page, x="body_mass_g")
    assert of(answer[ids.PREVIEW]["children"], "Plot")
    back = await typed(page, x="bill_length_mm")
    assert of(back[ids.PREVIEW]["children"], "Plot")


async def test_a_refused_column_is_said_at_its_field(page: DashPage) -> None:
    """What the query engine refuses belongs to the field that shows that column; mended, nothing is said."""
    await page.press(ids.ADD)
    await page.press(ids.choice("box"))
    answer = await typed(page, y="species")
    assert "holds text" in answer[ids.PROBLEMS]["data"]["y"]
    answer = await typed(page, y=None)
    assert answer[ids.PROBLEMS]["data"] == {"y": "choose a column"}
    answer = await typed(page, y="body_mass_g")
    assert answer[ids.PROBLEMS]["data"] == {}


async def test_a_preview_that_came_too_late_can_be_asked_for_again(page: DashPage) -> None:
    """Its button asks anew when it is pressed, not when it is drawn; what cannot be mended by asking has none."""
    late = editing.refused_preview(Failure("Took too long.", retry=True), "preview")
    (again,) = within(late, "dp-button")
    assert again.id == ids.retry("preview")
    assert editing.refusals([late]) == ["Took too long."]
    assert within(editing.refused_preview(Failure("No such column."), "preview"), "dp-button") == []
    await page.press(ids.ADD)
    await page.press(ids.choice("histogram"))
    await typed(page, x="body_mass_g")
    page.found[key(ids.retry("preview"))] = {"props": {"id": ids.retry("preview")}, "type": "Button"}
    name = f"{key(ids.retry('preview'))}.n_clicks"
    assert (await page.post(page.body("preview.children...", {name: None}))).status_code == 204
    asked = await page.call("preview.children...", {name: 1})
    assert of(asked[ids.PREVIEW]["children"], "Plot")


def test_a_picture_is_a_component_of_strokes() -> None:
    """In the form that picture.js draws."""
    props = Picture([("axis", "M0 0h1")]).to_plotly_json()["props"]
    assert props == {"strokes": [["axis", "M0 0h1"]], "box": "0 0 64 40", "className": "picture"}


async def test_no_callback_takes_the_place_of_another_one(page: DashPage) -> None:
    """Dash tells those without an output apart by their inputs alone, and would run one of them only."""
    names = [one["output"] for one in page.dependencies]
    assert len(set(names)) == len(names)
