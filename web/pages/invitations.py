"""Invitations, by administrators to this installation and by owners to a project: who waits, and new links."""

from typing import Any

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody

from domain.access import Actor, Role
from domain.errors import Conflict, Invalid
from domain.projects import Access
from services.invitations import Invited
from services.system import Services
from web.pages.projects import refused
from web.render import Done, Page
from web.security.identity import administrator, signed_in

TEMPLATE = "accounts/invitations.html"
ADMIN = "/admin/invitations"


class InviteForm(msgspec.Struct, frozen=True):
    email: str = ""
    role: Role = Role.VIEWER


class InvitationsPage(Controller):
    """`/admin/invitations`."""

    path = ADMIN
    guards = [administrator]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/")
    async def index(self, services: NamedDependency[Services], actor: NamedDependency[Actor]) -> Page:
        return Page(TEMPLATE, await _context(services, actor))

    @post("/")
    async def invite(
        self, data: URLEncodedBody[InviteForm], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> Page:
        """Make a link, which is in this answer and nowhere else."""
        try:
            invited = await services.invitations.invite(actor, data.email)
        except (Invalid, Conflict) as error:
            return refused(TEMPLATE, data, error, **await _context(services, actor))
        return Page(TEMPLATE, await _context(services, actor) | _made(services, invited))

    @post("/withdraw")
    async def withdraw(
        self, data: URLEncodedBody[InviteForm], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> Page:
        await services.invitations.withdraw(actor, data.email)
        return Done(ADMIN, "The invitation is withdrawn.", TEMPLATE, await _context(services, actor), block="waiting")


class ProjectInvitationsPage(Controller):
    """`/projects/{project_id}/invitations`."""

    path = "/projects/{project_id:str}/invitations"
    guards = [signed_in]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/")
    async def index(self, services: NamedDependency[Services], access: NamedDependency[Access]) -> Page:
        return Page(TEMPLATE, await _project_context(services, access))

    @post("/")
    async def invite(
        self, data: URLEncodedBody[InviteForm], services: NamedDependency[Services], access: NamedDependency[Access]
    ) -> Page:
        """Make a link, which is in this answer and nowhere else."""
        try:
            invited = await services.invitations.invite_to(access, data.email, data.role)
        except (Invalid, Conflict) as error:
            return refused(TEMPLATE, data, error, **await _project_context(services, access))
        return Page(TEMPLATE, await _project_context(services, access) | _made(services, invited))

    @post("/withdraw")
    async def withdraw(
        self, data: URLEncodedBody[InviteForm], services: NamedDependency[Services], access: NamedDependency[Access]
    ) -> Page:
        await services.invitations.withdraw_from(access, data.email)
        context = await _project_context(services, access)
        return Done(context["here"], "The invitation is withdrawn.", TEMPLATE, context, block="waiting")


def invitation_link(services: Services, invited: Invited) -> str:
    """The address to pass on; made of the configured one, whatever host the request names."""
    return f"{services.settings.address}/invitation?token={invited.secret}"


async def _context(services: Services, actor: Actor) -> dict[str, Any]:
    waiting = await services.invitations.pending(actor)
    return _common() | {"here": ADMIN, "access": None, "waiting": waiting}


async def _project_context(services: Services, access: Access) -> dict[str, Any]:
    waiting = await services.invitations.pending_to(access)
    here = f"/projects/{access.project.id}/invitations"
    return _common() | {"here": here, "access": access, "waiting": waiting}


def _common() -> dict[str, Any]:
    return {"form": InviteForm(), "problems": {}, "message": "", "link": "", "email": ""}


def _made(services: Services, invited: Invited) -> dict[str, Any]:
    return {"link": invitation_link(services, invited), "email": invited.invitation.email}
