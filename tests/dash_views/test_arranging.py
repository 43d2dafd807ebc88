"""Tabs, sections and several tiles over HTTP: acts are saved or refused in words, and redraw what they touched."""

from typing import Any

import msgspec
import pytest

from dash_views import ids
from dash_views.grid.looks import CHOICES, OTHERS, WORDS, symbol_of
from domain.dashboards import Dashboard
from domain.tabs import Home
from tests.dash_views.conftest import Town
from tests.dash_views.page import DashPage, components
from tests.dash_views.test_board_http import text
from web.icons import ICONS

GRID = "grid"


@pytest.fixture
async def page(town: Town, board: Dashboard) -> DashPage:
    """The board as the editor has it open."""
    return await town.page("editor", "edit", board)


async def act(page: DashPage, name: str, **given_: Any) -> dict[str, dict[str, Any]]:
    """Tell an act as acts.js does, and take over what the answer draws."""
    answer = await page.call("act.data", {f"{ids.ACT}.data": {"name": name, "count": 1, **given_}})
    items = page.props(GRID)["items"]
    for change in operations(answer, "items"):
        value = change["params"]["value"]
        if change["operation"] == "Append":
            items.append(value)
        else:
            items[change["location"][0]] = value
    for part in ("tabs", "sections", "breakpoints"):
        page.props(GRID)[part] = answer.get(GRID, {}).get(part, page.props(GRID)[part])
    return answer


def operations(answer: dict[str, dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """What is changed within a property of the grid."""
    found: list[dict[str, Any]] = answer.get(GRID, {}).get(name, {}).get("operations", [])
    return found


async def test_a_tab_is_made_and_tiles_are_moved_there(town: Town, page: DashPage, board: Dashboard) -> None:
    """The board learns the tabs and where its tiles stand; no tile is drawn anew."""
    answer = await act(page, "add_tab", title="Details")
    assert [tab["title"] for tab in answer[GRID]["tabs"]] == ["Main", "Details"] == [
        tab["title"] for tab in answer["tabs"]["tabs"]
    ]  # fmt: skip
    assert operations(answer, "children") == []
    answer = await act(
        page, "move_tiles", tiles=["bills", "flippers"], place={"tab": "details", "section": ""}, at=None
    )
    assert operations(answer, "children") == []
    assert {item["id"] for item in page.props(GRID)["items"] if item["tab"] == "details"} == {"bills", "flippers"}
    stored = await town.stored(board)
    assert [stored.home(stored.tiles[key]) for key in ("bills", "flippers")] == [Home("details")] * 2
    assert answer[ids.SAVED]["children"][1]["props"]["children"] == f"Saved · version {stored.version}"


async def test_only_what_is_drawn_is_answered(page: DashPage) -> None:
    """Other tiles get neither data nor a signature."""
    found = await page.ask(drawn=["penguins", "bills", "about"])
    assert set(found["tiles"]) == set(found["signatures"]) == {"penguins", "bills"}
    assert set((await page.ask(drawn=[]))["tiles"]) == set()


async def test_several_tiles_are_duplicated_and_deleted(town: Town, page: DashPage, board: Dashboard) -> None:
    """New ones are appended to what is drawn, deleted ones leave their place empty; each is one save."""
    before = [item["id"] for item in page.props(GRID)["items"]]
    await act(page, "duplicate_tiles", tiles=["penguins", "bills"])
    items = [item["id"] for item in page.props(GRID)["items"]]
    assert items[: len(before)] == before
    assert len(items) == len(before) + 2
    await act(page, "remove_tiles", tiles=["penguins", items[-1]])
    after = page.props(GRID)["items"]
    assert [item and item["id"] for item in after] == [None if key in {"penguins", items[-1]} else key for key in items]
    stored = await town.stored(board)
    assert stored.version == board.version + 2
    assert set(stored.tiles) == {*board.tiles, items[-2]} - {"penguins"}


async def test_tiles_are_pasted_into_another_project_by_tag(town: Town, board: Dashboard) -> None:
    """A collection of the same tag stands for theirs; where there is none, the line says which and nothing is saved."""
    iris = await town.page("owner", "edit", town.iris)
    answer = await act(iris, "paste_tiles", dashboard=board.id, tiles=["penguins"], place={"tab": "", "section": ""})
    assert "penguins_complete: no data collection of this project has that tag" in text(answer[ids.SAVED]["children"])
    assert await town.stored(town.iris) == town.iris

    use = town.world.services
    owner = town.users["owner"].actor()
    project = await use.projects.create(owner, f"Twin of {board.id}")
    access = await use.projects.open(owner, project.id)
    twin = await town.add_table(access, "penguins_complete", town.rows)
    made = await use.dashboards.create(access, "Twin")
    there = await town.page("owner", "edit", made)
    await act(there, "paste_tiles", dashboard=board.id, tiles=["penguins", "about"], place={"tab": "", "section": ""})
    pasted = (await town.stored(made)).tiles.values()
    assert [tile.collection_id for tile in pasted] == [twin.id, ""]


async def test_a_dashboard_that_is_not_shared_cannot_be_pasted_from(town: Town, board: Dashboard) -> None:
    """Its id in the clipboard proves nothing."""
    use = town.world.services
    outsider = town.users["outsider"].actor()
    project = await use.projects.create(outsider, f"Own of {board.id}")
    own = await use.dashboards.create(await use.projects.open(outsider, project.id), "Own")
    page = await town.page("outsider", "edit", own)
    answer = await act(page, "paste_tiles", dashboard=board.id, tiles=["about"], place={"tab": "", "section": ""})
    assert "not shared with you" in text(answer[ids.SAVED]["children"])
    opened = await use.dashboards.open(outsider, own.id)
    assert opened.dashboard.tiles == {}


@pytest.mark.parametrize(
    ("name", "more", "words"),
    [
        ("remove_tab", {"tab_id": "gone"}, "no tab 'gone'"),
        ("add_section", {"section": {"name": ""}}, "grid_sections[0].name"),
        ("set_tab", {}, "cannot be read"),
        ("move_tiles", {"tiles": ["species"], "place": {"tab": "", "section": ""}}, "stands in the panel"),
    ],
)
async def test_what_is_refused_is_said(
    town: Town, page: DashPage, board: Dashboard, name: str, more: dict[str, Any], words: str
) -> None:
    """In the bar, where saves are said; nothing is stored."""
    answer = await act(page, name, **more)
    assert "Not saved" in text(answer[ids.SAVED]["children"])
    assert words in text(answer[ids.SAVED]["children"])
    assert await town.stored(board) == board


async def test_an_act_that_is_none_is_refused(page: DashPage) -> None:
    answer = await page.post(page.body("act.data", {f"{ids.ACT}.data": {"name": "drop_database"}}))
    assert answer.status_code == 422


async def test_filters_stand_in_their_sections(town: Town, board: Dashboard) -> None:
    """Folded ones too: their controls are there, and so their part of a link is not lost."""
    tiles = {**board.tiles, "species": msgspec.structs.replace(board.tiles["species"], section="Birds")}
    use = town.world.services
    opened = await use.dashboards.open(town.users["owner"].actor(), board.id)
    from_file = {"name": "Birds", "icon": "mdi:flask", "collapsed": True}
    changed = msgspec.convert(
        {**msgspec.to_builtins(board), "filter_sections": [from_file], "tiles": msgspec.to_builtins(tiles)}, Dashboard
    )
    await use.dashboards.replace(opened.access, changed)
    page = await town.page("viewer", "view", board)
    [section] = [
        one
        for one in components(page.layout)
        if one["type"] == "Details" and one["props"].get("className") == "filter-section"
    ]
    assert section["props"]["open"] is False
    assert "Birds" in text(section["props"]["children"])
    assert [one["props"]["id"] for one in components(section) if _is_filter(one)] == [ids.part("filter", "species")]


def _is_filter(one: dict[str, Any]) -> bool:
    found = one["props"].get("id")
    return isinstance(found, dict) and found.get("role") == "filter"


def test_every_symbol_is_in_the_sprite() -> None:
    """What can be chosen, and what stands for the icons of other files."""
    assert {*CHOICES, *WORDS.values(), OTHERS} <= set(ICONS)
    assert [symbol_of(icon) for icon in ("", "dna", "mdi:counter", "mdi:flask-outline", "/a/b.png")] == [
        "", "dna", "number-123", "dna", OTHERS,
    ]  # fmt: skip
