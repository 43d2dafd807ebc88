"""The filter of the audit as an address has it, and its export, for the page and for REST."""

from datetime import UTC, datetime
from typing import Annotated

import msgspec
from litestar.params import FromQuery, QueryParameter
from litestar.response import Stream

from domain.access import Actor
from domain.audit import AuditFilter
from domain.errors import Invalid, Problem
from domain.wording import tr
from services.audit import Audit
from web.downloads import attachment

CSV_NAME = "audit.csv"


class AskedAudit(msgspec.Struct, frozen=True, kw_only=True):
    """The texts of an address that say which rows of the audit are wanted."""

    actor: str = ""
    capability: str = ""
    object: str = ""
    outcome: str = ""
    since: str = ""
    until: str = ""

    def filter(self) -> AuditFilter:
        """What the texts mean; times are ISO 8601, in UTC when they name no zone.

        Raises:
            Invalid: for a time that is none.
        """
        times, problems = {}, []
        for name in ("since", "until"):
            try:
                times[name] = _time(getattr(self, name).strip())
            except (ValueError, OverflowError):
                problems.append(Problem(name, tr("write it as 2026-11-26 or 2026-11-26T14:30")))
        if problems:
            raise Invalid(tr("The audit cannot be looked through so."), tuple(problems))
        return AuditFilter(
            actor=self.actor.strip().lower(),
            capability=self.capability.strip(),
            object=self.object.strip(),
            outcome=self.outcome.strip(),
            since=times["since"],
            until=times["until"],
        )


def provide_asked_audit(
    who: Annotated[str, QueryParameter(name="actor")] = "",
    capability: FromQuery[str] = "",
    on: Annotated[str, QueryParameter(name="object")] = "",
    outcome: FromQuery[str] = "",
    since: FromQuery[str] = "",
    until: FromQuery[str] = "",
) -> AskedAudit:
    """The filter as the address has it; whether it can be is asked of it, so that a page can say what is wrong."""
    return AskedAudit(actor=who, capability=capability, object=on, outcome=outcome, since=since, until=until)


async def exported_audit(audit: Audit, actor: Actor, asked: AskedAudit) -> Stream:
    """All rows of the filter as CSV, safe to be opened in a spreadsheet."""
    return Stream(await audit.export(actor, asked.filter()), media_type="text/csv", headers=attachment(CSV_NAME))


def _time(text: str) -> datetime | None:
    if not text:
        return None
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
