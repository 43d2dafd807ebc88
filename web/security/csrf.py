"""Protection against forged requests: a signed token that the cookie and the request must both carry."""

import hmac
import secrets
from typing import Any

from litestar.connection import ASGIConnection, Request
from litestar.enums import RequestEncodingType, ScopeType
from litestar.handlers.base import BaseRouteHandler
from litestar.middleware.csrf import CSRF_SECRET_LENGTH, generate_csrf_hash, generate_csrf_token

from domain.errors import Forbidden
from domain.settings import Settings
from domain.wording import tr
from web.security.cookies import csrf_name

Connection = ASGIConnection[Any, Any, Any, Any]

CSRF_HEADER = "x-csrftoken"
CSRF_FIELD = "_csrf_token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITES = frozenset({"same-origin", "none"})
FORM_TYPES = frozenset({RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART})


class Csrf:
    """Issues and checks tokens, by the secret that all processes of the installation share."""

    def __init__(self, settings: Settings) -> None:
        self._cookie = csrf_name(settings)
        # A key of its own: what signs form tokens can never sign an access token.
        self._secret = hmac.new(settings.secret_key.encode(), b"csrf", "sha256").hexdigest()

    def current(self, connection: Connection) -> str | None:
        """The token of the connection's cookie, if this installation issued it."""
        token = connection.cookies.get(self._cookie)
        return token if token and self._is_ours(token) else None

    def issue(self) -> str:
        return generate_csrf_token(self._secret)

    async def guard(self, connection: Connection, handler: BaseRouteHandler) -> None:
        """Refuse an unsafe request that a page of another site may have sent.

        Requests with a bearer token are exempt, since no browser adds one by itself; so are those to the REST
        interface that carry no credentials at all, and handlers that say `exempt_from_csrf`.

        Raises:
            Forbidden: saying what to do.
        """
        if connection.scope["type"] != ScopeType.HTTP or connection.scope["method"] in SAFE_METHODS:
            return
        if connection.headers.get("sec-fetch-site", "none") not in OWN_SITES:
            raise Forbidden(tr("The request came from another site and was refused."))
        is_bare = connection.scope["auth"] is None and connection.url.path.startswith("/api/")
        if connection.scope["auth"] == "bearer" or is_bare or handler.opt.get("exempt_from_csrf"):
            return
        given, expected = await _given_token(connection), self.current(connection)
        if not given or not expected or not secrets.compare_digest(given.encode(), expected.encode()):
            raise Forbidden(tr("The form is out of date. Reload the page and try again."))

    def _is_ours(self, token: str) -> bool:
        drawn, signature = token[:CSRF_SECRET_LENGTH], token[CSRF_SECRET_LENGTH:]
        return secrets.compare_digest(signature.encode(), generate_csrf_hash(drawn, self._secret).encode())


async def _given_token(connection: Connection) -> str:
    if header := connection.headers.get(CSRF_HEADER):
        return header
    # Forms can only POST; the body of another method may be a file without a bound, to be streamed.
    if not isinstance(connection, Request) or connection.method != "POST":
        return ""
    if connection.content_type[0] in FORM_TYPES:
        return str((await connection.form()).get(CSRF_FIELD, ""))
    return ""
