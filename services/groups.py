"""Groups: who is in one, who administers it, and which groups an actor brings along."""

from collections.abc import Callable, Iterable

import msgspec

from domain.access import Actor, Capability, Principal, PrincipalKind, capabilities, permit
from domain.audit import GROUP
from domain.errors import NotFound, Unauthenticated
from domain.groups import (
    INVISIBLE,
    Group,
    GroupAccess,
    GroupMember,
    check_reading,
    group_access,
    named,
    with_administrator,
    with_member,
    without_account,
    without_member,
)
from domain.wording import tr
from persistence.groups import GroupRepository
from persistence.mongo import new_id
from services.audit import Audit, recorded
from services.clock import Clock
from services.people import People
from services.projects import Projects
from services.saving import save


class Groups:
    """The use cases of groups. Every change is authorised anew, against the group as it is stored."""

    def __init__(
        self, groups: GroupRepository, people: People, projects: Projects, now: Clock, *, audit: Audit
    ) -> None:
        self.audit = audit
        self._groups = groups
        self._people = people
        self._projects = projects
        self._now = now

    async def joined(self, actor: Actor) -> Actor:
        """The same actor with the groups that they are in at this moment; for a request as it begins."""
        if actor.user_id is None:
            return actor
        return msgspec.structs.replace(actor, groups=await self._groups.ids_of_user(actor.user_id))

    async def mine(self, actor: Actor) -> list[Group]:
        """The groups that the actor is in, by name; all for administrators of the site."""
        user_id = _user_id(actor)
        check_reading(actor)
        rules_all = Capability.ADMIN_GROUPS in capabilities(actor, (), is_public=False)
        found = await (self._groups.all() if rules_all else self._groups.of_user(user_id))
        return sorted(found, key=lambda group: (group.name_key, group.id))

    async def open(self, actor: Actor, group_id: str) -> GroupAccess:
        """The proof that the actor may see the group.

        Raises:
            NotFound: when there is none, or they are not in it; the two are not told apart.
        """
        group = await self._groups.find(group_id)
        if group is None:
            raise NotFound(INVISIBLE)
        return group_access(actor, group)

    @recorded(GROUP, "make a group", "name")
    async def create(self, actor: Actor, name: str, description: str = "") -> Group:
        """A new group, whose only member and administrator is the actor.

        Raises:
            Unauthenticated: for a visitor who is not signed in.
            Invalid: when the name or the description cannot be used.
            Conflict: when there is a group of that name.
        """
        user_id, at = permit(actor, Capability.ACCOUNT_EDIT, tr("make a group")), self._now()
        empty = Group(id=new_id(), name="", name_key="", created_by=user_id, created_at=at, updated_at=at)
        group = named(empty, name, description)
        return await self._groups.add(
            msgspec.structs.replace(group, members=(user_id,), administrators=(user_id,)),
        )

    @recorded(GROUP, "rename the group", "name")
    async def rename(self, proof: GroupAccess, name: str, description: str) -> Group:
        """Give the group another name and description; `Conflict` when there is a group of that name."""
        return await self._change(proof, lambda group: named(group, name, description))

    async def members(self, proof: GroupAccess) -> list[GroupMember]:
        """Who is in the group: its administrators first."""
        users = await self._people.users(proof.group.members)
        members = [GroupMember(user, user.id in proof.group.administrators) for user in users.values()]
        return sorted(members, key=lambda one: (not one.is_administrator, one.user.email))

    @recorded(GROUP, "add a member to the group", "email")
    async def add_member(self, proof: GroupAccess, email: str) -> Group:
        """Take the account of that address into the group.

        Raises:
            NotFound: when nobody has such an account.
            Conflict: when they are in it already.
        """
        proof.require_managing()
        user = await self._people.user_by_email(email)
        return await self._change(proof, lambda group: with_member(group, user.id))

    @recorded(GROUP, "add a member to the group", "user_id")
    async def add_user(self, proof: GroupAccess, user_id: str) -> Group:
        """Take an account that was looked up into the group; errors as for `add_member`."""
        proof.require_managing()
        user = (await self._people.users([user_id])).get(user_id)
        if user is None or not user.is_active:
            raise NotFound(tr("Nobody has such an account."))
        return await self._change(proof, lambda group: with_member(group, user.id))

    @recorded(GROUP, "set who administers the group", "user_id", "is_administrator")
    async def set_administrator(self, proof: GroupAccess, user_id: str, *, is_administrator: bool) -> Group:
        """Let a member administer the group, or no longer; `Conflict` when they are its last administrator."""
        return await self._change(
            proof, lambda group: with_administrator(group, user_id, is_administrator=is_administrator)
        )

    @recorded(GROUP, "remove a member from the group", "user_id")
    async def remove_member(self, proof: GroupAccess, user_id: str) -> Group:
        """Take a member out, from the next request on. Everybody may leave by themselves.

        Raises:
            NotFound: when they are not in it.
            Conflict: when they are its last administrator.
        """
        leaves = proof.actor.user_id == user_id
        if leaves:
            proof.require_leaving()
        return await self._change(proof, lambda group: without_member(group, user_id), managing=not leaves)

    async def forget(self, user_id: str) -> None:
        """Take a deleted account out of every group. Asks for no permission: `Accounts.delete` has. May be repeated."""
        for group in await self._groups.of_user(user_id):
            if without_account(group, user_id) is None:
                await self._projects.withdraw(Principal(PrincipalKind.GROUP, group.id))
                await self._groups.remove(group.id)
            else:
                await self._forgotten(group.id, user_id)

    async def _forgotten(self, group_id: str, user_id: str) -> None:
        async def read() -> Group:
            found = await self._groups.find(group_id)
            if found is None:
                raise NotFound(INVISIBLE)
            return found

        def left(group: Group) -> Group:
            return without_account(group, user_id) or group

        await save(read, left, self._groups.replace)

    @recorded(GROUP, "delete the group")
    async def delete(self, proof: GroupAccess) -> None:
        """Delete the group; every project that was shared with it is no longer.

        The group itself goes last: after a crash it is still there, to be deleted again.
        """
        stored = await self.open(proof.actor, proof.group.id)
        stored.require_managing()
        await self._projects.withdraw(Principal(PrincipalKind.GROUP, stored.group.id))
        await self._groups.remove(stored.group.id)

    async def with_ids(self, ids: Iterable[str]) -> dict[str, Group]:
        """The groups with these ids; ids that none has are left out. Asks for no permission: grants name them."""
        return {group.id: group for group in await self._groups.with_ids(ids)}

    async def _change(self, proof: GroupAccess, rule: Callable[[Group], Group], *, managing: bool = True) -> Group:
        if managing:
            proof.require_managing()

        def authorised(group: Group) -> Group:
            if managing:
                group_access(proof.actor, group).require_managing()
            return rule(group)

        async def read() -> Group:
            return (await self.open(proof.actor, proof.group.id)).group

        async def write(group: Group) -> Group:
            return await self._groups.replace(msgspec.structs.replace(group, updated_at=self._now()))

        return await save(read, authorised, write)


def _user_id(actor: Actor) -> str:
    if actor.user_id is None:
        raise Unauthenticated(tr("Sign in first."))
    return actor.user_id
