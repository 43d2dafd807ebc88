"""REST: one's own account with its sessions and API tokens."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Controller, Request, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from domain.access import Actor, Scope
from domain.listing import Wanted
from domain.people import BrowserSession
from domain.tokens import ApiToken
from services.system import Services
from web.api.lists import Part, part_of
from web.api.problems import failures
from web.api.views import Me, me
from web.security.cookies import session_name
from web.security.identity import MAX_CREDENTIALS_BYTES, bearer_of, signed_in

OWN = failures(401, 403, 404, 409, 422, 429)


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
    async def sessions(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], asked: NamedDependency[Wanted]
    ) -> Part[Session]:
        """List the browsers that are signed in, the last used first."""
        return part_of([_session(session) for session in await services.people.sessions(actor)], asked)

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
    async def tokens(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], asked: NamedDependency[Wanted]
    ) -> Part[TokenDetails]:
        """List the tokens that hold, the newest first."""
        return part_of([TokenDetails(**_token(token)) for token in await services.api_tokens.all(actor)], asked)

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
