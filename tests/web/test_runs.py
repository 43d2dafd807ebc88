"""Runs of a workflow: their states after ingests, pages of thousands, and the page of one."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.ingests import LedgerFile
from domain.people import User
from domain.projects import Access
from domain.run_lists import RunLine, RunState, RunsWanted, run_lines, runs_page, shares
from services.local_ingest import LocalIngest, Scanner
from services.project_files import read_project_file
from tests.ingest.lab import project, table
from tests.web.world import Browser, World, soup

RUN = "id,x\n1,10\n"


class Survey:
    """A folder with runs that is ingested into the world as one of its users."""

    def __init__(self, world: World, folder: Path, user: User) -> None:
        self.world, self.folder, self.user = world, folder, user
        described = project(table("left", r"left\.csv"), table("right", r"right\.csv"))
        described["name"] = f"Survey {folder.name}"
        (folder / "project.yaml").write_text(yaml.safe_dump(described))

    def write(self, name: str, content: str = RUN) -> None:
        path = self.folder / "runs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    async def ingest(self) -> Access:
        file = read_project_file(self.folder / "project.yaml")
        ingestion = self.world.services.ingestion
        access, collections = await ingestion.register(self.user.actor(), file.description)
        ingest = LocalIngest(ingestion, access, Scanner(file, {}))
        for one in collections:
            await ingest.run(one)
        return access


@pytest.fixture
async def surveyed(world: World, tmp_path: Path) -> tuple[Survey, Access, Browser]:
    """Five runs after two ingests: one each that is new, changed, gone, refused and as it was."""
    user = await world.user()
    survey = Survey(world, tmp_path, user)
    for name in ("run_same", "run_changed", "run_gone", "run_refused"):
        survey.write(f"{name}/left.csv")
        survey.write(f"{name}/right.csv")
    await survey.ingest()
    survey.write("run_new/left.csv")
    survey.write("run_new/right.csv")
    survey.write("run_changed/left.csv", "id,x\n1,11\n2,12\n")
    for name in ("left", "right"):
        (tmp_path / "runs" / "run_gone" / f"{name}.csv").unlink()
    survey.write("run_refused/right.csv", 'id,x\n1,"10\n')
    return survey, await survey.ingest(), await world.browser(user)


def shown(page: BeautifulSoup) -> list[list[str]]:
    rows = page.select("tbody tr:not(.dp-more)")
    return [
        [one.select_one("th").get_text(strip=True), one.select_one(".dp-badge").get_text(strip=True)] for one in rows
    ]


async def test_each_run_says_what_ingests_did_to_it(surveyed: tuple[Survey, Access, Browser]) -> None:
    """In the list, sorted and searched by links and by HTMX, and on the page of each run with reasons and history."""
    _, access, browser = surveyed
    base = f"/projects/{access.project.id}"
    overview = await browser.page(base)
    assert [one["hx-get"] for one in overview.select(".dp-runs")] == [f"{base}/runs?workflow=flow&limit=8"]
    page = await browser.page(f"{base}/runs?workflow=flow&sort=name")
    assert shown(page) == [
        ["run_changed", "changed"],
        # The right collection was refused as a whole, so that it still has the files of before.
        ["run_gone", "changed"],
        ["run_new", "new"],
        ["run_refused", "refused"],
        ["run_same", "unchanged"],
    ]
    part = soup(await browser.htmx("GET", f"{base}/runs?workflow=flow&q=refused"))
    assert (part.h1, shown(part)) == (None, [["run_refused", "refused"]])
    run = await browser.page(str(part.select_one("tbody th a")["href"]))
    refusal = run.select_one("#refusals li").get_text(" ", strip=True)
    assert refusal.startswith("run_refused/right.csv")
    assert refusal.endswith("right")
    said = [" ".join(one.get_text(" ", strip=True).split()) for one in run.select("#run-history li")]
    assert said[0].endswith("the table stays as it was. refused")
    assert sum("Files: 1 new, 0 changed, 0 gone; then 1 file, 1 row" in text for text in said) == 2
    changed = await browser.page(f"{base}/runs/one?workflow=flow&name=run_changed")
    said = [" ".join(one.get_text(" ", strip=True).split()) for one in changed.select("#run-history li")]
    assert "left, version 1 Files: 0 new, 1 changed, 0 gone; then 1 file, 2 rows" in said[0]
    assert [one.get_text(strip=True) for one in changed.select("#run-files details > a")] == [
        "The table of left",
        "The table of right",
    ]
    assert (await browser.get(f"{base}/runs/one?workflow=flow&name=run_9")).status_code == 404
    assert (await browser.get(f"{base}/runs?workflow=other")).status_code == 404
    assert (await browser.get(f"{base}/runs?workflow=flow&sort=colour")).status_code == 422


async def test_a_run_that_is_gone_and_what_visitors_see(surveyed: tuple[Survey, Access, Browser]) -> None:
    """Once every collection took it, the run has vanished; visitors see no refusals, others no project."""
    survey, access, browser = surveyed
    base = f"/projects/{access.project.id}"
    await survey.world.services.projects.set_public(access, is_public=True)
    visitor = await survey.world.browser()
    seen = dict(shown(await visitor.page(f"{base}/runs?workflow=flow")))
    assert seen["run_refused"] == "unchanged"
    survey.write("run_refused/right.csv")
    await survey.ingest()
    seen = dict(shown(await browser.page(f"{base}/runs?workflow=flow")))
    assert (seen["run_gone"], seen["run_refused"]) == ("vanished", "unchanged")
    gone = await browser.page(f"{base}/runs/one?workflow=flow&name=run_gone")
    assert "they vanished from the disk" in gone.select_one("#run-files").get_text()
    async with await survey.world.bearer(survey.user) as client:
        first = (await client.get(f"/api/v1{base}/runs?workflow=flow&sort=name&limit=2")).json()
        assert ([one["name"] for one in first["items"]], first["total"]) == (["run_changed", "run_gone"], 5)
        rest = (await client.get(f"/api/v1{base}/runs?workflow=flow&sort=name&after={first['next']}")).json()
        assert ([one["name"] for one in rest["items"]], rest["next"]) == (["run_new", "run_refused", "run_same"], None)
        one = (await client.get(f"/api/v1{base}/runs/one?workflow=flow&name=run_new")).json()
        assert [part["tag"] for part in one["held"]] == ["left", "right"]
        assert (await client.get(f"/api/v1{base}/runs?workflow=flow&after=%00")).status_code == 422
    stranger = await survey.world.browser(await survey.world.user())
    await survey.world.services.projects.set_public(access, is_public=False)
    assert (await stranger.get(f"{base}/runs?workflow=flow")).status_code == 404


async def test_rows_follow_by_htmx(surveyed: tuple[Survey, Access, Browser]) -> None:
    """More runs take the place of the row that asked for them; without scripts it is the next page."""
    _, access, browser = surveyed
    page = await browser.page(f"/projects/{access.project.id}/runs?workflow=flow&sort=name&limit=3")
    more = page.select_one(".dp-more a")
    part = soup(await browser.htmx("GET", str(more["hx-get"])))
    assert part.select_one(".dp-panel-head") is None
    assert [one.get_text(strip=True) for one in part.select("tr th")] == ["run_refused", "run_same"]
    plain = await browser.page(str(more["href"]))
    assert len(plain.select("tbody tr")) == 2
    assert plain.select_one(".dp-panel-body a").get_text() == "From the first run"


def line(name: str, rows: int = 1) -> RunLine:
    at = datetime(2026, 1, 1 + rows % 28, tzinfo=UTC)
    return RunLine(
        workflow="flow", name=name, state=RunState.NEW, collections=(), files=1, rows=rows, size=1, changed_at=at
    )


@given(st.sets(st.text(max_size=3), max_size=20), st.data())
def test_pages_have_every_run_once(names: set[str], data: st.DataObject) -> None:
    """In any order and length of pages, whatever the runs are called."""
    lines = [line(name, data.draw(st.integers(0, 3))) for name in sorted(names)]
    order, length = data.draw(st.sampled_from(["name", "-rows", "changed", "-state"])), data.draw(st.integers(1, 7))
    found, after = [], ""
    while True:
        page = runs_page(lines, RunsWanted(sort=order, limit=length, after=after))
        found += [one.name for one in page.items]
        if page.next is None:
            break
        after = page.next
    assert sorted(found) == sorted(names)
    assert found == [one.name for one in runs_page(lines, RunsWanted(sort=order, limit=200)).items]


@pytest.mark.parametrize("after", ["", "W10", "bm9uc2Vuc2U", "!", "WzEsMl0"])
def test_a_cursor_of_somebody_else_is_refused(after: str) -> None:
    lines = [line("a"), line("b")]
    if not after:
        assert runs_page(lines, RunsWanted(sort="name", limit=1)).next is not None
        return
    with pytest.raises(Invalid):
        runs_page(lines, RunsWanted(sort="name", after=after))


def test_thousands_of_runs_are_quick() -> None:
    """Five thousand runs in five collections are counted and paged in well below a second."""
    files = [
        LedgerFile(path=f"r{n}/a.csv", run=f"r{n}", size=1, mtime_ns=n, sha256=str(n), rows=2, schema=0)
        for n in range(5000)
    ]
    start = time.process_time()
    held = {f"t{number}": shares(files, files[number:]) for number in range(5)}
    page = runs_page(run_lines("flow", held, {}), RunsWanted(q="r4", sort="-rows"))
    assert time.process_time() - start < 1.5
    assert (page.total, len(page.items)) == (1111, 25)
