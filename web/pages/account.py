"""One account of this installation, for its administrators: closing, reset link, ending its access, deleting."""

from typing import Any

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from domain.access import Actor
from domain.accounts import reset_address
from domain.errors import Conflict, Invalid, Problem
from domain.wording import tr
from services.system import Services
from web.pages.projects import refused
from web.render import Done, Page
from web.security.identity import administrator

TEMPLATE = "accounts/account.html"
ALL = "/admin/users"


class ActiveForm(msgspec.Struct, frozen=True):
    is_active: str = ""


class AdministratorForm(msgspec.Struct, frozen=True):
    is_admin: str = ""


class DeletionForm(msgspec.Struct, frozen=True):
    confirmation: str = ""
    heir: str = ""


class AccountPage(Controller):
    """`/admin/users/{user_id}`."""

    path = "/admin/users/{user_id:str}"
    guards = [administrator]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/")
    async def index(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], user_id: FromPath[str]
    ) -> Page:
        return Page(TEMPLATE, await _context(services, actor, user_id))

    @post("/active")
    async def set_active(
        self,
        data: URLEncodedBody[ActiveForm],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        user_id: FromPath[str],
    ) -> Page:
        """Close or reopen the account."""
        user = await services.people.set_active(actor, user_id, is_active=bool(data.is_active))
        email = user.email
        said = (
            tr("The account of {email} is open again.", email=email)
            if user.is_active
            else tr("The account of {email} is closed.", email=email)
        )
        return Done(_here(user_id), said)

    @post("/administrator")
    async def set_administrator(
        self,
        data: URLEncodedBody[AdministratorForm],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        user_id: FromPath[str],
    ) -> Page:
        """Make somebody an administrator, or no longer; who gives it up themselves is led out."""
        user = await services.accounts.set_administrator(actor, user_id, is_admin=bool(data.is_admin))
        email = user.email
        said = (
            tr("{email} is an administrator now.", email=email)
            if user.is_admin
            else tr("{email} is no administrator any more.", email=email)
        )
        return Done(_here(user_id) if user.is_admin or user.id != actor.user_id else "/projects", said)

    @post("/verified")
    async def vouch(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], user_id: FromPath[str]
    ) -> Page:
        """Say that the address is theirs, which gives them what waits for it."""
        user = await services.accounts.vouch(actor, user_id)
        await services.invitations.accept_all(user)
        return Done(_here(user_id), tr("{email} is known to be theirs.", email=user.email))

    @post("/reset-link")
    async def make_reset_link(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], user_id: FromPath[str]
    ) -> Page:
        """Make a link for a new password, which is in this answer and nowhere else."""
        _, secret = await services.accounts.make_reset_link(actor, user_id)
        return Page(TEMPLATE, await _context(services, actor, user_id) | {"link": reset_link(services, secret)})

    @post("/revoke")
    async def revoke_access(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], user_id: FromPath[str]
    ) -> Page:
        user = await services.people.revoke_access(actor, user_id)
        said = tr("{email} is signed out everywhere, and their tokens have ended.", email=user.email)
        return Done(_here(user_id), said)

    @post("/delete")
    async def delete(
        self,
        data: URLEncodedBody[DeletionForm],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        user_id: FromPath[str],
    ) -> Page:
        """Delete the account once its address was typed."""
        try:
            user = await services.people.account(actor, user_id)
            if data.confirmation.strip() != user.email:
                problem = Problem("confirmation", tr("write {email} to delete it", email=user.email))
                raise Invalid(tr("The account was not deleted."), (problem,))  # noqa: TRY301 -- shown as the others are.
            await services.accounts.delete(actor, user_id, data.heir)
        except (Invalid, Conflict) as error:
            return refused(TEMPLATE, data, error, **await _context(services, actor, user_id))
        return Done(ALL, tr("The account of {email} is deleted.", email=user.email))


def reset_link(services: Services, secret: str) -> str:
    """The address to pass on; made of the configured one, whatever host the request names."""
    return reset_address(services.settings.address, secret)


def _here(user_id: str) -> str:
    return f"/admin/users/{user_id}"


async def _context(services: Services, actor: Actor, user_id: str) -> dict[str, Any]:
    user = await services.people.account(actor, user_id)
    heirs = await services.accounts.heirs(actor, user_id)
    context = {"user": user, "heirs": heirs, "here": _here(user_id), "link": "", "is_own": user_id == actor.user_id}
    return context | {"form": DeletionForm(heir=actor.email), "problems": {}, "message": ""}
