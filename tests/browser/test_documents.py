"""Document behaviour in a real browser: nothing typed is lost, others are seen, versions come back, new data appear."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from playwright.async_api import Locator, Route, expect

from benchmarks.pulse import pause_ms
from tests.browser.conftest import OpenVisit
from tests.browser.demo import CALLBACKS, Demo, Person, Visit
from tests.browser.test_accessibility import both

BEN = Person("ben@example.org", "a quiet harbour at dawn")
PROJECT = """\
name: Documents
project_type: advanced
workflows:
  - name: w
    engine: {name: python}
    data_location: {structure: flat, locations: ["."]}
    data_collections:
      - data_collection_tag: points
        config:
          type: Table
          metatype: Aggregate
          scan: {mode: recursive, scan_parameters: {regex_config: {pattern: "points_.*\\\\.csv"}}}
          dc_specific_properties: {format: CSV, polars_kwargs: {separator: ","}}
"""
OFFLINE = re.compile("ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_CONNECTION|the server did not respond")


SHOWS_ROWS = """(rows) => document.querySelector('#aside .js-plotly-plot')?._fullData
  ?.flatMap((bars) => [...bars.y]).reduce((sum, height) => sum + height, 0) === rows"""
"""Whether the bars of the preview are that many rows together."""


class Room(NamedTuple):
    """A project with one table, which the administrator and Ben share."""

    demo: Demo
    http: httpx.AsyncClient
    token: str
    folder: Path
    project: str
    collection: str

    async def ingest(self) -> None:
        command = [Path(sys.executable).with_name("depictio"), "run", self.folder / "project.yaml"]
        process = await asyncio.create_subprocess_exec(
            *map(str, command), "--server", self.demo.address, "--token", self.token
        )
        assert await process.wait() == 0

    async def board(self) -> str:
        """A new dashboard with two texts, a card and a histogram; its id."""
        made = (await self.http.post(f"/projects/{self.project}/dashboards", json={"title": "Shared"})).json()
        rows = {"collection_id": self.collection}
        tiles: dict[str, dict[str, Any]] = {
            name: {"component_type": "text", "id": name, "title": name.title(), "body": "first",
                   "layout": {"x": 4 * at, "y": 0, "w": 4, "h": 2}}
            for at, name in enumerate(("left", "right"))
        }  # fmt: skip
        tiles["count"] = {**rows, "component_type": "card", "id": "count", "title": "Points", "column_name": "x",
                          "aggregation": "count", "layout": {"x": 0, "y": 2, "w": 2, "h": 1}}  # fmt: skip
        tiles["bars"] = {**rows, "component_type": "figure", "visu_type": "histogram", "id": "bars", "title": "Bars",
                         "x": "x", "layout": {"x": 2, "y": 2, "w": 4, "h": 3}}  # fmt: skip
        content = {"version": made["version"], "title": "Shared", "tiles": tiles}
        (await self.http.put(f"/dashboards/{made['id']}", json=content)).raise_for_status()
        return str(made["id"])

    async def stored(self, board: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.http.get(f"/dashboards/{board}")).json()
        return found


def points(folder: Path, name: str, count: int, step: int = 1) -> None:
    (folder / f"points_{name}.csv").write_text("x\n" + "".join(f"{number}\n" for number in range(count)[::step]))


@pytest.fixture(scope="module")
async def room(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    folder = tmp_path_factory.mktemp("documents")
    (folder / "project.yaml").write_text(PROJECT)
    points(folder, "one", 20)
    async with httpx.AsyncClient(base_url=f"{demo.address}/api/v1") as http:
        who = {"email": demo.admin.email, "password": demo.admin.password}
        token = (await http.post("/tokens", json=who)).raise_for_status().json()["access_token"]
        http.headers["authorization"] = f"Bearer {token}"
        room = Room(demo, http, token, folder, "", "")
        yield await filled(room, "Documents")


async def filled(room: Room, name: str) -> Room:
    """The room once its project, of that name, has data."""
    await room.ingest()
    projects = (await room.http.get("/projects")).json()["items"]
    project = next(one["id"] for one in projects if one["name"] == name)
    collections = (await room.http.get(f"/projects/{project}/collections")).json()["items"]
    return room._replace(project=project, collection=collections[0]["id"])


@pytest.fixture(scope="module")
async def ben(demo: Demo, room: Room, chromium: Any) -> Person:
    """An editor of the project with an account of his own."""
    context = await chromium.new_context()
    admin = Visit(demo, await context.new_page())
    await admin.sign_in(demo.admin)
    await admin.go("/admin/users")
    await admin.page.get_by_label("E-mail").fill(BEN.email)
    await admin.page.get_by_label("Name").fill("Ben Miller")
    await admin.page.get_by_label("Password").fill(BEN.password)
    await admin.page.get_by_role("button", name=re.compile("Open|Create|Add")).click()
    await admin.page.get_by_text("is open").first.wait_for()
    await context.close()
    member = {"email": BEN.email, "role": "editor"}
    (await room.http.post(f"/projects/{room.project}/members", json=member)).raise_for_status()
    return BEN


async def edit(visit: OpenVisit, person: Person, board: str) -> Visit:
    there = await visit(person)
    await there.go(f"/dashboards/{board}/edit")
    await there.painted()
    return there


async def write(there: Visit, title: str, text: str) -> None:
    """Type into the form of a text tile, which saves itself."""
    await there.page.get_by_role("button", name=f"Edit the tile {title}").click()
    await there.page.get_by_label("Text", exact=True).fill(text)


def body(there: Visit, title: str) -> Locator:
    return there.tile(title).locator(".tile-text")


def saved(there: Visit) -> Locator:
    return there.page.locator("#saved")


# -- autosave and the state of saves


async def test_a_stored_tile_saves_itself(demo: Demo, visit: OpenVisit, room: Room) -> None:
    """A second after the last key, without a button; the form stays open and says when it was saved."""
    board = await room.board()
    there = await edit(visit, demo.admin, board)
    await write(there, "Left", "second")
    await expect(body(there, "Left")).to_have_text("second")
    await expect(saved(there)).to_contain_text("Saved")
    await expect(there.page.locator("#saved-at")).to_have_text(re.compile(r"\d\d?:\d\d"))
    await expect(there.page.locator("#aside")).to_be_visible()
    await there.page.get_by_label("Text", exact=True).fill("third")
    await expect(body(there, "Left")).to_have_text("third")
    assert (await room.stored(board))["tiles"]["left"]["body"] == "third"
    await there.page.get_by_label("Text", exact=True).fill("fourth")
    await there.page.get_by_role("button", name="Close the panel").click()
    await expect(body(there, "Left")).to_have_text("fourth")


async def test_opening_a_form_saves_nothing(demo: Demo, visit: OpenVisit, room: Room) -> None:
    """Whatever kind of tile it is of."""
    board = await room.board()
    there = await edit(visit, demo.admin, board)
    before = await room.stored(board)
    for title in ("Left", "Points", "Bars"):
        await there.page.get_by_role("button", name=f"Edit the tile {title}").click()
        await expect(there.page.locator("#aside .aside-title")).to_have_text(f"Edit: {title}")
        await there.page.wait_for_timeout(1_800)
        await there.page.get_by_role("button", name="Close the panel").click()
    assert await room.stored(board) == before


async def test_a_tile_that_is_pressed_while_the_panel_closes_opens(demo: Demo, visit: OpenVisit, room: Room) -> None:
    """On a slow machine the panel is still there at the second press: it closes what was open before, no more."""
    board = await room.board()
    there = await edit(visit, demo.admin, board)
    title = there.page.locator("#aside .aside-title")
    await there.page.get_by_role("button", name="Edit the tile Left").click()
    await expect(title).to_have_text("Edit: Left")
    # Nothing that the page does fits between the two presses.
    await there.page.evaluate("""() => {
      document.getElementById('aside-close').click();
      const began = Date.now();
      while (Date.now() < began + 20);
      document.querySelector('[aria-label="Edit the tile Points"]').click();
    }""")
    await expect(title).to_have_text("Edit: Points")
    await there.page.get_by_role("button", name="Close the panel").click()
    await expect(there.page.locator("#aside")).to_be_hidden()


# -- undo and redo


async def test_undo_and_redo_by_key_button_and_after_a_reload(demo: Demo, visit: OpenVisit, room: Room) -> None:
    """Ctrl+Z takes back a deletion and a move; the buttons say whether there is anything to do."""
    board = await room.board()
    there = await edit(visit, demo.admin, board)
    undo, redo = (there.page.get_by_role("button", name=word, exact=True) for word in ("Undo", "Redo"))
    await expect(undo).to_be_disabled()
    delete = there.page.get_by_role("button", name="Delete the tile Right")
    await delete.click()
    await there.page.get_by_role("button", name="Cancel", exact=True).click()
    await expect(there.page.locator("#aside")).to_be_hidden()
    await delete.click()
    await there.page.get_by_role("button", name="Delete", exact=True).click()
    await expect(there.tile("Right")).to_have_count(0)
    place = there.page.get_by_role("group", name="Place of the tile Points")
    await place.focus()
    await place.press("ArrowDown")
    await expect(undo).to_be_enabled()
    await there.page.reload()
    await there.painted()
    await expect(undo).to_be_enabled()
    await expect(redo).to_be_disabled()
    await there.page.keyboard.press("Control+z")
    await expect(redo).to_be_enabled()
    await there.page.keyboard.press("Control+z")
    await expect(there.tile("Right")).to_be_visible()
    await expect(body(there, "Right")).to_have_text("first")
    await expect(undo).to_be_disabled()
    await redo.click()
    await expect(there.tile("Right")).to_have_count(0)
    await there.page.keyboard.press("Control+Shift+Z")
    await expect(redo).to_be_disabled()
    stored = await room.stored(board)
    assert "right" not in stored["tiles"]
    await expect(there.page.locator("#saved")).to_have_text(f"Saved · version {stored['version']}")


# -- two editors at once


async def test_two_editors_see_each_other_and_their_changes(
    demo: Demo, visit: OpenVisit, room: Room, ben: Person
) -> None:
    """Who is there, in which tile, and what they save, without a reload; undo leaves what the other did."""
    board = await room.board()
    one, two = await edit(visit, demo.admin, board), await edit(visit, ben, board)
    await expect(one.page.locator("#editors li")).to_have_attribute("title", "Ben Miller")
    await write(one, "Left", "by the admin")
    await expect(body(two, "Left")).to_have_text("by the admin")
    await expect(two.page.locator("#saved")).to_have_text(f"Version {(await room.stored(board))['version']}")
    await two.page.get_by_role("button", name="Edit the tile Right").click()
    await expect(one.page.locator('[data-tile="right"]')).to_have_attribute("data-held", "Ben Miller")
    await expect(one.page.locator("#editors li")).to_have_attribute("title", "Ben Miller is in Right")
    await two.page.get_by_label("Text", exact=True).fill("by Ben")
    await expect(body(one, "Right")).to_have_text("by Ben")
    await one.page.get_by_role("button", name="Close the panel").click()
    await one.page.get_by_role("button", name="Undo", exact=True).click()
    await expect(body(one, "Left")).to_have_text("first")
    await expect(body(one, "Right")).to_have_text("by Ben")
    await expect(body(two, "Left")).to_have_text("first")
    await two.page.get_by_label("Title of the dashboard", exact=True).fill("Renamed by Ben")
    await expect(one.page.get_by_label("Title of the dashboard", exact=True)).to_have_value("Renamed by Ben")
    await two.page.close()
    await expect(one.page.locator("#editors li")).to_have_count(0)


async def in_conflict(demo: Demo, visit: OpenVisit, room: Room, ben: Person) -> tuple[str, Visit]:
    """The admin has the form of a tile open with a change that cannot be saved, because Ben was faster."""
    board = await room.board()
    one, two = await edit(visit, demo.admin, board), await edit(visit, ben, board)
    await one.page.get_by_role("button", name="Edit the tile Left").click()
    await one.page.get_by_label("Text", exact=True).wait_for()
    await write(two, "Left", "by Ben")
    await expect(body(two, "Left")).to_have_text("by Ben")
    await one.page.get_by_label("Text", exact=True).fill("by the admin")
    dialog = one.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Ben Miller saved the tile Left")
    await expect(dialog.get_by_role("region", name="Yours")).to_contain_text("by the admin")
    await expect(dialog.get_by_role("region", name="Theirs: Ben Miller")).to_contain_text("by Ben")
    return board, one


@pytest.mark.parametrize(
    ("choice", "left", "copies"),
    [("Keep mine", "by the admin", 0), ("Take theirs", "by Ben", 0), ("Keep both", "by Ben", 1)],
)
async def test_a_conflict_is_shown_and_settled(
    demo: Demo, visit: OpenVisit, room: Room, ben: Person, choice: str, left: str, copies: int
) -> None:
    """Both versions are seen before one is chosen, by keyboard; none is lost: theirs is in the history."""
    board, one = await in_conflict(demo, visit, room, ben)
    await one.page.get_by_role("dialog").get_by_role("button", name=re.compile(f"^{choice}")).press("Enter")
    await expect(one.page.get_by_role("dialog")).to_have_count(0)
    await expect(body(one, "Left").first).to_have_text(left)
    tiles = (await room.stored(board))["tiles"]
    assert tiles["left"]["body"] == left
    assert [tile["body"] for key, tile in tiles.items() if key.startswith("left-")] == ["by the admin"] * copies


async def test_a_settled_conflict_closes_though_the_network_is_cut(
    demo: Demo, visit: OpenVisit, room: Room, ben: Person
) -> None:
    """Once the choice is stored, no other request is needed to leave the dialog."""
    board, one = await in_conflict(demo, visit, room, ben)

    async def cut(route: Route) -> None:
        is_dialog = "conflict-body.children" in (route.request.post_data or "")
        await (route.abort() if is_dialog else route.continue_())

    await one.page.route(CALLBACKS, cut)
    await one.page.get_by_role("dialog").get_by_role("button", name="Keep mine").click()
    await expect(one.page.get_by_role("dialog")).to_have_count(0)
    assert (await room.stored(board))["tiles"]["left"]["body"] == "by the admin"
    one.errors[:] = [error for error in one.errors if not is_no_fault(error)]


# -- without a connection


def is_no_fault(message: str) -> bool:
    return bool(OFFLINE.search(message))


async def test_edits_wait_while_offline_and_are_sent(demo: Demo, visit: OpenVisit, room: Room) -> None:
    """A banner counts them, forms that are closed again too; when the connection is back they are stored in order."""
    board = await room.board()
    there = await edit(visit, demo.admin, board)
    await there.page.get_by_role("button", name="Edit the tile Left").click()
    text = there.page.get_by_label("Text", exact=True)
    await text.wait_for()
    await there.page.context.set_offline(True)
    await text.fill("without a connection")
    await expect(there.page.locator("#saving")).to_contain_text("1 change not sent yet")
    await text.fill("and once more")
    await there.page.get_by_role("button", name="Close the panel").click()
    await expect(there.page.locator("#aside")).to_be_hidden()
    await expect(there.page.locator("#saving")).to_contain_text("2 changes not sent yet")
    await there.page.get_by_label("Title of the dashboard", exact=True).fill("While offline")
    place = there.page.get_by_role("group", name="Place of the tile Points")
    await place.focus()
    await place.press("ArrowRight")
    banner = there.page.locator("#board-offline")
    await expect(banner).to_contain_text("4 changes are kept")
    await expect(there.page.locator("#saving")).to_contain_text("Offline · 4 changes not sent yet")
    for size in ((1440, 500), (390, 700)):  # Also below the bar, which says it too.
        await there.page.set_viewport_size({"width": size[0], "height": size[1]})
        await there.tile("Bars").evaluate("(tile) => tile.scrollIntoView({ block: 'end', behavior: 'instant' })")
        await expect(banner).to_be_in_viewport(ratio=1)
    await there.page.set_viewport_size({"width": 1440, "height": 900})
    failure = there.page.locator("#board-failure")
    await there.page.get_by_role("button", name="Add a tile").click()
    await expect(failure).to_have_text("The server cannot be reached.")
    await there.page.context.set_offline(False)
    await expect(banner).to_be_hidden()
    await expect(failure).to_be_empty()
    await expect(saved(there)).to_contain_text("Saved")
    await there.page.wait_for_function("() => !sessionStorage.getItem('depictio.queue')")
    stored = await room.stored(board)
    assert stored["title"] == "While offline"
    assert stored["tiles"]["count"]["layout"]["x"] == 1
    assert stored["tiles"]["left"]["body"] == "and once more"
    await expect(body(there, "Left")).to_have_text("and once more")
    there.errors[:] = [error for error in there.errors if not is_no_fault(error)]


async def test_an_answer_that_is_lost_saves_once(demo: Demo, visit: OpenVisit, room: Room) -> None:
    """The network is cut while a copy is made: the server has made it, the browser asks again, there is one copy."""
    board = await room.board()
    there = await edit(visit, demo.admin, board)
    cut: list[str] = []

    async def lose_first(route: Route) -> None:
        if "saved.children" in (route.request.post_data or "") and not cut:
            cut.append(route.request.headers["x-depictio-edit"])
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await there.page.route(CALLBACKS, lose_first)
    await there.page.get_by_role("button", name="Duplicate the tile Left").click()
    await expect(there.tile("Left")).to_have_count(2)
    await there.page.wait_for_function("() => !sessionStorage.getItem('depictio.queue')")
    assert len(cut) == 1
    assert len((await room.stored(board))["tiles"]) == 5
    there.errors[:] = [error for error in there.errors if not is_no_fault(error)]


async def test_what_waits_survives_a_reload(demo: Demo, visit: OpenVisit, room: Room) -> None:
    """A page that is reloaded before its change could be sent sends it then."""
    board = await room.board()
    there = await edit(visit, demo.admin, board)
    there.page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
    refusing = True

    async def refuse(route: Route) -> None:
        is_save = "saved.children" in (route.request.post_data or "")
        await (route.abort() if refusing and is_save else route.continue_())

    await there.page.route(CALLBACKS, refuse)
    await there.page.get_by_label("Title of the dashboard", exact=True).fill("Kept over a reload")
    await expect(there.page.locator("#saving")).to_contain_text("1 change not sent yet")
    refusing = False
    await there.page.unroute_all(behavior="ignoreErrors")
    await there.page.reload()
    await there.painted()
    await expect(there.page.get_by_label("Title of the dashboard", exact=True)).to_have_value("Kept over a reload")
    assert (await room.stored(board))["title"] == "Kept over a reload"
    there.errors[:] = [error for error in there.errors if not is_no_fault(error)]


async def test_a_troubled_server_is_asked_again(demo: Demo, visit: OpenVisit, room: Room) -> None:
    """The bar says why it is not saved, and has a button; then it is saved."""
    board = await room.board()
    there = await edit(visit, demo.admin, board)
    there.expected_statuses = {502}
    troubled = True

    async def trouble(route: Route) -> None:
        is_save = "saved.children" in (route.request.post_data or "")
        await (route.fulfill(status=502) if troubled and is_save else route.continue_())

    await there.page.route(CALLBACKS, trouble)
    await there.page.get_by_label("Title of the dashboard", exact=True).fill("At last")
    await expect(there.page.locator("#saving")).to_contain_text("Not saved. The server could not answer.")
    troubled = False
    await there.page.get_by_role("button", name="Retry now").click()
    await expect(saved(there)).to_contain_text("Saved")
    assert (await room.stored(board))["title"] == "At last"


# -- the history


async def test_versions_are_looked_at_compared_and_restored(demo: Demo, visit: OpenVisit, room: Room) -> None:
    """The real viewer shows the old version; what changed is listed by tile; restoring is a version itself."""
    board = await room.board()
    there = await edit(visit, demo.admin, board)
    await write(there, "Left", "second")
    await expect(body(there, "Left")).to_have_text("second")
    await there.page.get_by_role("button", name="Close the panel").click()
    await there.page.get_by_role("button", name="Delete the tile Right").click()
    await there.page.get_by_role("button", name="Delete", exact=True).click()
    await expect(there.tile("Right")).to_have_count(0)
    await there.page.get_by_role("link", name="History").click()
    page = there.page
    await expect(page.get_by_role("heading", name="History of Shared")).to_be_visible()
    await expect(page.locator(".history-entry")).to_have_count(4)
    await expect(page.locator(".history-entry").last).to_contain_text("made the dashboard")
    await expect(page.locator(".history-entry").first).to_contain_text("removed Right")
    await page.get_by_role("link", name="Look at version 2").click()
    await there.painted()
    await expect(page.get_by_role("note")).to_contain_text("Version 2")
    await expect(body(there, "Left")).to_have_text("first")
    await expect(there.tile("Right")).to_be_visible()
    await there.shows("Points", 20)
    await expect(page.get_by_role("link", name="Edit", exact=True)).to_have_count(0)
    await page.get_by_role("link", name="Compare and restore").click()
    await expect(page.locator("[data-change=removed]")).to_contain_text("Right")
    await expect(page.locator("[data-change=changed]")).to_contain_text(re.compile(r"Body\s*first\s*second"))
    await page.get_by_role("button", name="Restore version 2").click()
    await expect(page.locator(".history-entry").first).to_contain_text("restored version 2")
    await page.get_by_role("link", name="Edit").click()
    await there.painted()
    await expect(body(there, "Left")).to_have_text("first")
    await expect(there.tile("Right")).to_be_visible()


# -- live data


async def test_new_data_appear_and_say_what_changed(demo: Demo, visit: OpenVisit, room: Room) -> None:
    """Within two seconds where they are shown at once; else a button offers them. The choice is kept."""
    board = await room.board()
    live, asking = await visit(demo.admin), await visit(demo.admin)
    for there in (live, asking):
        await there.go(f"/dashboards/{board}")
        await there.painted()
    before = int(await live.number("Points"))
    await asking.page.get_by_role("button", name="Show new data at once").click()
    asked: list[str] = []
    live.page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    points(room.folder, "two", 5)
    await room.ingest()
    await expect(live.tile("Points").locator(".tile-number-value")).to_have_text(str(before + 5), timeout=2_500)
    await live.painted()
    await expect(live.page.locator("#board-news")).to_contain_text(f"points {before} → {before + 5} rows")
    await expect(live.page.locator("#board-news")).to_contain_text("2 tiles have changed")
    await expect(live.tile("Bars")).to_have_attribute("data-news", f"{before} → {before + 5} rows")
    # One pulse brings the news, one request all tiles, and nothing is asked in between: the rest is the pause.
    assert asked.count("_answers") == 1
    assert [one for one in asked[: asked.index("_answers")] if one != "_pulse"] == []
    assert pause_ms() <= 1000
    [bars] = await live.figure("bars")
    assert sum(bars["y"]) == before + 5  # type: ignore[call-overload]
    await expect(asking.page.locator("#board-news")).to_contain_text("There are new data")
    assert await asking.number("Points") == before
    await asking.page.get_by_role("button", name="Show", exact=True).press("Enter")
    await expect(asking.page.get_by_role("button", name="Close", exact=True)).to_be_focused()
    await asking.shows("Points", before + 5)
    points(room.folder, "three", 2)
    await room.ingest()
    await expect(live.page.locator("#board-news")).to_contain_text(f"points {before} → {before + 7} rows")
    await live.page.get_by_role("button", name="Close", exact=True).press("Enter")
    await expect(live.page.locator("[data-news]")).to_have_count(0)
    # The same numbers in another order are a new version, which no tile shows otherwise.
    points(room.folder, "three", 2, step=-1)
    await room.ingest()
    news = f"New data: points {before + 7} rows · no tile has changed"
    await expect(live.page.locator("#board-news > span")).to_have_text(news)
    await asking.page.get_by_role("button", name="Show", exact=True).click()
    await asking.shows("Points", before + 7)
    await expect(live.page.locator("[data-news]")).to_have_count(0)
    await asking.page.reload()
    await asking.painted()
    live_button = asking.page.get_by_role("button", name="Show new data at once")
    await expect(live_button).to_have_attribute("aria-pressed", "false")
    await live_button.press("Space")
    await expect(live_button).to_have_attribute("aria-pressed", "true")


async def own_editor(visit: OpenVisit, room: Room, folder: Path, name: str) -> tuple[Room, Visit]:
    """A project of that name, whose table has one column as yet, and the editor of a dashboard there."""
    (folder / "project.yaml").write_text(PROJECT.replace("name: Documents", f"name: {name}"))
    points(folder, "one", 30)
    own = await filled(room._replace(folder=folder), name)
    return own, await edit(visit, room.demo.admin, await own.board())


async def test_an_open_form_follows_new_data(visit: OpenVisit, room: Room, tmp_path: Path) -> None:
    """What the table has gained is offered, counts are those of now, the preview too; what is typed and held stays."""
    growing, there = await own_editor(visit, room, tmp_path, "Growing")
    page, aside = there.page, there.page.locator("#aside")
    await page.get_by_role("button", name="Edit the tile Bars").click()
    shelf = aside.locator(".shelf-column")
    await expect(shelf).to_have_text([re.compile("^x.*30")])
    await aside.get_by_role("textbox", name="X", exact=True).click()
    await expect(page.get_by_role("option")).to_have_text(["x (number, 30 values)"])
    await page.keyboard.press("Escape")  # which closes the list, not the panel
    await expect(page.get_by_role("option")).to_have_count(0)
    title = aside.get_by_role("textbox", name="Title", exact=True)
    await title.press("End")
    await page.keyboard.type(" and m")
    (tmp_path / "points_two.csv").write_text("x,kind\n" + "".join(f"{40 + at},{'ab'[at % 2]}\n" for at in range(20)))
    await growing.ingest()
    await expect(shelf).to_have_text([re.compile("^x.*50"), re.compile("^kind.*2")])
    await expect(title).to_be_focused()
    await page.keyboard.type("ore")
    await expect(title).to_have_value("Bars and more")
    await page.wait_for_function(SHOWS_ROWS, arg=50)
    await aside.get_by_role("textbox", name="Colour", exact=True).click()
    await page.get_by_role("option", name="kind (text, 2 values)").click()
    await expect(aside.locator(".preview .legendtext")).to_have_text(["a", "b", "missing"])
    await expect(there.tile("Bars and more").locator(".legendtext").first).to_have_text("a")
    points(tmp_path, "two", 20)
    await growing.ingest()
    await expect(shelf).to_have_text([re.compile("^x.*30")])
    await expect(aside.locator("[data-role=color] .mantine-InputWrapper-error")).to_contain_text("kind")


async def test_an_open_gallery_follows_new_data(visit: OpenVisit, room: Room, tmp_path: Path) -> None:
    """Columns and suggestions; what was chosen is still chosen, and the keys are where they were."""
    widening, there = await own_editor(visit, room, tmp_path, "Widening")
    page, aside = there.page, there.page.locator("#aside")
    await page.get_by_role("button", name="Add a tile").click()
    shelf = aside.locator(".shelf-column")
    await shelf.press("Enter")
    await expect(shelf).to_have_attribute("aria-pressed", "true")
    (tmp_path / "points_two.csv").write_text("x,y\n" + "".join(f"{at},{at * at}\n" for at in range(20)))
    await widening.ingest()
    await expect(shelf).to_have_count(2)
    await expect(shelf.first).to_have_attribute("aria-pressed", "true")
    await expect(aside.get_by_role("textbox", name="Data", exact=True)).to_have_value("points (50 rows)")
    await expect(shelf.first).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(shelf.last).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(aside.locator(".offer").first).to_contain_text("Scatter")
    # A form without data of its own has nothing to follow, and says nothing.
    await page.get_by_role("button", name="Close the panel").click()
    await page.get_by_role("button", name="Edit the tile Left").click()
    points(tmp_path, "three", 5)
    await widening.ingest()
    await there.shows("Points", 55)
    await expect(aside.get_by_label("Text", exact=True)).to_have_value("first")


# -- for everybody


async def test_histories_versions_and_news_have_no_serious_findings(
    demo: Demo, visit: OpenVisit, room: Room, ben: Person
) -> None:
    """The list, a comparison, an old version, and an editor with somebody else in it."""
    board = await room.board()
    there, two = await visit(demo.admin, color_scheme="dark", bypass_csp=True), await edit(visit, ben, board)
    await write(two, "Left", "by Ben")
    await expect(body(two, "Left")).to_have_text("by Ben")
    for path in ("/history", "/history/1", "/history/2?to=3"):
        await there.go(f"/dashboards/{board}{path}")
        assert await both(there) == [], path
    await there.go(f"/dashboards/{board}@2")
    await there.painted()
    assert await both(there) == []
    await there.go(f"/dashboards/{board}/edit")
    await there.painted()
    await expect(there.page.locator("#editors li")).to_have_count(1)
    assert await both(there) == []


async def test_a_dashboard_is_copied_and_moved_to_another_project(room: Room, visit: OpenVisit, tmp_path: Path) -> None:
    """What stands for its table there is found by the tag; the tiles show that one. Moved, the old address is gone."""
    (tmp_path / "project.yaml").write_text(PROJECT.replace("name: Documents", "name: Elsewhere"))
    points(tmp_path, "one", 30)
    await room._replace(folder=tmp_path).ingest()
    board = await room.board()
    there = await visit(room.demo.admin)
    await to_elsewhere(there, board)
    await there.page.get_by_role("button", name="Copy the dashboard").click()
    await there.painted()
    await there.shows("Points", 30)
    await to_elsewhere(there, board)
    await there.page.get_by_role("button", name="Move it there").focus()
    await there.page.keyboard.press("Enter")
    await there.painted()
    await there.shows("Points", 30)
    await expect(there.page.get_by_role("link", name="Elsewhere").first).to_be_visible()
    assert board not in there.page.url
    there.expected_statuses.add(404)
    gone = await there.page.goto(f"{room.demo.address}/dashboards/{board}")
    assert gone
    assert gone.status == 404


async def to_elsewhere(there: Visit, board: str) -> None:
    """The page that copies and moves, with the other project chosen and its plan shown."""
    await there.go(f"/dashboards/{board}/copy")
    project = there.page.get_by_label("Project")
    if await project.locator("option:checked").text_content() != "Elsewhere":
        await project.select_option(label="Elsewhere")
    await expect(there.page.get_by_text("the dashboard shows needs one in Elsewhere")).to_be_visible()
    await expect(there.page.get_by_text("that the tiles need")).to_be_visible()
