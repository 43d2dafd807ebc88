"""The lineage of a project: a drawing on its page, and a page of its own."""

from litestar import Controller, get
from litestar.di import NamedDependency

from domain.projects import Access
from services.system import Services
from web.lineage import drawn_lineage
from web.render import Page


class LineagePage(Controller):
    """`/projects/{project_id}/lineage`."""

    path = "/projects/{project_id:str}/lineage"

    @get("/")
    async def lineage(self, access: NamedDependency[Access], services: NamedDependency[Services]) -> Page:
        drawing = drawn_lineage(await services.lineages.of(access))
        has_links = any(one.edge.is_link for one in drawing.edges)
        context = {"access": access, "drawing": drawing, "has_links": has_links}
        return Page("projects/lineage.html", context, block="lineage")
