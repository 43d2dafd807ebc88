"""The REST interface as a whole: its routes below `/api/v1` and its OpenAPI document."""

from litestar import Router
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from web.api.accounts import AccountsApi, UsersApi
from web.api.administration import AdministrationApi
from web.api.bulk import BulkApi
from web.api.collections import CollectionsApi
from web.api.dashboard_files import DashboardFilesApi, ProjectDashboardFilesApi
from web.api.dashboards import DashboardsApi, ProjectDashboardsApi, provide_opened
from web.api.discussions import CommentsApi, NotesApi
from web.api.exports import TileExportsApi
from web.api.groups import GroupApi, GroupsApi
from web.api.image_sets import ImageSetsApi
from web.api.images import ImagesApi
from web.api.inbox import InboxApi
from web.api.ingests import IngestsApi, RegistrationApi
from web.api.invitations import InvitationsApi, ProjectInvitationsApi
from web.api.jobs import JobsApi, SiteJobsApi
from web.api.lineage import LineageApi
from web.api.lists import provide_asked
from web.api.lost_columns import LostColumnsApi
from web.api.my_account import MyAccountApi
from web.api.overview import OverviewApi
from web.api.people import PeopleApi
from web.api.pins import PinsApi
from web.api.projects import ProjectsApi
from web.api.questions import ProjectQuestionsApi, TileQuestionsApi
from web.api.runs import RunsApi
from web.api.saved_views import DefaultViewsApi, SavedViewsApi
from web.api.share_links import ShareLinksApi
from web.api.sharing import SharingApi
from web.api.upkeep import UpkeepApi
from web.api.users import NewUsersApi
from web.api.versions import VersionsApi

PREFIX = "/api/v1"
API_VERSION = "1"
DESCRIPTION = "Projects, data collections and dashboards of this installation."


def api_router() -> Router:
    """Everything below `/api/v1`."""
    return Router(
        PREFIX,
        route_handlers=[
            PeopleApi,
            MyAccountApi,
            AccountsApi,
            UsersApi,
            NewUsersApi,
            InvitationsApi,
            ProjectInvitationsApi,
            ProjectsApi,
            SharingApi,
            GroupsApi,
            GroupApi,
            CollectionsApi,
            UpkeepApi,
            ImagesApi,
            RegistrationApi,
            IngestsApi,
            JobsApi,
            ProjectDashboardsApi,
            DashboardsApi,
            ShareLinksApi,
            CommentsApi,
            InboxApi,
            NotesApi,
            DashboardFilesApi,
            ProjectDashboardFilesApi,
            VersionsApi,
            PinsApi,
            LostColumnsApi,
            SavedViewsApi,
            DefaultViewsApi,
            TileQuestionsApi,
            TileExportsApi,
            ProjectQuestionsApi,
            AdministrationApi,
            OverviewApi,
            SiteJobsApi,
            LineageApi,
            RunsApi,
            ImageSetsApi,
            BulkApi,
        ],
        dependencies={"opened": Provide(provide_opened), "asked": Provide(provide_asked, sync_to_thread=False)},
        security=[{"bearer": []}],
    )


def openapi_config() -> OpenAPIConfig:
    """The OpenAPI document; pages are left out of it, and it is rendered by `/api/docs`."""
    return OpenAPIConfig(
        title="Depictio",
        version=API_VERSION,
        description=DESCRIPTION,
        path="/api/schema",
        render_plugins=[JsonRenderPlugin()],
        components=Components(
            security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT")}
        ),
        create_examples=False,
        use_handler_docstrings=True,
    )
