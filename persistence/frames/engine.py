"""The query engine's front: tiles and filter state in, one answer for each tile out, all computed in one pass.

tables = {"c1": TableSource("penguins", columns, lambda: pl.scan_delta(path, version=3))}
answers = answer([tile, …], state, tables)              # in this thread
answers = await workers.run(answer, tiles, state, tables)  # off the event loop, with a deadline
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeVar

import polars as pl
from deltalake.exceptions import DeltaError

from domain.errors import DomainError, Invalid, Unavailable
from domain.filters import Clause, FilterState, clauses_for
from domain.rows import ColumnFilter, SortKey
from domain.tiles import CardTile, DataTile, FigureTile, FilterTile, TableTile, Tile
from persistence.frames import cards, figures, options, profiles, tables
from persistence.frames.clauses import predicate
from persistence.frames.plans import Plan, Rows
from persistence.frames.shapes import Answer, ColumnProfile, Failure, Frame
from persistence.frames.sources import Table, TableSource, open_table

log = logging.getLogger(__name__)

BROKEN = (pl.exceptions.PolarsError, pl.exceptions.PanicException, DeltaError, OSError)
"""What reading a table or computing a plan raises when files are gone, storage does not answer, or types clash."""

Sources = Mapping[str, TableSource | Failure]
"""By collection id; a Failure says why a collection has no table, and is the answer of its tiles."""
MISSING = Failure("The data collection of this tile does not exist in this project; it may have been deleted.")

_Planned = tuple[Rows, Plan]
T = TypeVar("T")


def answer(tiles: Sequence[Tile], state: FilterState, sources: Sources) -> dict[str, Answer]:
    """Compute every tile that shows data, each under the clauses that concern it.

    Every table is scanned once, with only the columns that the tiles and clauses use; tiles with the same clauses
    share one filtered pass. A tile whose columns, clauses or table do not hold gets a `Failure`, never unfiltered
    rows, and the others are not touched by it. Never raises for what one tile asks.
    """
    request = _Request(state, sources)
    answers: dict[str, Answer] = {}
    plans: dict[str, _Planned] = {}
    for tile in tiles:
        if isinstance(tile, DataTile):
            planned = request.planned(tile, partial(_plan, tile, state))
            if isinstance(planned, Failure):
                answers[tile.id] = planned
            else:
                plans[tile.id] = planned
    return answers | _collect(plans)


def table_page(
    tile: TableTile,
    state: FilterState,
    sources: Sources,
    *,
    offset: int,
    limit: int,
    sort: Sequence[SortKey] = (),
    filters: Sequence[ColumnFilter] = (),
) -> Answer:
    """One page of a table tile: see `tables.page_plan`; `of` counts the rows that its header filters leave as well."""
    make = partial(tables.page_plan, tile, offset=offset, limit=limit, sort=sort, filters=filters)
    planned = _Request(state, sources).planned(tile, make)
    return planned if isinstance(planned, Failure) else _collect({tile.id: planned})[tile.id]


def categories(source: TableSource, column: str) -> list[str] | Failure:
    """The words for the most frequent values of a column of the whole table, in the values' own order.

    See `profiles.categories`; without the missing values. A word is what `str` gives, booleans in lower case.
    """
    return _attempt(lambda: profiles.categories(open_table(source), column))


def profile(source: TableSource) -> list[ColumnProfile] | Failure:
    """What the values of each column of the table are like."""
    return _attempt(lambda: profiles.profile(open_table(source)))


class _Request:
    """Tables opened once for one request, and rows filtered once for each distinct set of clauses."""

    def __init__(self, state: FilterState, sources: Sources) -> None:
        self._state = state
        self._sources = sources
        self._tables: dict[str, Table | Failure] = {}
        self._rows: dict[tuple[str, str], Rows] = {}

    def planned(self, tile: DataTile, make: Callable[[Rows], Plan]) -> "_Planned | Failure":
        """The tile's rows under its clauses, and what `make` plans over them; or why that cannot be."""
        if tile.collection_id not in self._tables:
            self._tables[tile.collection_id] = self._opened(tile.collection_id)
        table = self._tables[tile.collection_id]
        if isinstance(table, Failure):
            return table

        def attempt() -> _Planned:
            rows = self._rows_of(tile, table)
            return rows, make(rows)

        return _attempt(attempt)

    def _opened(self, collection_id: str) -> Table | Failure:
        source = self._sources.get(collection_id, MISSING)
        return source if isinstance(source, Failure) else _attempt(lambda: open_table(source))

    def _rows_of(self, tile: DataTile, table: Table) -> Rows:
        clauses = clauses_for(self._state, tile.collection_id, tile.id)
        if isinstance(tile, FilterTile):
            clauses = tuple(clause for clause in clauses if clause.source != tile.id)
        key = (tile.collection_id, _key(clauses))
        if key not in self._rows:
            test = predicate(table, clauses)
            self._rows[key] = Rows(table, table.rows, table.rows if test is None else table.rows.filter(test))
        return self._rows[key]


def _key(clauses: Iterable[Clause]) -> str:
    """What sets of clauses have in common that leave the same rows; written out, because 1 == True but not here."""
    return repr([(clause.column, clause.op, clause.values, clause.column_y) for clause in clauses])


def _plan(tile: DataTile, state: FilterState, rows: Rows) -> Plan:
    match tile:
        case FigureTile():
            return figures.plan(tile, rows)
        case CardTile():
            return cards.plan(tile, rows)
        case TableTile():
            return tables.plan(tile, rows)
        case FilterTile():
            own = tuple(clause for clause in state if clause.source == tile.id)
            return options.plan(tile, rows, own)
        case _:
            raise Invalid(f"Tiles of the kind {type(tile).__name__} cannot be computed.")


def _collect(plans: Mapping[str, _Planned]) -> dict[str, Answer]:
    """All plans in one pass; if that breaks, each by itself, so that only those fail that cannot be computed."""
    try:
        return _computed(plans)
    except BROKEN as error:
        if len(plans) == 1:
            return dict.fromkeys(plans, _broken(error))
        log.info("Computing %s tiles in one pass failed, trying each: %s", len(plans), error)
    answers: dict[str, Answer] = {}
    for tile_id, plan in plans.items():
        answers |= _collect({tile_id: plan})
    return answers


def _computed(plans: Mapping[str, _Planned]) -> dict[str, Answer]:
    counts: dict[int, int] = {}
    lazy: list[pl.LazyFrame] = []
    for rows, plan in plans.values():
        for frame in (rows.all, rows.matched):
            if id(frame) not in counts:
                counts[id(frame)] = len(lazy)
                lazy.append(frame.select(pl.len()))
        lazy.extend(plan.lazy)
    in_memory = any(plan.sorts for _, plan in plans.values())
    results = iter(pl.collect_all(lazy, engine="in-memory" if in_memory else "auto"))
    answers: dict[str, Answer] = {}
    totals: dict[int, int] = {}
    for tile_id, (rows, plan) in plans.items():
        for frame in (rows.all, rows.matched):
            if id(frame) not in totals:
                totals[id(frame)] = next(results).item()
        part = plan.finish([next(results) for _ in plan.lazy])
        answers[tile_id] = Frame(
            data=part.data,
            rows_total=totals[id(rows.all)],
            rows_matched=totals[id(rows.matched)],
            shown=part.shown,
            of=part.of,
        )
    return answers


def _attempt(act: Callable[[], T]) -> T | Failure:
    """What `act` gives, or why it could not; only a program error comes out as an exception."""
    try:
        return act()
    except BROKEN as error:
        return _broken(error)
    except DomainError as error:
        return Failure(sentence(error), retry=isinstance(error, Unavailable))


def _broken(error: BaseException) -> Failure:
    """For people; the particulars, which only whoever runs the server can use, go to its log."""
    log.warning("A query failed: %s: %s", type(error).__name__, error)
    return Failure("The data could not be read or computed. The server's log says why.", retry=True)


def sentence(error: DomainError) -> str:
    """The error with its particulars, as one text for people."""
    problems = error.problems if isinstance(error, Invalid) else ()
    return " ".join([error.message, *(f"{problem}." for problem in problems)])
