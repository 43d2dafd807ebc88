"""Exactness: the rows that random clauses leave, in every type of column, against plain Python row by row."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from domain.filters import Clause
from domain.tiles import TableTile
from persistence.frames.engine import answer
from persistence.frames.shapes import Frame
from tests.persistence.frames.plainly import kept, plain_frame
from tests.persistence.frames.random_tables import TYPES, states, tables
from tests.persistence.frames.support import COLLECTION, source

TABLE = TableTile(id="t", collection_id=COLLECTION, page_size=1000)


@st.composite
def asked(draw: st.DrawFn) -> tuple[pl.DataFrame, list[tuple[Clause, ...]]]:
    """A table of a few columns, and filter states that are asked for one after the other."""
    names = tuple(draw(st.lists(st.sampled_from(sorted(TYPES)), min_size=1, max_size=4, unique=True)))
    data = draw(tables(names))
    return data, draw(st.lists(states(data, names), min_size=1, max_size=4))


@given(asked())
@settings(max_examples=120, deadline=None)
def test_clauses_leave_the_rows_that_pass_them_one_by_one(
    given_: tuple[pl.DataFrame, list[tuple[Clause, ...]]],
) -> None:
    """Every operator on every type, several clauses at once, asked for again when all is remembered."""
    data, asked_for = given_
    sources = {COLLECTION: source(data)}
    for state in [*asked_for, *asked_for]:
        found = answer([TABLE], state, sources)["t"]
        assert isinstance(found, Frame), (state, found)
        rows = kept(data, state)
        assert found.data["row"].to_list() == rows
        assert_frame_equal(found.data, plain_frame(data[rows]))
        assert (found.rows_total, found.rows_matched, found.of) == (data.height, len(rows), len(rows))
