"""What administrators look after beside accounts: the audit, the settings of the site, and how its parts are."""

from urllib.parse import urlencode

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Stream

from domain.access import Actor
from domain.audit import SUBJECTS, Outcome
from domain.errors import Conflict, Invalid, Problem
from domain.site import RANGES, SiteSettings
from services.system import Services
from web.audit_query import AskedAudit, exported_audit, provide_asked_audit
from web.pages.projects import refused
from web.render import Done, Page
from web.security.identity import administrator

AUDIT, SITE, STATE = "admin/audit.html", "admin/site.html", "admin/state.html"
SAVED = "The site is set. Every process goes by it within five seconds."


class SiteForm(msgspec.Struct, frozen=True):
    audit_days: str = ""
    session_idle_hours: str = ""
    session_max_days: str = ""
    version: str = "0"


class AuditPages(Controller):
    """`/admin/audit`."""

    path = "/admin/audit"
    guards = [administrator]  # noqa: RUF012 -- Litestar reads class attributes.
    dependencies = {"which": Provide(provide_asked_audit, sync_to_thread=False)}  # noqa: RUF012

    @get("/")
    async def index(
        self,
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        which: NamedDependency[AskedAudit],
        after: FromQuery[str] = "",
    ) -> Page:
        """Show a page of rows; a filter that cannot be is said at the form, and shows no rows."""
        asked = msgspec.structs.asdict(which)
        context = {"asked": asked, "subjects": SUBJECTS, "outcomes": list(Outcome), "message": "", "problems": {}}
        context |= {"after": after, "query": urlencode({name: value for name, value in asked.items() if value})}
        try:
            page = await services.audit.page(actor, which.filter(), after or None)
        except Invalid as error:
            problems = {problem.place: problem.message for problem in error.problems}
            nothing = {"rows": (), "next": None, "message": error.message, "problems": problems}
            return Page(AUDIT, {**context, **nothing}, block="audit_rows", status_code=422)
        return Page(AUDIT, context | {"rows": page.rows, "next": page.next}, block="audit_rows")

    @get("/export")
    async def export(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], which: NamedDependency[AskedAudit]
    ) -> Stream:
        """Send all rows of the filter as CSV."""
        return await exported_audit(services.audit, actor, which)


class SitePage(Controller):
    """`/admin/site` and `/admin/state`."""

    path = "/admin"
    guards = [administrator]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/site")
    async def form(self, services: NamedDependency[Services]) -> Page:
        return Page(SITE, _site_context(services, _form_of(await services.site.settings())))

    @post("/site")
    async def change(
        self, data: URLEncodedBody[SiteForm], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> Page:
        try:
            await services.site.set(actor, _site_of(data))
        except (Invalid, Conflict) as error:
            return refused(SITE, data, error, settings=services.settings)
        return Done("/admin/site", SAVED)

    @get("/state")
    async def state(self, services: NamedDependency[Services], actor: NamedDependency[Actor]) -> Page:
        """Ask every part now, and say what is wrong with it, and which processes live."""
        workers = [(one, services.workers.is_silent(one)) for one in await services.workers.all(actor)]
        return Page(STATE, {"parts_": await services.health.ready(), "workers": workers}, block="state_parts")


def _form_of(site: SiteSettings) -> SiteForm:
    return SiteForm(*(str(getattr(site, name)) for name in (*RANGES, "version")))


def _site_of(form: SiteForm) -> SiteSettings:
    values, problems = {}, []
    for name in (*RANGES, "version"):
        text = getattr(form, name).strip()
        # A number of many digits is beyond every range, and would take long to read.
        if text.isascii() and text.isdigit() and len(text) < 10:  # noqa: PLR2004
            values[name] = int(text)
        else:
            problems.append(Problem(name, "must be a whole number"))
    if problems:
        raise Invalid("The site cannot be set so.", tuple(problems))
    return msgspec.structs.replace(SiteSettings(), **values)


def _site_context(services: Services, form: SiteForm) -> dict[str, object]:
    empty: dict[str, str] = {}
    return {"form": form, "problems": empty, "message": "", "settings": services.settings}
