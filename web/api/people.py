"""REST: signing in for an access token, and who it belongs to."""

from typing import Any, Literal

import msgspec
from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from domain.access import Actor
from services.system import Services
from web.api.problems import READING, failures
from web.api.views import Me, me
from web.security.identity import MAX_CREDENTIALS_BYTES, signed_in


class Credentials(msgspec.Struct, frozen=True):
    """What a person signs in with."""

    email: str
    password: str


class AccessToken(msgspec.Struct, frozen=True):
    """A bearer token, named as in RFC 6750; `expires_in` is in seconds."""

    access_token: str
    expires_in: int
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 -- The name of a scheme.


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

        Send it as `Authorization: Bearer TOKEN`. It ends by itself, and at once when the password changes.
        """
        address = request.client.host if request.client else ""
        token, seconds = await services.people.issue_token(data.email, data.password, address=address, by=request.user)
        return AccessToken(token, seconds)

    @get("/me", summary="Who you are", responses=READING, guards=[signed_in])
    async def me(self, actor: NamedDependency[Actor]) -> Me:
        """Show the account that the credentials belong to."""
        return me(actor)
