"""The upkeep of a table as jobs that run behind the request."""

import asyncio
from collections.abc import AsyncIterator

import httpx

from domain.people import User
from domain.projects import Access
from domain.uploaded import Mode
from services.uploaded import Order
from tests.web.world import World


async def _sites(world: World, access: Access, content: bytes, mode: Mode) -> str:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    sent = await world.services.uploaded.receive(access, f"{content.hex()}.csv", chunks())
    made, _ = await world.services.uploaded.ingest(access, sent, Order(tag="sites", mode=mode))
    return made.id


async def _done(http: httpx.AsyncClient, place: str, kind: str, **order: object) -> None:
    """Start a job and wait until it has done what it was to do."""
    started = await http.post(f"{place}/jobs?wait=60", json={"kind": kind, "order": order})
    assert started.json()["state"] == "done", started.text


async def _two_versions(world: World) -> tuple[User, str, str]:
    """A person, the address of a project of theirs, and its collection, to which rows were appended once."""
    user = await world.user()
    access = await world.project(user)
    await _sites(world, access, b"site,n\nA,1\n", Mode.NEW)
    made = await _sites(world, access, b"site,n\nB,2\n", Mode.APPEND)
    return user, f"/projects/{access.project.id}", made


async def test_a_version_is_restored_by_a_job(world: World) -> None:
    """Once, also when it is done over; a version that is not there is refused before it begins."""
    user, page_address, made = await _two_versions(world)
    place = f"/api/v1{page_address}"
    async with await world.bearer(user) as http:
        for _ in range(2):
            await _done(http, place, "restore", collection_id=made, version=0)
            found = (await http.get(f"{place}/collections/{made}")).json()
            assert (found["table_version"], found["rows"], found["files"]) == (2, 1, 1)
        page = await (await world.browser(user)).page(f"{page_address}/jobs")
        assert {one.get_text() for one in page.select('td[data-label="How far"]')} == {""}
        refused = {"kind": "restore", "order": {"collection_id": made, "version": 9}}
        assert (await http.post(f"{place}/jobs", json=refused)).status_code == 404


async def test_a_table_is_optimized_and_vacuumed_by_jobs(world: World) -> None:
    """Each runs to its end; what cannot be done is refused before it begins."""
    user, page_address, made = await _two_versions(world)
    place = f"/api/v1{page_address}"
    async with await world.bearer(user) as http:
        for kind, order in (("optimize", {}), ("vacuum", {"retention": "2w"})):
            started = await http.post(f"{place}/jobs", json={"kind": kind, "order": {"collection_id": made, **order}})
            assert started.status_code == 202, started.text
            job = started.json()
            assert job["title"].endswith(": sites")
            async with asyncio.timeout(60):
                while job["state"] in {"waiting", "running"}:
                    await asyncio.sleep(0.1)
                    job = (await http.get(f"{place}/jobs/{job['id']}")).json()
            assert job["state"] == "done", job
        assert (await http.get(f"{place}/collections/{made}")).json()["table_version"] == 2
        refused = {"kind": "vacuum", "order": {"collection_id": made, "retention": "5m"}}
        assert (await http.post(f"{place}/jobs", json=refused)).status_code == 422
