"""One project, open to whoever may see it: its overview and its data collections."""

from typing import Any

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from domain.access import Actor, Capability, PrincipalKind
from domain.collections import DataCollection, RowsPage
from domain.errors import Invalid
from domain.ingests import IngestRecord
from domain.joins import behind_sides, fan_out_words
from domain.looks import HINTS, Look, look_of
from domain.projects import Access
from services.system import Services
from web.errors import fault_of
from web.render import Page

FIRST_MEMBERS = 5
PREVIEW_ROWS = 25
LATEST_INGESTS = 6
SHOWN_INGESTS = 20


class ProjectPage(Controller):
    """`/projects/{project_id}`."""

    path = "/projects/{project_id:str}"

    @get("/")
    async def overview(self, access: NamedDependency[Access], services: NamedDependency[Services]) -> Page:
        members = await services.projects.members(access, most=FIRST_MEMBERS) if access.is_member else []
        people = sum(grant.principal.kind is PrincipalKind.USER for grant in access.project.grants)
        source = access.project.source
        context = {
            "access": access,
            "collections": await services.collections.all(access),
            "dashboards": await services.dashboards.of_project(access),
            "members": members,
            "more_members": people - len(members),
            "workflows": source.workflows if source else (),
            "links": source.links if source else (),
            "run_workflows": await services.runs.workflows(access),
            "ingests": (await services.ingestion.log(access))[:LATEST_INGESTS] if access.is_member else [],
        }
        return Page("projects/overview.html", context)

    @get("/collections/{collection_id:str}")
    async def collection(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
        request: Request[Actor, str | None, Any],
        version: FromQuery[int | None] = None,
        offset: FromQuery[int] = 0,
    ) -> Page:
        access.require(Capability.DATA_VIEW)
        collection = await services.collections.get(access, collection_id)
        look = look_of(dict(request.query_params))
        context: dict[str, object] = {
            "access": access,
            "collection": collection,
            "rows": None,
            "versions": [],
            "version": version,
            "changes": None,
            "look": look,
            "hints": HINTS,
            "ingests": await _ingests(access, services, collection),
            "message": "",
            **await _joined(access, services, collection),
        }
        if collection.table_version is not None:
            context["versions"] = await services.collections.versions(access, collection_id)
            context |= await _rows(access, services, collection, look, offset=max(offset, 0), version=version)
            if version is not None and version < collection.table_version:
                context["changes"] = await services.collections.compare(
                    access, collection_id, version, collection.table_version
                )
        return Page("projects/collection.html", context, block="preview")


async def _joined(access: Access, services: Services, collection: DataCollection) -> dict[str, object]:
    """Of a join: which sides changed since it was made, and whether it multiplied rows."""
    if collection.joined is None:
        return {}
    versions = {one.id: one.table_version for one in await services.collections.all(access)}
    return {"behind": behind_sides(collection.joined, versions), "multiplied": fan_out_words(collection.joined)}


async def _rows(
    access: Access, services: Services, collection: DataCollection, look: Look, *, offset: int, version: int | None
) -> dict[str, object]:
    """The rows of the page; what cannot be read of the filters is said instead of any rows."""
    try:
        rows = await services.previews.page(
            access, collection.id, look, offset=offset, limit=PREVIEW_ROWS, version=version
        )
    except Invalid as error:
        columns = (await services.collections.rows(access, collection.id, limit=0, version=version)).columns
        fault = fault_of(error)
        reasons = [f"{problem.place} {problem.message}".strip() for problem in fault.problems]
        return {
            "rows": RowsPage(columns, [], offset=0, total=0),
            "message": f"{fault.message} {'; '.join(reasons)}".strip(),
        }
    return {"rows": rows, "message": ""}


async def _ingests(access: Access, services: Services, collection: DataCollection) -> list[IngestRecord]:
    """What ingests did to the collection, newest first; for members, as it names them."""
    if not access.is_member:
        return []
    log = await services.ingestion.log(access)
    mine = (collection.workflow, collection.tag)
    return [one for one in log if (one.report.workflow, one.report.tag) == mine][:SHOWN_INGESTS]
