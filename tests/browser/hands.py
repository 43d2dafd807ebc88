"""The same acts by mouse and by keys, for tests that show that either is enough.

Where the keys go is set by the test: that the Tab key leads there is shown by `test_editor_keyboard.py`.
"""

from typing import Literal

from playwright.async_api import Locator, Page, expect

HandName = Literal["mouse", "keyboard"]
HANDS: tuple[HandName, ...] = ("mouse", "keyboard")
MOST = 80
"""Options that are walked along before one is given up."""


class Hand:
    """What presses, ticks, chooses and writes on a page."""

    def __init__(self, page: Page, name: HandName) -> None:
        self.page = page
        self.name = name

    async def press(self, one: Locator) -> None:
        """Press a button, a link, or what unfolds something."""
        await self._take(one)
        if self.name == "keyboard":
            await self.page.keyboard.press("Enter")

    async def tick(self, box: Locator, label: Locator | None = None) -> None:
        """Turn a box or a switch; a mouse presses its label where that is what is seen."""
        if self.name == "mouse":
            await (label or box).click()
            return
        await self._take(box)
        await self.page.keyboard.press("Space")

    async def choose(self, field: Locator, option: str) -> None:
        """Choose in a list of Mantine, which opens under its field."""
        await self._take(field)
        if self.name == "mouse":
            await self.page.get_by_role("option", name=option, exact=True).click()
            return
        lit = self.page.locator("[data-combobox-selected]:visible")
        for _ in range(MOST):
            await self.page.keyboard.press("ArrowDown")
            if await lit.count() and await lit.first.inner_text() == option:
                break
        await expect(lit.first).to_have_text(option)
        await self.page.keyboard.press("Enter")

    async def write(self, field: Locator, text: str) -> None:
        """Write a text in place of what is there."""
        await self._take(field)
        await self.page.keyboard.press("Control+a")
        await self.page.keyboard.type(text)

    async def _take(self, one: Locator) -> None:
        if self.name == "mouse":
            await one.click()
        else:
            await expect(one).to_be_enabled()
            await one.focus()
            await expect(one).to_be_focused()
