"""Exports: the rows behind a tile, or what it shows, as files of any size."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from contextvars import Context, copy_context
from functools import partial
from tempfile import TemporaryFile
from typing import IO, TypeVar

import msgspec

from domain.access import Capability
from domain.errors import Invalid, Problem, Unavailable
from domain.exports import MEDIA_TYPES, ExportFormat, Wanted, file_name
from domain.headings import heading
from domain.tiles import DataTile
from domain.wording import tr
from persistence.frames import written
from persistence.frames.exports import Export, export, of_frame
from persistence.frames.query import frame_of
from persistence.frames.shapes import Failure
from persistence.frames.workers import ABANDONED
from services.audit import Audit, recorded
from services.clock import Clock
from services.dashboards import DashboardAccess
from services.queries import Queries

THREADS = 2
"""So many exports are written at a time, beside the queries of dashboards; more take turns."""
PIECE = 2**20
T = TypeVar("T")


class Download(msgspec.Struct, frozen=True, eq=False):
    """A file on its way: its first piece has been made, so that what fails before is an error and no broken file."""

    name: str
    media_type: str
    pieces: AsyncGenerator[bytes]


class Exports:
    """The use cases of taking data along; each asks for `data:export`.

    Rows are read, written and sent piece by piece: an export of any size takes little memory.
    """

    def __init__(self, queries: Queries, now: Clock, *, audit: Audit) -> None:
        self.audit = audit
        self._queries = queries
        self._now = now
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="export")

    def close(self) -> None:
        """Start no piece any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    @recorded(Capability.DATA_EXPORT, "export a tile", "tile_id")
    async def of_tile(self, opened: DashboardAccess, tile_id: str, wanted: Wanted) -> Download:
        """The file of a tile of the dashboard.

        Raises:
            Forbidden: without `data:export`.
            NotFound: when the dashboard has no such tile.
            Invalid: when the tile shows no data, or cannot be computed under these filters.
            Unavailable: when its data cannot be read.
        """
        opened.access.require(Capability.DATA_EXPORT)
        tile = opened.dashboard.tile(tile_id)
        if not isinstance(tile, DataTile):
            raise Invalid(tr("A text tile has no data to export."), (Problem(tile_id, tr("choose another tile")),))
        pieces = self._pieces(wanted.format, await self._export(opened, tile, wanted))
        first = await anext(pieces, b"")
        name = file_name((opened.dashboard.title, heading(tile)), self._now().date(), wanted.format)
        return Download(name, MEDIA_TYPES[wanted.format], _after(first, pieces))

    async def _export(self, opened: DashboardAccess, tile: DataTile, wanted: Wanted) -> Callable[[], Export]:
        if wanted.content == "shown":
            asked = [opened.dashboard.tile(tile.id)]
            found = await self._queries.answer(opened.access, asked, wanted.state)
            frame = frame_of(found[tile.id])
            return lambda: of_frame(frame.data)
        sources, links = await self._queries.tables(opened.access)
        act = partial(export, tile, wanted.state, sources, links, sort=wanted.sort, filters=wanted.filters)
        return lambda: _or_invalid(act())

    async def _pieces(self, format_: ExportFormat, make: Callable[[], Export]) -> AsyncGenerator[bytes]:
        """Made one by one in a thread; when nobody wants the next one any more, reading stops before its next batch."""
        abandoned = threading.Event()
        context = copy_context()
        context.run(ABANDONED.set, abandoned)
        write = written.csv if format_ == "csv" else _parquet
        pieces = await self._run(context, lambda: write(make()))
        try:
            while piece := await self._run(context, lambda: next(pieces, b"")):
                yield piece
        finally:
            abandoned.set()
            # A generator cannot be closed while a thread that nobody waits for is still in it.
            self._threads.submit(pieces.close)

    async def _run(self, context: Context, act: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, context.run, act)


async def _after(first: bytes, pieces: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    async with aclosing(pieces):
        yield first
        async for piece in pieces:
            yield piece


def _parquet(found: Export) -> Generator[bytes]:
    """The end of a Parquet file tells where its parts lie, so it is written first, to a file without a name."""
    with TemporaryFile() as file:
        written.parquet(found, file)
        file.seek(0)
        yield from _read(file)


def _read(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def _or_invalid(found: Export | Failure) -> Export:
    if isinstance(found, Failure):
        raise Unavailable(found.message) if found.retry else Invalid(found.message)
    return found
