"""The browser's side of the round trip: what the board's scripts listen to, and the requests that they make."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

import msgspec
from dash import ALL, MATCH, ClientsideFunction, Input, Output, State, ctx
from litestar import Request, Response, Router, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from dash_views import answers, ids, wire
from dash_views.answering import Ask, RowsAsk, answer_tiles, block, parse, unreadable
from dash_views.backend import PageDash
from dash_views.board import actor, dashboard_id, services
from dash_views.brushing import BrushAsk, brush_tiles
from dash_views.choices import OptionsAsk, offered
from dash_views.latest import Latest, SupersededError, while_heard
from dash_views.whole_condition import ConditionAsk, refused, said_of
from domain.access import Actor
from domain.errors import DomainError
from services.dashboards import DashboardAccess
from services.queries import Failure
from services.system import Services

BINARY = "application/octet-stream"
Asked = TypeVar("Asked", Ask, BrushAsk, OptionsAsk, ConditionAsk)
Make = Callable[[], dict[str, Any]]
"""What is sent, made when its turn comes."""
Work = Callable[[], Coroutine[Any, Any, Make]]
"""Begins only when the answer is still wanted."""
Answering = Callable[[Services, DashboardAccess, Asked], Coroutine[Any, Any, Make]]


def answers_router(prefix: str, **options: Any) -> Router:
    """The route by which the pages under `prefix` ask for their tiles; `options` are those of a Litestar `Router`.

    They include the dependency `opened`: the dashboard of the address, with the proof that it may be asked.
    """
    latest = Latest()

    def route(name: str, of: type[Asked], work: Answering[Asked]) -> HTTPRouteHandler:
        """Answers what is asked in this form, unless the same view asks for something newer meanwhile."""

        @post(f"/_{name}", status_code=200, include_in_schema=False)
        async def give(
            request: Request[Any, Any, Any],
            services: NamedDependency[Services],
            actor: NamedDependency[Actor],
            opened: NamedDependency[DashboardAccess],
        ) -> Response[bytes]:
            ask = _read(await request.body(), of)
            view = ask.view and f"{name} {actor.user_id} {opened.dashboard.id} {ask.view}"
            is_packed = "gzip" in request.headers.get("accept-encoding", "")
            try:
                answering = partial(_sent, partial(work, services, opened, ask), packed=is_packed)
                return await latest.run(view, ask.sequence, while_heard(request.receive, answering))
            except SupersededError:
                return Response(b"", status_code=204)

        return give

    handlers = [
        route("answers", Ask, _answer),
        route("brush", BrushAsk, _brush),
        route("options", OptionsAsk, _options),
        route("condition", ConditionAsk, _condition),
    ]
    return Router(prefix, route_handlers=handlers, **options)


def _read(content: bytes, type_: type[Asked]) -> Asked:
    try:
        return msgspec.json.decode(content, type=type_)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise unreadable(error) from None


async def _answer(use: Services, opened: DashboardAccess, ask: Ask) -> Make:
    try:
        found = await answer_tiles(use, opened, ask)
    except DomainError as error:
        said = {"sequence": ask.sequence, "signatures": {}, "tiles": {}, "failure": error.message}
        return lambda: said
    return lambda: found.parts(ask)


async def _brush(use: Services, opened: DashboardAccess, ask: BrushAsk) -> Make:
    try:
        found = await brush_tiles(use, opened, ask)
    except DomainError as error:
        said = {"failure": error.message}
        return lambda: said
    return lambda: {"mark": ask.mark, "failure": None} if found is None else found.parts()


async def _options(use: Services, opened: DashboardAccess, ask: OptionsAsk) -> Make:
    try:
        found = await offered(use, opened, ask)
    except DomainError as error:
        said = {"tiles": {}, "failure": error.message}
        return lambda: said
    return lambda: {"tiles": found, "failure": None}


async def _condition(use: Services, opened: DashboardAccess, ask: ConditionAsk) -> Make:
    try:
        said = await said_of(use, opened, ask)
    except DomainError as error:
        said = refused(error)
    return lambda: said


async def _sent(work: Work, *, packed: bool) -> Response[bytes]:
    make = await work()

    def content() -> tuple[bytes, bool]:
        body = wire.body(make())
        is_packed = packed and len(body) >= wire.COMPRESSED_FROM
        return (wire.compressed(body) if is_packed else body), is_packed

    # Figures are built off the event loop, which others wait for.
    body, is_packed = await asyncio.to_thread(content)
    headers = {"content-encoding": "gzip", "vary": "accept-encoding"} if is_packed else {}
    return Response(body, media_type=BINARY, headers=headers)


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
        Input(ids.VISITED, "data"),
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
        Input(ids.part("images", ALL), "data"),
        Input(ids.part("reset", ALL), "n_clicks"),
        Input(ids.RESET_ALL, "n_clicks"),
        Input(ids.VISITED, "data"),
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
