"""The contract of the Dash backend behind a real server: threads, WebSocket callbacks, and a page in Chromium."""

import asyncio
import json
import socket as sockets
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import dash
import httpx
import jinja2
import pytest
import uvicorn
from dash import Input, Output, dcc, html, set_props
from litestar import Litestar, Request, WebSocket, get
from litestar.config.csrf import CSRFConfig
from litestar.connection import ASGIConnection
from litestar.datastructures import ResponseHeader
from litestar.di import Provide
from litestar.exceptions import PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.static_files import create_static_files_router
from playwright.async_api import Browser, ConsoleMessage, Page
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from dash_views.backend import PageDash, component_router, current_request, dependency

PLOTLY = Path(__file__).parents[2] / "node_modules" / "plotly.js-strict-dist-min"
POLICY = (
    "default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "frame-ancestors 'none'; form-action 'self'"
)
INDEX = jinja2.Environment(autoescape=True).from_string(
    """<!doctype html><html lang="en"><head><title>{{ dash.title }}</title><link rel="icon" href="data:,">
    {{ dash.metas }}{{ dash.css }}</head>
    <body>{{ dash.app_entry }}{{ dash.config }}<script src="/vendor/plotly-strict.min.js"></script>
    {{ dash.scripts }}{{ dash.renderer }}</body></html>"""
)


class Doorkeeper:
    """The check of the sockets, which a test can turn against them."""

    def __init__(self) -> None:
        self.open = True

    async def __call__(self, _: WebSocket[Any, Any, Any]) -> bool:
        return self.open


async def provide_title(dashboard_id: FromPath[str]) -> str:
    return f"Dashboard {dashboard_id}"


def refuse_secret(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    if connection.path_params["dashboard_id"] == "secret":
        raise PermissionDeniedException


def make_app() -> PageDash:
    app = PageDash("served", "/d/{dashboard_id:str}/", csrf_token_name="csrftoken", csrf_header_name="x-csrftoken")
    app.layout = lambda: html.Div(
        [
            dcc.Dropdown(["a", "b"], "a", id="choice"),
            dcc.Graph(id="graph", config={"displayModeBar": False}),
            html.Button("Who?", id="ask"),
            html.Progress(id="progress", value=0, max=10),
            html.Output(id="who"),
            html.Output(id="copy"),
        ]
    )

    @app.callback(Output("graph", "figure"), Input("choice", "value"))
    def draw(choice: str) -> dict[str, Any]:
        return {"data": [{"type": "bar", "x": [1, 2], "y": [3, 4]}], "layout": {"title": {"text": f"Chose {choice}"}}}

    @app.callback(Output("slow", "children"), Input("ask", "n_clicks"))
    def block(number: int) -> int:
        time.sleep(0.2)
        return number

    @app.callback(Output("quick", "children"), Input("ask", "n_clicks"))
    async def quick(number: int) -> int:
        return number

    app.clientside_callback("function (value) { return value }", Output("copy", "children"), Input("choice", "value"))
    add_socket_callbacks(app)
    return app


def add_socket_callbacks(app: PageDash) -> None:
    def speaks(output: str) -> Any:
        name, prop = output.split(".")
        return app.callback(Output(name, prop), Input("ask", "n_clicks"), websocket=True, prevent_initial_call=True)

    @speaks("who.children")
    async def who(clicks: int) -> str:
        set_props("progress", {"value": clicks})
        return f"{dependency('title')} for {current_request().path_params['dashboard_id']}"

    @speaks("thread.children")
    def in_a_thread(clicks: int) -> str:
        time.sleep(0.1)
        return f"{dependency('title')} {clicks}"

    @speaks("asks.children")
    async def asks(_: int) -> Any:
        return await dash.ctx.websocket.get_prop("choice", "value")

    @speaks("broken.children")
    async def broken(_: int) -> str:
        raise RuntimeError("a secret path")

    @speaks("nothing.children")
    def nothing(_: int) -> str:
        raise dash.exceptions.PreventUpdate


@pytest.fixture(scope="module")
def doorkeeper() -> Doorkeeper:
    return Doorkeeper()


@pytest.fixture(scope="module")
async def address(doorkeeper: Doorkeeper) -> AsyncIterator[str]:
    app = make_app()
    policy = POLICY.format(hashes=" ".join(app.csp_hashes()))

    @get("/d/{dashboard_id:str}", media_type="text/html")
    async def page(request: Request[Any, Any, Any]) -> str:
        return INDEX.render(dash=app.index_pieces(request))

    title = {"title": Provide(provide_title)}
    litestar = Litestar(
        [
            page,
            app.router(authorise=doorkeeper, guards=[refuse_secret], dependencies=title),
            component_router(app),
            create_static_files_router("/vendor", [PLOTLY]),
        ],
        csrf_config=CSRFConfig(secret="s" * 32, cookie_httponly=False),
        response_headers=[ResponseHeader(name="Content-Security-Policy", value=policy)],
    )
    server = uvicorn.Server(uvicorn.Config(litestar, log_level="warning", ws="websockets-sansio"))
    with sockets.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(server.serve([listener]))
        while not server.started:  # noqa: ASYNC110  # uvicorn has a flag, not an event.
            await asyncio.sleep(0.01)
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await serving


def body(output: str, value: Any) -> dict[str, Any]:
    component, prop = output.split(".")
    return {
        "output": output,
        "outputs": {"id": component, "property": prop},
        "inputs": [{"id": "ask", "property": "n_clicks", "value": value}],
        "changedPropIds": ["ask.n_clicks"],
    }


async def test_blocking_callbacks_do_not_stop_the_event_loop(address: str) -> None:
    """32 callbacks that block for 0.2 s take far less than 6.4 s, and async ones are answered meanwhile."""
    async with httpx.AsyncClient(base_url=f"http://{address}/d/7/", timeout=30) as client:
        client.headers["x-csrftoken"] = (await client.get("_dash-layout")).cookies["csrftoken"]

        async def call(output: str, value: int) -> Any:
            answer = await client.post("_dash-update-component", json=body(output, value))
            return answer.json()["response"][output.split(".", maxsplit=1)[0]]["children"]

        start = time.perf_counter()
        blocking = asyncio.gather(*(call("slow.children", number) for number in range(32)))
        await asyncio.sleep(0.05)
        assert await call("quick.children", 1) == 1
        assert not blocking.done()
        assert await blocking == list(range(32))
        assert time.perf_counter() - start < 3


def dial(address: str, page: str = "7", origin: str | None = None) -> Any:
    return connect(f"ws://{address}/d/{page}/_dash-ws-callback", origin=origin or f"http://{address}")


async def ask(line: ClientConnection, output: str, value: int = 1) -> None:
    message = {"type": "callback_request", "requestId": "r1", "rendererId": "tab", "payload": body(output, value)}
    await line.send(json.dumps(message))


async def messages(line: ClientConnection) -> list[dict[str, Any]]:
    """Return the next messages; those that come close together are sent as one list."""
    received = json.loads(await asyncio.wait_for(line.recv(), 5))
    return received if isinstance(received, list) else [received]


def response(payload: dict[str, Any]) -> dict[str, Any]:
    return {"type": "callback_response", "rendererId": "tab", "requestId": "r1", "payload": payload}


def updated(output: str, value: Any) -> dict[str, Any]:
    return response({"status": "ok", "data": {"multi": True, "response": {output: {"children": value}}}})


async def test_socket_callback_streams_and_answers(address: str) -> None:
    """set_props arrives before the answer, which was made with the dashboard of the socket's URL."""
    async with dial(address) as line:
        await ask(line, "who.children", 5)
        progress = {"componentId": "progress", "props": {"value": 5}}
        assert await messages(line) == [
            {"type": "set_props", "rendererId": "tab", "payload": progress},
            updated("who", "Dashboard 7 for 7"),
        ]


async def test_socket_callback_in_a_thread_lets_others_pass(address: str) -> None:
    """A sync callback blocks its thread only, and finds the dependencies there."""
    async with dial(address) as line:
        await ask(line, "thread.children")
        await line.send('{"type": "heartbeat"}')
        assert await messages(line) == [{"type": "heartbeat_ack"}]
        assert await messages(line) == [updated("thread", "Dashboard 7 1")]


async def test_socket_callback_reads_a_property_of_the_page(address: str) -> None:
    """The question goes to the browser and its answer back to the callback that waits."""
    async with dial(address) as line:
        await ask(line, "asks.children")
        [question] = await messages(line)
        answer = {"type": "get_props_response", "requestId": question["requestId"], "payload": {"value": "b"}}
        await line.send(json.dumps(answer))
        assert question["payload"] == {"componentId": "choice", "properties": ["value"]}
        assert await messages(line) == [updated("asks", "b")]


@pytest.mark.parametrize(
    ("output", "payload"),
    [
        ("nothing.children", {"status": "prevent_update"}),
        ("broken.children", {"status": "error", "message": "The callback failed on the server"}),
        ("slow.children", {"status": "error", "message": "This callback is not offered over the WebSocket"}),
        (
            "absent.children",
            {"status": "error", "message": "The request names no callback of this page; reload the page"},
        ),
    ],
)
async def test_socket_callback_without_an_answer(address: str, output: str, payload: dict[str, Any]) -> None:
    """The browser learns that a callback failed, but not the text of the exception."""
    async with dial(address) as line:
        await ask(line, output)
        assert await messages(line) == [response(payload)]


@pytest.mark.parametrize(("page", "origin"), [("7", "http://evil.example"), ("secret", None)])
async def test_socket_of_a_foreign_origin_or_a_refused_page_is_not_accepted(
    address: str, page: str, origin: str | None
) -> None:
    """Another site cannot use the visitor's cookies, and the guard sees the dashboard id."""
    with pytest.raises(InvalidStatus, match="403"):
        await dial(address, page, origin)


async def test_every_socket_message_is_authorised(address: str, doorkeeper: Doorkeeper) -> None:
    """A socket whose session has ended is closed at its next message, and none is accepted any more."""
    async with dial(address) as line:
        await ask(line, "who.children")
        await messages(line)
        doorkeeper.open = False
        try:
            await ask(line, "who.children")
            with pytest.raises(ConnectionClosed) as closed:
                await messages(line)
            with pytest.raises(InvalidStatus, match="403"):
                await dial(address)
        finally:
            doorkeeper.open = True
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4001


async def test_malformed_socket_message_closes_the_socket(address: str) -> None:
    """What Dash's browser side never sends is not guessed at."""
    async with dial(address) as line:
        await line.send("[not json")
        with pytest.raises(ConnectionClosed) as closed:
            await messages(line)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4400


@pytest.fixture
async def troubles(address: str, chromium: Browser) -> AsyncIterator[tuple[list[Page], list[str]]]:
    """Two tabs of one browser, and what they complained of or fetched from elsewhere."""
    found: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            found.append(message.text)

    context = await chromium.new_context()
    context.on("console", hear)
    context.on("weberror", lambda error: found.append(str(error.error)))
    context.on(
        "request",
        lambda request: None if request.url.startswith(f"http://{address}/") else found.append(request.url),
    )
    yield [await context.new_page(), await context.new_page()], found
    await context.close()


async def test_page_in_a_browser(address: str, troubles: tuple[list[Page], list[str]]) -> None:
    """A graph follows a dropdown under the strict policy; each tab's socket belongs to its own dashboard."""
    tabs, found = troubles
    for tab, name in zip(tabs, "12", strict=True):
        await tab.goto(f"http://{address}/d/{name}")
        await tab.locator("#graph .gtitle", has_text="Chose a").wait_for()
        await tab.locator("#choice").click()
        await tab.get_by_role("option", name="b").click()
        await tab.locator("#graph .gtitle", has_text="Chose b").wait_for()
        await tab.locator("#copy", has_text="b").wait_for()
        await tab.locator("#ask").click()
        await tab.locator("#progress[value='1']").wait_for()
        await tab.locator("#who", has_text=f"Dashboard {name} for {name}").wait_for()
    assert found == []
