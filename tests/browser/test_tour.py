"""The pictures of the tour (docs/tour.md), one after the other as a visitor would see them."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Visit, api
from tests.browser.test_screenshots import take
from tests.browser.test_uploads import DROP

SIZE = (1280, 800)
DRAWN = """async (one) => {
  while ((await fetch(one.src)).status !== 200) await new Promise((done) => { setTimeout(done, 200); });
}"""
"""The small picture of a dashboard is made in the background."""
LAKES = "lake;date;depth_m;oxygen\n" + "".join(
    f"{('Silver', 'Round', 'Long')[row % 3]};2025-{row % 12 + 1:02}-15;{row % 30},5;{9 - row % 7 / 2}\n"
    for row in range(240)
)


@pytest.fixture
async def there(demo: Demo, visit: OpenVisit) -> Visit:
    return await visit(demo.admin, size=SIZE)


async def project_of(there: Visit) -> str:
    projects = (await api(there.page, "GET", "/projects"))["items"]
    return next(str(one["id"]) for one in projects if "enguin" in one["name"])


async def test_projects_and_data(there: Visit) -> None:
    """From the list of projects to a table that is dropped in the browser."""
    page, key = there.page, await project_of(there)
    await there.go("/projects")
    await take(page, "tour-projects")
    await there.go(f"/projects/{key}")
    await page.locator(".dp-thumb img").first.evaluate(DRAWN)
    await page.reload()
    await page.wait_for_load_state("networkidle")
    await take(page, "tour-project")
    collection = (await api(page, "GET", f"/projects/{key}/collections"))["items"][0]
    await there.go(f"/projects/{key}/collections/{collection['id']}")
    await page.wait_for_load_state("networkidle")
    await take(page, "tour-collection")
    await there.go(f"/projects/{key}/uploads")
    await page.evaluate(DROP, [["lakes.csv", LAKES]])
    await expect(page.get_by_label("Name of the table")).to_have_value("lakes")
    await take(page, "tour-upload")
    await page.get_by_role("button", name="Do not keep it").click()
    await page.wait_for_url("**/uploads")


async def changed_copy(page: Page, board: str) -> str:
    """A copy of a dashboard with some changes behind it."""
    found = await api(page, "GET", f"/dashboards/{board}")
    made = await api(page, "POST", f"/projects/{found['project_id']}/dashboards", {"title": "Field season"})
    tiles = list(found["tiles"])
    for title, kept in (
        ("Field season", tiles), ("Field season 2009", tiles), ("Field season 2009", tiles[:-1]),
        ("Three field seasons", tiles[:-2]), ("Three field seasons", tiles),
    ):  # fmt: skip
        version = (await api(page, "GET", f"/dashboards/{made['id']}"))["version"]
        content = {"version": version, "title": title, "tiles": {one: found["tiles"][one] for one in kept}}
        await api(page, "PUT", f"/dashboards/{made['id']}", content)
    return str(made["id"])


async def test_dashboards(there: Visit) -> None:
    """A dashboard under filters, its builder, its versions and its links."""
    page = there.page
    await there.open_dashboard("Palmer penguins")
    await there.choose("Species", "Gentoo")
    await page.mouse.move(0, 0)
    await take(page, "tour-filtered")
    await there.open_editor()
    await page.get_by_role("button", name="Add a tile").click()
    await page.locator(".offers .offer").first.wait_for()
    await take(page, "tour-gallery")
    board = page.url.split("/dashboards/")[1].split("/")[0]
    copy = await changed_copy(page, board)
    await there.go(f"/dashboards/{copy}/history")
    await take(page, "tour-history")
    await api(page, "DELETE", f"/dashboards/{copy}")
    await there.go(f"/dashboards/{board}/links")
    await take(page, "tour-links")


async def test_people_and_the_site(there: Visit) -> None:
    """With whom a project is shared, why, and what administrators see."""
    page, key = there.page, await project_of(there)
    await there.go(f"/projects/{key}/members")
    await take(page, "tour-members")
    me = await api(page, "GET", "/me")
    await there.go(f"/projects/{key}/members/why?user={me['id']}")
    await take(page, "tour-why")
    await there.go("/profile")
    await take(page, "tour-profile")
    await there.go("/admin/audit")
    await take(page, "tour-audit")
    await there.go("/admin/projects")
    await take(page, "tour-storage")
