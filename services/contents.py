"""What a project holds, for deleting all of it: dashboards, data collections, their tables and the notes of ingests."""

from contextlib import AsyncExitStack

from domain.collections import DataCollection
from domain.images import folder_of, manifest_of
from domain.wording import tr
from persistence.collections import CollectionRepository, IngestRepository
from persistence.dashboards import DashboardRepository
from persistence.jobs import JobRepository
from persistence.leases import Leases
from persistence.objects import ObjectStore
from persistence.share_links import ShareLinkRepository


class Contents:
    """Asks for no permission: `Projects.delete` and `Collections` have."""

    def __init__(
        self,
        collections: CollectionRepository,
        dashboards: DashboardRepository,
        ingests: IngestRepository,
        leases: Leases,
        objects: ObjectStore,
        share_links: ShareLinkRepository,
        jobs: JobRepository,
    ) -> None:
        self._collections = collections
        self._dashboards = dashboards
        self._ingests = ingests
        self._leases = leases
        self._objects = objects
        self._share_links = share_links
        self._jobs = jobs

    async def remove(self, project_id: str) -> None:
        """Remove the contents of a project: what readers see first, then each table and the document that names it.

        Raises:
            Conflict: when one of its collections is being ingested; nothing is removed then.
        """
        collections = await self._collections.of_project(project_id)
        async with AsyncExitStack() as stack:
            for collection in collections:
                await stack.enter_async_context(self._leases.held(f"ingest:{collection.id}", _busy(collection)))
            # Who runs one of them notices that it is not theirs any more, and stops.
            await self._jobs.remove_of_project(project_id)
            await self._share_links.remove_of_project(project_id)
            await self._dashboards.remove_of_project(project_id)
            await self._objects.delete_folder(f"pictures/{project_id}")
            for collection in collections:
                if collection.table_path:
                    await self._objects.delete_folder(collection.table_path)
                await self._objects.delete_folder(folder_of(collection.id))
                await self._objects.delete(manifest_of(collection.id))
                await self._collections.remove(collection.id)
            # What an ingest that was killed before it published has left is named by no document.
            await self._objects.delete_folder(f"tables/{project_id}")
            await self._ingests.remove_of_project(project_id)


def _busy(collection: DataCollection) -> str:
    return tr(
        "The data collection {tag!r} is being ingested. Wait for that to end, then delete again.", tag=collection.tag
    )
