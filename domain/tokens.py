"""Named API tokens, and the families of tokens that a sign-in over REST begins."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from domain.access import Scope
from domain.errors import Invalid, Problem
from domain.text import line
from domain.wording import tr

PREFIX = "dpt_"
"""What every API token begins with, so that scanners for leaked secrets know one."""
REFRESH_PREFIX = "dpr_"
NAME_MAX_LENGTH = 80
LONGEST = timedelta(days=366)
NOTE_USE_EVERY = timedelta(minutes=1)
MOST_TOKENS = 100


class ApiToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token that a person made for a program. `id` is the SHA-256 of what was shown once; `hint` how it ends."""

    id: str
    user_id: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime
    hint: str
    last_used_at: datetime | None = None
    last_address: str = ""

    def uses_to_note(self, at: datetime) -> bool:
        """Whether the last noted use is so long ago that this one is written down."""
        return self.last_used_at is None or at - self.last_used_at >= NOTE_USE_EVERY


class TokenFamily(msgspec.Struct, frozen=True, kw_only=True):
    """What one sign-in over REST has issued. `current` is the hash of the one refresh token that still holds."""

    id: str
    user_id: str
    credentials: int
    current: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    address: str = ""


def checked_scopes(wanted: Iterable[str]) -> tuple[Scope, ...]:
    """The scopes in their order, each once.

    Raises:
        Invalid: when there is none, or one is not known.
    """
    given = set(wanted)
    known = tr(" or ").join(Scope)
    if unknown := sorted(given - set(Scope)):
        raise Invalid(
            tr("The token's scopes cannot be used."),
            (Problem("scopes", tr("{unknown!r} is none; use {known}", unknown=unknown[0], known=known)),),
        )
    if not given:
        raise Invalid(tr("The token needs a scope."), (Problem("scopes", tr("choose {known}", known=known)),))
    return tuple(scope for scope in Scope if scope in given)


def checked_token_name(text: str) -> str:
    """The token's name, trimmed; `Invalid` when it is empty or too long."""
    return line(text, "name", most=NAME_MAX_LENGTH, least=1)


def expiry(at: datetime, days: int, latest: datetime | None) -> datetime:
    """When a token ends that is made at the time `at`; not after `latest`, the end of the token that makes it.

    Raises:
        Invalid: when it would not hold for 1 to 366 days.
    """
    if not 1 <= days <= LONGEST.days:
        problem = Problem("days", tr("is {days}; a token holds for 1 to {most} days", days=days, most=LONGEST.days))
        raise Invalid(tr("The token's time cannot be used."), (problem,))
    ends = at + timedelta(days=days)
    return ends if latest is None else min(ends, latest)
