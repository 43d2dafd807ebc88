"""Signing in with the configured OpenID Connect provider: leaving for it, and coming back."""

from typing import Any

from litestar import Controller, Request, get
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect

from domain.errors import DomainError
from domain.settings import PROVIDER_BACK, Settings
from services.oidc import Returned
from services.system import Services
from web.errors import fault_of
from web.pages.sign_in import ways_in, with_session
from web.render import Page
from web.security.links import HOME, local_path

PATH = "/sign-in/provider"
FLOW_SECONDS = 600


class ProviderPage(Controller):
    """`/sign-in/provider`."""

    @get(PATH)
    async def leave(self, services: NamedDependency[Services], next: FromQuery[str] = "") -> Page | Redirect:  # noqa: A002 -- the name in the address.
        target = local_path(next)
        try:
            url, remembered = await services.provider_sign_in.begin(target)
        except DomainError as error:
            return await _refused(services, target, error)
        return Redirect(url, status_code=303, cookies=[flow_cookie(services.settings, remembered)])

    @get(PROVIDER_BACK)
    async def come_back(self, request: Request[Any, Any, Any], services: NamedDependency[Services]) -> Page:
        """Begin a session under a new token; what the browser remembered is used up, whatever comes of it."""
        remembered = request.cookies.get(flow_name(services.settings), "")
        try:
            token, _, target = await services.provider_sign_in.finish(
                remembered,
                _returned(request),
                address=request.client.host if request.client else "",
                user_agent=request.headers.get("user-agent", ""),
                by=request.user,
            )
            page = await with_session(request, services, token, local_path(target), "")
        except DomainError as failure:
            page = await _refused(services, HOME, failure)
        page.set_cookie(flow_cookie(services.settings, ""))
        return page


def flow_name(settings: Settings) -> str:
    """The name of the cookie that remembers a sign-in that is under way."""
    return "__Secure-depictio-flow" if settings.is_secure else "depictio-flow"


def flow_cookie(settings: Settings, remembered: str) -> Cookie:
    """That cookie; without anything to remember it is taken away. Lax: the browser comes back from another site."""
    return Cookie(
        key=flow_name(settings),
        value=remembered,
        path=PATH,
        httponly=True,
        secure=settings.is_secure,
        samesite="lax",
        max_age=FLOW_SECONDS if remembered else 0,
    )


def _returned(request: Request[Any, Any, Any]) -> Returned:
    # By hand: `state` is a name of Litestar's own.
    query = request.query_params
    return Returned(*(str(query.get(name, "")) for name in ("code", "state", "iss", "error")))


async def _refused(services: Services, target: str, error: DomainError) -> Page:
    fault = fault_of(error)
    context = {"email": "", "next": target, "message": fault.message, **await ways_in(services)}
    headers = {name: value for name, value in fault.headers.items() if name == "retry-after"}
    return Page("sign_in.html", context, status_code=fault.status, headers=headers)
