"""REST: dashboards and their tiles."""

import msgspec
from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, UnsetType

from domain.access import Actor
from domain.dashboards import Dashboard
from domain.errors import Invalid, Problem
from domain.listing import Wanted
from domain.pins import Pin
from domain.projects import Access
from domain.tabs import Breakpoint, Section, Tab
from domain.tiles import Tile
from domain.wording import tr
from services.dashboards import DashboardAccess
from services.system import Services
from web.api.lists import Part, part_of
from web.api.problems import READING, WRITING
from web.api.views import DashboardSummary, dashboard_summary
from web.security.identity import signed_in


class NewDashboard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A dashboard to create, without tiles."""

    title: str
    subtitle: str = ""


class DashboardContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A whole dashboard, made from the `version` that was read; the keys of `tiles` are their ids.

    Tabs, sections, breakpoints, pins and the condition that are left out stay as they are.
    """

    version: int
    title: str
    subtitle: str = ""
    tiles: dict[str, Tile]
    tabs: tuple[Tab, ...] | UnsetType = UNSET
    grid_sections: tuple[Section, ...] | UnsetType = UNSET
    filter_sections: tuple[Section, ...] | UnsetType = UNSET
    breakpoints: tuple[Breakpoint, ...] | UnsetType = UNSET
    filter_expr: str | UnsetType = UNSET
    pins: dict[str, Pin] | UnsetType = UNSET


class ProjectDashboardsApi(Controller):
    """`/projects/{project_id}/dashboards`."""

    path = "/projects/{project_id:str}/dashboards"
    tags = ["Dashboards"]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/", summary="List a project's dashboards", responses=READING)
    async def index(
        self, access: NamedDependency[Access], services: NamedDependency[Services], asked: NamedDependency[Wanted]
    ) -> Part[DashboardSummary]:
        """List the dashboards of a project, by title."""
        found = await services.dashboards.of_project(access)
        return part_of([dashboard_summary(dashboard) for dashboard in found], asked)

    @post("/", summary="Create a dashboard", responses=WRITING)
    async def create(
        self, data: JSONBody[NewDashboard], access: NamedDependency[Access], services: NamedDependency[Services]
    ) -> Dashboard:
        """Create a dashboard without tiles."""
        return await services.dashboards.create(access, data.title, data.subtitle)


async def provide_opened(
    services: NamedDependency[Services], actor: NamedDependency[Actor], dashboard_id: FromPath[str]
) -> DashboardAccess:
    """Open the dashboard of the address; an invisible one is NotFound."""
    return await services.dashboards.open(actor, dashboard_id)


class DashboardsApi(Controller):
    """`/dashboards`."""

    path = "/dashboards"
    tags = ["Dashboards"]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/", summary="List dashboards", responses=READING, guards=[signed_in])
    async def index(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], asked: NamedDependency[Wanted]
    ) -> Part[DashboardSummary]:
        """List all dashboards that you may see, the last changed first."""
        found = await services.dashboards.visible(actor)
        return part_of([dashboard_summary(dashboard) for _, dashboard in found], asked)

    @get("/{dashboard_id:str}", summary="Read a dashboard", responses=READING)
    async def read(self, opened: NamedDependency[DashboardAccess]) -> Dashboard:
        """Show a dashboard with its tiles and its version."""
        return opened.dashboard

    @put("/{dashboard_id:str}", summary="Save a dashboard", responses=WRITING)
    async def replace(
        self,
        data: JSONBody[DashboardContent],
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
    ) -> Dashboard:
        """Save title, subtitle, tabs and all tiles; a stale `version` is a conflict, and nothing is saved."""
        given = {name: value for name, value in msgspec.structs.asdict(data).items() if value is not UNSET}
        changed = msgspec.structs.replace(opened.dashboard, **given)
        return await services.dashboards.replace(opened.access, changed)

    @delete("/{dashboard_id:str}", summary="Delete a dashboard", responses=WRITING)
    async def remove(self, opened: NamedDependency[DashboardAccess], services: NamedDependency[Services]) -> None:
        """Delete a dashboard."""
        await services.dashboards.delete(opened.access, opened.dashboard.id)

    @post("/{dashboard_id:str}/tiles", summary="Add a tile", responses=WRITING)
    async def add_tile(
        self, data: JSONBody[Tile], opened: NamedDependency[DashboardAccess], services: NamedDependency[Services]
    ) -> Dashboard:
        """Add a tile where there is room; without an `id` it is given one."""
        return await services.dashboards.add_tile(opened.access, opened.dashboard.id, data)

    @put("/{dashboard_id:str}/tiles/{tile_id:str}", summary="Save a tile", responses=WRITING)
    async def replace_tile(
        self,
        data: JSONBody[Tile],
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        tile_id: FromPath[str],
    ) -> Dashboard:
        """Save a tile, made from the `version` that it names; its place stays."""
        if data.id not in {"", tile_id}:
            problem = Problem("id", tr("is {id}, but the address says {tile}", id=data.id, tile=tile_id))
            raise Invalid(tr("The tile cannot be saved."), (problem,))
        tile = msgspec.structs.replace(data, id=tile_id)
        return await services.dashboards.replace_tile(opened.access, opened.dashboard.id, tile)

    @delete("/{dashboard_id:str}/tiles/{tile_id:str}", summary="Delete a tile", status_code=200, responses=WRITING)
    async def remove_tile(
        self, opened: NamedDependency[DashboardAccess], services: NamedDependency[Services], tile_id: FromPath[str]
    ) -> Dashboard:
        """Take a tile out; the answer is the dashboard without it."""
        return await services.dashboards.remove_tile(opened.access, opened.dashboard.id, tile_id)
