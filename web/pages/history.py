"""The history of a dashboard: its versions, how they differ, and the way back to one."""

from itertools import groupby

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from domain.access import Actor, Capability
from domain.history import told
from services.dashboards import DashboardAccess
from services.system import Services
from web.render import Done, Page
from web.security.identity import signed_in


class HistoryPage(Controller):
    """`/dashboards/{dashboard_id}/history`."""

    path = "/dashboards/{dashboard_id:str}/history"
    guards = [signed_in]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/")
    async def index(
        self,
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        dashboard_id: FromPath[str],
        upto: FromQuery[int | None] = None,
    ) -> Page:
        opened = await _opened(services, actor, dashboard_id)
        found = await services.history.versions(opened.access, dashboard_id, upto)
        days = [(day, list(edits)) for day, edits in groupby(found.edits, key=lambda edit: edit.at.date())]
        context = {**_context(opened), "days": days, "earlier": found.earlier, "upto": upto, "told": told}
        return Page("dashboards/history.html", context)

    @get("/{number:int}")
    async def compare(
        self,
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        dashboard_id: FromPath[str],
        number: FromPath[int],
        to: FromQuery[int | None] = None,
    ) -> Page:
        """How that version differs from the present one, or from the version `to`."""
        opened = await _opened(services, actor, dashboard_id)
        compared = await services.history.compare(opened.access, dashboard_id, number, to)
        edit = await services.history.edit_of(opened.access, dashboard_id, number)
        context = {**_context(opened), "compared": compared, "found": compared.comparison, "edit": edit,
                   "number": number, "to": to, "told": told}  # fmt: skip
        return Page("dashboards/compare.html", context)

    @post("/{number:int}/restore")
    async def restore(
        self,
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        dashboard_id: FromPath[str],
        number: FromPath[int],
    ) -> Page:
        opened = await _opened(services, actor, dashboard_id)
        restored = await services.history.restore(opened.access, dashboard_id, number)
        text = f"Version {number} is restored, as version {restored.version}."
        return Done(f"/dashboards/{dashboard_id}/history", text)


async def _opened(services: Services, actor: Actor, dashboard_id: str) -> DashboardAccess:
    opened = await services.dashboards.open(actor, dashboard_id)
    opened.access.require(Capability.DASHBOARD_EDIT)
    return opened


def _context(opened: DashboardAccess) -> dict[str, object]:
    return {"dashboard": opened.dashboard, "project": opened.access.project}
