"""Every page as axe-core judges it, in both schemes: nothing serious, nothing critical."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Visit, api, stored

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = {"serious", "critical"}
REPAINTED = """() => !document.getAnimations().some((one) => one instanceof CSSTransition
  && one.effect.target.checkVisibility({ contentVisibilityAuto: true }))"""
"""Colours that are seen are those of the scheme, no longer on their way to them; the rest takes its time."""
ARRIVED = """() => !document.getAnimations().some((one) => one instanceof CSSAnimation
  && one.playState === 'running' && one.effect.getComputedTiming().endTime !== Infinity)"""
"""What comes into sight, as a message does, is there whole."""
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
RUN = "([where, how]) => window.axe.run(where, { resultTypes: ['violations'], preload: false, ...how })"
OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""What may differ from one scheme to the other."""
PAGES = {
    "projects": "/projects",
    "new project": "/projects/new",
    "dashboards": "/dashboards",
    "inbox": "/inbox",
    "profile": "/profile",
    "groups": "/groups",
    "API tokens": "/profile/tokens",
    "leaving": "/profile/leave",
    "accounts": "/admin/users",
    "invitations": "/admin/invitations",
    "audit": "/admin/audit",
    "all groups": "/admin/groups",
    "all projects": "/admin/projects",
    "ingests": "/admin/ingests",
    "all jobs": "/admin/jobs",
    "all sessions": "/admin/sessions",
    "site": "/admin/site",
    "state": "/admin/state",
    "REST interface": "/api/docs",
    "nothing here": "/no-such-page",
}


async def findings(visit: Visit, rules: Mapping[str, Any] | None = None) -> list[str]:
    """The serious findings on the page as it stands, under all rules or these, each with the elements that it names."""
    if not await visit.page.evaluate("() => 'axe' in window"):
        await visit.page.evaluate(AXE.read_text("utf-8"))
    await visit.page.wait_for_function(ARRIVED)
    # Plotly draws its axes without text alternatives; the tile around a plot is a region with a name.
    results: dict[str, Any] = await visit.page.evaluate(RUN, [{"exclude": [[".js-plotly-plot"]]}, rules or {}])
    return [
        f"{found['id']}: {found['help']} {[node['html'][:160] for node in found['nodes']][:3]}"
        for found in results["violations"]
        if found["impact"] in SERIOUS
    ]


async def test_pages_have_no_serious_findings(demo: Demo, visit: OpenVisit) -> None:
    """Pages that need no project."""
    there = await visit(color_scheme="dark", bypass_csp=True)
    there.expected_statuses.add(404)
    await there.go("/sign-in")
    assert await both(there) == []
    await there.sign_in(demo.admin)
    found = {name: await _at(there, path) for name, path in PAGES.items()}
    assert {name: faults for name, faults in found.items() if faults} == {}


async def test_a_project_and_its_dashboard_have_no_serious_findings(demo: Demo, visit: OpenVisit) -> None:
    """The project's pages, the viewer with a filter, the editor with its gallery and its form."""
    there = await visit(demo.admin, color_scheme="dark", bypass_csp=True)
    page = there.page
    await page.locator(".dp-card-link", has_text="Palmer penguins").click()
    project = page.url.removeprefix(demo.address)
    for part in ("", "/dashboards", "/members", "/members/why", "/uploads", "/settings", "/jobs", "/lineage"):
        assert await _at(there, project + part) == [], part
    await there.go(project)
    await page.get_by_role("link", name="penguins_complete", exact=True).click()
    await page.get_by_role("heading", level=1).wait_for()
    collection = page.url.removeprefix(demo.address)
    for part in ("", "/values", "/files", "/images", "/upkeep"):
        assert await _at(there, collection + part) == [], part
    await there.go(f"{project}/uploads")
    sent = [{"name": f"depths_{n}.csv", "mimeType": "text/csv", "buffer": b"site,depth\nA,5\n"} for n in (1, 2)]
    await page.get_by_label("Files", exact=True).set_input_files(sent)  # type: ignore[arg-type]
    await page.wait_for_url("**/batches/*")
    assert await both(there) == []
    await page.get_by_role("button", name="Make one table of these").click()
    await page.get_by_role("heading", name="What becomes of 2 files").wait_for()
    assert await both(there) == []
    await page.get_by_role("button", name="Ingest").click()
    await page.wait_for_url("**/collections/*")
    await there.go(f"{project}/jobs")
    await page.locator("tbody a").first.click()
    await page.wait_for_url("**/jobs/*")
    assert await both(there) == []
    await there.open_dashboard("Palmer penguins")
    await there.choose("Species", "Gentoo")
    await there.shows("Penguins", 123)
    assert await both(there) == []
    await page.locator(".filter", has=page.get_by_role("heading", name="Island")).get_by_role("textbox").click()
    await page.get_by_role("listbox", name="Island").wait_for()
    assert await both(there) == []
    await page.keyboard.press("Escape")
    await there.open_editor()
    await page.get_by_role("button", name="Add a tile").click()
    await page.locator(".offer").first.wait_for()
    assert await both(there) == []
    await page.get_by_role("button", name="Bar one number").click()
    await page.locator(".preview .js-plotly-plot").wait_for()
    await page.locator("#aside .shelf-column").first.click()
    await page.get_by_role("menuitem").first.wait_for()
    assert await both(there) == []


async def test_tabs_sections_and_panels_have_no_serious_findings(demo: Demo, visit: OpenVisit, editor: Visit) -> None:
    """With two tabs, a folded section, chosen tiles, each dialog, and both panels open."""
    page = editor.page
    await page.get_by_role("button", name="Add a section").click()
    await page.get_by_role("button", name="Fold New section").wait_for()
    await page.get_by_role("button", name="Add a tab").click()
    await page.locator(".board-tab-input").press("Enter")
    await page.get_by_role("tab", name="Main").click()
    there = await visit(demo.admin, color_scheme="dark", bypass_csp=True)
    await there.go(page.url.removeprefix(demo.address))
    await there.painted()
    page = there.page
    await page.get_by_role("button", name="Fold New section").click()
    await there.tile("Penguins").locator(".tile-title").click(modifiers=["Control"])
    assert await both(there) == []
    for name in ("Edit the section New section", "Edit the tab Main", "Columns by width", "Move to …"):
        await page.get_by_role("button", name=name).click()
        await page.get_by_role("dialog").wait_for()
        assert await both(there) == [], name
        await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Comments", exact=True).click()
    await page.get_by_role("combobox", name="Comment", exact=True).wait_for()
    assert await both(there) == []
    await page.get_by_role("button", name="Notes", exact=True).click()
    await page.locator("#talk").get_by_role("button", name="Edit").click()
    assert await both(there) == []


async def test_what_visitors_meet_on_a_phone_has_no_serious_findings(demo: Demo, visit: OpenVisit) -> None:
    """Registration, links that do not hold, and the tables of administration, without a horizontal scroll."""
    there = await visit(demo.admin, color_scheme="dark", bypass_csp=True, size=(390, 844))
    there.expected_statuses.add(404)
    for path in ("/register", "/invitation?token=x", "/reset?token=x", "/admin/audit", "/admin/users", "/api/docs"):
        assert await _at(there, path) == [], path
        wide = await there.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, path


async def _with_a_long_text(editor: Visit) -> dict[str, Any]:
    """The dashboard, after the text about the data was made longer than its tile."""
    found = await stored(editor)
    found["tiles"]["about"]["body"] += "\n\nMeasured by hand." * 40
    content = {name: found[name] for name in ("version", "title", "tiles")}
    await api(editor.page, "PUT", f"/dashboards/{found['id']}", content)
    return found


async def _open_notes(there: Visit) -> None:
    """Beside a text that is longer than its tile."""
    await there.page.keyboard.press("Escape")
    await there.page.get_by_role("button", name="Notes").click()
    await there.tile("About the data").locator(".tile-text[tabindex]").wait_for()


async def _made_link(page: Page) -> str:
    """The address of a link with a password, for readers and for the pages of one site."""
    await page.get_by_label("For whom").fill("Reviewers")
    await page.get_by_label("Password").fill("penguin-share-2026")
    await page.get_by_label("Sites that may embed it").fill("https://lab.example.org")
    await page.get_by_role("button", name="Make the link").click()
    return await page.locator("#made-address").inner_text()


async def test_what_belongs_to_a_dashboard_has_no_serious_findings(demo: Demo, visit: OpenVisit, editor: Visit) -> None:
    """Saved views, history, a comparison, copies, share links and their door, groups, an account, a read file."""
    key = (dashboard := await _with_a_long_text(editor))["id"]
    there = await visit(demo.admin, bypass_csp=True)
    page = there.page
    found: dict[str, list[str]] = {}

    async def look(name: str) -> None:
        found[name] = await both(there)

    await there.go(f"/dashboards/{key}?f.species=Gentoo")
    await there.painted()
    await page.get_by_role("button", name="Views").click()
    await page.get_by_role("button", name="Save this view").click()
    await page.get_by_role("dialog").wait_for()
    await look("saving a view")
    await page.get_by_role("dialog").get_by_role("textbox").first.fill("Gentoo alone")
    await page.keyboard.press("Enter")
    await page.locator("#view-line .view-name").wait_for()
    await page.get_by_role("button", name="Views").click()
    await look("views")
    await _open_notes(there)
    await look("notes")
    for part in ("history", "history/1", "pins", "columns", "copy", "links"):
        await there.go(f"/dashboards/{key}/{part}")
        await look(part)
    shared = await _made_link(page)
    await look("a new link")
    await there.go(f"/dashboards/{key}@{dashboard['version']}")
    await there.painted()
    await look("an old version")
    await page.goto(shared)
    await look("the door of a link")
    await page.get_by_label("Password").fill("penguin-share-2026")
    await page.keyboard.press("Enter")
    await there.painted()
    await look("a shared dashboard")
    await page.goto(f"{shared}/embed")
    await there.painted()
    await look("an embedded dashboard")

    await there.go("/groups")
    await page.get_by_label("Name").fill("Seabird lab")
    await page.get_by_role("button", name="Make the group").click()
    await page.wait_for_url(re.compile(r"/groups/\w+"))
    await look("a group")
    await there.go("/admin/users")
    await page.locator("a[href^='/admin/users/']").first.click()
    await page.wait_for_url(re.compile(r"/admin/users/\w+"))
    await look("an account")
    await there.go(f"/projects/{dashboard['project_id']}/uploads")
    await page.locator("input[type=file]").set_input_files(
        {"name": "birds.csv", "mimeType": "text/csv", "buffer": b"bird,grams\nskua,1400\nfulmar,800\n"}
    )
    await page.wait_for_url(re.compile(r"/uploads/[0-9a-f]{64}"))
    await look("a file that was sent")
    assert {name: faults for name, faults in found.items() if faults} == {}


async def both(visit: Visit) -> list[str]:
    """The findings in the scheme in which the page was loaded, then in the other one, in which the next is loaded.

    What the page is made of is the same in the other one: only the rules about colours are applied again.
    """
    found = []
    is_dark = await visit.page.evaluate("() => window.matchMedia('(prefers-color-scheme: dark)').matches")
    for scheme, rules in zip(("dark", "light") if is_dark else ("light", "dark"), ({}, OF_COLOURS), strict=True):
        await visit.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # One of Playwright's words.
        await visit.page.evaluate(TWO_FRAMES)
        await visit.page.wait_for_function(REPAINTED)
        found += [f"{scheme}: {fault}" for fault in await findings(visit, rules)]
    return found


async def _at(visit: Visit, path: str) -> list[str]:
    await visit.go(path)
    return await both(visit)
