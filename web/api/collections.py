"""REST: the data collections of a project."""

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from domain.collections import DataCollection, RowsPage, TableVersion
from domain.listing import Wanted
from domain.projects import Access
from domain.table_changes import TableChanges
from services.system import Services
from web.api.lists import Part, part_of
from web.api.problems import READING

DEFAULT_LIMIT = 100


class CollectionsApi(Controller):
    """`/projects/{project_id}/collections`."""

    path = "/projects/{project_id:str}/collections"
    tags = ["Data collections"]  # noqa: RUF012 -- Litestar reads class attributes.

    @get("/", summary="List data collections", responses=READING)
    async def index(
        self, access: NamedDependency[Access], services: NamedDependency[Services], asked: NamedDependency[Wanted]
    ) -> Part[DataCollection]:
        """List the collections of a project with their columns."""
        return part_of(await services.collections.all(access), asked)

    @get("/{collection_id:str}", summary="Read a data collection", responses=READING)
    async def read(
        self, access: NamedDependency[Access], services: NamedDependency[Services], collection_id: FromPath[str]
    ) -> DataCollection:
        """Show a collection: its columns, number of rows and table version."""
        return await services.collections.get(access, collection_id)

    @get("/{collection_id:str}/rows", summary="Read rows", responses=READING)
    async def rows(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
        limit: FromQuery[int] = DEFAULT_LIMIT,
        offset: FromQuery[int] = 0,
        version: FromQuery[int | None] = None,
    ) -> RowsPage:
        """Read up to 10 000 rows from `offset` on, of the current or an earlier table version."""
        return await services.collections.rows(access, collection_id, offset=offset, limit=limit, version=version)

    @get("/{collection_id:str}/versions", summary="List table versions", responses=READING)
    async def versions(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
        asked: NamedDependency[Wanted],
    ) -> Part[TableVersion]:
        """List the versions of a collection's table, newest first."""
        return part_of(await services.collections.versions(access, collection_id), asked)

    @get("/{collection_id:str}/changes", summary="Compare table versions", responses=READING)
    async def changes(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection_id: FromPath[str],
        before: FromQuery[int],
        after: FromQuery[int],
    ) -> TableChanges:
        """Tell what became different from one table version to a later one: columns, and numbers of rows."""
        return await services.collections.compare(access, collection_id, before, after)
