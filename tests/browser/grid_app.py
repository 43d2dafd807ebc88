"""What `test_grid.py` drives: a small Dash app of its own, so that a failure there is the component's."""

import json
import re
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import flask
from dash import Dash, Input, Output, Patch, State, dcc, html
from playwright.async_api import ConsoleMessage, Locator, Page, Request, ViewportSize
from werkzeug.serving import make_server

from dash_views.grid import GridItem, TileGrid
from tests.browser.windows import Windows

ROOT = Path(__file__).parents[2]
GRIDSTACK = ROOT / "node_modules/gridstack/dist"
PAGES = ROOT / "web/static/js"
WIDE: ViewportSize = {"width": 1100, "height": 900}
# Two charts beside each other, a narrow tile below, and another one beside that.
TILES: list[GridItem] = [
    {"id": "a", "x": 0, "y": 0, "w": 4, "h": 3, "label": "Age histogram", "rev": 1},
    {"id": "b", "x": 4, "y": 0, "w": 4, "h": 3, "label": "Shannon by site", "rev": 1},
    {"id": "c", "x": 0, "y": 3, "w": 2, "h": 2, "minW": 2, "label": "Samples", "rev": 1},
    {"id": "d", "x": 2, "y": 3, "w": 2, "h": 2, "label": "Runs"},
]
AS_GIVEN = {"a": (0, 0, 4, 3), "b": (4, 0, 4, 3), "c": (0, 3, 2, 2), "d": (2, 3, 2, 2)}


def tile(name: str) -> html.Div:
    content = dcc.Graph(figure={"data": [{"y": [1, 3, 2]}]}, responsive=True, style={"height": "100%"})
    handle = html.Button("⠿", className="tile-handle", id=f"handle-{name}", **{"aria-label": f"Move {name}"})
    body = html.Div([handle, html.Span(name)] + ([content] if name == "b" else []), style={"height": "100%"})
    return html.Div(body, id=f"tile-{name}", style={"height": "100%"})


def page(*, editable: bool) -> html.Div:
    grid = TileGrid([tile(item["id"]) for item in TILES], id="grid", items=TILES, editable=editable)
    buttons = [
        html.Button(name, id=name)
        for name in ("add", "again", "remove", "undo", "reorder", "look", "retouch", "replace")
    ]
    return html.Div([*buttons, html.Div(grid, style={"padding": 6}), html.Pre(id="told"), html.Pre(id="count")])


def register(app: Dash) -> None:
    @app.callback(
        Output("told", "children"), Output("count", "children"), Input("grid", "layout"), State("count", "children")
    )
    def tell(layout: list[dict[str, Any]] | None, count: str | None) -> tuple[str, str]:
        return json.dumps(layout), str(int(count or -1) + 1)

    @app.callback(
        Output("grid", "children"), Output("grid", "items"), Input("add", "n_clicks"), prevent_initial_call=True
    )
    def add(clicks: int) -> tuple[Patch, Patch]:
        children, items = Patch(), Patch()
        children.append(tile(f"new{clicks}"))
        items.append({"id": f"new{clicks}", "w": 2, "h": 2, "rev": 1})
        return children, items

    @app.callback(
        Output("grid", "children", allow_duplicate=True),
        Output("grid", "items", allow_duplicate=True),
        Input("again", "n_clicks"),
        prevent_initial_call=True,
    )
    def add_again(_: int) -> tuple[Patch, Patch]:
        """What a second answer brings that was on its way together with the first."""
        children, items = Patch(), Patch()
        children.append(tile("d"))
        items.append(TILES[-1])
        return children, items

    @app.callback(
        Output("grid", "children", allow_duplicate=True),
        Output("grid", "items", allow_duplicate=True),
        Input("remove", "n_clicks"),
        prevent_initial_call=True,
    )
    def remove(_: int) -> tuple[Patch, Patch]:
        children, items = Patch(), Patch()
        children[0], items[0] = None, None
        return children, items

    @app.callback(Output("grid", "items", allow_duplicate=True), Input("undo", "n_clicks"), prevent_initial_call=True)
    def undo(_: int) -> list[GridItem]:
        return TILES

    @app.callback(
        Output("grid", "children", allow_duplicate=True),
        Output("grid", "items", allow_duplicate=True),
        Input("reorder", "n_clicks"),
        State("grid", "items"),
        prevent_initial_call=True,
    )
    def reorder(_: int, items: list[GridItem]) -> tuple[list[html.Div], list[GridItem]]:
        turned = items[::-1]
        return [tile(item["id"]) for item in turned], turned

    @app.callback(Output("grid", "editable"), Input("look", "n_clicks"), prevent_initial_call=True)
    def look(_: int) -> bool:
        return False

    @app.callback(Output("tile-a", "children"), Input("retouch", "n_clicks"), prevent_initial_call=True)
    def retouch(_: int) -> html.Button:
        return html.Button("new handle", className="tile-handle", id="handle-a")

    @app.callback(
        Output("grid", "children", allow_duplicate=True),
        Output("grid", "items", allow_duplicate=True),
        Input("replace", "n_clicks"),
        prevent_initial_call=True,
    )
    def replace(_: int) -> tuple[Patch, Patch]:
        children, items = Patch(), Patch()
        children[0], children[3] = html.Div("Another chart"), html.Div("Another table")
        items[0]["rev"] = 2
        return children, items


@contextmanager
def served() -> Iterator[str]:
    """The app at `/edit/` and, not editable, at `/view/` of the address that is given."""
    server = flask.Flask(__name__, static_folder=None)
    server.add_url_rule("/static/vendor/<path:name>", "vendor", lambda name: flask.send_from_directory(GRIDSTACK, name))
    server.add_url_rule("/static/js/<path:name>", "pages", lambda name: flask.send_from_directory(PAGES, name))
    server.add_url_rule("/favicon.ico", "icon", lambda: ("", 204))
    for path, editable in (("/edit/", True), ("/view/", False)):
        app = Dash(
            __name__, server=server, url_base_pathname=path, use_pages=False, external_scripts=["/static/js/words.js"]
        )
        app.layout = page(editable=editable)
        register(app)
    http = make_server("127.0.0.1", 0, server, threaded=True)
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}"
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


class Grid:
    """What a test does to the grid and reads from it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def handle(self, name: str) -> Locator:
        return self.page.locator(f'[data-tile="{name}"] .tile-handle')

    async def places(self) -> dict[str, tuple[int, int, int, int]]:
        """Where gridstack shows each tile, in cells."""
        script = """() => Object.fromEntries(document.querySelector('.grid-stack').gridstack.engine.nodes
            .map(n => [n.id, [n.x, n.y, n.w, n.h]]))"""
        return {name: tuple(place) for name, place in (await self.page.evaluate(script)).items()}

    async def told(self) -> dict[str, tuple[int, int, int, int]] | None:
        """The `layout` that the server was told last."""
        layout = json.loads(await self.page.locator("#told").inner_text())
        return layout and {p["id"]: (p["x"], p["y"], p["w"], p["h"]) for p in layout}

    async def wait_told(self, times: int = 1) -> None:
        await self.page.wait_for_function(f"() => document.querySelector('#count').textContent === '{times}'")

    async def announced(self) -> str:
        return await self.page.locator(".tile-grid > [role=status]").inner_text()

    async def at_rest(self) -> None:
        """Waits until no tile slides any more."""
        await self.page.wait_for_function("() => document.getAnimations().length === 0")

    async def lift(self, name: str) -> None:
        """Presses on the handle of a tile and leaves the button down; `at` is where, in pixels of the window."""
        self.at = await self._press(self.handle(name))

    async def _press(self, start: Locator) -> tuple[float, float]:
        await self.at_rest()
        box = await start.bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        await self.page.mouse.move(x, y)
        await self.page.mouse.down()
        return x, y

    async def drag(self, start: Locator, dx: float, dy: float) -> None:
        x, y = await self._press(start)
        for step in range(1, 11):
            await self.page.mouse.move(x + dx * step / 10, y + dy * step / 10)
        await self.page.mouse.up()

    async def cell(self) -> float:
        return float(await self.page.evaluate("() => document.querySelector('.grid-stack').gridstack.cellWidth()"))

    async def show(self, width: int, columns: int) -> None:
        await self.page.set_viewport_size({"width": width, "height": 900})
        await self.page.wait_for_selector(f'.tile-grid[data-columns="{columns}"]')


@asynccontextmanager
async def open_grid(windows: Windows, url: str, **options: Any) -> AsyncIterator[Grid]:
    window = await windows.take(options)
    page = await window.context.new_page()
    await page.set_viewport_size(WIDE)
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "WebGL" not in message.text:
            complaints.append(message.text)

    def on_request(request: Request) -> None:
        if not re.match(r"(http://127\.0\.0\.1|data:|blob:)", request.url):
            complaints.append(f"foreign request: {request.url}")

    page.on("console", on_console)
    page.on("request", on_request)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(url)
    await page.wait_for_selector('[data-tile="b"] .main-svg')
    await page.wait_for_function("() => document.querySelector('#count')?.textContent === '0'")
    yield Grid(page)
    await windows.give_back(window)
    assert complaints == []
