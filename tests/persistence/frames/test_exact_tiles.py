"""Exactness: every kind of tile over random tables under random filter states, against plain Python.

Each state is asked for with all tiles at once, again when everything is remembered, and tile by tile. Which points are
drawn of too many does not change.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from domain.filters import Clause, FilterState
from domain.tiles import Aggregation, CardTile, DataTile, FigureTile, FilterTile, FilterWidget, TableTile, Visu
from persistence.frames.engine import answer
from persistence.frames.shapes import Frame
from tests.persistence.frames.plain_tiles import aggregations_of, check
from tests.persistence.frames.random_tables import NUMBERS, ORDERED, TYPES, clauses, states, tables
from tests.persistence.frames.support import COLLECTION, clause, source

Asked = tuple[pl.DataFrame, Sequence[DataTile], Sequence[FilterState]]


def checked(asked: Asked) -> None:
    """Ask for everything in every way, and compare it with the rows that each tile should be made of."""
    data, tiles, given_states = asked
    sources = {COLLECTION: source(data)}
    drawn: dict[Any, pl.DataFrame] = {}
    for state in [*given_states, *given_states]:
        found = answer(tiles, state, sources)
        assert found.keys() == {tile.id for tile in tiles}
        for tile in tiles:
            one = found[tile.id]
            check(tile, state, data, one)
            if isinstance(one, Frame) and isinstance(tile, FigureTile) and tile.visu_type is Visu.SCATTER:
                assert_frame_equal(one.data, drawn.setdefault((msgspec.json.encode(tile), state), one.data))
    for tile in tiles:
        check(tile, given_states[0], data, answer([tile], given_states[0], sources)[tile.id])


# --- Random tiles ------------------------------------------------------------------------------------------------


def cards(names: Sequence[str]) -> list[DataTile]:
    """Every aggregation that makes sense, of each column."""
    return [
        CardTile(id=f"card {name} {how}", collection_id=COLLECTION, column_name=name, aggregation=how)
        for name in names
        for how in aggregations_of(TYPES[name][0])
    ]


@st.composite
def figures(draw: st.DrawFn, names: Sequence[str]) -> FigureTile:
    """Any figure of these columns; one column may play several roles."""
    visu = draw(st.sampled_from((Visu.SCATTER, Visu.BAR, Visu.LINE, Visu.HISTOGRAM, Visu.BOX)))
    any_of, numbers = st.sampled_from(names), [name for name in names if name in NUMBERS]
    roles = {"visu_type": visu, "x": draw(any_of), "color": draw(st.none() | any_of)}
    match visu:
        case Visu.SCATTER:
            roles |= {"y": draw(any_of), "hover": draw(st.lists(any_of, max_size=2).map(tuple))}
            roles |= {"size": draw(st.sampled_from([None, *numbers]))}
            bound = draw(st.sampled_from([4, 40, 10_000]))
            roles |= {"max_points": bound, "selection_column": "row" if bound < 300 else draw(st.none() | any_of)}
        case Visu.BAR | Visu.LINE:
            roles["y"] = draw(any_of)
            roles["aggregation"] = draw(st.sampled_from(aggregations_of(TYPES[roles["y"]][0])))
            if roles["aggregation"] is Aggregation.COUNT:
                roles["y"] = draw(st.sampled_from([None, roles["y"]]))
        case Visu.HISTOGRAM:
            roles["nbins"] = draw(st.none() | st.integers(1, 12))
        case Visu.BOX if numbers:
            roles["y"] = draw(st.sampled_from([None, *numbers]))
            roles["x"] = draw(st.sampled_from(numbers)) if roles["y"] is None else roles["x"]
        case Visu.BOX:
            roles |= {"visu_type": Visu.BAR, "aggregation": Aggregation.COUNT}
    return FigureTile(collection_id=COLLECTION, **roles)


@st.composite
def controls(draw: st.DrawFn, names: Sequence[str]) -> FilterTile:
    """Any filter of these columns."""
    name = draw(st.sampled_from(names))
    widgets = [FilterWidget.MULTI_SELECT, FilterWidget.TEXT]
    widgets += [FilterWidget.RANGE_SLIDER, FilterWidget.DATE_RANGE] if name in ORDERED else []
    widget = draw(st.sampled_from(widgets))
    return FilterTile(collection_id=COLLECTION, column_name=name, interactive_component_type=widget)


def listings(names: Sequence[str]) -> st.SearchStrategy[TableTile]:
    """Any table of these columns."""
    columns = st.lists(st.sampled_from(["row", *names]), max_size=3, unique=True).map(tuple)
    return st.builds(
        TableTile, collection_id=st.just(COLLECTION), columns=columns, page_size=st.sampled_from([1, 1000])
    )


@st.composite
def own(draw: st.DrawFn, tile: DataTile, data: pl.DataFrame, names: Sequence[str]) -> Clause:
    """A clause that the tile has set itself."""
    if isinstance(tile, FilterTile):
        return draw(clauses(data, (tile.column_name,), source=tile.id))
    return draw(clauses(data, tuple(names), source=tile.id, selection=True))


@st.composite
def many_cards(draw: st.DrawFn) -> Asked:
    """Some columns, all cards that are possible with them, and filter states."""
    names = draw(st.lists(st.sampled_from(sorted(TYPES)), min_size=5, max_size=8, unique=True))
    data = draw(tables(tuple(names)))
    given_states = draw(st.lists(states(data, tuple(names), size=2), min_size=1, max_size=2))
    return data, cards(names), given_states


@st.composite
def dashboards(draw: st.DrawFn) -> Asked:
    """Some columns, tiles of all kinds, and filter states that some of the tiles have set."""
    names = draw(st.lists(st.sampled_from(sorted(TYPES)), min_size=2, max_size=5, unique=True))
    data = draw(tables(tuple(names)))
    kinds = [figures(names), figures(names), controls(names), listings(names), st.sampled_from(cards(names))]
    drawn = draw(st.lists(st.one_of(kinds), min_size=1, max_size=7))
    tiles = [msgspec.structs.replace(tile, id=str(number)) for number, tile in enumerate(drawn)]
    mixed = st.lists(
        clauses(data, tuple(names)) | st.sampled_from(tiles).flatmap(lambda tile: own(tile, data, names)), max_size=3
    ).map(tuple)
    return data, tiles, draw(st.lists(mixed, min_size=1, max_size=2))


# --- What holds --------------------------------------------------------------------------------------------------


@given(many_cards())
@settings(max_examples=15, deadline=None)
def test_cards(asked: Asked) -> None:
    """Every aggregation of every type of column."""
    checked(asked)


@given(dashboards())
@settings(max_examples=60, deadline=None)
def test_dashboards(asked: Asked) -> None:
    """Figures, cards, tables and filters together, some of which have set clauses themselves."""
    checked(asked)


@st.composite
def much_alike(draw: st.DrawFn) -> Asked:
    """Filter states that differ in little, and leave equally many rows or the same ones."""
    names = ("i", "j", "n", "s", "b")
    data = draw(tables(names, st.integers(3, 12)))
    rows = st.integers(0, data.height - 1)
    one, other = draw(rows), draw(rows)
    around = (-1, -50, -1, 50, data.height, 50, data.height, -50)
    given_states = [
        (clause("row", "in", one),),
        (clause("row", "in", other),),
        (clause("row", "between", one, None),),
        (clause("row", "between", None, one),),
        (clause("row", "within", *around, column_y="i"),),
        (clause("row", "within", *around, column_y="j"),),
        (clause("b", "in", True), clause("row", "in", one, other)),
        (clause("b", "in", False), clause("row", "in", one, other)),
    ]
    bars = FigureTile(id="bars", collection_id=COLLECTION, visu_type=Visu.BAR, x="s", y="n", color="b")
    table = TableTile(id="table", collection_id=COLLECTION, page_size=1000)
    some = draw(st.lists(st.sampled_from(cards(names)), max_size=5, unique=True))
    return data, [bars, table, *some], draw(st.permutations(given_states))


@given(much_alike())
@settings(max_examples=15, deadline=None)
def test_filter_states_that_are_much_alike(asked: Asked) -> None:
    """What is remembered for one is not taken for another."""
    checked(asked)
