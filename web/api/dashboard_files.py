"""REST: dashboards as dashboard files, in both directions, and copies beside them."""

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from domain.dashboards import Dashboard
from domain.projects import Access
from services.dashboards import DashboardAccess
from services.system import Services
from web.api.problems import READING, WRITING
from web.downloads import attachment

YAML = "application/yaml"


class DashboardText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The text of a dashboard file, in YAML."""

    text: str


class DashboardFilesApi(Controller):
    """`/dashboards/{dashboard_id}`: taken along, and copied."""

    path = "/dashboards/{dashboard_id:str}"
    tags = ["Dashboard files"]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/file", summary="Export a dashboard file", responses=READING, media_type=YAML)
    async def file(
        self, opened: NamedDependency[DashboardAccess], services: NamedDependency[Services]
    ) -> Response[str]:
        """Write the dashboard as YAML, of which an import makes the same tiles."""
        headers = attachment(f"{opened.dashboard.title}.yaml")
        return Response(await services.copies.file(opened), media_type=YAML, headers=headers)

    @post("/duplicate", summary="Duplicate a dashboard", responses=WRITING)
    async def duplicate(
        self, opened: NamedDependency[DashboardAccess], services: NamedDependency[Services]
    ) -> Dashboard:
        """Make a copy beside the dashboard."""
        return await services.copies.duplicate(opened)


class ProjectDashboardFilesApi(Controller):
    """`/projects/{project_id}/dashboards/file`."""

    path = "/projects/{project_id:str}/dashboards/file"
    tags = ["Dashboard files"]  # noqa: RUF012 -- Litestar reads class attributes.

    @post("/", summary="Import a dashboard file", responses=WRITING)
    async def read(
        self,
        data: JSONBody[DashboardText],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
    ) -> Dashboard:
        """Make a dashboard of a file; every fault is named with its place, and nothing is made then."""
        return await services.copies.read(access, data.text)
