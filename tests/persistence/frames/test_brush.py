"""Brushing: every range between edges, added up from places, equals what plain polars computes on the same rows."""

import math
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.filters import Clause, MarkPart
from domain.links import Link
from domain.tiles import Aggregation, CardTile, DataTile, FigureTile, FilterTile, FilterWidget, TableTile, Visu
from persistence.frames import brush as room
from persistence.frames.brush import Brush, Brushed, brush
from persistence.frames.engine import answer
from persistence.frames.shapes import Failure, Frame
from tests.persistence.frames import support
from tests.persistence.frames.support import COLLECTION, clause, source

SLIDER = FilterTile(
    id="slider", collection_id=COLLECTION, column_name="c", interactive_component_type=FilterWidget.RANGE_SLIDER
)


def figure(visu: Visu, **rest: Any) -> FigureTile:
    return FigureTile(collection_id=COLLECTION, visu_type=visu, **rest)


TILES: list[DataTile] = [
    figure(Visu.HISTOGRAM, id="histogram", x="v"),
    figure(Visu.HISTOGRAM, id="coloured", x="v", color="k"),
    figure(Visu.HISTOGRAM, id="own", x="c"),
    figure(Visu.HISTOGRAM, id="words", x="k", color="b"),
    figure(Visu.BAR, id="rows", x="k", aggregation=Aggregation.COUNT),
    figure(Visu.BAR, id="count", x="k", y="v", aggregation=Aggregation.COUNT),
    figure(Visu.LINE, id="sum", x="b", y="v", color="k", aggregation=Aggregation.SUM),
    figure(Visu.BAR, id="mean", x="k", y="v"),
    *(
        CardTile(id=f"card {how}", collection_id=COLLECTION, column_name="v", aggregation=how)
        for how in (Aggregation.COUNT, Aggregation.SUM, Aggregation.MEAN)
    ),
]
PAIRS = (
    (MarkPart("k", "in", ("a",)), MarkPart("b", "in", (True,))),
    (MarkPart("k", "in", ("b", None)), MarkPart("b", "in", (None,))),
    (MarkPart("k", "in", ("",)), MarkPart("v", "bins", (-1, 2.5))),
)
OTHERS = [
    (),
    (clause("k", "in", "a", None),),
    (clause("v", "between", -3.5, None), clause("b", "in", True)),
    (clause("k", "in", "a", "b"), clause("v", "between", None, 4)),
    (clause("k", "marks", marks=PAIRS),),
    (clause("k", "marks", marks=PAIRS[:1]), clause("v", "between", -5, 5)),
]
WHOLE = st.none() | st.integers(-6, 6)
FRACTIONS = (
    st.none() | st.sampled_from([-6.0, -0.1, 0.0, 0.1, 0.30000000000000004, 0.3, 2.5, math.nan]) | st.floats(-6, 6)
)


@st.composite
def drawn(draw: st.DrawFn) -> tuple[pl.DataFrame, list[float]]:
    """A table whose brushed column is whole or not, and edges between and on its values."""
    rows = draw(st.integers(1, 30))
    whole = draw(st.booleans())

    def some(values: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(values, min_size=rows, max_size=rows))

    data = pl.DataFrame(
        {
            "c": some(WHOLE if whole else FRACTIONS | st.sampled_from([math.inf, -math.inf])),
            "v": some(FRACTIONS),
            "k": some(st.sampled_from(["a", "b", "", None])),
            "b": some(st.sampled_from([True, False, None])),
        },
        schema={"c": pl.Int32 if whole else pl.Float64, "v": pl.Float64, "k": pl.String, "b": pl.Boolean},
    )
    edges = draw(st.lists(st.sampled_from([-6.0, -0.5, 0.0, 0.1, 0.3, 2.5, 6.0]), min_size=2, max_size=7, unique=True))
    return data, sorted(edges)


def brushed(data: pl.DataFrame, edges: list[float], others: tuple[Clause, ...] = (), *tiles: DataTile) -> Brush:
    mine = clause("c", "between", 1, 2, source="slider")
    found = brush(SLIDER, edges, tiles or TILES, (*others, mine), {COLLECTION: source(data)})
    assert isinstance(found, Brush), found
    return found


def added(one: Brushed, start: int, stop: int) -> pl.DataFrame:
    """The frame of a tile with the numbers of a run of places; groups without rows are left out, as frames do."""
    rows = one.rows[start:stop].sum(axis=0)
    counts = rows if one.counts is None else one.counts[start:stop].sum(axis=0)
    sums = None if one.sums is None else one.sums[start:stop].sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        y = {Aggregation.COUNT: counts, Aggregation.SUM: sums}.get(
            one.aggregation, None if sums is None else sums / counts
        )
    assert y is not None
    data = one.frame.data
    if "value" in data.columns:
        return data.with_columns(value=pl.Series(y, dtype=pl.Float64).fill_nan(None), values=pl.Series(counts))
    if "left" in data.columns:
        found = data.with_columns(count=pl.Series(y))
        is_there = pl.col("count").sum().over("color") > 0 if "color" in data.columns else pl.lit(value=True)
        return found.filter(is_there)
    if "count" in data.columns:
        return data.with_columns(count=pl.Series(y)).filter(pl.Series(rows > 0))
    y = pl.Series(y, dtype=pl.Float64).fill_nan(None)
    return data.with_columns(y=y, rows=pl.Series(rows)).filter(pl.Series(rows > 0))


def same(found: pl.DataFrame, expected: pl.DataFrame) -> None:
    """Sums are added up in another order than polars does."""
    assert found.columns == expected.columns
    assert found.height == expected.height
    for name in found.columns:
        one, other = found[name], expected[name]
        if one.dtype.is_numeric():
            assert one.cast(pl.Float64).to_list() == pytest.approx(other.cast(pl.Float64).to_list(), abs=1e-9)
        else:
            assert one.to_list() == other.to_list()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=drawn(), others=st.sampled_from(OTHERS), data=st.data())
def test_ranges_between_edges_are_exact(
    drawn: tuple[pl.DataFrame, list[float]], others: tuple[Clause, ...], data: st.DataObject
) -> None:
    """Open or closed on both sides, and without a range at all; no missing value is within any."""
    table, edges = drawn
    found = brushed(table, edges, others)
    if not support.HOT:
        assert not found.tiles
        return
    assert {tile.id for tile in TILES if isinstance(tile, CardTile)} <= found.tiles.keys()
    low = data.draw(st.none() | st.integers(0, len(edges) - 1))
    high = data.draw(st.none() | st.integers(low or 0, len(edges) - 1))
    span = [None if at is None else edges[at] for at in (low, high)]
    start = 0 if low is None else int(found.starts[low])
    stop = found.ranked if high is None else int(found.stops[high])
    mine = (clause("c", "between", *span, source="slider"),)
    if low is None and high is None:
        stop, mine = (found.places, ()) if data.draw(st.booleans()) else (stop, mine)
    exact = answer(TILES, (*others, *mine), {COLLECTION: source(table)})
    for tile in TILES:
        expected = exact[tile.id]
        assert isinstance(expected, Frame)
        if tile.id not in found.tiles:
            continue  # Its groups have no codes, or nothing is left of it in any range.
        same(added(found.tiles[tile.id], start, stop), expected.data)
        assert (int(found.matched[start:stop].sum()), found.rows_total) == (expected.rows_matched, expected.rows_total)


def test_whole_numbers_are_compared_as_such() -> None:
    """Edges between them, and at each of their values."""
    found = brushed(pl.DataFrame({"c": [1, 2, 2, 3, None], "v": [1.0] * 5}), [0.5, 1.0, 2.0, 2.5, 3.0], (), TILES[0])
    if support.HOT:
        assert found.matched.tolist() == [1, 2, 1, 1]
        assert (found.starts.tolist(), found.stops.tolist()) == ([0, 0, 1, 2, 2], [0, 1, 2, 2, 3])
        assert (found.ranked, found.places) == (3, 4)


def test_only_tiles_that_add_up_are_brushed() -> None:
    """Of the slider's own collection, between edges that can be compared exactly."""
    tiles: list[DataTile] = [
        figure(Visu.BOX, id="box", x="v"),
        figure(Visu.SCATTER, id="scatter", x="c", y="v"),
        figure(Visu.BAR, id="median", x="k", y="v", aggregation=Aggregation.MEDIAN),
        CardTile(id="max", collection_id=COLLECTION, column_name="v", aggregation=Aggregation.MAX),
        TableTile(id="table", collection_id=COLLECTION),
        CardTile(id="elsewhere", collection_id="c2", column_name="v", aggregation=Aggregation.SUM),
        CardTile(id="gone", collection_id=COLLECTION, column_name="nothing", aggregation=Aggregation.SUM),
        CardTile(id="infinite", collection_id=COLLECTION, column_name="i", aggregation=Aggregation.SUM),
        *TILES,
    ]
    data = pl.DataFrame({
        "c": list(range(40)), "v": [one / 7 for one in range(40)], "k": ["a", "b"] * 20, "b": [True] * 40,
        "i": [math.inf] * 40,
    })  # fmt: skip
    edges = [float(edge) for edge in range(40)]
    found = brushed(data, edges, (), *tiles)
    assert list(found.tiles) == ([tile.id for tile in TILES] if support.HOT else [])
    assert not brushed(data, [float(edge) for edge in range(room.MAX_EDGES + 1)], (), *tiles).tiles
    assert not brushed(data, [0.0, 2.0**60], (), *tiles).tiles


def test_a_slider_over_words_or_nothing_is_refused() -> None:
    """With the reason, as for any tile."""
    for name, message in (("k", "holds text"), ("nothing", "has no column")):
        slider = FilterTile(
            id="s", collection_id=COLLECTION, column_name=name, interactive_component_type=FilterWidget.RANGE_SLIDER
        )
        found = brush(slider, [1.0], TILES[:1], (), {COLLECTION: source(pl.DataFrame({"k": ["a"], "v": [1.0]}))})
        assert isinstance(found, Failure)
        assert message in found.message
    assert isinstance(brush(SLIDER, [1.0], TILES, (), {}), Failure)


def test_clauses_that_come_through_links_narrow_what_is_brushed() -> None:
    """The slider's own collection is narrowed by the others' filters."""
    link = Link(id="l", name="l", source="sites", source_column="k", target=COLLECTION, target_column="k")
    sources = {
        COLLECTION: source(pl.DataFrame({"c": [1, 2, 3, 4], "v": [1.0, 2.0, 4.0, 8.0], "k": ["a", "b", "a", "b"]})),
        "sites": source(pl.DataFrame({"k": ["a", "b"], "site": ["x", "y"]}), "sites"),
    }
    state = (clause("site", "in", "y", collection_id="sites"),)
    found = brush(SLIDER, [2.0, 3.0], [TILES[-1]], state, sources, (link,))
    assert isinstance(found, Brush)
    if support.HOT:
        one = found.tiles["card mean"]
        assert one.sums is not None
        assert (found.matched.tolist(), one.sums.tolist()) == ([1, 1], [[2.0], [8.0]])


def test_the_first_tiles_that_fit_are_brushed() -> None:
    """Two bars of 1 500 groups are too many for one answer; what is small finds a place beside the first."""
    groups = [f"g{row % 1_500}" for row in range(6_000)]
    data = pl.DataFrame({"c": [row % 200 for row in range(6_000)], "v": [1.0] * 6_000, "k": groups})
    tiles = [figure(Visu.BAR, id=name, x="k", aggregation=Aggregation.COUNT) for name in ("first", "second")]
    found = brushed(data, [float(edge) for edge in range(200)], (), *tiles, TILES[-1])
    assert list(found.tiles) == (["first", "card mean"] if support.HOT else [])
    assert sum(one.size for one in found.tiles.values()) <= room.MAX_BYTES
