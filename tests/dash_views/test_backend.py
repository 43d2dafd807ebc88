"""The contract of the Dash backend over HTTP: one app for many pages, guards and dependencies on each of its URLs."""

import asyncio
import json
import re
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import dash
import pytest
from bs4 import BeautifulSoup
from dash import ALL, MATCH, Dash, Input, Output, Patch, dcc, html
from dash.exceptions import PreventUpdate
from litestar import Litestar, Request, Response, get
from litestar.config.csrf import CSRFConfig
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.exceptions import PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.testing import AsyncTestClient

from dash_views.backend import PageDash, component_router, current_request, dependency

VIEW, EDIT = "/dashboards/7/", "/dashboards/7/edit/"


class OutOfSpaceError(Exception):
    """An error of the application, known to Litestar's exception handlers."""


async def provide_title(dashboard_id: FromPath[str]) -> str:
    await asyncio.sleep(0)
    return f"Dashboard {dashboard_id}"


async def provide_actor() -> str:
    return "ada"


def refuse_secret(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    if connection.path_params["dashboard_id"] == "secret":
        raise PermissionDeniedException


def explain_space(_: Request[Any, Any, Any], error: Exception) -> Response[dict[str, str]]:
    return Response({"detail": str(error)}, status_code=507)


def make_viewer() -> PageDash:
    app = PageDash("viewer", "/dashboards/{dashboard_id:str}/", title="Viewer", csrf_header_name="x-csrftoken")
    app.layout = lambda: html.H1(f"{dependency('title')} for {dependency('actor')}", id="title")

    @app.callback(Output("sync", "children"), Input("name", "value"))
    def greet(name: str) -> str:
        main = threading.current_thread() is threading.main_thread()
        return f"{name}, {dependency('title')}, {current_request().path_params['dashboard_id']}, {main}"

    @app.callback(Output("async", "children"), Input("name", "value"))
    async def greet_later(name: str) -> str:
        await asyncio.sleep(0)
        return f"{name}, {dependency('actor')}, {dash.get_app().title}"

    @app.callback(Output("never", "children"), Input("name", "value"))
    def prevent(_: str) -> str:
        raise PreventUpdate

    @app.callback(Output("broken", "children"), Input("name", "value"))
    async def fail(kind: str) -> str:
        raise OutOfSpaceError("The disk is full") if kind == "known" else RuntimeError("a secret path")

    @app.callback(
        Output({"type": "tile", "index": MATCH}, "children"), Input({"type": "filter", "index": ALL}, "value")
    )
    def match(values: list[str]) -> str:
        return f"{dash.ctx.triggered_id.index}: {values}"

    def notice(error: Exception) -> None:
        dash.set_props("notice", {"children": str(error)})

    @app.callback(Output("noticed", "children"), Input("name", "value"), on_error=notice)
    def fail_gently(_: str) -> str:
        raise OutOfSpaceError("The disk is full")

    @app.callback(Output("figure", "figure"), Input("name", "value"))
    def patch(name: str) -> Patch:
        figure = Patch()
        figure["layout"]["title"] = name
        return figure

    @app.callback(Output("cookie", "children"), Input("name", "value"))
    def remember(name: str) -> str:
        dash.ctx.response.set_cookie("seen", name)
        dash.ctx.response.append_header("X-Seen", name)
        return name

    app.clientside_callback("function (value) { return value }", Output("copy", "children"), Input("name", "value"))
    return app


def make_editor() -> PageDash:
    app = PageDash("editor", "/dashboards/{dashboard_id:str}/edit/", title="Editor")
    app.layout = html.Div([dcc.Input(id="name"), html.Div(id="async")])

    @app.callback(Output("async", "children"), Input("name", "value"))
    async def greet(name: str) -> str:
        return f"{name}, {dash.get_app().title}"

    return app


def make_litestar(viewer: PageDash, editor: PageDash, **options: Any) -> Litestar:
    @get("/dashboards/{dashboard_id:str}", media_type="text/html", dependencies={"title": Provide(provide_title)})
    async def page(request: Request[Any, Any, Any], title: NamedDependency[str]) -> str:
        pieces = viewer.index_pieces(request)
        head = f"<title>{title}</title>{pieces.metas}{pieces.css}"
        return f"<html><head>{head}</head><body>{pieces.app_entry}{pieces.config}{pieces.scripts}{pieces.renderer}"

    rules: dict[str, Any] = {
        "guards": [refuse_secret],
        "dependencies": {"title": Provide(provide_title)},
        "exception_handlers": {OutOfSpaceError: explain_space},
    }
    return Litestar(
        [page, viewer.router(inject=["actor"], **rules), editor.router(**rules), component_router(viewer, editor)],
        dependencies={"actor": Provide(provide_actor)},
        **options,
    )


@pytest.fixture(scope="module")
def viewer() -> PageDash:
    return make_viewer()


@pytest.fixture(scope="module")
async def client(viewer: PageDash) -> AsyncIterator[AsyncTestClient[Litestar]]:
    async with AsyncTestClient(make_litestar(viewer, make_editor())) as client:
        yield client


def body(output: str, value: Any) -> dict[str, Any]:
    component, prop = output.rsplit(".", 1)
    return {
        "output": output,
        "outputs": {"id": component, "property": prop},
        "inputs": [{"id": "name", "property": "value", "value": value}],
        "changedPropIds": ["name.value"],
    }


async def call(client: AsyncTestClient[Litestar], page: str, output: str, value: Any = "x") -> Any:
    response = await client.post(f"{page}_dash-update-component", json=body(output, value))
    assert response.status_code == 200, response.text
    return response.json()["response"]


async def test_index_pieces_point_to_the_page_and_to_the_shared_bundles(client: AsyncTestClient[Litestar]) -> None:
    """The renderer's config names the dashboard's own prefix; scripts come from one prefix for all pages."""
    html_page = BeautifulSoup((await client.get("/dashboards/a%20b")).text, "lxml")
    config = json.loads(html_page.find(id="_dash-config").text)  # type: ignore[union-attr]
    sources = [str(tag["src"]) for tag in html_page.find_all("script", src=True)]
    assert config["requests_pathname_prefix"] == "/dashboards/a%20b/"
    assert config["csrf_header_name"] == "x-csrftoken"
    assert "websocket" not in config
    assert html_page.find(id="react-entry-point") is not None
    assert sources
    assert all(source.startswith("/dash/_dash-component-suites/") for source in sources)


async def test_every_inline_script_of_the_index_has_its_csp_hash(
    client: AsyncTestClient[Litestar], viewer: PageDash
) -> None:
    """The page runs under script-src 'self' and csp_hashes(): the renderer line and the inline clientside callback."""
    page = BeautifulSoup((await client.get("/dashboards/7")).text, "lxml")
    inline = [tag for tag in page.find_all("script", src=False) if tag.get("type") != "application/json"]
    assert len(inline) == len(viewer.csp_hashes()) == 2


async def test_layout_is_made_for_the_dashboard_of_the_url(client: AsyncTestClient[Litestar]) -> None:
    """A sync layout function finds what async dependencies resolved, of the router and of the application."""
    layouts = [(await client.get(f"/dashboards/{name}/_dash-layout")).json() for name in ("7", "8")]
    assert [layout["props"]["children"] for layout in layouts] == ["Dashboard 7 for ada", "Dashboard 8 for ada"]


@pytest.mark.parametrize("page", ["/dashboards/secret/", "/dashboards/secret/edit/"])
async def test_guard_refuses_every_url_of_a_page(client: AsyncTestClient[Litestar], page: str) -> None:
    """The dashboard id stands in each URL, so that one guard covers layout, dependencies and callbacks."""
    responses = [
        await client.get(f"{page}_dash-layout"),
        await client.get(f"{page}_dash-dependencies"),
        await client.post(f"{page}_dash-update-component", json=body("async.children", "x")),
    ]
    assert [response.status_code for response in responses] == [403, 403, 403]


async def test_sync_callback_runs_in_a_thread_with_the_request(client: AsyncTestClient[Litestar]) -> None:
    """The context is copied: path parameters and dependencies are there off the event loop."""
    assert await call(client, VIEW, "sync.children") == {"sync": {"children": "x, Dashboard 7, 7, False"}}


async def test_two_apps_answer_the_same_output_each_for_itself(client: AsyncTestClient[Litestar]) -> None:
    """get_app() is the app of the request, not the one made last in the process."""
    answers = [await call(client, page, "async.children") for page in (VIEW, EDIT, VIEW)]
    texts = [answer["async"]["children"] for answer in answers]
    assert texts == ["x, ada, Viewer", "x, Editor", "x, ada, Viewer"]


async def test_prevented_update_is_an_empty_answer(client: AsyncTestClient[Litestar]) -> None:
    """Dash's browser side reads 204 as: nothing changes."""
    response = await client.post(f"{VIEW}_dash-update-component", json=body("never.children", "x"))
    assert (response.status_code, response.content) == (204, b"")


async def test_errors_reach_the_exception_handlers(client: AsyncTestClient[Litestar]) -> None:
    """An error that the application knows is explained; the text of any other stays on the server."""
    url = f"{VIEW}_dash-update-component"
    known = await client.post(url, json=body("broken.children", "known"))
    unknown = await client.post(url, json=body("broken.children", "unknown"))
    assert (known.status_code, known.json()) == (507, {"detail": "The disk is full"})
    assert (unknown.status_code, "secret" in unknown.text) == (500, False)


@pytest.mark.parametrize("sent", [{"output": "nothing.here"}, {"output": ["x"]}, {}, [], {"output": "copy.children"}])
async def test_request_for_no_callback_is_a_client_error(client: AsyncTestClient[Litestar], sent: Any) -> None:
    """Unknown, malformed and clientside-only outputs are the sender's mistake, not a server error."""
    response = await client.post(f"{VIEW}_dash-update-component", json=sent)
    assert response.status_code == 400


async def test_request_that_is_not_json_is_a_client_error(client: AsyncTestClient[Litestar]) -> None:
    """A truncated body is the sender's mistake too."""
    response = await client.post(f"{VIEW}_dash-update-component", content=b'{"output":')
    assert response.status_code == 400


async def test_error_of_a_callback_can_become_a_notice(client: AsyncTestClient[Litestar]) -> None:
    """Dash's own on_error may answer with other components than the callback's outputs."""
    response = await client.post(f"{VIEW}_dash-update-component", json=body("noticed.children", "x"))
    assert response.json() == {
        "multi": True,
        "response": {},
        "sideUpdate": {"notice": {"children": "The disk is full"}},
    }


async def test_pattern_matching_ids(client: AsyncTestClient[Litestar]) -> None:
    """MATCH in the output and ALL in the input come through with the id that triggered."""
    filters = [{"id": {"type": "filter", "index": n}, "property": "value", "value": v} for n, v in enumerate("ab")]
    sent = {
        "output": '{"index":["MATCH"],"type":"tile"}.children',
        "outputs": {"id": {"type": "tile", "index": 1}, "property": "children"},
        "inputs": [filters],
        "changedPropIds": ['{"index":1,"type":"filter"}.value'],
    }
    response = await client.post(f"{VIEW}_dash-update-component", json=sent)
    assert response.json()["response"] == {'{"index":1,"type":"tile"}': {"children": "1: ['a', 'b']"}}


async def test_patch_is_sent_as_operations(client: AsyncTestClient[Litestar]) -> None:
    """A Patch travels as what changes, not as a whole figure."""
    operations = (await call(client, VIEW, "figure.figure"))["figure"]["figure"]["operations"]
    assert operations == [{"operation": "Assign", "location": ["layout", "title"], "params": {"value": "x"}}]


async def test_callback_sets_cookie_and_header(client: AsyncTestClient[Litestar]) -> None:
    """ctx.response reaches the HTTP response."""
    response = await client.post(f"{VIEW}_dash-update-component", json=body("cookie.children", "yes"))
    assert (response.cookies["seen"], response.headers["x-seen"]) == ("yes", "yes")


async def test_clientside_callbacks_are_listed_in_the_dependencies(client: AsyncTestClient[Litestar]) -> None:
    """The browser learns of every callback, and which of them it runs itself."""
    specs = (await client.get(f"{VIEW}_dash-dependencies")).json()
    clientside = {spec["output"] for spec in specs if spec["clientside_function"]}
    assert clientside == {"copy.children"}
    assert len(specs) == 9


async def test_component_files_are_cached_forever_when_fingerprinted(client: AsyncTestClient[Litestar]) -> None:
    """Bundles named by version never change; others are revalidated by their entity tag."""
    page = (await client.get("/dashboards/7")).text
    url = re.search(r'src="(\S+/html/dash_html_components[^"]+)"', page)
    assert url is not None
    bundle = await client.get(url[1])
    plain = await client.get("/dash/_dash-component-suites/dash/html/dash_html_components.min.js")
    again = await client.get(plain.url, headers={"if-none-match": plain.headers["etag"]})
    assert bundle.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert bundle.headers["content-type"].startswith(("text/javascript", "application/javascript"))
    assert bundle.content == plain.content
    assert (plain.headers["cache-control"], again.status_code) == ("no-cache", 304)


@pytest.mark.parametrize("path", ["dash/no-such.js", "nopackage/x.js", "dash/dash.py", "dash/../flask/app.py"])
async def test_unknown_component_file_is_not_found(client: AsyncTestClient[Litestar], path: str) -> None:
    """Only files that a component library registered are served, of only the packages in use."""
    assert (await client.get(f"/dash/_dash-component-suites/{path}")).status_code == 404


async def test_callbacks_need_the_csrf_header() -> None:
    """Litestar's CSRF protection covers callbacks; Dash sends the token as the header that it was told."""
    csrf = CSRFConfig(secret="s" * 32, cookie_httponly=False)
    async with AsyncTestClient(make_litestar(make_viewer(), make_editor(), csrf_config=csrf)) as client:
        token = (await client.get(f"{VIEW}_dash-layout")).cookies["csrftoken"]
        sent = body("sync.children", "x")
        without = await client.post(f"{VIEW}_dash-update-component", json=sent)
        with_it = await client.post(f"{VIEW}_dash-update-component", json=sent, headers={"x-csrftoken": token})
    assert (without.status_code, with_it.status_code) == (403, 200)


def test_process_wide_callbacks_are_refused(viewer: PageDash) -> None:
    """A callback on no particular app would silently belong to whichever app starts first."""

    @dash.callback(Output("stray", "children"), Input("name", "value"))
    def stray(name: str) -> str:
        return name

    try:
        with pytest.raises(RuntimeError, match=r"stray\.children"):
            viewer.start()
    finally:
        dash._callback.GLOBAL_CALLBACK_LIST.clear()
        dash._callback.GLOBAL_CALLBACK_MAP.clear()


def test_websocket_callbacks_need_a_check() -> None:
    """An app that forgets to authorise its sockets does not start."""
    app = PageDash("sockets", "/s/", websocket_callbacks=True)
    app.layout = html.Div()
    with pytest.raises(ValueError, match="authorise"):
        app.router()


def test_worker_script_is_served_by_a_process_that_rendered_no_page() -> None:
    """With several server processes, the page may come from one and its scripts from another."""
    app = PageDash("worker", "/w/")
    app.layout = html.Div()
    app.start()
    assert "dash-renderer/build/dash-ws-worker.js" in app.registered_paths["dash"]


def test_assets_are_linked_where_the_caller_serves_them(tmp_path: Path) -> None:
    """Scripts of the assets folder are tags with the caller's URL."""
    (tmp_path / "grid.js").write_text("window.grid = 1")
    app = PageDash("assets", "/p/", assets_folder=str(tmp_path), assets_url="/static/dash/")
    app.layout = html.Div()
    app.start()
    assert re.search(r'src="/static/dash/grid\.js\?m=[\d.]+"', app._generate_scripts_html())


def test_dash_is_the_minor_that_this_backend_was_written_for() -> None:
    """The backend uses private names of Dash 4.4."""
    assert dash.__version__.startswith("4.4.")
    assert issubclass(PageDash, Dash)


async def test_large_bundles_travel_compressed(client: AsyncTestClient[Litestar]) -> None:
    """A browser that takes gzip gets the same script in a fraction of its size; others get it plainly."""
    url = "/dash/_dash-component-suites/dash/html/dash_html_components.min.js"
    packed = await client.get(url, headers={"accept-encoding": "gzip"})
    plain = await client.get(url, headers={"accept-encoding": "identity"})
    assert (packed.headers["content-encoding"], "content-encoding" in plain.headers) == ("gzip", False)
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
