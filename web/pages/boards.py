"""The pages of a dashboard: Dash's viewer and editor in the same frame as every other page."""

from collections.abc import Callable, Sequence
from typing import Any

from litestar import Response, Router, get
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler
from litestar.handlers.base import BaseRouteHandler
from litestar.params import FromPath
from litestar.types import Guard

from dash_views import apps
from dash_views.backend import PageDash, component_router
from dash_views.pulse import pulse_router, undo_router
from dash_views.round_trip import answers_router
from dash_views.whole_condition import outlined_conditions
from domain.access import Actor, Capability
from domain.errors import Forbidden, NotFound, Unauthenticated
from domain.settings import map_origin
from domain.wording import tr
from services.dashboards import AT, DashboardAccess
from services.system import Services
from web.errors import answer
from web.pages.saved_views import opening_of
from web.pages.shared import shared_routes
from web.render import Page, PageRequest
from web.security.cookies import csrf_name
from web.security.csp import content_security_policy
from web.security.identity import Connection, was_signed_in

TEMPLATE = "dashboards/board.html"
SIGNED_OUT = tr("You have been signed out. Sign in again.")


def board_routes(services: Services) -> Sequence[Router | HTTPRouteHandler]:
    """The pages and the routes of both Dash apps, which are made here, once."""
    cookie = csrf_name(services.settings)
    viewer, editor = apps.viewer(cookie), apps.editor(cookie)
    needs = {viewer: Capability.DASHBOARD_VIEW, editor: Capability.DASHBOARD_EDIT}
    routers = [app.router(inject=apps.INJECTED, guards=[_guard(services, needs[app])]) for app in needs]
    routers += [answers_router(app.page_prefix, dependencies={"opened": _opened(needs[app])}) for app in needs]
    refused = dict.fromkeys((Forbidden, NotFound), _refused(services))
    routers += [pulse_router(app.page_prefix, editable=app is editor, exception_handlers=refused) for app in needs]
    routers += [undo_router(editor.page_prefix, guards=[_guard(services, needs[editor])])]
    tiles = services.settings.map_tiles
    return [_page(viewer, "", needs[viewer], tiles), _page(editor, "/edit", needs[editor], tiles),
            component_router(viewer, editor), *routers, *shared_routes(services)]  # fmt: skip


def _guard(services: Services, capability: Capability) -> Guard:
    """Let pass to an app's layout, dependencies and callbacks who may open its page."""

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        await _let_in(services, connection, connection.path_params["dashboard_id"], capability)

    return guard


def _refused(services: Services) -> Callable[[PageRequest, Exception], Response[Any]]:
    """The answer to who may not ask: when their session is over, signing in again helps them."""

    def refused(request: PageRequest, error: Exception) -> Response[Any]:
        return answer(request, Unauthenticated(SIGNED_OUT) if was_signed_in(services, request) else error)

    return refused


def _opened(capability: Capability) -> Provide:
    """The dashboard of the address for who may open its page, read once for each request."""

    async def opened(
        request: PageRequest, services: NamedDependency[Services], dashboard_id: FromPath[str]
    ) -> DashboardAccess:
        return await _let_in(services, request, dashboard_id, capability)

    return Provide(opened)


async def _let_in(
    services: Services, connection: Connection, dashboard_id: str, capability: Capability
) -> DashboardAccess:
    """The dashboard for who may open its page.

    Raises:
        Unauthenticated: when they may not because their session is over: signing in again helps them.
    """
    try:
        opened = await services.dashboards.open(connection.user, dashboard_id)
        opened.access.require(capability)
    except (Forbidden, NotFound):
        if was_signed_in(services, connection):
            raise Unauthenticated(SIGNED_OUT) from None
        raise
    return opened


async def _at(services: Services, actor: Actor, dashboard_id: str) -> dict[str, object] | None:
    """What the banner of an old version says; None for the present one."""
    plain_id, sign, number = dashboard_id.partition(AT)
    if not sign:
        return None
    opened = await services.dashboards.open(actor, plain_id)
    edit = await services.history.edit_of(opened.access, plain_id, int(number))
    return {"number": int(number), "edit": edit, "current": opened.dashboard.version, "id": plain_id}


def _page(app: PageDash, suffix: str, capability: Capability, tiles: str) -> HTTPRouteHandler:
    policy = content_security_policy(app.csp_hashes(), inline_styles=True, tiles=map_origin(tiles))

    @get(f"/dashboards/{{dashboard_id:str}}{suffix}", name=f"{app.config.name}_page", include_in_schema=False)
    async def page(
        request: PageRequest,
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        dashboard_id: FromPath[str],
    ) -> Page:
        opened = await _let_in(services, request, dashboard_id, capability)
        context = {
            "project": opened.access.project,
            "dashboard": opened.dashboard,
            "may_edit": opened.access.may(Capability.DASHBOARD_EDIT),
            "editable": capability is Capability.DASHBOARD_EDIT,
            "conditions": outlined_conditions(opened.dashboard, editable=capability is Capability.DASHBOARD_EDIT),
            "at": await _at(services, actor, dashboard_id),
            "dash": app.index_pieces(request),
            "opening": await opening_of(
                request,
                services,
                opened,
                dashboard_id=dashboard_id,
                editable=capability is Capability.DASHBOARD_EDIT,
            ),
        }
        return Page(TEMPLATE, context, headers={"content-security-policy": policy})

    return page
