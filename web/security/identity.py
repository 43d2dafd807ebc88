"""Who asks: from the session cookie or the bearer token to an `Actor`."""

from typing import Any, Literal, NamedTuple

import msgspec
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from domain.access import ANONYMOUS, Actor
from domain.errors import Forbidden, Unauthenticated
from domain.wording import tr
from services.system import Services
from web.security.cookies import session_name

Connection = ASGIConnection[Any, Any, Any, Any]

BEARER = "bearer "
FAILURE = "identity_failure"
MAX_CREDENTIALS_BYTES = 16 * 1024
"""How much may be sent in order to sign in: whoever does is still a stranger."""


class Identity(NamedTuple):
    """Who asks, and by what they proved it; a `failure` is raised once the request has a handler."""

    actor: Actor = ANONYMOUS
    proof: Literal["session", "bearer"] | None = None
    failure: Exception | None = None


async def identify(services: Services, connection: Connection, *, renew: bool = True) -> Identity:
    """Resolve who asks. A bearer token goes before the session cookie, which is then not looked at.

    In single-user mode whoever has neither is the administrator, and is protected against forged requests like
    somebody with a cookie.

    Without `renew` the request does not count as use of the session.
    """
    try:
        if (token := bearer_of(connection)) is not None:
            address = connection.client.host if connection.client else ""
            actor = await services.people.actor_of_token(token, address=address)
            return Identity(await services.groups.joined(actor), "bearer")
        if cookie := connection.cookies.get(session_name(services.settings)):
            found = await services.people.actor_of_session(cookie, renew=renew)
            return Identity(await services.groups.joined(found), "session") if found else await nobody(services)
        if services.settings.single_user:
            actor = await services.people.single_user()
            return Identity(await services.groups.joined(actor), "session")
        return await nobody(services)
    except Exception as failure:  # noqa: BLE001 -- It is raised again by `identified`, where errors are rendered.
        return Identity(failure=failure)


def bearer_of(connection: Connection) -> str | None:
    """The token of the request's header, None when it has none."""
    header = connection.headers.get("authorization", "")
    return header[len(BEARER) :].strip() if header.lower().startswith(BEARER) else None


async def nobody(services: Services) -> Identity:
    """A visitor who is not signed in: one who sees public projects, if the site shows them."""
    return Identity(msgspec.structs.replace(ANONYMOUS, sees_public=await services.site.shows_public()))


def identified(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Guard of every route: raise what went wrong when the request was identified."""
    if failure := connection.scope["state"].get(FAILURE):
        raise failure


def signed_in(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Guard: let pass who is signed in.

    Raises:
        Unauthenticated: which pages turn into the sign-in form.
    """
    if connection.scope["user"].user_id is None:
        raise Unauthenticated(tr("Sign in to see this."))


def was_signed_in(services: Services, connection: Connection) -> bool:
    """Whether nobody is signed in (any more) in a browser in which somebody was."""
    return connection.user.user_id is None and session_name(services.settings) in connection.cookies


def administrator(connection: Connection, handler: BaseRouteHandler) -> None:
    """Guard: let pass the administrators of this installation.

    Raises:
        Unauthenticated: when nobody is signed in.
        Forbidden: when somebody else is.
    """
    signed_in(connection, handler)
    if not connection.scope["user"].is_admin:
        raise Forbidden(tr("Only an administrator of this installation may do this."))
