"""A dashboard by its share link: what visitors without an account are given, at addresses that begin with the secret.

Who asks here is the link and nobody else: a session or token that the browser sends as well gives nothing. There are
no cookies that open anything by themselves, but for the proof that a password was given, so no form token is needed.
"""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote

import msgspec
from litestar import Response, Router, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler
from litestar.handlers.base import BaseRouteHandler
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Stream
from litestar.types import Guard

from dash_views import apps
from dash_views.backend import PageDash
from dash_views.pulse import pulse_router
from dash_views.round_trip import answers_router
from dash_views.whole_condition import outlined_conditions
from domain.access import Actor, Capability
from domain.errors import Forbidden, NotFound, Unauthenticated, Unavailable
from domain.settings import Settings, map_origin
from domain.share_links import ShareLink, said_of
from services.dashboards import DashboardAccess
from services.share_links import Visit
from services.system import Services
from web.errors import fault_of
from web.pages.exports import ExportForm, exported
from web.pages.tile_images import shown_image
from web.render import Page, PageRequest
from web.security.cookies import csrf_name
from web.security.csp import content_security_policy
from web.security.identity import MAX_CREDENTIALS_BYTES, Connection

BOARD, DOOR = "shared/board.html", "shared/door.html"
UNLOCKED = "depictio-unlocked"
QUIET = {"referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow"}
"""The address is a secret: no other site is told it, and no search engine keeps it."""
FREE = {"exempt_from_csrf": True}


class PasswordForm(msgspec.Struct, frozen=True):
    password: str = ""
    framed: str = ""


def shared_routes(services: Services) -> Sequence[Router | HTTPRouteHandler]:
    """The pages by share link and what they ask; the Dash app is made here, once."""
    app = apps.shared(csrf_name(services.settings))
    guard = _guard(services)
    routers = [
        app.router(inject=apps.INJECTED, guards=[guard], opt=FREE),
        answers_router(app.page_prefix, guards=[guard], opt=FREE, dependencies={"opened": Provide(_opened)}),
        pulse_router(app.page_prefix, editable=False, guards=[guard], opt=FREE),
    ]
    pages = [_page(app, services, framed=framed) for framed in (False, True)]
    return [enter, enter_framed, unlock, *pages, _export(guard), _image(guard), *routers]


def _guard(services: Services) -> Guard:
    """Let pass who has the address of a link that holds; from here on the link is who asks."""

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        visit = await _visit(services, connection, connection.path_params["secret"])
        connection.scope["user"], connection.scope["auth"] = visit.actor, None
        opened = await services.dashboards.open(visit.actor, connection.path_params["dashboard_id"])
        opened.access.require(Capability.DASHBOARD_VIEW)

    return guard


async def _opened(
    services: NamedDependency[Services], actor: NamedDependency[Actor], dashboard_id: FromPath[str]
) -> DashboardAccess:
    """The dashboard of the address, for the visitor whom the guard has let pass."""
    return await services.dashboards.open(actor, dashboard_id)


async def _visit(services: Services, connection: Connection, secret: str) -> Visit:
    return await services.share_links.open(secret, connection.cookies.get(UNLOCKED, ""))


@get("/shared/{secret:str}", include_in_schema=False)
async def enter(request: PageRequest, services: NamedDependency[Services], secret: FromPath[str]) -> Response[bytes]:
    """The address that is sent: it leads to the dashboard, by the door where there is a password."""
    return await _enter(request, services, secret)


@get("/shared/{secret:str}/embed", include_in_schema=False)
async def enter_framed(
    request: PageRequest, services: NamedDependency[Services], secret: FromPath[str]
) -> Response[bytes]:
    """The same for a frame on another site."""
    return await _enter(request, services, secret, framed=True)


@post("/shared/{secret:str}", status_code=200, include_in_schema=False, request_max_body_size=MAX_CREDENTIALS_BYTES,
      opt=FREE)  # fmt: skip
async def unlock(
    request: PageRequest,
    data: URLEncodedBody[PasswordForm],
    services: NamedDependency[Services],
    secret: FromPath[str],
) -> Response[bytes]:
    """Take the password of a link."""
    address = request.client.host if request.client else ""
    framed = bool(data.framed)
    try:
        link = await services.share_links.find(secret)
        key = await services.share_links.unlock(secret, data.password, address)
    except NotFound as error:
        return _gone(error)
    except (Forbidden, Unavailable) as error:
        return _door(link, framed=framed, error=error)
    location = f"/shared/{quote(secret)}/embed" if framed else f"/shared/{quote(secret)}"
    cookie = _cookie(services.settings, link, secret, key)
    return Response(b"", status_code=HTTPStatus.SEE_OTHER, headers={"location": location, **QUIET}, cookies=[cookie])


async def _enter(request: PageRequest, services: Services, secret: str, *, framed: bool = False) -> Response[bytes]:
    try:
        visit = await _visit(services, request, secret)
    except NotFound as error:
        return _gone(error)
    except Unauthenticated:
        return _door(await services.share_links.find(secret), framed=framed)
    link = visit.link
    end = "/embed" if framed else ""
    search = f"?{link.search.lstrip('?')}" if link.search else ""
    location = f"/shared/{quote(secret)}/{link.dashboard_id}{end}{search}"
    return Response(b"", status_code=HTTPStatus.SEE_OTHER, headers={"location": location, **QUIET})


def _page(app: PageDash, services: Services, *, framed: bool) -> HTTPRouteHandler:
    hashes, tiles = app.csp_hashes(), map_origin(services.settings.map_tiles)
    end = "/embed" if framed else ""

    @get(f"/shared/{{secret:str}}/{{dashboard_id:str}}{end}", name=f"shared_page{end}", include_in_schema=False)
    async def page(
        request: PageRequest, services: NamedDependency[Services], secret: FromPath[str], dashboard_id: FromPath[str]
    ) -> Response[bytes]:
        try:
            visit = await _visit(services, request, secret)
            opened = await services.dashboards.open(visit.actor, dashboard_id)
        except NotFound as error:
            return _gone(error)
        except Unauthenticated:
            return _door(await services.share_links.find(secret), framed=framed)
        await services.share_links.count(visit)
        context = {
            "actor": visit.actor,
            "link": visit.link,
            "fixed": [said_of(clause) for clause in visit.link.fixed],
            "framed": framed,
            "path": f"/shared/{secret}/{dashboard_id}",
            "project": None,
            "dashboard": opened.dashboard,
            "may_edit": False,
            "editable": False,
            "conditions": outlined_conditions(opened.dashboard, editable=False),
            "at": None,
            "dash": app.index_pieces(request),
            "days": _days(visit.link, services.share_links.now()),
        }
        policy = content_security_policy(hashes, inline_styles=True, tiles=tiles, ancestors=visit.link.origins)
        return Page(BOARD, context, headers={"content-security-policy": policy, **QUIET})

    return page


def _export(guard: Guard) -> HTTPRouteHandler:
    @post("/shared/{secret:str}/{dashboard_id:str}/tiles/{tile_id:str}/export", status_code=200,
          include_in_schema=False, guards=[guard], opt=FREE)  # fmt: skip
    async def export(
        data: URLEncodedBody[ExportForm],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        dashboard_id: FromPath[str],
        tile_id: FromPath[str],
    ) -> Stream:
        """The file of a tile under the filters of the page."""
        return await exported(services, actor, dashboard_id, tile_id, data)

    return export


def _image(guard: Guard) -> HTTPRouteHandler:
    @get("/shared/{secret:str}/{dashboard_id:str}/tiles/{tile_id:str}/image", media_type="image/*",
         include_in_schema=False, guards=[guard])  # fmt: skip
    async def image(
        request: PageRequest,
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        dashboard_id: FromPath[str],
        tile_id: FromPath[str],
        value: FromQuery[str],
        width: FromQuery[int | None] = None,
    ) -> Response[bytes]:
        """An image of a gallery, for the visitor whom the guard has let pass."""
        return await shown_image(request, services, actor, dashboard_id, tile_id, value, width)

    return image


def _door(link: ShareLink, *, framed: bool, error: Forbidden | Unavailable | None = None) -> Page:
    """The form that asks for the password; it says nothing of what lies behind."""
    fault = None if error is None else fault_of(error)
    policy = content_security_policy(ancestors=link.origins)
    context = {"gone": "", "message": fault.message if fault else "", "framed": framed}
    headers = {"content-security-policy": policy, **QUIET, **(fault.headers if fault else {})}
    return Page(DOOR, context, status_code=fault.status if fault else HTTPStatus.OK, headers=headers)


def _gone(error: NotFound) -> Page:
    context = {"gone": error.message, "message": "", "framed": False}
    return Page(DOOR, context, status_code=HTTPStatus.NOT_FOUND, headers=dict(QUIET))


def _cookie(settings: Settings, link: ShareLink, secret: str, key: str) -> Cookie:
    """In a frame on another site browsers send it only when it says so, and over TLS; each site has one of its own."""
    elsewhere = bool(link.origins) and settings.is_secure
    return Cookie(
        key=UNLOCKED,
        value=key,
        path=f"/shared/{quote(secret)}",
        httponly=True,
        secure=settings.is_secure,
        samesite="none" if elsewhere else "lax",
    )


def _days(link: ShareLink, at: datetime) -> int | None:
    """How many days the link still holds, for its visitors."""
    return None if link.expires_at is None else max(0, (link.expires_at - at).days)
