"""The audit, for administrators."""

from urllib.parse import urlencode

import msgspec
from litestar import Controller, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery
from litestar.response import Stream

from domain.access import Actor
from domain.audit import SUBJECTS, Outcome
from domain.errors import Invalid
from services.system import Services
from web.audit_query import AskedAudit, exported_audit, provide_asked_audit
from web.render import Page
from web.security.identity import administrator

AUDIT = "admin/audit.html"


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
