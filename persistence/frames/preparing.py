"""Making ready what the filters of a dashboard will ask: cubes of its tiles over the columns that they choose from.

A cube is otherwise made for the first who filters by a column, who waits for it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations

import msgspec

from domain.filters import Clause
from domain.links import Links, reaching
from domain.map_tile import MapKind
from domain.maps import as_scatter
from domain.tiles import DataTile, FigureTile, FilterTile, FilterWidget, MapTile, Visu
from persistence.frames import celled, cubes, options
from persistence.frames.cache_folder import keeping
from persistence.frames.engine import Sources, plan_of
from persistence.frames.faults import attempt
from persistence.frames.plans import Rows, rows_of
from persistence.frames.points import SEED
from persistence.frames.selection import Choices, Expected, Run
from persistence.frames.shapes import Failure
from persistence.frames.sources import Table, open_table

RANGES = {FilterWidget.RANGE_SLIDER, FilterWidget.DATE_RANGE, FilterWidget.SLIDER, FilterWidget.TIMELINE}

Step = Callable[[], object]


class Chosen(msgspec.Struct, frozen=True, order=True):
    """A column that filters choose from: by its values, or a range of them."""

    column: str
    is_range: bool = False


def steps(tiles: Sequence[DataTile], sources: Sources, links: Links, since: float) -> Iterator[Step]:
    """Short pieces of work, the most useful first; none for tables without cubes. What fails is left to who asks.

    When the column cache has no room for more beside what was made or used since that moment (seconds since 1970), this
    or a step raises `FullError`: each piece would else push out one that is more useful, and the next start would make
    all of them again.
    """
    wanted = _wanted(tiles, sources, links)
    while (step := keeping(since, partial(next, wanted, None))) is not None:
        yield partial(keeping, since, step)


def _wanted(tiles: Sequence[DataTile], sources: Sources, links: Links) -> Iterator[Step]:
    filters = [tile for tile in tiles if isinstance(tile, FilterTile)]
    shown = [tile for tile in tiles if not isinstance(tile, FilterTile)]
    tables = _large(sources, {tile.collection_id for tile in tiles} | {link.source for link in links})
    expected = {name: _chosen(filters, name, links) for name in tables}
    for name, table in tables.items():
        own = [tile for tile in shown if tile.collection_id == name]
        yield from (partial(attempt, step) for step in _orders(table, own, expected[name]))
        unfiltered = rows_of(table, [])
        yield from (
            partial(attempt, partial(options.foresee, tile, unfiltered))
            for tile in filters
            if tile.collection_id == name
        )
        yield from (partial(attempt, partial(plan_of, tile, (), unfiltered)) for tile in own)
    for alone in (True, False):
        for name, table in tables.items():
            for choices in _choices(table, expected[name], alone=alone):
                yield partial(attempt, partial(_fetch_codes, choices))
                rows = Rows(table, selection=Expected(table.hot, choices)) if table.hot else Rows(table)
                for tile in shown:
                    if tile.collection_id == name:
                        yield partial(attempt, partial(plan_of, tile, (), rows))
                if alone:
                    yield from (partial(attempt, step) for step in _followed(rows, name, links))


def _large(sources: Sources, names: set[str]) -> Mapping[str, Table]:
    found = {}
    for name in sorted(names):
        source = sources.get(name)
        table = None if source is None or isinstance(source, Failure) else attempt(partial(open_table, source))
        if isinstance(table, Table) and table.hot is not None and table.hot.has_cubes:
            found[name] = table
    return found


def _chosen(filters: Sequence[FilterTile], collection_id: str, links: Links) -> list[Chosen]:
    """What the filters of the dashboard choose from in a collection, directly or through links."""
    found: set[Chosen] = set()
    anywhere = DataTile(id="", collection_id=collection_id)
    for tile in filters:
        clause = Clause(source=tile.id, collection_id=tile.collection_id, column=tile.column_name, op="in", values=())
        reach = reaching((clause,), anywhere, links)
        if reach.own:
            found.add(Chosen(tile.column_name, tile.interactive_component_type in RANGES))
        found |= {Chosen(path[-1].target_column) for linked in reach.linked for path in linked.paths}
    return sorted(found)


def _choices(table: Table, expected: Sequence[Chosen], *, alone: bool) -> Iterator[Choices]:
    """The columns one by one, or each with each other; a cube has one range at most."""
    found = [attempt(partial(_choice, table, one)) for one in expected]
    single = [one for one in found if isinstance(one, Choices)]
    if alone:
        yield from single
        return
    for one, other in combinations(single, 2):
        if one.run is None or other.run is None:
            yield Choices(one.words + other.words, one.run or other.run)


def _choice(table: Table, chosen: Chosen) -> Choices | None:
    hot = table.hot
    if hot is None or chosen.column not in table.types:
        return None
    axis = hot.words(chosen.column)
    if axis is not None:
        return Choices(((axis, cubes.everything(axis)),))
    if not chosen.is_range:
        return None
    places = hot.rows - hot.missing(chosen.column)
    return Choices(run=Run(chosen.column, 0, places, places))


def _orders(table: Table, tiles: Sequence[DataTile], expected: Sequence[Chosen]) -> Iterator[Step]:
    """The orders along which ranges and scatters look for rows."""
    hot = table.hot
    scatters = [tile for tile in tiles if isinstance(tile, FigureTile) and tile.visu_type is Visu.SCATTER]
    scatters += [
        as_scatter(tile) for tile in tiles if isinstance(tile, MapTile) and tile.map_type is not MapKind.CHOROPLETH
    ]
    names = {one.column for one in expected if one.is_range} | {name for one in scatters for name in (one.x, one.y)}
    if hot is None:
        return
    for name in sorted(name for name in names if name in table.types and table.types[name].is_numeric()):
        yield partial(hot.order, {name: False})
    if scatters:
        yield partial(hot.hashed, SEED)


def _fetch_codes(choices: Choices) -> int:
    """By them the rows at the ends of a range are tested."""
    return sum(len(axis.codes) for axis, _ in choices.words)


def _followed(rows: Rows, collection_id: str, links: Links) -> Iterator[Step]:
    """The values that links would take from these rows."""
    for name in sorted({link.source_column for link in links if link.source == collection_id}):
        if name in rows.table.columns:
            yield partial(celled.counted, rows, {"value": rows.table.columns[name]})
