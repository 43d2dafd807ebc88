"""REST: signing in for an access token, and who it belongs to."""

from typing import Any, Literal

import msgspec
from litestar import Controller, Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from domain.access import Actor
from services.people import TokenPair
from services.system import Services
from web.api.problems import READING, failures
from web.api.views import Me, me
from web.security.cookies import session_name
from web.security.identity import MAX_CREDENTIALS_BYTES, bearer_of, signed_in


class Credentials(msgspec.Struct, frozen=True):
    """What a person signs in with."""

    email: str
    password: str


class AccessToken(msgspec.Struct, frozen=True):
    """A bearer token, named as in RFC 6750; `expires_in` is in seconds."""

    access_token: str
    expires_in: int
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 -- The name of a scheme.


class Refresh(msgspec.Struct, frozen=True):
    """What renews a sign-in."""

    refresh_token: str


class PeopleApi(Controller):
    """`/tokens` and `/me`."""

    tags = ["People"]  # noqa: RUF012 -- Litestar reads class attributes.

    @post(
        "/tokens",
        summary="Sign in",
        responses=failures(401, 422, 429),
        exempt_from_csrf=True,
        request_max_body_size=MAX_CREDENTIALS_BYTES,
    )
    async def issue_token(
        self, request: Request[Any, Any, Any], data: JSONBody[Credentials], services: NamedDependency[Services]
    ) -> AccessToken:
        """Give an access token for an e-mail address and a password.

        Send it as `Authorization: Bearer TOKEN`. It ends by itself, and at once when the password changes. The refresh
        token renews it, once; each answer brings the next one.
        """
        address = request.client.host if request.client else ""
        return _answer(await services.people.issue_pair(data.email, data.password, address=address, by=request.user))

    @post(
        "/tokens/refresh",
        summary="Renew a sign-in",
        responses=failures(401, 422),
        exempt_from_csrf=True,
        request_max_body_size=MAX_CREDENTIALS_BYTES,
    )
    async def refresh(self, data: JSONBody[Refresh], services: NamedDependency[Services]) -> AccessToken:
        """Give the next access token and the next refresh token.

        A refresh token holds once. One that comes back was copied, so then the whole sign-in ends, with every access
        token that it gave.
        """
        return _answer(await services.people.refresh(data.refresh_token))

    @delete("/tokens/current", summary="Give a token back", responses=failures(401, 422), guards=[signed_in])
    async def give_back(self, request: Request[Any, Any, Any], services: NamedDependency[Services]) -> None:
        """End the API token, or the sign-in, by which this request was made, whatever its scopes."""
        if token := bearer_of(request):
            await services.people.give_back(token, by=request.user)
        elif cookie := request.cookies.get(session_name(services.settings)):
            await services.people.sign_out(cookie)

    @get("/me", summary="Who you are", responses=READING, guards=[signed_in])
    async def me(self, actor: NamedDependency[Actor]) -> Me:
        """Show the account that the credentials belong to."""
        return me(actor)


def _answer(pair: TokenPair) -> AccessToken:
    return AccessToken(pair.access_token, pair.seconds, pair.refresh_token)
