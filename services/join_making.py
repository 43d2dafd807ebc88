"""Making the joins of a project: each anew whose sides or description changed, in the order of the project file."""

import msgspec

from domain.collections import DataCollection
from domain.description import JoinDescription
from domain.errors import Invalid
from domain.ingests import CollectionReport, Outcome
from domain.joins import joined_of, joins_among, side_ids, side_of
from domain.projects import Access
from domain.wording import tr
from persistence.collections import CollectionRepository
from persistence.joins import METADATA, store_join
from persistence.tables import Tables
from services.computing import Compute
from services.publishing import Publishing, table_path
from services.reporting import Reporting, Work
from services.stopping import settled


class JoinMaking:
    """What `Ingestion` makes joins with, once it knows that the actor may."""

    def __init__(
        self, collections: CollectionRepository, tables: Tables, publishing: Publishing, reporting: Reporting
    ) -> None:
        self._collections = collections
        self._tables = tables
        self._publishing = publishing
        self._reporting = reporting

    async def make(self, access: Access, changed: set[str] | None, compute: Compute) -> list[CollectionReport]:
        """Make the joins anew of which a side is among `changed`, or depends on one; all joins without it."""
        reports = []
        collections = await self._collections.of_project(access.project.id)
        for join, collection in joins_among(access.project.source, collections):
            if changed is not None:
                if not changed & side_ids(join, collection, collections):
                    continue
                # Another ingest may be making this join of what the side was before.
                await self._reporting.free(collection)
            report = await self._reporting.reported(
                access, collection, self._joining(access, collection, join, compute)
            )
            reports.append(report)
            if changed is not None and report.outcome is Outcome.UPDATED:
                changed.add(collection.id)
        return reports

    def _joining(self, access: Access, collection: DataCollection, join: JoinDescription, compute: Compute) -> Work:
        async def joining() -> CollectionReport:
            left, right = [
                await self._side(access, reference, collection) for reference in (join.left_dc, join.right_dc)
            ]
            stored = await self._collections.get(collection.id)
            path = table_path(stored)
            asked = (self._tables, path, join, left, right)
            result = await settled(self._tables, path, compute, store_join, *asked, found=lambda: store_join(*asked))
            metatype = METADATA if left.metatype == right.metatype == METADATA else "Aggregate"
            counts = joined_of(left, right, result.record.counts_of_rows)
            stored = msgspec.structs.replace(stored, metatype=metatype, joined=counts)
            changed = await self._publishing.publish(stored, result.version, result.record.rows, (left, right))
            return CollectionReport(
                workflow=stored.workflow,
                tag=stored.tag,
                outcome=Outcome.UPDATED if changed else Outcome.UNCHANGED,
                rows=result.record.rows,
                table_version=result.version,
                message=result.record.counts if result.is_new or result.record.fan_out else "",
            )

        return joining

    async def _side(self, access: Access, reference: str, join: DataCollection) -> DataCollection:
        side = side_of(reference, join, await self._collections.of_project(access.project.id))
        if isinstance(side, str):
            raise Invalid(tr("The join {tag!r} cannot be made: {side}.", tag=join.tag, side=side))
        if side.table_version is None:
            raise Invalid(
                tr("The join {tag!r} cannot be made: {side!r} has no table yet.", tag=join.tag, side=side.tag)
            )
        return side
