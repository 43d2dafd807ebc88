"""The page of a data collection: what its values are like, its rows sorted and filtered, its files and ingests."""

from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from msgspec import structs

from domain.collections import DataCollection
from domain.errors import Invalid, Problem
from domain.projects import Access
from persistence.mongo import new_id
from services.uploaded import Order
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
    lines = [
        [
            " ".join(cell.get_text(" ", strip=True).split())
            for cell in row.select("th, td")
            if cell.svg is None or cell.span
        ]
        for row in part.select("tbody tr")
    ]
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


def cells(page: BeautifulSoup) -> list[str]:
    """What stands in the last column of the rows."""
    return [row.select("td")[-1].get_text(strip=True) for row in page.select("#preview tbody tr")]


async def test_rows_are_sorted_by_plain_links(world: World) -> None:
    """A heading sorts upwards, then downwards, then as the table has it; filters and version are kept."""
    _, browser, address = await opened(world)
    page = await browser.page(f"{address}?where+count=%3E1")
    seen = []
    for _ in range(3):
        link = page.select_one("#sort-2")
        assert link["href"] == link["hx-get"]
        page = await browser.page(link["href"])
        heading = page.select_one("#preview th[aria-sort]")
        seen.append((heading and heading["aria-sort"], cells(page)))
    assert seen == [("ascending", ["3", "2", "4"]), ("descending", ["4", "2", "3"]), (None, ["2", "3", "4"])]
    old = await browser.page(f"{address}?version=0&sort=count&order=desc")
    assert cells(old) == ["2", "1"]


@pytest.mark.parametrize(
    ("where", "left"),
    [
        ({"species": "e"}, ["1", "2"]),
        ({"species": "=adelie"}, ["1"]),
        ({"species": "!gentoo"}, ["1", "3", "4"]),
        ({"species": "is missing"}, ["3"]),
        ({"count": "2..3", "species": "is not missing"}, ["2"]),
        ({"bill_mm": "<=40.25"}, ["1", "3"]),
        ({"count": "!=1"}, ["2", "3", "4"]),
        ({"count": "7"}, []),
    ],
)
async def test_rows_are_filtered_below_the_headings(world: World, where: dict[str, str], left: list[str]) -> None:
    """HTMX gets the rows alone; the words stay in their fields, and the count is that of the rows that are left."""
    _, browser, address = await opened(world)
    query = "&".join(f"{quote(f'where {column}')}={quote(text)}" for column, text in where.items())
    part = soup(await browser.htmx("GET", f"{address}?{query}"))
    assert (part.h1, cells(part)) == (None, left)
    kept = {str(field["name"]): str(field["value"]) for field in part.select(".dp-where") if field["value"]}
    assert kept == {f"where {column}": text for column, text in where.items()}
    assert part.select_one("#preview form")["hx-get"] == address


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("where+count=many", "count holds numbers, and 'many' is none"),
        ("where+nothing=1", "nothing is no column of this version"),
        ("sort=nothing", "nothing is no column of this version"),
        ("where+count=..5", "count needs a value to compare with"),
    ],
)
async def test_a_filter_that_cannot_be_read_shows_no_rows(world: World, query: str, said: str) -> None:
    """Never all of them."""
    _, browser, address = await opened(world)
    page = await browser.page(f"{address}?{query}")
    assert said in page.select_one("#preview [role=alert]").get_text()
    assert cells(page) == []


async def test_files_and_ingests_are_those_of_the_collection(world: World) -> None:
    """What came of an upload, and of one that failed; another collection's ingests are not among them."""
    user = await world.user()
    access = await world.project(user)
    browser = await world.browser(user)
    made = await uploaded(world, access, "sites", b"n\n1\n2\n")
    await uploaded(world, access, "others", b"n\n1\n")
    await world.services.ingestion.fail(access, made.id, Invalid("No luck.", (Problem("a.csv", "is not there"),)))
    address = f"/projects/{access.project.id}/collections/{made.id}"
    page = await browser.page(address)
    panel = page.select_one("#files")
    assert (panel["hx-get"], panel.select_one("a")["href"]) == (f"{address}/files",) * 2
    part = soup(await browser.htmx("GET", f"{address}/files"))
    assert part.select_one("#files summary .dp-mono").get_text() == "uploads"
    (file,) = part.select(".dp-files li")
    assert " ".join(file.get_text(" ", strip=True).split()) == "uploads/sites.csv 2 rows, 6 Bytes"
    ingests = page.select("section[aria-labelledby=ingests-heading] > ul > li")
    assert [one.select_one(".dp-badge").get_text() for one in ingests] == ["failed", "updated"]
    assert "a.csv is not there" in " ".join(ingests[0].get_text(" ", strip=True).split())
    assert "2 rows in version 0; files: 1 new" in " ".join(ingests[1].get_text(" ", strip=True).split())


async def uploaded(world: World, access: Access, tag: str, content: bytes) -> DataCollection:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    sent = await world.services.uploaded.receive(access, f"{tag}.csv", chunks())
    made, _ = await world.services.uploaded.ingest(access, sent, Order(tag=tag))
    return made
