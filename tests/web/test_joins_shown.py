"""Joins in the browser: made anew after an upload, and shown with what they did to the rows."""

from msgspec import structs

from domain.description import JoinDescription, ProjectDescription
from domain.projects import Access
from tests.web.test_uploads_pages import ingested, looked_at, sent
from tests.web.world import Browser, World

JOINS = (JoinDescription(name="both", left_dc="uploads.reads", right_dc="uploads.sites", on_columns=("site",)),)


async def opened(world: World) -> tuple[Access, Browser]:
    """A project whose file joins two tables that are uploaded in the browser."""
    user = await world.user()
    access = await world.project(user)
    described = ProjectDescription(id=access.project.id, name=access.project.name, joins=JOINS)
    access, _ = await world.services.ingestion.register(user.actor(), described)
    return access, await world.browser(user)


async def test_an_upload_makes_its_joins_anew(world: World) -> None:
    """The page of the join has its rows and its warning; the list of collections and the message say it too."""
    access, browser = await opened(world)
    page = await looked_at(browser, access, "site,reads\nA,1\nA,2\nB,3\n", "reads.csv")
    await ingested(world, browser, access, page)
    page = await looked_at(browser, access, "site,ph\nA,7\nA,8\nB,6\n", "sites.csv")
    sites = await ingested(world, browser, access, page)
    project = await browser.page(f"/projects/{access.project.id}")
    assert "The join both was made anew: 3 and 3 rows joined to 5; one key occurs" in project.get_text()
    row = next(one for one in project.select("tbody tr") if one.select_one("th a").get_text() == "both")
    assert [one.get_text(strip=True) for one in row.select(".dp-badge")] == ["Join", "Rows multiplied"]
    joined = await browser.page(str(row.select_one("th a")["href"]))
    panel = joined.select_one("#joined")
    assert panel.select_one(".dp-badge").get_text(strip=True) == "Up to date"
    assert [" ".join(one.get_text(" ", strip=True).split()) for one in panel.select("li")] == [
        "reads 3 rows in version 0",
        "sites 3 rows in version 0",
        "Rows of the join 5 rows",
    ]
    assert panel.select_one(".dp-alert").get_text(strip=True).startswith("One key occurs several times on both sides")
    await world.collections.replace(structs.replace(sites, table_version=1))
    late = (await browser.page(str(row.select_one("th a")["href"]))).select_one("#joined")
    assert late.select_one(".dp-badge").get_text(strip=True) == "Out of date"
    assert "Changed since the join was made: sites." in late.get_text()


async def test_an_upload_says_that_a_join_failed(world: World) -> None:
    """The uploaded table is there; the message has the reason for which the join is not."""
    access, browser = await opened(world)
    answer = await sent(browser, access, "site,reads\nA,1\n", "reads.csv")
    page = await browser.page(answer.json()["location"])
    await ingested(world, browser, access, page)
    said = (await browser.page(f"/projects/{access.project.id}")).get_text()
    assert "reads has 1 row now. The join both could not be made anew" in said
    assert "not the tag of a collection" in said
