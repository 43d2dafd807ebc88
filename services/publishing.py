"""Publishing a version of a table: from then on readers see it, and what its collection says of it."""

import asyncio

import msgspec

from domain.collections import DataCollection
from persistence.collections import CollectionRepository
from persistence.table_upkeep import with_lost
from persistence.tables import Tables
from services.clock import Clock
from services.published import Said, published_columns


class Publishing:
    """Call it under the lease of the table."""

    def __init__(self, collections: CollectionRepository, tables: Tables, now: Clock) -> None:
        self._collections = collections
        self._tables = tables
        self._now = now

    async def publish(self, collection: DataCollection, version: int, rows: int, said: Said) -> bool:
        """Let readers see that version; False when they do already. What a crash left unpublished is caught up."""
        path = table_path(collection)
        schema = await asyncio.to_thread(self._tables.schema, path, version)
        published = msgspec.structs.replace(
            collection,
            table_path=path,
            table_version=version,
            rows=rows,
            columns=published_columns(schema, said),
        )
        stored = await self._collections.get(collection.id)
        published = await asyncio.to_thread(with_lost, self._tables, published, stored)
        if msgspec.structs.replace(stored, updated_at=None) == msgspec.structs.replace(published, updated_at=None):
            return False
        await self._collections.replace(msgspec.structs.replace(published, updated_at=self._now()))
        return stored.table_version != version


def table_path(collection: DataCollection) -> str:
    """Where the table of a collection lies, or will lie."""
    return collection.table_path or f"tables/{collection.project_id}/{collection.id}"
