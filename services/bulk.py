"""Acts of administrators on several accounts or sessions at once. Each part of one is a row of the audit."""

from collections.abc import Iterable

import msgspec

from domain.access import Actor, Capability, permit
from domain.bulk import BulkAct, BulkPlan, Planned, checked_ids, planned
from domain.errors import Conflict, NotFound
from domain.wording import tr
from persistence.people import UserRepository
from services.overview import LiveSession, Overview
from services.people import People


class BulkActs:
    """The use cases; each is for administrators."""

    def __init__(self, people: People, overview: Overview, users: UserRepository) -> None:
        self._people = people
        self._overview = overview
        self._users = users

    async def plan(self, actor: Actor, act: BulkAct, ids: Iterable[str]) -> BulkPlan:
        """What the act would do to the accounts with these ids; ids that none has are left out.

        Raises:
            Forbidden: for all but administrators.
            Invalid: for no account, or more than 200.
        """
        own = permit(actor, Capability.ADMIN_USERS, tr("look after several accounts"))
        users = await self._users.with_ids(checked_ids(ids))
        administrators = await self._users.administrators()
        return planned(act, users, own, [one.id for one in administrators])

    async def accounts(self, actor: Actor, act: BulkAct, ids: Iterable[str]) -> BulkPlan:
        """Do it, one account after the other; who turns out to be gone or the last administrator is left out.

        Errors as for `plan`.
        """
        plan = await self.plan(actor, act, ids)
        people = [one if one.reason else await self._one(actor, act, one) for one in plan.people]
        return BulkPlan(act, tuple(people))

    async def sessions(self, actor: Actor, ids: Iterable[str]) -> list[LiveSession]:
        """Those of these sessions that are not over; errors as for `plan`."""
        permit(actor, Capability.ADMIN_USERS, tr("see everybody's sessions"))
        return await self._overview.live(actor, checked_ids(ids))

    async def end_sessions(self, actor: Actor, ids: Iterable[str]) -> list[LiveSession]:
        """Sign these browsers out: those that it was done to; one that is over meanwhile is left out."""
        ended = []
        for one in await self.sessions(actor, ids):
            try:
                await self._overview.end_session(actor, one.user_id, one.id)
            except NotFound:
                continue
            ended.append(one)
        return ended

    async def _one(self, actor: Actor, act: BulkAct, one: Planned) -> Planned:
        try:
            if act is BulkAct.REVOKE:
                await self._people.revoke_access(actor, one.id)
            else:
                await self._people.set_active(actor, one.id, is_active=act is BulkAct.REOPEN)
        except (Conflict, NotFound) as error:
            return msgspec.structs.replace(one, reason=error.message)
        return one
