"""Project files, tables and dashboards full of markup and code, opened in Chromium: text stays text."""

import asyncio
from collections.abc import AsyncIterator

import polars as pl
import pytest
import uvicorn
from playwright.async_api import Browser, Dialog

from domain.access import Role
from domain.collections import Column, ColumnKind, DataCollection
from domain.tiles import Aggregation, Box, CardTile, FigureTile, FilterTile, FilterWidget, TableTile, TextTile, Visu
from persistence.child import free_port
from persistence.mongo import new_id, now
from persistence.tables import Change
from tests.dash_views.conftest import Town
from tests.web.world import PASSWORD

RUN = "window.hit=(window.hit||0)+1"
IMAGE = f"<img src=x onerror={RUN}>"
QUOTED = f"'];{RUN};['"
TEXTS = (IMAGE, f"<script>{RUN}</script>", f'<a href="javascript:{RUN}">link</a>', "{{7*7}}", "__proto__")
MARKDOWN = f"""# {IMAGE}

[code](javascript:{RUN}) [Code](JaVaScRiPt:{RUN}) [data](data:text/html,<script>{RUN}</script>)
![{QUOTED}](https://evil.example/pixel.png) <svg onload={RUN}> {TEXTS[2]}
"""


@pytest.fixture
async def address(town: Town) -> AsyncIterator[str]:
    """The application on a port of its own."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(town.world.app, port=port, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 -- uvicorn gives no event to wait for.
        await asyncio.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await serving


async def hostile(town: Town) -> str:
    """A dashboard whose every word is an attack; its id."""
    services, owner = town.world.services, town.users["owner"].actor()
    project = await services.projects.create(owner, IMAGE, MARKDOWN)
    access = await services.projects.open(owner, project.id)
    await services.projects.add_member(access, town.users["viewer"].email, Role.VIEWER)
    frame = pl.DataFrame({IMAGE: TEXTS, QUOTED: [1.0, 2.0, 3.0, 4.0, 5.0]})
    path = f"tables/{new_id()}"
    town.world.tables.commit(
        path, None, Change(schema=frame.schema, frames=[frame], stored={}, rows_added=5, replaces_all=True)
    )
    kinds = {IMAGE: ColumnKind.TEXT, QUOTED: ColumnKind.NUMBER}
    columns = tuple(Column(name, str(frame.schema[name]), kind, IMAGE) for name, kind in kinds.items())
    collection = await town.world.collections.add(
        DataCollection(
            id=new_id(), project_id=project.id, tag=IMAGE, workflow=QUOTED, description=IMAGE, columns=columns, rows=5,
            table_version=0, table_path=path, updated_at=now(),
        )
    )  # fmt: skip
    of = {"collection_id": collection.id, "title": IMAGE, "description": IMAGE}
    tiles = (
        TextTile(id="text", title=IMAGE, body=MARKDOWN),
        TableTile(id="table", layout=Box(y=4), selection_column=IMAGE, **of),
        FigureTile(id="box", layout=Box(x=4), visu_type=Visu.BOX, x=IMAGE, y=QUOTED, color=IMAGE, **of),
        FigureTile(id="bar", layout=Box(x=4, y=4), visu_type=Visu.BAR, x=IMAGE, y=QUOTED, **of),
        CardTile(
            id="card", layout=Box(y=8, w=2, h=1), column_name=IMAGE, aggregation=Aggregation.MAX, unit="<b>", **of
        ),
        FilterTile(id="filter", column_name=IMAGE, interactive_component_type=FilterWidget.MULTI_SELECT, **of),
    )
    board = await services.dashboards.create(access, IMAGE, IMAGE)
    for tile in tiles:
        board = await services.dashboards.add_tile(access, board.id, tile)
    return board.id


async def test_nothing_that_people_write_is_run(town: Town, address: str, chromium: Browser) -> None:
    """Titles, descriptions, Markdown, names of columns and values, on pages, in tiles, filters and the editor."""
    board = await hostile(town)
    page = await (await chromium.new_context()).new_page()
    left: list[str] = []
    dialogs: list[Dialog] = []
    page.on("response", lambda response: left.append(response.url))
    page.on("requestfailed", lambda request: None if request.failure == "csp" else left.append(request.url))
    page.on("dialog", lambda dialog: dialogs.append(dialog))  # noqa: PLW0108 -- Playwright marks what it calls.
    await page.goto(f"{address}/sign-in")
    await page.get_by_label("E-mail").fill(town.users["owner"].email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/projects*")
    for path in (f"/dashboards/{board}", f"/dashboards/{board}/edit"):
        await page.goto(address + path)
        await page.locator(".tile-number-value").wait_for()
        await page.locator(".ag-row").first.wait_for()
        assert await page.locator(".tile .tile-text").inner_text() != ""
        links = {await link.get_attribute("href") for link in await page.locator(".tile .tile-text a").all()}
        assert links == {"javascript:void(0)", "https://evil.example/pixel.png"}
        assert await page.locator("img[onerror], svg[onload]").count() == 0
        await page.locator(".filter input").first.click()
        assert await page.evaluate("window.hit") is None
    opened = await town.world.services.dashboards.open(town.users["owner"].actor(), board)
    project = opened.access.project.id
    for path in (f"/projects/{project}", f"/projects/{project}/dashboards", "/projects", "/dashboards"):
        await page.goto(address + path)
        assert await page.locator("img:not(.dp-thumb img)").count() == 0
        assert await page.evaluate("window.hit") is None
    assert dialogs == []
    await page.context.close()
    assert [url for url in left if "evil.example" in url] == []  # The picture was stopped by the content policy.
