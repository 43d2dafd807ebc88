"""Projects, data collections and dashboards from the command line: on this installation's stores, or on a server."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlencode

import msgspec

from cli.client import Client
from cli.failures import unusable
from cli.operator import operator
from cli.server_options import Server
from cli.ways import chosen
from domain.access import Actor
from domain.collections import DataCollection, RowsPage
from domain.dashboards import Dashboard
from domain.settings import Settings
from domain.upkeep import Optimizing, Restoring, Vacuuming, retention_of
from services.opening import open_services

if TYPE_CHECKING:
    from services.system import Services


class ProjectLine(msgspec.Struct, frozen=True, kw_only=True):
    """A project in a list."""

    id: str
    name: str
    description: str
    is_public: bool
    updated_at: datetime


class DashboardLine(msgspec.Struct, frozen=True, kw_only=True):
    """A dashboard in a list; `tiles` is how many it has."""

    id: str
    project_id: str
    title: str
    tiles: int
    version: int
    updated_at: datetime


class Made(msgspec.Struct, frozen=True):
    """A dashboard that was just made."""

    id: str
    title: str
    project_id: str


class Desk(Protocol):
    """Where the lists come from and the changes go."""

    async def projects(self) -> list[ProjectLine]: ...
    async def delete_project(self, project_id: str) -> None: ...
    async def collections(self, project_id: str) -> list[DataCollection]: ...
    async def rows(self, collection: DataCollection, offset: int, limit: int, version: int | None) -> RowsPage: ...
    async def restore(self, collection: DataCollection, version: int, *, dry_run: bool) -> Restoring: ...
    async def optimize(self, collection: DataCollection, *, dry_run: bool) -> Optimizing: ...
    async def vacuum(self, collection: DataCollection, retention: str, *, dry_run: bool) -> Vacuuming: ...
    async def dashboards(self) -> list[DashboardLine]: ...
    async def dashboard_file(self, dashboard_id: str) -> str: ...
    async def add_dashboard(self, project_id: str, text: str) -> Made: ...


class DeskHere:
    """The stores of this installation, as one of its users."""

    def __init__(self, services: "Services", actor: Actor) -> None:
        self._services = services
        self._actor = actor

    async def projects(self) -> list[ProjectLine]:
        found = await self._services.projects.visible(self._actor)
        return [msgspec.convert(project, ProjectLine, from_attributes=True) for project in found]

    async def delete_project(self, project_id: str) -> None:
        await self._services.projects.delete(await self._services.projects.open(self._actor, project_id))

    async def collections(self, project_id: str) -> list[DataCollection]:
        return await self._services.collections.all(await self._services.projects.open(self._actor, project_id))

    async def rows(self, collection: DataCollection, offset: int, limit: int, version: int | None) -> RowsPage:
        access = await self._services.projects.open(self._actor, collection.project_id)
        return await self._services.collections.rows(access, collection.id, offset=offset, limit=limit, version=version)

    async def restore(self, collection: DataCollection, version: int, *, dry_run: bool) -> Restoring:
        access = await self._services.projects.open(self._actor, collection.project_id)
        upkeep = self._services.upkeep
        return await (upkeep.plan_restore if dry_run else upkeep.restore)(access, collection.id, version)

    async def optimize(self, collection: DataCollection, *, dry_run: bool) -> Optimizing:
        access = await self._services.projects.open(self._actor, collection.project_id)
        upkeep = self._services.upkeep
        return await (upkeep.plan_optimize if dry_run else upkeep.optimize)(access, collection.id)

    async def vacuum(self, collection: DataCollection, retention: str, *, dry_run: bool) -> Vacuuming:
        access = await self._services.projects.open(self._actor, collection.project_id)
        upkeep, span = self._services.upkeep, retention_of(retention)
        return await (upkeep.plan_vacuum if dry_run else upkeep.vacuum)(access, collection.id, span)

    async def dashboards(self) -> list[DashboardLine]:
        return [_line(dashboard) for _, dashboard in await self._services.dashboards.visible(self._actor)]

    async def dashboard_file(self, dashboard_id: str) -> str:
        return await self._services.copies.file(await self._services.dashboards.open(self._actor, dashboard_id))

    async def add_dashboard(self, project_id: str, text: str) -> Made:
        access = await self._services.projects.open(self._actor, project_id)
        made = await self._services.copies.read(access, text)
        return Made(made.id, made.title, made.project_id)


class DeskThere:
    """A server's REST interface."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def projects(self) -> list[ProjectLine]:
        return await self._client.everything("/projects/", ProjectLine)

    async def delete_project(self, project_id: str) -> None:
        await self._client.delete(f"/projects/{project_id}")

    async def collections(self, project_id: str) -> list[DataCollection]:
        return await self._client.everything(f"/projects/{project_id}/collections/", DataCollection)

    async def rows(self, collection: DataCollection, offset: int, limit: int, version: int | None) -> RowsPage:
        place = f"{_place(collection)}/rows?offset={offset}&limit={limit}"
        return await self._client.get(place if version is None else f"{place}&version={version}", RowsPage)

    async def restore(self, collection: DataCollection, version: int, *, dry_run: bool) -> Restoring:
        place = f"{_place(collection)}/versions/{version}/restore?dry_run={str(dry_run).lower()}"
        return await self._client.post(place, None, Restoring)

    async def optimize(self, collection: DataCollection, *, dry_run: bool) -> Optimizing:
        return await self._client.post(
            f"{_place(collection)}/optimize?dry_run={str(dry_run).lower()}", None, Optimizing
        )

    async def vacuum(self, collection: DataCollection, retention: str, *, dry_run: bool) -> Vacuuming:
        query = urlencode({"retention": retention, "dry_run": str(dry_run).lower()})
        return await self._client.post(f"{_place(collection)}/vacuum?{query}", None, Vacuuming)

    async def dashboards(self) -> list[DashboardLine]:
        return await self._client.everything("/dashboards/", DashboardLine)

    async def dashboard_file(self, dashboard_id: str) -> str:
        return await self._client.text(f"/dashboards/{dashboard_id}/file")

    async def add_dashboard(self, project_id: str, text: str) -> Made:
        return await self._client.post(f"/projects/{project_id}/dashboards/file/", {"text": text}, Made)


@asynccontextmanager
async def opened_desk(remote: Server | None, settings: Settings | None) -> AsyncIterator[Desk]:
    """A server, or the stores of these settings, as the administrator of the installation."""
    async with AsyncExitStack() as stack:
        if remote is not None:
            yield DeskThere(await stack.enter_async_context(Client(*remote)))
            return
        if settings is None:
            raise ValueError("Either a server or settings are needed.")
        with unusable():
            services = await stack.enter_async_context(open_services(settings))
        yield DeskHere(services, await operator(services, settings))


async def project_of(desk: Desk, wanted: str) -> ProjectLine:
    """The project with that id or name; `NotFound` or `Invalid` when there is not exactly one."""
    found = {project.id: project for project in await desk.projects()}
    return found[chosen(wanted, {key: project.name for key, project in found.items()}, "project")]


async def collection_of(desk: Desk, project: str, wanted: str) -> DataCollection:
    """The project's data collection with that id, tag, or `workflow.tag`."""
    found = {one.id: one for one in await desk.collections((await project_of(desk, project)).id)}
    is_full = any(f"{one.workflow}.{one.tag}" == wanted for one in found.values())
    names = {key: f"{one.workflow}.{one.tag}" if is_full else one.tag for key, one in found.items()}
    return found[chosen(wanted, names, "data collection")]


async def dashboard_of(desk: Desk, wanted: str, project: str | None) -> DashboardLine:
    """The dashboard with that id or title, of one project where that is given."""
    project_id = None if project is None else (await project_of(desk, project)).id
    found = {one.id: one for one in await desk.dashboards() if project_id in {None, one.project_id}}
    return found[chosen(wanted, {key: one.title for key, one in found.items()}, "dashboard")]


def _place(collection: DataCollection) -> str:
    return f"/projects/{collection.project_id}/collections/{collection.id}"


def _line(dashboard: Dashboard) -> DashboardLine:
    return DashboardLine(
        id=dashboard.id,
        project_id=dashboard.project_id,
        title=dashboard.title,
        tiles=len(dashboard.tiles),
        version=dashboard.version,
        updated_at=dashboard.updated_at,
    )
