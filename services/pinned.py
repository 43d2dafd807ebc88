"""Collections as a dashboard that is pinned to versions of them sees them."""

import asyncio
from collections.abc import Mapping, Sequence

import msgspec

from domain.collections import Column, DataCollection
from domain.dashboards import Dashboard
from domain.errors import NotFound
from domain.pins import Pin
from persistence.collections import CollectionRepository
from persistence.frames.recent import Recent
from persistence.tables import Tables
from services.published import published_columns

REMEMBERED = 256


class Pinned:
    """Makes of each collection that is pinned the one at that version: its columns, its rows, its number."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._known: Recent[tuple[str, int], tuple[tuple[Column, ...], int]] = Recent(REMEMBERED)

    async def seen(self, pins: Mapping[str, Pin], collections: Sequence[DataCollection]) -> list[DataCollection]:
        """The collections through these pins; the same where nothing is pinned.

        Of a version that cannot be read any more the number is among those that are `gone`, and reading it fails.
        """
        return [await self._seen(one, pins.get(one.id)) for one in collections]

    async def _seen(self, collection: DataCollection, pin: Pin | None) -> DataCollection:
        current = collection.table_version
        if pin is None or current is None or pin.version == current:
            return collection
        if pin.version > current or pin.version in collection.gone:
            return _unreadable(collection, pin)
        key = (collection.table_path, pin.version)
        try:
            columns, rows = await asyncio.to_thread(self._known.get, key, lambda: self._read(collection, pin.version))
        except NotFound:
            return _unreadable(collection, pin)
        lost = tuple(one for one in collection.lost if one.version <= pin.version)
        return msgspec.structs.replace(collection, table_version=pin.version, columns=columns, rows=rows, lost=lost)

    def _read(self, collection: DataCollection, version: int) -> tuple[tuple[Column, ...], int]:
        schema = self._tables.schema(collection.table_path, version)
        return published_columns(schema, (collection,)), self._tables.rows(collection.table_path, version)


class BehindDashboards:
    """The collections that dashboards are made of. Asks for no actor: a share link has none before it is opened."""

    def __init__(self, collections: CollectionRepository, tables: Tables) -> None:
        self._collections = collections
        self._pinned = Pinned(tables)

    async def of(self, dashboard: Dashboard) -> list[DataCollection]:
        """Those of the dashboard's project, at the versions that it is pinned to."""
        return await self._pinned.seen(dashboard.pins, await self._collections.of_project(dashboard.project_id))


def _unreadable(collection: DataCollection, pin: Pin) -> DataCollection:
    gone = tuple(sorted({*collection.gone, pin.version}))
    return msgspec.structs.replace(collection, table_version=pin.version, gone=gone)
