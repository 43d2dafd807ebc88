"""The history of a dashboard: its versions, how they differ, and the way back to one."""

from collections.abc import Sequence
from itertools import groupby

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from domain.access import Actor, Capability
from domain.dashboards import Dashboard
from domain.history import Edit, edit_id, told
from domain.told_values import in_words
from domain.wording import tr
from services.dashboards import DashboardAccess
from services.system import Services
from web.pages.editor_session import UNDO, in_editor
from web.render import Done, Page
from web.security.identity import signed_in

FIRST = 1


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
        listed = [*found.edits, *_first(opened.dashboard, found.edits)]
        days = [(day, list(edits)) for day, edits in groupby(listed, key=lambda edit: edit.at.date())]
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
        collections = await services.collections.all(opened.access)
        context = {**_context(opened), "compared": compared, "found": compared.comparison, "edit": edit,
                   "number": number, "to": to, "told": told, "in_words": in_words,
                   "tags": {one.id: one.tag for one in collections},
                   "tabs": {tab.id: tab.title for one in (compared.old, compared.new) for tab in one.tabs}}  # fmt: skip
        return Page("dashboards/compare.html", context)

    @post("/{number:int}/restore")
    async def restore(
        self,
        data: URLEncodedBody[dict[str, str]],
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        dashboard_id: FromPath[str],
        number: FromPath[int],
    ) -> Page:
        opened = await _opened(services, actor, dashboard_id)
        restored = await in_editor(services, data).history.restore(opened.access, dashboard_id, number)
        text = tr("Version {number} is restored, as version {new}.", number=number, new=restored.version)
        return Done(f"/dashboards/{dashboard_id}/history", f"{text} {UNDO}")


async def _opened(services: Services, actor: Actor, dashboard_id: str) -> DashboardAccess:
    opened = await services.dashboards.open(actor, dashboard_id)
    opened.access.require(Capability.DASHBOARD_EDIT)
    return opened


def _first(dashboard: Dashboard, edits: Sequence[Edit]) -> list[Edit]:
    """The version that no edit made, below the one that changed it."""
    if not edits or edits[-1].number != FIRST + 1:
        return []
    at, by = dashboard.created_at, dashboard.created_by
    name = next((edit.by_name for edit in edits if edit.by == by), "")
    made = edit_id(dashboard.id, FIRST)
    return [Edit(id=made, dashboard_id=dashboard.id, number=FIRST, at=at, by=by, by_name=name)]


def _context(opened: DashboardAccess) -> dict[str, object]:
    return {"dashboard": opened.dashboard, "project": opened.access.project}
