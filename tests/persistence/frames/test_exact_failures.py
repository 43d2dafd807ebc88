"""Exactness: a clause that cannot hold fails the tiles that it would narrow, and no others, whatever else is asked."""

import math
from typing import Any

import msgspec
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.filters import Clause, FilterState
from domain.links import Link
from domain.rows import ColumnFilter, Condition, SortKey
from domain.tiles import Aggregation, CardTile, DataTile, FigureTile, FilterTile, FilterWidget, TableTile, Visu
from persistence.frames.engine import answer, table_page
from persistence.frames.shapes import Failure, Frame
from tests.persistence.frames.plain_links import left
from tests.persistence.frames.plain_tiles import check_rows, heard
from tests.persistence.frames.plainly import kind_of
from tests.persistence.frames.random_tables import ORDERED, TYPES, states, tables
from tests.persistence.frames.support import clause, source

COLUMNS = ("n", "i", "m", "s", "k", "b", "d", "t", "z")
LINK = Link(id="links[0]", name="a.i → b.i", source="a", source_column="i", target="b", target_column="i")
NOT_NUMBERS = ("1", "", True, math.nan, 10**400)
NOT_MOMENTS = ("yesterday", "2024-13-01", "", 5, 1.5, False)
WRONG: dict[str, tuple[Any, ...]] = {
    "number": NOT_NUMBERS,
    "text": (1, 0.5, True, "\ud800"),
    "boolean": ("true", 1, 0, 0.0),
    "date": (*NOT_MOMENTS, "2024-05-01T10:00"),
    "time": (*NOT_MOMENTS, "2024-05-01T25:00"),
}
WRONG_ENDS = WRONG | {"date": NOT_MOMENTS}
"""Of a range of days a moment may be the end: some lie before it, the others after it."""


def tiles_of(collection_id: str) -> list[DataTile]:
    """One of each kind."""
    figures: list[dict[str, Any]] = [
        {"visu_type": Visu.BAR, "x": "s", "y": "n", "aggregation": Aggregation.SUM},
        {"visu_type": Visu.LINE, "x": "d", "aggregation": Aggregation.COUNT},
        {"visu_type": Visu.HISTOGRAM, "x": "i"},
        {"visu_type": Visu.BOX, "x": "b", "y": "m"},
        {"visu_type": Visu.SCATTER, "x": "n", "y": "i"},
    ]
    found: list[DataTile] = [
        TableTile(id="table", collection_id=collection_id, page_size=1000),
        CardTile(id="card", collection_id=collection_id, column_name="n", aggregation=Aggregation.MEAN),
        *(FigureTile(id=str(figure["visu_type"]), collection_id=collection_id, **figure) for figure in figures),
        *(
            FilterTile(id=widget, collection_id=collection_id, column_name="i", interactive_component_type=widget)
            for widget in (FilterWidget.MULTI_SELECT, FilterWidget.RANGE_SLIDER, FilterWidget.TEXT)
        ),
    ]
    return [msgspec.structs.replace(tile, id=f"{collection_id} {tile.id}") for tile in found]


TILES = [tile for collection_id in "abc" for tile in tiles_of(collection_id)]


@st.composite
def wrong(draw: st.DrawFn, **rest: Any) -> Clause:
    """A clause of the wrong type, operator, number of values or column."""
    name = draw(st.sampled_from(COLUMNS))
    value, end = (st.sampled_from(one[kind_of(TYPES[name][0])]) for one in (WRONG, WRONG_ENDS))
    corners = (0, 0, 0, 1, 1, 1)
    found = [
        st.builds(lambda one: clause(name, "in", None, one, **rest), value),
        st.just(clause("gone", "in", None, **rest)),
        st.just(clause("gone", "between", None, None, **rest)),
        st.just(clause("gone", "contains", "", **rest)),
        st.just(clause(name, "within", *corners, column_y="gone", **rest)),
        st.just(clause("gone", "within", *corners, column_y="i", **rest)),
        st.just(clause("i", "within", *corners, **rest)),
        st.just(clause("i", "within", *corners[:5], column_y="n", **rest)),
        st.just(clause(name, "contains", **rest)),
        st.just(clause(name, "contains", 7, **rest)),
    ]
    if name in ORDERED:
        found += [
            st.builds(lambda one: clause(name, "between", None, one, **rest), end),
            st.builds(lambda one: clause(name, "between", one, None, **rest), end),
            st.just(clause(name, "between", None, **rest)),
            st.just(clause(name, "within", *corners[:5], math.inf, column_y="n", **rest)),
        ]
    else:
        found += [
            st.just(clause(name, "between", None, None, **rest)),
            st.just(clause(name, "within", *corners, column_y="n", **rest)),
        ]
    return draw(st.one_of(found))


class Asked(msgspec.Struct, frozen=True):
    """Three tables, of which the first is linked to the second, and a state with a wrong clause among good ones."""

    data: dict[str, pl.DataFrame]
    state: FilterState
    bad: Clause

    def check(self, tile: DataTile, found: object) -> None:
        """The tile fails when it hears the wrong clause, and else shows the rows that the good ones leave."""
        reached = {self.bad.collection_id} | ({"b"} if self.bad.collection_id == "a" else set())
        if self.bad in heard(tile, self.state) and tile.collection_id in reached:
            assert isinstance(found, Failure), (tile, found)
            assert not found.retry
        else:
            assert isinstance(found, Frame), (tile, found)
            good = tuple(one for one in self.state if one is not self.bad)
            check_rows(tile, good, self.data[tile.collection_id], left(tile, good, self.data, (LINK,)), found)


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    """The wrong clause is a filter's, or the selection of a tile, which does not hear it."""
    data = {name: draw(tables(COLUMNS, st.integers(0, 20))) for name in "abc"}
    collection_id = draw(st.sampled_from("abc"))
    selecting = [one.id for one in tiles_of(collection_id) if not isinstance(one, FilterTile)]
    who = draw(st.sampled_from([{"source": "other"}, {"source": draw(st.sampled_from(selecting)), "selection": True}]))
    bad = draw(wrong(collection_id=collection_id, **who))
    good = [msgspec.structs.replace(one, collection_id="a") for one in draw(states(data["a"], COLUMNS, size=2))]
    return Asked(data, tuple(draw(st.permutations([bad, *good]))), bad)


@given(asked())
@settings(max_examples=20, deadline=None)
def test_a_clause_that_cannot_hold_fails_the_tiles_that_it_would_narrow(asked: Asked) -> None:
    """These never show rows, the others show the right ones; asked for together, and again."""
    sources = {name: source(rows, name) for name, rows in asked.data.items()}
    for _ in range(2):
        found = answer(TILES, asked.state, sources, (LINK,))
        for tile in TILES:
            asked.check(tile, found[tile.id])


@given(asked(), st.data())
@settings(max_examples=20, deadline=None)
def test_a_page_that_cannot_be_made_is_never_an_unfiltered_one(asked: Asked, more: st.DataObject) -> None:
    """Whether the state, a header's filter or the sort is wrong."""
    sources = {name: source(rows, name) for name, rows in asked.data.items()}
    for tile in TILES:
        if isinstance(tile, TableTile):
            asked.check(tile, table_page(tile, asked.state, sources, (LINK,), offset=0, limit=1000))
            name = more.draw(st.sampled_from(COLUMNS))
            value = more.draw(st.sampled_from(WRONG[kind_of(TYPES[name][0])]))
            bad_ways = [
                {"filters": [ColumnFilter(name, (Condition("notBlank"), Condition("equals", value)))]},
                {"filters": [ColumnFilter("gone", (Condition("notBlank"),))]},
                {"sort": [SortKey(name), SortKey("gone")]},
            ]
            way = more.draw(st.sampled_from(bad_ways))
            assert isinstance(table_page(tile, (), sources, (LINK,), offset=0, limit=1000, **way), Failure)
