"""The application: pages, REST, static files and whatever routes are given, over one set of services."""

from collections.abc import Sequence

from litestar import Litestar, Router
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template import TemplateConfig
from litestar.types import ControllerRouterHandler

from services.system import Services
from web.api.routes import api_router, openapi_config
from web.edge import Edge
from web.errors import answer
from web.files import Assets, favicon, static_file
from web.formats import template_environment
from web.pages.account import AccountPage
from web.pages.accounts import AccountsPage
from web.pages.administration import AuditPages
from web.pages.batches import BatchesPage
from web.pages.bulk import BulkPages
from web.pages.collection import CollectionPage
from web.pages.copies import DashboardCopiesPage, ProjectCopiesPage
from web.pages.dashboards import DashboardsPage, ProjectDashboardsPage
from web.pages.docs import ApiDocsPage
from web.pages.exports import export_tile
from web.pages.groups import GroupPage, GroupsPage
from web.pages.health import HealthPage
from web.pages.history import HistoryPage
from web.pages.image_sets import ImageSetPage
from web.pages.inbox import InboxPages
from web.pages.invitations import InvitationsPage
from web.pages.jobs import JobsPage, SiteJobsPage
from web.pages.lineage import LineagePage
from web.pages.lost_columns import LostColumnsPage
from web.pages.members import MembersPage
from web.pages.overview import OverviewPages
from web.pages.pins import PinsPage
from web.pages.profile import ProfilePage
from web.pages.project import ProjectPage
from web.pages.projects import ProjectsPage
from web.pages.provider import ProviderPage
from web.pages.registration import RegistrationPage
from web.pages.runs import RunsPages
from web.pages.share_links import ShareLinksPage
from web.pages.sharing import SharingPage, sharing_address
from web.pages.sign_in import SignInPage
from web.pages.site import SitePage
from web.pages.theme import set_theme
from web.pages.thumbnails import thumbnail_route
from web.pages.tile_images import tile_image
from web.pages.tokens import TokensPage
from web.pages.upkeep import UpkeepPage
from web.pages.uploads import UploadsPage
from web.provide import dependencies
from web.security.csrf import Csrf
from web.security.identity import identified

MAX_BODY_BYTES = 16 * 1024 * 1024

PAGES: tuple[ControllerRouterHandler, ...] = (
    SignInPage,
    ProjectsPage,
    ProjectPage,
    CollectionPage,
    UpkeepPage,
    UploadsPage,
    BatchesPage,
    JobsPage,
    MembersPage,
    SharingPage,
    sharing_address,
    ShareLinksPage,
    GroupsPage,
    GroupPage,
    DashboardsPage,
    ProjectDashboardsPage,
    DashboardCopiesPage,
    ProjectCopiesPage,
    HistoryPage,
    PinsPage,
    LostColumnsPage,
    ProfilePage,
    AccountsPage,
    AccountPage,
    InvitationsPage,
    ProviderPage,
    RegistrationPage,
    TokensPage,
    InboxPages,
    AuditPages,
    OverviewPages,
    SiteJobsPage,
    LineagePage,
    RunsPages,
    ImageSetPage,
    BulkPages,
    SitePage,
    ApiDocsPage,
    HealthPage,
    export_tile,
    tile_image,
    set_theme,
    static_file,
    favicon,
)


def create_app(services: Services, extra_routes: Sequence[ControllerRouterHandler] = ()) -> Litestar:
    """The application over these services.

    `extra_routes` get the same identification, guards, CSRF check, headers and errors as every other route.
    """
    csrf = Csrf(services.settings)
    assets = Assets()
    pages = [*PAGES, thumbnail_route(services), *extra_routes]
    app = Litestar(
        route_handlers=[Router("/", route_handlers=pages, include_in_schema=False), api_router()],
        dependencies=dependencies(services, assets),
        guards=[identified, csrf.guard],
        exception_handlers={Exception: answer},
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(template_environment(assets.url))),
        openapi_config=openapi_config(),
        request_max_body_size=MAX_BODY_BYTES,
        logging_config=None,
        debug=False,
    )
    app.asgi_handler = Edge(app.asgi_handler, services, csrf)
    return app
