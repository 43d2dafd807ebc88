"""A filter on metadata in a real browser: the tiles of linked collections follow in one round trip."""

import asyncio
import sys
from pathlib import Path

import httpx
import polars as pl
import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo
from tests.survey import survey


@pytest.fixture(scope="module")
async def board(demo: Demo) -> str:
    """The survey, sent to the demo's server by the command line, and the address of its dashboard."""
    async with httpx.AsyncClient(base_url=f"{demo.address}/api/v1") as http:
        who = {"email": demo.admin.email, "password": demo.admin.password}
        token = (await http.post("/tokens", json=who)).raise_for_status().json()["access_token"]
        command = [Path(sys.executable).with_name("depictio"), "run", survey.PROJECT, "--server", demo.address]
        process = await asyncio.create_subprocess_exec(*map(str, command), "--token", token)
        assert await process.wait() == 0
        http.headers["authorization"] = f"Bearer {token}"
        projects = (await http.get("/projects")).json()["items"]
        project = next(one["id"] for one in projects if one["name"] == "Coastal survey")
        collections = (await http.get(f"/projects/{project}/collections")).json()["items"]
        made = (await http.post(f"/projects/{project}/dashboards", json={"title": "Coastal survey"})).json()
        tiles = survey.content({one["tag"]: one["id"] for one in collections})
        content = {"version": made["version"], "title": made["title"], "tiles": tiles}
        (await http.put(f"/dashboards/{made['id']}", json=content)).raise_for_status()
    return f"/dashboards/{made['id']}"


async def test_a_filter_on_sites_narrows_samples_libraries_and_taxa_at_once(
    demo: Demo, visit: OpenVisit, board: str
) -> None:
    """Two cards, bars and a table of three other collections, in one request; what plain polars joins is shown."""
    there = await visit(demo.admin)
    await there.go(board)
    await there.painted()
    await there.shows("Sites", 12)
    requests: list[str] = []
    there.page.on("request", lambda r: requests.append(r.url) if r.url.endswith("_answers") else None)
    await there.choose("Habitat", "kelp")
    kelp = pl.col("habitat") == "kelp"
    samples, libraries, taxa = (survey.of_sites(tag, kelp) for tag in ("samples", "diversity", "taxa"))
    await there.shows("Samples", samples.height)
    assert await there.number("Sites") == 3
    assert await there.number("Richness") == libraries["richness"].sum()
    [bars] = await there.figure("phyla")
    phyla = taxa.group_by("phylum").agg(pl.col("reads").sum())
    assert dict(zip(bars["x"], bars["y"], strict=True)) == dict(phyla.iter_rows())  # type: ignore[call-overload]
    assert await there.table_rows("libraries") == libraries.height
    badge = f"{libraries.height} of {survey.table('diversity').height} rows"
    await expect(there.tile("Libraries")).to_contain_text(badge)
    assert 1 <= len(requests) <= 2


async def test_a_filter_that_does_not_reach_a_tile_leaves_it(demo: Demo, visit: OpenVisit, board: str) -> None:
    """No link leads from libraries to sites: their card stays while the samples' changes."""
    there = await visit(demo.admin)
    await there.go(board)
    await there.painted()
    thumb = there.page.get_by_role("slider", name="Shannon index from")
    for _ in range(40):
        await thumb.press("ArrowRight")
    await there.settled()
    low = float(await thumb.get_attribute("aria-valuenow") or 0)
    kept = survey.table("diversity").filter(pl.col("shannon") >= low)["library"].str.head(5)
    samples = survey.table("samples").filter(pl.col("sample").is_in(kept.implode()))
    await there.shows("Samples", samples.height)
    assert 0 < samples.height < survey.table("samples").height
    assert await there.number("Sites") == 12
