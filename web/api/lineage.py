"""REST: the lineage of a project."""

from litestar import Controller, get
from litestar.di import NamedDependency

from domain.lineage import Lineage
from domain.projects import Access
from services.system import Services
from web.api.problems import READING


class LineageApi(Controller):
    """`/projects/{project_id}/lineage`."""

    path = "/projects/{project_id:str}/lineage"
    tags = ["Data collections"]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/", summary="Read the lineage", responses=READING)
    async def read(self, access: NamedDependency[Access], services: NamedDependency[Services]) -> Lineage:
        """Read from which files each table is made, which joins, and which dashboards show them."""
        return await services.lineages.of(access)
