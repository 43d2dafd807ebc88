"""The administration in a real browser: lists that are ticked by keyboard, the site's settings, jobs, the audit."""

import asyncio
import re
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Visit, api
from tests.browser.test_accessibility import findings

PASSWORD = "correct horse battery staple"
NAMES = ("Abel Ticked", "Berta Ticked")


def _address(name: str) -> str:
    return name.lower().replace(" ", ".") + "@example.org"


async def _open_accounts(there: Visit) -> None:
    for name in NAMES:
        await there.go("/admin/users")
        form = there.page.locator("form[action='/admin/users'][method=post]")
        await form.get_by_label("E-mail address").fill(_address(name))
        await form.get_by_label("Display name").fill(name)
        await form.get_by_label("Password").fill(PASSWORD)
        await form.get_by_role("button", name="Open the account").press("Enter")
        await expect(there.page.locator("#listed")).to_contain_text(name)


async def _ticked_and_done(there: Visit, act: str) -> None:
    """Tick both accounts, choose the act, read what it will do and agree, all of it by keyboard."""
    page = there.page
    await there.go("/admin/users?q=.ticked@")
    for name in NAMES:
        await page.get_by_label(f"Tick {_address(name)}").press("Space")
    await expect(page.locator("[data-ticked]")).to_have_text("2 of 2 ticked")
    await page.get_by_role("button", name=f"{act}…").press("Enter")
    heading = page.get_by_role("heading", level=2, name=f"{act} 2 accounts?")
    await expect(heading).to_be_focused()
    await expect(page.get_by_role("list", name="It is done to").get_by_role("listitem")).to_have_count(2)
    assert await findings(there) == []
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name=f"{act} 2 accounts")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin/users?*")


async def _site(page: Page, registration: str, notice: str) -> None:
    await page.get_by_label("Who may open an account").select_option(registration)
    await page.get_by_label("Notice above every page").fill(notice)
    async with page.expect_response(lambda answer: answer.request.method in {"POST", "PUT"}):
        await page.get_by_label("Notice above every page").press("Enter")


async def _notice(visit: Visit, *texts: str) -> None:
    """The notice above the page that is open; each process of the server knows within five seconds what it is."""
    async with asyncio.timeout(15):
        while await visit.page.get_by_label("Notice of this site").all_inner_texts() != list(texts):
            await asyncio.sleep(0.5)
            await visit.page.reload()


async def _registers(guest: Visit) -> None:
    """By keyboard: what is missing is said at its field and what was typed stays; then the account is open."""
    page = guest.page
    await page.get_by_label("Display name").fill("Carla Ticked")
    await page.get_by_label("E-mail address").fill("carla.ticked@example.org")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_label("Password again").fill("another one than that")
    guest.expected_statuses.add(422)
    await page.get_by_label("Password again").press("Enter")
    await expect(page.get_by_label("Password again")).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_label("E-mail address")).to_have_value("carla.ticked@example.org")
    assert await findings(guest) == []
    for name in ("Password", "Password again"):
        await page.get_by_label(name, exact=True).fill(PASSWORD)
    await page.get_by_label("Password again").press("Enter")
    await page.wait_for_url("**/projects*")
    await expect(page.locator(".dp-toast")).to_contain_text("Welcome. Your account is open.")
    await guest.sign_out()


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


async def test_an_administrator_works_through_the_pages(demo: Demo, visit: OpenVisit) -> None:
    """Two accounts closed and reopened at once, a third registered under a notice, jobs listed, the audit exported."""
    there = await visit(demo.admin, bypass_csp=True)
    guest = await visit(bypass_csp=True)
    page = there.page
    await _open_accounts(there)
    await _ticked_and_done(there, "Close")
    await expect(page.locator("#listed .dp-badge", has_text="Closed")).to_have_count(2)
    await _ticked_and_done(there, "Reopen")
    await expect(page.locator("#listed .dp-badge", has_text="Closed")).to_have_count(0)

    await there.go("/admin/site")
    await _site(page, "open", "Down on Friday at noon.")
    await _notice(there, "Down on Friday at noon.")
    assert await findings(there) == []
    await guest.go("/register")
    await expect(guest.page.get_by_role("heading", level=1)).to_be_visible()
    await _notice(guest, "Down on Friday at noon.")
    await _registers(guest)
    await there.go("/admin/site")
    await _site(page, "", "")
    await _notice(there)

    await there.go("/admin/jobs")
    await expect(page.get_by_role("link", name="Jobs")).to_have_attribute("aria-current", "page")
    assert await findings(there) == []

    await there.go("/admin/audit")
    await page.get_by_label("Who (e-mail address)").fill(demo.admin.email)
    await page.get_by_label("Permission").select_option("admin:site")
    await page.get_by_role("button", name="Show").press("Enter")
    await page.wait_for_url(re.compile("capability=admin"))
    await expect(page.locator(".dp-audit tbody tr").first).to_contain_text(demo.admin.email)
    assert await findings(there) == []
    async with page.expect_download() as begun:
        await page.get_by_role("link", name="Export as CSV").press("Enter")
    lines = _lines(await (await begun.value).path())
    assert len(lines) > 1
    assert all(demo.admin.email in line for line in lines[1:])
    for person in (await api(page, "GET", "/admin/users?q=.ticked@"))["items"]:
        await api(page, "DELETE", f"/users/{person['id']}")
