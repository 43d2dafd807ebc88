"""The query engine's front: tiles and filter state in, one answer for each tile out, all computed in one pass.

tables = {"c1": TableSource("penguins", columns, lambda: pl.scan_delta(path, version=3))}
answers = answer([tile, …], state, tables, links)              # in this thread
answers = await workers.run(answer, tiles, state, tables, links)  # off the event loop, with a deadline
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import msgspec
import polars as pl

from domain.errors import Invalid
from domain.filters import FilterState
from domain.links import Links, Reach, reaching
from domain.live_tile import LiveTile
from domain.rows import ColumnFilter, SortKey
from domain.tiles import CardTile, DataTile, FigureTile, FilterTile, ImageTile, MapTile, TableTile, TileBase
from domain.wording import tr
from persistence.frames import cards, cubes, figures, galleries, lives, maps, options, profiles, tables
from persistence.frames import sketches as sketching
from persistence.frames.clauses import tests
from persistence.frames.expressions import expression_tests
from persistence.frames.faults import BROKEN, attempt, broken, sentence
from persistence.frames.hot import NotLoaded, as_text
from persistence.frames.links import Follower, LinkedKeys, said
from persistence.frames.plans import Part, Plan, Rows, rows_of
from persistence.frames.shapes import Answer, ColumnProfile, Failure, Frame
from persistence.frames.sketches import ColumnSketch
from persistence.frames.sources import Table, TableSource, open_table
from persistence.frames.workers import ABANDONED, stop_if
from persistence.frames.years import check_years

log = logging.getLogger(__name__)

Sources = Mapping[str, TableSource | Failure]
"""By collection id; a Failure says why a collection has no table, and is the answer of its tiles."""
MISSING = Failure(tr("The data collection of this tile does not exist in this project; it may have been deleted."))

Planned = tuple[Rows, Plan]


def answer(tiles: Sequence[TileBase], state: FilterState, sources: Sources, links: Links = ()) -> dict[str, Answer]:
    """Compute every tile that shows data, each under the clauses that concern it, those that reach it by links too.

    Every table is scanned once, with only the columns that the tiles and clauses use; tiles with the same clauses
    share one filtered pass. A tile whose columns, clauses, links or table do not hold gets a `Failure`, never
    unfiltered rows, and the others are not touched by it. Never raises for what one tile asks.
    """
    request = Request(state, sources, links)
    answers: dict[str, Answer] = {}
    plans: dict[str, Planned] = {}
    for tile in tiles:
        if isinstance(tile, DataTile):
            planned = request.planned(tile, partial(plan_of, tile, state))
            if isinstance(planned, Failure):
                answers[tile.id] = planned
            else:
                plans[tile.id] = planned
    return answers | collect(plans)


def table_page(
    tile: TableTile,
    state: FilterState,
    sources: Sources,
    links: Links = (),
    *,
    offset: int,
    limit: int,
    sort: Sequence[SortKey] = (),
    filters: Sequence[ColumnFilter] = (),
) -> Answer:
    """One page of a table tile: see `tables.page_plan`; `of` counts the rows that its header filters leave as well."""
    make = partial(tables.page_plan, tile, offset=offset, limit=limit, sort=sort, filters=filters)
    planned = Request(state, sources, links).planned(tile, make)
    return planned if isinstance(planned, Failure) else collect({tile.id: planned})[tile.id]


def choices(tile: FilterTile, state: FilterState, sources: Sources, links: Links, search: str) -> Answer:
    """What a control offers that has `search` in it: see `options.plan`."""
    own = tuple(clause for clause in state if clause.source == tile.id)
    planned = Request(state, sources, links).planned(tile, lambda rows: options.plan(tile, rows, own, search))
    return planned if isinstance(planned, Failure) else collect({tile.id: planned})[tile.id]


def categories(source: TableSource, column: str) -> list[str] | Failure:
    """The words for the most frequent values of a column of the whole table, in the values' own order.

    See `profiles.categories`; without the missing values. A word is what `str` gives, booleans in lower case.
    """
    return attempt(lambda: profiles.categories(open_table(source), column))


def profile(source: TableSource) -> list[ColumnProfile] | Failure:
    """What the values of each column of the table are like; looking at all of them does not fill the column cache."""
    cold = msgspec.structs.replace(source, hot=None)
    return attempt(lambda: profiles.profile(open_table(cold)))


def sketches(source: TableSource) -> list[ColumnSketch] | Failure:
    """The same with a small picture of each column, see `sketches.sketches`; the column cache stays as it is."""
    cold = msgspec.structs.replace(source, hot=None)
    return attempt(lambda: sketching.sketches(open_table(cold)))


class Request:
    """Tables opened once for one request, and rows filtered once for each distinct set of clauses."""

    def __init__(self, state: FilterState, sources: Sources, links: Links) -> None:
        self._state = state
        self._sources = sources
        self._links = links
        self._tables: dict[str, Table | Failure] = {}
        self._rows: dict[tuple[str, str], Rows] = {}
        self._follower = Follower(self.table)

    def planned(self, tile: DataTile, make: Callable[[Rows], Plan]) -> Planned | Failure:
        """The tile's rows under its clauses, and what `make` plans over them; or why that cannot be."""
        rows = self.rows(tile)
        return rows if isinstance(rows, Failure) else attempt(lambda: (rows, make(rows)))

    def rows(self, tile: DataTile) -> Rows | Failure:
        """The tile's rows under its clauses; or why they cannot be had."""
        stop_if(ABANDONED.get())
        table = self.table(tile.collection_id)
        if isinstance(table, Failure):
            return table
        reach = reaching(self._state, tile, self._links)
        keys = self.entity_sets(reach)
        return keys if isinstance(keys, Failure) else attempt(lambda: self._rows_of(tile, table, reach, keys))

    def entity_sets(self, reach: Reach) -> list[LinkedKeys] | Failure:
        """What linked clauses leave of the tile's table: rows must be among all of the sets."""
        found: list[LinkedKeys] = []
        for linked in reach.linked:
            keys = self._follower.entity_sets(linked)
            if isinstance(keys, Failure):
                return keys
            found += keys
        return found

    def table(self, collection_id: str) -> Table | Failure:
        """The table, opened; or why it cannot be."""
        if collection_id not in self._tables:
            source = self._sources.get(collection_id, MISSING)
            opened = source if isinstance(source, Failure) else attempt(lambda: open_table(source))
            self._tables[collection_id] = opened
        return self._tables[collection_id]

    def _rows_of(self, tile: DataTile, table: Table, reach: Reach, keys: Sequence[LinkedKeys]) -> Rows:
        clauses = "".join([said(reach.own), *(said(linked.clauses) for linked in reach.linked)])
        key = (tile.collection_id, f"{tile.filter_expr}\n{clauses}")
        if key not in self._rows:
            own = [*expression_tests(table, tile.filter_expr), *tests(table, reach.own)]
            self._rows[key] = rows_of(table, [*own, *(one.as_test() for one in keys)])
        return self._rows[key]


def plan_of(tile: DataTile, state: FilterState, rows: Rows) -> Plan:
    """What the tile asks of these rows.

    Raises:
        Invalid: when a column is unknown or of the wrong kind.
    """
    match tile:
        case FigureTile():
            return figures.plan(tile, rows)
        case CardTile():
            return cards.plan(tile, rows)
        case TableTile():
            return tables.plan(tile, rows)
        case LiveTile():
            return lives.plan(tile, rows)
        case MapTile():
            return maps.plan(tile, rows)
        case ImageTile():
            return galleries.plan(tile, rows)
        case FilterTile():
            own = tuple(clause for clause in state if clause.source == tile.id)
            return options.plan(tile, rows, own)
        case _:
            raise Invalid(tr("Tiles of the kind {kind} cannot be computed.", kind=type(tile).__name__))


def collect(plans: Mapping[str, Planned]) -> dict[str, Answer]:
    """All plans in one pass, those of vast tables one after the other: together they could take all memory.

    If a pass breaks, each plan is tried by itself, so that only those fail that cannot be computed.
    """
    vast = {tile_id: plan for tile_id, plan in plans.items() if plan[0].table.is_vast}
    if not vast or len(plans) == 1:
        return _collected(plans)
    answers = _collected({tile_id: plan for tile_id, plan in plans.items() if tile_id not in vast})
    for tile_id, plan in vast.items():
        stop_if(ABANDONED.get())
        answers |= _collected({tile_id: plan})
    return answers


def _collected(plans: Mapping[str, Planned]) -> dict[str, Answer]:
    try:
        return _computed(plans)
    except NotLoaded as missing:
        missing.load()
        return _collected(plans)
    except BROKEN as error:
        if len(plans) == 1:
            return dict.fromkeys(plans, broken(error))
        log.info("Computing %s tiles in one pass failed, trying each: %s", len(plans), error)
    answers: dict[str, Answer] = {}
    for tile_id, plan in plans.items():
        answers |= _collected({tile_id: plan})
    return answers


def _computed(plans: Mapping[str, Planned]) -> dict[str, Answer]:
    counts = _Counts()
    for rows, _ in plans.values():
        counts.want(rows)
    lazy = [*counts.lazy, *(frame for _, plan in plans.values() for frame in plan.lazy)]
    in_memory = any(
        (plan.sorts and not rows.table.is_vast) or rows.table.hot is not None for rows, plan in plans.values()
    )
    results = map(as_text, pl.collect_all(lazy, engine="in-memory" if in_memory else "auto") if lazy else [])
    counts.take(results)
    answers: dict[str, Answer] = {}
    for tile_id, (rows, plan) in plans.items():
        own = [next(results) for _ in plan.lazy]
        try:
            part = _finished(plan, own)
        except Invalid as error:
            answers[tile_id] = Failure(sentence(error))
            continue
        total, matched = counts.of(rows)
        answers[tile_id] = Frame(
            data=part.data,
            rows_total=total,
            rows_matched=matched,
            shown=part.shown,
            of=part.of,
            density=part.density,
            margins=part.margins,
            extent=part.extent,
            note=part.note,
            extra=part.extra,
        )
    return answers


def _finished(plan: Plan, results: Sequence[pl.DataFrame]) -> Part:
    part = plan.finish(results)
    if not plan.any_year:
        check_years([part.data, *part.extra.values()])
    return part


class _Counts:
    """How many rows the frames of a pass have: hot ones know it, the others are counted along, each once."""

    def __init__(self) -> None:
        self.lazy: list[pl.LazyFrame] = []
        self._known: dict[int, int] = {}
        self._places: dict[int, int] = {}

    def want(self, rows: Rows) -> None:
        if rows.selection is not None:
            return
        for frame in (rows.all, rows.matched):
            if id(frame) not in self._places:
                self._places[id(frame)] = len(self.lazy)
                self.lazy.append(frame.select(pl.len()))

    def take(self, results: Iterator[pl.DataFrame]) -> None:
        """The counts come first among the results."""
        for frame in self._places:
            self._known[frame] = next(results).item()

    def of(self, rows: Rows) -> tuple[int, int]:
        """The rows of the table, and those that match."""
        if rows.selection is not None:
            return rows.selection.hot.rows, cubes.count(rows.selection)
        return self._known[id(rows.all)], self._known[id(rows.matched)]
