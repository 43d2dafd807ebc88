"""Tables made of files that people send in the browser: received, looked at, corrected, and ingested like any other."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import msgspec

from domain.access import Capability
from domain.collections import DataCollection, Origin
from domain.errors import Invalid, Problem
from domain.ingests import CollectionReport, FoundFile, Outcome
from domain.projects import Access
from domain.uploaded import (
    TOGETHER_MOST,
    WORKFLOW,
    Mode,
    Reading,
    check_mode,
    check_names,
    checked_file_name,
    described,
    listing_with,
    reading_of_properties,
)
from domain.wording import tr
from persistence.collections import CollectionRepository
from persistence.contents import sheets_of
from persistence.mongo import new_id
from persistence.sniffing import Preview, guessed, preview
from persistence.watching import Stopped
from services.audit import Audit, recorded
from services.clock import Clock
from services.computing import Compute, in_thread
from services.ingestion import Ingestion
from services.uploads import SentFiles, Uploads

NAMED_MOST = 10
WRITTEN = ("sent.name", "order.beside", "order.tag", "order.mode")


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was sent: under which name, and by which hash it is known until it is ingested."""

    name: str
    sha256: str
    size: int


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What is to become of a sent file. Appending keeps the collection's own way of reading and description."""

    tag: str
    mode: Mode = Mode.NEW
    description: str = ""
    reading: Reading = Reading()
    more: tuple[Sent, ...] = ()
    """Files that were sent beside it and are read as it is: they come into the same table, by the same commit."""

    @property
    def beside(self) -> tuple[str, ...] | msgspec.UnsetType:
        """What the audit says of the other files: their names, of many the first ones."""
        names = [one.name for one in self.more]
        left = len(names) - NAMED_MOST
        return (*names[:NAMED_MOST], *([f"and {left} more"] if left > 0 else [])) if names else msgspec.UNSET


class UploadedTables:
    """The use cases of uploads; each needs `data:upload`."""

    def __init__(
        self,
        ingestion: Ingestion,
        collections: CollectionRepository,
        uploads: Uploads,
        now: Clock,
        *,
        audit: Audit,
    ) -> None:
        self.audit = audit
        self._ingestion = ingestion
        self._collections = collections
        self._uploads = uploads
        self._now = now

    async def receive(self, access: Access, name: str, chunks: AsyncIterator[bytes]) -> Sent:
        """Keep a file of that name for a day; half a file leaves nothing.

        Raises:
            Invalid: when the name is none, or the file is too large, or no table (`look` says more).
        """
        access.require(Capability.DATA_UPLOAD)
        name = checked_file_name(name)
        sha256, size = await self._uploads.keep(access.project.id, chunks)
        return Sent(name=name, sha256=sha256, size=size)

    async def guess(self, access: Access, sent: Sent) -> Reading:
        """How the file seems to want to be read.

        Raises:
            Invalid: when it is no table, lies about what it is, unpacks to too much, or was not sent.
        """
        access.require(Capability.DATA_UPLOAD)
        return await asyncio.to_thread(lambda: guessed(self._path(access, sent), sent.name))

    async def look(self, access: Access, sent: Sent, reading: Reading) -> Preview:
        """The first rows of the file, read so.

        Raises:
            Invalid: when it cannot be read so; says where and what to do.
        """
        access.require(Capability.DATA_UPLOAD)
        properties = reading.properties()
        return await asyncio.to_thread(lambda: preview(self._path(access, sent), properties, sent.name))

    async def sheets(self, access: Access, sent: Sent) -> tuple[str, ...]:
        """The names of a workbook's sheets.

        Raises:
            Invalid: when it is no workbook.
        """
        access.require(Capability.DATA_UPLOAD)
        return await asyncio.to_thread(lambda: sheets_of(self._path(access, sent), sent.name))

    async def collections(self, access: Access) -> list[DataCollection]:
        """Those that are made of uploads, which another file may be appended to or may replace."""
        access.require(Capability.DATA_UPLOAD)
        return [one for one in await self._collections.of_project(access.project.id) if one.origin is Origin.UPLOAD]

    async def reading_of(self, access: Access, tag: str) -> Reading | None:
        """How the files of that collection are read; None when there is none of that name."""
        for one in await self.collections(access):
            if one.tag == tag and one.source is not None:
                return reading_of_properties(one.source.config.dc_specific_properties)
        return None

    async def check(self, access: Access, sent: Sent, order: Order, *, made_id: str = "") -> None:
        """Let pass an order that can be tried; errors as for `ingest`, except what only reading the file shows.

        The sent file is kept until the `ingest` with the same `made_id`, for a day at most.
        """
        access.require(Capability.DATA_UPLOAD)
        if made_id:
            await self._uploads.claim(access.project.id, _all_found(sent, order), made_id)
        await self._checked(access, order, made_id)
        if order.mode is not Mode.APPEND:
            described(order.tag, order.description, order.reading)
        for one in checked_together((sent, *order.more)):
            await asyncio.to_thread(self._path, access, one)

    @recorded(Capability.DATA_UPLOAD, "ingest a sent file", *WRITTEN, whole=True)
    async def ingest(
        self,
        access: Access,
        sent: Sent,
        order: Order,
        *,
        made_id: str = "",
        compute: Compute = in_thread,
    ) -> tuple[DataCollection, CollectionReport]:
        """Make the table of the files, append them to it, or replace all of it; the sent files are forgotten then.

        A file of the same name as one that the table has takes that one's place. When a file cannot be read, the
        table and its description stay as they were, and a new collection is not made. `made_id` is the id of a new
        one: with the same id the same order can be carried out again, wherever an earlier try has ended.

        Raises:
            Invalid: when a name cannot be used, or the file cannot be read; each problem is named.
            Conflict: when the name is taken, or another ingest of the collection is under way.
            Stopped: when `compute` was told to stop in time; everything is as it was.
        """
        access.require(Capability.DATA_UPLOAD)
        before = await self._checked(access, order, made_id)
        wanted = _as_ordered(before, order) if before else await self._made(access, order, made_id)
        moment = int(self._now().timestamp() * 1e9)
        files = [
            msgspec.structs.replace(one, path=f"{WORKFLOW}/{one.path}", mtime_ns=moment)
            for one in _all_found(sent, order)
        ]
        known = await self._ingestion.known_files(access, wanted.id)
        listing = listing_with(known.values(), files, order.mode)
        path_of = SentFiles(await self._uploads.for_process(), access.project.id, {file.path: file for file in files})
        try:
            report = await self._ingestion.commit(access, wanted.id, listing, path_of, wanted=wanted, compute=compute)
        except Stopped:
            await self._undo(before, wanted)
            raise
        if report.outcome is Outcome.FAILED:
            await self._undo(before, wanted)
            raise Invalid(report.message or tr("The file cannot be ingested."), report.problems)
        await self._uploads.discard(access.project.id, files, made_id)
        return await self._collections.get(wanted.id), report

    async def abandon(self, access: Access, order: Order, made_id: str) -> None:
        """Remove what a try that was killed has left of a new collection, if it has not become one."""
        access.require(Capability.DATA_UPLOAD)
        made = await self._named(access, order.tag)
        if made is not None and made.id == made_id and made.table_version is None:
            await self._collections.remove(made.id)

    async def forget(self, access: Access, sent: Sent) -> None:
        """Remove a file that was sent and is not wanted."""
        access.require(Capability.DATA_UPLOAD)
        await self._uploads.discard(access.project.id, [_as_found(sent)])

    async def _named(self, access: Access, tag: str) -> DataCollection | None:
        found = await self._collections.of_project(access.project.id)
        # The tag alone names a collection in dashboards, so it must be nobody else's either.
        return next((one for one in found if one.tag == tag), None)

    async def _checked(self, access: Access, order: Order, made_id: str) -> DataCollection | None:
        """The collection that the order is about, None when it is to be made or an earlier try has begun to."""
        check_names(order.tag, order.description)
        found = await self._named(access, order.tag)
        if found is not None and found.id == made_id:
            found = None
        check_mode(order.mode, order.tag, found)
        return found

    async def _made(self, access: Access, order: Order, made_id: str) -> DataCollection:
        new = DataCollection(
            id=made_id or new_id(),
            project_id=access.project.id,
            tag=order.tag,
            workflow=WORKFLOW,
            origin=Origin.UPLOAD,
            description=order.description,
            source=described(order.tag, order.description, order.reading),
        )
        earlier = await self._named(access, order.tag)
        return earlier if earlier is not None and earlier.id == made_id else await self._collections.add(new)

    async def _undo(self, before: DataCollection | None, made: DataCollection) -> None:
        """Remove a collection that was made for nothing; one whose table people see already stays."""
        if before is None and (await self._collections.get(made.id)).table_version is None:
            await self._collections.remove(made.id)

    def _path(self, access: Access, sent: Sent) -> Path:
        return self._uploads.path_of(access.project.id, _as_found(sent))


def _as_ordered(before: DataCollection, order: Order) -> DataCollection:
    """The collection as this order describes it; appending keeps what it was."""
    if order.mode is Mode.APPEND:
        return before
    source = described(order.tag, order.description, order.reading)
    return msgspec.structs.replace(before, source=source, description=order.description)


def checked_together(files: Sequence[Sent]) -> Sequence[Sent]:
    """Files that can come together.

    Raises:
        Invalid: when they are too many, or two have one name, by which the table knows its files.
    """
    if len(files) > TOGETHER_MOST:
        problem = Problem(
            "more", tr("are {count} files; send at most {most} together", count=len(files), most=TOGETHER_MOST)
        )
        raise Invalid(tr("The files cannot be taken together."), (problem,))
    names = [one.name for one in files]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        problems = tuple(
            Problem(name, tr("two files are called {name}; rename one, or leave it out", name=name)) for name in twice
        )
        raise Invalid(tr("The files cannot be taken together."), problems)
    return files


def _all_found(sent: Sent, order: Order) -> list[FoundFile]:
    return [_as_found(one) for one in checked_together((sent, *order.more))]


def _as_found(sent: Sent) -> FoundFile:
    name = checked_file_name(sent.name)
    return FoundFile(path=name, run=WORKFLOW, size=sent.size, mtime_ns=0, sha256=sent.sha256)
