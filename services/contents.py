"""What a project holds, for deleting all of it: dashboards, data collections, their tables and the notes of ingests."""

from persistence.collections import CollectionRepository, IngestRepository
from persistence.dashboards import DashboardRepository
from persistence.objects import ObjectStore


class Contents:
    """Asks for no permission: `Projects.delete` and `Collections` have."""

    def __init__(
        self,
        collections: CollectionRepository,
        dashboards: DashboardRepository,
        ingests: IngestRepository,
        objects: ObjectStore,
    ) -> None:
        self._collections = collections
        self._dashboards = dashboards
        self._ingests = ingests
        self._objects = objects

    async def remove(self, project_id: str) -> None:
        """Remove the contents of a project: what readers see first, then the documents, after their tables.

        A collection's document names its table, so it goes last: a crash leaves nothing that is named nowhere.
        """
        await self._dashboards.remove_of_project(project_id)
        for collection in await self._collections.of_project(project_id):
            if collection.table_path:
                await self._objects.delete_folder(collection.table_path)
        await self._ingests.remove_of_project(project_id)
        await self._collections.remove_of_project(project_id)
