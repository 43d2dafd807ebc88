"""REST: dashboards as dashboard files, in both directions, and copies beside them."""

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody

from domain.access import Actor
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


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What stands for one collection of the dashboard in the other project; `lost` are the columns that are missing."""

    collection_id: str
    tag: str
    tiles: int
    columns: list[str]
    stands: str | None
    by_columns: bool
    lost: list[str]


class CopyPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the other project for every collection that the dashboard shows."""

    collections: list[Standing]


class WantedCopy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A copy in another project. `stands` names collections there by those of the dashboard; others are found."""

    project_id: str
    stands: dict[str, str] = {}
    move: bool = False


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

    @get("/copies", summary="Plan a copy in another project", responses=READING)
    async def plan(
        self,
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        project_id: FromQuery[str],
    ) -> CopyPlan:
        """Say which collection of that project would stand for each of the dashboard's, by tag or by columns."""
        found = await services.copies.plan(opened, await services.projects.open(actor, project_id))
        matches = [
            Standing(
                collection_id=one.source_id,
                tag=one.source_name,
                tiles=one.tiles,
                columns=list(one.used),
                stands=one.target_id,
                by_columns=one.by_columns,
                lost=list(one.lost),
            )
            for one in found.matches
        ]
        return CopyPlan(collections=matches)

    @post("/copies", summary="Copy or move a dashboard", responses=WRITING)
    async def copy(
        self,
        data: JSONBody[WantedCopy],
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
    ) -> Dashboard:
        """Make the dashboard in another project, once all its data is found there; with `move` it leaves its own."""
        target = await services.projects.open(actor, data.project_id)
        return await services.copies.copy(opened, target, data.stands, move=data.move)


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
