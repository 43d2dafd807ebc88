"""REST: with whom a project is shared, who owns it, and why somebody may do what."""

import msgspec
from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from domain.access import Capability, Principal, PrincipalKind, Role
from domain.errors import NotFound
from domain.listing import Wanted
from domain.projects import Access, Member
from domain.sharing import Shares
from domain.wording import tr
from services.system import Services
from web.api.lists import Part, part_of
from web.api.problems import READING, WRITING, failures
from web.api.views import MemberDetails, member_details
from web.security.identity import signed_in

PERSON = ["/sharing/users/{user_id:str}", "/members/{user_id:str}"]
"""Two addresses of the same thing: the second is from before groups could share a project."""


class WantedRole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The role that somebody shall have."""

    role: Role


class NewMember(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to share the project with."""

    email: str
    role: Role


class WantedOwner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The member who shall own the project."""

    user_id: str


class GroupShareDetails(msgspec.Struct, frozen=True):
    """A group and its role in a project."""

    group_id: str
    name: str
    members: int
    role: Role


class SharesDetails(msgspec.Struct, frozen=True):
    """Everybody with whom a project is shared; who is invited stands under `/invitations`."""

    members: list[MemberDetails]
    groups: list[GroupShareDetails]


class FoundDetails(msgspec.Struct, frozen=True):
    """Somebody, or a group, with whom the project can be shared."""

    kind: PrincipalKind
    id: str
    name: str
    detail: str


class ReasonDetails(msgspec.Struct, frozen=True):
    """A grant that counts, in words, and what it gives."""

    origin: str
    role: Role | None
    capabilities: list[Capability]


class WhyDetails(msgspec.Struct, frozen=True):
    """What a user may do in a project, and through which grants."""

    user_id: str
    capabilities: list[Capability]
    reasons: list[ReasonDetails]


class SharingApi(Controller):
    """`/projects/{project_id}/sharing` and `/members`, which are the people in it."""

    path = "/projects/{project_id:str}"
    tags = ["Sharing"]  # noqa: RUF012 -- Litestar reads class attributes.
    guards = [signed_in]  # noqa: RUF012

    @get("/sharing", summary="List with whom a project is shared", responses=WRITING)
    async def index(self, access: NamedDependency[Access], services: NamedDependency[Services]) -> SharesDetails:
        """List members and groups; for members of the project only."""
        return _details(await services.sharing.shares(access))

    @get("/sharing/people", summary="Find people and groups", responses=failures(401, 403, 404, 422, 429))
    async def people(
        self, access: NamedDependency[Access], services: NamedDependency[Services], asked: NamedDependency[Wanted]
    ) -> Part[FoundDetails]:
        """Find up to eight by at least three letters with which a name or an address begins."""
        found = await services.directory.for_project(access, asked.q)
        people = [FoundDetails(one.principal.kind, one.principal.id, one.name, one.detail) for one in found]
        return part_of(people, msgspec.structs.replace(asked, q=""))

    @get("/members", summary="List members", responses=WRITING)
    async def members(
        self, access: NamedDependency[Access], services: NamedDependency[Services], asked: NamedDependency[Wanted]
    ) -> Part[MemberDetails]:
        """List the people who share the project, owners first; for its members only."""
        return part_of([member_details(member) for member in await services.projects.members(access)], asked)

    @post("/members", summary="Add a member", responses=WRITING)
    async def add(
        self, data: JSONBody[NewMember], access: NamedDependency[Access], services: NamedDependency[Services]
    ) -> MemberDetails:
        """Share the project with the account of an e-mail address."""
        await services.projects.add_member(access, data.email, data.role)
        user = await services.people.user_by_email(data.email)
        return member_details(Member(user, data.role))

    @put(PERSON, summary="Share with a person", responses=WRITING)
    async def share_with_user(
        self,
        data: JSONBody[WantedRole],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        user_id: FromPath[str],
    ) -> MemberDetails:
        """Give a person this role, whether or not they had another. A project keeps at least one owner."""
        await services.sharing.share(access, Principal(PrincipalKind.USER, user_id), data.role)
        users = await services.people.users([user_id])
        if user_id not in users:
            raise NotFound(tr("That person has no account any more."))
        return member_details(Member(users[user_id], data.role))

    @delete(PERSON, summary="Share with a person no longer", responses=WRITING)
    async def remove_user(
        self, access: NamedDependency[Access], services: NamedDependency[Services], user_id: FromPath[str]
    ) -> None:
        """Take a person out of the project. A project keeps at least one owner."""
        await services.sharing.withdraw(access, Principal(PrincipalKind.USER, user_id))

    @put("/sharing/groups/{group_id:str}", summary="Share with a group", responses=WRITING)
    async def share_with_group(
        self,
        data: JSONBody[WantedRole],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        group_id: FromPath[str],
    ) -> None:
        """Give everybody in a group this role, whether or not it had another."""
        await services.sharing.share(access, Principal(PrincipalKind.GROUP, group_id), data.role)

    @delete("/sharing/groups/{group_id:str}", summary="Share with a group no longer", responses=WRITING)
    async def remove_group(
        self, access: NamedDependency[Access], services: NamedDependency[Services], group_id: FromPath[str]
    ) -> None:
        """Take a group out of the project."""
        await services.sharing.withdraw(access, Principal(PrincipalKind.GROUP, group_id))

    @put("/owner", summary="Hand a project over", responses=WRITING)
    async def transfer(
        self, data: JSONBody[WantedOwner], access: NamedDependency[Access], services: NamedDependency[Services]
    ) -> SharesDetails:
        """Make a member the owner; you stay as an editor."""
        await services.sharing.transfer(access, data.user_id)
        now = await services.projects.open(access.actor, access.project.id)
        return _details(await services.sharing.shares(now))

    @get("/why/{user_id:str}", summary="Why somebody may do what", responses={**READING, **failures(403)})
    async def why(
        self, access: NamedDependency[Access], services: NamedDependency[Services], user_id: FromPath[str]
    ) -> WhyDetails:
        """Show which grants give a user which capabilities; everybody may ask about themselves."""
        found = await services.sharing.why(access, user_id)
        reasons = [ReasonDetails(one.origin, one.role, sorted(one.capabilities)) for one in found.reasons]
        return WhyDetails(found.user_id, sorted(found.capabilities), reasons)


def _details(shares: Shares) -> SharesDetails:
    return SharesDetails(
        [member_details(member) for member in shares.members],
        [GroupShareDetails(one.group.id, one.group.name, len(one.group.members), one.role) for one in shares.groups],
    )
