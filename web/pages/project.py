"""One project, open to whoever may see it: its overview and its data collections."""

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from domain.access import Capability
from domain.projects import Access
from services.system import Services
from web.render import Page

PREVIEW_ROWS = 25
LATEST_INGESTS = 6


class ProjectPage(Controller):
    """`/projects/{project_id}`."""

    path = "/projects/{project_id:str}"

    @get("/")
    async def overview(self, access: NamedDependency[Access], services: NamedDependency[Services]) -> Page:
        members = await services.projects.members(access) if access.is_member else []
        source = access.project.source
        context = {
            "access": access,
            "collections": await services.collections.all(access),
            "dashboards": await services.dashboards.of_project(access),
            "members": members,
            "workflows": source.workflows if source else (),
            "links": source.links if source else (),
            "ingests": (await services.ingestion.log(access))[:LATEST_INGESTS] if access.is_member else [],
        }
        return Page("projects/overview.html", context)

    @get("/collections/{collection_id:str}")
    async def collection(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
        version: FromQuery[int | None] = None,
        offset: FromQuery[int] = 0,
    ) -> Page:
        access.require(Capability.DATA_VIEW)
        collection = await services.collections.get(access, collection_id)
        context: dict[str, object] = {
            "access": access,
            "collection": collection,
            "rows": None,
            "versions": [],
            "version": version,
            "changes": None,
        }
        if collection.table_version is not None:
            context["versions"] = await services.collections.versions(access, collection_id)
            context["rows"] = await services.collections.rows(
                access, collection_id, offset=max(offset, 0), limit=PREVIEW_ROWS, version=version
            )
            if version is not None and version < collection.table_version:
                context["changes"] = await services.collections.compare(
                    access, collection_id, version, collection.table_version
                )
        return Page("projects/collection.html", context, block="preview")
