"""Users, their sessions, and the rules for addresses and passwords."""

import re
import unicodedata
from datetime import datetime

import msgspec

from domain.access import Actor
from domain.errors import Invalid, Problem
from domain.text import line, line_problem
from domain.wording import tr

PASSWORD_MIN_LENGTH = 12
PASSWORD_MAX_LENGTH = 256
EMAIL_MAX_LENGTH = 254
DISPLAY_NAME_MAX_LENGTH = 120
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*")

COMMON_FRAGMENTS = ("password", "passwort", "123456", "qwerty", "letmein", "welcome", "iloveyou", "admin", "depictio")
"""What the most used passwords are made of; a password that is only these and digits is refused."""


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person with an account. `email` is in normal form and unique; times are UTC.

    `credentials` counts the passwords there have been: access tokens issued under an older one no longer hold.
    """

    id: str
    email: str
    display_name: str
    password_hash: str
    created_at: datetime
    is_admin: bool = False
    is_active: bool = True
    credentials: int = 1
    name_key: str = ""
    last_key: str = ""
    """The name, and its last word, as they are looked up; the repository sets them."""
    email_verified: bool = True
    """Whether somebody vouches that the address is theirs: an administrator, or the provider they sign in with."""
    version: int = 1

    @property
    def has_password(self) -> bool:
        """Whether they can sign in with a password; those of a sign-in provider need none."""
        return bool(self.password_hash)

    def actor(self) -> Actor:
        """The actor that this user is when signed in."""
        return Actor(user_id=self.id, email=self.email, display_name=self.display_name, is_admin=self.is_admin)


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """An account as a sign-in provider knows it: `subject` is its name for the person, which never changes."""

    id: str
    issuer: str
    subject: str
    user_id: str
    linked_at: datetime


class BrowserSession(msgspec.Struct, frozen=True, kw_only=True):
    """One signed-in browser. `id` is the SHA-256 of the cookie's random value, which is stored nowhere."""

    id: str
    user_id: str
    created_at: datetime
    last_seen_at: datetime
    idle_expires_at: datetime
    expires_at: datetime
    address: str
    user_agent: str


def normal_email(text: str) -> str:
    """The form under which an address is stored and compared: trimmed, without case, the host as the DNS has it.

    Raises:
        Invalid: when it is not of the form `name@host`, or longer than an address can be (RFC 5321, 254 characters).
    """
    name, _, host = text.strip().rpartition("@")
    email = f"{unicodedata.normalize('NFC', name).casefold()}@{_normal_host(host)}"
    if not EMAIL.fullmatch(email) or line_problem(email, "email", most=EMAIL_MAX_LENGTH) or not _is_visible(email):
        raise Invalid(tr("The e-mail address is not valid."), (Problem("email", tr("write it as name@example.org")),))
    return email


def _normal_host(host: str) -> str:
    """The host in its ASCII form (RFC 5891).

    Lower case rather than case folding, which would make one host of straße.example and strasse.example: they are
    two, and may be two people's.
    """
    written = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", host).lower())
    labels = written.translate(dict.fromkeys(map(ord, "\u3002\uff0e\uff61"), ".")).split(".")
    return ".".join(label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in labels)


def _is_visible(email: str) -> bool:
    """Whether no character hides or reverses what others see."""
    return not any(unicodedata.category(character) in {"Cf", "Co", "Cn"} for character in email)


def checked_display_name(text: str) -> str:
    """The name that others see, trimmed.

    Raises:
        Invalid: when it is empty, longer than 120 characters or not one line.
    """
    return line(text, "display name", most=DISPLAY_NAME_MAX_LENGTH, least=1)


def check_password(password: str, email: str = "") -> None:
    """Accept a password of 12 to 256 characters that is not a common one and not the address itself.

    Raises:
        Invalid: with the reason; there are no composition rules (NIST SP 800-63B, section 5.1.1.2).
    """
    if len(password) < PASSWORD_MIN_LENGTH:
        message = tr("has {count} characters; use at least {least}", count=len(password), least=PASSWORD_MIN_LENGTH)
    elif len(password) > PASSWORD_MAX_LENGTH:
        message = tr("has {count} characters; use at most {most}", count=len(password), most=PASSWORD_MAX_LENGTH)
    elif _is_common(password.lower()):
        message = tr("is among the most used ones; choose another")
    elif email and password.lower() in {email, email.partition("@")[0]}:
        message = tr("is your e-mail address; choose another")
    else:
        return
    raise Invalid(tr("The password {message}.", message=message), (Problem("password", message),))


def _is_common(password: str) -> bool:
    rest = password
    for fragment in COMMON_FRAGMENTS:
        rest = rest.replace(fragment, "")
    return len(set(password)) <= 3 or not re.search(r"[^\d\W_]", rest)  # noqa: PLR2004 -- aaaaaaaaaaaa, 121212121212
