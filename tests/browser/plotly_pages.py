"""Pages with plotly.js and scripts of the board, without a server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import Browser, Page

STATIC = Path(__file__).parents[2] / "web" / "static"


class Loaded(NamedTuple):
    """Such a page, and the errors on it since it was emptied."""

    page: Page
    errors: list[str]

    @asynccontextmanager
    async def emptied(self, script: str) -> AsyncIterator[Page]:
        """The page without content, once the script has run there; at the end it may have met no error."""
        self.errors.clear()
        await self.page.evaluate(f"() => {{ document.body.replaceChildren(); {script} }}")
        yield self.page
        assert self.errors == []


@asynccontextmanager
async def plotly_page(chromium: Browser, size: tuple[int, int], *scripts: str) -> AsyncIterator[Loaded]:
    """A page of that width and height with the scripts of these names."""
    page = await chromium.new_page(viewport={"width": size[0], "height": size[1]})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    for name in ("vendor/plotly-strict.min", *(f"dash/{one}" for one in scripts)):
        await page.add_script_tag(path=STATIC / f"{name}.js")
    yield Loaded(page, errors)
    await page.close()
