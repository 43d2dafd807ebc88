"""Plain polars on the same tables, tiles and filters: what the engine's caches, masks and indexes are worth.

    python -m benchmarks.baseline DASHBOARD_ID…

Run by the benchmark on a build's data directory while no server runs there. Each gesture opens the Delta tables anew
and collects the lazy frames of every tile that changes in one `collect_all`; nothing is kept from one to the next. No
request, no figure and no JSON is part of it. Then each kind of tile is answered alone, by the engine and plainly.
Prints JSON.
"""

import asyncio
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec
import polars as pl

from benchmarks.builds import BenchmarkError
from benchmarks.dashboards import TABLE_TILE
from benchmarks.measures import GESTURE_SECONDS, Sample, Taken
from benchmarks.memory import Peak
from benchmarks.server_side import BRUSH, NINE, PAGE_ROWS, SORTED_BY
from domain.collections import DataCollection
from domain.dashboards import Dashboard
from domain.filters import Clause, FilterState, Wish, clauses_for
from domain.projects import Access
from domain.rows import SortKey
from domain.selections import filter_state
from domain.settings import settings_from
from domain.tiles import CardTile, DataTile, FigureTile, TableTile, Tile, kind_of
from persistence.frames import cards, figures, tables
from persistence.frames.clauses import predicate
from persistence.frames.plans import Plan, Rows
from persistence.frames.sources import Table, TableSource, open_table
from persistence.objects import open_objects
from persistence.tables import Tables
from services.opening import open_services
from services.queries import Failure, Frame
from services.system import Services

ENTITY = "sample_id"
OPENS = 2
SORTED_PAGES = 2
STATES = 5
"""Filters never used before under which each kind of tile is answered."""


class Group(msgspec.Struct, frozen=True):
    """One gesture on a dashboard of so many tiles."""

    tiles: int
    gesture: str
    peak_mib: float
    taken: Taken


class Kind(msgspec.Struct, frozen=True):
    """A kind of tile: medians of the engine and of plain polars, in ms."""

    kind: str
    title: str
    engine: float
    plain: float


class Report(msgspec.Struct, frozen=True):
    groups: tuple[Group, ...]
    kinds: tuple[Kind, ...]


class Plain:
    """The tables of a project, opened anew for every gesture."""

    def __init__(self, stored: Tables, collections: Sequence[DataCollection], *, linked: bool) -> None:
        self._stored = stored
        self._collections = {one.id: one for one in collections}
        self._linked = linked
        """Whether the build's filters reach the other collections; what is compared must do the same work."""

    def answer(self, tiles: Sequence[Tile], state: FilterState) -> int:
        """Compute the tiles that this state changes; their number."""
        opened: dict[str, Table] = {}
        planned = []
        for tile in tiles:
            if isinstance(tile, DataTile) and (not state or self._concerns(tile, state)):
                rows = self._rows(tile, state, opened)
                planned.append((rows, _plan(tile, rows)))
        _collect(planned)
        return len(planned)

    def page(self, tile: TableTile, first: int) -> int:
        """One page of the sorted table; 1, for the one tile."""
        rows = self._rows(tile, (), {})
        keys = [SortKey(SORTED_BY, descending=False)]
        plan = tables.page_plan(tile, rows, offset=first, limit=PAGE_ROWS, sort=keys, filters=())
        _collect([(rows, plan)])
        return 1

    def _concerns(self, tile: DataTile, state: FilterState) -> bool:
        return self._linked or any(clause.collection_id == tile.collection_id for clause in state)

    def _rows(self, tile: DataTile, state: FilterState, opened: dict[str, Table]) -> Rows:
        table = self._table(tile.collection_id, opened)
        test = predicate(table, clauses_for(state, tile.collection_id, tile.id))
        matched = table.rows if test is None else table.rows.filter(test)
        others = {clause.collection_id for clause in state if clause.collection_id != tile.collection_id}
        for other in sorted(others if self._linked else ()):
            entities = self._entities(other, [one for one in state if one.collection_id == other], opened)
            matched = matched.join(entities, on=ENTITY, how="semi")
        return Rows(table, matched)

    def _entities(self, collection_id: str, clauses: Sequence[Clause], opened: dict[str, Table]) -> pl.LazyFrame:
        source = self._table(collection_id, opened)
        test = predicate(source, tuple(clauses))
        rows = source.rows if test is None else source.rows.filter(test)
        return rows.select(pl.col(ENTITY).unique())

    def _table(self, collection_id: str, opened: dict[str, Table]) -> Table:
        if collection_id not in opened:
            one = self._collections[collection_id]
            scan = self._stored.scan(one.table_path, one.table_version)
            opened[collection_id] = open_table(TableSource(one.tag, one.columns, lambda: scan))
        return opened[collection_id]


def _plan(tile: DataTile, rows: Rows) -> Plan:
    match tile:
        case FigureTile():
            return figures.plan(tile, rows)
        case CardTile():
            return cards.plan(tile, rows)
        case TableTile():
            return tables.plan(tile, rows)
    raise TypeError(f"The benchmark has no tile of the kind {type(tile).__name__}.")


def _collect(planned: Sequence[tuple[Rows, Plan]]) -> None:
    lazy = [frame for rows, plan in planned for frame in (*plan.lazy, rows.matched.select(pl.len()))]
    in_memory = any(plan.sorts for _, plan in planned)
    results = iter(pl.collect_all(lazy, engine="in-memory" if in_memory else "auto"))
    for _, plan in planned:
        plan.finish([next(results) for _ in plan.lazy])
        next(results)


def _wishes(column: str, operator: Any, *values: Any) -> dict[str, tuple[Wish, ...]]:
    return {column: (Wish(operator, values),)}


def gestures(plain: Plain, dashboard: Dashboard) -> list[Group]:
    """Opening, the nine filters, the brush and pages of a sorted table."""
    tiles = dashboard.grid_tiles
    size = len([tile for tile in tiles if not isinstance(tile, CardTile)])
    peak = Peak(os.getpid())

    def group(gesture: str, acts: Sequence[Callable[[], int]]) -> Group:
        peak.reset()
        end = time.perf_counter() + GESTURE_SECONDS
        samples: list[Sample] = []
        for act in acts:
            if not samples or time.perf_counter() < end:
                samples.append(_timed(act))
        return Group(size, gesture, peak.mib, Taken(tuple(samples), len(acts)))

    def under(wishes: dict[str, tuple[Wish, ...]]) -> Callable[[], int]:
        return partial(plain.answer, tiles, filter_state(dashboard, wishes, ()))

    table = dashboard.tile(TABLE_TILE)
    column, places = BRUSH
    found = [
        group("open_warm", [under({})] * OPENS),
        group("filter", [under(_wishes(name, "in", value)) for name, value in NINE]),
        group("brush", [under(_wishes(column, "between", place, None)) for place in places]),
    ]
    if isinstance(table, TableTile):
        found.append(group("page", [partial(plain.page, table, first) for first in range(SORTED_PAGES)]))
    peak.stop()
    return found


def _timed(act: Callable[[], int]) -> Sample:
    start = time.perf_counter()
    tiles = act()
    ms = (time.perf_counter() - start) * 1000
    return Sample(first=ms, all=ms, bytes=0, tiles=tiles)


async def kinds(services: Services, access: Access, plain: Plain, dashboard: Dashboard) -> list[Kind]:
    """Each kind of tile over the features, alone, under filters never used before."""
    features = dashboard.tile(TABLE_TILE)
    source = random.Random(3)  # noqa: S311 -- the same filters in every run.
    lows = [round(source.uniform(0, 400), 3) for _ in range(STATES)]
    first: dict[str, Tile] = {}
    for tile in dashboard.grid_tiles:
        if (
            isinstance(tile, DataTile)
            and isinstance(features, DataTile)
            and tile.collection_id == features.collection_id
        ):
            first.setdefault(str(tile.visu_type) if isinstance(tile, FigureTile) else kind_of(tile), tile)
    found = []
    for kind, tile in first.items():
        engine, plainly = [], []
        for low in lows:
            state = filter_state(dashboard, _wishes("expression", "between", low, None), ())
            start = time.perf_counter()
            answer = (await services.queries.answer(access, [tile], state))[tile.id]
            engine.append((time.perf_counter() - start) * 1000)
            if isinstance(answer, Failure):
                raise BenchmarkError(f"The engine cannot answer {tile.title!r}: {answer.message}")
            plainly.append(_timed(partial(plain.answer, [tile], state)).all)
        found.append(Kind(kind, tile.title, statistics.median(engine), statistics.median(plainly)))
    return found


async def links_reach(services: Services, access: Access, dashboard: Dashboard) -> bool:
    """Whether a filter on the metadata narrows a card over the features."""
    card = dashboard.tile("k0")
    state = filter_state(dashboard, _wishes(*NINE[0][:1], "in", NINE[0][1]), ())
    answer = (await services.queries.answer(access, [card], state))[card.id]
    return isinstance(answer, Frame) and answer.rows_matched != answer.rows_total


async def main(dashboard_ids: Sequence[str]) -> Report:
    """Measure the dashboards, and the kinds of tile on the last of them."""
    settings = settings_from(os.environ)
    groups: list[Group] = []
    async with open_services(settings) as services:
        actor = (await services.people.user_by_email(settings.admin_email)).actor()
        opened = [await services.dashboards.open(actor, one) for one in dashboard_ids]
        access, largest = opened[-1].access, opened[-1].dashboard
        stored = Tables(open_objects(settings.storage_url or str(settings.data_dir / "storage")))
        linked = await links_reach(services, access, largest)
        plain = Plain(stored, await services.collections.all(access), linked=linked)
        for one in opened:
            groups += gestures(plain, one.dashboard)
        return Report(tuple(groups), tuple(await kinds(services, access, plain, largest)))


if __name__ == "__main__":
    print(msgspec.json.encode(asyncio.run(main(sys.argv[1:]))).decode())
