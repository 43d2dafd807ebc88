"""The upkeep of tables as kinds of jobs."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import msgspec

from domain.access import Capability
from domain.jobs import JobKind, Result
from domain.projects import Access
from domain.upkeep import retention_of
from domain.wording import tr
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


T = TypeVar("T", RestoreOrder, OptimizeOrder, VacuumOrder)
Act = Callable[[Access, T], Awaitable[object]]


def upkeep_kinds(upkeep: Upkeep) -> Kinds:
    """The kinds, by their names."""
    return {
        JobKind.RESTORE: _kind(
            upkeep,
            JobKind.RESTORE,
            RestoreOrder,
            title=lambda order: tr("Restore version {version}", version=order.version),
            plan=lambda access, order: upkeep.plan_restore(access, order.collection_id, order.version),
            act=lambda access, order: upkeep.restore(access, order.collection_id, order.version),
        ),
        JobKind.OPTIMIZE: _kind(
            upkeep,
            JobKind.OPTIMIZE,
            OptimizeOrder,
            title=lambda _: tr("Put small files together"),
            plan=lambda access, order: upkeep.plan_optimize(access, order.collection_id),
            act=lambda access, order: upkeep.optimize(access, order.collection_id),
        ),
        JobKind.VACUUM: _kind(
            upkeep,
            JobKind.VACUUM,
            VacuumOrder,
            title=lambda _: tr("Remove files of old versions"),
            plan=lambda access, order: upkeep.plan_vacuum(access, order.collection_id, order.span),
            act=lambda access, order: upkeep.vacuum(access, order.collection_id, order.span),
        ),
    }


def _kind(
    upkeep: Upkeep, name: JobKind, order_type: type[T], *, title: Callable[[T], str], plan: Act[T], act: Act[T]
) -> Kind[T]:
    """A kind whose `plan` refuses at once what its `act` could not do."""

    async def about(access: Access, order: T, _job_id: str) -> About:
        await plan(access, order)
        tag = await upkeep.tag(access, order.collection_id)
        # The lane of its ingests: never both at once.
        lane = f"{access.project.id}/{tag}"
        return About(title=f"{title(order)}: {tag}", lane=lane, collection_id=order.collection_id)

    async def run(access: Access, order: T, _job_id: str, _compute: Compute) -> Result:
        await act(access, order)
        return Result(collection_id=order.collection_id)

    return Kind(name=name, order=order_type, capability=Capability.DATA_INGEST, about=about, run=run, abandon=_nothing)


async def _nothing(_access: Access, _order: object, _job_id: str) -> None:
    """A commit is whole or not there; files that a killed vacuum has left are found by the next one."""
