"""REST: the audit, the settings of the site, and how its parts are; for administrators."""

from typing import Literal

import msgspec
from litestar import Controller, get, put
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency, Provide
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromQuery, JSONBody
from litestar.response import Stream

from domain.access import Actor
from domain.audit import PAGE_LENGTH, AuditRow
from domain.site import SiteSettings
from services import health
from services.system import Services
from web.api.lists import Part
from web.api.problems import failures
from web.audit_query import AskedAudit, exported_audit, provide_asked_audit
from web.security.identity import administrator

READING = failures(401, 403, 422)
CSV = ResponseSpec(bytes, generate_examples=False, description="The rows", media_type="text/csv")


class SiteState(msgspec.Struct, frozen=True):
    """How the site is set. 0 or an empty choice leaves it to the environment; `version` is for setting it."""

    audit_days: int
    session_idle_hours: int
    session_max_days: int
    upload_max_mib: int
    registration: Literal["", "off", "invitation", "domain", "open"]
    registration_domains: str
    public_access: Literal["", "on", "off"]
    notice: str
    sign_in_text: str
    version: int


class State(msgspec.Struct, frozen=True):
    """How the parts of the installation are."""

    parts: list[health.Part]


class WantedSite(SiteState, frozen=True, forbid_unknown_fields=True):
    """How the site shall be set; `version` is the one that was read."""


class AdministrationApi(Controller):
    """`/admin`."""

    path = "/admin"
    tags = ["Administration"]  # noqa: RUF012 -- Litestar reads class attributes.
    guards = [administrator]  # noqa: RUF012
    dependencies = {"which": Provide(provide_asked_audit, sync_to_thread=False)}  # noqa: RUF012

    @get("/audit", summary="Read the audit", responses=READING)
    async def audit(
        self,
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        which: NamedDependency[AskedAudit],
        after: FromQuery[str] = "",
        limit: FromQuery[int] = PAGE_LENGTH,
    ) -> Part[AuditRow]:
        """List rows from the newest on; `next` goes on from a row, so rows that are added meanwhile move nothing."""
        page = await services.audit.page(actor, which.filter(), after or None, limit)
        return Part(list(page.rows), None, page.next)

    @get("/audit/export", summary="Export the audit", responses={200: CSV, **READING},
         response_headers=[ResponseHeader(name="content-disposition", documentation_only=True)])  # fmt: skip
    async def export(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], which: NamedDependency[AskedAudit]
    ) -> Stream:
        """Send all rows of the filter as CSV, safe to be opened in a spreadsheet."""
        return await exported_audit(services.audit, actor, which)

    @get("/site", summary="Read the site's settings", responses=READING)
    async def site(self, services: NamedDependency[Services]) -> SiteState:
        """Show what can be set while the server runs."""
        return _state(await services.site.settings())

    @put("/site", summary="Set the site", responses=failures(401, 403, 409, 422))
    async def set_site(
        self, data: JSONBody[WantedSite], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> SiteState:
        """Set all of it. Every server process goes by it within five seconds."""
        return _state(await services.site.set(actor, SiteSettings(**msgspec.structs.asdict(data))))

    @get("/state", summary="Read the state of the parts", responses=READING)
    async def state(self, services: NamedDependency[Services]) -> State:
        """Ask documents and storage now; `problem` is empty when there is none."""
        return State(list(await services.health.ready()))


def _state(site: SiteSettings) -> SiteState:
    return msgspec.convert(site, SiteState, from_attributes=True)
