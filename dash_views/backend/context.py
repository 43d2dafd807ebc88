"""What a layout function or a callback may ask about the request that it answers."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from dash import Dash
from dash._get_app import app_context
from litestar.connection import ASGIConnection

Connection: TypeAlias = ASGIConnection[Any, Any, Any, Any]
"""An HTTP request, or the WebSocket that carries a callback."""


@dataclass(frozen=True, slots=True)
class _Served:
    connection: Connection
    dependencies: Mapping[str, Any] = field(default_factory=dict)


_served: ContextVar[_Served] = ContextVar("dash_served")


@contextmanager
def serving(app: Dash, connection: Connection, dependencies: Mapping[str, Any]) -> Iterator[None]:
    """Make `connection` the current one, also for the threads and tasks that are started inside."""
    # Dash's own get_app() otherwise answers with the app made last in this process.
    app_token = app_context.set(app)
    token = _served.set(_Served(connection, dependencies))
    try:
        yield
    finally:
        _served.reset(token)
        app_context.reset(app_token)


def has_request() -> bool:
    return _served.get(None) is not None


def current_request() -> Connection:
    """Return the request, or the WebSocket, that is being answered: its user, path parameters, headers."""
    return _now().connection


def dependency(name: str) -> Any:
    """Return what Litestar resolved for the dependency `name` before the layout or callback began.

    On a WebSocket it was resolved when the socket opened.
    """
    dependencies = _now().dependencies
    if name not in dependencies:
        known = ", ".join(sorted(dependencies)) or "none"
        raise LookupError(f"Dependency {name!r} was not injected (there are: {known}); name it in router(inject=...)")
    return dependencies[name]


def _now() -> _Served:
    served = _served.get(None)
    if served is None:
        raise LookupError("There is no request: ask inside a layout function or a callback")
    return served
