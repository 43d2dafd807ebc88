"""What wraps every request: its id, who asks, the safety headers of its answer, and one line in the log."""

import logging
import re
import time
import uuid
from typing import Any

import msgspec
from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders
from litestar.types import ASGIApp, HTTPSendMessage, Message, Receive, Scope, Send

from domain.access import Origin
from domain.errors import DomainError
from domain.settings import Settings
from services.system import Services
from web.security.cookies import csrf_cookie
from web.security.csp import PAGE_POLICY
from web.security.csrf import Csrf
from web.security.identity import FAILURE, Identity, identify
from web.security.single_user import answers_to, refuse

REQUEST_ID = "request_id"
SINGLE_USER = "single_user"
SITE_NOTICE = "site_notice"
CSRF_TOKEN = "csrf_token"  # noqa: S105 -- The name of a key, not a token.
GIVEN_ID = re.compile(r"[\w.-]{1,64}")
PULSE = "/_pulse"
"""Asked for by every opened dashboard, whether or not somebody looks at it: it keeps no session alive."""
SHARED = "/shared/"
PUBLIC_FILES = ("/static/", "/favicon.ico", "/dash/")
"""What is the same for everybody: whoever asks for it is anonymous, and no session is looked up."""
ASKING_NO_STORE = (*PUBLIC_FILES, "/health/")
"""What has to be answered while the documents cannot be reached."""

log = logging.getLogger("depictio.access")


class Edge:
    """The outermost ASGI application.

    Identification happens here rather than in a middleware of the routes, so that a page about a wrong address
    still shows who is signed in.
    """

    def __init__(self, app: ASGIApp, services: Services, csrf: Csrf) -> None:
        self._app = app
        self._services = services
        self._csrf = csrf

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
        if self._services.settings.single_user and not answers_to(connection):
            await refuse(scope, receive, send)
            return
        is_file = scope["path"].startswith(ASKING_NO_STORE)
        identity = (
            Identity()
            if is_file
            else await identify(self._services, connection, renew=not scope["path"].endswith(PULSE))
        )
        state = scope["state"]
        state[REQUEST_ID] = _request_id(connection)
        address = connection.client.host if connection.client else ""
        origin = Origin(address, state[REQUEST_ID])
        scope["user"], scope["auth"] = msgspec.structs.replace(identity.actor, origin=origin), identity.proof
        state[FAILURE] = identity.failure
        state[SITE_NOTICE] = "" if is_file else await self._notice()
        state[SINGLE_USER] = self._services.settings.single_user
        known = self._csrf.current(connection)
        state[CSRF_TOKEN] = known or self._csrf.issue()

        async def send_onward(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(message, state, csrf_is_new=known is None)
                _log(scope, message["status"], time.perf_counter() - started)
            await send(message)

        await self._app(scope, receive, send_onward)

    async def _notice(self) -> str:
        """What administrators tell everybody; nothing while it cannot be read, so that pages still say why."""
        try:
            return (await self._services.site.settings()).notice
        except DomainError:
            return ""

    def _complete(self, message: HTTPSendMessage, state: dict[str, Any], *, csrf_is_new: bool) -> None:
        headers = MutableScopeHeaders.from_message(message)
        for name, value in safety_headers(self._services.settings).items():
            if name not in headers:
                headers[name] = value
        headers["x-request-id"] = state[REQUEST_ID]
        if csrf_is_new and headers.get("content-type", "").startswith("text/html"):
            headers.add("set-cookie", csrf_cookie(self._services.settings, state[CSRF_TOKEN]).to_header(header=""))


def safety_headers(settings: Settings) -> dict[str, str]:
    """The headers of every answer; a handler that sets one of them itself keeps its own."""
    headers = {
        "content-security-policy": PAGE_POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
        "cache-control": "no-store",
    }
    if settings.is_secure:
        headers["strict-transport-security"] = "max-age=31536000"
    return headers


def _request_id(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    given = connection.headers.get("x-request-id", "")
    return given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex


def shown_path(path: str) -> str:
    """The path as the log has it: the address of a share link is a secret that opens it."""
    start, found, rest = path.partition(SHARED)
    if start or not found:
        return path
    _, slash, rest = rest.partition("/")
    return f"{SHARED}…{slash}{rest}"


def _log(scope: Scope, status: int, seconds: float) -> None:
    fields = {
        "request_id": scope["state"][REQUEST_ID],
        "method": scope.get("method", "WEBSOCKET"),
        "path": shown_path(scope["path"]),
        "status": status,
        "ms": round(seconds * 1000, 1),
        "user": scope["user"].user_id,
        "address": scope["client"][0] if scope["client"] else None,
    }
    level = logging.DEBUG if scope["path"].startswith(PUBLIC_FILES) or scope["path"].endswith(PULSE) else logging.INFO
    log.log(level, "request", extra={"fields": fields})
