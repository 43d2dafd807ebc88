"""Ingestion: from found files to published tables. The same steps serve the command line and the server."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import msgspec

from domain.access import Actor, Capability
from domain.collections import DataCollection
from domain.description import ProjectDescription
from domain.errors import DomainError, Forbidden, NotFound
from domain.ingests import (
    CollectionReport,
    FoundFile,
    IngestRecord,
    JoinOutcome,
    Ledger,
    LedgerFile,
    Outcome,
    Plan,
    plan,
    reading_of,
)
from domain.projects import Access
from domain.wording import tr
from persistence.collections import CollectionRepository, IngestRepository
from persistence.leases import Leases
from persistence.stacking import PathOf, read_ledger, stack
from persistence.tables import Tables
from services.audit import Audit, recorded
from services.clock import Clock
from services.compacting import compacted
from services.computing import Compute, in_thread
from services.described import described_collections, described_joins, source_of
from services.image_sets import ImageSets
from services.join_making import JoinMaking
from services.projects import Projects
from services.publishing import Publishing, table_path
from services.registering import kept_collection
from services.reporting import Reporting
from services.stopping import committed, settled
from services.uploads import Limit, SentFiles, Uploads


class Ingestion:
    """The use cases of ingestion; each needs `data:ingest`.

    `spool` is a folder on this machine for rows in passage and for files that were sent to a server.
    """

    def __init__(
        self,
        collections: CollectionRepository,
        ingests: IngestRepository,
        leases: Leases,
        tables: Tables,
        projects: Projects,
        spool: Path,
        now: Clock,
        *,
        upload_max_mib: int = 4096,
        upload_limit: Limit | None = None,
        audit: Audit,
    ) -> None:
        self.audit = audit
        self._collections = collections
        self._ingests = ingests
        self._tables = tables
        self._projects = projects
        self._uploads = Uploads(spool / "uploads", upload_max_mib, upload_limit)
        self._spool = spool / "rows"
        self._publishing = Publishing(collections, tables, now)
        self._reporting = Reporting(ingests, leases, now)
        self._joins = JoinMaking(collections, tables, self._publishing, self._reporting)
        self.images = ImageSets(collections, tables, leases, self._uploads, audit=audit)

    @recorded(Capability.DATA_INGEST, "register a project file")
    async def register(self, actor: Actor, description: ProjectDescription) -> tuple[Access, list[DataCollection]]:
        """The project of a project file with its collections, joins included: created, or brought up to date.

        Collections that the file does not name any more stay, with their data.

        Raises:
            Unauthenticated, NotFound, Forbidden: as `Projects.register`; Forbidden without `data:ingest` too.
        """
        access = await self._projects.register(actor, description)
        access.require(Capability.DATA_INGEST)
        wanted = [*described_collections(description), *described_joins(description)]
        return access, [await kept_collection(self._collections, access, one) for one in wanted]

    async def find_described(
        self, actor: Actor, description: ProjectDescription
    ) -> tuple[Access, list[DataCollection]] | None:
        """The project and the collections that `register` would find; None when it would create the project.

        Raises:
            Unauthenticated, NotFound, Forbidden: as `Projects.find_described`.
        """
        access = await self._projects.find_described(actor, description)
        if access is None:
            return None
        access.require(Capability.DATA_INGEST)
        return access, await self._collections.of_project(access.project.id)

    async def known_files(self, access: Access, collection_id: str) -> dict[str, LedgerFile]:
        """What the collection's table was made of, by path: its hashes need not be computed again."""
        access.require(Capability.DATA_INGEST)
        collection = await self._collection(access, collection_id)
        _, ledger = await asyncio.to_thread(read_ledger, self._tables, table_path(collection))
        return {file.path: file for file in ledger.files} if ledger else {}

    async def plan(self, access: Access, collection_id: str, listing: Sequence[FoundFile], reading: str = "") -> Plan:
        """What an ingest of these files will do. `commit` plans anew: a table may change in between.

        `reading` is how they would be read (`reading_of`), when not as the registered project file says.
        """
        access.require(Capability.DATA_INGEST)
        collection = await self._collection(access, collection_id)
        _, ledger = await asyncio.to_thread(read_ledger, self._tables, table_path(collection))
        return plan(ledger, listing, reading or reading_of(source_of(access, collection).config))

    @recorded(Capability.DATA_INGEST, "ingest", "collection_id")
    async def commit(
        self,
        access: Access,
        collection_id: str,
        listing: Sequence[FoundFile],
        path_of: PathOf,
        *,
        wanted: DataCollection | None = None,
        compute: Compute = in_thread,
        with_joins: bool = True,
    ) -> CollectionReport:
        """Bring the collection's table to exactly these files, publish it and log it; then the joins made of it.

        What is wrong with the files is a report with the outcome `failed`; the table then stays as it was. `wanted`
        has another description and way of reading, which hold as soon as the table is published. `compute` says where
        the files are read; another process gets `path_of` too. Who ingests several collections does without the joins,
        and runs them at the end.

        Raises:
            Forbidden, NotFound: when the actor may not ingest, or there is no such collection.
            Stopped: when `compute` was told to stop in time.
        """
        access.require(Capability.DATA_INGEST)
        collection = await self._collection(access, collection_id)

        async def stacked() -> CollectionReport:
            stored = await self._collection(access, collection_id)
            if wanted is not None:
                stored = msgspec.structs.replace(stored, source=wanted.source, description=wanted.description)
            return await self._stacked(access, stored, listing, path_of, compute)

        report = await self._reporting.reported(access, collection, stacked, listing)
        if report.outcome is not Outcome.UPDATED or not with_joins:
            return report
        # Here, so that what a job says of its progress stays that of its files.
        made = await self._joins.make(access, {collection_id}, in_thread)
        outcomes = tuple(JoinOutcome(one.tag, one.outcome, one.message) for one in made)
        return msgspec.structs.replace(report, joins=outcomes)

    async def receive(self, access: Access, sha256: str, chunks: AsyncIterator[bytes]) -> None:
        """Keep a file that is sent until the ingest it belongs to; `Invalid` when its content has another hash."""
        access.require(Capability.DATA_INGEST)
        await self._uploads.receive(access.project.id, sha256, chunks)

    async def sent_files(self, access: Access, listing: Sequence[FoundFile]) -> PathOf:
        """Where those of the listed files are that were sent."""
        access.require(Capability.DATA_INGEST)
        return SentFiles(await self._uploads.for_process(), access.project.id, {file.path: file for file in listing})

    async def claim(self, access: Access, listing: Sequence[FoundFile], job_id: str) -> None:
        """Keep what was sent of these files until the job discards it."""
        access.require(Capability.DATA_INGEST)
        await self._uploads.claim(access.project.id, listing, job_id)

    async def discard(self, access: Access, listing: Sequence[FoundFile], job_id: str) -> None:
        """Remove what was sent of these files for this job alone."""
        access.require(Capability.DATA_INGEST)
        await self._uploads.discard(access.project.id, listing, job_id)

    @recorded(Capability.DATA_INGEST, "run the joins")
    async def run_joins(self, access: Access, *, compute: Compute = in_thread) -> list[CollectionReport]:
        """Bring every join of the project up to date, in the order of the project file; one report each."""
        access.require(Capability.DATA_INGEST)
        return await self._joins.make(access, None, compute)

    @recorded(Capability.DATA_INGEST, "report a failed ingest", "collection_id")
    async def fail(self, access: Access, collection_id: str, error: DomainError) -> CollectionReport:
        """Log that an ingest of the collection failed before its files could be listed."""
        access.require(Capability.DATA_INGEST)
        collection = await self._collection(access, collection_id)

        async def failing() -> CollectionReport:
            raise error

        return await self._reporting.reported(access, collection, failing)

    async def log(self, access: Access) -> list[IngestRecord]:
        """The project's ingests that changed something or failed, newest first; for its members, as it names them."""
        access.require(Capability.DATA_VIEW)
        if not access.is_member:
            raise Forbidden(tr("Only its members see the ingests of the project {name!r}.", name=access.project.name))
        return await self._ingests.of_project(access.project.id)

    async def _stacked(
        self,
        access: Access,
        collection: DataCollection,
        listing: Sequence[FoundFile],
        path_of: PathOf,
        compute: Compute,
    ) -> CollectionReport:
        source = source_of(access, collection)
        reading, path = reading_of(source.config), table_path(collection)
        version, ledger = await asyncio.to_thread(read_ledger, self._tables, path)
        todo, message = plan(ledger, listing, reading), ""
        if version is None and not listing:
            return CollectionReport(workflow=collection.workflow, tag=collection.tag, outcome=Outcome.UNCHANGED)
        if version is None or ledger is None or not todo.changes_nothing:
            spool = compute.spool or self._spool
            spool.mkdir(parents=True, exist_ok=True)
            asked = (self._tables, path, source, todo, listing, reading, path_of, spool)
            done: tuple[int, Ledger] = await settled(
                self._tables, path, compute, stack, *asked, found=lambda: committed(self._tables, path)
            )
            version, ledger = done
        counted = msgspec.structs.replace(collection, files=len(ledger.files))
        changed = await self._publishing.publish(counted, version, ledger.rows, source)
        if changed:
            version, message = await compacted(self._tables, path, version)
            await self._publishing.publish(await self._collections.get(collection.id), version, ledger.rows, source)
        return CollectionReport(
            workflow=collection.workflow,
            tag=collection.tag,
            outcome=Outcome.UPDATED if changed else Outcome.UNCHANGED,
            new=len(todo.new),
            changed=len(todo.changed),
            vanished=len(todo.vanished),
            unchanged=len(todo.unchanged),
            rows=ledger.rows,
            table_version=version,
            message=message,
        )

    async def _collection(self, access: Access, collection_id: str) -> DataCollection:
        collection = await self._collections.get(collection_id)
        if collection.project_id != access.project.id:
            raise NotFound(tr("There is no data collection {collection_id}.", collection_id=collection_id))
        return collection
