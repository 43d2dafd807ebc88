"""The server processes that say they live, each a document that the store removes when it falls silent for long."""

import msgspec

from domain.wording import tr
from domain.workers import Worker
from persistence.documents import Collection
from persistence.mongo import Documents


class WorkerRepository:
    """The processes of all servers on these stores."""

    def __init__(self, documents: Documents) -> None:
        self._workers = Collection(documents, "workers", Worker, tr("server process"))

    async def all(self) -> list[Worker]:
        found = await self._workers.many({})
        return sorted(found, key=lambda worker: (worker.machine, worker.started_at, worker.id))

    async def note(self, worker: Worker) -> None:
        """It lives: new, or once more."""
        document = msgspec.structs.asdict(worker)
        del document["id"]
        await self._workers.update({"_id": worker.id}, {"$set": document}, upsert=True)

    async def remove(self, worker_id: str) -> None:
        await self._workers.remove({"_id": worker_id})
