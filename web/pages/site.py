"""The settings of the site that change while the server runs, and how its parts are; for administrators."""

from collections.abc import Mapping

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody

from domain.access import Actor
from domain.errors import Conflict, Invalid, Problem
from domain.site import RANGES, SiteSettings
from services.system import Services
from web.pages.projects import refused
from web.render import Done, Page
from web.security.identity import administrator

SITE, STATE = "admin/site.html", "admin/state.html"
SAVED = "The site is set. Every process goes by it within five seconds."
REGISTRATION = {
    "off": "Administrators open accounts, nobody else",
    "invitation": "Whoever is invited",
    "domain": "Addresses of the hosts below, and whoever is invited",
    "open": "Everybody who finds this server",
}
VISITORS = {"on": "See public projects", "off": "See nothing but the sign-in form"}
NAMES = tuple(name for name in SiteSettings.__struct_fields__ if name != "id")
NUMBERS = (*RANGES, "version")


class SitePage(Controller):
    """`/admin/site` and `/admin/state`."""

    path = "/admin"
    guards = [administrator]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/site")
    async def form(self, services: NamedDependency[Services]) -> Page:
        context = {"form": _form_of(await services.site.settings()), "problems": {}, "message": ""}
        return Page(SITE, context | _choices(services))

    @post("/site")
    async def change(
        self, data: URLEncodedBody[dict[str, str]], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> Page:
        form = {name: data.get(name, "") for name in NAMES}
        try:
            await services.site.set(actor, _site_of(form))
        except (Invalid, Conflict) as error:
            return refused(SITE, form, error, **_choices(services))
        return Done("/admin/site", SAVED)

    @get("/state")
    async def state(self, services: NamedDependency[Services], actor: NamedDependency[Actor]) -> Page:
        """Ask every part now, and say what is wrong with it, and which processes live."""
        workers = [(one, services.workers.is_silent(one)) for one in await services.workers.all(actor)]
        return Page(STATE, {"parts_": await services.health.ready(), "workers": workers}, block="state_parts")


def _form_of(site: SiteSettings) -> dict[str, str]:
    return {name: str(getattr(site, name)) for name in NAMES}


def _site_of(form: Mapping[str, str]) -> SiteSettings:
    numbers = {name: form[name].strip() for name in NUMBERS}
    # A number of many digits is beyond every range, and would take long to read.
    odd = [name for name, text in numbers.items() if not (text.isascii() and text.isdigit() and len(text) < 10)]  # noqa: PLR2004
    if odd:
        raise Invalid("The site cannot be set so.", tuple(Problem(name, "must be a whole number") for name in odd))
    return msgspec.convert({**form, **{name: int(text) for name, text in numbers.items()}}, SiteSettings)


def _choices(services: Services) -> dict[str, object]:
    """What the choices are called, and what the environment says where nothing is chosen."""
    settings = services.settings
    default = REGISTRATION[settings.registration]
    visitors = VISITORS["on" if settings.public_access else "off"]
    return {
        "settings": settings,
        "registrations": [("", f"As the environment says: {default[0].lower()}{default[1:]}"), *REGISTRATION.items()],
        "visitors": [("", f"As the environment says: {visitors[0].lower()}{visitors[1:]}"), *VISITORS.items()],
    }
