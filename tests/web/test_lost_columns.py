"""Tiles whose columns a new version of their table lacks: they say so, and other columns are chosen in one act."""

from collections.abc import AsyncIterator

from bs4 import BeautifulSoup

from domain.access import Role
from domain.aggregations import Aggregation
from domain.filters import Wish
from domain.history import Stamp
from domain.projects import Access
from domain.saved_views import ViewState
from domain.selections import filter_state
from domain.share_links import WantedLink
from domain.tiles import CardTile, FilterTile, FilterWidget, TextTile
from domain.uploaded import Mode
from persistence.frames.shapes import Failure, Frame
from services.uploaded import Order
from tests.web.world import World


async def _sites(world: World, access: Access, content: bytes, mode: Mode) -> str:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    sent = await world.services.uploaded.receive(access, "sites.csv", chunks())
    made, report = await world.services.uploaded.ingest(access, sent, Order(tag="sites", mode=mode))
    assert report.outcome == "updated", report
    return made.id


def _options(page: BeautifulSoup) -> dict[str, str]:
    """The chosen option of each lost column."""
    return {
        select["name"]: (select.select_one("option[selected]") or select.option)["value"]
        for select in page.select("select")
    }


async def test_lost_columns_are_said_and_others_chosen(world: World) -> None:
    """The tiles name column, version and day; the preview is what happens; it can be taken back as one act."""
    user = await world.user()
    access = await world.project(user)
    made = await _sites(world, access, b"site,mass\nA,1\nB,2\n", Mode.NEW)
    tiles = (
        CardTile(id="card", title="Mass", collection_id=made, column_name="mass", aggregation=Aggregation.SUM,
                 filter_expr="col('mass') > 0"),
        FilterTile(id="range", collection_id=made, column_name="mass",
                   interactive_component_type=FilterWidget.RANGE_SLIDER),
        TextTile(id="text", collection_id=made, body="{{sum(mass)}}"),
        CardTile(id="count", collection_id=made, column_name="site", aggregation=Aggregation.COUNT),
    )  # fmt: skip
    services, actor = world.services, user.actor()
    board = await services.dashboards.create(access, "Board", tiles={tile.id: tile for tile in tiles})
    opened = await services.dashboards.open(actor, board.id)
    state = ViewState(filters={"range": (Wish("between", (2, None)),)})
    view = await services.saved_views.add(opened, "Heavy", state)
    await _sites(world, access, b"site,body_mass\nA,1\nB,2\nC,5\n", Mode.REPLACE)
    shown = [one for one in opened.dashboard.tiles.values() if not isinstance(one, TextTile)]
    answers = await services.queries.answer(opened.access, shown, ())
    for tile in ("card", "range"):
        answer = answers[tile]
        assert isinstance(answer, Failure)
        assert "has lost its column 'mass' in version 1 of " in answer.message
    assert isinstance(answers["count"], Frame)
    browser = await world.browser(user)
    here = f"/dashboards/{board.id}/columns"
    page = await browser.page(here)
    assert _options(page) == {"new mass": "body_mass"}
    assert "Used by 3 tiles" in page.get_text()
    preview = await browser.page(f"{here}?collection={made}&new+mass=body_mass")
    rows = [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in preview.select("#changes tbody tr")]
    assert ["Mass", "filter expr", "col('mass') > 0", "col('body_mass') > 0"] in rows
    assert len(rows) == 4
    wrong = await browser.page(f"{here}?collection={made}&new+mass=weight")
    assert "is no column of 'sites'" in wrong.get_text()
    done = await browser.post(f"{here}/{made}", **{"new mass": "body_mass"})
    assert done.status_code == 303
    page = await browser.page(here)
    assert "No column is missing" in page.get_text()
    opened = await services.dashboards.open(actor, board.id)
    assert opened.dashboard.version == board.version + 1
    wishes = (await services.saved_views.get(opened, view.id)).state
    clauses = filter_state(opened.dashboard, wishes.filters, await services.collections.all(opened.access))
    found = (await services.queries.answer(opened.access, [opened.dashboard.tile("card")], clauses))["card"]
    assert isinstance(found, Frame)
    assert found.data.row(0)[0] == 7
    assert (await browser.post(f"{here}/undo")).status_code == 303
    back = (await services.dashboards.open(actor, board.id)).dashboard
    assert [getattr(one, "column_name", "") for one in back.tiles.values()] == [
        getattr(one, "column_name", "") for one in tiles
    ]
    assert (await browser.post(f"{here}/undo")).status_code == 409
    await browser.post(f"{here}/{made}", **{"new mass": "body_mass", "session": "tab"})
    history = services.stamped(Stamp("tab")).history
    await history.undo(access, board.id)
    assert (await browser.post(f"{here}/undo")).status_code == 409
    await history.redo(access, board.id)
    assert (await browser.post(f"{here}/undo")).status_code == 303
    assert "Take the last change back" not in (await browser.page(here)).get_text()


async def test_conditions_that_a_remapping_leaves_are_listed(world: World) -> None:
    """Those of views and links, before it and after it; what names other columns, or opens nothing, is not there."""
    user = await world.user()
    access = await world.project(user)
    made = await _sites(world, access, b"site,mass\nA,1\n", Mode.NEW)
    tile = FilterTile(
        id="range", collection_id=made, column_name="mass", interactive_component_type=FilterWidget.RANGE_SLIDER
    )
    services = world.services
    board = await services.dashboards.create(access, "Board", tiles={"range": tile})
    opened = await services.dashboards.open(user.actor(), board.id)
    typed = ViewState(filters={"*": (Wish("where", ("col('mass') > 1",)),)})
    await services.saved_views.add(opened, "Typed", typed)
    for wanted in (
        WantedLink(name="Sent", search="where=col('mass') < 9&f.range=2.."),
        WantedLink(name="Fixed", search="where=col('mass') < 8&f.range=2..", is_fixed=True),
        WantedLink(name="Of sites", search="where=col('site') == 'A'"),
    ):
        await services.share_links.create(opened, wanted)
    await _sites(world, access, b"site,body_mass\nA,7\n", Mode.REPLACE)
    expected = [
        "Link Fixed: col('mass') < 8 names mass.",
        "Link Fixed: mass is at least 2 names mass.",
        "Link Sent: col('mass') < 9 names mass.",
        "View Typed: col('mass') > 1 names mass.",
    ]
    browser = await world.browser(user)
    here = f"/dashboards/{board.id}/columns"
    assert sorted(one.get_text() for one in (await browser.page(here)).select("#left li")) == expected
    assert (await browser.post(f"{here}/{made}", **{"new mass": "body_mass"})).status_code == 303
    page = await browser.page(here)
    assert "No column is missing" in page.get_text()
    assert sorted(one.get_text() for one in page.select("#left li")) == expected
    editor = await world.user()
    await services.projects.add_member(access, editor.email, Role.EDITOR)
    async with await world.bearer(editor) as http:
        found = (await http.get(f"/api/v1/dashboards/{board.id}/lost-columns")).json()
    # The view is the owner's own, and editors do not manage links: they are not told whose the conditions are.
    assert [(one["kind"], one["name"]) for one in found["conditions"]] == [("link", "")] * 3
    assert found["kept_by_others"] == 1
    page = await (await world.browser(editor)).page(here)
    assert "One view that somebody else keeps for themselves names them, too" in page.get_text()
    assert "Typed" not in page.get_text()


async def test_a_pinned_dashboard_has_lost_nothing(world: World) -> None:
    """At its version the column is there."""
    user = await world.user()
    access = await world.project(user)
    made = await _sites(world, access, b"site,mass\nA,1\n", Mode.NEW)
    tile = CardTile(id="card", collection_id=made, column_name="mass", aggregation=Aggregation.SUM)
    board = await world.services.dashboards.create(access, "Board", tiles={"card": tile})
    opened = await world.services.dashboards.open(user.actor(), board.id)
    await world.services.pins.pin(opened, made, 0)
    await _sites(world, access, b"site,body_mass\nA,7\n", Mode.REPLACE)
    opened = await world.services.dashboards.open(user.actor(), board.id)
    assert await world.services.remap.lost(opened) == []
    answer = (await world.services.queries.answer(opened.access, [tile], ()))["card"]
    assert isinstance(answer, Frame)
    assert answer.data.row(0)[0] == 1


async def test_lost_columns_are_remapped_over_rest(world: World) -> None:
    """Asked first what would change, which changes nothing; then done as one edit. A stranger finds no dashboard."""
    user = await world.user()
    access = await world.project(user)
    made = await _sites(world, access, b"site,mass\nA,1\n", Mode.NEW)
    tile = CardTile(id="card", collection_id=made, column_name="mass", aggregation=Aggregation.SUM)
    board = await world.services.dashboards.create(access, "Board", tiles={"card": tile})
    await _sites(world, access, b"site,body_mass\nA,7\n", Mode.REPLACE)
    place = f"/api/v1/dashboards/{board.id}/lost-columns"
    wanted = {"columns": {"mass": "body_mass"}}
    async with await world.bearer(user) as http:
        found = (await http.get(place)).json()
        assert [(one["name"], one["tiles"], one["suggested"]) for one in found["columns"]] == [
            ("mass", ["card"], "body_mass")
        ]
        assert (found["links"], found["conditions"]) == ([], [])
        planned = (await http.post(f"{place}/{made}", params={"dry_run": "true"}, json=wanted)).json()
        assert planned["version"] == board.version
        assert [(one["tile_id"], one["before"], one["after"]) for one in planned["changes"]] == [
            ("card", "mass", "body_mass")
        ]
        wrong = await http.post(f"{place}/{made}", json={"columns": {"mass": "weight"}})
        assert (wrong.status_code, "is no column of 'sites'" in wrong.text) == (422, True)
        assert len((await http.get(place)).json()["columns"]) == 1
        done = (await http.post(f"{place}/{made}", json=wanted)).json()
        assert done == planned | {"version": board.version + 1}
        assert (await http.get(place)).json()["columns"] == []
    async with await world.bearer(await world.user()) as stranger:
        assert (await stranger.post(f"{place}/{made}", json=wanted)).status_code == 404
