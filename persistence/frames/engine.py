"""The query engine's front: tiles and filter state in, one answer for each tile out, all computed in one pass.

tables = {"c1": TableSource("penguins", columns, lambda: pl.scan_delta(path, version=3))}
answers = answer([tile, …], state, tables)              # in this thread
answers = await workers.run(answer, tiles, state, tables)  # off the event loop, with a deadline
"""

import logging
from collections.abc import Iterable, Mapping, Sequence

import polars as pl
from deltalake.exceptions import DeltaError

from domain.collections import RowsPage
from domain.errors import DomainError, Invalid
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


def answer(tiles: Sequence[Tile], state: FilterState, sources: Sources) -> dict[str, Answer]:
    """Compute every tile that shows data, each under the clauses that concern it.

    Every table is scanned once, with only the columns that the tiles and clauses use; tiles with the same clauses
    share one filtered pass. A tile whose columns, clauses or table do not hold gets a `Failure`, never unfiltered
    rows, and the others are not touched by it. Never raises for what one tile asks.
    """
    request = _Request(state, sources)
    answers: dict[str, Answer] = {}
    plans: dict[str, tuple[Rows, Plan]] = {}
    for tile in tiles:
        if not isinstance(tile, DataTile):
            continue
        try:
            rows = request.rows(tile)
            plans[tile.id] = (rows, _plan(tile, rows, state))
        except _Refused as refusal:
            answers[tile.id] = refusal.failure
        except BROKEN as error:
            answers[tile.id] = broken(error)
        except DomainError as error:
            answers[tile.id] = Failure(sentence(error))
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
) -> RowsPage | Failure:
    """One page of a table tile: see `tables.page_plan`; `total` counts the rows that all filters leave.

    Values are plain Python: None for missing ones, dates and times as such.
    """
    try:
        rows = _Request(state, sources).rows(tile)
        plan = tables.page_plan(tile, rows, offset=offset, limit=limit, sort=sort, filters=filters)
        part = plan.finish(pl.collect_all(plan.lazy))
        return RowsPage(tuple(tables.columns_of(tile, rows.table)), part.data.to_dicts(), offset, part.of)
    except _Refused as refusal:
        return refusal.failure
    except BROKEN as error:
        return broken(error)
    except DomainError as error:
        return Failure(sentence(error))


def profile(source: TableSource) -> list[ColumnProfile] | Failure:
    """What the values of each column of the table are like."""
    try:
        table = open_table(source)
        return profiles.profiles(profiles.known(table), profiles.profile_frame(table).collect())
    except BROKEN as error:
        return broken(error)
    except DomainError as error:
        return Failure(sentence(error))


class _Refused(Exception):  # noqa: N818 -- carries an answer, not an error of its own.
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class _Request:
    """Tables opened once for one request, and rows filtered once for each distinct set of clauses."""

    def __init__(self, state: FilterState, sources: Sources) -> None:
        self._state = state
        self._sources = sources
        self._tables: dict[str, Table | Failure] = {}
        self._rows: dict[tuple[str, str], Rows] = {}

    def rows(self, tile: DataTile) -> Rows:
        """The rows of the tile's collection under the tile's clauses."""
        table = self._table(tile.collection_id)
        clauses = clauses_for(self._state, tile.collection_id, tile.id)
        if isinstance(tile, FilterTile):
            clauses = tuple(clause for clause in clauses if clause.source != tile.id)
        key = (tile.collection_id, _key(clauses))
        if key not in self._rows:
            test = predicate(table, clauses)
            self._rows[key] = Rows(table, table.rows, table.rows if test is None else table.rows.filter(test))
        return self._rows[key]

    def _table(self, collection_id: str) -> Table:
        if collection_id not in self._tables:
            self._tables[collection_id] = self._opened(collection_id)
        table = self._tables[collection_id]
        if isinstance(table, Failure):
            raise _Refused(table)
        return table

    def _opened(self, collection_id: str) -> Table | Failure:
        source = self._sources.get(collection_id, Failure("The tile's data collection no longer exists."))
        if isinstance(source, Failure):
            return source
        try:
            return open_table(source)
        except BROKEN as error:
            log.warning("The table of %s cannot be opened: %s", source.name, error)
            return Failure(f"The table of {source.name!r} cannot be read at the moment.", retry=True)
        except DomainError as error:
            return Failure(sentence(error), retry=True)


def _key(clauses: Iterable[Clause]) -> str:
    """What sets of clauses have in common that leave the same rows; written out, because 1 == True but not here."""
    return repr([(clause.column, clause.op, clause.values, clause.column_y) for clause in clauses])


def _plan(tile: DataTile, rows: Rows, state: FilterState) -> Plan:
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


def _collect(plans: Mapping[str, tuple[Rows, Plan]]) -> dict[str, Answer]:
    """All plans in one pass; if that breaks, each by itself, so that only those fail that cannot be computed."""
    try:
        return _computed(plans)
    except BROKEN as error:
        if len(plans) == 1:
            return dict.fromkeys(plans, broken(error))
        log.info("Computing %s tiles in one pass failed, trying each: %s", len(plans), error)
    answers: dict[str, Answer] = {}
    for tile_id, plan in plans.items():
        answers |= _collect({tile_id: plan})
    return answers


def _computed(plans: Mapping[str, tuple[Rows, Plan]]) -> dict[str, Answer]:
    counts: dict[int, int] = {}
    lazy: list[pl.LazyFrame] = []
    for rows, plan in plans.values():
        for frame in (rows.all, rows.matched):
            if id(frame) not in counts:
                counts[id(frame)] = len(lazy)
                lazy.append(frame.select(pl.len()))
        lazy.extend(plan.lazy)
    results = iter(pl.collect_all(lazy))
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


def broken(error: BaseException) -> Failure:
    """The answer when the computation itself failed; the log has the particulars, which only developers understand."""
    log.warning("A tile could not be computed: %s", error)
    return Failure("The data of this tile could not be computed. The server's log says why.", retry=True)


def sentence(error: DomainError) -> str:
    """The error with its particulars, as one text for people."""
    problems = error.problems if isinstance(error, Invalid) else ()
    return " ".join([error.message, *(f"{problem}." for problem in problems)])
