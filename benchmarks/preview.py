"""How long an author waits in the builder: from the click to the frame that shows the real result, on the penguins.

    python benchmarks/preview.py [ROUNDS]

Starts `depictio demo` on a data directory of its own and drives Chromium; the first round warms up and is left out.
Times are the page's own, from the click that it got. Beside them: the requests that a gesture sends, the share of the
time in which the last one that its result needs was under way, and how often the result came within the target.
"""

import asyncio
import os
import statistics
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple

from playwright.async_api import Page, async_playwright

from benchmarks.first_tile import ADDRESS, CHROMIUM, FLAGS, PORT, ready

TARGET = 300.0
"""Milliseconds."""
CLOCK = """
() => {
  const since = { at: 0 };
  for (const kind of ['click', 'keydown']) {
    document.addEventListener(kind, () => { since.at = performance.now(); performance.clearResourceTimings(); }, true);
  }
  window.shownAfter = (selector, text) => new Promise((resolve) => {
    const look = () => {
      const found = [...document.querySelectorAll(selector)].some((one) => !text || one.textContent === text);
      if (!found) return requestAnimationFrame(look);
      const now = performance.now();
      const asked = performance.getEntriesByType('resource').filter((one) => one.name.includes('_dash-update'));
      const server = Math.max(0, ...asked.map((one) => one.duration));
      return resolve({ ms: now - since.at, requests: asked.length, server });
    };
    requestAnimationFrame(look);
  });
}
"""
TITLE = "#aside .preview .xtitle"


class Wait(NamedTuple):
    ms: float
    requests: int
    server: float


Gesture = tuple[str, Callable[[Page], Awaitable[None]], str, str]


async def _add(page: Page) -> None:
    await page.get_by_role("button", name="Add a tile").click()


async def _suggestion(page: Page) -> None:
    await page.locator("#aside .offer", has_text="Scatter").click()


async def _column(page: Page) -> None:
    await page.locator('#aside .shelf-column[data-column="flipper_length_mm"]').click()
    await page.get_by_role("menuitem", name="X", exact=False).first.click()


async def _gallery(page: Page) -> None:
    await page.get_by_role("button", name="Other kind than Scatter").click()


async def _kind(page: Page) -> None:
    await page.locator("#aside .gallery-entry", has_text="Histogram").click()


GESTURES: tuple[Gesture, ...] = (
    ("gallery with pictures", _add, "#aside .gallery-entry .picture", ""),
    ("suggestions drawn", _add, "#aside .offer img", ""),
    ("suggestion to preview", _suggestion, TITLE, "bill_length_mm"),
    ("column to preview", _column, TITLE, "flipper_length_mm"),
    ("gallery for another kind", _gallery, "#aside .gallery-entry .picture", ""),
    ("kind to preview", _kind, "#aside .preview .ytitle", "rows"),
)


async def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = os.environ | {"DEPICTIO_DATA_DIR": folder, "DEPICTIO_PORT": str(PORT)}
        command = Path(sys.executable).with_name("depictio")
        server = await asyncio.create_subprocess_exec(
            str(command), "demo", env=settings, stdout=asyncio.subprocess.PIPE
        )
        try:
            password = await ready(server)
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                page = await browser.new_page(viewport={"width": 1440, "height": 900})
                await _open(page, password)
                waits = [await _round(page) for _ in range(rounds + 1)][1:]
        finally:
            server.terminate()
            await server.wait()
    print(
        f"{'from the click to the':<26}{'median ms':>10}{'best ms':>9}{'requests':>10}{'of it asked':>13}{'in time':>9}"
    )
    for number, (name, *_) in enumerate(GESTURES):
        _print(name, [one[number] for one in waits])


def _print(name: str, waits: list[Wait]) -> None:
    times = [one.ms for one in waits]
    share = statistics.median(min(one.server / one.ms, 1) for one in waits)
    in_time = sum(one <= TARGET for one in times)
    requests = statistics.median(one.requests for one in waits)
    print(
        f"{name:<26}{statistics.median(times):>10.0f}{min(times):>9.0f}{requests:>10.0f}{share:>13.0%}"
        f"{f'{in_time}/{len(times)}':>9}"
    )


async def _open(page: Page, password: str) -> None:
    await page.goto(f"{ADDRESS}/sign-in?next=/dashboards")
    await page.get_by_label("E-mail").fill("admin@localhost")
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in").click()
    await page.locator(".dp-card-link", has_text="Palmer penguins").click()
    await page.get_by_role("link", name="Edit", exact=True).click()
    await page.wait_for_url("**/edit*")
    await page.locator(".tile .point").first.wait_for()
    await page.evaluate(CLOCK)


async def _round(page: Page) -> list[Wait]:
    waits = []
    for name, act, selector, text in GESTURES:
        if name != "suggestions drawn":  # These come after the gallery, from the same click.
            await act(page)
        found: dict[str, Any] = await page.evaluate(
            "([selector, text]) => shownAfter(selector, text)", [selector, text]
        )
        waits.append(Wait(found["ms"], found["requests"], found["server"]))
        if act is _add and name != "suggestions drawn":
            continue
        await page.wait_for_load_state("networkidle")
    await page.get_by_role("button", name="Close the panel").click()
    return waits


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10))
