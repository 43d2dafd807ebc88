"""A demo server for the browser tests, started as a person would, and pages in Chromium that watch for errors."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser

from persistence.child import free_port
from tests.browser.demo import Demo, Person, Visit, api
from tests.browser.windows import Window, Windows
from tests.conftest import quick_folder

READY_WITHIN = 60.0
STOPS_WITHIN = 90.0
CLOSES_WITHIN = 60.0


@pytest.fixture(scope="session")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """`depictio demo` on a data directory of its own; its first lines are what a person reads."""
    with quick_folder(tmp_path_factory, "demo") as folder:
        async with run_demo(folder, {}) as demo:
            yield demo


@asynccontextmanager
async def run_demo(folder: Path, settings: Mapping[str, str]) -> AsyncIterator[Demo]:
    """That server, with these settings besides those of tests."""
    port = free_port()
    own = {"DEPICTIO_DATA_DIR": str(folder), "DEPICTIO_PORT": str(port), "DEPICTIO_SIGN_IN_ATTEMPTS": "1000"}
    outer = {key: text for key, text in os.environ.items() if not key.startswith("DEPICTIO_")}
    command = Path(sys.executable).with_name("depictio")
    process = await asyncio.create_subprocess_exec(
        *(str(command), "demo"),
        env=outer | own | settings | {"PYTHONFAULTHANDLER": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    lines: list[str] = []
    try:
        async with asyncio.timeout(READY_WITHIN):
            while not lines or not lines[-1].startswith("Depictio is at"):
                assert process.stdout
                line = await process.stdout.readline()
                assert line, "\n".join(lines)
                lines.append(line.decode().rstrip())
        assert process.stdout
        rest = asyncio.create_task(process.stdout.read())
        yield Demo(
            f"http://127.0.0.1:{port}", Person("admin@localhost", lines[0].rsplit(" ", 1)[1]), tuple(lines), folder
        )
        process.terminate()
        assert await ended(process), f"The server did not stop:\n{(await rest).decode()}"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ended(process: asyncio.subprocess.Process) -> bool:
    """Whether it ended after it was told to; one that does not is made to say where all its threads are."""
    with suppress(TimeoutError):
        async with asyncio.timeout(STOPS_WITHIN):
            await process.wait()
            return True
    process.send_signal(signal.SIGABRT)
    await process.wait()
    return False


OpenVisit = Callable[..., Awaitable[Visit]]


@pytest.fixture(scope="session")
async def windows(chromium: Browser, demo: Demo) -> AsyncIterator[Windows]:
    """Browsers that keep what they have compiled from one test to the next."""
    windows = Windows(chromium, f"{demo.address}/static/css/tokens.css")
    yield windows
    async with asyncio.timeout(CLOSES_WITHIN):
        await windows.close()


@pytest.fixture
async def visit(windows: Windows, demo: Demo) -> AsyncIterator[OpenVisit]:
    """Open a browser of its own for somebody; at the end none of them may have met an error."""
    opened: list[tuple[Window, Visit]] = []

    async def start(
        person: Person | None = None,
        size: tuple[int, int] = (1440, 900),
        color_scheme: Literal["dark", "light"] = "light",
        **options: object,
    ) -> Visit:
        window = await windows.take(options)
        page = await window.context.new_page()
        visit = Visit(demo, page)
        opened.append((window, visit))
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        await page.emulate_media(color_scheme=color_scheme)
        if person:
            await windows.sign_in(visit, person)
        return visit

    yield start
    async with asyncio.timeout(CLOSES_WITHIN):
        for window, _ in opened:
            await windows.give_back(window)
    assert [error for _, one in opened for error in one.errors] == []


@pytest.fixture
async def editor(chromium: Browser, demo: Demo, visit: OpenVisit) -> AsyncIterator[Visit]:
    """A copy of the penguins, opened by its author; it is deleted at the end."""
    there = await visit(demo.admin)
    page = there.page
    listed = await api(page, "GET", "/dashboards/?limit=1000")
    source = next(one["id"] for one in listed["items"] if one["title"] == "Palmer penguins")
    found = await api(page, "GET", f"/dashboards/{source}")
    made = await api(page, "POST", f"/projects/{found['project_id']}/dashboards", {"title": "Tabs"})
    content = {"version": made["version"], "title": "Tabs", "tiles": found["tiles"]}
    await api(page, "PUT", f"/dashboards/{made['id']}", content)
    await there.go(f"/dashboards/{made['id']}/edit")
    await there.painted()
    yield there
    # An opened page, of whoever else too, would look for its dashboard once more.
    for other in [one for context in chromium.contexts for one in context.pages if made["id"] in one.url]:
        if other is not page:
            await other.goto("about:blank")
    await there.go("/projects")
    await api(page, "DELETE", f"/dashboards/{made['id']}")
