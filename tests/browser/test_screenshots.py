"""The pictures of README and docs, taken from the demo; `make screenshots` puts them in place."""

from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo

FOLDER = Path(__file__).parents[2] / "build" / "screenshots"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("name", "scheme", "size"),
    [("dashboard", "light", (1440, 1050)), ("dashboard-dark", "dark", (1440, 1050)), ("phone", "light", (390, 844))],
)
async def test_the_dashboard(demo: Demo, visit: OpenVisit, name: str, scheme: str, size: tuple[int, int]) -> None:
    """The penguins with one species chosen, nothing wider than the window."""
    there = await visit(demo.admin, color_scheme=scheme, size=size)
    await there.open_dashboard("Palmer penguins")
    await there.choose("Species", "Gentoo", "Chinstrap")
    await there.shows("Penguins", 191)
    await there.page.mouse.move(0, 0)
    width = await there.page.evaluate("() => document.documentElement.scrollWidth")
    assert width <= size[0]
    await take(there.page, name)


async def test_the_editor(demo: Demo, visit: OpenVisit) -> None:
    """A tile being made, with its preview."""
    there = await visit(demo.admin, size=(1440, 1050))
    await there.open_dashboard("Palmer penguins")
    await there.open_editor()
    await there.page.get_by_role("button", name="Add a tile").click()
    await there.page.get_by_role("button", name="Histogram how values").click()
    await there.page.locator(".preview .barlayer path").first.wait_for(state="attached")
    await take(there.page, "editor")


async def take(page: Page, name: str) -> None:
    """Keep a picture of the window under this name."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.png"
    await page.screenshot(path=path, animations="disabled")
    assert path.read_bytes().startswith(PNG)
