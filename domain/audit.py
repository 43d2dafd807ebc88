"""The audit: who did what to what, from where, and how it ended; and under which keys a row is found again."""

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from itertools import combinations

import msgspec

from domain.access import Actor, Capability
from domain.errors import DomainError, Forbidden, Invalid, Problem, Unauthenticated
from domain.wording import tr

SIGN_IN = "account:sign-in"
ACCOUNT = "account:edit"
GROUP = "group:edit"
"""Beside the capabilities, what needs none: signing in, one's own account, and the groups that one administers."""
SUBJECTS = tuple(dict.fromkeys((SIGN_IN, ACCOUNT, GROUP, *Capability)))
FIELDS = ("actor", "capability", "object", "outcome")
ORDER = re.compile(r"[0-9a-f]{24}")
ORDER_LENGTH = 24
TEXT_LENGTH = 300
PAGE_LENGTH = 50
PAGE_MAX_LENGTH = 1000
FIRST_SPAN = timedelta(seconds=1)
WIDENING = 4
"""A page is looked for in a second, then in the four seconds before, and so on: see `spans`."""
KEPT_AT_MOST = timedelta(days=3650)
RISKY = ("=", "+", "-", "@", "\t", "\r")
HEADINGS = (
    "at", "outcome", "actor", "actor_id", "capability", "act", "object", "name", "detail", "reason", "address",
    "request_id",
)  # fmt: skip


class Outcome(StrEnum):
    """How an act ended: as wanted, for lack of a permission, or by any other fault."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What an act is, before it is known how it ends. `object` is `kind:ID`, `name` what people call it."""

    actor: Actor
    capability: str
    act: str
    object: str = ""
    name: str = ""
    detail: str = ""


class AuditRow(msgspec.Struct, frozen=True, kw_only=True):
    """One act. `order` sorts rows by time and is unique; `actor` is an address, which outlives its account.

    For signing in, `actor` is the address that was tried and `actor_id` is empty: nobody has proved to be anybody.
    """

    id: str
    order: str
    at: datetime
    outcome: Outcome
    actor: str
    actor_id: str
    capability: str
    act: str
    object: str
    name: str
    detail: str
    reason: str
    address: str
    request_id: str

    def cells(self) -> tuple[str, ...]:
        """The row as text in the order of `HEADINGS`, safe to be opened in a spreadsheet."""
        return tuple(
            spreadsheet_text(value.isoformat() if isinstance(value, datetime) else str(value))
            for value in (getattr(self, name) for name in HEADINGS)
        )


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows are wanted; an empty field asks for nothing. `since` belongs to it, `until` does not."""

    actor: str = ""
    capability: str = ""
    object: str = ""
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def key(self) -> str:
        """The key that all rows with the wanted fields have, see `keys`."""
        return _key({name: getattr(self, name) for name in FIELDS if getattr(self, name)})

    def check(self) -> None:
        """Accept what can be found at all.

        Raises:
            Invalid: for a capability or an outcome that there is not.
        """
        problems = []
        if self.capability and self.capability not in SUBJECTS:
            problems.append(Problem("capability", tr("is none; there are {known}", known=", ".join(SUBJECTS))))
        if self.outcome and self.outcome not in set(Outcome):
            problems.append(Problem("outcome", tr("must be {known}", known=", ".join(Outcome))))
        if problems:
            raise Invalid(tr("The audit has no such rows."), tuple(problems))


class AuditPage(msgspec.Struct, frozen=True):
    """Rows from the newest on; `next` is the `after` of the page with older ones, None on the last."""

    rows: tuple[AuditRow, ...]
    next: str | None


def keys(row: AuditRow) -> tuple[str, ...]:
    """One key for each set of fields that somebody may filter by, so that every filter is one equality in one index."""
    values = {name: str(getattr(row, name)) for name in FIELDS}
    chosen = (names for size in range(len(FIELDS) + 1) for names in combinations(FIELDS, size))
    return tuple(_key({name: values[name] for name in names}) for names in chosen)


def row_of(entry: Entry, error: BaseException | None, at: datetime, id_: str) -> AuditRow:
    """The row of an act that ended so; `id_` is 24 hexadecimal digits."""
    return AuditRow(
        id=id_,
        order=order_at(at, id_[-12:]),
        at=at,
        outcome=outcome_of(error),
        actor=_cut(entry.actor.email),
        actor_id=entry.actor.user_id or "",
        capability=entry.capability,
        act=entry.act,
        object=_cut(entry.object),
        name=_cut(entry.name),
        detail=_cut(entry.detail),
        reason=_cut(_reason(error)),
        address=_cut(entry.actor.origin.address),
        request_id=_cut(entry.actor.origin.request_id),
    )


def outcome_of(error: BaseException | None) -> Outcome:
    """What the audit calls an act that raised this, or nothing."""
    if error is None:
        return Outcome.DONE
    return Outcome.REFUSED if isinstance(error, Forbidden | Unauthenticated) else Outcome.FAILED


def order_at(at: datetime, rest: str = "") -> str:
    """The time in milliseconds as 12 hexadecimal digits, and what tells rows of one millisecond apart."""
    return f"{max(0, round(at.timestamp() * 1000)):012x}{rest}"


def time_of(order: str) -> datetime:
    """The time that an order begins with.

    Raises:
        Invalid: when it is none.
    """
    if not ORDER.fullmatch(order):
        raise Invalid(tr("There is no such page."), (Problem("after", tr("take it from the field `next` of a page")),))
    try:
        return datetime.fromtimestamp(int(order[:12], 16) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise Invalid(tr("There is no such page."), (Problem("after", tr("names no time")),)) from None


def spans(before: datetime, since: datetime) -> list[tuple[datetime, datetime]]:
    """Times to look through one after the other, the newest first and each four times as long as the one before.

    The embedded document server fetches whatever matches before it cuts at a limit. Looked for in this manner, a page
    costs a few times its own rows however long the log is, and a rare row some fifteen questions.
    """
    found = []
    end, span = before, FIRST_SPAN
    while end > since:
        start = max(since, end - span)
        found.append((start, end))
        end, span = start, span * WIDENING
    return found


def spreadsheet_text(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(RISKY) else text


def _key(values: dict[str, str]) -> str:
    text = "\n".join(f"{name}={value}" for name, value in sorted(values.items()))
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _reason(error: BaseException | None) -> str:
    if isinstance(error, DomainError):
        return error.message
    # What an unforeseen error says may hold anything, secrets too; the server's log has it.
    return "" if error is None else type(error).__name__


def _cut(text: str) -> str:
    clean = "".join(character if character.isprintable() else " " for character in text)
    return clean[:TEXT_LENGTH]
