"""Several files by the pages: sent together, sorted by what they hold, and each kind made one table."""

from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup

from domain.projects import Access
from tests.web.test_uploads_pages import action, editor, fields, rows, sent
from tests.web.world import Browser, World, soup

NORTH, SOUTH = "site;ph\nA;7,5\n", "site;ph\nB;NA\nC;8,1\n"


async def together(browser: Browser, access: Access, files: dict[str, str]) -> httpx.Response:
    """The answer to the list of these files, which scripts have sent."""
    listed = [(await sent(browser, access, content, name)).json()["sent"] for name, content in files.items()]
    headers = {"x-csrftoken": await browser.token(), "accept": "application/json"}
    return await browser.http.post(f"/projects/{access.project.id}/batches", json={"files": listed}, headers=headers)


async def sorted_page(browser: Browser, access: Access, files: dict[str, str]) -> tuple[str, BeautifulSoup]:
    answer = await together(browser, access, files)
    assert answer.status_code == 200, answer.text
    return answer.json()["location"], await browser.page(answer.json()["location"])


def kinds(page: BeautifulSoup) -> dict[str, list[str]]:
    """The files under each heading."""
    return {
        form.h2.get_text(): [one.get_text(" ", strip=True).split()[0] for one in form.select("li")]
        for form in page.select("form.dp-panel")
    }


async def made(world: World, browser: Browser, access: Access, page: BeautifulSoup, **changes: str) -> tuple[Any, str]:
    """The table that the page was ingested to, and where it goes on."""
    said = {**fields(page), **changes}
    answer = await browser.post(action(page), **said)
    assert answer.status_code == 303, soup(answer).select_one("#look").get_text(" ", strip=True)
    for job in await world.services.jobs.live(access):
        await world.services.jobs.ended(access, job.id, 60)
    found = await world.services.collections.all(access)
    return next(one for one in found if one.tag == said["tag"]), answer.headers["location"]


async def test_files_of_one_kind_become_one_table_and_the_others_wait(world: World) -> None:
    """Sorted by columns and separator; one commit for all; then the page of those that are left."""
    access, browser = await editor(world)
    files = {"ph_north.csv": NORTH, "ph_south.csv": SOUTH, "people.csv": "name,age\nAda,36\n"}
    place, page = await sorted_page(browser, access, files)
    assert kinds(page) == {"2 files with 2 columns": ["ph_north.csv", "ph_south.csv"],
                           "1 file with 2 columns": ["people.csv"]}  # fmt: skip
    chosen = {box["name"]: "on" for box in page.select("form input[type=checkbox]") if "people" not in box.parent.text}
    looked = await browser.page((await browser.post(f"{place}/table", **chosen)).headers["location"])
    assert looked.select_one("#becomes-heading").get_text() == "What becomes of 2 files"
    assert fields(looked)["tag"] == "ph"
    assert looked.select_one("#field-null_values")["value"] == "NA"
    table, left = await made(world, browser, access, looked)
    assert [row["ph"] for row in await rows(world, access, table)] == [7.5, None, 8.1]
    assert sorted(await world.services.ingestion.known_files(access, table.id)) == [
        "uploads/ph_north.csv", "uploads/ph_south.csv",
    ]  # fmt: skip
    assert table.table_version == 0
    assert kinds(await browser.page(left)) == {"1 file with 2 columns": ["people.csv"]}


async def test_several_files_are_appended_and_replace(world: World) -> None:
    access, browser = await editor(world)
    place, _ = await sorted_page(browser, access, {"a.csv": NORTH, "b.csv": SOUTH})
    both = {"file 0": "on", "file 1": "on"}
    looked = await browser.page((await browser.post(f"{place}/table", **both)).headers["location"])
    table, _ = await made(world, browser, access, looked, tag="ph")
    place, _ = await sorted_page(browser, access, {"b.csv": "site;ph\nD;1,0\n", "c.csv": "site;ph\nE;2,0\n"})
    looked = await browser.page((await browser.post(f"{place}/table", **both)).headers["location"])
    table, _ = await made(world, browser, access, looked, tag="ph", mode="append")
    assert [row["site"] for row in await rows(world, access, table)] == ["A", "D", "E"]
    place, _ = await sorted_page(browser, access, {"x.csv": "site;ph\nX;1,0\n", "y.csv": "site;ph\nY;2,0\n"})
    looked = await browser.page((await browser.post(f"{place}/table", **both)).headers["location"])
    table, _ = await made(world, browser, access, looked, tag="ph", mode="replace")
    assert [row["site"] for row in await rows(world, access, table)] == ["X", "Y"]


async def test_one_bad_file_of_several_stores_nothing(world: World) -> None:
    """It is named, and the form is still there to leave it out."""
    access, browser = await editor(world)
    long = "site;ph\n" + "A;1,5\n" * 200_000 + "B;oops\n"
    place, _ = await sorted_page(browser, access, {"a.csv": NORTH, "b.csv": long})
    looked = await browser.page(
        (await browser.post(f"{place}/table", **{"file 0": "on", "file 1": "on"})).headers["location"]
    )
    answer = await browser.post(action(looked), **fields(looked))
    if answer.status_code == 303:
        job_id = answer.headers["location"].rpartition("/")[2]
        job = await world.services.jobs.ended(access, job_id, 60)
        said = " ".join(problem.place + problem.message for problem in job.failure.problems)
    else:
        assert answer.status_code == 422
        said = soup(answer).select_one(".dp-problems").get_text(" ", strip=True)
    assert "b.csv" in said
    assert await world.services.collections.all(access) == []


async def test_what_was_sent_can_be_forgotten_and_what_is_no_table_is_named(world: World) -> None:
    """Without scripts one form sends several files; what cannot be read stands apart with its reason."""
    access, browser = await editor(world)
    path = f"/projects/{access.project.id}/uploads"
    files = [("file", ("a.csv", NORTH)), ("file", ("b.csv", b"%PDF-1.7"))]
    answer = await browser.http.post(path, data={"_csrf_token": await browser.token()}, files=files)
    assert answer.status_code == 303
    place = answer.headers["location"]
    page = await browser.page(place)
    assert kinds(page) == {"1 file with 2 columns": ["a.csv"], "1 file that cannot be read": ["b.csv"]}
    assert "is a PDF" in page.select_one(".dp-problem").get_text()
    assert (await browser.post(f"{place}/table")).status_code == 422
    rest = (await browser.post(f"{place}/forget", **{"file 1": "on"})).headers["location"]
    assert kinds(await browser.page(rest)) == {"1 file with 2 columns": ["a.csv"]}
    assert (await browser.post(f"{rest}/forget", only="0")).headers["location"] == path
    assert kinds(await browser.page(rest)) == {"1 file that cannot be read": ["a.csv"]}


@pytest.mark.parametrize("batch", ["0" * 64, "nonsense", "%2e%2e"])
async def test_a_list_that_is_not_there_is_not_found(world: World, batch: str) -> None:
    access, browser = await editor(world)
    assert (await browser.http.get(f"/projects/{access.project.id}/batches/{batch}")).status_code == 404


async def test_lists_that_cannot_be_are_refused(world: World) -> None:
    """Two of one name, paths, none at all; and a viewer may not."""
    access, browser = await editor(world)
    headers = {"x-csrftoken": await browser.token(), "accept": "application/json"}
    path = f"/projects/{access.project.id}/batches"
    file = {"name": "a.csv", "sha256": "0" * 64, "size": 1}
    for files in ([file, file], [{**file, "name": "../a"}], [], [{**file, "name": f"{n}"} for n in range(201)]):
        assert (await browser.http.post(path, json={"files": files}, headers=headers)).status_code == 422, files
    visitor = await world.browser(await world.user())
    headers["x-csrftoken"] = await visitor.token()
    assert (await visitor.http.post(path, json={"files": [file]}, headers=headers)).status_code == 404
