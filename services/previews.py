"""The rows of a collection as its page shows them: of any version, sorted by a column and filtered by several."""

import msgspec

from domain.access import Capability
from domain.collections import RowsPage
from domain.errors import Invalid, Problem, Unavailable
from domain.looks import Look, filters_of
from domain.projects import Access
from domain.tiles import TableTile
from domain.wording import tr
from persistence.frames.shapes import Failure
from services.collections import Collections
from services.queries import Queries


class Previews:
    """One use case, for whoever may see all rows of the collection."""

    def __init__(self, collections: Collections, queries: Queries) -> None:
        self._collections = collections
        self._queries = queries

    async def page(
        self, access: Access, collection_id: str, look: Look, *, offset: int, limit: int, version: int | None = None
    ) -> RowsPage:
        """Rows `offset` to `offset + limit` of those that pass; `total` counts all that do.

        Raises:
            Invalid: for a column that the version has not, or a filter that cannot be read.
            NotFound: when there is no such collection or version.
            Unavailable: when the table cannot be read in time.
        """
        access.require(Capability.PROJECT_VIEW)
        collection = await self._collections.get(access, collection_id)
        if look.is_plain or collection.table_version is None:
            return await self._collections.rows(access, collection_id, offset=offset, limit=limit, version=version)
        columns = (await self._collections.rows(access, collection_id, limit=0, version=version)).columns
        filters = filters_of(look, columns)
        seen = msgspec.structs.replace(
            collection, columns=columns, table_version=collection.table_version if version is None else version
        )
        tile = TableTile(id="preview", collection_id=collection.id, columns=tuple(one.name for one in columns))
        found = await self._queries.table_page(
            access, tile, (), offset=offset, limit=limit, sort=look.keys, filters=filters, collections=[seen]
        )
        if isinstance(found, Failure):
            if found.retry:
                raise Unavailable(found.message)
            raise Invalid(tr("These rows cannot be shown."), (Problem("", found.message),))
        return RowsPage(columns, found.data.to_dicts(), offset, found.of)
