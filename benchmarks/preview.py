"""How long an author waits in the builder: from the click to the frame that shows the real result.

    python -m benchmarks.preview [ROUNDS] [--workload SCALE]

On the penguins of the demo; with `--workload` on the features of the reference workload, of which SCALE 1 are twelve
million rows. Both have a data directory of their own, and Chromium is driven; the first round warms up and is left out.
Times are the page's own, from the click that it got. Beside them: the requests that a gesture sends, the share of the
time in which the last one that its result needs was under way, and how often the result came within the target.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.async_api import BrowserContext, Page

from benchmarks import painted, reference
from benchmarks.builds import Build
from benchmarks.first_tile import ADDRESS, PORT, ready

ROOT = Path(__file__).parents[1]
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


class Place(NamedTuple):
    """What the builder is opened on, how soon its results should be there in ms, and the column put onto X."""

    target: float
    column: str
    title: str  # What the axis is called then.
    opened: Callable[[Page], Awaitable[None]]


Gesture = tuple[str, Callable[[Page], Awaitable[None]], str, str]


async def _add(page: Page) -> None:
    await page.get_by_role("button", name="Add a tile").click()


async def _suggestion(page: Page) -> None:
    await page.locator("#aside .offer", has_text="Scatter").first.click()


async def _gallery(page: Page) -> None:
    await page.get_by_role("button", name="Other kind than Scatter").click()


async def _kind(page: Page) -> None:
    await page.locator("#aside .gallery-entry", has_text="Histogram").click()


def gestures(column: str, title: str) -> tuple[Gesture, ...]:
    """What an author does, one after the other: its name, the click, and what is seen when it is done."""

    async def bind(page: Page) -> None:
        await page.locator(f'#aside .shelf-column[data-column="{column}"]').click()
        await page.get_by_role("menuitem", name="X", exact=False).first.click()

    return (
        ("gallery with pictures", _add, "#aside .gallery-entry .picture", ""),
        ("suggestions drawn", _add, "#aside .offer img", ""),
        ("suggestion to preview", _suggestion, TITLE, ""),
        ("column to preview", bind, TITLE, title),
        ("gallery for another kind", _gallery, "#aside .gallery-entry .picture", ""),
        ("kind to preview", _kind, "#aside .preview .ytitle", "rows"),
    )


@asynccontextmanager
async def penguins() -> AsyncIterator[Place]:
    """The demo, on a data directory of its own."""
    with tempfile.TemporaryDirectory() as folder:
        settings = os.environ | {"DEPICTIO_DATA_DIR": folder, "DEPICTIO_PORT": str(PORT)}
        command = str(Path(sys.executable).with_name("depictio"))
        server = await asyncio.create_subprocess_exec(command, "demo", env=settings, stdout=asyncio.subprocess.PIPE)
        try:
            password = await ready(server)

            async def opened(page: Page) -> None:
                await page.goto(f"{ADDRESS}/sign-in?next=/dashboards")
                await page.get_by_label("E-mail").fill("admin@localhost")
                await page.get_by_label("Password").fill(password)
                await page.get_by_role("button", name="Sign in").click()
                await page.locator(".dp-card-link", has_text="Palmer penguins").click()
                await page.get_by_role("link", name="Edit", exact=True).click()
                await page.wait_for_url("**/edit*")

            yield Place(300.0, "flipper_length_mm", "Flipper length (mm)", opened)
        finally:
            server.terminate()
            await server.wait()


@asynccontextmanager
async def workload(context: BrowserContext, scale: float) -> AsyncIterator[Place]:
    """The dashboard of four tiles over the reference workload, whose tables have been made ready."""
    build = Build("preview", ROOT, reference.CACHE.parent / "work" / "preview")
    await asyncio.to_thread(build.ingest, reference.project_file(scale))
    made = await asyncio.to_thread(build.dashboards, f"Reference workload {scale:g}", [4])
    await build.prepared()
    async with build.serve() as server:
        await painted.sign_in(context, server)

        async def opened(page: Page) -> None:
            await page.goto(f"{server.address}/dashboards/{made[4]}/edit")

        yield Place(600.0, "position", "position", opened)


async def main(rounds: int, scale: float | None) -> None:
    async with painted.chromium() as browser:
        context = await browser.new_context(viewport=painted.SIZE)  # type: ignore[arg-type]  # Playwright's own dict type.
        async with penguins() if scale is None else workload(context, scale) as place:
            page = await context.new_page()
            await place.opened(page)
            await page.locator(".tile .main-svg").first.wait_for()
            await page.wait_for_load_state("networkidle")
            await page.evaluate(CLOCK)
            made = gestures(place.column, place.title)
            waits = [await _round(page, made) for _ in range(rounds + 1)][1:]
            await context.close()
    print(
        f"{'from the click to the':<26}{'median ms':>10}{'best ms':>9}{'requests':>10}{'of it asked':>13}{'in time':>9}"
    )
    for number, (name, *_) in enumerate(made):
        _print(name, [one[number] for one in waits], place.target)


def _print(name: str, waits: Sequence[Wait], target: float) -> None:
    times = [one.ms for one in waits]
    share = statistics.median(min(one.server / one.ms, 1) for one in waits)
    in_time = sum(one <= target for one in times)
    requests = statistics.median(one.requests for one in waits)
    print(
        f"{name:<26}{statistics.median(times):>10.0f}{min(times):>9.0f}{requests:>10.0f}{share:>13.0%}"
        f"{f'{in_time}/{len(times)}':>9}"
    )


async def _round(page: Page, made: Sequence[Gesture]) -> list[Wait]:
    waits = []
    for name, act, selector, text in made:
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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rounds", nargs="?", type=int, default=10)
    parser.add_argument("--workload", type=float, metavar="SCALE")
    given = parser.parse_args()
    asyncio.run(main(given.rounds, given.workload))
