"""What is looked up of one data collection after its page is there, because it takes a look at all of its table."""

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from domain.access import Capability
from domain.errors import NotFound, Unavailable
from domain.projects import Access
from services.system import Services
from web.pages.paging import cut
from web.render import Page
from web.sketches import HEIGHT, WIDTH, drawing

VALUES = "projects/collection_values.html"
FILES = "projects/collection_files.html"


class CollectionPage(Controller):
    """`/projects/{project_id}/collections/{collection_id}`: its parts, each a page of its own without scripts."""

    path = "/projects/{project_id:str}/collections/{collection_id:str}"

    @get("/values")
    async def values(
        self, access: NamedDependency[Access], services: NamedDependency[Services], collection_id: FromPath[str]
    ) -> Page:
        """What the values of each column are like."""
        access.require(Capability.DATA_VIEW)
        collection = await services.collections.get(access, collection_id)
        context = {"access": access, "collection": collection, "message": "", "lines": [], "box": (WIDTH, HEIGHT)}
        try:
            found = await services.queries.sketches(access, collection_id)
        except (NotFound, Unavailable) as error:
            return Page(VALUES, {**context, "message": error.message}, block="values")
        context["lines"] = [
            (column, sketch.profile, drawing(sketch))
            for sketch in found
            if (column := collection.column(sketch.profile.column)) is not None
        ]
        return Page(VALUES, context, block="values")

    @get("/files")
    async def files(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
        page: FromQuery[int] = 1,
    ) -> Page:
        """The runs and files that the table was made of."""
        access.require(Capability.DATA_VIEW)
        collection = await services.collections.get(access, collection_id)
        runs = await services.collections.runs(access, collection_id)
        context = {
            "access": access,
            "collection": collection,
            "part": cut(runs, page),
            "files": sum(len(run.files) for run in runs),
        }
        return Page(FILES, context, block="files")
