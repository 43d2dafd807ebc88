"""Pictures of dashboards as the object store keeps them."""

import hashlib

import msgspec

from domain.access import Capability
from domain.errors import NotFound
from domain.projects import Access
from persistence.collections import CollectionRepository
from persistence.objects import ObjectStore
from services.dashboards import DashboardAccess

DRAWING = 4
"""Counts the changes of how pictures are drawn: after one all are made anew."""
FOLDER = "pictures"


class Pictures:
    """The use cases of keeping pictures; they show data under no filter: each asks for `data:view`, `project:view`."""

    def __init__(self, collections: CollectionRepository, objects: ObjectStore) -> None:
        self._collections = collections
        self._objects = objects

    async def name(self, opened: DashboardAccess) -> str:
        """What the picture of the dashboard as it is now is called: other tiles or table versions, another name."""
        opened.access.require(Capability.DATA_VIEW)
        opened.access.require(Capability.PROJECT_VIEW)
        collections = await self._collections.of_project(opened.access.project.id)
        versions = [(one.id, one.table_version) for one in collections]
        pins = opened.dashboard.pins
        versions = [(id_, pins[id_].version if id_ in pins else version) for id_, version in versions]
        condition = opened.dashboard.filter_expr
        said = msgspec.json.encode((DRAWING, opened.dashboard.tiles, versions, *([condition] if condition else [])))
        return hashlib.blake2b(said, digest_size=12).hexdigest()

    async def find(self, opened: DashboardAccess, name: str, variant: str) -> bytes | None:
        """The picture of that name, if there is one."""
        opened.access.require(Capability.DATA_VIEW)
        opened.access.require(Capability.PROJECT_VIEW)
        try:
            return await self._objects.get(f"{_folder(opened.access, opened.dashboard.id)}/{name}-{variant}.svg")
        except NotFound:
            return None

    async def keep(self, opened: DashboardAccess, name: str, variant: str, picture: bytes) -> None:
        """Keep the picture; those under other names are removed."""
        opened.access.require(Capability.DATA_VIEW)
        opened.access.require(Capability.PROJECT_VIEW)
        folder = _folder(opened.access, opened.dashboard.id)
        await self._objects.put(f"{folder}/{name}-{variant}.svg", picture)
        stale = [one.path for one in await self._objects.list(folder) if f"/{name}-" not in one.path]
        await self._objects.delete(*stale)


def _folder(access: Access, dashboard_id: str) -> str:
    return f"{FOLDER}/{access.project.id}/{dashboard_id}"
