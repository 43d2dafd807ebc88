"""The queue of plots and the reading of answers, run in Node: which plot is next, and that nothing stale is drawn."""

import base64
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash_views import wire
from dash_views.figures.arrays import Grid, Rows, array, inlined, labels, packed
from tests.dash_views.test_wishes_js import Node

SCRIPTS = [
    f"{name}.js"
    for name in ("wishes", "wire", "panels", "nested", "clicks", "contexts", "marks", "sketch", "drawing", "painting")
]


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    """The pure functions of both scripts."""
    found = Node(*SCRIPTS)
    yield found
    found.close()


@pytest.fixture
def page() -> Iterator[Node]:
    """A freshly loaded page, with a window 900 pixels high and a plotly.js that only notes what it is to draw."""
    found = Node(*SCRIPTS)
    yield found
    found.close()


def entry(tile: str, distance: float = 0, order: int = 1, priority: int = 0) -> dict[str, Any]:
    return {"tile": tile, "distance": distance, "order": order, "priority": priority}


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([entry("a", 10), entry("b")], "b"),
        ([entry("a", 500), entry("b", 200)], "b"),
        ([entry("a", order=2), entry("b", order=1)], "b"),
        ([entry("a"), entry("b", 900, priority=1)], "b"),
        ([entry("a", 10, order=9), entry("b", 20, order=1)], "a"),
    ],
    ids=["seen", "nearest", "longest waiting", "priority", "near before early"],
)
def test_the_next_plot_is_the_one_that_is_wanted_most(node: Node, entries: list[Any], expected: str) -> None:
    """Priority, then distance from the window, then how long it waits; whatever the order of the list."""
    for given_order in (entries, entries[::-1]):
        assert node("depictio.painting.next", given_order)["tile"] == expected
    assert node("depictio.painting.next", []) is None


@pytest.mark.parametrize(
    ("top", "bottom", "expected"),
    [(0, 100, 0), (850, 1200, 0), (950, 1200, 0), (951, 1200, 51), (-300, -51, 51), (-300, -50, 0), (-50, 2000, 0)],
)
def test_a_plot_near_the_window_counts_as_seen(node: Node, top: int, bottom: int, expected: int) -> None:
    assert node("depictio.painting.distance", {"top": top, "bottom": bottom}, 900) == expected


def test_a_selection_says_what_the_server_needs(node: Node) -> None:
    """Points with their values, and the region; none of what plotly.js hangs on them."""
    points = [{"x": 1, "y": 2, "customdata": ["a"], "data": {"x": [1]}, "fullData": {}, "curveNumber": 0}]
    lasso = {"x": [1, 2], "y": [3, 4]}
    said = node("depictio.drawing.selected", {"points": points, "lassoPoints": lasso, "selections": []})
    assert said == {"points": [{"x": 1, "y": 2, "customdata": ["a"]}], "lassoPoints": lasso}


# -- what is drawn, in which order


def figure(name: str) -> dict[str, Any]:
    return {"data": [{"name": name}], "layout": {}}


def test_plots_in_the_window_are_drawn_first(page: Node) -> None:
    """Then the others, the nearest first; nothing before the page is open for it."""
    for tile, top in (("far", 5000), ("below", 1500), ("seen", 100), ("edge", 880)):
        page("placed", tile, top)
        page("depictio.painting.paint", tile, figure(tile))
    page("run")
    assert page("drawn") == []
    page("depictio.painting.open")
    page("run")
    assert page("drawn") == ["seen", "edge", "below", "far"]


def test_a_newer_figure_takes_the_turn_of_an_older_one(page: Node) -> None:
    """Only the newest is drawn, and what waits longest is drawn first although the others keep coming."""
    for tile in "ab":
        page("placed", tile, 0)
    page("depictio.painting.open")
    for turn in range(3):
        for tile in "ba" if turn else "ab":
            page("depictio.painting.paint", tile, figure(f"{tile}{turn}"))
    page("run")
    assert page("drawn") == ["a2", "b2"]


def test_a_stale_figure_is_not_drawn(page: Node) -> None:
    """What was dropped, or has lost its place, leaves the queue; the board is then not painting any more."""
    for tile in "abc":
        page("placed", tile, 0)
        page("depictio.painting.paint", tile, figure(tile))
    page("depictio.painting.drop", "a")
    page("left", "b")
    assert [page("depictio.painting.waits", tile) for tile in "abc"] == [False, False, True]
    assert [page("depictio.painting.holds", tile) for tile in "abc"] == [False, False, True]
    page("depictio.painting.open")
    page("run")
    assert page("drawn") == ["c"]
    assert page("classes") == []


def test_a_place_that_comes_later_gets_the_figure_that_is_held(page: Node) -> None:
    """A figure may arrive before its tile is there."""
    page("depictio.painting.open")
    page("depictio.painting.paint", "a", figure("a"))
    page("run")
    assert page("drawn") == []
    page("placed", "a", 0)
    page("run")
    assert page("drawn") == ["a"]


def test_a_plot_without_data_is_not_drawn_first(page: Node) -> None:
    """A blank plot would take as long as another; over what is there it takes away what is stale."""
    page("depictio.painting.open")
    page("placed", "a", 0)
    for data in ([], [{"name": "a"}], []):
        page("depictio.painting.paint", "a", {"data": data, "layout": {}})
        page("run")
    assert page("drawn") == ["a", ""]


def test_a_figure_that_is_there_is_not_drawn_again(page: Node) -> None:
    """The one given last stays; nothing is drawn for it."""
    page("depictio.painting.open")
    page("placed", "a", 0)
    assert page("twice", "a", figure("a")) == [True, False]
    page("run")
    assert page("drawn") == ["a"]
    assert page("depictio.painting.keep", "b", figure("b")) is False


def test_a_plot_is_measured_when_its_box_has_changed(page: Node) -> None:
    """And not with every drawing: a browser would lay out, to answer, what nobody sees."""
    page("depictio.painting.open")
    page("placed", "a", 5000)
    measured = []
    for turn in range(4):
        if turn == 2:
            page("resized", "a")
        page("depictio.painting.paint", "a", {"data": [{"name": str(turn)}], "layout": {"autosize": True}})
        page("run")
        measured.append(page("measured"))
    assert page("drawn") == ["0", "1", "2", "3"]
    assert page("automatic") == [True, False, True, False]
    assert measured == [1, 1, 2, 2]


# -- answers


columns = st.one_of(
    st.lists(st.integers(-(2**40), 2**40), max_size=9).map(lambda v: pl.Series(v, dtype=pl.Int64)),
    st.lists(st.floats(-1e9, 1e9), max_size=9).map(lambda v: pl.Series(v, dtype=pl.Float64)),
    st.lists(st.none() | st.sampled_from(["a", "ä", "b"]), max_size=9).map(lambda v: pl.Series(v, dtype=pl.String)),
)


@given(st.lists(columns, max_size=4), st.text(max_size=20))
def test_an_answer_is_read_as_it_was_written(node: Node, given_columns: list[pl.Series], text: str) -> None:
    """Every column with the numbers and words that it had, wherever it stands and whatever stands around it."""
    header = {"text": text, "columns": [labels(one) for one in given_columns], "deep": {"more": [None, 1, "x"]}}
    content = base64.b64encode(wire.body(header)).decode()
    found = node("answer", content)
    assert found == {
        "text": text, "columns": [one.to_list() for one in given_columns], "deep": {"more": [None, 1, "x"]},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([[1, 2], ["a"]], [[1, 2], ["a"]], True),
        ([[1, 2], ["a"]], [[1, 2], ["b"]], False),
        ([[1, 2]], [[1, 2], []], False),
        ([[1, None]], [[1, 0]], False),
        ([[[1], [2]]], [[[1], [2]]], True),
        ([[1]], [1], False),
    ],
)
def test_arrays_are_the_same_when_they_hold_the_same(node: Node, one: Any, other: Any, expected: bool) -> None:
    """Lists of numbers and words, and lists of these, in their order."""
    assert node("depictio.wire.isSame", one, other) is expected
    assert node("depictio.wire.isSame", other, one) is expected


def test_a_figure_is_put_together_from_mould_and_arrays(node: Node) -> None:
    """The mould stays as it is, so that it serves again."""
    x, y = packed(pl.Series([1, 2, 300])), packed(pl.Series([0.5, 1.5, 2.5]))
    rows = Rows((labels(pl.Series(["a", "a", "b"])), packed(pl.Series([1.0, None, 3.0]))))
    grid = Grid(array(np.arange(6, dtype=np.uint8)), 3)
    made = {
        "data": [{"x": x, "y": y, "z": grid, "customdata": rows, "name": "n"}],
        "layout": {"xaxis": {"type": "log"}},
    }
    parts = wire.figure_parts(made, None)
    known = wire.figure_parts(made, parts["mark"])
    assert ("mould" in parts, "mould" in known) == (True, False)
    content = base64.b64encode(wire.body(parts)).decode()
    found = node("cast", content)
    assert found == {
        "data": [
            {
                "x": [1, 2, 300],
                "y": [0.5, 1.5, 2.5],
                "z": [[0, 1, 2], [3, 4, 5]],
                "customdata": inlined(rows),
                "name": "n",
            }
        ],
        "layout": {"xaxis": {"type": "log"}},
    }
