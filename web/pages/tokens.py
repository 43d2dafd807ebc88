"""The API tokens of who is signed in: a list, new ones, and their end. Beside them, leaving: sign-outs and deletion."""

from typing import Any

import msgspec
from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from domain.access import Actor, Scope
from domain.errors import Conflict, Invalid, Problem
from domain.wording import tr, trn
from services.system import Services
from web.pages.projects import refused
from web.render import Done, Page
from web.security.cookies import session_cookie
from web.security.identity import signed_in

TEMPLATE = "profile/tokens.html"
HERE = "/profile/tokens"
DAYS = {str(days): trn("{n} day", "{n} days", days) for days in (7, 30, 90)} | {"366": tr("a year")}
SCOPES = {
    Scope.READ: (tr("Read"), tr("See the projects, dashboards and data that you see, and export them.")),
    Scope.INGEST: (tr("Ingest"), tr("Make projects and fill their data collections; it reads no data.")),
    Scope.ADMIN: (tr("Everything"), tr("Whatever you may do, this account and its tokens included.")),
}


class TokenForm(msgspec.Struct, frozen=True):
    name: str = ""
    scopes: tuple[str, ...] = (str(Scope.READ),)
    days: str = "90"


class LeaveForm(msgspec.Struct, frozen=True):
    confirmation: str = ""
    heir: str = ""


class TokensPage(Controller):
    """`/profile/tokens`, `/profile/leave`."""

    path = "/profile"
    guards = [signed_in]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/tokens")
    async def index(self, services: NamedDependency[Services], actor: NamedDependency[Actor]) -> Page:
        return Page(TEMPLATE, await _context(services, actor))

    @post("/tokens")
    async def create(
        self, request: Request[Any, Any, Any], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> Page:
        """Make a token, which is in this answer and nowhere else."""
        form = await request.form()
        data = TokenForm(str(form.get("name", "")), tuple(map(str, form.getall("scopes", []))), str(form.get("days")))
        try:
            days = int(data.days) if data.days in DAYS else 0
            made = await services.api_tokens.create(actor, data.name, data.scopes, days)
        except Invalid as error:
            return refused(TEMPLATE, data, error, **await _context(services, actor))
        return Page(TEMPLATE, await _context(services, actor) | {"made": made})

    @post("/tokens/{token_id:str}/revoke")
    async def revoke(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], token_id: FromPath[str]
    ) -> Page:
        await services.api_tokens.revoke(actor, token_id)
        return Done(HERE, tr("That token has ended."), TEMPLATE, await _context(services, actor), block="token_list")

    @post("/sessions/revoke-all")
    async def sign_out_everywhere(self, services: NamedDependency[Services], actor: NamedDependency[Actor]) -> Page:
        """End every browser session, this one too, and every sign-in over REST."""
        await services.people.sign_out_everywhere(actor)
        return Done("/sign-in", tr("You are signed out everywhere."), cookies=[session_cookie(services.settings, "")])

    @get("/leave")
    async def leave_form(self, services: NamedDependency[Services], actor: NamedDependency[Actor]) -> Page:
        return Page("profile/leave.html", await _leaving(services, actor))

    @post("/leave")
    async def leave(self, request: Request[Any, Any, Any], services: NamedDependency[Services],
                    actor: NamedDependency[Actor]) -> Page:  # fmt: skip
        """Delete one's own account once its address was typed."""
        form = await request.form()
        data = LeaveForm(str(form.get("confirmation", "")), str(form.get("heir", "")))
        try:
            if data.confirmation.strip() != actor.email:
                problem = Problem("confirmation", tr("write {email} to delete your account", email=actor.email))
                raise Invalid(tr("Your account was not deleted."), (problem,))  # noqa: TRY301 -- shown as the others are.
            await services.accounts.delete(actor, actor.user_id or "", data.heir)
        except (Invalid, Conflict) as error:
            return refused("profile/leave.html", data, error, **await _leaving(services, actor))
        return Done("/sign-in", tr("Your account is deleted."), cookies=[session_cookie(services.settings, "")])


async def _context(services: Services, actor: Actor) -> dict[str, Any]:
    tokens = await services.api_tokens.all(actor)
    fixed = {"choices": SCOPES, "days": DAYS, "made": None, "address": services.settings.address}
    return {"tokens": tokens, "form": TokenForm(), "problems": {}, "message": "", **fixed}


async def _leaving(services: Services, actor: Actor) -> dict[str, Any]:
    heirs = await services.accounts.heirs(actor, actor.user_id or "")
    return {"heirs": heirs, "form": LeaveForm(), "problems": {}, "message": ""}
