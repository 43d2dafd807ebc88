"""Data collections and the log of their ingests, in the document store."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from domain.collections import DataCollection
from domain.ingests import IngestRecord
from domain.wording import tr
from persistence.documents import Collection
from persistence.mongo import Documents


class CollectionHead(msgspec.Struct, frozen=True):
    """What tells whether what is shown of a collection is behind."""

    id: str
    tag: str
    rows: int
    table_version: int | None


class CollectionRepository:
    """The data collections; a tag is unique in its workflow."""

    def __init__(self, documents: Documents) -> None:
        self._collections = Collection(documents, "collections", DataCollection, tr("data collection"))

    async def get(self, collection_id: str) -> DataCollection:
        return await self._collections.get(collection_id)

    async def find(self, project_id: str, workflow: str, tag: str) -> DataCollection | None:
        return await self._collections.find({"project_id": project_id, "workflow": workflow, "tag": tag})

    async def all(self) -> list[DataCollection]:
        """Those of all projects, for the operator."""
        return await self._collections.many({})

    async def of_project(self, project_id: str) -> list[DataCollection]:
        """All of the project, by workflow and tag."""
        found = await self._collections.many({"project_id": project_id})
        return sorted(found, key=lambda one: (one.workflow, one.tag))

    async def with_ids(self, ids: Iterable[str]) -> list[DataCollection]:
        """Those with these ids; ids that none has are left out."""
        return await self._collections.many({"_id": {"$in": list(ids)}})

    async def heads_of_project(self, project_id: str) -> list[CollectionHead]:
        """The same, without columns."""
        return await self._collections.many({"project_id": project_id}, projection=CollectionHead)

    async def add(self, collection: DataCollection) -> DataCollection:
        taken = tr(
            "The workflow {workflow!r} has a collection {tag!r} already.",
            workflow=collection.workflow,
            tag=collection.tag,
        )
        return await self._collections.add(collection, taken=taken)

    async def replace(self, collection: DataCollection) -> DataCollection:
        return await self._collections.replace(collection)

    async def remove(self, collection_id: str) -> None:
        await self._collections.remove({"_id": collection_id})

    async def remove_of_project(self, project_id: str) -> int:
        return await self._collections.remove({"project_id": project_id})


class IngestRepository:
    """The ingest log, the newest `KEPT` records of each project."""

    KEPT = 500

    def __init__(self, documents: Documents) -> None:
        self._records = Collection(documents, "ingests", IngestRecord, tr("ingest"))

    async def of_project(self, project_id: str) -> list[IngestRecord]:
        """The project's records, newest first."""
        found = await self._records.many({"project_id": project_id})
        return sorted(found, key=lambda record: record.started_at, reverse=True)

    async def since(self, at: datetime) -> list[IngestRecord]:
        """Those of all projects that began since then."""
        return await self._records.many({"started_at": {"$gte": at}})

    async def add(self, record: IngestRecord) -> None:
        """Append a record, and forget those that are too many."""
        await self._records.add(record, taken=tr("This ingest is recorded already."))
        records = await self.of_project(record.project_id)
        if len(records) > self.KEPT:
            await self._records.remove({"_id": {"$in": [old.id for old in records[self.KEPT :]]}})

    async def remove_of_project(self, project_id: str) -> int:
        return await self._records.remove({"project_id": project_id})
