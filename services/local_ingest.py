"""Ingesting from files on this machine: each collection is scanned, listed and handed to its table."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from domain.collections import DataCollection
from domain.description import CollectionDescription, WorkflowDescription
from domain.errors import Conflict, Invalid, NotFound, Problem, Unavailable
from domain.ingests import CollectionReport, FoundFile, LedgerFile, Outcome
from domain.projects import Access
from domain.wording import tr
from persistence.scan import Candidate, Run, Scanned, find_files, find_runs, identify
from services.local_images import local_images
from services.project_files import ProjectFile, images_folder, locations, single_file

if TYPE_CHECKING:
    from services.ingestion import Ingestion

Progress = Callable[[str, int], object]
"""Told the step (`found`, `hashed`, `read`) and by how many files it went on."""


def no_progress(_step: str, _files: int) -> None:
    """For callers that show nothing."""


class Scanner:
    """Finds the files of a project's collections on this machine; the runs of a workflow are looked for once.

    Runs that are `held` stay as they were ingested last, whatever lies in their folders now.
    """

    def __init__(
        self,
        file: ProjectFile,
        environment: Mapping[str, str],
        progress: Progress = no_progress,
        held: Collection[str] = (),
    ) -> None:
        self._held = frozenset(held)
        self._held_files: dict[str, Candidate] = {}
        self._file = file
        self._environment = environment
        self.progress = progress
        self._runs: dict[str, list[Run]] = {}
        self.hashed = 0
        """How many files were read to know their content hash."""

    def find(self, workflow: str, tag: str) -> list[Candidate]:
        """The files of one collection, by path. Blocks.

        Raises:
            Invalid: for a location that is missing, or no file of a collection that is not optional.
        """
        flow, collection = self._described(workflow, tag)
        single = single_file(self._file, collection, self._environment)
        found = find_files(collection, [] if single else self._runs_of(flow), single)
        if not single:
            self._held_files |= {file.path: file for file in found if file.run in self._held}
            found = [file for file in found if file.run not in self._held]
        self.progress("found", len(found))
        return found

    def identify(self, candidates: list[Candidate], known: Mapping[str, LedgerFile]) -> Scanned:
        """The listing, with content hashes; those known before are not computed again. Blocks."""
        scanned = identify(candidates, known, lambda: self.progress("hashed", 1))
        self.hashed += scanned.hashed
        kept = [file for path, file in known.items() if file.run in self._held and path not in scanned.at]
        if not kept:
            return scanned
        found = [*scanned.listing, *map(self._as_ingested, kept)]
        places = {file.path: self._held_files[file.path].at for file in kept if file.path in self._held_files}
        gone = {file.path: Path(file.path) for file in kept}
        return Scanned(tuple(sorted(found, key=lambda one: one.path)), gone | places | scanned.at, scanned.hashed)

    def _as_ingested(self, file: LedgerFile) -> FoundFile:
        held = self._held_files.get(file.path)
        return FoundFile(
            path=file.path,
            run=file.run,
            size=file.size,
            mtime_ns=file.mtime_ns,
            sha256=file.sha256,
            captures=held.captures if held else {},
        )

    def images_folder(self, workflow: str, tag: str) -> Path:
        """Where the files of an image set lie on this machine."""
        return images_folder(self._file, self._described(workflow, tag)[1], self._environment)

    def _described(self, workflow: str, tag: str) -> tuple[WorkflowDescription, CollectionDescription]:
        for flow, collection in self._file.description.collections():
            if (flow.name, collection.data_collection_tag) == (workflow, tag):
                return flow, collection
        raise NotFound(tr("The project file has no data collection {workflow}.{tag}.", workflow=workflow, tag=tag))

    def _runs_of(self, workflow: WorkflowDescription) -> list[Run]:
        if workflow.name not in self._runs:
            self._runs[workflow.name] = find_runs(workflow, locations(self._file, workflow, self._environment))
        return self._runs[workflow.name]


class LocalIngest:
    """An ingest by this process; a collection that fails is reported and does not stop the others."""

    def __init__(self, ingestion: "Ingestion", access: Access, scanner: Scanner) -> None:
        self._ingestion = ingestion
        self._access = access
        self._scanner = scanner

    async def run(self, collection: DataCollection) -> CollectionReport:
        """Ingest one collection and report what came of it."""
        try:
            scanned = await self._scanned(collection)
        except (Invalid, Conflict) as error:
            return await self._ingestion.fail(self._access, collection.id, error)
        path_of = self._path_of(scanned)
        report = await self._ingestion.commit(self._access, collection.id, scanned.listing, path_of, with_joins=False)
        if collection.kind != "image" or report.outcome is Outcome.FAILED:
            return report
        return await self._with_images(collection, report)

    async def _with_images(self, collection: DataCollection, report: CollectionReport) -> CollectionReport:
        try:
            folder = self._scanner.images_folder(collection.workflow, collection.tag)
            images = await self._ingestion.images.of(self._access, collection.id)
            found = await asyncio.to_thread(local_images, images, folder)
            stored = await self._ingestion.images.commit(
                self._access, collection.id, found.listing, found.at.__getitem__
            )
        except (Invalid, Conflict, Unavailable) as error:
            return await self._ingestion.fail(self._access, collection.id, error)
        changed = stored.added or stored.removed
        outcome = Outcome.UPDATED if changed else report.outcome
        return msgspec.structs.replace(report, outcome=outcome, message=stored.message)

    async def _scanned(self, collection: DataCollection) -> Scanned:
        known = await self._ingestion.known_files(self._access, collection.id)
        candidates = await asyncio.to_thread(self._scanner.find, collection.workflow, collection.tag)
        return await asyncio.to_thread(self._scanner.identify, candidates, known)

    def _path_of(self, scanned: Scanned) -> Callable[[str], Path]:
        listed = {file.path: file for file in scanned.listing}

        def path_of(name: str) -> Path:
            path = scanned.at[name]
            try:
                stat = path.stat()
            except OSError as error:
                raise Invalid(
                    tr("A file is gone."), (Problem(name, tr("cannot be read: {reason}", reason=error.strerror)),)
                ) from error
            if (stat.st_size, stat.st_mtime_ns) != (listed[name].size, listed[name].mtime_ns):
                raise Invalid(tr("A file changed."), (Problem(name, tr("changed meanwhile; run the ingest again")),))
            self._scanner.progress("read", 1)
            return path

        return path_of
