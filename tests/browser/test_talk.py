"""Notes and comments in a real browser, by an author and by a viewer."""

import asyncio

from playwright.async_api import Route, expect

from tests.browser.demo import Visit, api, stored
from tests.browser.test_documents import is_no_fault

COUNT = """() => {
  const { backgroundColor, color } = getComputedStyle(document.querySelector('#comments'), '::after');
  const probe = document.body.appendChild(document.createElement('i'));
  const token = (name) => { probe.style.color = `var(${name})`; return getComputedStyle(probe).color; };
  const tokens = [token('--dp-accent'), token('--dp-on-accent')];
  probe.remove();
  return [backgroundColor, color, ...tokens];
}"""
"""The colours of how many comments are open, and those that it has to have when one of them mentions who reads."""


async def test_a_comment_mentions_somebody_and_is_resolved(editor: Visit) -> None:
    """The tile and the button count what is open; the mention is marked for whom it is meant.

    What others write appears, and takes nothing from what is being written.
    """
    page = editor.page
    await editor.tile("Penguins").hover()
    await page.get_by_role("button", name="Comments on Penguins", exact=True).click()
    field = page.get_by_role("combobox", name="Comment", exact=True)
    await field.press_sequentially("Is this right, @adm")
    await expect(page.get_by_role("option", name="Administrator")).to_be_visible()
    await field.press("Enter")
    await expect(field).to_have_value("Is this right, @Administrator ")
    await field.press("Control+Enter")
    await expect(page.locator(".talk-name")).to_have_text("@Administrator")
    await expect(page.locator(".talk-mark")).to_have_text("mentions you")
    tool = editor.tile("Penguins").locator("[data-talk]")
    await expect(tool).to_have_attribute("aria-label", "Comments on Penguins (1 open)")
    await expect(page.locator("#comments")).to_have_attribute("data-count", "1")
    ground, count, accent, on_accent = await page.evaluate(COUNT)
    assert (ground, count) == (accent, on_accent), "a mention of oneself stands out"

    await page.get_by_role("combobox", name="Answer").fill("Yes <b>it</b> is")
    await page.get_by_role("button", name="Answer").click()
    await expect(page.locator(".talk-text").nth(1)).to_have_text("Yes <b>it</b> is")
    await page.get_by_role("button", name="Resolve", exact=True).click()
    await expect(page.locator(".talk-thread")).to_have_count(0)
    await expect(tool).to_have_attribute("aria-label", "Comments on Penguins")
    await page.get_by_label("Show resolved").check()
    await page.get_by_role("button", name="Reopen").click()
    await expect(tool).to_have_attribute("aria-label", "Comments on Penguins (1 open)")
    answer = page.get_by_role("combobox", name="Answer")
    await answer.press_sequentially("Half an ans")
    key = (await stored(editor))["id"]
    await api(
        page, "POST", f"/dashboards/{key}/comments", {"tile_id": "penguins", "body": "From elsewhere", "mentions": []}
    )
    await expect(page.locator(".talk-text").last).to_have_text("From elsewhere")
    await expect(answer.first).to_be_focused()
    await page.keyboard.type("wer")
    await expect(answer.first).to_have_value("Half an answer")
    await page.get_by_role("button", name="Resolve", exact=True).last.click()
    await expect(page.get_by_role("button", name="Reopen")).to_have_count(1)
    await expect(answer.first).to_have_value("Half an answer")
    await page.keyboard.press("Escape")
    await expect(page.locator("#talk")).to_be_hidden()

    found = (await api(page, "GET", f"/dashboards/{key}/comments"))["items"]
    answered = next(one["id"] for one in found if len(one["remarks"]) > 1)
    thread = page.locator(f"#comment-{answered}")
    await page.evaluate("(id) => { window.location.hash = `comment-${id}`; }", answered)
    await expect(thread).to_be_focused()
    await thread.get_by_role("button", name="Delete comment").last.click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(thread.locator(".talk-text")).to_have_text(["Is this right, @Administrator"])


async def test_who_writes_before_the_comments_are_there_goes_on_writing(editor: Visit) -> None:
    """The panel is drawn anew when they come, and with them the members whom an @ offers."""
    page, may_come = editor.page, asyncio.Event()

    async def hold(route: Route) -> None:
        await may_come.wait()
        await route.continue_()

    await page.route("**/comments?*", hold)
    await page.get_by_role("button", name="Comments on Penguins", exact=True).press("Enter")
    field = page.get_by_role("combobox", name="Comment", exact=True)
    await field.press_sequentially("Is this ")
    may_come.set()
    await expect(field).to_have_attribute("aria-controls", "talk-people-2")
    await page.keyboard.type("right, @adm")
    await expect(page.get_by_role("option", name="Administrator")).to_be_visible()
    await expect(field).to_have_value("Is this right, @adm")
    await expect(field).to_be_focused()


async def test_notes_are_saved_while_they_are_written(editor: Visit) -> None:
    """Markdown without HTML; without a connection later; who writes over another's notes is asked which to keep."""
    page = editor.page
    key = (await stored(editor))["id"]
    await page.get_by_role("button", name="Notes").click()
    await page.locator("#talk").get_by_role("button", name="Edit").click()
    area = page.get_by_role("textbox", name="Notes")
    await area.fill("# Plan\n\n**Measure** <img src=x onerror=alert(1)>")
    await expect(page.locator("#notes-text h1")).to_have_text("Plan")
    await expect(page.locator("#talk .talk-said")).to_contain_text("Saved")
    assert await page.locator("#notes-text img").count() == 0
    note = await api(page, "GET", f"/dashboards/{key}/notes")
    assert (note["version"], note["body"][:6]) == (1, "# Plan")
    await page.context.set_offline(True)
    await area.fill("# Plan\n\nWritten offline")
    await expect(page.locator("#talk .talk-said")).to_contain_text("What you wrote is still here.")
    await page.context.set_offline(False)
    await expect(page.locator("#talk .talk-said")).to_contain_text("Saved")
    note = await api(page, "GET", f"/dashboards/{key}/notes")
    assert (note["version"], note["body"]) == (2, "# Plan\n\nWritten offline")
    editor.errors[:] = [error for error in editor.errors if not is_no_fault(error)]

    await api(page, "PUT", f"/dashboards/{key}/notes", {"body": "Theirs", "version": 2})
    editor.expected_statuses.add(409)
    await area.fill("Mine")
    await expect(page.locator("#talk .talk-said")).to_contain_text("changed the notes meanwhile")
    await page.get_by_role("button", name="Keep mine").click()
    await expect(page.locator("#talk .talk-said")).to_contain_text("Saved")
    assert (await api(page, "GET", f"/dashboards/{key}/notes"))["body"] == "Mine"
    await page.get_by_role("button", name="Done").click()
    await expect(page.locator("#notes-text")).to_have_text("Mine")
    await page.get_by_role("button", name="History").click()
    await expect(page.locator("#talk .talk-said")).to_have_text("Nothing earlier is kept.")
    await page.get_by_role("button", name="Back").click()
    await expect(page.get_by_role("heading", name="Notes")).to_be_focused()
