"""What is looked up of one data collection after its page is there, because it takes a look at all of its table."""

from typing import Any

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from domain.access import Capability
from domain.collections import FILE_COLUMN
from domain.errors import NotFound, Unavailable
from domain.projects import Access
from domain.wording import tr
from services.system import Services
from web.drawings import outlines, tree
from web.pages.paging import cut
from web.render import Page
from web.sketches import HEIGHT, WIDTH, drawing

VALUES = "projects/collection_values.html"
FILES = "projects/collection_files.html"
DRAWING = "projects/collection_drawing.html"
DRAWN = {"phylogeny": tree, "geojson": outlines}
"""The types that have a drawing."""
MOST_DRAWN = 2_000
TOO_MANY = tr("It has more than 2 000 parts, which are too many to be drawn here. Its rows are below.")


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

    @get("/drawing")
    async def drawing(
        self, access: NamedDependency[Access], services: NamedDependency[Services], collection_id: FromPath[str]
    ) -> Page:
        """A tree or boundaries as they look; a collection of another type has no drawing."""
        access.require(Capability.DATA_VIEW)
        collection = await services.collections.get(access, collection_id)
        if collection.kind not in DRAWN:
            raise NotFound(tr("The data collection {collection!r} has no drawing.", collection=collection.tag))
        context: dict[str, Any] = {"access": access, "collection": collection, "drawn": None, "of": "", "message": ""}
        try:
            found = await services.collections.rows(access, collection_id, limit=MOST_DRAWN + 1)
        except Unavailable as error:
            return Page(DRAWING, {**context, "message": error.message}, block="drawing")
        rows = found.rows
        if collection.kind == "phylogeny":
            # A table has the trees of all its files, one after the other.
            rows = [row for row in rows if row[FILE_COLUMN] == rows[0][FILE_COLUMN]]
            context["of"] = rows[0][FILE_COLUMN] if rows else ""
        if not rows or len(rows) > MOST_DRAWN:
            message = TOO_MANY if rows else tr("There is nothing to draw yet.")
            return Page(DRAWING, {**context, "message": message}, block="drawing")
        context["drawn"] = DRAWN[collection.kind](rows)
        return Page(DRAWING, context, block="drawing")

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
