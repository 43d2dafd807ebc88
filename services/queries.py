"""What dashboards show: the one service that turns tiles and filter state into frames."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import msgspec
import polars as pl

from domain.access import Capability
from domain.collections import DataCollection
from domain.errors import NotFound, Unavailable
from domain.filters import FilterState
from domain.links import Links, behind, links_of, reaching
from domain.live_tile import live_tiles
from domain.projects import Access
from domain.rows import ColumnFilter, SortKey
from domain.tiles import Box, DataTile, FilterTile, TableTile, TextTile, Tile, TileBase
from domain.wording import tr
from persistence.collections import CollectionRepository
from persistence.frames import engine, preparing
from persistence.frames.brush import Brush, Brushed, brush
from persistence.frames.cache_folder import Base
from persistence.frames.hot import HotTables
from persistence.frames.memory import Memory
from persistence.frames.narrowed import narrowed
from persistence.frames.recent import Recent
from persistence.frames.shapes import Answer, Bins, ColumnProfile, Density, Extent, Failure, Frame, Margins
from persistence.frames.sketches import ColumnSketch
from persistence.frames.sources import TableSource
from persistence.frames.workers import Background, Workers
from persistence.frames.years import written
from persistence.tables import Tables
from services.pinned import Pinned

__all__ = [
    "Answer", "Bins", "Brush", "Brushed", "ColumnProfile", "ColumnSketch", "Density", "Extent", "Failure", "Frame",
    "Margins", "Queries", "written",
]  # fmt: skip

OPEN_TABLES = 64
PREPARED = 256
MANY = 8
"""So many tiles are worth a second thread."""
LEAST_BYTES = 1_024
ANSWER_BYTES = 64 * 2**20
"""Answers that somebody has had already, for whoever comes back to a state or looks at the same one."""
PALETTES = 512
REMOVED = tr(
    "The dashboard is pinned to version {version} of {tag!r}, which cannot be read any more: its files were removed to "
    "save space. Unpin it, or pin it to another version."
)
T = TypeVar("T")
Known = Sequence[DataCollection] | None
"""The collections of the project as this request has read them; None when it has not."""


class Queries:
    """The use cases of reading data through tiles; each asks for `data:view` and sees its own project's tables only.

    Every request reads each collection at the version that its document names at that moment, or that the dashboard is
    pinned to. What takes longer
    than `seconds` is answered by a `Failure` to be retried. Tables are read through `hot`, the column cache, if there
    is one.
    """

    def __init__(
        self, collections: CollectionRepository, tables: Tables, seconds: float, hot: HotTables | None = None
    ) -> None:
        self._collections = collections
        self._tables = tables
        self._workers = Workers(seconds)
        self._hot = hot
        self._background = Background(lambda: self._workers.is_wanted)
        self._pinned = Pinned(tables)
        self._answers = Memory(ANSWER_BYTES)
        self._prepared: Recent[bytes, bool] = Recent(PREPARED)
        self._open: Recent[tuple[str, int], pl.LazyFrame] = Recent(OPEN_TABLES)
        self._words: Recent[tuple[str, int, str, bytes], list[str]] = Recent(PALETTES)
        self._sketches: Recent[tuple[str, int], list[ColumnSketch]] = Recent(OPEN_TABLES)
        self._profiles: Recent[tuple[str, int], list[ColumnProfile]] = Recent(OPEN_TABLES)

    def close(self) -> None:
        """Start no query any more."""
        self._background.close()
        self._workers.close()
        if self._hot is not None:
            self._hot.close()

    async def answer(
        self, access: Access, tiles: Sequence[TileBase], state: FilterState, collections: Known = None
    ) -> dict[str, Answer]:
        """One answer for each tile that shows data, all computed together; text tiles have none.

        A tile that cannot be computed is a `Failure`, without harm to the others. Whoever has read the project's
        collections for the same request passes them on, here and below.

        Raises:
            Forbidden: without `data:view`.
            Unavailable: when the document store does not answer.
        """
        found_collections = await self._all(access, collections)
        asked = [tile for tile in tiles if isinstance(tile, DataTile)]
        if not asked:
            return {}
        sources, links = self._tables_of(access, found_collections)
        held = fixed_key(access)
        keys = {tile.id: held + answer_key(tile, state, found_collections, links) for tile in asked}
        kept: dict[str, Frame | None] = {tile.id: self._answers.find(keys[tile.id]) for tile in asked}
        known: dict[str, Answer] = {tile_id: answer for tile_id, answer in kept.items() if answer is not None}
        missing = [tile for tile in asked if tile.id not in known]
        # While nobody else waits, two threads share the tiles: much of the work leaves the interpreter to others.
        parts = [missing] if self._workers.is_busy or len(missing) < MANY else [missing[::2], missing[1::2]]
        computed = await asyncio.gather(*(self._computed(part, state, sources, links) for part in parts if part))
        found = {tile_id: answer for part in computed for tile_id, answer in part.items()}
        for tile_id, answer in found.items():
            if isinstance(answer, Frame):
                self._answers.put(keys[tile_id], answer, answer.bytes + LEAST_BYTES)
        return known | found

    async def _computed(
        self, tiles: Sequence[TileBase], state: FilterState, sources: engine.Sources, links: Links
    ) -> dict[str, Answer]:
        try:
            return await self._workers.run(engine.answer, tiles, state, sources, links)
        except Unavailable as late:
            return {tile.id: Failure(late.message, retry=True) for tile in tiles}

    async def table_page(
        self,
        access: Access,
        tile: TableTile,
        state: FilterState,
        *,
        offset: int,
        limit: int,
        sort: Sequence[SortKey] = (),
        filters: Sequence[ColumnFilter] = (),
        collections: Known = None,
    ) -> Answer:
        """Rows `offset` to `offset + limit` of the tile; `of` counts the rows that every filter leaves."""
        ask = partial(engine.table_page, offset=offset, limit=limit, sort=sort, filters=filters)
        sources, links = await self._sources(access, collections)
        try:
            return await self._workers.run(ask, tile, state, sources, links)
        except Unavailable as late:
            return Failure(late.message, retry=True)

    async def filter_options(
        self, access: Access, tile: FilterTile, state: FilterState, search: str = "", collections: Known = None
    ) -> Answer:
        """What the control offers, narrowed by every other clause, linked ones too: choices with counts, or a range.

        With `search` only the choices that have this text in them, ignoring case, beside those chosen.
        """
        if not search:
            return (await self.answer(access, [tile], state, collections))[tile.id]
        sources, links = await self._sources(access, collections)
        try:
            return await self._workers.run(engine.choices, tile, state, sources, links, search)
        except Unavailable as late:
            return Failure(late.message, retry=True)

    async def brush(
        self, access: Access, slider: FilterTile, edges: Sequence[float], tiles: Sequence[Tile], state: FilterState
    ) -> Brush | Failure:
        """What tiles show under every range of the slider between these edges, beside the state's other clauses.

        See `persistence.frames.brush`; tiles that cannot be brushed are left out.

        Raises:
            Forbidden: without `data:view`.
            Unavailable: when the document store does not answer.
        """
        asked = [tile for tile in tiles if isinstance(tile, DataTile)]
        sources, links = await self._sources(access)
        try:
            return await self._workers.run(brush, slider, edges, asked, state, sources, links)
        except Unavailable as late:
            return Failure(late.message, retry=True)

    async def profile(self, access: Access, collection_id: str) -> list[ColumnProfile]:
        """What the values of each column are like.

        Raises:
            NotFound: when the project has no such collection, or it has no rows yet.
            Unavailable: when its table cannot be read in time.
        """
        key, source = await self._whole(access, collection_id)
        make = partial(_or_unavailable, partial(engine.profile, source))
        known = self._profiles.find(key)
        return known if known is not None else await self._workers.run(self._profiles.get, key, make)

    async def sketches(self, access: Access, collection_id: str) -> list[ColumnSketch]:
        """The same with a small picture of each column; kept while the table stays as it is.

        Raises:
            NotFound, Unavailable: as `profile`.
        """
        key, source = await self._whole(access, collection_id)
        make = partial(_or_unavailable, partial(engine.sketches, source))
        known = self._sketches.find(key)
        return known if known is not None else await self._workers.run(self._sketches.get, key, make)

    async def _whole(self, access: Access, collection_id: str) -> tuple[tuple[str, int], TableSource]:
        """The whole table of a collection, for those who may look at all of it; and what tells its version."""
        access.require(Capability.DATA_VIEW)
        access.require(Capability.PROJECT_VIEW)
        collection = await self._collection(access, collection_id)
        source = engine.MISSING if collection is None else self._source_of(collection)
        if collection is None or collection.table_version is None or isinstance(source, Failure):
            raise NotFound(source.message if isinstance(source, Failure) else engine.MISSING.message)
        return (collection.table_path, collection.table_version), source

    async def categories(self, access: Access, collection_id: str, column: str, collections: Known = None) -> list[str]:
        """The words for the values of a column in a lasting order, so that each can have a colour of its own.

        Empty when they cannot be had: the tile that wants them says why by its own answer.
        """
        collection = await self._collection(access, collection_id, collections)
        if collection is None or collection.table_version is None:
            return []
        key = (collection.table_path, collection.table_version, column, fixed_key(access))
        known = self._words.find(key)
        if known is not None:
            return known
        source = await self._source(access, collection_id, collections)
        if isinstance(source, Failure):
            return []
        make = partial(_or_unavailable, partial(engine.categories, source, column))
        try:
            return await self._workers.run(self._words.get, key, make)
        except Unavailable:
            return []

    async def prepare(self, access: Access, tiles: Sequence[Tile], collections: Known = None) -> None:
        """Have ready, soon, what filters among the tiles of a dashboard will ask of large tables, once a version.

        Raises:
            Forbidden: without `data:view`.
            Unavailable: when the document store does not answer.
        """
        access.require(Capability.DATA_VIEW)
        shown: list[DataTile] = [tile for tile in tiles if isinstance(tile, DataTile)]
        shown += [live for tile in tiles if isinstance(tile, TextTile) for live in live_tiles(tile)]
        if self._hot is None or access.only is not None or not any(isinstance(tile, FilterTile) for tile in shown):
            return
        found = await self._all(access, collections)
        sources, links = self._tables_of(access, found)
        versions = [(collection.table_path, collection.table_version) for collection in found]
        placeless = [msgspec.structs.replace(tile, layout=Box()) for tile in shown]
        what = hashlib.blake2b(msgspec.json.encode((versions, placeless, links)), digest_size=16).digest()

        def begin() -> bool:
            self._background.run(partial(preparing.steps, shown, sources, links))
            return True

        self._prepared.get(what, begin)

    async def tables(self, access: Access) -> tuple[engine.Sources, Links]:
        """The tables of the project and the links between them, for those who read rows by themselves.

        Raises:
            Forbidden: without `data:view`.
        """
        return await self._sources(access)

    async def _sources(
        self, access: Access, collections: Known = None
    ) -> tuple[dict[str, TableSource | Failure], Links]:
        """The tables of the project, and the links between them."""
        return self._tables_of(access, await self._all(access, collections))

    async def _all(self, access: Access, given: Known) -> Sequence[DataCollection]:
        """The project's collections: those given, but none of another project, or as this proof sees them now."""
        access.require(Capability.DATA_VIEW)
        if given is None:
            return await self._pinned.seen(access.pins, await self._collections.of_project(access.project.id))
        return [one for one in given if one.project_id == access.project.id]

    def _tables_of(
        self, access: Access, collections: Sequence[DataCollection]
    ) -> tuple[dict[str, TableSource | Failure], Links]:
        """Of a share link only the tables behind it, as if they held no other rows than its fixed filters leave."""
        links, only = links_of(access.project.source, collections), access.only
        shown = None if only is None else behind(only.collections, links)
        sources = {one.id: self._source_of(one) for one in collections if shown is None or one.id in shown}
        return sources if only is None or not only.fixed else narrowed(only.fixed, sources, links), links

    async def _source(self, access: Access, collection_id: str, collections: Known = None) -> TableSource | Failure:
        sources, _ = await self._sources(access, collections)
        return sources.get(collection_id, engine.MISSING)

    async def _collection(self, access: Access, collection_id: str, collections: Known = None) -> DataCollection | None:
        found = await self._all(access, collections)
        return next((collection for collection in found if collection.id == collection_id), None)

    def _source_of(self, collection: DataCollection) -> TableSource | Failure:
        version, path = collection.table_version, collection.table_path
        if version is None:
            return Failure(
                tr("The data collection {tag!r} has no rows yet: nothing was ingested into it.", tag=collection.tag)
            )
        scan = partial(self._open.get, (path, version), partial(self._tables.scan, path, version))
        if version in collection.gone:
            return Failure(REMOVED.format(version=version, tag=collection.tag))
        identity = partial(self._tables.identity, path, version)
        hot = None
        if self._hot is not None:
            hot = partial(self._hot.open, (path, version), identity, scan, partial(_bases, self._tables, path, version))
        return TableSource(collection.tag, collection.columns, scan, hot, collection.lost)


def _bases(tables: Tables, path: str, version: int) -> list[Base]:
    return [Base(identity, rows) for identity, rows in tables.grown_from(path, version)]


def fixed_key(access: Access) -> bytes:
    """Sets the answers for a share link with fixed filters apart from all others."""
    if access.only is None or not access.only.fixed:
        return b""
    return hashlib.blake2b(msgspec.json.encode(access.only.fixed), digest_size=16).digest()


def answer_key(tile: DataTile, state: FilterState, collections: Sequence[DataCollection], links: Links) -> bytes:
    """What answers have in common that must be equal: what the tile asks for, the clauses that reach it, through which
    links, and the versions of all the tables that these go through.
    """  # noqa: D205 -- the sentence needs all its lines.
    reach = reaching(state, tile, links)
    passed = {tile.collection_id, *(one for linked in reach.linked for one in linked.collections)}
    used = [one for one in collections if one.id in passed]
    tables = [(one.id, one.table_path, one.table_version, one.columns, one.table_version in one.gone) for one in used]
    # A filter's own clauses do not reach it, but what they hold stays on offer.
    own = [clause for clause in state if clause.source == tile.id]
    asked = msgspec.structs.replace(tile, layout=Box(), title="", description="", section="")
    return hashlib.blake2b(msgspec.json.encode((asked, reach, own, tables)), digest_size=16).digest()


def _or_unavailable(act: Callable[[], T | Failure]) -> T:
    found = act()
    if isinstance(found, Failure):
        raise Unavailable(found.message)
    return found
