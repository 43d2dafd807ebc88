"""REST: the upkeep of tables."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from domain.projects import Access
from domain.upkeep import Optimizing, Restoring, Vacuuming, retention_of
from services.system import Services
from web.api.problems import WRITING


class UpkeepApi(Controller):
    """`/projects/{project_id}/collections/{collection_id}/…`: each act can be asked what it would do."""

    path = "/projects/{project_id:str}/collections/{collection_id:str}"
    tags = ["Data collections"]  # noqa: RUF012 -- Litestar reads class attributes.

    @post("/versions/{version:int}/restore", summary="Restore a table version", status_code=200, responses=WRITING)
    async def restore(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
        version: FromPath[int],
        dry_run: FromQuery[bool] = False,  # noqa: FBT002 -- a query parameter.
    ) -> Restoring:
        """Make the table what it was in that version, as a new version; with `dry_run` only say what that would do."""
        if dry_run:
            return await services.upkeep.plan_restore(access, collection_id, version)
        done = await services.upkeep.restore(access, collection_id, version)
        await services.prepare(access)
        return done

    @post("/optimize", summary="Optimize a table", status_code=200, responses=WRITING)
    async def optimize(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
        dry_run: FromQuery[bool] = False,  # noqa: FBT002 -- a query parameter.
    ) -> Optimizing:
        """Put the table's small files together; with `dry_run` only say which."""
        if dry_run:
            return await services.upkeep.plan_optimize(access, collection_id)
        done = await services.upkeep.optimize(access, collection_id)
        await services.prepare(access)
        return done

    @post("/vacuum", summary="Vacuum a table", status_code=200, responses=WRITING)
    async def vacuum(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
        retention: FromQuery[str] = "7d",
        dry_run: FromQuery[bool] = False,  # noqa: FBT002 -- a query parameter.
    ) -> Vacuuming:
        """Remove the files of versions that were replaced longer ago than `retention` (`36h`, `7d`, `2w`).

        Versions to which a dashboard is pinned stay. With `dry_run` only say what would be removed.
        """
        span = retention_of(retention)
        if dry_run:
            return await services.upkeep.plan_vacuum(access, collection_id, span)
        return await services.upkeep.vacuum(access, collection_id, span)
