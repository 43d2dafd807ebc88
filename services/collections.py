"""Data collections, to be looked at: their schema, rows and versions. Filling them is `services.ingestion`."""

import asyncio

from domain.access import Capability
from domain.collections import DataCollection, RowsPage, TableVersion
from domain.errors import Invalid, NotFound, Problem
from domain.links import behind, links_of
from domain.projects import Access
from domain.runs import Run, runs_of
from domain.table_changes import TableChanges, column_changes, rows_between
from domain.wording import tr
from persistence.collections import CollectionRepository
from persistence.rows import read_rows
from persistence.stacking import read_ledger
from persistence.tables import Tables
from services.pinned import Pinned

MAX_ROWS = 10_000
MAX_OFFSET = 2**62
"""Further than any table reaches, and within what the query engine counts with."""


class Collections:
    """The reading use cases of data collections. One of another project is `NotFound`, whatever id is given."""

    def __init__(self, collections: CollectionRepository, tables: Tables) -> None:
        self._collections = collections
        self._tables = tables
        self._pinned = Pinned(tables)

    async def all(self, access: Access) -> list[DataCollection]:
        """The project's collections, by workflow and tag; through a dashboard at the versions it is pinned to."""
        access.require(Capability.DATA_VIEW)
        found = await self._pinned.seen(access.pins, await self._collections.of_project(access.project.id))
        if access.only is None:
            return found
        shown = behind(access.only.collections, links_of(access.project.source, found))
        return [collection for collection in found if collection.id in shown]

    async def get(self, access: Access, collection_id: str) -> DataCollection:
        """One collection of the project.

        Raises:
            NotFound: when the project has none of that id.
        """
        for collection in await self.all(access):
            if collection.id == collection_id:
                return collection
        raise NotFound(
            tr(
                "The project {name!r} has no data collection {collection_id}.",
                name=access.project.name,
                collection_id=collection_id,
            )
        )

    async def rows(
        self, access: Access, collection_id: str, *, offset: int = 0, limit: int = 20, version: int | None = None
    ) -> RowsPage:
        """Some rows of a collection, by default of the version that everybody reads.

        Raises:
            Invalid: for an offset that is negative or beyond any table, or a limit outside 0 to 10 000.
            NotFound: when there is no such collection or version.
        """
        access.require(Capability.PROJECT_VIEW)
        collection = await self.get(access, collection_id)
        if not 0 <= offset <= MAX_OFFSET:
            message = tr("must be 0 or more, and within the table")
            raise Invalid(tr("These rows cannot be read."), (Problem("offset", message),))
        if not 0 <= limit <= MAX_ROWS:
            raise Invalid(
                tr("These rows cannot be read."),
                (Problem("limit", tr("is {limit}; must be 0 to {most}", limit=limit, most=MAX_ROWS)),),
            )
        return await asyncio.to_thread(read_rows, self._tables, collection, offset=offset, limit=limit, version=version)

    async def versions(self, access: Access, collection_id: str) -> list[TableVersion]:
        """The versions of a collection's table, newest first; none when nothing was ingested."""
        access.require(Capability.PROJECT_VIEW)
        collection = await self.get(access, collection_id)
        if collection.table_version is None:
            return []
        history = await asyncio.to_thread(self._tables.history, collection.table_path)
        return [version for version in history if version.version <= collection.table_version]

    async def runs(self, access: Access, collection_id: str) -> list[Run]:
        """The runs and files that the collection's table was made of at its newest ingest; none of a join.

        Raises:
            NotFound: when there is no such collection.
        """
        access.require(Capability.DATA_VIEW)
        access.require(Capability.PROJECT_VIEW)
        collection = await self.get(access, collection_id)
        if collection.table_version is None:
            return []
        _, ledger = await asyncio.to_thread(read_ledger, self._tables, collection.table_path)
        return runs_of(ledger.files if ledger else ())

    async def compare(self, access: Access, collection_id: str, before: int, after: int) -> TableChanges:
        """What became different from one version of a collection's table to a later one.

        Raises:
            Invalid: when `before` is the later of the two.
            NotFound: when there is no such collection or version.
        """
        access.require(Capability.DATA_VIEW)
        if before > after:
            message = tr("is {before}, which is later than {after}", before=before, after=after)
            raise Invalid(tr("These versions cannot be compared."), (Problem("before", message),))
        old, new = [await self.rows(access, collection_id, limit=0, version=version) for version in (before, after)]
        came, went, retyped = column_changes(old.columns, new.columns)
        added, removed = rows_between(await self.versions(access, collection_id), before, after)
        return TableChanges(
            before=before,
            after=after,
            rows_before=old.total,
            rows_after=new.total,
            rows_added=added,
            rows_removed=removed,
            columns_added=came,
            columns_removed=went,
            columns_retyped=retyped,
        )
