"""The filter of the audit as an address has it, for the page and for REST."""

from collections.abc import Mapping
from datetime import UTC, datetime

from domain.audit import AuditFilter
from domain.errors import Invalid, Problem

CSV_NAME = "audit.csv"


def audit_filter(asked: Mapping[str, str]) -> AuditFilter:
    """The filter of these texts; times are ISO 8601, in UTC when they name no zone.

    Raises:
        Invalid: for a time that is none.
    """
    times, problems = {}, []
    for name in ("since", "until"):
        try:
            times[name] = _time(asked[name].strip())
        except (ValueError, OverflowError):
            problems.append(Problem(name, "write it as 2026-11-26 or 2026-11-26T14:30"))
    if problems:
        raise Invalid("The audit cannot be looked through so.", tuple(problems))
    return AuditFilter(
        actor=asked["actor"].strip().lower(),
        capability=asked["capability"].strip(),
        object=asked["object"].strip(),
        outcome=asked["outcome"].strip(),
        since=times["since"],
        until=times["until"],
    )


def _time(text: str) -> datetime | None:
    if not text:
        return None
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
