"""Dashboards pinned to versions of their data: everything that shows them keeps to the pin."""

import json
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from domain.collections import DataCollection
from domain.dashboards import Dashboard
from domain.errors import Invalid, NotFound
from domain.exports import Wanted
from domain.history import Stamp
from domain.people import User
from domain.projects import Access
from domain.share_links import WantedLink
from domain.tiles import Aggregation, CardTile, TableTile
from domain.uploaded import Mode
from persistence.frames.shapes import Frame
from services.uploaded import Order
from tests.web.world import World

DAY = 86_400


async def _sites(world: World, access: Access, content: bytes, mode: Mode, tag: str = "sites") -> DataCollection:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    sent = await world.services.uploaded.receive(access, f"{content.hex()}.csv", chunks())
    made, report = await world.services.uploaded.ingest(access, sent, Order(tag=tag, mode=mode))
    assert report.outcome == "updated", report
    return made


class Case:
    """A dashboard with a card that sums and a table, on a collection of three versions: 1, 3 and 6 in sum."""

    def __init__(self, world: World, user: User, access: Access, made: DataCollection, board: Dashboard) -> None:
        self.world, self.user, self.access, self.made, self.board = world, user, access, made, board

    async def sum(self) -> float:
        opened = await self.world.services.dashboards.open(self.user.actor(), self.board.id)
        answer = (await self.world.services.queries.answer(opened.access, [opened.dashboard.tile("sum")], ()))["sum"]
        assert isinstance(answer, Frame), answer
        return float(answer.data.row(0)[0])


@pytest.fixture
async def case(world: World) -> Case:
    user = await world.user()
    access = await world.project(user)
    await _sites(world, access, b"site,n\nA,1\n", Mode.NEW)
    await _sites(world, access, b"site,n\nB,2\n", Mode.APPEND)
    made = await _sites(world, access, b"site,n\nC,3\n", Mode.APPEND)
    tiles = (
        CardTile(id="sum", title="Sum", collection_id=made.id, column_name="n", aggregation=Aggregation.SUM),
        TableTile(id="rows", title="Rows", collection_id=made.id, columns=("site", "n")),
    )
    board = await world.services.dashboards.create(access, "Board", tiles={tile.id: tile for tile in tiles})
    return Case(world, user, access, made, board)


async def test_everything_that_a_dashboard_shows_keeps_to_the_pin(case: Case) -> None:
    """Numbers, exports, pictures, visitors by link and the pulse; unpinned, all is as it is now."""
    world, services, actor = case.world, case.world.services, case.user.actor()
    opened = await services.dashboards.open(actor, case.board.id)
    before = await services.pictures.name(opened)
    assert await case.sum() == 6
    browser = await world.browser(case.user)
    here = f"/dashboards/{case.board.id}/pins"
    page = await browser.page(here)
    assert [one["value"] for one in page.select("option")] == ["2", "1", "0"]
    assert (await browser.post(f"{here}/{case.made.id}", version="1")).status_code == 303
    assert await case.sum() == 3
    opened = await services.dashboards.open(actor, case.board.id)
    assert await services.pictures.name(opened) != before
    shown = await services.exports.of_tile(opened, "rows", Wanted(format="csv"))
    text = b"".join([piece async for piece in shown.pieces]).decode()
    assert sorted(line.partition(",")[0] for line in text.splitlines()[1:]) == ["A", "B"]
    made = await services.share_links.create(opened, WantedLink(name="For all", days=7))
    visit = await services.share_links.open(made.secret)
    visited = await services.dashboards.open(visit.actor, case.board.id)
    answer = (await services.queries.answer(visited.access, [visited.dashboard.tile("sum")], ()))["sum"]
    assert isinstance(answer, Frame)
    assert answer.data.row(0)[0] == 3
    await _sites(world, case.access, b"site,n\nD,10\n", Mode.APPEND)
    assert (await services.live.pulse(actor, case.board.id)).tables[case.made.id].version == 1
    assert await case.sum() == 3
    assert (await browser.post(f"{here}/{case.made.id}/remove")).status_code == 303
    assert await case.sum() == 16
    assert (await services.live.pulse(actor, case.board.id)).tables[case.made.id].version == 3


async def test_pinning_is_in_the_undo_of_the_editor_and_in_the_history(case: Case) -> None:
    """From the page beside it, as from the history; the versions say what was pinned, in words and without ids."""
    browser = await case.world.browser(case.user)
    here = f"/dashboards/{case.board.id}"
    await browser.post(f"{here}/pins/{case.made.id}", version="1", session="tab")
    await browser.post(f"{here}/pins/{case.made.id}", version="0", session="tab")
    history = case.world.services.stamped(Stamp("tab")).history
    await history.undo(case.access, case.board.id)
    assert await case.sum() == 3
    await history.undo(case.access, case.board.id)
    assert await case.sum() == 6
    await browser.post(f"{here}/history/2/restore", session="tab")
    assert await case.sum() == 3
    await history.undo(case.access, case.board.id)
    assert await case.sum() == 6
    page = await browser.page(f"{here}/history")
    said = [one.get_text(" ", strip=True) for one in page.select(".history-what > div:first-child")]
    assert "pinned sites to version 1 of " in said[-2]
    assert said[-1].endswith("made the dashboard")
    assert said[-3].endswith("pinned sites to version 0")
    compared = await browser.page(f"{here}/history/1?to=2")
    assert "sites: version 1 of " in compared.get_text()
    assert case.made.id not in compared.select_one("main").get_text()  # type: ignore[union-attr]


async def test_a_fixed_condition_of_a_link_holds_on_columns_of_the_pinned_version(case: Case) -> None:
    """The table has lost the column since; visitors look at the version that has it, and see no row beyond."""
    services, actor = case.world.services, case.user.actor()
    other = await _sites(case.world, case.access, b"site,m\nA,1\n", Mode.NEW, tag="others")
    card = CardTile(id="m", title="M", collection_id=other.id, column_name="m", aggregation=Aggregation.SUM)
    await services.dashboards.add_tile(case.access, case.board.id, card)
    opened = await services.dashboards.open(actor, case.board.id)
    await services.pins.pin(opened, case.made.id, 2)
    await _sites(case.world, case.access, b"place,n\nA,100\n", Mode.REPLACE)
    opened = await services.dashboards.open(actor, case.board.id)
    made = await services.share_links.create(opened, WantedLink(search="where=col('site') == 'A'", is_fixed=True))
    visit = await services.share_links.open(made.secret)
    visited = await services.dashboards.open(visit.actor, case.board.id)
    answer = (await services.queries.answer(visited.access, [visited.dashboard.tile("sum")], ()))["sum"]
    assert isinstance(answer, Frame), answer
    assert answer.data.row(0)[0] == 1


async def test_a_fixed_condition_of_a_link_holds_on_tiles_that_come_later(case: Case) -> None:
    """A collection that the dashboard did not show when the link was made is narrowed for visitors, too."""
    services, actor = case.world.services, case.user.actor()
    opened = await services.dashboards.open(actor, case.board.id)
    made = await services.share_links.create(opened, WantedLink(search="where=col('site') == 'A'", is_fixed=True))
    other = await _sites(case.world, case.access, b"site,m\nA,1\nB,20\n", Mode.NEW, tag="others")
    card = CardTile(id="m", title="M", collection_id=other.id, column_name="m", aggregation=Aggregation.SUM)
    await services.dashboards.add_tile(case.access, case.board.id, card)
    visit = await services.share_links.open(made.secret)
    visited = await services.dashboards.open(visit.actor, case.board.id)
    tiles = [visited.dashboard.tile("sum"), visited.dashboard.tile("m")]
    found = await services.queries.answer(visited.access, tiles, ())
    assert [_value(found[tile.id]) for tile in tiles] == [1, 1]


async def test_a_pin_is_in_the_file_and_in_rest(case: Case) -> None:
    """Written, read and written again it is the same; a version that is not there is refused with its place."""
    services = case.world.services
    async with await case.world.bearer(case.user) as http:
        place = f"/api/v1/dashboards/{case.board.id}"
        pinned = (await http.put(f"{place}/pins/{case.made.id}", json={"version": 0})).json()
        (pin,) = pinned["pins"].values()
        assert pin["version"] == 0
        assert (await http.put(f"{place}/pins/{case.made.id}", json={"version": 9})).status_code == 404
        content = {key: pinned[key] for key in ("version", "title", "tiles", "pins")}
        wrong = content | {"pins": {case.made.id: {"version": 9}}}
        refused = await http.put(place, json=wrong)
        assert (refused.status_code, "pins.sites" in refused.text) == (422, True)
        kept = await http.put(place, json=content | {"title": "Again"})
        assert kept.json()["pins"] == pinned["pins"]
        opened = await services.dashboards.open(case.user.actor(), case.board.id)
        text = await services.copies.file(opened)
        assert yaml.safe_load(text)["pins"] == {"sites": pin}
        copy = await services.copies.read(case.access, text)
        assert copy.pins == opened.dashboard.pins
        short = await services.copies.read(case.access, "title: T\npins: {sites: 1}\n")
        assert short.pins[case.made.id].version == 1
        for wrong_pin in ("{sites: 9}", "{other: 1}", "{sites: {version: 1, day: never}}", "[1]"):
            with pytest.raises(Invalid):
                await services.copies.read(case.access, f"title: T\npins: {wrong_pin}\n")
        assert (await services.dashboards.duplicate(case.access, case.board.id, "Copy")).pins == opened.dashboard.pins
        assert (await http.delete(f"{place}/pins/{case.made.id}")).json()["pins"] == {}


async def test_a_vacuum_never_removes_a_pinned_version(case: Case) -> None:
    """It says that the version stays; one that is gone cannot be pinned, and says why where it was pinned before."""
    services = case.world.services
    opened = await services.dashboards.open(case.user.actor(), case.board.id)
    await services.upkeep.optimize(case.access, case.made.id)
    _age(Path(case.world.tables.location(case.made.table_path).uri.removeprefix("file://")))
    await services.pins.pin(opened, case.made.id, 0)
    done = await services.upkeep.vacuum(case.access, case.made.id)
    assert (done.pinned, done.versions) == ((0,), (1, 2))
    assert await case.sum() == 1
    with pytest.raises(NotFound, match="files were removed"):
        await services.pins.pin(opened, case.made.id, 1)
    await services.pins.unpin(opened, case.made.id)
    assert (await services.upkeep.vacuum(case.access, case.made.id)).versions == (0,)
    history = await services.history.versions(opened.access, case.board.id)
    await services.history.restore(opened.access, case.board.id, history.edits[0].number - 1)
    opened = await services.dashboards.open(case.user.actor(), case.board.id)
    answer = (await services.queries.answer(opened.access, [opened.dashboard.tile("sum")], ()))["sum"]
    assert "pinned to version 0 of 'sites', which cannot be read any more" in getattr(answer, "message", "")
    await services.upkeep.vacuum(case.access, case.made.id)
    unpinned = await services.collections.get(case.access, case.made.id)
    assert unpinned.gone == (0, 1, 2), "a vacuum must not take a removed version for one that can be read again"


def _value(answer: object) -> object:
    assert isinstance(answer, Frame), answer
    return answer.data.row(0)[0]


def _age(folder: Path) -> None:
    """Let everything in the table have happened eight days ago."""
    then = time.time() - 8 * DAY
    for log in (folder / "_delta_log").glob("*.json"):
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        for line in lines:
            if "remove" in line:
                line["remove"]["deletionTimestamp"] -= 8 * DAY * 1000
        log.write_text("\n".join(json.dumps(line) for line in lines) + "\n")
    for file in folder.glob("*.parquet"):
        os.utime(file, (then, then))
