"""Looking through the files of this machine without ingesting them: what an ingest would read, and what refuse.

Nothing is registered, stored or logged.
"""

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from domain.collections import DataCollection
from domain.description import CollectionDescription, WorkflowDescription
from domain.errors import Invalid, Problem
from domain.ingests import FoundFile, LedgerFile, Plan, plan, reading_of
from domain.projects import Access
from domain.scans import CollectionScan, FileState, ScannedFile, scanned_files
from persistence.scan import Scanned
from services.local_ingest import Progress, Scanner, no_progress
from services.project_files import ProjectFile

if TYPE_CHECKING:
    from services.ingestion import Ingestion


class Known(Protocol):
    """What there is already of a project: on this installation's stores, or on a server."""

    async def files(self, collection: DataCollection) -> dict[str, LedgerFile]: ...
    async def plan(self, collection: DataCollection, listing: tuple[FoundFile, ...], reading: str) -> Plan: ...


class KnownHere:
    """What the stores of this installation hold."""

    def __init__(self, ingestion: "Ingestion", access: Access) -> None:
        self._ingestion = ingestion
        self._access = access

    async def files(self, collection: DataCollection) -> dict[str, LedgerFile]:
        return await self._ingestion.known_files(self._access, collection.id)

    async def plan(self, collection: DataCollection, listing: tuple[FoundFile, ...], reading: str) -> Plan:
        return await self._ingestion.plan(self._access, collection.id, listing, reading)


class LocalScan:
    """A scan of every collection of a project file; `known` is None where the project is new."""

    def __init__(
        self,
        known: Known | None,
        collections: list[DataCollection],
        file: ProjectFile,
        environment: Mapping[str, str],
        progress: Progress = no_progress,
    ) -> None:
        self._known = known
        self._collections = {(one.workflow, one.tag): one for one in collections}
        self._file = file
        self._scanner = Scanner(file, environment, progress)
        self._progress = progress

    async def run(self, *, is_read: bool) -> list[CollectionScan]:
        """One scan for each collection of the file; `is_read` is whether new and changed files are read for a trial."""
        return [
            await self._scan(flow, collection, is_read=is_read)
            for flow, collection in self._file.description.collections()
        ]

    async def _scan(
        self, flow: WorkflowDescription, collection: CollectionDescription, *, is_read: bool
    ) -> CollectionScan:
        workflow, tag = flow.name, collection.data_collection_tag
        try:
            scanned, known, todo = await self._planned(workflow, collection)
        except Invalid as error:
            files = tuple(ScannedFile(one.place, FileState.REFUSED, one.message) for one in error.problems)
            return CollectionScan(workflow=workflow, tag=tag, files=files, message=error.message)
        problems = await asyncio.to_thread(self._trial, collection, scanned, todo) if is_read else ()
        return CollectionScan(workflow=workflow, tag=tag, files=scanned_files(todo, scanned.listing, known, problems))

    async def _planned(
        self, workflow: str, collection: CollectionDescription
    ) -> tuple[Scanned, dict[str, LedgerFile], Plan]:
        tag = collection.data_collection_tag
        stored = self._collections.get((workflow, tag))
        known = await self._known.files(stored) if self._known and stored else {}
        candidates = await asyncio.to_thread(self._scanner.find, workflow, tag)
        scanned = await asyncio.to_thread(self._scanner.identify, candidates, known)
        reading = reading_of(collection.config)
        if self._known and stored:
            return scanned, known, await self._known.plan(stored, scanned.listing, reading)
        return scanned, known, plan(None, scanned.listing, reading)

    def _trial(self, collection: CollectionDescription, scanned: Scanned, todo: Plan) -> tuple[Problem, ...]:
        needed = set(todo.needed)
        files = [file for file in scanned.listing if file.path in needed]

        def path_of(name: str) -> Path:
            self._progress("read", 1)
            return scanned.at[name]

        with tempfile.TemporaryDirectory(prefix="depictio-scan-") as spool:
            from persistence.stacking import refused  # noqa: PLC0415 -- only who reads the files waits for it.

            return refused(collection, files, path_of, Path(spool))
