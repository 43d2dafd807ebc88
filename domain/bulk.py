"""Acts on several accounts at once: what will happen to which, before it does."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec

from domain.errors import Invalid, Problem
from domain.people import User
from domain.wording import tr

MOST = 200
OWN = tr("is your own account")
LAST = tr("is the last administrator; a site keeps at least one")


class BulkAct(StrEnum):
    """What is done to accounts. `revoke` ends their sessions and tokens; they stay open."""

    CLOSE = "close"
    REOPEN = "reopen"
    REVOKE = "revoke"


class Planned(msgspec.Struct, frozen=True):
    """An account that an act is asked for; with a `reason` it is left as it is."""

    id: str
    email: str
    display_name: str
    reason: str = ""


class BulkPlan(msgspec.Struct, frozen=True):
    """What an act does: to whom, and who is left out and why. Afterwards: to whom it was done."""

    act: BulkAct
    people: tuple[Planned, ...]

    @property
    def done(self) -> tuple[Planned, ...]:
        return tuple(one for one in self.people if not one.reason)

    @property
    def refused(self) -> tuple[Planned, ...]:
        return tuple(one for one in self.people if one.reason)


def checked_ids(ids: Iterable[str]) -> tuple[str, ...]:
    """The ids, each once.

    Raises:
        Invalid: when there is none, or are more than 200.
    """
    found = tuple(dict.fromkeys(ids))
    if not 1 <= len(found) <= MOST:
        raise Invalid(
            tr("Choose what to do it to."),
            (Problem("ids", tr("are {count}; choose 1 to {most}", count=len(found), most=MOST)),),
        )
    return found


def planned(act: BulkAct, users: Sequence[User], own_id: str, administrators: Iterable[str]) -> BulkPlan:
    """The plan for these accounts, by address, where `own_id` asks and `administrators` are the ids of open ones."""
    left = set(administrators)
    people = []
    for user in sorted(users, key=lambda one: one.email):
        reason = _reason(act, user, own_id, left)
        if act is BulkAct.CLOSE and not reason:
            left.discard(user.id)
        people.append(Planned(user.id, user.email, user.display_name, reason))
    return BulkPlan(act, tuple(people))


def _reason(act: BulkAct, user: User, own_id: str, administrators: set[str]) -> str:
    if act is BulkAct.REOPEN:
        return tr("is open") if user.is_active else ""
    if act is BulkAct.CLOSE and administrators == {user.id}:
        return LAST
    if user.id == own_id:
        return OWN
    return tr("is closed already") if act is BulkAct.CLOSE and not user.is_active else ""
