"""What a person does with the demo, as the browser tests say it."""

import re
from pathlib import Path
from typing import Any, NamedTuple

from playwright.async_api import ConsoleMessage, Error, Locator, Page, Request, expect

NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
CALLBACKS = re.compile("_dash-update-component")
"""Where callbacks are asked for; behind it stands which of them."""


class Person(NamedTuple):
    email: str
    password: str


class Demo(NamedTuple):
    address: str
    admin: Person
    lines: tuple[str, ...]
    data_dir: Path


class Visit:
    """One browser at the demo. `errors` gathers what its console says and every request to another origin."""

    def __init__(self, demo: Demo, page: Page) -> None:
        self.demo = demo
        self.page = page
        self.errors: list[str] = []
        self.expected_statuses: set[int] = set()
        page.on("console", self._console)
        page.on("pageerror", self._page_error)
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        refused = re.search(r"status of (\d+)", message.text)
        if message.type == "error" and not (refused and int(refused[1]) in self.expected_statuses):
            self.errors.append(f"{message.text} at {self.page.url}")

    def _page_error(self, error: Error) -> None:
        self.errors.append(f"{error} at {self.page.url}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.demo.address, "data:", "blob:")):
            self.errors.append(f"A request left the server: {request.url}")

    async def go(self, path: str) -> None:
        await self.page.goto(self.demo.address + path)

    async def sign_in(self, person: Person) -> None:
        await self.go("/sign-in")
        await self.page.get_by_label("E-mail").fill(person.email)
        await self.page.get_by_label("Password").fill(person.password)
        await self.page.get_by_role("button", name="Sign in").click()
        await self.page.wait_for_url("**/projects*")

    async def sign_out(self) -> None:
        await self.page.get_by_label("Your account").click()
        await self.page.get_by_role("button", name="Sign out").click()
        await self.page.wait_for_url("**/sign-in*")

    async def open_dashboard(self, title: str) -> None:
        """Open a dashboard from the list of all, and wait until its cards have numbers."""
        await self.go("/dashboards")
        await self.page.locator(".dp-card-link", has_text=re.compile(rf"^\s*{re.escape(title)}\s*$")).click()
        await self.painted()

    async def open_editor(self) -> None:
        await self.page.get_by_role("link", name="Edit", exact=True).click()
        await self.page.wait_for_url("**/edit*")
        await self.painted()

    async def painted(self) -> None:
        """Wait until no tile is a skeleton, every plot is drawn, and nothing is asked for any more."""
        await self.page.locator(".tile").first.wait_for()
        await expect(self.page.locator(".tile-skeleton:not([hidden])")).to_have_count(0, timeout=20_000)
        await expect(self.page.locator(".tile-figure:not(:has(.main-svg))")).to_have_count(0, timeout=20_000)
        await self.settled()

    async def settled(self) -> None:
        """Wait until the last filter state is answered and drawn."""
        script = "() => !['is-asking', 'is-painting'].some((name) => document.body.classList.contains(name))"
        await self.page.wait_for_function(script)

    def tile(self, title: str) -> Locator:
        return self.page.get_by_role("region", name=title, exact=True)

    async def number(self, title: str) -> float:
        """The number on a card."""
        text = await self.tile(title).locator(".tile-number-value").inner_text()
        return float(text.replace(NARROW_SPACE, ""))

    async def shows(self, title: str, number: float) -> None:
        """Wait until a card shows this number, and until everything that was asked with it is there."""
        whole = f"{number:,g}" if float(number).is_integer() else f"{number:,}"
        value = self.tile(title).locator(".tile-number-value")
        await expect(value).to_have_text(whole.replace(",", NARROW_SPACE), timeout=20_000)
        await self.settled()

    async def choose(self, label: str, *values: str) -> None:
        """Choose values in a multi-select filter; where the filters are folded, they are unfolded first."""
        folded = self.page.locator(".panel-details:not([open]) > summary")
        if await folded.count():
            await folded.click()
        control = self.page.locator(".filter", has=self.page.get_by_role("heading", name=label, exact=True))
        for value in values:
            await control.get_by_role("textbox").click()
            await self.page.get_by_role("option", name=re.compile(rf"^{re.escape(value)} \(")).click()
            # What is chosen takes its room in the field, by which the list moves.
            await control.locator(".mantine-MultiSelect-pill").filter(has_text=value).wait_for()
        await self.page.keyboard.press("Escape")

    async def figure(self, tile_id: str) -> list[dict[str, object]]:
        """The traces that a figure shows, typed arrays as lists."""
        script = """(id) => {
          const drawn = document.querySelector(`[data-figure="${id}"] .js-plotly-plot`);
          return drawn._fullData.map((trace) => ({
            name: trace.name, type: trace.type, x: Array.from(trace.x || []), y: Array.from(trace.y || []),
            median: Array.from(trace.median || []), color: trace.marker && trace.marker.color,
          }));
        }"""
        found: list[dict[str, object]] = await self.page.evaluate(script, tile_id)
        return found

    async def table_rows(self, tile_id: str) -> int:
        """How many rows a table has."""
        script = "(id) => window.dash_ag_grid.getApi({role: 'rows', tile: id}).getDisplayedRowCount()"
        found: int = await self.page.evaluate(script, tile_id)
        return found


async def api(page: Page, method: str, path: str, body: object = None) -> Any:
    """What REST answers to the person who is signed in here."""
    script = """async ([method, path, body]) => {
      const token = JSON.parse(document.body.getAttribute('hx-headers'));
      const headers = { 'content-type': 'application/json', ...token };
      const answer = await fetch('/api/v1' + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
      const text = await answer.text();
      return text ? JSON.parse(text) : null;
    }"""
    return await page.evaluate(script, [method, path, body])


async def stored(there: Visit) -> dict[str, Any]:
    """The dashboard as the server has it."""
    key = there.page.url.split("/dashboards/")[1].split("/")[0].split("?")[0]
    found: dict[str, Any] = await api(there.page, "GET", f"/dashboards/{key}")
    return found
