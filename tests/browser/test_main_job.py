"""The main job in a real browser: sign in, filter, build, arrange, share; every number compared with polars."""

import re
from pathlib import Path

import polars as pl
import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Person, Visit

RUNS = Path(__file__).parents[2] / "examples" / "penguins" / "runs"


@pytest.fixture(scope="module")
def penguins() -> pl.DataFrame:
    """The join, computed from the files by plain polars."""
    features = pl.read_csv(RUNS / "*" / "physical_features.csv")
    return features.join(pl.read_csv(RUNS / "*" / "demographic_data.csv"), on="individual_id", how="inner")


def average(rows: pl.DataFrame, column: str, decimals: int) -> float:
    value = rows[column].mean()
    assert isinstance(value, float)
    return round(value, decimals)


async def test_the_demo_says_what_it_did_and_how_to_sign_in(demo: Demo) -> None:
    """The counts of both examples, the address and the generated password are printed."""
    assert demo.lines[2:] == (
        "Iris: iris_table 150 rows",
        "Palmer penguins: physical_features 342 rows, demographic_data 342 rows, penguins_complete 342 rows",
        f"Depictio is at {demo.address}",
    )


async def test_a_filter_narrows_every_tile_at_once(demo: Demo, visit: OpenVisit, penguins: pl.DataFrame) -> None:
    """After one choice each kind of tile shows what plain polars computes, answered by one request."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    await there.shows("Penguins", 342)
    requests: list[str] = []
    there.page.on("request", lambda r: requests.append(r.url) if r.url.endswith("_answers") else None)
    await there.choose("Species", "Gentoo")
    rows = penguins.filter(pl.col("species") == "Gentoo")
    await there.shows("Penguins", 123)
    assert rows["individual_id"].n_unique() == 123
    assert await there.number("Mean body mass") == average(rows, "body_mass_g", 0)
    assert await there.number("Mean flipper length") == average(rows, "flipper_length_mm", 1)
    assert await there.number("Median bill length") == pytest.approx(rows["bill_length_mm"].median(), abs=0.05)
    [scatter] = await there.figure("bills")
    assert sorted(scatter["x"]) == sorted(rows["bill_length_mm"])  # type: ignore[call-overload]
    bars = {(trace["name"], x): y for trace in await there.figure("by-island") for x, y in zip(trace["x"], trace["y"])}  # type: ignore[call-overload]  # noqa: B905
    assert bars == {("Gentoo", "Biscoe"): 123}
    medians = {trace["name"]: trace["median"] for trace in await there.figure("mass-by-species")}
    by_sex = rows.group_by(pl.col("sex").fill_null("missing")).agg(pl.col("body_mass_g").median())
    assert medians == {sex: [mass] for sex, mass in by_sex.iter_rows()}
    assert sum(sum(trace["y"]) for trace in await there.figure("flippers")) == 123  # type: ignore[call-overload]
    await expect(there.page.locator(".ag-row").first).to_contain_text("gentoo")
    assert await there.table_rows("rows") == 123
    assert 1 <= len(requests) <= 2


async def test_colours_stay_with_their_category(demo: Demo, visit: OpenVisit) -> None:
    """Gentoo keeps its colour when the other species are filtered away."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    before = {trace["name"]: trace["color"] for trace in await there.figure("bills")}
    await there.choose("Species", "Gentoo")
    await there.shows("Penguins", 123)
    assert {trace["name"]: trace["color"] for trace in await there.figure("bills")} == {"Gentoo": before["Gentoo"]}


async def test_the_address_carries_the_filters(demo: Demo, visit: OpenVisit) -> None:
    """A link opened elsewhere, or a reload, shows the same rows; reset empties the address."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    await there.choose("Species", "Chinstrap", "Adelie")
    await there.shows("Penguins", 219)
    link = there.page.url
    elsewhere = await visit(demo.admin)
    await elsewhere.page.goto(link)
    await elsewhere.painted()
    await elsewhere.shows("Penguins", 219)
    await elsewhere.page.reload()
    await elsewhere.painted()
    await elsewhere.shows("Penguins", 219)
    await elsewhere.page.get_by_role("button", name="Reset the filter Species").click()
    await expect(elsewhere.page).to_have_url(re.compile(r"/dashboards/[0-9a-f]+$"))
    await elsewhere.settled()
    await elsewhere.shows("Penguins", 342)


async def test_a_slider_and_a_search_narrow_too(demo: Demo, visit: OpenVisit, penguins: pl.DataFrame) -> None:
    """By keyboard: the lower end of a range, and text that is contained."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    thumb = there.page.get_by_role("slider", name="Body mass (g) from")
    for _ in range(25):
        await thumb.press("ArrowRight")
    await there.settled()
    low = float(await thumb.get_attribute("aria-valuenow") or 0)
    assert low > 2700
    heavy = penguins.filter(pl.col("body_mass_g") >= low)
    await there.shows("Penguins", heavy.height)
    await there.page.get_by_role("textbox", name="Individual contains").fill("GENTOO_1")
    found = heavy.filter(pl.col("individual_id").str.contains("(?i)gentoo_1"))
    await there.shows("Penguins", found.height)
    await there.page.get_by_role("button", name="Reset all").click()
    await there.shows("Penguins", 342)


async def test_lassoed_points_filter_the_other_tiles(demo: Demo, visit: OpenVisit, penguins: pl.DataFrame) -> None:
    """The scatter keeps all its points, everything else follows the lasso; clearing brings all back."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    area = await there.page.locator("[data-figure=bills] .nsewdrag").first.bounding_box()
    assert area
    left, top = area["x"] + area["width"] * 0.05, area["y"] + area["height"] * 0.05
    await there.page.mouse.move(left, top)
    await there.page.mouse.down()
    for dx, dy in ((0.4, 0), (0.4, 0.5), (0, 0.5), (0, 0.02)):
        await there.page.mouse.move(left + area["width"] * dx, top + area["height"] * dy, steps=5)
    await there.page.mouse.up()
    await expect(there.page).to_have_url(re.compile("f.bills="))
    await there.settled()
    chosen = await there.page.evaluate(
        """() => document.querySelector('[data-figure=bills] .js-plotly-plot')._fullData
            .flatMap((trace) => (trace.selectedpoints || []).map((at) => trace.customdata[at].at(-1)))"""
    )
    assert 0 < len(chosen) < 342
    rows = penguins.filter(pl.col("individual_id").is_in(chosen))
    await there.shows("Penguins", len(chosen))
    assert await there.number("Mean body mass") == average(rows, "body_mass_g", 0)
    assert await there.table_rows("rows") == len(chosen)
    assert sum(len(trace["x"]) for trace in await there.figure("bills")) == 342  # type: ignore[arg-type]
    await there.page.get_by_role("button", name="Clear the selection of Bill length and depth").click()
    await there.shows("Penguins", 342)


async def test_ticked_rows_filter_the_other_tiles(demo: Demo, visit: OpenVisit) -> None:
    """Three ticks leave three penguins everywhere but in the table itself; sorting asks the server."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    table = there.tile("All penguins")
    await table.get_by_text("Body mass (g)").click()
    await expect(table.locator(".ag-row[row-index='0'] [col-id=body_mass_g]")).to_have_text("2700")
    for row in range(3):
        await table.locator(f".ag-row[row-index='{row}'] input[type=checkbox]").click()
    await there.shows("Penguins", 3)
    assert await there.table_rows("rows") == 342
    await there.page.get_by_role("button", name="Reset all").click()
    await there.shows("Penguins", 342)


async def test_build_arrange_reload_and_share(demo: Demo, visit: OpenVisit) -> None:
    """Add a scatter, drag and resize it, reload: still there; a second account as viewer filters but cannot edit."""
    author = await visit(demo.admin)
    await author.open_dashboard("Iris")
    await author.open_editor()
    tile = await add_scatter(author, "My scatter")
    moved = await drag_and_grow(author, tile)
    await author.page.reload()
    await author.painted()
    assert await box(tile) == moved
    link = author.page.url.split("?")[0].removesuffix("/edit")
    viewer = Person("viewer@example.org", "a quiet harbour at dawn")
    await open_account(author, viewer)
    await share(author, "Iris", viewer)
    await author.sign_out()

    guest = await visit(viewer)
    await guest.page.goto(link)
    await guest.painted()
    await expect(guest.tile("My scatter").locator(".point").first).to_be_visible()
    await guest.choose("Variety", "Setosa")
    await guest.shows("Flowers", 50)
    assert await guest.number("Mean petal length") == 1.462
    await expect(guest.page.get_by_role("link", name="Edit", exact=True)).to_have_count(0)
    await expect(guest.page.locator(".tile-handle")).to_have_count(0)
    guest.expected_statuses.add(403)
    answer = await guest.page.goto(f"{link}/edit")
    assert answer
    assert answer.status == 403
    await guest.go("/projects")
    await guest.sign_out()


async def test_a_tile_is_edited_duplicated_and_deleted(demo: Demo, visit: OpenVisit) -> None:
    """Each change is stored at once with a version; what was deleted stays deleted after a reload."""
    there = await visit(demo.admin)
    page = there.page
    await there.open_dashboard("Iris")
    await there.open_editor()
    await page.get_by_role("button", name="Edit the tile Varieties").click()
    await page.get_by_label("Title", exact=True).fill("Kinds")
    await page.get_by_role("button", name="Save the tile").click()
    await there.shows("Kinds", 3)
    await page.get_by_role("button", name="Duplicate the tile Kinds").click()
    await expect(page.locator(".tile", has_text="Kinds")).to_have_count(2)
    await page.reload()
    await there.painted()
    copies = page.locator(".tile", has_text="Kinds")
    await expect(copies).to_have_count(2)
    for left in (1, 0):
        await copies.first.get_by_role("button", name=re.compile("^Delete the tile")).click()
        await page.get_by_role("button", name="Delete", exact=True).click()
        await expect(copies).to_have_count(left)
    await page.reload()
    await there.painted()
    await expect(page.locator(".tile", has_text="Kinds")).to_have_count(0)


async def test_a_filter_is_added_and_works_at_once(demo: Demo, visit: OpenVisit) -> None:
    """The panel gains a control that narrows the tiles beside it, without a reload."""
    there = await visit(demo.admin)
    page = there.page
    await there.open_dashboard("Iris")
    await there.open_editor()
    await page.get_by_role("button", name="Add a tile").click()
    await page.get_by_role("button", name=re.compile("^Range slider")).click()
    await expect(page.locator(".preview").get_by_role("slider").first).to_be_visible()
    await page.get_by_label("Title", exact=True).fill("Sepals")
    await page.get_by_role("button", name="Add to the dashboard").click()
    await expect(page.locator("#saved")).to_contain_text("Saved")
    await expect(page.locator(".aside")).to_be_hidden()
    await there.settled()
    thumb = page.get_by_role("slider", name="Sepals to")
    await thumb.press("ArrowLeft")
    await expect(page.locator(".tile-badge").first).to_contain_text("of 150 rows")
    await page.get_by_role("button", name="Reset the filter Sepals").click()
    await there.shows("Flowers", 150)


async def add_scatter(author: Visit, title: str) -> Locator:
    """Build a scatter with the columns that are suggested, by mouse."""
    page = author.page
    await page.get_by_role("button", name="Add a tile").click()
    await page.get_by_role("button", name="Scatter two numbers against").click()
    await expect(page.locator(".preview .point").first).to_be_visible()
    await page.get_by_label("Title", exact=True).fill(title)
    await page.get_by_role("button", name="Add to the dashboard").click()
    tile = author.tile(title)
    await expect(tile.locator(".point").first).to_be_visible()
    await expect(page.locator("#saved")).to_contain_text("Saved")
    return tile


async def drag_and_grow(author: Visit, tile: Locator) -> tuple[int, ...]:
    """Drag the tile by its width to the right, then make it a row higher by keyboard; where it is then."""
    page, handle, saved = author.page, tile.locator(".tile-handle"), author.page.locator("#saved")
    await handle.scroll_into_view_if_needed()
    left, _, width, height = await box(tile)
    at = await handle.bounding_box()
    assert at
    x, y = at["x"] + at["width"] / 2, at["y"] + at["height"] / 2
    said = await saved.inner_text()
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + width * 1.05, y, steps=15)
    await page.mouse.up()
    await expect(saved).not_to_have_text(said)
    said = await saved.inner_text()
    await handle.focus()
    await page.keyboard.press("Shift+ArrowDown")
    await expect(saved).not_to_have_text(said)
    await page.wait_for_timeout(500)  # The tile glides to its place.
    moved = await box(tile)
    assert moved[0] > left + width * 0.5
    assert moved[3] > height + 50
    return moved


async def box(tile: Locator) -> tuple[int, ...]:
    """Where a tile lies on the page: x, y from the top of the document, width, height."""
    found: list[float] = await tile.evaluate(
        "(it) => { const r = it.getBoundingClientRect(); return [r.x, r.y + window.scrollY, r.width, r.height]; }"
    )
    return tuple(round(side) for side in found)


async def open_account(author: Visit, person: Person) -> None:
    """Make an account on the administrator's page."""
    await author.go("/admin/users")
    await author.page.get_by_label("E-mail").fill(person.email)
    await author.page.get_by_label("Display name").fill("Vera")
    await author.page.get_by_label("Password").fill(person.password)
    await author.page.get_by_role("button", name="Open the account").click()
    await expect(author.page.get_by_text(person.email).first).to_be_visible()


async def share(author: Visit, project: str, person: Person) -> None:
    """Add somebody to a project as viewer, on its members page."""
    page = author.page
    await author.go("/projects")
    await page.get_by_role("link", name=project, exact=True).click()
    await page.get_by_role("link", name=re.compile("Members")).first.click()
    await page.get_by_label("E-mail").fill(person.email)
    await page.get_by_label("Role", exact=True).select_option("viewer")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_text(person.email).first).to_be_visible()
