"""The upkeep of tables: going back to a version, putting small files together, removing what no version needs."""

import asyncio
from datetime import datetime, timedelta

import msgspec

from domain.access import Capability
from domain.collections import DataCollection, Origin
from domain.errors import Conflict, NotFound
from domain.ingests import CollectionReport, Ledger, Outcome
from domain.project_references import joins_of, resolved
from domain.projects import Access
from domain.table_changes import column_changes
from domain.upkeep import (
    RETENTION,
    Optimizing,
    Restoring,
    Vacuuming,
    check_there,
    checked_retention,
    ledger_changes,
)
from domain.wording import tr
from persistence import table_upkeep
from persistence.collections import CollectionRepository, IngestRepository
from persistence.dashboards import DashboardRepository
from persistence.leases import Leases
from persistence.tables import Stored, Tables
from services.audit import Audit, recorded
from services.clock import Clock
from services.ingestion import Ingestion
from services.published import published_columns
from services.reporting import BUSY, record_of

IS_JOIN = tr("{tag!r} is a join: it is made of its two sides. Restore a version of one of them.")
IS_CURRENT = tr("Version {version} of {tag!r} is the current one.")
IS_EMPTY = tr("The data collection {tag!r} has no table yet: nothing was ingested into it.")


class Upkeep:
    """The use cases of looking after tables; each needs `data:ingest`, and holds off ingests of the same table.

    What is only asked for, by `plan` or `dry_run`, changes nothing.
    """

    def __init__(
        self,
        collections: CollectionRepository,
        dashboards: DashboardRepository,
        ingests: IngestRepository,
        leases: Leases,
        tables: Tables,
        ingestion: Ingestion,
        now: Clock,
        *,
        audit: Audit,
    ) -> None:
        self.audit = audit
        self._collections = collections
        self._dashboards = dashboards
        self._ingests = ingests
        self._leases = leases
        self._tables = tables
        self._ingestion = ingestion
        self._now = now

    async def tag(self, access: Access, collection_id: str) -> str:
        """What the collection is called; `NotFound` when there is none."""
        access.require(Capability.DATA_INGEST)
        return (await self._collection(access, collection_id)).tag

    async def plan_restore(self, access: Access, collection_id: str, version: int) -> Restoring:
        """What `restore` would do.

        Raises:
            NotFound: when there is no such collection or version, or its files were removed.
            Conflict: when the version is the current one, or the collection a join.
        """
        access.require(Capability.DATA_INGEST)
        collection, current = await self._filled(access, collection_id)
        return (await self._going_back(access, collection, version, current))[0]

    @recorded(Capability.DATA_INGEST, "restore a table version", "collection_id", "version")
    async def restore(self, access: Access, collection_id: str, version: int) -> Restoring:
        """Make the table what it was in that version; that is a new version, and joins of it are made anew.

        What was ingested since counts as new at the next ingest. A table that is so already gets no further version,
        as after a job that was killed between the restoring and the joins.

        Raises:
            NotFound, Conflict: as `plan_restore`; Conflict during an ingest of the collection too.
        """
        access.require(Capability.DATA_INGEST)
        collection, current = await self._filled(access, collection_id)
        started_at = self._now()
        async with self._leases.held(f"ingest:{collection.id}", BUSY.format(tag=collection.tag)):
            collection, current = await self._filled(access, collection_id)
            await self._check_complete(collection, current)
            found, stored, is_so = await self._going_back(access, collection, version, current)
            made = current
            if not is_so:
                said = {**stored, "rows_added": found.rows_added, "rows_removed": found.rows_removed}
                made = await asyncio.to_thread(
                    table_upkeep.restore, self._tables, collection.table_path, current, version, said
                )
                ledger = _ledger(stored)
                files = len(ledger.files) if ledger else collection.files
                await self._publish(collection, made, found.rows, files)
                await self._log(access, collection, msgspec.structs.replace(found, table_version=made), started_at)
        if found.joins:
            await self._ingestion.run_joins(access)
        return msgspec.structs.replace(found, table_version=made)

    async def plan_optimize(self, access: Access, collection_id: str) -> Optimizing:
        """What `optimize` would do.

        Raises:
            NotFound: when there is no such collection.
            Conflict: when it has no table yet.
        """
        access.require(Capability.DATA_INGEST)
        collection, version = await self._filled(access, collection_id)
        return await asyncio.to_thread(table_upkeep.small_files, self._tables, collection.table_path, version)

    @recorded(Capability.DATA_INGEST, "optimize a table", "collection_id")
    async def optimize(self, access: Access, collection_id: str) -> Optimizing:
        """Put the table's small files together; rows and their order stay, so that nobody sees a difference.

        Raises:
            NotFound, Conflict: as `plan_optimize`; Conflict during an ingest of the collection too.
        """
        access.require(Capability.DATA_INGEST)
        collection, version = await self._filled(access, collection_id)
        async with self._leases.held(f"ingest:{collection.id}", BUSY.format(tag=collection.tag)):
            collection, version = await self._filled(access, collection_id)
            path = collection.table_path
            await self._check_complete(collection, version)
            todo = await asyncio.to_thread(table_upkeep.small_files, self._tables, path, version)
            if not todo.files:
                return todo
            done = await asyncio.to_thread(table_upkeep.optimize, self._tables, path, version)
            if done.table_version is not None:
                await self._publish(collection, done.table_version, collection.rows, collection.files)
            return done

    async def plan_vacuum(self, access: Access, collection_id: str, retention: timedelta = RETENTION) -> Vacuuming:
        """What `vacuum` would do.

        Raises:
            NotFound, Conflict: as `plan_optimize`.
            Invalid: for a retention of less than an hour.
        """
        access.require(Capability.DATA_INGEST)
        collection, version = await self._filled(access, collection_id)
        return (await self._unneeded(collection, version, checked_retention(retention)))[0]

    @recorded(Capability.DATA_INGEST, "vacuum a table", "collection_id", "retention")
    async def vacuum(self, access: Access, collection_id: str, retention: timedelta = RETENTION) -> Vacuuming:
        """Remove the files that only versions replaced before `retention` need, but for versions that are pinned.

        Raises:
            NotFound, Conflict: as `plan_optimize`; Conflict during an ingest of the collection too.
            Invalid: for a retention of less than an hour.
        """
        access.require(Capability.DATA_INGEST)
        span = checked_retention(retention)
        collection, version = await self._filled(access, collection_id)
        async with self._leases.held(f"ingest:{collection.id}", BUSY.format(tag=collection.tag)):
            collection, version = await self._filled(access, collection_id)
            plan, _ = await self._unneeded(collection, version, span)
            # Whoever pins a version looks here afterwards; and pins that were set before are seen below.
            gone = frozenset(collection.gone)
            marked = tuple(sorted({*gone, *plan.versions}))
            collection = await self._collections.replace(msgspec.structs.replace(collection, gone=marked))
            plan, files = await self._unneeded(collection, version, span, plan.versions)
            await asyncio.to_thread(table_upkeep.remove, self._tables, collection.table_path, files)
            # Of a version that was gone before, a pin brings nothing back.
            kept = tuple(one for one in marked if one in gone or one not in plan.pinned)
            if kept != marked:
                await self._collections.replace(msgspec.structs.replace(collection, gone=kept))
        return msgspec.structs.replace(plan, is_done=True)

    async def _check_complete(self, collection: DataCollection, version: int) -> None:
        """`Conflict` after an ingest that was killed between its commit and its end: the next one catches up."""
        if await asyncio.to_thread(self._tables.version, collection.table_path) != version:
            raise Conflict(tr("An ingest of {tag!r} was broken off. Run it again first.", tag=collection.tag))

    async def _going_back(
        self, access: Access, collection: DataCollection, version: int, current: int
    ) -> tuple[Restoring, Stored, bool]:
        """What is done, what that version says of itself, and whether the current one says and has the same."""
        if collection.origin is Origin.JOIN:
            raise Conflict(IS_JOIN.format(tag=collection.tag))
        check_there(collection, version)
        if version == current:
            raise Conflict(IS_CURRENT.format(version=version, tag=collection.tag))
        path = collection.table_path
        then, now = [
            await asyncio.to_thread(table_upkeep.stored_at, self._tables, path, one) for one in (version, current)
        ]
        schema = await asyncio.to_thread(self._tables.schema, path, version)
        came, went, _ = column_changes(collection.columns, published_columns(schema, None))
        ledger = _ledger(then)
        again, added, removed = ledger_changes(_ledger(now), ledger)
        is_so = ledger is not None and ledger == _ledger(now)
        is_so = is_so and schema == await asyncio.to_thread(self._tables.schema, path, current)
        found = Restoring(
            version=version,
            rows=ledger.rows if ledger else await asyncio.to_thread(self._tables.rows, path, version),
            rows_now=collection.rows,
            rows_added=added,
            rows_removed=removed,
            files_again=again,
            columns_added=came,
            columns_removed=went,
            joins=_joins(access, collection),
        )
        return found, then, is_so

    async def _unneeded(
        self, collection: DataCollection, version: int, span: timedelta, known: tuple[int, ...] = ()
    ) -> tuple[Vacuuming, tuple[str, ...]]:
        """What may go, and the files; `known` are versions that may be named again."""
        pinned = await self._pinned(collection)
        found = await asyncio.to_thread(
            table_upkeep.unneeded, self._tables, collection.table_path, span, {*pinned, version}
        )
        spared = set(found.versions) & pinned
        versions = set(found.versions) - (set(collection.gone) - set(known)) - spared
        plan = Vacuuming(
            retention_hours=span // timedelta(hours=1),
            files=len(found.files),
            bytes=found.bytes,
            versions=tuple(sorted(versions)),
            pinned=tuple(sorted(pinned - {version})),
        )
        return plan, found.files

    async def _pinned(self, collection: DataCollection) -> set[int]:
        """The versions to which dashboards of the project are pinned."""
        dashboards = await self._dashboards.of_projects([collection.project_id])
        return {one.pins[collection.id].version for one in dashboards if collection.id in one.pins}

    async def _publish(self, collection: DataCollection, version: int, rows: int, files: int | None) -> None:
        """Let readers see that version."""
        path = collection.table_path
        schema = await asyncio.to_thread(self._tables.schema, path, version)
        stored = await self._collections.get(collection.id)
        published = msgspec.structs.replace(
            stored,
            table_version=version,
            rows=rows,
            files=files,
            columns=published_columns(schema, collection.source or (collection,)),
            lost=await asyncio.to_thread(table_upkeep.lost_columns, self._tables, path, version),
            updated_at=self._now(),
        )
        await self._collections.replace(published)

    async def _log(self, access: Access, collection: DataCollection, did: Restoring, started_at: datetime) -> None:
        report = CollectionReport(
            workflow=collection.workflow,
            tag=collection.tag,
            outcome=Outcome.UPDATED,
            rows=did.rows,
            table_version=did.table_version,
            message=tr("Version {version} was restored.", version=did.version),
        )
        await self._ingests.add(record_of(access, report, started_at, self._now()))

    async def _filled(self, access: Access, collection_id: str) -> tuple[DataCollection, int]:
        """The collection and the version that everybody reads."""
        collection = await self._collection(access, collection_id)
        if collection.table_version is None:
            raise Conflict(IS_EMPTY.format(tag=collection.tag))
        return collection, collection.table_version

    async def _collection(self, access: Access, collection_id: str) -> DataCollection:
        for collection in await self._collections.of_project(access.project.id):
            if collection.id == collection_id:
                return collection
        raise NotFound(
            tr(
                "The project {name!r} has no data collection {collection_id}.",
                name=access.project.name,
                collection_id=collection_id,
            )
        )


def _ledger(stored: Stored) -> Ledger | None:
    return msgspec.convert(stored["ledger"], Ledger) if "ledger" in stored else None


def _joins(access: Access, collection: DataCollection) -> tuple[str, ...]:
    """The joins that the collection is a side of."""
    if access.project.source is None:
        return ()
    own = (collection.workflow, collection.tag)
    return tuple(
        tag
        for join, (workflow, tag) in joins_of(access.project.source)
        if any(resolved(side, [own], workflow) == own for side in (join.left_dc, join.right_dc))
    )
