"""Finding people and groups to share with, as somebody types, without showing who all has an account.

The rule: only those who may share a project, or administer a group, look anybody up; by at least three letters with
which a name, a last name, an address or the name of a group begins; no more than eight are shown; an address is shown
in full only to whoever typed all of it; and nobody looks up more than 300 times in a quarter of an hour.
"""

from datetime import timedelta
from math import ceil

from domain.access import Actor, Capability, Principal, PrincipalKind
from domain.errors import Unavailable
from domain.groups import Group, GroupAccess
from domain.people import User
from domain.projects import Access
from domain.sharing import Found
from domain.text import search_key
from domain.wording import tr, trn
from persistence.groups import GroupRepository
from persistence.mongo import new_id
from persistence.people import UserRepository
from persistence.throttle import Attempt, AttemptRepository
from services.clock import Clock

LEAST_LETTERS = 3
MOST_FOUND = 8
MOST_LOOKED_AT = 200
WINDOW = timedelta(minutes=15)
MOST_LOOKUPS = 300


class Directory:
    """The use cases of looking somebody up."""

    def __init__(self, users: UserRepository, groups: GroupRepository, attempts: AttemptRepository, now: Clock) -> None:
        self._users = users
        self._groups = groups
        self._attempts = attempts
        self._now = now

    async def for_project(self, access: Access, text: str) -> list[Found]:
        """People and groups with whom the project is not shared yet.

        Raises:
            Forbidden: without `project:share`.
            Unavailable: after too many look-ups, with `retry_after`.
        """
        access.require(Capability.PROJECT_SHARE)
        key = search_key(text)
        if len(key) < LEAST_LETTERS:
            return []
        await self._count(access.actor)
        known = {grant.principal for grant in access.project.grants}
        groups = [_found_group(group) for group in await self._groups.starting_with(key, MOST_LOOKED_AT)]
        found = [*groups, *await self._people(text)]
        return [one for one in found if one.principal not in known][:MOST_FOUND]

    async def for_group(self, proof: GroupAccess, text: str) -> list[Found]:
        """People who are not in the group; errors as for projects, for all but its administrators."""
        proof.require_managing()
        if len(search_key(text)) < LEAST_LETTERS:
            return []
        await self._count(proof.actor)
        return [one for one in await self._people(text) if one.principal.id not in proof.group.members][:MOST_FOUND]

    async def _people(self, text: str) -> list[Found]:
        address = text.strip().lower()
        users = await self._users.starting_with(address, search_key(text), MOST_LOOKED_AT)
        active = sorted((user for user in users if user.is_active), key=lambda user: (user.name_key, user.email))
        return [_found_user(user, address) for user in active]

    async def _count(self, actor: Actor) -> None:
        at = self._now()
        key = f"directory:{actor.user_id}"
        counting = await self._attempts.counting(key, at)
        if len(counting) >= MOST_LOOKUPS:
            wait = max(1, ceil((counting[0].expires_at - at).total_seconds()))
            raise Unavailable(tr("You have looked up a great many people. Write the whole address instead."), wait)
        await self._attempts.add(Attempt(id=new_id(), key=key, at=at, expires_at=at + WINDOW))


def _found_user(user: User, address: str) -> Found:
    local, _, host = user.email.partition("@")
    detail = user.email if address == user.email else f"{local[0]}…@{host}"
    return Found(Principal(PrincipalKind.USER, user.id), user.display_name, detail)


def _found_group(group: Group) -> Found:
    detail = trn("Group of {n} person", "Group of {n} people", len(group.members))
    return Found(Principal(PrincipalKind.GROUP, group.id), group.name, detail)
