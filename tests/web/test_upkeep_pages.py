"""Restoring, optimizing and vacuuming a table by page and by REST."""

from collections.abc import AsyncIterator

from domain.access import Role
from domain.collections import DataCollection
from domain.projects import Access
from domain.uploaded import Mode
from services.uploaded import Order
from tests.web.world import Browser, World, soup


async def _sites(world: World, access: Access, content: bytes, mode: Mode) -> DataCollection:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    sent = await world.services.uploaded.receive(access, f"{mode}.csv", chunks())
    made, report = await world.services.uploaded.ingest(access, sent, Order(tag="sites", mode=mode))
    assert report.outcome == "updated"
    return made


async def opened(world: World) -> tuple[Access, Browser, str]:
    """A project with a table of two versions, its owner's browser, and where the collection's page is."""
    user = await world.user()
    access = await world.project(user)
    await _sites(world, access, b"site,n\nA,1\n", Mode.NEW)
    made = await _sites(world, access, b"site,n\nB,2\n", Mode.APPEND)
    return access, await world.browser(user), f"/projects/{access.project.id}/collections/{made.id}"


async def test_a_version_is_restored_after_its_consequences_were_said(world: World) -> None:
    """The page leads to what will happen, and from there to the restored rows."""
    _, browser, address = await opened(world)
    page = await browser.page(address)
    (link,) = page.find_all("a", attrs={"aria-label": "Restore version 0…"})
    confirm = await browser.page(link["href"])
    said = confirm.select_one("#consequences").get_text(" ", strip=True)
    assert "1 row instead of 2" in said
    assert "1 file ingested since: new or changed" in said
    done = await browser.post(f"{address}/versions/0/restore")
    assert done.status_code == 303
    page = await browser.page(address)
    assert [row.get_text(" ", strip=True).split()[0] for row in page.select("#preview tbody tr")] == ["A"]
    assert "restored" in page.get_text()
    assert "Version 0 was restored." in page.get_text()


async def test_small_files_and_old_versions_are_looked_after(world: World) -> None:
    """The page says what would be done; doing it says what was."""
    _, browser, address = await opened(world)
    upkeep = await browser.page(f"{address}/upkeep")
    assert "2 small files" in upkeep.select_one("#optimize").get_text()
    assert "nothing is to be done" in upkeep.select_one("#vacuum").get_text()
    assert (await browser.post(f"{address}/optimize")).status_code == 303
    assert "There are no small files" in (await browser.page(f"{address}/upkeep")).get_text()
    part = soup(await browser.htmx("GET", f"{address}/upkeep?retention=now"))
    assert "write hours, days or weeks" in part.get_text()
    assert (await browser.post(f"{address}/vacuum", retention="7d")).status_code == 303
    assert "files put together" in (await browser.page(address)).get_text()


async def test_viewers_are_offered_nothing_and_refused(world: World) -> None:
    owner, viewer = await world.user(), await world.user()
    access = await world.project(owner, viewer=viewer)
    made = await _sites(world, access, b"site,n\nA,1\n", Mode.NEW)
    await _sites(world, access, b"site,n\nB,2\n", Mode.APPEND)
    address = f"/projects/{access.project.id}/collections/{made.id}"
    browser = await world.browser(viewer)
    page = await browser.page(address)
    assert not page.select('a[href$="/restore"], a[href$="/upkeep"]')
    assert (await browser.get(f"{address}/upkeep")).status_code == 403
    assert (await browser.post(f"{address}/versions/0/restore")).status_code == 403
    assert Role.VIEWER in {grant.role for grant in access.project.grants}


async def test_rest_says_what_an_act_would_do_and_does_it(world: World) -> None:
    """`dry_run` changes nothing; each act answers with what it did."""
    user = await world.user()
    access = await world.project(user)
    await _sites(world, access, b"site,n\nA,1\n", Mode.NEW)
    made = await _sites(world, access, b"site,n\nB,2\n", Mode.APPEND)
    place = f"/api/v1/projects/{access.project.id}/collections/{made.id}"
    async with await world.bearer(user) as http:
        plan = (await http.post(f"{place}/versions/0/restore?dry_run=true")).json()
        assert (plan["rows"], plan["rows_now"], plan["table_version"]) == (1, 2, None)
        assert (await http.get(place)).json()["table_version"] == 1
        assert (await http.post(f"{place}/optimize?dry_run=true")).json()["files"] == 2
        done = (await http.post(f"{place}/optimize")).json()
        assert (done["files"], done["into"], done["table_version"]) == (2, 1, 2)
        vacuumed = await http.post(f"{place}/vacuum?retention=2w")
        assert vacuumed.json() | {"files": 0} == vacuumed.json()
        assert (await http.post(f"{place}/vacuum?retention=5m")).status_code == 422
        done = (await http.post(f"{place}/versions/0/restore")).json()
        assert (done["rows"], done["table_version"]) == (1, 3)
        assert (await http.post(f"{place}/versions/7/restore")).status_code == 404
        assert (await http.post(f"{place}/versions/3/restore")).status_code == 409
