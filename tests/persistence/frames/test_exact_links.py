"""Exactness: tiles under clauses of linked tables, by every resolver, over one to three links, against plain Python.

Links that cannot be followed fail exactly the tiles that they would narrow.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.description import LinkConfig
from domain.filters import Clause, FilterState
from domain.links import Link, Links
from domain.tiles import Aggregation, CardTile, DataTile, FigureTile, FilterTile, FilterWidget, TableTile, Visu
from persistence.frames.engine import answer
from persistence.frames.shapes import Failure, Frame
from tests.persistence.frames.plain_links import can_be_followed, left, reaching
from tests.persistence.frames.plain_tiles import check_rows
from tests.persistence.frames.random_tables import TYPES, clauses, filled, ticks
from tests.persistence.frames.support import source

IDS = ("a", "b", "c", "d")
NAMES = ("", "S1", "s1", "S1_R1", "S1_L001_R2", "S2", "Å", "å", "S1.bam", "xS1_R2", "x[*]_R1", "[*]", "7", "7.bam")
KEYS: dict[str, st.SearchStrategy[Any]] = {
    "s": st.sampled_from(NAMES),
    "k": st.sampled_from(NAMES),
    "i": st.integers(6, 9),
    "w": st.sampled_from([7, 2**53, 2**53 + 1, 2**63 - 1]),
    "u": st.sampled_from([7, 2**53 + 1, 2**64 - 1]),
    "n": st.sampled_from([7.0, 8.5, -0.0, 2.0**53, float("nan"), float("inf")]),
    "b": st.booleans(),
    "d": TYPES["d"][1],
}
TIMES = {"t": 10**3, "o": 10**6, "p": 1, "z": 10**3, "y": 10**6}
"""How many nanoseconds a tick of the column has; all are filled from one pool, so that moments meet."""
COLUMNS = (*KEYS, *TIMES)
ALIKE = (("s", "k"), ("i", "n"), ("w", "n"), ("n", "w"), ("u", "w"), ("t", "p"), ("p", "t"), ("o", "p"), ("z", "y"))
UNLIKE = (("s", "i"), ("t", "z"), ("d", "t"), ("b", "i"), ("s", "gone"), ("gone", "s"))
CONFIGS: tuple[dict[str, Any], ...] = (
    {"resolver": "direct"},
    {"resolver": "sample_mapping"},
    {"resolver": "sample_mapping", "mappings": {"S1": ["S2", "7"], "å": ["S2"]}},
    {"resolver": "pattern", "pattern": "{sample}.bam"},
    {"resolver": "regex", "pattern": ".?{sample}_R[0-9]"},
    {"resolver": "regex", "pattern": "x?(?P<sample>[^_.]+).*"},
    {"resolver": "wildcard", "pattern": "{sample}*"},
)


def link(start: str, end: str, columns: tuple[str, str], **config: Any) -> Link:
    name = f"{start}.{columns[0]} → {end}.{columns[1]}"
    return Link(
        id=f"{name} {config}",
        name=name,
        source=start,
        source_column=columns[0],
        target=end,
        target_column=columns[1],
        config=LinkConfig(**config),
    )


same_columns = st.sampled_from(COLUMNS).map(lambda name: (name, name))
names = st.sampled_from([("s", "s"), ("s", "k"), ("k", "s"), ("s", "i"), ("i", "s"), ("w", "k")])
spelled = st.booleans().map(lambda value: {"case_sensitive": value})
direct = st.builds(lambda case: {"resolver": "direct"} | case, spelled)
resolvers = st.builds(lambda config, case: config | case, st.sampled_from(CONFIGS[1:]), spelled)
ways = st.tuples(same_columns | st.sampled_from(ALIKE), direct) | st.tuples(names, resolvers)
wrong_ways = st.tuples(st.sampled_from(UNLIKE), direct) | st.tuples(
    st.sampled_from([("n", "s"), ("s", "d")]), resolvers
)


def linked(any_way: st.SearchStrategy[tuple[tuple[str, str], dict[str, Any]]]) -> st.SearchStrategy[Links]:
    """Chains, cycles, parallel links; never from a table to itself."""
    ends = st.permutations(IDS).map(lambda ids: (ids[0], ids[1]))
    one = st.builds(lambda pair, way: link(*pair, way[0], **way[1]), ends, any_way)
    chain = st.lists(any_way, min_size=3, max_size=3).map(
        lambda hops: [link(*pair, way[0], **way[1]) for pair, way in zip(("ab", "bc", "cd"), hops, strict=True)]
    )
    several = st.builds(list.__add__, st.just([]) | chain, st.lists(one, max_size=5))
    return several.map(lambda links: tuple({one.id: one for one in links}.values()))


@st.composite
def databases(draw: st.DrawFn) -> dict[str, pl.DataFrame]:
    """Four tables whose columns share their values."""
    pools = {name: draw(st.lists(st.none() | values, min_size=1, max_size=4)) for name, values in KEYS.items()}
    moments = draw(st.lists(st.none() | ticks(10**9), min_size=1, max_size=4))
    for name, nanoseconds in TIMES.items():
        pools[name] = [None if moment is None else moment // nanoseconds for moment in moments]
    return {name: filled(pools, draw(st.integers(0, 9)), draw(st.integers(0, 999))) for name in IDS}


def tiles_of(collection_id: str) -> list[DataTile]:
    """A table, and one of each kind that is answered from counts, sums or single rows."""
    figures: list[dict[str, Any]] = [
        {"visu_type": Visu.BAR, "x": "s", "y": "i", "color": "b", "aggregation": Aggregation.MEAN},
        {"visu_type": Visu.LINE, "x": "z", "aggregation": Aggregation.COUNT},
        {"visu_type": Visu.HISTOGRAM, "x": "i", "color": "k"},
        {"visu_type": Visu.BOX, "x": "k", "y": "n"},
        {"visu_type": Visu.SCATTER, "x": "i", "y": "n", "color": "s"},
    ]
    cards = [("n", Aggregation.SUM), ("w", Aggregation.NUNIQUE), ("s", Aggregation.MIN)]
    controls = [("s", FilterWidget.MULTI_SELECT), ("i", FilterWidget.RANGE_SLIDER)]
    found: list[DataTile] = [TableTile(id="table", collection_id=collection_id, page_size=1000)]
    found += [FigureTile(id=str(figure["visu_type"]), collection_id=collection_id, **figure) for figure in figures]
    found += [CardTile(id=how, collection_id=collection_id, column_name=name, aggregation=how) for name, how in cards]
    found += [
        FilterTile(id=widget, collection_id=collection_id, column_name=name, interactive_component_type=widget)
        for name, widget in controls
    ]
    return [msgspec.structs.replace(tile, id=f"{collection_id} {tile.id}") for tile in found]


@st.composite
def filters(draw: st.DrawFn, data: Mapping[str, pl.DataFrame], tiles: Sequence[DataTile]) -> FilterState:
    """Clauses of several tables; some are selections of a tile, or set by a filter."""
    found: list[Clause] = []
    for collection_id in draw(st.lists(st.sampled_from(IDS), max_size=3)):
        tile = draw(st.sampled_from([one for one in tiles if one.collection_id == collection_id]))
        who = draw(st.sampled_from([{"source": "other"}, {"source": tile.id, "selection": True}]))
        columns = (tile.column_name,) if isinstance(tile, FilterTile) else COLUMNS
        found.append(draw(clauses(data[collection_id], columns, collection_id=collection_id, **who)))
    return tuple(found)


class Asked(msgspec.Struct, frozen=True):
    """Linked tables, tiles of them, and filter states."""

    data: dict[str, pl.DataFrame]
    links: Links
    tiles: list[DataTile]
    states: list[FilterState]

    def check(self, tile: DataTile, state: FilterState, found: object) -> None:
        """The tile shows the rows that the clauses leave, or fails when a link cannot be followed."""
        paths = [path for _, path in reaching(tile, state, self.links)]
        if all(can_be_followed(link, self.data) for path in paths for link in path):
            assert isinstance(found, Frame), (tile, found)
            rows = left(tile, state, self.data, self.links)
            check_rows(tile, state, self.data[tile.collection_id], rows, found)
        else:
            assert isinstance(found, Failure), (tile, found)
            assert "cannot be followed" in found.message
            assert not found.retry


@st.composite
def asked(draw: st.DrawFn, any_way: st.SearchStrategy[Any]) -> Asked:
    """The rows of each table, and some of the other tiles."""
    data, (tables, *others) = draw(databases()), zip(*map(tiles_of, IDS), strict=True)
    other = st.sampled_from([tile for group in others for tile in group])
    some = draw(st.lists(other, max_size=6, unique_by=lambda tile: tile.id))
    tiles = [*tables, *some]
    return Asked(data, draw(linked(any_way)), tiles, draw(st.lists(filters(data, tiles), min_size=1, max_size=2)))


@given(asked(ways))
@settings(max_examples=20, deadline=None)
def test_tiles_show_the_rows_that_linked_clauses_leave(asked: Asked) -> None:
    """All tiles of four tables at once, and again when everything is remembered."""
    sources = {name: source(rows, name) for name, rows in asked.data.items()}
    for state in [*asked.states, *asked.states]:
        found = answer(asked.tiles, state, sources, asked.links)
        for tile in asked.tiles:
            asked.check(tile, state, found[tile.id])


@given(asked(ways | wrong_ways))
@settings(max_examples=20, deadline=None)
def test_a_link_that_cannot_be_followed_fails_the_tiles_that_it_would_narrow(asked: Asked) -> None:
    """No others, and these never show rows; whether they are asked for together or alone."""
    sources = {name: source(rows, name) for name, rows in asked.data.items()}
    (state, *_) = asked.states
    found = answer(asked.tiles, state, sources, asked.links)
    for tile in asked.tiles:
        asked.check(tile, state, found[tile.id])
        asked.check(tile, state, answer([tile], state, sources, asked.links)[tile.id])
