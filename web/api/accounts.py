"""REST: one's own account with its sessions and tokens, others' accounts for administrators, and invitations."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Controller, Request, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from domain.access import Actor, Role, Scope
from domain.accounts import Invitation
from domain.people import BrowserSession, User
from domain.projects import Access
from domain.tokens import ApiToken
from services.invitations import Invited
from services.system import Services
from web.api.problems import READING, WRITING, failures
from web.api.views import Me, me
from web.pages.account import reset_link
from web.pages.invitations import invitation_link
from web.security.cookies import session_name
from web.security.identity import MAX_CREDENTIALS_BYTES, bearer_of, signed_in

OWN = failures(401, 403, 404, 409, 422, 429)
OPEN = failures(403, 404, 409, 422, 429)


class Name(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The name that others see."""

    display_name: str


class NewPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The password that holds, and the one that shall."""

    current: str
    password: str


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in browser."""

    id: str
    user_agent: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


class WantedToken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An API token to make; `days` is how long it holds."""

    name: str
    scopes: tuple[Scope, ...]
    days: int = 90


class TokenDetails(msgspec.Struct, frozen=True, kw_only=True):
    """An API token, without its secret; `hint` is how that ends."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    hint: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class MadeToken(TokenDetails, frozen=True, kw_only=True):
    """A new API token. Its secret is in this answer and nowhere else."""

    token: str


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


class Link(msgspec.Struct, frozen=True):
    """A link to pass on. It is in this answer and nowhere else."""

    link: str


class WantedInvitation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to invite."""

    email: str


class WantedMember(WantedInvitation, frozen=True, forbid_unknown_fields=True):
    """Whom to invite, and the role that they will hold."""

    role: Role


class InvitationDetails(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation that waits."""

    email: str
    role: Role | None
    created_at: datetime
    expires_at: datetime


class MadeInvitation(InvitationDetails, frozen=True, kw_only=True):
    """A new invitation. Its link is in this answer and nowhere else."""

    link: str


class MyAccountApi(Controller):
    """`/me` and what is below."""

    path = "/me"
    tags = ["Account"]  # noqa: RUF012 -- Litestar reads class attributes.
    guards = [signed_in]  # noqa: RUF012

    @patch("/", summary="Change your name", responses=OWN)
    async def rename(
        self, data: JSONBody[Name], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> Me:
        """Change the name that others see."""
        return me((await services.people.rename(actor, data.display_name)).actor())

    @put("/password", summary="Change your password", responses=OWN, request_max_body_size=MAX_CREDENTIALS_BYTES)
    async def change_password(
        self,
        request: Request[Any, Any, Any],
        data: JSONBody[NewPassword],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
    ) -> None:
        """Change the password; every other browser and every sign-in over REST ends, API tokens stay."""
        cookie = request.cookies.get(session_name(services.settings), "")
        await services.people.change_password(actor, data.current, data.password, keep_token=cookie)

    @get("/sessions", summary="List your sessions", responses=OWN)
    async def sessions(self, services: NamedDependency[Services], actor: NamedDependency[Actor]) -> list[Session]:
        """List the browsers that are signed in, the last used first."""
        return [_session(session) for session in await services.people.sessions(actor)]

    @delete("/sessions", summary="Sign out everywhere", responses=OWN)
    async def sign_out_everywhere(self, services: NamedDependency[Services], actor: NamedDependency[Actor]) -> None:
        """End every browser session and every sign-in over REST, this one too; API tokens stay."""
        await services.people.sign_out_everywhere(actor)

    @delete("/sessions/{session_id:str}", summary="End a session", responses=OWN)
    async def end_session(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], session_id: FromPath[str]
    ) -> None:
        """Sign out one browser."""
        await services.people.revoke_session(actor, session_id)

    @get("/tokens", summary="List your API tokens", responses=OWN)
    async def tokens(self, services: NamedDependency[Services], actor: NamedDependency[Actor]) -> list[TokenDetails]:
        """List the tokens that hold, the newest first."""
        return [TokenDetails(**_token(token)) for token in await services.api_tokens.all(actor)]

    @post("/tokens", summary="Make an API token", responses=OWN)
    async def create_token(
        self,
        request: Request[Any, Any, Any],
        data: JSONBody[WantedToken],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
    ) -> MadeToken:
        """Make a token; one that is made by another token does not outlive that."""
        by = await services.people.api_token_of(bearer_of(request) or "")
        made = await services.api_tokens.create(actor, data.name, data.scopes, data.days, by=by)
        return MadeToken(**_token(made.token), token=made.secret)

    @delete("/tokens/{token_id:str}", summary="Revoke an API token", responses=OWN)
    async def revoke_token(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], token_id: FromPath[str]
    ) -> None:
        """End a token at once."""
        await services.api_tokens.revoke(actor, token_id)


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


class InvitationsApi(Controller):
    """`/invitations`, for administrators."""

    path = "/invitations"
    tags = ["Administration"]  # noqa: RUF012 -- Litestar reads class attributes.
    guards = [signed_in]  # noqa: RUF012

    @get("/", summary="List invitations", responses={**READING, **failures(403)})
    async def index(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> list[InvitationDetails]:
        """List the invitations to this installation that wait, by address."""
        return [_invitation(one) for one in await services.invitations.pending(actor)]

    @post("/", summary="Invite somebody", responses=WRITING)
    async def invite(
        self, data: JSONBody[WantedInvitation], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> MadeInvitation:
        """Make a link with which the owner of an address opens an account; an earlier one ends."""
        return _made(services, await services.invitations.invite(actor, data.email))

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
        self, services: NamedDependency[Services], access: NamedDependency[Access]
    ) -> list[InvitationDetails]:
        """List the invitations to a project that wait, by address."""
        return [_invitation(one) for one in await services.invitations.pending_to(access)]

    @post("/", summary="Invite somebody to a project", responses=WRITING)
    async def invite(
        self, data: JSONBody[WantedMember], services: NamedDependency[Services], access: NamedDependency[Access]
    ) -> MadeInvitation:
        """Make a link with which the owner of an address opens an account and gets a role in the project."""
        return _made(services, await services.invitations.invite_to(access, data.email, data.role))

    @delete("/{email:str}", summary="Withdraw a project's invitation", responses=WRITING)
    async def withdraw(
        self, services: NamedDependency[Services], access: NamedDependency[Access], email: FromPath[str]
    ) -> None:
        """End the invitation of an address to a project."""
        await services.invitations.withdraw_from(access, email)


def _session(session: BrowserSession) -> Session:
    return Session(
        id=session.id,
        user_agent=session.user_agent,
        address=session.address,
        created_at=session.created_at,
        last_seen_at=session.last_seen_at,
        expires_at=min(session.idle_expires_at, session.expires_at),
    )


def _token(token: ApiToken) -> dict[str, Any]:
    return {field: getattr(token, field) for field in TokenDetails.__struct_fields__}


def _account(user: User) -> Account:
    return Account(**{field: getattr(user, field) for field in Account.__struct_fields__})


def _invitation(invitation: Invitation) -> InvitationDetails:
    return InvitationDetails(**{name: getattr(invitation, name) for name in InvitationDetails.__struct_fields__})


def _made(services: Services, invited: Invited) -> MadeInvitation:
    known = msgspec.structs.asdict(_invitation(invited.invitation))
    return MadeInvitation(**known, link=invitation_link(services, invited))
