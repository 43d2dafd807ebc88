"""REST: the data of single tiles, under filters."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from domain.projects import Access
from domain.questions import DashboardQuestion, ProjectQuestion, TileAnswer
from services.dashboards import DashboardAccess
from services.system import Services
from web.api.problems import failures
from web.security.identity import signed_in

ASKING = failures(401, 403, 404, 422)


class TileQuestionsApi(Controller):
    """`/dashboards/{dashboard_id}/tiles/{tile_id}/answer`."""

    path = "/dashboards/{dashboard_id:str}/tiles/{tile_id:str}/answer"
    tags = ["Questions"]  # noqa: RUF012 -- Litestar reads class attributes.
    guards = [signed_in]  # noqa: RUF012

    @post("/", summary="Ask a tile", status_code=200, responses=ASKING)
    async def ask(
        self,
        data: JSONBody[DashboardQuestion],
        opened: NamedDependency[DashboardAccess],
        services: NamedDependency[Services],
        tile_id: FromPath[str],
    ) -> TileAnswer:
        """Compute what a tile of a dashboard shows under these filters; of a table, one page."""
        return await services.questions.of_dashboard(opened, tile_id, data)


class ProjectQuestionsApi(Controller):
    """`/projects/{project_id}/query`."""

    path = "/projects/{project_id:str}/query"
    tags = ["Questions"]  # noqa: RUF012 -- Litestar reads class attributes.
    guards = [signed_in]  # noqa: RUF012

    @post("/", summary="Ask a project's data", status_code=200, responses=ASKING)
    async def ask(
        self, data: JSONBody[ProjectQuestion], access: NamedDependency[Access], services: NamedDependency[Services]
    ) -> TileAnswer:
        """Compute what the tile of a component, written as in a dashboard file, would show under these filters."""
        return await services.questions.of_project(access, data)
