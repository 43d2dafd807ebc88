"""Image sets: the files that the rows of a collection name, kept in the object store beside its table."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import msgspec
import polars as pl

from domain.access import Capability
from domain.collections import ColumnKind, DataCollection, Origin
from domain.errors import Invalid, NotFound, Problem
from domain.image_files import (
    LOOKED_AT,
    ImageFile,
    ImageNames,
    ImageSet,
    StoredImages,
    content_problem,
    listing_problems,
    name_problem,
    refused,
)
from domain.images import IMAGE_MAX_BYTES, manifest_of
from domain.ingests import FoundFile
from domain.projects import Access
from domain.wording import tr
from persistence.collections import CollectionRepository
from persistence.frames.recent import Recent
from persistence.leases import Leases
from persistence.tables import Tables
from services.audit import Audit, recorded
from services.described import source_of
from services.images import forget_small
from services.uploads import Uploads

PathOf = Callable[[str], Path]
REMEMBERED = 4
"""Image sets whose names are kept."""
BUSY = tr("The images of {tag!r} are being stored right now. Wait for that to end, then try again.")


class ImageSets:
    """The use cases of filling image sets. Which files there are is what the rows say, never the sender."""

    def __init__(
        self, collections: CollectionRepository, tables: Tables, leases: Leases, uploads: Uploads, *, audit: Audit
    ) -> None:
        self.audit = audit
        self._collections = collections
        self._tables = tables
        self._leases = leases
        self._uploads = uploads
        self._known: Recent[tuple[str, int | None, str], ImageNames] = Recent(REMEMBERED)

    async def of(self, access: Access, collection_id: str) -> ImageSet:
        """What the rows of a collection name, and which files are kept of it.

        Raises:
            NotFound: when there is no such collection, or it is no image set.
            Invalid: when its column of images is none, or holds no text.
        """
        access.require(Capability.DATA_VIEW)
        access.require(Capability.PROJECT_VIEW)
        return await asyncio.to_thread(self._set, access, await self._collection(access, collection_id))

    @recorded(Capability.DATA_INGEST, "store images", "collection_id")
    async def commit(
        self, access: Access, collection_id: str, listing: Sequence[ImageFile], path_of: PathOf
    ) -> StoredImages:
        """Bring the stored files to those of the listing, which has each that the rows name.

        Raises:
            Invalid: naming the files that are missing, not named by rows, too large, or no image of their kind; nothing
                was changed then.
            Conflict: while another ingest stores images of the collection.
        """
        access.require(Capability.DATA_INGEST)
        collection = await self._collection(access, collection_id)
        async with self._leases.held(f"images:{collection.id}", BUSY.format(tag=collection.tag)):
            return await asyncio.to_thread(self._stored, access, collection, listing, path_of)

    async def check(self, access: Access, collection_id: str, listing: Sequence[ImageFile]) -> DataCollection:
        """The collection whose files the listing may become; errors as for `commit`, as far as names show them."""
        access.require(Capability.DATA_INGEST)
        collection = await self._collection(access, collection_id)
        problems = listing_problems(await asyncio.to_thread(self._set, access, collection), listing)
        if problems:
            raise refused(problems)
        return collection

    @recorded(Capability.DATA_UPLOAD, "upload an image", "collection_id", "path")
    async def put(self, access: Access, collection_id: str, path: str, chunks: AsyncIterator[bytes]) -> str:
        """Store one image that somebody sends; returns the name that rows have for it.

        Raises:
            Invalid: when no row names such a file, or it is too large or no image of its kind.
            Conflict: while an ingest stores images of the collection.
        """
        access.require(Capability.DATA_UPLOAD)
        collection = await self._collection(access, collection_id)
        name = (await asyncio.to_thread(self._names, collection)).named(path)
        content = await _whole(name, chunks)
        suffixes = source_of(access, collection).config.dc_specific_properties.supported_formats
        problem = name_problem(name, suffixes) or content_problem(name, len(content), content[:LOOKED_AT])
        if problem:
            raise refused([Problem(name, problem)])
        await self._leases.free(f"images:{collection.id}")
        async with self._leases.held(f"images:{collection.id}", BUSY.format(tag=collection.tag)):
            await asyncio.to_thread(self._put, collection, name, content)
        return name

    @recorded(Capability.DATA_UPLOAD, "name the column of images", "collection_id", "column")
    async def set_column(self, access: Access, collection_id: str, column: str) -> DataCollection:
        """Say which column of an uploaded table names images; without one it is a plain table again.

        Raises:
            Invalid: when it is no text column, or the collection comes from a project file, which says that itself.
        """
        access.require(Capability.DATA_UPLOAD)
        collection = await self._collection(access, collection_id, image=False)
        found = collection.column(column)
        if collection.origin is not Origin.UPLOAD:
            raise Invalid(
                tr("Write type: image into the project file instead."), (Problem("column", tr("is said there")),)
            )
        if column and (found is None or found.kind is not ColumnKind.TEXT):
            raise Invalid(
                tr("The images are not named."),
                (Problem("column", tr("{column!r} is no text column of it", column=column)),),
            )
        changed = msgspec.structs.replace(collection, kind="image" if column else "table", image_column=column)
        return await self._collections.replace(changed)

    async def _collection(self, access: Access, collection_id: str, *, image: bool = True) -> DataCollection:
        collection = await self._collections.get(collection_id)
        if collection.project_id != access.project.id:
            raise NotFound(tr("There is no data collection {collection_id}.", collection_id=collection_id))
        if image and collection.kind != "image":
            raise NotFound(tr("The data collection {tag!r} is no image set.", tag=collection.tag))
        return collection

    def _set(self, access: Access, collection: DataCollection) -> ImageSet:
        properties = source_of(access, collection).config.dc_specific_properties
        kept = self._kept(collection)
        return ImageSet(
            names=self._names(collection).all, suffixes=properties.supported_formats, kept=tuple(kept.values())
        )

    def _stored(
        self, access: Access, collection: DataCollection, listing: Sequence[ImageFile], path_of: PathOf
    ) -> StoredImages:
        images = self._set(access, collection)
        problems = listing_problems(images, listing)
        if problems:
            raise refused(problems)
        needed = images.needed(listing)
        problems = [Problem(one.name, text) for one in needed if (text := _file_problem(one, path_of(one.name)))]
        if problems:
            raise refused(problems)
        objects, folder = self._tables.objects, collection.images_folder
        if needed:
            # Who is killed now has not stored them: a file with the hash of another one would be taken for that.
            replaced = {one.name for one in needed}
            self._keep(collection, [one for one in images.kept if one.name not in replaced])
        for one in needed:
            objects.put_now(f"{folder}/{one.name}", path_of(one.name).read_bytes())
        names = {one.name for one in listing}
        there = [path.removeprefix(f"{folder}/") for path in objects.names_now(folder)]
        gone = [name for name in there if name not in names]
        self._keep(collection, listing)
        forget_small(objects, collection.project_id, collection.id, [*(one.name for one in needed), *gone])
        objects.delete_now(*(f"{folder}/{name}" for name in gone))
        return StoredImages(len(needed), len(gone), len(listing) - len(needed))

    def _put(self, collection: DataCollection, name: str, content: bytes) -> None:
        self._tables.objects.put_now(f"{collection.images_folder}/{name}", content)
        forget_small(self._tables.objects, collection.project_id, collection.id, [name])
        kept = self._said(collection)
        kept[name] = ImageFile(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
        self._keep(collection, list(kept.values()))

    def _kept(self, collection: DataCollection) -> dict[str, ImageFile]:
        """The files that are stored, by name; of each its hash is known, and that it is there."""
        said, folder = self._said(collection), collection.images_folder
        if not said:
            return {}
        there = {path.removeprefix(f"{folder}/") for path in self._tables.objects.names_now(folder)}
        return {name: one for name, one in said.items() if name in there}

    def _said(self, collection: DataCollection) -> dict[str, ImageFile]:
        """What was noted of stored files; some may be gone."""
        try:
            said = self._tables.objects.get_now(manifest_of(collection.id))
        except NotFound:
            return {}
        return {one.name: one for one in msgspec.json.decode(said, type=list[ImageFile])}

    def _keep(self, collection: DataCollection, files: Sequence[ImageFile]) -> None:
        said = sorted(files, key=lambda one: one.name)
        self._tables.objects.put_now(manifest_of(collection.id), msgspec.json.encode(said))

    def _names(self, collection: DataCollection) -> ImageNames:
        """What the rows name; kept by version, since each image of a whole folder that is sent asks for it."""
        key = (collection.table_path, collection.table_version, collection.image_column)
        return self._known.get(key, lambda: ImageNames(self._named(collection)))

    def _named(self, collection: DataCollection) -> list[str]:
        column = collection.image_column
        if collection.table_version is None:
            return []
        rows = self._tables.scan(collection.table_path, collection.table_version)
        schema = rows.collect_schema()
        if schema.get(column) != pl.String:
            found = schema.get(column)
            message = (
                tr("is {found} and must be text", found=found)
                if found
                else tr("is no column; there are {known}", known=", ".join(schema))
            )
            raise Invalid(tr("The images are not named."), (Problem(f"image_column: {column}", message),))
        return rows.select(pl.col(column).drop_nulls().unique()).collect()[column].sort().to_list()


def _file_problem(file: ImageFile, path: Path) -> str | None:
    with path.open("rb") as opened:
        return content_problem(file.name, path.stat().st_size, opened.read(LOOKED_AT))


async def _whole(name: str, chunks: AsyncIterator[bytes]) -> bytes:
    content = b""
    async for chunk in chunks:
        content += chunk
        if len(content) > IMAGE_MAX_BYTES:
            raise refused([Problem(name, content_problem(name, len(content), b"") or "")])
    return content


def as_found(image: ImageFile) -> FoundFile:
    """The file as it is known among those that were sent."""
    return FoundFile(path=image.name, run="", size=image.size, mtime_ns=image.mtime_ns, sha256=image.sha256)
