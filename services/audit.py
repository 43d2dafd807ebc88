"""The audit: written by the services through `recorded`, read by administrators, changed by nobody."""

import csv
import inspect
import io
import logging
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

import msgspec

from domain.access import ANONYMOUS, Actor, Capability, Principal, permit
from domain.accounts import Invitation
from domain.audit import HEADINGS, KEPT_AT_MOST, PAGE_MAX_LENGTH, SIGN_IN, AuditFilter, AuditPage, Entry, row_of
from domain.collections import DataCollection
from domain.dashboards import Dashboard
from domain.errors import DomainError, Invalid, Problem, Unavailable
from domain.groups import Group, GroupAccess
from domain.people import User, normal_email
from domain.projects import Access, Project
from domain.share_links import ShareLink
from domain.tokens import ApiToken
from domain.wording import tr
from persistence.audit import AuditRepository
from services.called import Called
from services.clock import Clock

UNWRITTEN = tr("This was done, but could not be written to the audit. Tell an administrator of this installation.")
ID_BYTES = 12
EXPORT_PIECE = 500
STRANGERS_A_MINUTE = 60
"""So many failed acts of people who are not signed in are rows; signing in has a limit of its own."""
MADE = ("user", "link", "token", "invitation")
"""Fields of results that hold what was made, beside its secret."""
OBJECTS: dict[type[Any], tuple[str, str]] = {
    Project: ("project", "name"),
    Dashboard: ("dashboard", "title"),
    DataCollection: ("collection", "tag"),
    User: ("user", "email"),
    Group: ("group", "name"),
    ShareLink: ("link", "name"),
    ApiToken: ("token", "name"),
}
_within: ContextVar[bool] = ContextVar("within a recorded act", default=False)

log = logging.getLogger("depictio.audit")

P = ParamSpec("P")
R = TypeVar("R")
Retention = Callable[[], Awaitable[timedelta]]


class Audited(Protocol):
    """A service whose methods are `recorded`."""

    @property
    def audit(self) -> "Audit": ...


class Audit:
    """Writes rows, and shows them to those who hold `admin:audit`. `retention` says how long a new row is kept."""

    def __init__(self, rows: AuditRepository, retention: Retention, now: Clock, called: Called | None = None) -> None:
        self._called = called
        self._rows = rows
        self._retention = retention
        self._now = now
        self._minute, self._strangers = 0, 0

    @property
    def audit(self) -> "Audit":
        return self

    async def write(self, entry: Entry, error: BaseException | None = None) -> None:
        """Write down an act that ended without, or with, this error.

        Raises:
            Unavailable: when it cannot be written, which is in the log as well. Not for an act that failed: its own
                error is what people are to see.
        """
        row = row_of(entry, error, self._now(), secrets.token_hex(ID_BYTES))
        if error is not None and self._is_flood(entry, row.at):
            log.warning("too many failed acts of strangers for the audit", extra={"fields": msgspec.to_builtins(row)})
            return
        try:
            await self._rows.add(row, row.at + await self._retention())
        except Exception as failure:
            # The log takes the place of the audit, so that nothing is lost.
            fields = msgspec.to_builtins(row)
            log.exception("the audit cannot be written", extra={"fields": fields})
            if error is None:
                raise Unavailable(UNWRITTEN) from failure

    async def named(self, entry: Entry, mentioned: Sequence[str]) -> Entry:
        """The entry with what people call its object and whom it mentions, at this moment: the row outlives them."""
        if self._called is None:
            return entry
        name, detail = entry.name or await self._called.name_of(entry.object), entry.detail
        for key in mentioned:
            if found := await self._called.name_of(key):
                id_ = key.partition(":")[2]
                detail = detail.replace(id_, f"{id_} ({found})")
        return msgspec.structs.replace(entry, name=name, detail=detail)

    async def page(self, actor: Actor, wanted: AuditFilter, before: str | None = None, size: int = 50) -> AuditPage:
        """Rows from the newest on, `size` of them; older ones with the `next` of a page as `before`.

        Raises:
            Forbidden: when the actor lacks `admin:audit`.
            Invalid: for a filter or a place that cannot be.
        """
        until, since = self._bounds(actor, wanted)
        if not 1 <= size <= PAGE_MAX_LENGTH:
            raise Invalid(
                tr("There is no such page."), (Problem("limit", tr("must be 1 to {most}", most=PAGE_MAX_LENGTH)),)
            )
        return await self._rows.page(wanted, before, until, since, size)

    async def export(self, actor: Actor, wanted: AuditFilter) -> AsyncGenerator[bytes]:
        """All rows that are wanted as CSV in UTF-8, piece by piece; itself written to the audit.

        Raises:
            Forbidden, Invalid: as `page`.
        """
        until, since = self._bounds(actor, wanted)
        await self._note_export(actor)
        return self._pieces(wanted, until, since)

    def _is_flood(self, entry: Entry, at: datetime) -> bool:
        """Whether strangers fail so often that only the log takes it: they must not fill the audit."""
        if entry.actor.user_id is not None or entry.capability == SIGN_IN:
            return False
        minute = int(at.timestamp() // 60)
        self._strangers = self._strangers + 1 if minute == self._minute else 1
        self._minute = minute
        return self._strangers > STRANGERS_A_MINUTE

    def _bounds(self, actor: Actor, wanted: AuditFilter) -> tuple[datetime, datetime]:
        permit(actor, Capability.ADMIN_AUDIT, tr("read the audit"))
        wanted.check()
        # A row of this very millisecond is one of the past.
        end = self._now() + timedelta(milliseconds=1)
        oldest = end - KEPT_AT_MOST
        return min(wanted.until or end, end), max(wanted.since or oldest, oldest)

    async def _note_export(self, actor: Actor) -> None:
        await self.write(Entry(actor=actor, capability=Capability.ADMIN_AUDIT, act="export the audit"))

    async def _pieces(self, wanted: AuditFilter, until: datetime, since: datetime) -> AsyncGenerator[bytes]:
        yield _lines([HEADINGS])
        async for rows in self._rows.all(wanted, until, since, EXPORT_PIECE):
            yield _lines([row.cells() for row in rows])


def recorded(
    capability: str, act: str, *details: str, on: str = "", whole: bool = False
) -> Callable[[Callable[P, Awaitable[R]]], Callable[P, Coroutine[Any, Any, R]]]:
    """Write each call of a service's method to the audit, with how it ended.

    Who asks, and on what, is found in its arguments: an `Access`, a `DashboardAccess`, a `GroupAccess`, or an `Actor`
    that is called `actor` or `by`. `details` names arguments whose values are written down, or a field of one as
    `wanted.days`, and `on` one that is the object, as `("user", "user_id")` would be `on="user:user_id"`. Never name a
    secret. An act that is `whole` is one row, though other recorded acts are parts of it.
    """

    def decorate(method: Callable[P, Awaitable[R]]) -> Callable[P, Coroutine[Any, Any, R]]:
        signature = inspect.signature(method)

        @wraps(method)
        async def recording(*args: P.args, **kwargs: P.kwargs) -> R:
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            given: Mapping[str, Any] = bound.arguments
            audit: Audit = given["self"].audit
            entry = _entry(capability, act, given, details, on)
            is_part = _within.get()
            if not is_part:
                entry = await audit.named(entry, _mentioned(given, details))
            outer = _within.set(whole or is_part)
            try:
                result = await method(*args, **kwargs)
            except BaseException as error:
                if not (is_part or _is_limited(entry, error)):
                    await audit.write(entry, error)
                raise
            finally:
                _within.reset(outer)
            if not is_part:
                await _write_end(audit, entry, result)
            return result

        return recording

    return decorate


async def _write_end(audit: Audit, entry: Entry, result: object) -> None:
    """An ingest that fails is a report and no error; a thing that was made is known only now."""
    made, name = _made(result)
    if not entry.object:
        entry = msgspec.structs.replace(entry, object=made, name=name)
    elif made and made != entry.object:
        entry = msgspec.structs.replace(entry, detail=f"{entry.detail}, {made}".removeprefix(", "))
    if entry.capability == SIGN_IN and not entry.actor.email:
        # Nobody named an address, and the provider said whose it is.
        actor = msgspec.structs.replace(entry.actor, email=name)
        entry = msgspec.structs.replace(entry, actor=actor, object=f"account:{name}")
    reports = result if isinstance(result, list) else [result]
    failed = any(getattr(report, "outcome", "") == "failed" for report in reports)
    await audit.write(entry, DomainError("See the log of ingests.") if failed else None)


def _entry(capability: str, act: str, given: Mapping[str, Any], details: tuple[str, ...], on: str) -> Entry:
    found, (object_, name) = ANONYMOUS, ("", "")
    for value in given.values():
        access = value if isinstance(value, Access) else getattr(value, "access", None)
        if isinstance(value, Actor):
            found = value
        elif isinstance(access, Access):
            found = access.actor
            object_, name = _object(getattr(value, "dashboard", access.project))
        elif isinstance(value, GroupAccess):
            found, (object_, name) = value.actor, _object(value.group)
    if capability == SIGN_IN and "email" in given:
        found = msgspec.structs.replace(found, user_id=None, email=_address(str(given["email"])))
        object_, name = f"account:{found.email}", found.email
    if on:
        kind, _, argument = on.partition(":")
        object_, name = f"{kind}:{_address(given[argument]) if argument == 'email' else given[argument]}", ""
    detail = ", ".join(_details(given, details))
    return Entry(actor=found, capability=capability, act=act, object=object_, name=name, detail=detail)


def _details(given: Mapping[str, Any], names: tuple[str, ...]) -> list[str]:
    found = []
    for name in names:
        argument, _, field = name.partition(".")
        value = getattr(given[argument], field) if field else given[argument]
        if value is not msgspec.UNSET:
            found.append(f"{(field or argument).replace('_', ' ')} {_text(value)}")
    return found


def _mentioned(given: Mapping[str, Any], names: tuple[str, ...]) -> list[str]:
    """The keys of those in the details whom people know by another name."""
    principals = [str(given[name]) for name in names if isinstance(given.get(name), Principal)]
    return principals + [f"user:{given[name]}" for name in names if name == "user_id"]


def _made(result: object) -> tuple[str, str]:
    """The first object in a result, which may have it beside a secret."""
    for value in result if isinstance(result, tuple) else (result,):
        held = next((getattr(value, name) for name in MADE if hasattr(value, name)), value)
        if (found := _object(held))[0]:
            return found
    return "", ""


def _object(value: object) -> tuple[str, str]:
    """The object's key in the audit, and what people call it."""
    if isinstance(value, Access):
        return _object(value.project)
    if isinstance(value, Invitation):
        return f"account:{value.email}", value.email
    for of, (kind, called) in OBJECTS.items():
        if isinstance(value, of):
            return f"{kind}:{value.id}", str(getattr(value, called))
    return "", ""


def _is_limited(entry: Entry, error: BaseException) -> bool:
    """Whether this is a try beyond the limit: a flood of them must not fill the audit, and the log has each."""
    is_stranger = entry.capability == SIGN_IN or entry.actor.user_id is None
    return is_stranger and isinstance(error, Unavailable) and error.retry_after is not None


def _address(text: str) -> str:
    """The address that was tried. What is none may be a password in the wrong field."""
    try:
        return normal_email(text)
    except Invalid:
        return "(no address)"


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return " ".join(map(str, value)) or "none"
    if isinstance(value, Principal):
        return str(value)
    if isinstance(value, msgspec.Struct):
        return "; ".join(f"{name} {field}" for name, field in msgspec.structs.asdict(value).items())
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _lines(rows: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
