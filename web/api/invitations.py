"""REST: invitations, to this installation and to a project."""

from datetime import datetime

import msgspec
from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from domain.access import Actor, Role
from domain.accounts import Waiting
from domain.listing import Wanted
from domain.projects import Access
from services.invitations import Invited
from services.system import Services
from web.api.lists import Part, part_of
from web.api.problems import READING, WRITING, failures
from web.api.sharing import WantedRole
from web.pages.invitations import invitation_link
from web.security.identity import signed_in


class WantedInvitation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to invite."""

    email: str


class WantedMember(WantedInvitation, frozen=True, forbid_unknown_fields=True):
    """Whom to invite, and the role that they will hold."""

    role: Role


class InvitationDetails(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation that waits. `role` is of one to a project; `invited_by` is a name."""

    email: str
    role: Role | None
    invited_by: str
    created_at: datetime
    expires_at: datetime


class MadeInvitation(InvitationDetails, frozen=True, kw_only=True):
    """A new invitation. Its link is in this answer and nowhere else.

    It is empty where administrators alone open accounts: then the role waits until they do.
    """

    link: str


class InvitationsApi(Controller):
    """`/invitations`, for administrators."""

    path = "/invitations"
    tags = ["Administration"]  # noqa: RUF012 -- Litestar reads class attributes.
    guards = [signed_in]  # noqa: RUF012

    @get("/", summary="List invitations", responses={**READING, **failures(403)})
    async def index(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], asked: NamedDependency[Wanted]
    ) -> Part[InvitationDetails]:
        """List the invitations to this installation that wait, by address."""
        return part_of([invitation_details(one) for one in await services.invitations.pending(actor)], asked)

    @post("/", summary="Invite somebody", responses=WRITING)
    async def invite(
        self, data: JSONBody[WantedInvitation], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> MadeInvitation:
        """Make a link with which the owner of an address opens an account; an earlier one ends."""
        return _made(services, actor, await services.invitations.invite(actor, data.email))

    @delete("/{email:str}", summary="Withdraw an invitation", responses=WRITING)
    async def withdraw(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], email: FromPath[str]
    ) -> None:
        """End the invitation of an address."""
        await services.invitations.withdraw(actor, email)


class ProjectInvitationsApi(Controller):
    """`/projects/{project_id}/invitations`."""

    path = "/projects/{project_id:str}/invitations"
    tags = ["Projects"]  # noqa: RUF012 -- Litestar reads class attributes.
    guards = [signed_in]  # noqa: RUF012

    @get("/", summary="List a project's invitations", responses={**READING, **failures(403)})
    async def index(
        self, services: NamedDependency[Services], access: NamedDependency[Access], asked: NamedDependency[Wanted]
    ) -> Part[InvitationDetails]:
        """List the invitations to a project that wait, by address."""
        return part_of([invitation_details(one) for one in await services.invitations.pending_to(access)], asked)

    @post("/", summary="Invite somebody to a project", responses=WRITING)
    async def invite(
        self, data: JSONBody[WantedMember], services: NamedDependency[Services], access: NamedDependency[Access]
    ) -> MadeInvitation:
        """Have a role wait for an address, with a link that opens its account; an earlier invitation of it ends."""
        return _made(services, access.actor, await services.invitations.invite_to(access, data.email, data.role))

    @put("/{email:str}", summary="Set the role of who is invited", responses=WRITING)
    async def set_role(
        self,
        data: JSONBody[WantedRole],
        services: NamedDependency[Services],
        access: NamedDependency[Access],
        email: FromPath[str],
    ) -> None:
        """Have another role wait for an address. Its link stays."""
        await services.invitations.set_role(access, email, data.role)

    @delete("/{email:str}", summary="Withdraw a project's invitation", responses=WRITING)
    async def withdraw(
        self, services: NamedDependency[Services], access: NamedDependency[Access], email: FromPath[str]
    ) -> None:
        """End the invitation of an address to a project."""
        await services.invitations.withdraw_from(access, email)


def invitation_details(waiting: Waiting) -> InvitationDetails:
    one = waiting.invitation
    return InvitationDetails(
        email=one.email,
        role=one.role,
        invited_by=waiting.invited_by,
        created_at=one.created_at,
        expires_at=one.expires_at,
    )


def _made(services: Services, actor: Actor, invited: Invited) -> MadeInvitation:
    known = invitation_details(Waiting(invited.invitation, actor.display_name or actor.email))
    return MadeInvitation(**msgspec.structs.asdict(known), link=invitation_link(services, invited))
