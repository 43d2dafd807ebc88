"""The upkeep of one table: what putting files together and removing old versions would do, and doing it."""

from datetime import timedelta

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from domain.access import Capability
from domain.errors import Invalid
from domain.projects import Access
from domain.upkeep import retention_of
from domain.wording import tr, trn
from services.system import Services
from web.errors import fault_of
from web.render import Done, Page

PAGE = "projects/upkeep.html"
RESTORE = "projects/restore.html"
RETENTIONS = {
    "1h": tr("an hour"),
    "1d": tr("a day"),
    **{f"{days}d": trn("{n} day", "{n} days", days) for days in (7, 30, 90)},
}


class UpkeepPage(Controller):
    """`/projects/{project_id}/collections/{collection_id}/…`."""

    path = "/projects/{project_id:str}/collections/{collection_id:str}"

    @get("/upkeep")
    async def upkeep(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
        retention: FromQuery[str] = "7d",
    ) -> Page:
        access.require(Capability.DATA_INGEST)
        collection = await services.collections.get(access, collection_id)
        message, span = "", timedelta(days=7)
        try:
            span = retention_of(retention)
        except Invalid as error:
            fault = fault_of(error)
            message = f"{fault.message} {'; '.join(problem.message for problem in fault.problems)}"
        context = {
            "access": access,
            "collection": collection,
            "optimizing": await services.upkeep.plan_optimize(access, collection_id),
            "vacuuming": await services.upkeep.plan_vacuum(access, collection_id, span),
            "retention": retention,
            "retentions": RETENTIONS,
            "message": message,
        }
        return Page(PAGE, context, block="vacuum")

    @post("/optimize", status_code=200)
    async def optimize(
        self, access: NamedDependency[Access], services: NamedDependency[Services], collection_id: FromPath[str]
    ) -> Page:
        done = await services.upkeep.optimize(access, collection_id)
        await services.prepare(access)
        said = (
            trn("{n:,} small file became {into:,}.", "{n:,} small files became {into:,}.", done.files, into=done.into)
            if done.files
            else tr("There was nothing to do.")
        )
        return Done(_here(access, collection_id, "/upkeep"), said)

    @post("/vacuum", status_code=200)
    async def vacuum(
        self,
        data: URLEncodedBody[dict[str, str]],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
    ) -> Page:
        done = await services.upkeep.vacuum(access, collection_id, retention_of(data.get("retention", "")))
        said = trn("{n:,} file was removed.", "{n:,} files were removed.", done.files)
        return Done(_here(access, collection_id, "/upkeep"), said)

    @get("/versions/{version:int}/restore")
    async def confirm(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
        version: FromPath[int],
    ) -> Page:
        """What restoring the version will do."""
        plan = await services.upkeep.plan_restore(access, collection_id, version)
        collection = await services.collections.get(access, collection_id)
        return Page(RESTORE, {"access": access, "collection": collection, "plan": plan})

    @post("/versions/{version:int}/restore", status_code=200)
    async def restore(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
        version: FromPath[int],
    ) -> Page:
        done = await services.upkeep.restore(access, collection_id, version)
        await services.prepare(access)
        text = tr("Version {number} is restored, as version {new}.", number=version, new=done.table_version)
        return Done(_here(access, collection_id), text)


def _here(access: Access, collection_id: str, part: str = "") -> str:
    return f"/projects/{access.project.id}/collections/{collection_id}{part}"
