"""The dashboards that somebody may see, and those of one project with creation, renaming and deletion."""

from itertools import groupby

import msgspec
from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from domain.access import Actor, Capability
from domain.errors import Conflict, Invalid
from domain.projects import Access
from domain.wording import tr
from services.system import Services
from web.pages.paging import matches
from web.pages.projects import refused
from web.render import Done, Page
from web.security.identity import signed_in

OF_PROJECT = "projects/dashboards.html"


class DashboardForm(msgspec.Struct, frozen=True):
    title: str = ""
    subtitle: str = ""
    version: int = 0


class DashboardsPage(Controller):
    """`/dashboards`."""

    path = "/dashboards"
    guards = [signed_in]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/")
    async def index(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], q: FromQuery[str] = ""
    ) -> Page:
        visible = await services.dashboards.visible(actor)
        found = [pair for pair in visible if matches(q, pair[0].name, pair[1].title, pair[1].subtitle)]
        ordered = sorted(found, key=lambda pair: (pair[0].name.casefold(), pair[0].id, pair[1].title.casefold()))
        groups = [
            (project, [dashboard for _, dashboard in pairs])
            for project, pairs in groupby(ordered, key=lambda pair: pair[0])
        ]
        return Page("dashboards/index.html", {"groups": groups, "q": q, "any": bool(visible)}, block="dashboard_list")


class ProjectDashboardsPage(Controller):
    """`/projects/{project_id}/dashboards`."""

    path = "/projects/{project_id:str}/dashboards"
    guards = [signed_in]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/")
    async def index(self, access: NamedDependency[Access], services: NamedDependency[Services]) -> Page:
        return Page(OF_PROJECT, await dashboards_context(services, access), block="dashboards")

    @post("/")
    async def create(
        self, data: URLEncodedBody[DashboardForm], access: NamedDependency[Access], services: NamedDependency[Services]
    ) -> Page:
        access.require(Capability.DASHBOARD_CREATE)
        try:
            dashboard = await services.dashboards.create(access, data.title, data.subtitle)
        except (Invalid, Conflict) as error:
            return refused(OF_PROJECT, data, error, **await dashboards_context(services, access))
        said = tr("The dashboard {title} is ready for its first tile.", title=dashboard.title)
        return Done(f"/dashboards/{dashboard.id}/edit", said)

    @post("/{dashboard_id:str}")
    async def rename(
        self,
        data: URLEncodedBody[DashboardForm],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        dashboard_id: FromPath[str],
    ) -> Page:
        await services.dashboards.rename(access, dashboard_id, data.title, data.subtitle, data.version)
        return await _changed(services, access, tr("The dashboard is renamed."))

    @delete("/{dashboard_id:str}", status_code=200)
    async def remove(
        self, access: NamedDependency[Access], services: NamedDependency[Services], dashboard_id: FromPath[str]
    ) -> Page:
        await services.dashboards.delete(access, dashboard_id)
        return await _changed(services, access, tr("The dashboard is deleted."))

    @post("/{dashboard_id:str}/delete")
    async def remove_by_form(
        self, access: NamedDependency[Access], services: NamedDependency[Services], dashboard_id: FromPath[str]
    ) -> Page:
        """Delete, for browsers without scripts: their forms know no DELETE."""
        await services.dashboards.delete(access, dashboard_id)
        return await _changed(services, access, tr("The dashboard is deleted."))


async def dashboards_context(services: Services, access: Access) -> dict[str, object]:
    """What the list of a project's dashboards shows."""
    dashboards = await services.dashboards.of_project(access)
    return {
        "access": access,
        "dashboards": dashboards,
        "form": DashboardForm(),
        "problems": {},
        "message": "",
        "importing": False,
    }


async def _changed(services: Services, access: Access, text: str) -> Page:
    location = f"/projects/{access.project.id}/dashboards"
    return Done(location, text, OF_PROJECT, await dashboards_context(services, access), block="dashboards")
