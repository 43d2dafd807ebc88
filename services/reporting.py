"""What came of an ingest or a join: done under the lease of its collection, reported, and written into the log."""

from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime

from domain.collections import DataCollection
from domain.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from domain.ingests import CollectionReport, FoundFile, IngestRecord, Outcome, failed_report
from domain.projects import Access
from domain.wording import tr
from persistence.collections import IngestRepository
from persistence.leases import Leases
from persistence.mongo import new_id
from services.clock import Clock

BUSY = tr("The data collection {tag!r} is being ingested right now. Wait for that to end, then run again.")
Work = Callable[[], Coroutine[None, None, CollectionReport]]


class Reporting:
    """Runs work on collections, one at a time on each."""

    def __init__(self, ingests: IngestRepository, leases: Leases, now: Clock) -> None:
        self._ingests = ingests
        self._leases = leases
        self._now = now

    async def free(self, collection: DataCollection) -> None:
        """Wait until nobody works on the collection."""
        await self._leases.free(f"ingest:{collection.id}")

    async def reported(
        self,
        access: Access,
        collection: DataCollection,
        work: Work,
        listing: Sequence[FoundFile] = (),
    ) -> CollectionReport:
        """Do the work; what is wrong with the data is a report with the outcome `failed`.

        What changed something, failed, or mended a failure is a line of the project's log.

        Raises:
            Forbidden, NotFound, Stopped: as the work raises them.
        """
        started_at = self._now()
        try:
            async with self._leases.held(f"ingest:{collection.id}", BUSY.format(tag=collection.tag)):
                report = await work()
        except (Forbidden, NotFound):
            raise
        except (Invalid, Conflict, Unavailable) as error:
            report = failed_report(collection, error, listing)
        if report.outcome is not Outcome.UNCHANGED or await self._failed_before(collection):
            await self._ingests.add(record_of(access, report, started_at, self._now()))
        return report

    async def _failed_before(self, collection: DataCollection) -> bool:
        """Whether the newest record of the collection is a failure: that it is mended is worth one too."""
        mine = (collection.workflow, collection.tag)
        for record in await self._ingests.of_project(collection.project_id):
            if (record.report.workflow, record.report.tag) == mine:
                return record.report.outcome is Outcome.FAILED
        return False


def record_of(access: Access, report: CollectionReport, started_at: datetime, finished_at: datetime) -> IngestRecord:
    """The line of the log on what the actor did to a collection."""
    return IngestRecord(
        id=new_id(),
        project_id=access.project.id,
        user_id=access.actor.user_id or "",
        user_email=access.actor.email,
        started_at=started_at,
        finished_at=finished_at,
        report=report,
    )
