"""A click on a bin: the rows that it leaves are those that the histogram has counted there, for any table."""

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.tiles import Aggregation, CardTile, FigureTile, Visu
from persistence.frames.engine import answer
from persistence.frames.shapes import Frame
from tests.persistence.frames.random_tables import ORDERED, tables
from tests.persistence.frames.support import COLLECTION, clause, failure, source

COUNT = CardTile(id="count", collection_id=COLLECTION, column_name="row", aggregation=Aggregation.COUNT)


@st.composite
def pictures(draw: st.DrawFn) -> tuple[pl.DataFrame, FigureTile]:
    """A table and a histogram of one of its columns."""
    name = draw(st.sampled_from(ORDERED))
    nbins = draw(st.none() | st.integers(1, 9))
    tile = FigureTile(id="h", collection_id=COLLECTION, visu_type=Visu.HISTOGRAM, x=name, nbins=nbins)
    return draw(tables((name,))), tile


def ends(data: pl.DataFrame) -> list[tuple[Any, Any]]:
    """The bins as clicks.js says them: open at both ends of the axis, ends of times as text."""
    right = [one.isoformat() if hasattr(one, "isoformat") else one for one in data["right"]]
    return list(zip([None, *right[:-1]], [*right[:-1], None], strict=True)) if right else []


@settings(max_examples=150, deadline=None)
@given(pictures(), st.data())
def test_the_rows_of_bins_are_those_that_it_counts(
    picture: tuple[pl.DataFrame, FigureTile], data: st.DataObject
) -> None:
    """One bin, neighbours and others together, at every edge and with values that have no bin."""
    table, tile = picture
    sources = {COLLECTION: source(table)}
    drawn = answer([tile], (), sources)["h"]
    assert isinstance(drawn, Frame)
    places = ends(drawn.data)
    if not places:
        return
    chosen = sorted(data.draw(st.sets(st.integers(0, len(places) - 1), min_size=1, max_size=3)))
    values = [end for place in chosen for end in places[place]]
    found = answer([COUNT], (clause(tile.x, "bins", *values, source="h", selection=True),), sources)["count"]
    assert isinstance(found, Frame), found
    assert found.rows_matched == sum(drawn.data["count"][place] for place in chosen)


def test_bins_that_are_no_pairs_are_refused() -> None:
    """The reason is said, and no unfiltered row is shown."""
    table = pl.DataFrame({"row": [1, 2], "s": ["a", "b"]})
    assert "pairs" in failure(COUNT, table, clause("row", "bins", 1))
    assert "holds text" in failure(COUNT, table, clause("s", "bins", "a", "b"))
