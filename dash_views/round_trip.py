"""The browser's side of the round trip: what the board's scripts listen to, and the two requests that they make."""

import asyncio
from typing import Any

import msgspec
from dash import ALL, MATCH, ClientsideFunction, Input, Output, State, ctx
from litestar import Request, Response, Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from dash_views import answers, ids, wire
from dash_views.answering import Ask, RowsAsk, answer_tiles, block, parse, unreadable
from dash_views.backend import PageDash
from dash_views.board import actor, dashboard_id, services
from dash_views.latest import Latest, SupersededError
from domain.access import Actor
from domain.errors import DomainError
from services.queries import Failure
from services.system import Services

BINARY = "application/octet-stream"


def answers_router(prefix: str, **options: Any) -> Router:
    """The route by which the pages under `prefix` ask for their tiles; `options` are those of a Litestar `Router`."""
    latest = Latest()

    @post("/_answers", status_code=200, include_in_schema=False)
    async def give_answers(
        request: Request[Any, Any, Any],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        dashboard_id: FromPath[str],
    ) -> Response[bytes]:
        ask = _ask(await request.body())
        # Nobody but its owner can supersede what a view asks for.
        view = ask.view and f"{actor.user_id} {dashboard_id} {ask.view}"
        is_packed = "gzip" in request.headers.get("accept-encoding", "")
        try:
            return await latest.run(view, ask.sequence, _answer(services, actor, dashboard_id, ask, packed=is_packed))
        except SupersededError:
            return Response(b"", status_code=204)

    return Router(prefix, route_handlers=[give_answers], **options)


def _ask(content: bytes) -> Ask:
    try:
        return msgspec.json.decode(content, type=Ask)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise unreadable(error) from None


async def _answer(use: Services, who: Actor, key: str, ask: Ask, *, packed: bool) -> Response[bytes]:
    try:
        found = await answer_tiles(use, who, key, ask)
    except DomainError as error:
        said = {"sequence": ask.sequence, "signatures": {}, "tiles": {}, "failure": error.message}
        return Response(wire.body(said), media_type=BINARY)
    # Figures are built off the event loop, which others wait for.
    content = await asyncio.to_thread(lambda: wire.body(found.parts(ask)))
    if not packed or len(content) < wire.COMPRESSED_FROM:
        return Response(content, media_type=BINARY)
    content = await asyncio.to_thread(wire.compressed, content)
    return Response(content, media_type=BINARY, headers={"content-encoding": "gzip", "vary": "accept-encoding"})


def register(app: PageDash) -> None:
    """Add the callbacks that viewer and editor share."""
    _register_browser(app)

    @app.callback(
        Output(ids.part("rows-got", MATCH), "data"),
        Input(ids.part("rows-ask", MATCH), "data"),
        prevent_initial_call=True,
    )
    async def more_rows(asked: object) -> dict[str, Any]:
        ask = parse(asked, RowsAsk)
        found = await block(services(), actor(), dashboard_id(), ctx.outputs_list["id"]["tile"], ask)
        if isinstance(found.answer, Failure):
            return {"ticket": ask.ticket, "failure": found.answer.message}
        return {"ticket": ask.ticket, "page": answers.page_of(found.answer), "signature": found.signature}


def _register_browser(app: PageDash) -> None:
    def browser(name: str) -> ClientsideFunction:
        return ClientsideFunction("depictio", name)

    app.clientside_callback(
        browser("widgets"),
        Output(ids.part("filter", ALL), "value"),
        Input(ids.URL, "search"),
        Input(ids.RESET_ALL, "n_clicks"),
        Input(ids.part("reset", ALL), "n_clicks"),
        State(ids.TILES, "data"),
        State(ids.part("filter", ALL), "value"),
    )
    app.clientside_callback(
        browser("compose"),
        Output(ids.STATE, "data"),
        Output(ids.part("reset", ALL), "className"),
        Output(ids.RESET_ALL, "className"),
        Input(ids.part("filter", ALL), "value"),
        Input(ids.part("figure", ALL), "selectedData"),
        Input(ids.part("rows", ALL), "selectedRows"),
        Input(ids.part("reset", ALL), "n_clicks"),
        Input(ids.RESET_ALL, "n_clicks"),
        State(ids.TILES, "data"),
        State(ids.STATE, "data"),
    )
    app.clientside_callback(
        browser("edited"), Input(ids.CHANGED, "data"), State(ids.STATE, "data"), prevent_initial_call=True
    )
    app.clientside_callback(
        browser("rows"),
        Output(ids.part("rows-ready", MATCH), "data"),
        Input(ids.part("rows", MATCH), "getRowsRequest"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        browser("got"),
        Output(ids.part("rows-shown", MATCH), "data"),
        Input(ids.part("rows-got", MATCH), "data"),
        prevent_initial_call=True,
    )
