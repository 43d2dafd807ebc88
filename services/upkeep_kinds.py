"""The upkeep of tables as kinds of jobs."""

from datetime import timedelta

import msgspec

from domain.access import Capability
from domain.jobs import JobKind, Result
from domain.projects import Access
from domain.upkeep import retention_of
from services.computing import Compute
from services.job_kinds import About, Kind, Kinds
from services.upkeep import Upkeep


class RestoreOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A collection's table is to be what it was in `version`, and the joins of it are to follow."""

    collection_id: str
    version: int


class OptimizeOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The small files of a collection's table are to be put together."""

    collection_id: str


class VacuumOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The files of versions that were replaced longer ago than `retention` (`36h`, `7d`, `2w`) are to be removed."""

    collection_id: str
    retention: str = "7d"

    @property
    def span(self) -> timedelta:
        """The retention; `Invalid` when it cannot be used."""
        return retention_of(self.retention)


def upkeep_kinds(upkeep: Upkeep) -> Kinds:
    """The kinds, by their names."""
    return {
        JobKind.RESTORE: _restore(upkeep),
        JobKind.OPTIMIZE: _optimize(upkeep),
        JobKind.VACUUM: _vacuum(upkeep),
    }


def _restore(upkeep: Upkeep) -> Kind[RestoreOrder]:
    async def about(access: Access, order: RestoreOrder, _job_id: str) -> About:
        await upkeep.plan_restore(access, order.collection_id, order.version)
        return await _about(upkeep, access, order.collection_id, f"Restore version {order.version}: {{}}")

    async def run(access: Access, order: RestoreOrder, _job_id: str, _compute: Compute) -> Result:
        await upkeep.restore(access, order.collection_id, order.version)
        return Result(collection_id=order.collection_id)

    return Kind(
        name=JobKind.RESTORE,
        order=RestoreOrder,
        capability=Capability.DATA_INGEST,
        about=about,
        run=run,
        abandon=_nothing,
    )


def _optimize(upkeep: Upkeep) -> Kind[OptimizeOrder]:
    async def about(access: Access, order: OptimizeOrder, _job_id: str) -> About:
        await upkeep.plan_optimize(access, order.collection_id)
        return await _about(upkeep, access, order.collection_id, "Put small files together: {}")

    async def run(access: Access, order: OptimizeOrder, _job_id: str, _compute: Compute) -> Result:
        await upkeep.optimize(access, order.collection_id)
        return Result(collection_id=order.collection_id)

    return Kind(
        name=JobKind.OPTIMIZE,
        order=OptimizeOrder,
        capability=Capability.DATA_INGEST,
        about=about,
        run=run,
        abandon=_nothing,
    )


def _vacuum(upkeep: Upkeep) -> Kind[VacuumOrder]:
    async def about(access: Access, order: VacuumOrder, _job_id: str) -> About:
        await upkeep.plan_vacuum(access, order.collection_id, order.span)
        return await _about(upkeep, access, order.collection_id, "Remove files of old versions: {}")

    async def run(access: Access, order: VacuumOrder, _job_id: str, _compute: Compute) -> Result:
        await upkeep.vacuum(access, order.collection_id, order.span)
        return Result(collection_id=order.collection_id)

    return Kind(
        name=JobKind.VACUUM,
        order=VacuumOrder,
        capability=Capability.DATA_INGEST,
        about=about,
        run=run,
        abandon=_nothing,
    )


async def _about(upkeep: Upkeep, access: Access, collection_id: str, title: str) -> About:
    tag = await upkeep.tag(access, collection_id)
    # The lane of its ingests: never both at once.
    return About(title=title.format(tag), lane=f"{access.project.id}/{tag}", collection_id=collection_id)


async def _nothing(_access: Access, _order: object, _job_id: str) -> None:
    """A commit is whole or not there; files that a killed vacuum has left are found by the next one."""
