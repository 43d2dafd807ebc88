"""The account of who is signed in: name, password, browsers."""

import hashlib
from typing import Any

import msgspec
from litestar import Controller, Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from domain.access import Actor
from domain.errors import Invalid, Problem
from domain.wording import tr
from services.system import Services
from web.pages.projects import refused
from web.render import Done, Page
from web.security.cookies import session_name
from web.security.identity import signed_in

PROFILE = "profile/index.html"
HERE = "/profile"


class NameForm(msgspec.Struct, frozen=True):
    display_name: str = ""


class PasswordForm(msgspec.Struct, frozen=True):
    current: str = ""
    password: str = ""
    repeated: str = ""


class ProfilePage(Controller):
    """`/profile`."""

    path = HERE
    guards = [signed_in]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/")
    async def index(
        self, request: Request[Any, Any, Any], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> Page:
        return Page(PROFILE, await _context(request, services, actor), block="sessions")

    @post("/")
    async def rename(
        self,
        request: Request[Any, Any, Any],
        data: URLEncodedBody[NameForm],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
    ) -> Page:
        try:
            await services.people.rename(actor, data.display_name)
        except Invalid as error:
            return refused(PROFILE, data, error, **await _context(request, services, actor))
        return Done(HERE, tr("Your name is saved."))

    @post("/password")
    async def change_password(
        self,
        request: Request[Any, Any, Any],
        data: URLEncodedBody[PasswordForm],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
    ) -> Page:
        """Change the password and sign out every other browser."""
        try:
            _check_repeated(data)
            token = _token(request, services)
            await services.people.change_password(actor, data.current, data.password, keep_token=token)
        except Invalid as error:
            return refused(PROFILE, NameForm(), error, **await _context(request, services, actor))
        return Done(HERE, tr("Your password is changed, and your other browsers are signed out."))

    @post("/sessions/revoke-others")
    async def revoke_others(
        self, request: Request[Any, Any, Any], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> Page:
        await services.people.revoke_other_sessions(actor, _token(request, services))
        return await _changed(request, services, actor, tr("Your other browsers are signed out."))

    @delete("/sessions/{session_id:str}", status_code=200)
    async def revoke(
        self,
        request: Request[Any, Any, Any],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        session_id: FromPath[str],
    ) -> Page:
        await services.people.revoke_session(actor, session_id)
        return await _changed(request, services, actor, tr("That browser is signed out."))

    @post("/sessions/{session_id:str}/revoke")
    async def revoke_by_form(
        self,
        request: Request[Any, Any, Any],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        session_id: FromPath[str],
    ) -> Page:
        """Sign out a browser, for browsers without scripts: their forms know no DELETE."""
        await services.people.revoke_session(actor, session_id)
        return await _changed(request, services, actor, tr("That browser is signed out."))


def _check_repeated(data: PasswordForm) -> None:
    if data.password != data.repeated:
        problem = Problem("repeated", tr("is not the same as the new password"))
        raise Invalid(tr("The two new passwords differ."), (problem,))


def _token(request: Request[Any, Any, Any], services: Services) -> str:
    return request.cookies.get(session_name(services.settings), "")


async def _context(request: Request[Any, Any, Any], services: Services, actor: Actor) -> dict[str, object]:
    sessions = await services.people.sessions(actor)
    current = hashlib.sha256(_token(request, services).encode()).hexdigest()
    user = (await services.people.users([actor.user_id or ""]))[actor.user_id or ""]
    known = {"has_password": user.has_password, "provider": services.settings.oidc_name}
    return {"sessions": sessions, "current": current, "form": NameForm(), "problems": {}, "message": "", **known}


async def _changed(request: Request[Any, Any, Any], services: Services, actor: Actor, text: str) -> Page:
    return Done(HERE, text, PROFILE, await _context(request, services, actor), block="sessions")
