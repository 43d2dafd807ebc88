"""A filter on metadata in a real browser: the tiles of linked collections follow in one round trip."""

import polars as pl
import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo
from tests.browser.ingested import ingested
from tests.survey import survey


@pytest.fixture(scope="module")
async def board(demo: Demo) -> str:
    """The survey, sent to the demo's server by the command line, and the address of its dashboard."""
    async with ingested(demo, survey.PROJECT, "Coastal survey") as project:
        return await project.board("Coastal survey", survey.content(project.collections))


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
