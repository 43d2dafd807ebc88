"""Pinning a dashboard to versions of its data collections."""

from collections.abc import Mapping

import msgspec

from domain.access import Capability
from domain.collections import DataCollection, TableVersion
from domain.dashboards import Dashboard, pin
from domain.errors import Conflict, NotFound
from domain.pins import Pin
from domain.upkeep import check_there
from domain.wording import tr
from services.audit import Audit, recorded
from services.collections import Collections
from services.dashboards import DashboardAccess, Dashboards


class Choice(msgspec.Struct, frozen=True):
    """A collection that the dashboard shows, its versions that can be read (newest first), and its pin."""

    collection: DataCollection
    versions: tuple[TableVersion, ...]
    pin: Pin | None


class Pins:
    """The use cases of pins; they need `dashboard:edit`."""

    def __init__(self, dashboards: Dashboards, collections: Collections, *, audit: Audit) -> None:
        self.audit = audit
        self._dashboards = dashboards
        self._collections = collections

    def stamped(self, dashboards: Dashboards) -> "Pins":
        """The same use cases, saving through these dashboards."""
        return Pins(dashboards, self._collections, audit=self.audit)

    async def choices(self, opened: DashboardAccess) -> list[Choice]:
        """What may be pinned, by tag: the collections of the dashboard's tiles, and those that are pinned already."""
        opened.access.require(Capability.DASHBOARD_EDIT)
        unpinned = msgspec.structs.replace(opened.access, pins={})
        shown = {tile.collection_id for tile in opened.dashboard.tiles.values()} | set(opened.dashboard.pins)
        found = [one for one in await self._collections.all(unpinned) if one.id in shown]
        choices = []
        for one in sorted(found, key=lambda one: (one.tag, one.id)):
            versions = await self._collections.versions(unpinned, one.id)
            kept = tuple(version for version in versions if version.version not in one.gone)
            choices.append(Choice(one, kept, opened.dashboard.pins.get(one.id)))
        return choices

    @recorded(Capability.DASHBOARD_EDIT, "pin a collection", "collection_id", "version")
    async def pin(self, opened: DashboardAccess, collection_id: str, version: int) -> Dashboard:
        """Show the collection at that version of its table from now on, whatever is ingested.

        Raises:
            NotFound: when there is no such collection or version, or its files were removed.
            Conflict: when a vacuum removes them at this moment.
        """
        opened.access.require(Capability.DASHBOARD_EDIT)
        unpinned = msgspec.structs.replace(opened.access, pins={})
        collection = await self._collections.get(unpinned, collection_id)
        check_there(collection, version)
        made = [one for one in await self._collections.versions(unpinned, collection_id) if one.version == version]
        wanted = Pin(version, made[0].at.date().isoformat() if made else "")
        saved = await self._save(opened, collection, wanted)
        # A vacuum first marks what it will remove, then looks for pins: one of both sees the other.
        try:
            check_there(await self._collections.get(unpinned, collection_id), version)
        except NotFound:
            await self._save(opened, collection, None)
            raise Conflict(
                tr("Version {version} of {tag!r} is being removed at this moment.", version=version, tag=collection.tag)
            ) from None
        return saved

    @recorded(Capability.DASHBOARD_EDIT, "unpin a collection", "collection_id")
    async def unpin(self, opened: DashboardAccess, collection_id: str) -> Dashboard:
        """Show the collection as it is again; nothing happens when it is not pinned."""
        opened.access.require(Capability.DASHBOARD_EDIT)
        collections = await self._collections.all(msgspec.structs.replace(opened.access, pins={}))
        names = {one.id: one.tag for one in collections if one.id == collection_id}
        return await self._saved(opened, collection_id, None, names)

    async def _save(self, opened: DashboardAccess, collection: DataCollection, wanted: Pin | None) -> Dashboard:
        return await self._saved(opened, collection.id, wanted, {collection.id: collection.tag})

    async def _saved(
        self, opened: DashboardAccess, collection_id: str, wanted: Pin | None, names: Mapping[str, str]
    ) -> Dashboard:
        return await self._dashboards.edit(
            opened.access, opened.dashboard.id, lambda stored: pin(stored, collection_id, wanted), names=names
        )
