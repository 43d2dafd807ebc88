"""REST: groups and their members."""

from datetime import datetime

import msgspec
from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from domain.access import Actor
from domain.groups import Group, GroupAccess, GroupMember
from domain.listing import Wanted
from services.system import Services
from web.api.lists import Part, part_of
from web.api.problems import WRITING, failures
from web.pages.groups import provide_group
from web.security.identity import signed_in

READING = failures(401, 403, 404, 422)


class NamedGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a group is called and what it is for."""

    name: str
    description: str = ""


class NewGroupMember(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to take into a group."""

    email: str


class WantedAdministrator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether a member shall administer the group."""

    is_administrator: bool


class GroupSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A group in a list."""

    id: str
    name: str
    description: str
    members: int
    created_at: datetime
    updated_at: datetime


class GroupMemberDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A member of a group."""

    user_id: str
    email: str
    display_name: str
    is_administrator: bool


class GroupDetails(GroupSummary, frozen=True, kw_only=True):
    """A group with who is in it."""

    people: list[GroupMemberDetails]


class GroupsApi(Controller):
    """`/groups`."""

    path = "/groups"
    tags = ["Groups"]  # noqa: RUF012 -- Litestar reads class attributes.
    guards = [signed_in]  # noqa: RUF012

    @get("/", summary="List groups", responses=READING)
    async def index(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], asked: NamedDependency[Wanted]
    ) -> Part[GroupSummary]:
        """List the groups that you are in, by name; all for an administrator of the installation."""
        return part_of([group_summary(group) for group in await services.groups.mine(actor)], asked)

    @post("/", summary="Create a group", responses=WRITING)
    async def create(
        self, data: JSONBody[NamedGroup], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> GroupDetails:
        """Create a group; you are its first member and administrator."""
        group = await services.groups.create(actor, data.name, data.description)
        return await _details(services, actor, group.id)


class GroupApi(Controller):
    """`/groups/{group_id}`."""

    path = "/groups/{group_id:str}"
    tags = ["Groups"]  # noqa: RUF012 -- Litestar reads class attributes.
    guards = [signed_in]  # noqa: RUF012
    dependencies = {"group": Provide(provide_group)}  # noqa: RUF012

    @get("/", summary="Read a group", responses=READING)
    async def read(self, group: NamedDependency[GroupAccess], services: NamedDependency[Services]) -> GroupDetails:
        """Show a group that you are in."""
        return await _details(services, group.actor, group.group.id)

    @put("/", summary="Rename a group", responses=WRITING)
    async def rename(
        self, data: JSONBody[NamedGroup], group: NamedDependency[GroupAccess], services: NamedDependency[Services]
    ) -> GroupDetails:
        """Give a group another name and description."""
        await services.groups.rename(group, data.name, data.description)
        return await _details(services, group.actor, group.group.id)

    @delete("/", summary="Delete a group", responses=WRITING)
    async def remove(self, group: NamedDependency[GroupAccess], services: NamedDependency[Services]) -> None:
        """Delete a group; projects that were shared with it are no longer."""
        await services.groups.delete(group)

    @post("/members", summary="Add a group member", responses=WRITING)
    async def add_member(
        self, data: JSONBody[NewGroupMember], group: NamedDependency[GroupAccess], services: NamedDependency[Services]
    ) -> GroupDetails:
        """Take the account of an e-mail address into the group."""
        await services.groups.add_member(group, data.email)
        return await _details(services, group.actor, group.group.id)

    @put("/members/{user_id:str}", summary="Set a group administrator", responses=WRITING)
    async def set_administrator(
        self,
        data: JSONBody[WantedAdministrator],
        group: NamedDependency[GroupAccess],
        services: NamedDependency[Services],
        user_id: FromPath[str],
    ) -> GroupDetails:
        """Let a member administer the group, or no longer. A group keeps at least one administrator."""
        await services.groups.set_administrator(group, user_id, is_administrator=data.is_administrator)
        return await _details(services, group.actor, group.group.id)

    @delete("/members/{user_id:str}", summary="Remove a group member", responses=WRITING)
    async def remove_member(
        self, group: NamedDependency[GroupAccess], services: NamedDependency[Services], user_id: FromPath[str]
    ) -> None:
        """Take a member out, or leave. What was shared with the group ends for them at once."""
        await services.groups.remove_member(group, user_id)


async def _details(services: Services, actor: Actor, group_id: str) -> GroupDetails:
    opened = await services.groups.open(actor, group_id)
    people = [_member(member) for member in await services.groups.members(opened)]
    return GroupDetails(**msgspec.structs.asdict(group_summary(opened.group)), people=people)


def _member(member: GroupMember) -> GroupMemberDetails:
    user = member.user
    return GroupMemberDetails(
        user_id=user.id, email=user.email, display_name=user.display_name, is_administrator=member.is_administrator
    )


def group_summary(group: Group) -> GroupSummary:
    return GroupSummary(
        id=group.id,
        name=group.name,
        description=group.description,
        members=len(group.members),
        created_at=group.created_at,
        updated_at=group.updated_at,
    )
