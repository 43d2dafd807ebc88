"""Invitations by administrators to this installation: who waits, and new links. Those to a project: `members.py`."""

from typing import Any

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody

from domain.access import Actor
from domain.errors import Conflict, Invalid
from domain.wording import tr
from services.invitations import Invited
from services.system import Services
from web.pages.projects import refused
from web.render import Done, Page
from web.security.identity import administrator

TEMPLATE = "accounts/invitations.html"
ADMIN = "/admin/invitations"


class InviteForm(msgspec.Struct, frozen=True):
    email: str = ""


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
        return Done(
            ADMIN, tr("The invitation is withdrawn."), TEMPLATE, await _context(services, actor), block="waiting"
        )


def invitation_link(services: Services, invited: Invited) -> str:
    """The address to pass on, made of the configured one, whatever host the request names; empty where none helps."""
    return f"{services.settings.address}/invitation?token={invited.secret}" if invited.secret else ""


async def _context(services: Services, actor: Actor) -> dict[str, Any]:
    waiting = await services.invitations.pending(actor)
    return {"waiting": waiting, "form": InviteForm(), "problems": {}, "message": "", "link": "", "email": ""}


def _made(services: Services, invited: Invited) -> dict[str, Any]:
    return {"link": invitation_link(services, invited), "email": invited.invitation.email}
