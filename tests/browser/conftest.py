"""A demo server for the browser tests, started as a person would, and pages in Chromium that watch for errors."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from persistence.child import free_port
from tests.browser.demo import Demo, Person, Visit, api
from tests.conftest import quick_folder

READY_WITHIN = 60.0


@pytest.fixture(scope="session")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """`depictio demo` on a data directory of its own; its first lines are what a person reads."""
    with quick_folder(tmp_path_factory, "demo") as folder:
        async with _demo(folder) as demo:
            yield demo


@asynccontextmanager
async def _demo(folder: Path) -> AsyncIterator[Demo]:
    port = free_port()
    own = {"DEPICTIO_DATA_DIR": str(folder), "DEPICTIO_PORT": str(port), "DEPICTIO_SIGN_IN_ATTEMPTS": "1000"}
    outer = {key: text for key, text in os.environ.items() if not key.startswith("DEPICTIO_")}
    command = Path(sys.executable).with_name("depictio")
    process = await asyncio.create_subprocess_exec(
        *(str(command), "demo"), env=outer | own, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
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
        drain = asyncio.create_task(process.stdout.read())
        yield Demo(
            f"http://127.0.0.1:{port}", Person("admin@localhost", lines[0].rsplit(" ", 1)[1]), tuple(lines), folder
        )
        drain.cancel()
    finally:
        process.terminate()
        await process.wait()


OpenVisit = Callable[..., Awaitable[Visit]]


@pytest.fixture
async def visit(chromium: Browser, demo: Demo) -> AsyncIterator[OpenVisit]:
    """Open a browser of its own for somebody; at the end none of them may have met an error."""
    opened: list[Visit] = []

    async def start(person: Person | None = None, size: tuple[int, int] = (1440, 900), **options: object) -> Visit:
        width, height = size
        context = await chromium.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
        page: Page = await context.new_page()
        visit = Visit(demo, page)
        opened.append(visit)
        if person:
            await visit.sign_in(person)
        return visit

    yield start
    for one in opened:
        await one.page.context.close()
    assert [error for one in opened for error in one.errors] == []


@pytest.fixture
async def editor(demo: Demo, visit: OpenVisit) -> AsyncIterator[Visit]:
    """A copy of the penguins, opened by its author; it is deleted at the end."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    page = there.page
    source = page.url.split("/dashboards/")[1].split("?")[0]
    found = await api(page, "GET", f"/dashboards/{source}")
    made = await api(page, "POST", f"/projects/{found['project_id']}/dashboards", {"title": "Tabs"})
    content = {"version": made["version"], "title": "Tabs", "tiles": found["tiles"]}
    await api(page, "PUT", f"/dashboards/{made['id']}", content)
    await there.go(f"/dashboards/{made['id']}/edit")
    await there.painted()
    yield there
    # An opened page would look for its dashboard once more.
    await there.go("/projects")
    await api(page, "DELETE", f"/dashboards/{made['id']}")
