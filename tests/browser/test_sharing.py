"""Sharing in a real browser: a project with people and groups, and one dashboard by a link."""

import asyncio
import os
import re
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from persistence.child import free_port
from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Person, Visit, api
from tests.browser.test_accessibility import findings

PASSWORD = "correct horse battery staple"


async def open_account(there: Visit) -> None:
    page = there.page
    await there.go("/admin/users")
    await page.get_by_label("E-mail address").fill("wanda.sharing@example.org")
    await page.get_by_label("Display name").fill("Wanda Sharing")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Open the account").click()


async def make_group(there: Visit) -> None:
    page = there.page
    await page.get_by_label("Your account").click()
    await page.get_by_role("banner").get_by_role("link", name="Groups").click()
    await page.get_by_label("Name").fill("Field team")
    await page.get_by_role("button", name="Make the group").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Field team")
    await page.get_by_label("Name or e-mail address").press_sequentially("Wan")
    await page.get_by_role("button", name="Add Wanda Sharing").click()
    await expect(page.locator("#members li")).to_have_count(2)


async def accepted(guest: Visit, link: str) -> None:
    """Whoever has the link opens the account that it is for, and is in the project."""
    await guest.page.goto(link)
    await guest.page.get_by_label("Display name").fill("Nora New")
    for name in ("Password", "Password again"):
        await guest.page.get_by_label(name, exact=True).fill(PASSWORD)
    await guest.page.get_by_role("button", name="Open the account").click()
    await expect(guest.page.get_by_role("heading", level=1)).to_contain_text("Palmer penguins")


async def test_a_project_is_shared_as_one_types_and_says_why(demo: Demo, visit: OpenVisit) -> None:
    """A group is made and shared with, a person found by three letters; roles change in place; why names both."""
    there = await visit(demo.admin, bypass_csp=True)
    page = there.page
    await open_account(there)
    await make_group(there)
    await there.go("/projects")
    await page.locator(".dp-card-link", has_text="Palmer penguins").click()
    await page.get_by_role("link", name="Members").click()
    field = page.get_by_label("Person, group or e-mail address")
    await field.press_sequentially("fie")
    await page.get_by_label("Role", exact=True).select_option("editor")
    await page.get_by_role("button", name="Add Field team").click()
    await expect(page.get_by_label("Role of Field team")).to_have_value("editor")
    await field.press_sequentially("shar")
    await page.get_by_role("button", name="Add Wanda Sharing").press("Enter")
    role = page.get_by_label("Role of Wanda Sharing")
    await expect(role).to_have_value("viewer")
    await role.select_option("owner")
    await expect(page.locator(".dp-toast")).to_contain_text("Wanda Sharing is now owner.")
    await page.get_by_label("Role of Wanda Sharing").select_option("viewer")
    await expect(page.locator(".dp-toast")).to_contain_text("Wanda Sharing is now viewer.")
    await field.fill("nobody.yet@example.org")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_role("region", name="Invited")).to_contain_text("nobody.yet@example.org")
    link = await page.locator("#invitation-link").inner_text()
    await picture(page, "members")
    assert await findings(there) == []
    await accepted(await visit(), link)
    await page.goto(page.url)
    await expect(page.get_by_label("Role of Nora New")).to_have_value("viewer")
    await expect(page.get_by_role("region", name="Invited")).to_have_count(0)

    await page.get_by_role("link", name="Why Wanda Sharing has access").click()
    await expect(page.locator("#reasons li")).to_have_text(
        ["Shared with the group Field team as editor", "Shared with them as viewer", "The project is public"]
    )
    row = page.get_by_role("row", name="dashboard:edit")
    await expect(row.get_by_role("cell")).to_have_text(["yes", "no", "no", "may"])
    await picture(page, "why")
    assert await findings(there) == []

    wanda = await visit(Person("wanda.sharing@example.org", PASSWORD))
    await wanda.page.locator(".dp-card-link", has_text="Palmer penguins").click()
    project = wanda.page.url
    await wanda.page.get_by_label("Your account").click()
    await wanda.page.get_by_role("link", name="Groups").click()
    await wanda.page.get_by_role("link", name="Field team").click()
    wanda.page.on("dialog", lambda dialog: dialog.accept())
    await wanda.page.get_by_role("button", name="Leave").click()
    await wanda.page.wait_for_url("**/groups")
    await wanda.page.goto(f"{project}/members/why")
    await expect(wanda.page.locator("#reasons li")).to_have_text(
        ["Shared with them as viewer", "The project is public"]
    )


async def takes_rows_along(guest: Visit) -> None:
    """A visitor has the downloads of a tile, and no way to anything else."""
    for name in ("Edit", "Notes", "Comments", "Palmer penguins", "Share this view by a link"):
        assert await guest.page.get_by_role("button", name=name, exact=True).count() == 0, name
        assert await guest.page.get_by_role("link", name=name, exact=True).count() == 0, name
    tile = guest.tile("All penguins")
    await tile.hover()
    await tile.get_by_role("button", name=re.compile("Download")).click()
    async with guest.page.expect_download() as download:
        await guest.page.get_by_role("menuitem", name="All rows that match (CSV)").click()
    rows = await asyncio.to_thread(Path(await (await download.value).path()).read_text, "utf-8")
    assert rows.count("Gentoo") == 123
    assert "Adelie" not in rows


async def test_a_dashboard_is_shared_by_a_link(demo: Demo, visit: OpenVisit, chromium: Browser) -> None:
    """With fixed filters and a password: opened without an account, in a frame of the named site, and revoked."""
    there = await visit(demo.admin, bypass_csp=True)
    page, lab = there.page, free_port()
    await there.open_dashboard("Palmer penguins")
    key = page.url.split("/dashboards/")[1].split("?")[0]
    await there.choose("Species", "Gentoo")
    await there.shows("Penguins", 123)
    await page.get_by_role("link", name="Share this view by a link").click()
    await expect(page.locator("legend")).to_have_text("Your filters: species is Gentoo")
    await page.get_by_label("For whom or what").fill("Reviewers")
    await page.get_by_label("Show only these rows").check()
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_label("Sites that may embed it").fill(f"http://127.0.0.1:{lab}")
    await page.get_by_role("button", name="Make the link").click()
    address = await page.locator("#made-address").inner_text()
    await picture(page, "links")
    assert await findings(there) == []

    guest = await visit(bypass_csp=True)
    await guest.page.goto(address)
    assert await findings(guest) == []
    await guest.page.get_by_label("Password").fill(PASSWORD)
    await guest.page.get_by_role("button", name="Open the dashboard").click()
    await guest.painted()
    await guest.shows("Penguins", 123)
    await expect(guest.page.get_by_role("banner", name="About this link")).to_contain_text("species is Gentoo")
    await guest.choose("Island", "Biscoe")
    await guest.shows("Penguins", 123)
    assert {str(trace["name"]) for trace in await guest.figure("bills")} == {"Gentoo"}
    assert await guest.table_rows("rows") == 123
    await takes_rows_along(guest)
    await picture(guest.page, "shared")

    await framed(chromium, address, lab, is_shown=True)
    await framed(chromium, address, free_port(), is_shown=False)

    (link,) = (await api(page, "GET", f"/dashboards/{key}/links"))["items"]
    assert (link["name"], link["uses"]) == ("Reviewers", 2)
    page.on("dialog", lambda dialog: dialog.accept())
    guest.expected_statuses.add(404)  # The open page may ask for news at once.
    await page.get_by_role("button", name="Revoke Reviewers").click()
    await page.get_by_text("Nobody sees this dashboard by a link.").wait_for()
    await guest.page.goto(address)
    await expect(guest.page.get_by_text("This link opens nothing")).to_be_visible()


async def framed(chromium: Browser, address: str, port: int, *, is_shown: bool) -> None:
    """The link in a page of another site: after the password the dashboard is there, or the browser refuses it all."""
    html = f'<!doctype html><title>Lab</title><iframe src="{address}/embed" width="900" height="700"></iframe>'.encode()
    head = f"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {len(html)}\r\nconnection: close\r\n\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head.encode() + html)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", port):
        page = await chromium.new_page()
        refused = asyncio.Event()
        page.on("console", lambda message: refused.set() if "frame-ancestors" in message.text else None)
        await page.goto(f"http://127.0.0.1:{port}/")
        frame = page.frame_locator("iframe")
        if is_shown:
            await frame.get_by_label("Password").fill(PASSWORD)
            await frame.get_by_role("button", name="Open the dashboard").click()
            await expect(frame.get_by_role("region", name="Penguins", exact=True)).to_contain_text(
                "123", timeout=20_000
            )
            await expect(frame.get_by_role("link", name="Open in Depictio")).to_be_visible()
        else:
            await asyncio.wait_for(refused.wait(), 10)
        await page.close()


async def picture(page: Page, name: str) -> None:
    """For people to look at, where a folder for it is named."""
    folder = os.environ.get("TEST_PICTURES")
    if not folder:
        return
    for scheme, width in (("light", 1440), ("dark", 1440), ("light", 390)):
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        await page.set_viewport_size({"width": width, "height": 900})
        await page.screenshot(path=f"{folder}/{name}-{scheme}-{width}.png", full_page=True)
    await page.set_viewport_size({"width": 1440, "height": 900})
