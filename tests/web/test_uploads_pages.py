"""Uploads by the pages: sent, looked at, corrected, ingested, appended to and replaced."""

from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import polars as pl
import pytest
import xlsxwriter
import zstandard
from bs4 import BeautifulSoup

from domain.collections import DataCollection
from domain.projects import Access
from tests.web.world import Browser, World, soup

SITES = "site;reads;ph\nA;1;7,5\nB;2;NA\n"


async def editor(world: World) -> tuple[Access, Browser]:
    user = await world.user()
    access = await world.project(await world.user(), editor=user)
    return access, await world.browser(user)


async def sent(browser: Browser, access: Access, content: str | bytes, name: str = "sites.csv") -> httpx.Response:
    """The answer to a file that scripts send."""
    headers = {"x-csrftoken": await browser.token(), "accept": "application/json"}
    body = content.encode() if isinstance(content, str) else content
    path = f"/projects/{access.project.id}/uploads/content"
    return await browser.http.put(path, params={"name": name}, content=body, headers=headers)


async def looked_at(browser: Browser, access: Access, content: str | bytes, name: str = "sites.csv") -> BeautifulSoup:
    answer = await sent(browser, access, content, name)
    assert answer.status_code == 200, answer.text
    return await browser.page(answer.json()["location"])


def fields(page: BeautifulSoup) -> dict[str, str]:
    """What the form would send as it stands."""
    found = {}
    for control in page.select("#look input[name], #look select[name], #look textarea[name]"):
        kind, name = control.get("type"), str(control["name"])
        if control.name == "select":
            found[name] = str((control.select_one("option[selected]") or control.select_one("option"))["value"])
        elif kind not in {"checkbox", "radio"} or control.has_attr("checked"):
            found[name] = control.get_text() if control.name == "textarea" else str(control.get("value", ""))
    found.pop("_csrf_token")
    return found


def action(page: BeautifulSoup) -> str:
    return str(page.select_one("#look")["action"])


async def ingested(world: World, browser: Browser, access: Access, page: BeautifulSoup, **changes: str) -> Any:
    answer = await browser.post(action(page), **{**fields(page), **changes})
    assert answer.status_code == 303, soup(answer).select_one("#look").get_text(" ", strip=True)
    place, _, found_id = answer.headers["location"].rpartition("/")
    if place.endswith("/jobs"):
        # The machine was busy; what becomes a table is then shown as a job first.
        found_id = (await world.services.jobs.ended(access, found_id, 60)).result.collection_id
    return await world.services.collections.get(access, found_id)


async def rows(world: World, access: Access, collection: DataCollection) -> list[dict[str, Any]]:
    found = (await world.services.collections.rows(access, collection.id)).rows
    return [{name: value for name, value in row.items() if not name.startswith("depictio_")} for row in found]


async def test_a_file_becomes_a_table_as_it_was_guessed(world: World) -> None:
    """Separator, decimal comma and missing values are found without being said."""
    access, browser = await editor(world)
    page = await looked_at(browser, access, SITES)
    assert [one.get_text(strip=True) for one in page.select("#look thead th > div:first-child")] == [
        "site", "reads", "ph",
    ]  # fmt: skip
    assert page.select_one("#field-separator option[selected]")["value"] == ";"
    assert [one.option.get_text() for one in page.select("thead select")] == [
        "as detected: text", "as detected: whole number", "as detected: number",
    ]  # fmt: skip
    made = await ingested(world, browser, access, page, description="Where it was measured")
    assert (made.tag, made.workflow, made.origin, made.description) == (
        "sites", "uploads", "upload", "Where it was measured",
    )  # fmt: skip
    assert await rows(world, access, made) == [
        {"site": "A", "reads": 1, "ph": 7.5},
        {"site": "B", "reads": 2, "ph": None},
    ]
    overview = await browser.page(f"/projects/{access.project.id}")
    assert overview.select_one(f"a[href$='/collections/{made.id}']")


async def test_what_is_corrected_is_shown_at_once_and_kept(world: World) -> None:
    """Types of columns that another separator has made are not asked for."""
    access, browser = await editor(world)
    page = await looked_at(browser, access, "code,n\n007,1\n010,2\n")
    form = fields(page) | {"type 1": "String"}
    again = soup(await browser.htmx("POST", f"{action(page)}/preview", **form))
    assert [cell.get_text(strip=True) for cell in again.select("tbody td")] == ["007", "1", "010", "2"]
    other = soup(await browser.htmx("POST", f"{action(page)}/preview", **{**form, "separator": "|"}))
    assert [one.get_text(strip=True) for one in other.select("thead th > div:first-child")] == ["code,n"]
    made = await ingested(world, browser, access, again)
    assert [row["code"] for row in await rows(world, access, made)] == ["007", "010"]


async def test_a_sheet_of_a_workbook_is_chosen(world: World) -> None:
    """The table is made of that sheet, and further workbooks are appended from theirs of the same name."""
    access, browser = await editor(world)
    page = await looked_at(browser, access, workbook({"Notes": ["x"], "Counts": [1, 2]}), "runs.xlsx")
    assert page.select_one("[data-kind-found]").get_text() == "an Excel workbook"
    assert [one.get_text() for one in page.select("#field-sheet option")] == [
        "the first one (Notes)", "Notes", "Counts",
    ]  # fmt: skip
    form = fields(page) | {"sheet": "Counts"}
    again = soup(await browser.htmx("POST", f"{action(page)}/preview", **form))
    assert [cell.get_text(strip=True) for cell in again.select("tbody td")] == ["1", "2"]
    made = await ingested(world, browser, access, again)
    more = await looked_at(browser, access, workbook({"Counts": [3], "Other": ["x"]}), "more.xlsx")
    await ingested(world, browser, access, more, tag="runs", mode="append")
    assert sorted(row["what"] for row in await rows(world, access, made)) == [1, 2, 3]


async def test_the_encoding_is_guessed_and_can_be_corrected(world: World) -> None:
    access, browser = await editor(world)
    content = zstandard.compress("site,n\nŁódź,1\n".encode("cp1250"))
    page = await looked_at(browser, access, content, "sites.csv.zst")
    assert page.select_one("#field-encoding option[selected]").get_text() == "cp1252"
    made = await ingested(world, browser, access, page, encoding="cp1250")
    assert await rows(world, access, made) == [{"site": "Łódź", "n": 1}]


async def test_files_with_types_and_json_lines_are_taken(world: World) -> None:
    """There is nothing to correct but the types."""
    access, browser = await editor(world)
    feather = BytesIO()
    pl.DataFrame({"n": [1, 2]}).write_ipc(feather)
    for content, name, tag in ((feather.getvalue(), "a.arrow", "a"), (b'{"n": 1}\n{"n": 2}\n', "b.jsonl", "b")):
        page = await looked_at(browser, access, content, name)
        assert page.select_one("#field-separator") is None
        made = await ingested(world, browser, access, page)
        assert (made.tag, await rows(world, access, made)) == (tag, [{"n": 1}, {"n": 2}])


def workbook(sheets: dict[str, list[object]]) -> bytes:
    """A workbook with a column of each sheet."""
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for name, values in sheets.items():
            pl.DataFrame({"what": values}).write_excel(book, worksheet=name)
    return content.getvalue()


async def test_a_file_is_appended_and_one_of_the_same_name_replaced(world: World) -> None:
    """The way of reading is that of the table, whatever the form says."""
    access, browser = await editor(world)
    made = await ingested(world, browser, access, await looked_at(browser, access, SITES))
    for content, name, sites in (
        ("site;reads;ph\nC;3;8,5\n", "more.csv", ["A", "B", "C"]),
        ("site;reads;ph\nD;4;8,5\n", "more.csv", ["A", "B", "D"]),
    ):
        page = await looked_at(browser, access, content, name)
        await ingested(world, browser, access, page, tag="sites", mode="append", separator="|")
        assert sorted(row["site"] for row in await rows(world, access, made)) == sites
    page = await looked_at(browser, access, "site,ph\nE,7.25\n", "new.csv")
    whole = await ingested(world, browser, access, page, tag="sites", mode="replace")
    assert whole.id == made.id
    assert await rows(world, access, whole) == [{"site": "E", "ph": 7.25}]


async def test_what_cannot_be_ingested_leaves_everything_as_it_was(world: World) -> None:
    """No collection without rows appears, the old rows stay, and the form says what is wrong."""
    access, browser = await editor(world)
    late = "n\n" + "1\n" * 600_000 + "x\n"
    page = await looked_at(browser, access, late, "late.csv")
    answer = await browser.post(action(page), **{**fields(page), "type 1": "Int64"})
    assert answer.status_code == 422
    assert "'x' in the column 'n'" in soup(answer).select_one("#look").get_text()
    assert await world.services.collections.all(access) == []
    made = await ingested(world, browser, access, await looked_at(browser, access, SITES))
    wanted = {**fields(page), "type 1": "Int64", "tag": "sites", "mode": "replace"}
    again = await browser.post(action(page), **wanted)
    assert again.status_code == 422
    (stored,) = await world.services.collections.all(access)
    assert (stored.source, stored.table_version) == (made.source, made.table_version)


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        ("a\n1\n", "../a.csv", "is a path"),
        (b"PK\x03\x04", "a.csv", "archive that is damaged"),
        (b"PAR1", "a.csv", "holds Parquet"),
        (b"\x89PNG", "a.csv", "is a picture"),
        (b"\x1f\x8b\x08\0", "a.csv.gz", "is a damaged gzip file"),
    ],
)
async def test_what_is_not_to_be_taken_is_refused(world: World, content: Any, name: str, message: str) -> None:
    access, browser = await editor(world)
    answer = await sent(browser, access, content, name)
    assert answer.status_code == 422, answer.text
    assert any(message in error["message"] for error in answer.json()["errors"])


async def test_a_file_that_is_not_appended_after_all_is_read_as_itself(world: World) -> None:
    """The reading of the collection is shown while it is to be appended, and left again; another kind is named."""
    access, browser = await editor(world)
    await ingested(world, browser, access, await looked_at(browser, access, SITES))
    page = await looked_at(browser, access, "name\tage\nAda\t36\n", "people.tsv")
    preview = f"{action(page)}/preview"
    shown = soup(await browser.post(preview, **{**fields(page), "mode": "append", "tag": "sites"}))
    assert shown.select_one("#field-separator option[selected]")["value"] == ";"
    said = {"name": "people.tsv", "mode": "new", "was": "append", "tag": "people", "format": fields(shown)["format"]}
    shown = soup(await browser.post(preview, **said))
    assert shown.select_one("#field-separator option[selected]")["value"] == "tab"
    assert [one.get_text(strip=True) for one in shown.select("thead th > div:first-child")] == ["name", "age"]
    content = BytesIO()
    pl.DataFrame({"site": ["A"]}).write_parquet(content)
    page = await looked_at(browser, access, content.getvalue(), "sites.parquet")
    shown = soup(await browser.post(f"{action(page)}/preview", **{**fields(page), "mode": "append", "tag": "sites"}))
    assert "sites.parquet is Parquet, but 'sites' is made of delimited text" in shown.select_one(".dp-alert").get_text()
    assert fields(shown)["format"] == "parquet"


async def test_names_that_are_taken_are_told(world: World) -> None:
    access, browser = await editor(world)
    await world.collection(access)
    page = await looked_at(browser, access, SITES, "penguins.csv")
    for mode, message in (("new", "already"), ("append", "files of a workflow"), ("replace", "files of a workflow")):
        answer = await browser.post(action(page), **{**fields(page), "mode": mode})
        assert answer.status_code == 409
        assert message in soup(answer).select_one("#look [role=alert]").get_text()


async def test_without_scripts_a_form_sends_the_file(world: World) -> None:
    access, browser = await editor(world)
    form = {"_csrf_token": await browser.token()}
    path = f"/projects/{access.project.id}/uploads"
    answer = await browser.http.post(path, data=form, files={"file": ("sites.csv", SITES)})
    assert answer.status_code == 303
    assert parse_qs(urlsplit(answer.headers["location"]).query)["name"] == ["sites.csv"]
    refused = await browser.http.post(path, data=form, files={"file": ("sites.csv", b"%PDF")})
    assert "sites.csv is a PDF." in soup(refused).select_one("[role=alert]").get_text()


async def test_a_file_that_is_not_wanted_is_forgotten(world: World) -> None:
    access, browser = await editor(world)
    page = await looked_at(browser, access, SITES)
    assert (await browser.post(f"{action(page)}/forget", **fields(page))).status_code == 303
    answer = await browser.post(action(page), **fields(page))
    assert (answer.status_code, "was not sent" in answer.text) == (422, True)


async def test_only_those_who_may_upload_can(world: World) -> None:
    """A viewer is told so; nothing of theirs is kept."""
    viewer = await world.user()
    access = await world.project(await world.user(), viewer=viewer)
    browser = await world.browser(viewer)
    assert (await browser.get(f"/projects/{access.project.id}/uploads")).status_code == 403
    assert (await sent(browser, access, SITES)).status_code == 403
    overview = await browser.page(f"/projects/{access.project.id}")
    assert overview.select_one("a[href$='/uploads']") is None
    outsider = await world.browser(await world.user())
    assert (await sent(outsider, access, SITES)).status_code == 404
