"""The page of a data collection: what its values are like, its rows sorted and filtered, its files and ingests."""

from msgspec import structs

from domain.projects import Access
from persistence.mongo import new_id
from tests.web.world import Browser, World, soup


async def opened(world: World) -> tuple[Access, Browser, str]:
    """A project with the penguins, its owner's browser, and where the collection's page is."""
    user = await world.user()
    access = await world.project(user)
    collection = await world.collection(access)
    return access, await world.browser(user), f"/projects/{access.project.id}/collections/{collection.id}"


async def test_the_values_of_columns_are_shown_after_the_page(world: World) -> None:
    """Missing and distinct values, the ends, and a drawing that says in words what it shows."""
    _, browser, address = await opened(world)
    page = await browser.page(address)
    assert page.select_one("#schema")["hx-get"] == f"{address}/values"
    assert page.select_one("#schema a")["href"] == f"{address}/values"
    part = soup(await browser.htmx("GET", f"{address}/values"))
    assert part.h1 is None
    lines = [[" ".join(cell.get_text(" ", strip=True).split()) for cell in row.select("th, td")[:6]]
             for row in part.select("tbody tr")]  # fmt: skip
    assert lines == [
        ["species About species", "text", "1 25 %", "3", "<b>Chinstrap</b>", "Gentoo"],
        ["bill_mm About bill_mm", "number", "0", "4", "39.1", "50"],
        ["count About count", "number", "0", "4", "1", "4"],
    ]
    drawn = part.select("svg.dp-sketch")
    assert [len(one.select("rect")) for one in drawn] == [3, 24, 4]
    assert drawn[2]["aria-label"] == "Values of count: 4 bars, the highest is 1: 1 row"
    assert [one.get_text() for one in drawn[2].select("title")] == ["1: 1 row", "2: 1 row", "3: 1 row", "4: 1 row"]
    assert (await browser.page(f"{address}/values")).h1 is not None


async def test_a_collection_without_rows_says_so(world: World) -> None:
    access, browser, _ = await opened(world)
    empty = await world.collections.add(
        structs.replace((await world.services.collections.all(access))[0], id=new_id(), tag="empty", table_version=None)
    )
    address = f"/projects/{access.project.id}/collections/{empty.id}"
    assert (await browser.page(address)).select_one("#schema[hx-get]") is None
    part = soup(await browser.htmx("GET", f"{address}/values"))
    assert "nothing was ingested" in part.select_one("[role=alert]").get_text()
