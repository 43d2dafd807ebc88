"""REST: registering, what links of invitations and for passwords are good for, and accounts for administrators."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Controller, Request, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from domain.access import Actor
from domain.people import User
from services.system import Services
from web.api.problems import READING, WRITING, failures
from web.pages.account import reset_link
from web.security.identity import MAX_CREDENTIALS_BYTES, signed_in

OPEN = failures(403, 404, 409, 422, 429)


class NewAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An account to open."""

    email: str
    password: str
    display_name: str


class InvitedAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An account to open by an invitation, whose `token` stands in its link."""

    token: str
    password: str
    display_name: str


class ResetPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new password, by the `token` of a reset link."""

    token: str
    password: str


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's account."""

    id: str
    email: str
    display_name: str
    is_admin: bool
    is_active: bool
    email_verified: bool
    created_at: datetime


class WantedState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the account shall be open."""

    is_active: bool


class WantedAdministration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the account shall be an administrator's."""

    is_admin: bool


class Link(msgspec.Struct, frozen=True):
    """A link to pass on. It is in this answer and nowhere else."""

    link: str


class AccountsApi(Controller):
    """`/accounts`: what strangers do."""

    path = "/accounts"
    tags = ["Account"]  # noqa: RUF012 -- Litestar reads class attributes.

    @post("/", summary="Register", responses=OPEN, exempt_from_csrf=True, request_max_body_size=MAX_CREDENTIALS_BYTES)
    async def register(
        self, request: Request[Any, Any, Any], data: JSONBody[NewAccount], services: NamedDependency[Services]
    ) -> Account:
        """Open your own account, where `DEPICTIO_REGISTRATION` lets you."""
        address = request.client.host if request.client else ""
        user = await services.accounts.register(
            data.email, data.password, data.display_name, address=address, by=request.user
        )
        return _account(user)

    @post(
        "/invited",
        summary="Accept an invitation",
        responses=OPEN,
        exempt_from_csrf=True,
        request_max_body_size=MAX_CREDENTIALS_BYTES,
    )
    async def accept(
        self, data: JSONBody[InvitedAccount], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> Account:
        """Open the account of the address that is invited."""
        welcomed = await services.invitations.accept(data.token, data.password, data.display_name, by=actor)
        return _account(welcomed.user)

    @post(
        "/reset",
        summary="Set a password by a link",
        responses=OPEN,
        exempt_from_csrf=True,
        request_max_body_size=MAX_CREDENTIALS_BYTES,
    )
    async def reset(
        self, data: JSONBody[ResetPassword], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> None:
        """Set a new password, once; every session ends."""
        await services.accounts.reset_password(data.token, data.password, by=actor)


class UsersApi(Controller):
    """`/users/{user_id}`, for administrators."""

    path = "/users/{user_id:str}"
    tags = ["Administration"]  # noqa: RUF012 -- Litestar reads class attributes.
    guards = [signed_in]  # noqa: RUF012

    @get("/", summary="Read an account", responses={**READING, **failures(403)})
    async def read(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], user_id: FromPath[str]
    ) -> Account:
        """Show somebody's account."""
        return _account(await services.people.account(actor, user_id))

    @put("/active", summary="Close or reopen an account", responses=WRITING)
    async def set_active(
        self,
        data: JSONBody[WantedState],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        user_id: FromPath[str],
    ) -> Account:
        """Close an account, which ends its sessions and tokens at once, or reopen it."""
        return _account(await services.people.set_active(actor, user_id, is_active=data.is_active))

    @put("/administrator", summary="Set who is an administrator", responses=WRITING)
    async def set_administrator(
        self,
        data: JSONBody[WantedAdministration],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        user_id: FromPath[str],
    ) -> Account:
        """Make somebody an administrator of this installation, or no longer."""
        return _account(await services.accounts.set_administrator(actor, user_id, is_admin=data.is_admin))

    @put("/verified", summary="Vouch for an address", responses=WRITING)
    async def vouch(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], user_id: FromPath[str]
    ) -> Account:
        """Say that the address is its owner's; what waits for it is given to the account."""
        user = await services.accounts.vouch(actor, user_id)
        await services.invitations.accept_all(user)
        return _account(user)

    @post("/reset-link", summary="Make a reset link", responses=WRITING)
    async def make_reset_link(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], user_id: FromPath[str]
    ) -> Link:
        """Make a link with which that person sets a new password, once, within 24 hours."""
        _, secret = await services.accounts.make_reset_link(actor, user_id)
        return Link(reset_link(services, secret))

    @delete("/access", summary="End all access of an account", responses=WRITING)
    async def revoke_access(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], user_id: FromPath[str]
    ) -> None:
        """End every session, every sign-in over REST and every API token of somebody; the account stays open."""
        await services.people.revoke_access(actor, user_id)

    @delete("/", summary="Delete an account", responses=WRITING)
    async def delete_account(
        self,
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        user_id: FromPath[str],
        heir: FromQuery[str] = "",
    ) -> None:
        """Delete an account, also your own. `heir`, an address, inherits the projects that it alone owns."""
        await services.accounts.delete(actor, user_id, heir)


def _account(user: User) -> Account:
    return Account(**{field: getattr(user, field) for field in Account.__struct_fields__})
