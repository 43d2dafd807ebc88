"""Access tokens for REST: short-lived JWTs, one algorithm, every claim required and checked."""

import secrets
from datetime import timedelta

import jwt
import msgspec

from domain.errors import Unauthenticated
from domain.people import User
from domain.wording import tr
from services.clock import Clock

ALGORITHM = "HS256"
AUDIENCE = "depictio-api"
CLOCKS_DIFFER = 60
CLAIMS = ["iss", "aud", "sub", "iat", "exp", "jti", "cred", "fam"]


class Claims(msgspec.Struct, frozen=True):
    """What a good token says: whose it is, under which of their passwords it was issued, and by which sign-in."""

    sub: str
    cred: int
    fam: str
    iat: int
    exp: int
    jti: str


class Tokens:
    """Issues and reads the tokens of one installation: `issuer` is its address, `key` its secret."""

    def __init__(self, key: str, *, issuer: str, life: timedelta, now: Clock) -> None:
        self._key = key
        self._issuer = issuer
        self._life = life
        self._now = now

    @property
    def seconds(self) -> int:
        """How long a token lives."""
        return int(self._life.total_seconds())

    def issue(self, user: User, family: str) -> str:
        issued = int(self._now().timestamp())
        claims = Claims(user.id, user.credentials, family, issued, issued + self.seconds, secrets.token_urlsafe(16))
        payload = msgspec.to_builtins(claims) | {"iss": self._issuer, "aud": AUDIENCE}
        return jwt.encode(payload, self._key, algorithm=ALGORITHM)

    def read(self, token: str) -> Claims:
        """The claims of a token that is ours and still holds.

        The algorithm is ours to choose, never the token's. Times are compared with our clock, in place of
        PyJWT's; the one that issued it may be another machine's, a minute ahead.

        Raises:
            Unauthenticated: when anything about it is wrong; which thing is not said.
        """
        options: jwt.types.Options = {"require": CLAIMS, "verify_exp": False, "verify_iat": False}
        try:
            payload = jwt.decode(
                token, self._key, algorithms=[ALGORITHM], audience=AUDIENCE, issuer=self._issuer, options=options
            )
            claims = msgspec.convert(payload, Claims)
        except (jwt.InvalidTokenError, msgspec.ValidationError):
            raise Unauthenticated(tr("The access token does not hold. Sign in for a new one.")) from None
        if not claims.iat - CLOCKS_DIFFER <= self._now().timestamp() < claims.exp:
            raise Unauthenticated(tr("The access token has expired. Sign in for a new one."))
        return claims
