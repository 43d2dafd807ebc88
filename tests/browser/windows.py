"""Browsers of their own for the people of a test, lent and taken back: a fresh one would compile every script anew."""

from typing import Any

from playwright.async_api import Browser, BrowserContext, Page

from tests.browser.demo import Person, Visit

REUSED = {"bypass_csp"}
"""Who asks for something else, such as a touch screen, gets a browser that is closed afterwards."""


class Window:
    """A browser without cookies and storage; `keeper` is a page that keeps its process, with what that has compiled."""

    def __init__(self, context: BrowserContext, options: dict[str, Any], keeper: Page | None) -> None:
        self.context = context
        self.options = options
        self.keeper = keeper

    async def leave(self) -> None:
        """Close its pages and forget what they kept, except for the scripts."""
        if not self.keeper:
            await self.context.close()
            return
        for page in self.context.pages:
            if page is not self.keeper:
                await page.close()
        await self.context.unroute_all()
        await self.context.set_offline(False)
        await self.context.clear_permissions()
        await self.context.clear_cookies()
        await self.keeper.evaluate("() => window.localStorage.clear()")


class Windows:
    """The windows of a run, and the cookies of those who have signed in once by the form."""

    def __init__(self, chromium: Browser, kept: str) -> None:
        """The address `kept` is that of a small page of the server that is looked at."""
        self._chromium = chromium
        self._kept = kept
        self._free: list[Window] = []
        self._cookies: dict[Person, Any] = {}

    async def take(self, options: dict[str, Any]) -> Window:
        for window in self._free:
            if window.options == options:
                self._free.remove(window)
                return window
        context = await self._chromium.new_context(**options)
        if not set(options) <= REUSED:
            return Window(context, options, None)
        keeper = await context.new_page()
        await keeper.goto(self._kept)
        return Window(context, options, keeper)

    async def give_back(self, window: Window) -> None:
        await window.leave()
        if window.keeper:
            self._free.append(window)

    async def sign_in(self, visit: Visit, person: Person) -> None:
        """Sign in by the form, or go on with the session of whom it has let in before."""
        if person in self._cookies:
            await visit.page.context.add_cookies(self._cookies[person])
            await visit.go("/projects")
            if await visit.page.get_by_label("Your account").count():
                return
        await visit.sign_in(person)
        self._cookies[person] = await visit.page.context.cookies()

    async def close(self) -> None:
        for window in self._free:
            await window.context.close()
