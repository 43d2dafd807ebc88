"""The audit: written by the services through `recorded`, read by administrators, changed by nobody."""

import csv
import inspect
import io
import logging
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

import msgspec

from domain.access import ANONYMOUS, Actor, Capability, permit
from domain.audit import HEADINGS, KEPT_AT_MOST, PAGE_MAX_LENGTH, SIGN_IN, AuditFilter, AuditPage, Entry, row_of
from domain.collections import DataCollection
from domain.dashboards import Dashboard
from domain.errors import DomainError, Invalid, Unavailable
from domain.people import User, normal_email
from domain.projects import Access, Project
from persistence.audit import AuditRepository
from services.clock import Clock

UNWRITTEN = "This was done, but could not be written to the audit. Tell an administrator of this installation."
ID_BYTES = 12
EXPORT_PIECE = 500

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

    def __init__(self, rows: AuditRepository, retention: Retention, now: Clock) -> None:
        self._rows = rows
        self._retention = retention
        self._now = now

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
        try:
            await self._rows.add(row, row.at + await self._retention())
        except Exception as failure:
            # The log takes the place of the audit, so that nothing is lost.
            fields = msgspec.to_builtins(row)
            log.exception("the audit cannot be written", extra={"fields": fields})
            if error is None:
                raise Unavailable(UNWRITTEN) from failure

    async def page(self, actor: Actor, wanted: AuditFilter, before: str | None = None, size: int = 50) -> AuditPage:
        """Rows from the newest on, `size` of them; older ones with the `next` of a page as `before`.

        Raises:
            Forbidden: when the actor lacks `admin:audit`.
            Invalid: for a filter or a place that cannot be.
        """
        until, since = self._bounds(actor, wanted)
        if not 1 <= size <= PAGE_MAX_LENGTH:
            raise Invalid(f"A page of the audit has 1 to {PAGE_MAX_LENGTH} rows.")
        return await self._rows.page(wanted, before, until, since, size)

    async def export(self, actor: Actor, wanted: AuditFilter) -> AsyncGenerator[bytes]:
        """All rows that are wanted as CSV in UTF-8, piece by piece; itself written to the audit.

        Raises:
            Forbidden, Invalid: as `page`.
        """
        until, since = self._bounds(actor, wanted)
        await self._note_export(actor)
        return self._pieces(wanted, until, since)

    def _bounds(self, actor: Actor, wanted: AuditFilter) -> tuple[datetime, datetime]:
        permit(actor, Capability.ADMIN_AUDIT, "read the audit")
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
    capability: str, act: str, *details: str, on: str = ""
) -> Callable[[Callable[P, Awaitable[R]]], Callable[P, Coroutine[Any, Any, R]]]:
    """Write each call of a service's method to the audit, with how it ended.

    Who asks, and on what, is found in its arguments: an `Access`, a `DashboardAccess`, or an `Actor` that is called
    `actor` or `by`. `details` names arguments whose values are written down, and `on` one that is the object, as
    `("user", "user_id")` would be `on="user:user_id"`. Never name a secret.
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
            try:
                result = await method(*args, **kwargs)
            except BaseException as error:
                if not _is_limited(capability, error):
                    await audit.write(entry, error)
                raise
            await _write_end(audit, entry, result)
            return result

        return recording

    return decorate


async def _write_end(audit: Audit, entry: Entry, result: object) -> None:
    """An ingest that fails is a report and no error; a thing that was made is known only now."""
    made, name = _object(result[0] if isinstance(result, tuple) and result else result)
    if not entry.object:
        entry = msgspec.structs.replace(entry, object=made, name=name)
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
    if capability == SIGN_IN:
        found = msgspec.structs.replace(found, user_id=None, email=_address(str(given["email"])))
        object_, name = f"account:{found.email}", found.email
    if on:
        kind, _, argument = on.partition(":")
        object_, name = f"{kind}:{given[argument]}", ""
    detail = ", ".join(f"{name.replace('_', ' ')} {_text(given[name])}" for name in details)
    return Entry(actor=found, capability=capability, act=act, object=object_, name=name, detail=detail)


def _object(value: object) -> tuple[str, str]:
    """The object's key in the audit, and what people call it."""
    match value:
        case Access():
            return _object(value.project)
        case Project():
            return f"project:{value.id}", value.name
        case Dashboard():
            return f"dashboard:{value.id}", value.title
        case DataCollection():
            return f"collection:{value.id}", value.tag
        case User():
            return f"user:{value.id}", value.email
        case _:
            return "", ""


def _is_limited(capability: str, error: BaseException) -> bool:
    """Whether this is a try beyond the limit: a flood of them must not fill the audit, and the log has each."""
    return capability == SIGN_IN and isinstance(error, Unavailable)


def _address(text: str) -> str:
    """The address that was tried. What is none may be a password in the wrong field."""
    try:
        return normal_email(text)
    except Invalid:
        return "(no address)"


def _text(value: object) -> str:
    if isinstance(value, msgspec.Struct):
        return "; ".join(f"{name} {field}" for name, field in msgspec.structs.asdict(value).items())
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _lines(rows: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
