"""Jobs by pages and REST: started, shown as they go on, cancelled, begun again, listed, and hidden from others."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any

import httpx
import pytest

from domain.access import Actor
from domain.errors import Conflict
from domain.projects import Access
from services.uploaded import Order, Sent
from tests.web.test_uploads_pages import action, fields, looked_at
from tests.web.world import Browser, World, soup

PART = ("site,reads,ph\n" + "Kattegat,123456,7.5\nSkagerrak,98765,8.25\n" * 1_500_000).encode()
LARGE = PART * 3
ROWS = b"site,n\nA,1\nB,2\n"


async def editor(world: World) -> tuple[Access, Browser, httpx.AsyncClient]:
    user = await world.user()
    access = await world.project(user)
    return access, await world.browser(user), await world.bearer(user)


async def receive(world: World, access: Access, content: bytes, name: str) -> Sent:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    return await world.services.uploaded.receive(access, name, chunks())


async def ended(http: httpx.AsyncClient, location: str, within: float = 30) -> dict[str, Any]:
    async with asyncio.timeout(within):
        while True:
            job: dict[str, Any] = (await http.get(location)).json()
            if job["state"] not in {"waiting", "running"}:
                return job
            await asyncio.sleep(0.05)


async def reading(http: httpx.AsyncClient, location: str) -> dict[str, Any]:
    async with asyncio.timeout(20):
        while True:
            job: dict[str, Any] = (await http.get(location)).json()
            if job["progress"]["step"] == "reading files":
                return job
            await asyncio.sleep(0.05)


async def test_files_that_were_sent_are_ingested_by_a_job(world: World) -> None:
    """202 and where to ask; then the report, the progress and the log."""
    user = await world.user()
    http = await world.bearer(user)
    file = {
        "name": f"Survey of {user.email}",
        "workflows": [
            {
                "name": "survey",
                "engine": {"name": "snakemake"},
                "data_location": {"locations": ["/data"], "structure": "flat"},
                "data_collections": [
                    {
                        "data_collection_tag": tag,
                        "config": {
                            "type": "table",
                            "metatype": "metadata",
                            "scan": {"mode": "single", "scan_parameters": {"filename": f"{tag}.csv"}},
                            "dc_specific_properties": {"format": "csv"},
                        },
                    }
                    for tag in ("sites", "depths")
                ],
            }
        ],
        "joins": [{"name": "both", "left_dc": "sites", "right_dc": "depths", "on_columns": ["site"], "how": "inner"}],
    }
    registered = (await http.post("/api/v1/ingests", json=file)).json()
    base = f"/api/v1/projects/{registered['project_id']}"
    ids = {one["tag"]: one["id"] for one in registered["collections"]}
    for tag, content in (("sites", ROWS), ("depths", b"site,depth\nA,5\nB,7\n")):
        digest = sha256(content).hexdigest()
        await http.put(f"{base}/uploads/{digest}", content=content)
        listed = {"path": f"{tag}.csv", "run": "run", "size": len(content), "mtime_ns": 1, "sha256": digest}
        place = f"{base}/collections/{ids[tag]}/ingest"
        assert (await http.post(place, params={"wait": 61}, json=[listed])).status_code == 422
        answer = await http.post(place, params={"joins": "false"}, json=[listed])
        assert (answer.status_code, answer.json()["state"]) == (202, "waiting"), answer.text
        assert answer.headers["location"] == f"{base}/jobs/{answer.json()['id']}"
        job = await ended(http, answer.headers["location"])
        assert (job["state"], job["title"]) == ("done", f"Ingest {tag}"), job
        assert [(one["tag"], one["outcome"], one["rows"]) for one in job["result"]["reports"]] == [(tag, "updated", 2)]
        assert job["progress"]["bytes"] == job["progress"]["all_bytes"] == len(content)
    answer = await http.post(f"{base}/joins", params={"wait": 30})
    assert (answer.status_code, answer.json()["state"]) == (200, "done"), answer.text
    assert [(one["tag"], one["rows"]) for one in answer.json()["result"]["reports"]] == [("both", 2)]
    browser = await world.browser(user)
    overview = await browser.page(f"/projects/{registered['project_id']}")
    update = overview.select_one("form[action$='/jobs/joins']")
    started = await browser.post(str(update["action"]))
    assert started.status_code == 303
    assert (await browser.page(started.headers["location"])).select_one("#job-heading").get_text() == (
        "Bring the joins up to date"
    )
    listed_jobs = (await http.get(f"{base}/jobs", params={"q": "ingest", "sort": "title"})).json()
    assert [one["title"] for one in listed_jobs["items"]] == ["Ingest depths", "Ingest sites"]


@pytest.mark.parametrize(
    ("body", "status", "place"),
    [
        ({"kind": "dance"}, 422, "kind"),
        ({"kind": "ingest", "order": {"files": []}}, 422, "order"),
        ({"kind": "ingest", "order": {"collection_id": "0" * 24, "files": []}}, 404, ""),
        ({"kind": "joins"}, 422, ""),
        ({"kind": "upload", "order": {"sent": {}, "order": {}, "made_id": "x"}}, 422, "order"),
    ],
)
async def test_an_order_that_cannot_be_is_refused(world: World, body: Any, status: int, place: str) -> None:
    access, _, http = await editor(world)
    answer = await http.post(f"/api/v1/projects/{access.project.id}/jobs", json=body)
    assert answer.status_code == status, answer.text
    assert place in answer.text


async def test_a_running_job_is_shown_cancelled_and_begun_again(world: World) -> None:
    """The job's page, the project's and REST say the same; the page stops asking when the job has ended."""
    access, browser, http = await editor(world)
    sent = await receive(world, access, LARGE, "large.csv")
    job = await world.services.jobs.upload(access, sent, Order(tag="large"))
    page, location = (
        f"/projects/{access.project.id}/jobs/{job.id}",
        f"/api/v1/projects/{access.project.id}/jobs/{job.id}",
    )
    await reading(http, location)
    shown = (await browser.page(page)).select_one("#job")
    assert shown["hx-trigger"] == "every 1s"
    assert shown.select_one(".dp-badge").get_text() == "running"
    assert shown.select_one("progress[aria-label='Make large from large.csv']") is not None
    assert shown.select_one(".dp-job-words").get_text(strip=True).startswith("Reading files: 0 of 1 file")
    live = await browser.page(f"/projects/{access.project.id}/jobs/_pulse")
    assert live.select_one("#jobs-live a.dp-link[href$='" + job.id + "']") is not None
    stopped = soup(await browser.htmx("POST", f"{page}/cancel"))
    assert stopped.select_one("#cancel-job") is None
    cancelled = await ended(http, location, 3)
    assert cancelled["state"] == "cancelled"
    assert all(line["at"] <= cancelled["finished_at"] for line in cancelled["log"]), cancelled["log"]
    over = (await browser.page(page)).select_one("#job")
    assert over.get("hx-trigger") is None
    nothing = soup(await browser.htmx("GET", f"/projects/{access.project.id}/jobs/_pulse?had=true"))
    assert "has ended" in nothing.get_text()
    again = await browser.post(f"{page}/retry")
    assert again.headers["location"] == page
    await browser.post(f"{page}/cancel")
    assert (await ended(http, location, 3))["state"] == "cancelled"
    refused = await http.post(f"{location}/cancel")
    assert refused.status_code == 409


async def test_a_long_ingest_leads_to_its_job_and_a_short_one_to_its_table(world: World) -> None:
    """A file that cannot be read is shown at the form again, with what is wrong."""
    access, browser, _ = await editor(world)
    page = await looked_at(browser, access, ROWS, "short.csv")
    done = await browser.post(action(page), **fields(page))
    assert "/collections/" in done.headers["location"]
    page = await looked_at(browser, access, LARGE, "long.csv")
    leads = await browser.post(action(page), **fields(page))
    assert "/jobs/" in leads.headers["location"]
    await browser.post(f"{leads.headers['location']}/cancel")


async def test_others_neither_see_nor_touch_a_job(world: World) -> None:
    """A viewer sees it and changes nothing; a visitor of the public project does not see it; others do not find it."""
    owner, viewer, stranger = await world.user(), await world.user(), await world.user()
    access = await world.project(owner, viewer=viewer)
    job = await world.services.jobs.upload(
        access, await receive(world, access, b"a,b\n1\n2,3,4\n", "x.csv"), Order(tag="x")
    )
    base = f"/api/v1/projects/{access.project.id}/jobs"
    assert (await ended(await world.bearer(owner), f"{base}/{job.id}"))["state"] == "failed"
    watching = await world.bearer(viewer)
    assert (await watching.get(f"{base}/{job.id}")).json()["failure"]["problems"][0]["place"] == "uploads/x.csv"
    shown = await (await world.browser(viewer)).page(f"/projects/{access.project.id}/jobs/{job.id}")
    assert shown.select_one("#retry-job") is None
    for act in ("retry", "cancel"):
        assert (await watching.post(f"{base}/{job.id}/{act}")).status_code == 403
    assert (await watching.post(base, json={"kind": "joins"})).status_code == 403
    other = await world.bearer(stranger)
    assert [(await other.get(place)).status_code for place in (base, f"{base}/{job.id}")] == [404, 404]
    await world.services.projects.set_public(access, is_public=True)
    assert [(await other.get(place)).status_code for place in (base, f"{base}/{job.id}")] == [403, 403]
    assert (await world.client().get(base)).status_code == 403
    live = await (await world.browser()).get(f"/projects/{access.project.id}/jobs/_pulse")
    assert job.id not in live.text
    await world.services.projects.set_public(access, is_public=False)


async def test_administrators_see_jobs_and_processes_of_the_site(world: World, admin: Actor) -> None:
    """Searched, of one state, sorted and paged; others are refused."""
    access, browser, http = await editor(world)
    for name in ("one", "two"):
        job = await world.services.jobs.upload(
            access, await receive(world, access, b"a,b\n1\n2,3,4\n", f"{name}.csv"), Order(tag=name)
        )
        assert (await ended(http, f"/api/v1/projects/{access.project.id}/jobs/{job.id}"))["state"] == "failed"
    boss = await world.user(is_admin=True)
    rest, pages = await world.bearer(boss), await world.browser(boss)
    asked = {"q": access.project.name, "state": "failed", "sort": "title", "limit": "1"}
    part = (await rest.get("/api/v1/admin/jobs", params=asked)).json()
    assert (part["total"], part["next"], part["items"][0]["job"]["title"]) == (2, "1", "Make one from one.csv")
    page = await pages.page(f"/admin/jobs?q={access.project.name}&state=failed&sort=title&limit=1")
    assert [row.get_text() for row in page.select("tbody th a")] == ["Make one from one.csv"]
    assert "state=failed" in page.select_one(".dp-pager-next")["href"]
    assert "state=failed" in page.select_one("thead a")["href"]
    async with world.services.workers.present("answers requests and runs jobs"):
        state = await pages.page("/admin/state")
        assert "answers requests and runs jobs with processes of this machine" in " ".join(
            state.select_one("#processes").get_text().split()
        )
        (worker,) = (await rest.get("/api/v1/admin/workers")).json()["items"]
        assert (worker["role"], worker["doing"]) == ("answers requests and runs jobs", [])
    for path in ("/api/v1/admin/jobs", "/api/v1/admin/workers"):
        assert (await http.get(path)).status_code == 403
    assert (await browser.get("/admin/jobs")).status_code == 403


async def test_a_token_that_reads_starts_nothing(world: World) -> None:
    """A token that only reads starts nothing, whatever its account may do."""
    user = await world.user()
    access = await world.project(user)
    made = await world.services.api_tokens.create(user.actor(), "reader", ("read",), 7)
    http = world.client({"authorization": f"Bearer {made.secret}"})
    base = f"/api/v1/projects/{access.project.id}/jobs"
    assert (await http.get(base)).status_code == 200
    assert (await http.post(base, json={"kind": "joins"})).status_code == 403
    with pytest.raises(Conflict):
        await world.services.jobs.retry(
            access,
            (await world.services.jobs.upload(access, await receive(world, access, ROWS, "a.csv"), Order(tag="a"))).id,
        )
