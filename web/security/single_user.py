"""Single-user mode: no sign-in, so nothing but this machine's own browser and programs may get an answer."""

from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.types import Receive, Scope, Send

from domain.providers import LOOPBACK

REFUSED = b"This server answers to this machine's own names only: open it as http://127.0.0.1 or http://localhost.\n"


def answers_to(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether the request comes from this machine, and names it.

    A page of another site can have its name lead to the loopback address (DNS rebinding); then the browser lets it read
    the answers, but it still sends that name.
    """
    host, client = connection.headers.get("host", ""), connection.client
    try:
        is_own = urlsplit(f"//{host}").hostname in LOOPBACK and "@" not in host
    except ValueError:
        return False
    return is_own and (client is None or client.host in LOOPBACK)


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request that names another host; a WebSocket is closed before it is accepted."""
    if scope["type"] == ScopeType.WEBSOCKET:
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": "Not this machine's name"})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(REFUSED)).encode())]
    await send({"type": "http.response.start", "status": 421, "headers": headers})
    await send({"type": "http.response.body", "body": REFUSED, "more_body": False})
