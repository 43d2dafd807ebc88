"""Opening one's own account, accepting an invitation, and setting a new password by a link of an administrator.

The secret of a link stands in the query of its address: the log has paths only, and no other site is told the address.
"""

from typing import Any

import msgspec
from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody

from domain.access import Actor
from domain.accounts import Invitation
from domain.errors import Conflict, Forbidden, Invalid, NotFound, Problem, Unavailable
from domain.wording import tr
from services.system import Services
from web.errors import fault_of
from web.pages.projects import refused
from web.pages.sign_in import entered
from web.render import Done, Page
from web.security.identity import MAX_CREDENTIALS_BYTES
from web.security.links import HOME, local_path

REGISTER = "accounts/register.html"
INVITATION = "accounts/invitation.html"
RESET = "accounts/reset.html"


class RegisterForm(msgspec.Struct, frozen=True):
    email: str = ""
    display_name: str = ""
    password: str = ""
    repeated: str = ""
    next: str = HOME


class AcceptForm(msgspec.Struct, frozen=True):
    token: str = ""
    display_name: str = ""
    password: str = ""
    repeated: str = ""


class ResetForm(msgspec.Struct, frozen=True):
    token: str = ""
    password: str = ""
    repeated: str = ""


class RegistrationPage(Controller):
    """`/register`, `/invitation` and `/reset`."""

    @get("/register")
    async def register_form(self, services: NamedDependency[Services], next: FromQuery[str] = "") -> Page:  # noqa: A002 -- the name in the address.
        return Page(REGISTER, await _register(services, RegisterForm(next=local_path(next))))

    @post("/register", request_max_body_size=MAX_CREDENTIALS_BYTES)
    async def register(
        self, request: Request[Any, Any, Any], data: URLEncodedBody[RegisterForm], services: NamedDependency[Services]
    ) -> Page:
        """Open an account and sign in to it."""
        form = msgspec.structs.replace(data, next=local_path(data.next))
        try:
            _check_repeated(data.password, data.repeated)
            address = request.client.host if request.client else ""
            await services.accounts.register(
                data.email, data.password, data.display_name, address=address, by=request.user
            )
        except (Invalid, Conflict) as error:
            return refused(REGISTER, form, error, **await _register(services, form))
        except (Forbidden, Unavailable) as error:
            fault = fault_of(error)
            context = await _register(services, form) | {"message": fault.message}
            return Page(REGISTER, context, status_code=fault.status, headers=fault.headers)
        return await entered(
            request, services, data.email, data.password, form.next, tr("Welcome. Your account is open.")
        )

    @get("/invitation")
    async def invitation(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], token: FromQuery[str] = ""
    ) -> Page:
        try:
            found = await services.invitations.open(token)
        except NotFound as error:
            return _no_such_link(tr("Invitation"), error)
        return Page(INVITATION, await _accept(services, actor, found, AcceptForm(token=token)))

    @post("/invitation", request_max_body_size=MAX_CREDENTIALS_BYTES)
    async def accept(
        self,
        request: Request[Any, Any, Any],
        data: URLEncodedBody[AcceptForm],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
    ) -> Page:
        """Open the invited account and sign in to it."""
        try:
            found = await services.invitations.open(data.token)
            try:
                _check_repeated(data.password, data.repeated)
                welcomed = await services.invitations.accept(data.token, data.password, data.display_name, by=actor)
            except (Invalid, Conflict) as error:
                return refused(INVITATION, data, error, **await _accept(services, actor, found, data))
        except NotFound as error:
            return _no_such_link(tr("Invitation"), error)
        target = f"/projects/{welcomed.project_id}" if welcomed.project_id else HOME
        text = welcomed.missed or tr("Welcome. Your account is open.")
        return await entered(request, services, found.email, data.password, target, text)

    @post("/invitation/join")
    async def join(
        self, data: URLEncodedBody[AcceptForm], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> Page:
        """Accept an invitation to a project with the account that is signed in."""
        welcomed = await services.invitations.join(actor, data.token)
        target = f"/projects/{welcomed.project_id}" if welcomed.project_id else HOME
        return Done(target, welcomed.missed or tr("You are in."))

    @get("/reset")
    async def reset_form(self, services: NamedDependency[Services], token: FromQuery[str] = "") -> Page:
        try:
            user = await services.accounts.open_reset_link(token)
        except NotFound as error:
            return _no_such_link(tr("New password"), error)
        return Page(RESET, {"user": user, "form": ResetForm(token=token), "problems": {}, "message": ""})

    @post("/reset", request_max_body_size=MAX_CREDENTIALS_BYTES)
    async def reset(
        self, data: URLEncodedBody[ResetForm], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> Page:
        """Set the new password; whoever did signs in with it."""
        try:
            user = await services.accounts.open_reset_link(data.token)
            try:
                _check_repeated(data.password, data.repeated)
                await services.accounts.reset_password(data.token, data.password, by=actor)
            except Invalid as error:
                return refused(RESET, data, error, user=user)
        except NotFound as error:
            return _no_such_link(tr("New password"), error)
        return Done("/sign-in", tr("Your password is changed. Sign in with it."))


async def _register(services: Services, form: RegisterForm) -> dict[str, Any]:
    found = await services.accounts.admission()
    return {"form": form, "is_open": found.is_open, "domains": found.domains, "problems": {}, "message": ""}


async def _accept(services: Services, actor: Actor, invitation: Invitation, form: AcceptForm) -> dict[str, Any]:
    has_account = await services.people.has_account(invitation.email)
    context = {"invitation": invitation, "has_account": has_account, "is_theirs": actor.email == invitation.email}
    return context | {"form": form, "problems": {}, "message": ""}


def _check_repeated(password: str, repeated: str) -> None:
    if password != repeated:
        raise Invalid(tr("The two passwords differ."), (Problem("repeated", tr("is not the same as the password")),))


def _no_such_link(title: str, error: NotFound) -> Page:
    return Page("accounts/no_link.html", {"title": title, "message": error.message}, status_code=404)
