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
from domain.wording import tr
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
    async def form(
        self, request: Request[Any, Any, Any], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> Page | Redirect:
        target = local_path(request.query_params.get("next"))
        if actor.user_id is not None:
            return Redirect(target, status_code=303)
        return Page("sign_in.html", {"email": "", "next": target, "message": "", **await ways_in(services)})

    @post("/sign-in", request_max_body_size=MAX_CREDENTIALS_BYTES)
    async def sign_in(
        self, request: Request[Any, Any, Any], data: URLEncodedBody[SignInForm], services: NamedDependency[Services]
    ) -> Page:
        """Begin a session under a new token, whatever cookie the browser sent; the session of that one ends."""
        try:
            return await entered(request, services, data.email, data.password, local_path(data.next), "")
        except (Unauthenticated, Unavailable) as error:
            return await _refused(services, data, error)

    @post("/sign-out")
    async def sign_out(self, request: Request[Any, Any, Any], services: NamedDependency[Services]) -> Page:
        if token := request.cookies.get(session_name(services.settings)):
            await services.people.sign_out(token)
        return Done("/sign-in", tr("You are signed out."), cookies=[_no_session(services)])


async def entered(
    request: Request[Any, Any, Any], services: Services, email: str, password: str, target: str, text: str
) -> Page:
    """Sign in and go to `target`; errors as for `People.sign_in`."""
    address = request.client.host if request.client else ""
    user_agent = request.headers.get("user-agent", "")
    token, _ = await services.people.sign_in(email, password, address=address, user_agent=user_agent, by=request.user)
    return await with_session(request, services, token, target, text)


async def with_session(request: Request[Any, Any, Any], services: Services, token: str, target: str, text: str) -> Page:
    """Go to `target` under a new session; the one that the browser had before, whoever's it was, ends."""
    await services.people.sign_out(request.cookies.get(session_name(services.settings), ""))
    return Done(target, text, cookies=[session_cookie(services.settings, token)])


async def ways_in(services: Services) -> dict[str, object]:
    """What the form offers beside a password."""
    return {
        "may_register": (await services.accounts.admission()).is_open,
        "provider": services.settings.oidc_name if services.settings.oidc_issuer else "",
        "shows_public": await services.site.shows_public(),
        "text": (await services.site.settings()).sign_in_text,
    }


async def _refused(services: Services, data: SignInForm, error: DomainError) -> Page:
    fault = fault_of(error)
    context = {"email": data.email, "next": local_path(data.next), "message": fault.message, **await ways_in(services)}
    headers = {name: value for name, value in fault.headers.items() if name == "retry-after"}
    return Page("sign_in.html", context, status_code=fault.status, headers=headers)


def _no_session(services: Services) -> Cookie:
    return session_cookie(services.settings, "")
