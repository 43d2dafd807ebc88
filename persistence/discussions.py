"""Threads of comments, notes and their history in the document store."""

import msgspec

from domain.discussions import KEPT_REVISIONS, Note, Revision, Thread
from domain.errors import Conflict
from domain.wording import tr
from persistence.documents import Collection
from persistence.mongo import Documents


class ThreadRepository:
    """The threads of comments, each one document."""

    def __init__(self, documents: Documents) -> None:
        self._threads = Collection(documents, "threads", Thread, tr("thread"))

    async def get(self, thread_id: str) -> Thread:
        return await self._threads.get(thread_id)

    async def of_dashboard(self, dashboard_id: str) -> list[Thread]:
        found = await self._threads.many({"dashboard_id": dashboard_id})
        return sorted(found, key=lambda thread: (thread.started_at, thread.id))

    async def add(self, thread: Thread) -> Thread:
        return await self._threads.add(thread, taken=tr("There is a thread with this id already."))

    async def replace(self, thread: Thread) -> Thread:
        return await self._threads.replace(thread)

    async def remove(self, thread: Thread) -> None:
        """Remove a thread as it was read; one that was changed since stays."""
        if not await self._threads.remove({"_id": thread.id, "version": thread.version}):
            raise Conflict(tr("Somebody answered meanwhile."))

    async def carry(self, dashboard_id: str, project_id: str, new_id: str) -> None:
        """Let those of a dashboard be of the new one, which is of that project."""
        there = {"project_id": project_id, "dashboard_id": new_id}
        await self._threads.update_all({"dashboard_id": dashboard_id}, {"$set": there})

    async def remove_of_dashboard(self, dashboard_id: str) -> None:
        await self._threads.remove({"dashboard_id": dashboard_id})


class NoteRepository:
    """The notes of dashboards, and what they were before."""

    def __init__(self, documents: Documents) -> None:
        self._notes = Collection(documents, "notes", Note, tr("note"))
        self._revisions = Collection(documents, "note_revisions", Revision, tr("revision"))

    async def find(self, dashboard_id: str) -> Note | None:
        return await self._notes.find({"_id": dashboard_id})

    async def get(self, dashboard_id: str) -> Note:
        return await self._notes.get(dashboard_id)

    async def add(self, note: Note) -> Note:
        return await self._notes.add(note, taken=tr("The notes were begun by somebody else meanwhile."))

    async def replace(self, note: Note) -> Note:
        return await self._notes.replace(note)

    async def keep(self, revision: Revision) -> None:
        """Keep what the notes were; repeated after a crash it is kept once, and the oldest ones go."""
        values = {"project_id": revision.project_id, "dashboard_id": revision.dashboard_id, "number": revision.number}
        text = {"body": revision.body, "by_name": revision.by_name, "at": revision.at}
        await self._revisions.update({"_id": revision.id}, {"$set": values | text}, upsert=True)
        old = {"dashboard_id": revision.dashboard_id, "number": {"$lte": revision.number - KEPT_REVISIONS}}
        await self._revisions.remove(old)

    async def revisions(self, dashboard_id: str) -> list[Revision]:
        """What is kept of the history, the newest first."""
        found = await self._revisions.many({"dashboard_id": dashboard_id})
        return sorted(found, key=lambda revision: -revision.number)

    async def carry(self, dashboard_id: str, project_id: str, new_id: str) -> None:
        """Let the notes of a dashboard, and their history, be those of the new one, which is of that project."""
        there = {"project_id": project_id, "dashboard_id": new_id}
        await self._revisions.update_all({"dashboard_id": dashboard_id}, {"$set": there})
        found = await self.find(dashboard_id)
        if found is None:
            return
        if await self.find(new_id) is None:
            await self.add(msgspec.structs.replace(found, id=new_id, project_id=project_id))
        await self._notes.remove({"_id": dashboard_id})

    async def remove_of_dashboard(self, dashboard_id: str) -> None:
        await self._notes.remove({"_id": dashboard_id})
        await self._revisions.remove({"dashboard_id": dashboard_id})
