"""Dashboards in the document store: one document each, tiles included, and beside it what its last save changed.

What is said about a dashboard goes with it.
"""

from collections.abc import Iterable

import msgspec

from domain.dashboards import Dashboard
from domain.history import Edit, Stamp
from domain.pins import Pin
from domain.wording import tr
from persistence.documents import Collection
from persistence.edits import EditRepository
from persistence.mongo import Documents
from persistence.said import SaidRepository


class KeptDashboard(Dashboard, frozen=True, kw_only=True):
    """A dashboard as its document holds it. `edit` made this version; the log has it before there is a next one."""

    edit: Edit | None = None


class DashboardHead(msgspec.Struct, frozen=True):
    """What tells whether an opened dashboard is behind."""

    id: str
    project_id: str
    version: int
    pins: dict[str, Pin] = {}


class DashboardRepository:
    """The dashboards; who may see one is decided by its project."""

    def __init__(self, documents: Documents) -> None:
        self._dashboards = Collection(documents, "dashboards", KeptDashboard, tr("dashboard"))
        self.edits = EditRepository(documents)
        self.said = SaidRepository(documents)

    async def find(self, dashboard_id: str) -> Dashboard | None:
        kept = await self._dashboards.find({"_id": dashboard_id})
        return None if kept is None else _dashboard(kept)

    async def find_head(self, dashboard_id: str) -> DashboardHead | None:
        found = await self._dashboards.many({"_id": dashboard_id}, projection=DashboardHead)
        return found[0] if found else None

    async def of_projects(self, project_ids: Iterable[str]) -> list[Dashboard]:
        return [_dashboard(kept) for kept in await self._of_projects(project_ids)]

    async def add(self, dashboard: Dashboard) -> Dashboard:
        kept = await self._dashboards.add(
            _kept(dashboard, None), taken=tr("There is a dashboard with this id already.")
        )
        return _dashboard(kept)

    async def replace(self, dashboard: Dashboard, edit: Edit) -> Dashboard:
        """Keep the dashboard together with the edit that made it what it is, in one write.

        The log gets the edit in a second one. After a crash in between the next to save, or to look at the history,
        brings it there: the log has no gaps.
        """
        await self.complete_log(dashboard.id, dashboard.version)
        kept = await self._dashboards.replace(_kept(dashboard, edit))
        await self.edits.add(edit)
        return _dashboard(kept)

    async def complete_log(self, dashboard_id: str, version: int) -> None:
        """Bring the edit that made this version into the log, if it is not there yet."""
        if await self.edits.has(dashboard_id, version):
            return
        kept = await self._dashboards.find({"_id": dashboard_id})
        if kept is not None and kept.edit is not None and kept.version == version:
            await self.edits.add(kept.edit)

    async def has_applied(self, dashboard: Dashboard, user_id: str, stamp: Stamp) -> bool:
        """Whether that request of this person was applied, in the version `dashboard` or before."""
        await self.complete_log(dashboard.id, dashboard.version)
        return await self.edits.has_token(dashboard.id, user_id, stamp)

    async def remove(self, dashboard_id: str) -> None:
        await self._dashboards.remove({"_id": dashboard_id})
        await self.edits.remove_of(dashboard_id)
        await self.said.remove_of_dashboard(dashboard_id)

    async def remove_of_project(self, project_id: str) -> None:
        for kept in await self._of_projects([project_id]):
            await self.remove(kept.id)

    async def _of_projects(self, project_ids: Iterable[str]) -> list[KeptDashboard]:
        return await self._dashboards.many({"project_id": {"$in": sorted(set(project_ids))}})


def _kept(dashboard: Dashboard, edit: Edit | None) -> KeptDashboard:
    return KeptDashboard(**msgspec.structs.asdict(dashboard), edit=edit)


def _dashboard(kept: KeptDashboard) -> Dashboard:
    return Dashboard(**{name: getattr(kept, name) for name in Dashboard.__struct_fields__})
