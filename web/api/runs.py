"""REST: the runs that a workflow's tables were made of."""

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from domain.projects import Access
from domain.run_lists import PAGE_LENGTH, RunDetail, RunsPage, RunsWanted
from services.system import Services
from web.api.problems import READING


class RunsApi(Controller):
    """`/projects/{project_id}/runs`."""

    path = "/projects/{project_id:str}/runs"
    tags = ["Data collections"]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/", summary="List runs", responses=READING)
    async def runs(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        workflow: FromQuery[str],
        q: FromQuery[str] = "",
        sort: FromQuery[str] = "-changed",
        after: FromQuery[str] = "",
        limit: FromQuery[int] = PAGE_LENGTH,
    ) -> RunsPage:
        """List the runs of a workflow with what the last ingests did to each; `next` is given as `after`."""
        return await services.runs.page(access, workflow, RunsWanted(q=q, sort=sort, after=after, limit=limit))

    @get("/one", summary="Read a run", responses=READING)
    async def run(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        workflow: FromQuery[str],
        name: FromQuery[str],
    ) -> RunDetail:
        """Read the files of a run by collection, what was refused of it, and what ingests did to it."""
        return await services.runs.get(access, workflow, name)
