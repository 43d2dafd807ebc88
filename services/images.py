"""Images of data collections: found by what a row says, never by a path that somebody sends."""

import hashlib

import msgspec

from domain.access import Capability
from domain.collections import ColumnKind
from domain.errors import Invalid, NotFound, Problem, Unavailable
from domain.filters import Clause
from domain.images import IMAGE_MAX_BYTES, image_path, media_type_of
from domain.projects import Access
from domain.tiles import TableTile
from persistence.objects import ObjectStore
from services.collections import Collections
from services.queries import Failure, Queries

MIB = 2**20


class Image(msgspec.Struct, frozen=True):
    """An image as it is kept; `digest` tells whether somebody has it already."""

    content: bytes
    media_type: str
    digest: str


class Images:
    """The use cases of looking at images; they are data, so each asks for `data:view`.

    The image that a row names by the relative path in one of its columns lies in the object store, below
    `domain.images.folder_of(collection)`.
    """

    def __init__(self, collections: Collections, queries: Queries, objects: ObjectStore) -> None:
        self._collections = collections
        self._queries = queries
        self._objects = objects

    async def of_row(self, access: Access, collection_id: str, column: str, value: str) -> Image:
        """The image that the rows with this value in this column name.

        Raises:
            NotFound: when there is no such collection, no row says so, or its image is not in the store.
            Invalid: when the column does not hold text, the value is no path within the collection's images, or what
                lies there is too large or no image.
            Unavailable: when the rows cannot be looked at now.
        """
        access.require(Capability.DATA_VIEW)
        await self._check_row(access, collection_id, column, value)
        path = image_path(collection_id, value)
        size = await self._objects.size(path)
        if size is None:
            raise NotFound(f"The image {value!r} is not among those of the collection. Ingest it again.")
        if size > IMAGE_MAX_BYTES:
            problem = Problem(value, f"has {size / MIB:.1f} MiB, at most {IMAGE_MAX_BYTES // MIB} are shown")
            raise Invalid("The image is too large.", (problem,))
        content = await self._objects.get(path)
        media_type = media_type_of(content)
        if media_type is None:
            problem = Problem(value, "is no PNG, JPEG, GIF, WebP or SVG, whatever its name says")
            raise Invalid("This is no image.", (problem,))
        return Image(content, media_type, hashlib.blake2b(content, digest_size=12).hexdigest())

    async def _check_row(self, access: Access, collection_id: str, column: str, value: str) -> None:
        collection = await self._collections.get(access, collection_id)
        found = collection.column(column)
        if found is None or found.kind is not ColumnKind.TEXT:
            problem = Problem("column", f"{column!r} is no text column of {collection.tag!r}")
            raise Invalid("The image cannot be found.", (problem,))
        tile = TableTile(id="image", collection_id=collection_id, columns=(column,))
        clause = Clause(source="row", collection_id=collection_id, column=column, op="in", values=(value,))
        answer = await self._queries.table_page(access, tile, (clause,), offset=0, limit=1)
        if isinstance(answer, Failure):
            raise Unavailable(answer.message)
        if not answer.of:
            raise NotFound(f"No row of {collection.tag!r} has {value!r} as its {column!r}.")
