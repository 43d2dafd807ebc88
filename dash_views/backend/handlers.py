"""Litestar handlers for the routes of one Dash app."""

import inspect
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from anyio import to_thread
from dash import Dash
from litestar import Request, Response, Router, WebSocket, get, post, websocket
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler, WebsocketRouteHandler

from dash_views.backend.context import serving
from dash_views.backend.server import Route
from dash_views.backend.sockets import Authorise, serve_socket


def page_router(
    app: Dash, prefix: str, *, inject: Sequence[str], authorise: Authorise | None, **options: Any
) -> Router:
    """Make the router of an app's page routes, with a WebSocket when `authorise` is given."""
    handlers: list[HTTPRouteHandler | WebsocketRouteHandler] = [
        _http_handler(app, route, inject) for route in app.server
    ]
    if authorise is not None:
        handlers.append(_socket_handler(app, inject, authorise))
    return Router(prefix, route_handlers=handlers, **options)


def _http_handler(app: Dash, route: Route, inject: Sequence[str]) -> HTTPRouteHandler:
    async def serve(request: Request[Any, Any, Any], **dependencies: Any) -> Response[Any]:
        with serving(app, request, dependencies):
            # A layout function is sync and may take its time, so it does not run on the event loop.
            is_async = inspect.iscoroutinefunction(route.view)
            answer: Response[Any] = await (route.view() if is_async else to_thread.run_sync(route.view))
            return answer

    method = post if "POST" in route.methods else get
    handler = method(f"/{route.name}", status_code=200, include_in_schema=False)
    return handler(_declare(serve, inject))


def _socket_handler(app: Dash, inject: Sequence[str], authorise: Authorise) -> WebsocketRouteHandler:
    async def serve(socket: WebSocket[Any, Any, Any], **dependencies: Any) -> None:
        with serving(app, socket, dependencies):
            await serve_socket(app, socket, authorise)

    return websocket("/_dash-ws-callback")(_declare(serve, inject))


def _declare(serve: Callable[..., Awaitable[Any]], names: Sequence[str]) -> Callable[..., Awaitable[Any]]:
    """Write the dependencies into the signature of `serve`: Litestar resolves only those that a handler names."""
    request = next(iter(inspect.signature(serve).parameters.values()))
    injected: Any = NamedDependency[Any]  # type: ignore[misc]  # A generic alias made by Annotated.
    hints = {request.name: request.annotation, **dict.fromkeys(names, injected)}
    parameters = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=hint) for name, hint in hints.items()
    ]
    returned = serve.__annotations__["return"]
    serve.__annotations__ = {**hints, "return": returned}
    serve.__signature__ = inspect.Signature(parameters, return_annotation=returned)  # type: ignore[attr-defined]  # Any function may have one.
    return serve
