"""Acts on several accounts or sessions that are ticked in a list: first what will happen, then the act."""

from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Controller, Request, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody

from domain.access import Actor
from domain.bulk import BulkAct, BulkPlan
from domain.errors import Invalid, Problem
from domain.wording import tr, trn
from services.overview import LiveSession
from services.sessions import session_id
from services.system import Services
from web.render import Done, Page
from web.security.cookies import session_name
from web.security.identity import administrator
from web.security.links import local_path

ACCOUNTS, SESSIONS = "/admin/users", "/admin/sessions"
EFFECTS = {
    BulkAct.CLOSE: tr("Nobody signs in to them any more, and what is signed in or opened ends at once. Projects stay."),
    BulkAct.REOPEN: tr("They can sign in again. Tokens of before do not come back."),
    BulkAct.REVOKE: tr("Every browser session, every sign-in over REST and every API token of theirs ends at once."),
}
DONE: dict[BulkAct, Callable[[int], str]] = {
    BulkAct.CLOSE: lambda n: trn("{n} account closed.", "{n} accounts closed.", n),
    BulkAct.REOPEN: lambda n: trn("{n} account open again.", "{n} accounts open again.", n),
    BulkAct.REVOKE: lambda n: trn("{n} account signed out everywhere.", "{n} accounts signed out everywhere.", n),
}


class BulkForm(msgspec.Struct, frozen=True):
    """`back` is the page of the list that it was ticked on. A form with one tick has one text for `ids`."""

    ids: list[str] | str = []
    act: str = ""
    back: str = ""

    @property
    def ticked(self) -> list[str]:
        return [self.ids] if isinstance(self.ids, str) else self.ids


class BulkPages(Controller):
    """`/admin/users/bulk` and `/admin/sessions/bulk`, which ask, and `/done` below them, which does."""

    path = "/admin"
    guards = [administrator]  # noqa: RUF012 -- Litestar reads class attributes.

    @post("/users/bulk")
    async def ask_accounts(
        self, data: URLEncodedBody[BulkForm], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> Page:
        """Say what the act will do, and to whom."""
        act = _act(data)
        if not data.ticked:
            return Done(_back(data, ACCOUNTS), tr("Tick at least one account first."))
        plan = await services.bulk.plan(actor, act, data.ticked)
        context = {"plan": plan, "effect": EFFECTS[act], "back": _back(data, ACCOUNTS)}
        return Page("admin/bulk_accounts.html", context)

    @post("/users/bulk/done")
    async def do_accounts(
        self, data: URLEncodedBody[BulkForm], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> Page:
        plan = await services.bulk.accounts(actor, _act(data), data.ticked)
        return Done(_back(data, ACCOUNTS), _said(plan))

    @post("/sessions/bulk")
    async def ask_sessions(
        self,
        request: Request[Any, Any, Any],
        data: URLEncodedBody[BulkForm],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
    ) -> Page:
        """Say which browsers will be signed out."""
        if not data.ticked:
            return Done(_back(data, SESSIONS), tr("Tick at least one session first."))
        found = await services.bulk.sessions(actor, data.ticked)
        own = session_id(request.cookies.get(session_name(services.settings), ""))
        return Page("admin/bulk_sessions.html", {"found": found, "own": own, "back": _back(data, SESSIONS)})

    @post("/sessions/bulk/done")
    async def end_sessions(
        self, data: URLEncodedBody[BulkForm], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> Page:
        return Done(_back(data, SESSIONS), _ended(await services.bulk.end_sessions(actor, data.ticked)))


def _act(form: BulkForm) -> BulkAct:
    try:
        return BulkAct(form.act)
    except ValueError:
        raise Invalid(
            tr("There is no such act."), (Problem("act", tr("must be {choices}", choices=", ".join(BulkAct))),)
        ) from None


def _back(form: BulkForm, home: str) -> str:
    """The page of the list that the act began on, with its search, order and offset; never anything else."""
    path = local_path(form.back)
    return path if path.partition("?")[0] == home else home


def _said(plan: BulkPlan) -> str:
    done = DONE[plan.act](len(plan.done))
    if not plan.refused:
        return done
    left = tr("Left as they were: {emails}.", emails=", ".join(one.email for one in plan.refused[:5]))
    return f"{done} {left}"


def _ended(ended: list[LiveSession]) -> str:
    if len(ended) == 1:
        return tr("That browser is signed out.")
    return trn("{n} browser is signed out.", "{n} browsers are signed out.", len(ended))
