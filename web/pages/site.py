"""The settings of the site that change while the server runs, and how its parts are; for administrators."""

from collections.abc import Mapping

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody

from domain.access import Actor
from domain.errors import Conflict, Invalid, Problem
from domain.site import RANGES, SiteSettings
from domain.wording import tr
from services.system import Services
from web.pages.projects import refused
from web.render import Done, Page
from web.security.identity import administrator

SITE, STATE = "admin/site.html", "admin/state.html"
SAVED = tr("The site is set. Every process goes by it within five seconds.")
REGISTRATION = {
    "off": tr("Administrators open accounts, nobody else"),
    "invitation": tr("Whoever is invited"),
    "domain": tr("Addresses of the hosts below, and whoever is invited"),
    "open": tr("Everybody who finds this server"),
}
REGISTRATION_DEFAULT = {
    "off": tr("As the environment says: administrators open accounts, nobody else"),
    "invitation": tr("As the environment says: whoever is invited"),
    "domain": tr("As the environment says: addresses of the hosts below, and whoever is invited"),
    "open": tr("As the environment says: everybody who finds this server"),
}
VISITORS = {"on": tr("See public projects"), "off": tr("See nothing but the sign-in form")}
VISITORS_DEFAULT = {
    "on": tr("As the environment says: see public projects"),
    "off": tr("As the environment says: see nothing but the sign-in form"),
}
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
        raise Invalid(
            tr("The site cannot be set so."), tuple(Problem(name, tr("must be a whole number")) for name in odd)
        )
    return msgspec.convert({**form, **{name: int(text) for name, text in numbers.items()}}, SiteSettings)


def _choices(services: Services) -> dict[str, object]:
    """What the choices are called, and what the environment says where nothing is chosen."""
    settings = services.settings
    visitors = VISITORS_DEFAULT["on" if settings.public_access else "off"]
    return {
        "settings": settings,
        "registrations": [("", REGISTRATION_DEFAULT[settings.registration]), *REGISTRATION.items()],
        "visitors": [("", visitors), *VISITORS.items()],
    }
