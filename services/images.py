"""Images of data collections: found by what a row says, never by a path that somebody sends."""

import asyncio
import hashlib
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import msgspec

from domain.access import Capability
from domain.collections import ColumnKind
from domain.errors import Invalid, NotFound, Problem, Unavailable
from domain.filters import Clause
from domain.images import (
    IMAGE_MAX_BYTES,
    check_width,
    image_path,
    media_type_of,
    small_folder,
    small_name,
    small_prefix,
)
from domain.projects import Access
from domain.tiles import TableTile
from domain.wording import tr
from persistence.objects import ObjectStore
from persistence.small_images import shrunk
from services.collections import Collections
from services.queries import Failure, Queries

MIB = 2**20
SVG, WEBP = "image/svg+xml", "image/webp"


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
        # One thread makes all small images: however many people look, the memory holds one large one that is decoded.
        self._maker = ThreadPoolExecutor(1, thread_name_prefix="images")

    def close(self) -> None:
        """Make no small image any more."""
        self._maker.shutdown(wait=False, cancel_futures=True)

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
        return await asyncio.to_thread(self._stored, image_path(collection_id, value), value)

    async def small_of_row(self, access: Access, collection_id: str, column: str, value: str, width: int) -> Image:
        """As `of_row`, at most `width` pixels wide, as WebP. What is small already, and drawings (SVG), are as stored.

        Raises:
            Invalid: also when it is damaged, has too many pixels, or the width is none of `domain.images.WIDTHS`.
        """
        access.require(Capability.DATA_VIEW)
        check_width(width)
        await self._check_row(access, collection_id, column, value)
        path, folder = image_path(collection_id, value), small_folder(access.project.id, collection_id)
        kept = await asyncio.to_thread(self._kept, path, folder, value, width)
        if kept is not None:
            return kept
        return await asyncio.wrap_future(self._maker.submit(self._small, path, folder, value, width))

    def _stored(self, path: str, value: str) -> Image:
        size, _ = self._mark(path, value)
        if size > IMAGE_MAX_BYTES:
            problem = Problem(
                value, tr("has {size:.1f} MiB, at most {most} are shown", size=size / MIB, most=IMAGE_MAX_BYTES // MIB)
            )
            raise Invalid(tr("The image is too large."), (problem,))
        content = self._objects.get_now(path)
        media_type = media_type_of(content)
        if media_type is None:
            problem = Problem(value, tr("is no PNG, JPEG, GIF, WebP or SVG, whatever its name says"))
            raise Invalid(tr("This is no image."), (problem,))
        return _image(content, media_type)

    def _kept(self, path: str, folder: str, value: str, width: int) -> Image | None:
        _, mark = self._mark(path, value)
        with suppress(NotFound):
            return _image(self._objects.get_now(f"{folder}/{small_name(value, mark, width)}"), WEBP)
        return None

    def _small(self, path: str, folder: str, value: str, width: int) -> Image:
        """The image made small and kept, unless somebody who was before in the line has had it made."""
        kept = self._kept(path, folder, value, width)
        if kept is not None:
            return kept
        _, mark = self._mark(path, value)
        stored = self._stored(path, value)
        made = None if stored.media_type == SVG else shrunk(stored.content, width, value)
        if made is None:
            return stored
        self._objects.put_now(f"{folder}/{small_name(value, mark, width)}", made)
        return _image(made, WEBP)

    def _mark(self, path: str, value: str) -> tuple[int, str]:
        found = self._objects.mark_now(path)
        if found is None:
            raise NotFound(
                tr("The image {value!r} is not among those of the collection. Ingest it again.", value=value)
            )
        return found

    async def _check_row(self, access: Access, collection_id: str, column: str, value: str) -> None:
        collection = await self._collections.get(access, collection_id)
        found = collection.column(column)
        if found is None or found.kind is not ColumnKind.TEXT:
            problem = Problem(
                "column", tr("{column!r} is no text column of {tag!r}", column=column, tag=collection.tag)
            )
            raise Invalid(tr("The image cannot be found."), (problem,))
        tile = TableTile(id="image", collection_id=collection_id, columns=(column,))
        clause = Clause(source="row", collection_id=collection_id, column=column, op="in", values=(value,))
        answer = await self._queries.table_page(access, tile, (clause,), offset=0, limit=1)
        if isinstance(answer, Failure):
            raise Unavailable(answer.message)
        if not answer.of:
            raise NotFound(
                tr("No row of {tag!r} has {value!r} as its {column!r}.", tag=collection.tag, value=value, column=column)
            )


def forget_small(objects: ObjectStore, project_id: str, collection_id: str, values: Collection[str]) -> None:
    """Remove what was made small of these images, when they have changed or are gone. Blocks."""
    folder = small_folder(project_id, collection_id)
    begins = tuple(f"{folder}/{small_prefix(value)}" for value in values)
    if begins:
        objects.delete_now(*(path for path in objects.names_now(folder) if path.startswith(begins)))


def _image(content: bytes, media_type: str) -> Image:
    return Image(content, media_type, hashlib.blake2b(content, digest_size=12).hexdigest())
