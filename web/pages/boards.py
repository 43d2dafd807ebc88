"""The pages of a dashboard: Dash's viewer and editor in the same frame as every other page."""

from collections.abc import Sequence

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from dash_views import apps
from dash_views.backend import PageDash, component_router
from domain.access import Actor, Capability
from services.system import Services
from web.render import Page, PageRequest
from web.security.cookies import csrf_name
from web.security.csp import content_security_policy

TEMPLATE = "dashboards/board.html"


def board_routes(services: Services) -> Sequence[Router | HTTPRouteHandler]:
    """The pages and the routes of both Dash apps, which are made here, once."""
    cookie = csrf_name(services.settings)
    viewer, editor = apps.viewer(cookie), apps.editor(cookie)
    routers = [app.router(inject=apps.INJECTED) for app in (viewer, editor)]
    return [_page(viewer, "", Capability.DASHBOARD_VIEW), _page(editor, "/edit", Capability.DASHBOARD_EDIT),
            component_router(viewer, editor), *routers]  # fmt: skip


def _page(app: PageDash, suffix: str, capability: Capability) -> HTTPRouteHandler:
    policy = content_security_policy(app.csp_hashes(), inline_styles=True)

    @get(f"/dashboards/{{dashboard_id:str}}{suffix}", name=f"{app.config.name}_page", include_in_schema=False)
    async def page(
        request: PageRequest,
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        dashboard_id: FromPath[str],
    ) -> Page:
        opened = await services.dashboards.open(actor, dashboard_id)
        opened.access.require(capability)
        context = {"dashboard": opened.dashboard, "dash": app.index_pieces(request)}
        return Page(TEMPLATE, context, headers={"content-security-policy": policy})

    return page
