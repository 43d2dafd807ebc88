"""Signing in with an OpenID Connect provider: what it says of a person, and when that is enough."""

import hashlib
from urllib.parse import urlsplit

import msgspec

from domain.errors import Forbidden, Problem
from domain.people import normal_email
from domain.wording import tr

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class ProviderClaims(msgspec.Struct, frozen=True, kw_only=True):
    """Who somebody is, as the provider of `issuer` says. `subject` is its name for the person, which never changes."""

    issuer: str
    subject: str
    email: str = ""
    email_verified: bool = False
    name: str = ""

    @property
    def id(self) -> str:
        """What the identity is kept under."""
        return hashlib.sha256(f"{self.issuer}\n{self.subject}".encode()).hexdigest()


def proven_email(claims: ProviderClaims) -> str:
    """The address in its normal form, if the provider says that it is the person's.

    Raises:
        Forbidden: when it does not: then it may be anybody's, and opens no account and no door to one.
        Invalid: when it is no address.
    """
    if not claims.email or not claims.email_verified:
        raise Forbidden(
            tr("The sign-in provider does not say that your e-mail address is yours. Confirm it there first.")
        )
    return normal_email(claims.email)


def url_problem(key: str, url: str) -> Problem | None:
    """What is wrong with the address of a provider; plain http is for one on this machine only."""
    address = urlsplit(url)
    if address.scheme == "https" and address.hostname:
        return None
    if address.scheme == "http" and address.hostname in LOOPBACK:
        return None
    return Problem(key, tr("must be an https:// address"))
