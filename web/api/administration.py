"""REST: the audit, the settings of the site, and how its parts are; for administrators."""

from typing import Annotated

import msgspec
from litestar import Controller, get, put
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromQuery, JSONBody, QueryParameter
from litestar.response import Stream

from domain.access import Actor
from domain.audit import PAGE_LENGTH, AuditPage
from domain.site import SiteSettings
from services.health import Part
from services.system import Services
from web.api.problems import failures
from web.audit_query import CSV_NAME, audit_filter
from web.downloads import attachment
from web.security.identity import administrator

READING = failures(401, 403, 422)
CSV = ResponseSpec(bytes, generate_examples=False, description="The rows", media_type="text/csv")


class SiteState(msgspec.Struct, frozen=True):
    """How the site is set. 0 leaves a length of sessions to the environment; `version` is for setting it."""

    audit_days: int
    session_idle_hours: int
    session_max_days: int
    version: int


class WantedSite(SiteState, frozen=True, forbid_unknown_fields=True):
    """How the site shall be set; `version` is the one that was read."""


class AdministrationApi(Controller):
    """`/admin`."""

    path = "/admin"
    tags = ["Administration"]  # noqa: RUF012 -- Litestar reads class attributes.
    guards = [administrator]  # noqa: RUF012

    @get("/audit", summary="Read the audit", responses=READING)
    async def audit(
        self,
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        who: Annotated[str, QueryParameter(name="actor")] = "",
        capability: FromQuery[str] = "",
        on: Annotated[str, QueryParameter(name="object")] = "",
        outcome: FromQuery[str] = "",
        since: FromQuery[str] = "",
        until: FromQuery[str] = "",
        before: FromQuery[str] = "",
        limit: FromQuery[int] = PAGE_LENGTH,
    ) -> AuditPage:
        """List rows from the newest on; give the `next` of a page as `before` for the one with older rows."""
        asked = {"actor": who, "capability": capability, "object": on, "outcome": outcome}
        wanted = audit_filter(asked | {"since": since, "until": until})
        return await services.audit.page(actor, wanted, before or None, limit)

    @get("/audit/export", summary="Export the audit", responses={200: CSV, **READING},
         response_headers=[ResponseHeader(name="content-disposition", documentation_only=True)])  # fmt: skip
    async def export(
        self,
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        who: Annotated[str, QueryParameter(name="actor")] = "",
        capability: FromQuery[str] = "",
        on: Annotated[str, QueryParameter(name="object")] = "",
        outcome: FromQuery[str] = "",
        since: FromQuery[str] = "",
        until: FromQuery[str] = "",
    ) -> Stream:
        """Send all rows of the filter as CSV, safe to be opened in a spreadsheet."""
        asked = {"actor": who, "capability": capability, "object": on, "outcome": outcome}
        wanted = audit_filter(asked | {"since": since, "until": until})
        return Stream(await services.audit.export(actor, wanted), media_type="text/csv", headers=attachment(CSV_NAME))

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
    async def state(self, services: NamedDependency[Services]) -> list[Part]:
        """Ask documents and storage now; `problem` is empty when there is none."""
        return list(await services.health.ready())


def _state(site: SiteSettings) -> SiteState:
    return SiteState(site.audit_days, site.session_idle_hours, site.session_max_days, site.version)
