"""How accounts come to be and are got back into: registration, invitations, one-time links."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from domain.access import Role
from domain.errors import Forbidden
from domain.people import normal_email
from domain.wording import tr

INVITATION_LIFE = timedelta(days=7)
PROJECT_INVITATION_LIFE = timedelta(days=30)
MAX_INVITED = 200
"""So many addresses may wait for one project."""
RESET_LIFE = timedelta(hours=24)
SECRET_BYTES = 32


class Registration(StrEnum):
    """Who may open an account without an administrator doing it for them."""

    OFF = "off"
    INVITATION = "invitation"
    DOMAIN = "domain"
    OPEN = "open"


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """An address that waits for its account, and the link that opens one. `id` is the SHA-256 of its random part.

    One from a project gives a role in it, also to an account that is opened without the link, once somebody vouches
    for its address. Whoever invites passes the link on, so only an administrator's vouches (`is_vouched`).
    """

    id: str
    email: str
    invited_by: str
    created_at: datetime
    expires_at: datetime
    is_vouched: bool = False
    project_id: str | None = None
    role: Role | None = None


class Waiting(msgspec.Struct, frozen=True):
    """An invitation in a list, with the name of whoever invited; empty when their account is gone."""

    invitation: Invitation
    invited_by: str


class ResetLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link with which somebody sets a new password once. `id` is the SHA-256 of its random part."""

    id: str
    user_id: str
    created_by: str
    created_at: datetime
    expires_at: datetime


class Heirs(msgspec.Struct, frozen=True):
    """What becomes of projects when an account is deleted: those owned alone, by name, need somebody to inherit."""

    alone: tuple[str, ...]
    shared: int


def new_secret(prefix: str = "") -> str:
    """A random text that nobody guesses, for a link or a token."""
    return prefix + secrets.token_urlsafe(SECRET_BYTES)


def hash_of(secret: str) -> str:
    """What a secret is kept under: it cannot be made from it, and its 256 bits need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def check_registration(rule: Registration, domains: Iterable[str], email: str, *, is_proven: bool = False) -> None:
    """Let pass an address that may register by itself; `is_proven` when a sign-in provider vouches for it.

    Raises:
        Forbidden: saying why not.
    """
    if rule is Registration.OPEN:
        return
    allowed = tuple(domains)
    if rule is Registration.DOMAIN and email.rpartition("@")[2] in allowed:
        return
    if rule is Registration.DOMAIN:
        hosts = tr(" and ").join(allowed)
        raise Forbidden(tr("Accounts here are for addresses at {hosts}. Ask an administrator for one.", hosts=hosts))
    if rule is Registration.INVITATION and is_proven:
        raise Forbidden(tr("There is no account for this address, and accounts here need an invitation."))
    if rule is Registration.INVITATION:
        raise Forbidden(tr("Accounts here need an invitation."))
    if is_proven:
        raise Forbidden(tr("There is no account for this address, and accounts here are opened by an administrator."))
    raise Forbidden(tr("Accounts here are opened by an administrator."))


def normal_domains(text: str) -> tuple[str, ...]:
    """The hosts of a list with commas, in the form of `normal_email`.

    Raises:
        Invalid: when one of them cannot be the host of an address.
    """
    hosts = (host.strip().removeprefix("@") for host in text.split(","))
    return tuple(normal_email(f"a@{host}").rpartition("@")[2] for host in hosts if host)


def reset_address(site: str, secret: str) -> str:
    """The link with which somebody sets a password, at the address that people use for the site."""
    return f"{site}/reset?token={secret}"
