"""Dashboards in the document store: one document each, tiles included."""

from collections.abc import Iterable

from domain.dashboards import Dashboard
from persistence.documents import Collection
from persistence.mongo import Documents


class DashboardRepository:
    """The dashboards; who may see one is decided by its project."""

    def __init__(self, documents: Documents) -> None:
        self._dashboards = Collection(documents, "dashboards", Dashboard, "dashboard")

    async def find(self, dashboard_id: str) -> Dashboard | None:
        return await self._dashboards.find({"_id": dashboard_id})

    async def of_projects(self, project_ids: Iterable[str]) -> list[Dashboard]:
        return await self._dashboards.many({"project_id": {"$in": sorted(set(project_ids))}})

    async def add(self, dashboard: Dashboard) -> Dashboard:
        return await self._dashboards.add(dashboard, taken="There is a dashboard with this id already.")

    async def replace(self, dashboard: Dashboard) -> Dashboard:
        return await self._dashboards.replace(dashboard)

    async def remove(self, dashboard_id: str) -> None:
        await self._dashboards.remove({"_id": dashboard_id})

    async def remove_of_project(self, project_id: str) -> None:
        await self._dashboards.remove({"project_id": project_id})
