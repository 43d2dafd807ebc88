"""How long a person waits: from the click on "Sign in" to the first painted tile of the penguins dashboard.

    python benchmarks/first_tile.py [ROUNDS]

Starts `depictio demo` on a data directory of its own and drives Chromium; each round is a browser without a cache.
Prints milliseconds: to the projects page, to the first tile with its number, to the first plot with its points.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.async_api import Browser, async_playwright

CHROMIUM = os.environ.get("TEST_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--headless=new", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
PORT = 8059
ADDRESS = f"http://127.0.0.1:{PORT}"
STEPS = ("projects page", "first tile", "first plot")


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
                waits = [await _round(browser, password) for _ in range(rounds)]
        finally:
            server.terminate()
            await server.wait()
    print(f"{'from the click to the':<24}{'median ms':>10}{'worst ms':>10}   {rounds} rounds")
    for name, times in zip(STEPS, zip(*waits, strict=True), strict=True):
        print(f"{name:<24}{statistics.median(times):>10.0f}{max(times):>10.0f}")


async def ready(server: asyncio.subprocess.Process) -> str:
    if server.stdout is None:
        raise RuntimeError("The server has no output to read.")
    first = (await server.stdout.readline()).decode()
    async for line in server.stdout:
        if line.startswith(b"Depictio is at"):
            return first.split()[-1]
    raise RuntimeError(f"The demo did not start: {first}")


async def _round(browser: Browser, password: str) -> list[float]:
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    await page.goto(f"{ADDRESS}/sign-in?next=/dashboards")
    await page.get_by_label("E-mail").fill("admin@localhost")
    await page.get_by_label("Password").fill(password)
    waits = []
    start = time.perf_counter()
    await page.get_by_role("button", name="Sign in").click()
    link = page.locator(".dp-card-link", has_text="Palmer penguins")
    await link.wait_for()
    waits.append(time.perf_counter() - start)
    await link.click()
    await page.locator(".tile-number-value").first.wait_for()
    waits.append(time.perf_counter() - start)
    await page.locator(".tile .point").first.wait_for()
    waits.append(time.perf_counter() - start)
    await context.close()
    return [wait * 1000 for wait in waits]


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
