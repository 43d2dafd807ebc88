"""What a select control offers follows the other filters; whenever that comes, nothing chosen in it is lost."""

import re
from pathlib import Path

import polars as pl
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo
from tests.browser.ingested import ingested

HOLD = """(route) => {
  const fetch = window.fetch;
  const held = [];
  window.fetch = async (...given) => {
    const answer = await fetch(...given);
    if (!String(given[0]).endsWith(route)) return answer;
    const bytes = await answer.arrayBuffer();
    return new Promise((resolve) => {
      held.push(() => resolve({ status: answer.status, arrayBuffer: async () => bytes }));
    });
  };
  window.held = held;
  window.release = () => { for (const release of held.splice(0)) release(); };
}"""
"""The answers of a route wait until they are released."""
PROJECT = """\
name: Genes
workflows:
  - name: counts
    engine: {name: python}
    data_location: {structure: flat, locations: [.]}
    data_collections:
      - data_collection_tag: genes
        config:
          type: table
          metatype: metadata
          scan: {mode: single, scan_parameters: {filename: genes.parquet}}
          dc_specific_properties: {format: parquet}
"""
OFFERED = """(many) => {
  const control = window.dash_component_api.getLayout({ role: 'filter', tile: 'gene' });
  return control.props.data.length >= many;
}"""
FREQUENT, RARE = 1_000, 200


async def genes(demo: Demo, folder: Path) -> str:
    """A dashboard of one row for each rare gene, of two for each of the others, which are all that a list holds."""
    names = [f"G{number:04}" for number in range(FREQUENT + RARE)]
    pl.DataFrame({"gene": names + names[:FREQUENT]}).write_parquet(folder / "genes.parquet")
    (folder / "project.yaml").write_text(PROJECT)
    async with ingested(demo, folder / "project.yaml", "Genes") as project:
        data = {"collection_id": project.collections["genes"], "column_name": "gene"}
        select = {"component_type": "interactive", "interactive_component_type": "MultiSelect"}
        tiles = [
            {"id": "rows", "component_type": "card", "title": "Rows", "aggregation": "count", **data},
            {"id": "gene", "title": "Gene", **select, **data},
        ]
        return await project.board("Genes", {tile["id"]: tile for tile in tiles})


def field(page: Page, label: str) -> Locator:
    return page.locator(".filter", has=page.get_by_role("heading", name=label, exact=True)).get_by_role("textbox")


def option(page: Page, value: str) -> Locator:
    return page.get_by_role("option", name=re.compile(rf"^{value} \("))


async def has_chosen(page: Page, *values: str) -> None:
    pills = page.locator(".filter .mantine-MultiSelect-pill")
    await expect(pills).to_have_text([re.compile(rf"^{value}\b") for value in values])


async def test_a_choice_is_kept_that_is_made_while_a_new_list_arrives(demo: Demo, visit: OpenVisit) -> None:
    """The list arrives after the click, before the control has told of it."""
    there = await visit(demo.admin)
    page = there.page
    await there.open_dashboard("Palmer penguins")
    await page.evaluate(HOLD, "_options")
    await field(page, "Species").click()
    await option(page, "Adelie").click()
    await there.shows("Penguins", 151)
    await page.wait_for_function("() => window.held.length > 0")
    await page.evaluate("() => document.addEventListener('click', () => window.release(), { once: true })")
    await option(page, "Gentoo").click()
    await there.shows("Penguins", 274)
    await has_chosen(page, "Adelie", "Gentoo")
    await page.evaluate("() => window.release()")
    await there.settled()
    await has_chosen(page, "Adelie", "Gentoo")
    await expect(page).to_have_url(re.compile(r"\?f\.species=Adelie,Gentoo$"))


async def test_a_choice_is_kept_that_a_new_list_does_not_know(demo: Demo, visit: OpenVisit, tmp_path: Path) -> None:
    """Somebody searched for it; the list was asked for before tiles had followed, and has the most frequent values."""
    there = await visit(demo.admin)
    page = there.page
    await there.go(await genes(demo, tmp_path))
    await there.shows("Rows", 2 * FREQUENT + RARE)
    await field(page, "Gene").fill("G1150")
    await option(page, "G1150").wait_for()
    await page.evaluate(HOLD, "_answers")
    await option(page, "G1150").click()
    await page.wait_for_function("() => window.held.length > 0")
    await page.keyboard.press("Tab")
    await page.wait_for_function(OFFERED, arg=FREQUENT)
    await has_chosen(page, "G1150")
    await page.evaluate("() => window.release()")
    await there.shows("Rows", 1)
    await has_chosen(page, "G1150")
    await expect(page).to_have_url(re.compile(r"\?f\.gene=G1150$"))
