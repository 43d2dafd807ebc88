"""Signing in and out, and the start address."""

from typing import Any

import msgspec
from litestar import Controller, Request, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from domain.access import Actor
from domain.errors import DomainError, Unauthenticated, Unavailable
from services.system import Services
from web.errors import fault_of
from web.render import Done, Page
from web.security.cookies import session_cookie, session_name
from web.security.identity import MAX_CREDENTIALS_BYTES
from web.security.links import HOME, local_path


class SignInForm(msgspec.Struct, frozen=True):
    email: str = ""
    password: str = ""
    next: str = HOME


class SignInPage(Controller):
    """`/sign-in` and `/sign-out`."""

    @get("/")
    async def start(self, actor: NamedDependency[Actor]) -> Redirect:
        return Redirect("/sign-in" if actor.user_id is None else HOME, status_code=303)

    @get("/sign-in")
    async def form(self, request: Request[Any, Any, Any], actor: NamedDependency[Actor]) -> Page | Redirect:
        target = local_path(request.query_params.get("next"))
        if actor.user_id is not None:
            return Redirect(target, status_code=303)
        return Page("sign_in.html", {"email": "", "next": target, "message": ""})

    @post("/sign-in", request_max_body_size=MAX_CREDENTIALS_BYTES)
    async def sign_in(
        self, request: Request[Any, Any, Any], data: URLEncodedBody[SignInForm], services: NamedDependency[Services]
    ) -> Page:
        """Begin a session under a new token, whatever cookie the browser sent; the session of that one ends."""
        address = request.client.host if request.client else ""
        user_agent = request.headers.get("user-agent", "")
        try:
            token, _ = await services.people.sign_in(
                data.email, data.password, address=address, user_agent=user_agent, by=request.user
            )
        except (Unauthenticated, Unavailable) as error:
            return _refused(data, error)
        await services.people.sign_out(request.cookies.get(session_name(services.settings), ""))
        return Done(local_path(data.next), "", cookies=[session_cookie(services.settings, token)])

    @post("/sign-out")
    async def sign_out(self, request: Request[Any, Any, Any], services: NamedDependency[Services]) -> Page:
        if token := request.cookies.get(session_name(services.settings)):
            await services.people.sign_out(token)
        return Done("/sign-in", "You are signed out.", cookies=[_no_session(services)])


def _refused(data: SignInForm, error: DomainError) -> Page:
    fault = fault_of(error)
    context = {"email": data.email, "next": local_path(data.next), "message": fault.message}
    headers = {name: value for name, value in fault.headers.items() if name == "retry-after"}
    return Page("sign_in.html", context, status_code=fault.status, headers=headers)


def _no_session(services: Services) -> Cookie:
    return session_cookie(services.settings, "")
