"""A click on a bin or a cell: the rows that it leaves are those that the figure has counted there, for any table."""

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dash_views.figures.build import figure
from domain.filters import Wish
from domain.marks import meant
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
    # The last end is open, and may lie in a year that Python has no days of.
    inner = [one.isoformat() if hasattr(one, "isoformat") else one for one in data["right"].head(-1)]
    return list(zip([None, *inner], [*inner, None], strict=True)) if data.height else []


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


@pytest.mark.parametrize("night", ["2024-10-27", "2024-03-31"])
def test_cells_of_a_night_in_which_the_clock_is_set(night: str) -> None:
    """By the clock on the wall, as they are drawn: an hour that came twice is in one cell, both times."""
    begin = datetime.fromisoformat(f"{night}T00:00Z") - timedelta(hours=2)
    moments = pl.Series([begin + timedelta(minutes=10 * n) for n in range(37)]).dt.convert_time_zone("Europe/Paris")
    table = pl.DataFrame({"t": moments, "n": range(37), "row": range(37)})
    options = {"nbinsx": 12, "nbinsy": 1}
    visu = Visu.DENSITY_HEATMAP
    tile = FigureTile(id="h", collection_id=COLLECTION, visu_type=visu, x="t", y="n", options=options)
    sources = {COLLECTION: source(table)}
    drawn = answer([tile], (), sources)["h"]
    assert isinstance(drawn, Frame), drawn
    assert drawn.density is not None
    (trace,) = figure(tile, drawn)["data"]
    counts = drawn.density.counts.to_list()
    assert len(set(counts)) > 1
    for place, count in enumerate(counts):
        mark = (opened(trace["meta"]["edges"]["x"], place), (None, None))
        found = clause("t", "marks", source="h", selection=True, marks=meant(tile, Wish("marks", (mark,))))
        left = answer([COUNT], (found,), sources)["count"]
        assert isinstance(left, Frame), left
        assert left.rows_matched == count


@st.composite
def densities(draw: st.DrawFn) -> tuple[pl.DataFrame, FigureTile]:
    """A table and the density of two of its columns."""
    x, y = draw(st.lists(st.sampled_from(ORDERED), min_size=2, max_size=2, unique=True))
    options = {"nbinsx": draw(st.integers(1, 9)), "nbinsy": draw(st.integers(1, 5))}
    visu = Visu.DENSITY_HEATMAP
    return draw(tables((x, y))), FigureTile(id="h", collection_id=COLLECTION, visu_type=visu, x=x, y=y, options=options)


@settings(max_examples=40, deadline=None)
@given(densities(), st.data())
def test_the_rows_of_cells_are_those_that_they_count(
    picture: tuple[pl.DataFrame, FigureTile], data: st.DataObject
) -> None:
    """One cell or several, as the browser says them by the edges that the figure carries."""
    table, tile = picture
    sources = {COLLECTION: source(table)}
    drawn = answer([tile], (), sources)["h"]
    assert isinstance(drawn, Frame), drawn
    if drawn.density is None or drawn.data.is_empty():
        return
    (trace,) = figure(tile, drawn)["data"]
    edges = trace["meta"]["edges"]
    counts = drawn.density.counts.to_list()
    width = drawn.density.x.count
    chosen = data.draw(st.sets(st.integers(0, len(counts) - 1), min_size=1, max_size=4))
    marks = tuple((opened(edges["x"], place % width), opened(edges["y"], place // width)) for place in sorted(chosen))
    found = clause(tile.x, "marks", source="h", selection=True, marks=meant(tile, Wish("marks", marks)))
    left = answer([COUNT], (found,), sources)["count"]
    assert isinstance(left, Frame), left
    assert left.rows_matched == sum(counts[place] for place in chosen)


def opened(inner: list[Any], place: int) -> tuple[Any, Any]:
    """A cell by the edges between cells; open at both ends of the axis."""
    return inner[place - 1] if place else None, inner[place] if place < len(inner) else None


def test_bins_that_are_no_pairs_are_refused() -> None:
    """The reason is said, and no unfiltered row is shown."""
    table = pl.DataFrame({"row": [1, 2], "s": ["a", "b"]})
    assert "pairs" in failure(COUNT, table, clause("row", "bins", 1))
    assert "holds text" in failure(COUNT, table, clause("s", "bins", "a", "b"))
