"""REST: acts of administrators on several accounts or sessions at once."""

import msgspec
from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from domain.access import Actor
from domain.bulk import BulkAct, Planned
from services.overview import LiveSession
from services.system import Services
from web.api.problems import failures
from web.security.identity import administrator

ACTING = failures(401, 403, 422)


class WantedAct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to do to which accounts, 200 at most; with `dry_run` it is only said what would be done."""

    act: BulkAct
    ids: list[str]
    dry_run: bool = False


class WantedEnd(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sessions to end, 200 at most."""

    ids: list[str]


class BulkResult(msgspec.Struct, frozen=True):
    """To whom it was done, or would be, and who was left as they were and why."""

    done: tuple[Planned, ...]
    refused: tuple[Planned, ...]


class BulkApi(Controller):
    """`/admin/users/bulk` and `/admin/sessions/bulk`."""

    path = "/admin"
    tags = ["Administration"]  # noqa: RUF012 -- Litestar reads class attributes.
    guards = [administrator]  # noqa: RUF012

    @post("/users/bulk", summary="Close, reopen or sign out accounts", status_code=200, responses=ACTING)
    async def accounts(
        self, data: JSONBody[WantedAct], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> BulkResult:
        """Do the same to several accounts. Your own and the last administrator's are left as they are."""
        doing = services.bulk.plan if data.dry_run else services.bulk.accounts
        plan = await doing(actor, data.act, data.ids)
        return BulkResult(plan.done, plan.refused)

    @post("/sessions/bulk", summary="End several sessions", status_code=200, responses=ACTING)
    async def sessions(
        self, data: JSONBody[WantedEnd], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> list[LiveSession]:
        """Sign out browsers; the answer lists those that it was done to, without those that were over."""
        return await services.bulk.end_sessions(actor, data.ids)
