"""The pure part of the board's scripts, run in Node: controls, selections and addresses to wishes and back."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash_views.panel import ALL, MISSING, spelled
from domain.filters import Wish, decode_wishes
from domain.selections import filter_state
from tests.domain.test_selections import BOARD, clause

HERE = Path(__file__).parent
STATIC = HERE.parents[1] / "web" / "static"


class Thrown(Exception):  # noqa: N818 -- It is what the script has thrown.
    """The name of a script's error."""


class Node:
    """A process that runs the scripts; a call costs well under a millisecond."""

    def __init__(self, *scripts: str) -> None:
        paths = [HERE / "scripts.js", STATIC / "js" / "words.js", *(STATIC / "dash" / name for name in scripts)]
        self.process = subprocess.Popen(
            ["node", *map(str, paths)],  # noqa: S607 -- The Node that is installed.
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def __call__(self, path: str, *args: object) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([path, *args]).encode() + b"\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise Thrown(answer["error"])
        return answer["value"]

    def close(self) -> None:
        self.process.communicate(timeout=10)


@pytest.fixture(scope="module")
def wishes() -> Iterator[Any]:
    """The functions of wishes.js by name."""
    node = Node("wishes.js")
    yield lambda name, *args: node(f"depictio.wishes.{name}", *args)
    node.close()


@pytest.fixture
def board() -> Iterator[Node]:
    """A freshly loaded page."""
    names = (
        "early failures wishes view_address wire marks sketch panels nested clicks drawing painting tiles tables "
        "posting lightbox gallery ranges brush changed asking dragging saving visits chips links board"
    )
    node = Node(*(f"{name}.js" for name in names.split()))
    yield node
    node.close()


CHOICE = {"widget": "MultiSelect", "kind": "text"}
NUMBER = {"widget": "MultiSelect", "kind": "number"}
FLAG = {"widget": "MultiSelect", "kind": "boolean"}
SLIDER = {"widget": "RangeSlider", "kind": "number", "min": 2700, "max": 6300}
DAYS = {"widget": "DateRangePicker", "kind": "date"}
TIMES = {"widget": "DateRangePicker", "kind": "datetime"}
STRIP = {"widget": "Timeline", "kind": "datetime"}
SEARCH = {"widget": "TextInput", "kind": "text"}

IDLE = [
    (CHOICE, []), (SLIDER, [2700, 6300]), (DAYS, [None, None]), (TIMES, [None, None]), (SEARCH, ""),
]  # fmt: skip
BOTH_WAYS: list[tuple[dict[str, Any], Any, list[Any]]] = [
    (CHOICE, ["Adelie", "Gentoo"], [["in", ["Adelie", "Gentoo"]]]),
    (CHOICE, [MISSING], [["in", [None]]]),
    (CHOICE, ["true", "5"], [["in", ["true", "5"]]]),
    (NUMBER, ["2007", "0.5", MISSING], [["in", [2007, 0.5, None]]]),
    (FLAG, ["true", "false", MISSING], [["in", [True, False, None]]]),
    (SLIDER, [3000, 4500.5], [["between", [3000, 4500.5]]]),
    (SLIDER, [2700, 4500], [["between", [None, 4500]]]),
    (SLIDER, [3000, 6300], [["between", [3000, None]]]),
    (DAYS, ["2009-01-02", "2009-01-04"], [["between", ["2009-01-02", "2009-01-04"]]]),
    (DAYS, ["2009-01-02", None], [["between", ["2009-01-02", None]]]),
    (TIMES, ["2009-01-02", "2009-01-04"], [["between", ["2009-01-02", "2009-01-04T23:59:59.999999"]]]),
    (TIMES, [None, "2009-01-04"], [["between", [None, "2009-01-04T23:59:59.999999"]]]),
    (STRIP, ["2009-01-02", "2009-01-04"], [["between", ["2009-01-02", "2009-01-04T23:59:59.999999"]]]),
    (
        STRIP,
        ["2009-01-02T10:00", "2009-01-02T10:15"],
        [["between", ["2009-01-02T10:00", "2009-01-02T10:15:59.999999"]]],
    ),
    (SEARCH, "N1", [["contains", ["N1"]]]),
    (SEARCH, " N1 ", [["contains", [" N1 "]]]),
]


@pytest.mark.parametrize(("tile", "value"), IDLE)
def test_an_idle_control_wishes_nothing(wishes: Any, tile: dict[str, Any], value: Any) -> None:
    """And is what a control shows without wishes."""
    assert wishes("idleValue", tile) == value
    assert wishes("ofWidget", tile, value) == []
    assert wishes("ofWidget", tile, None) == []
    assert wishes("toWidget", tile, []) == wishes("toWidget", tile, None) == value


@pytest.mark.parametrize(("tile", "value", "expected"), BOTH_WAYS)
def test_a_control_and_its_wishes_say_the_same(wishes: Any, tile: dict[str, Any], value: Any, expected: Any) -> None:
    """Both ways; the last day counts whole, an end of the slider is open, values have the type of their column."""
    assert wishes("ofWidget", tile, value) == expected
    assert wishes("toWidget", tile, expected) == value
    assert wishes("fits", tile, expected)
    assert msgspec.convert(expected, tuple[Wish, ...])


@pytest.mark.parametrize(
    ("tile", "value", "expected"),
    [
        (SEARCH, "   ", []),
        (SLIDER, [2000, 7000], []),
        (SLIDER, [2000, 3000], [["between", [None, 3000]]]),
        (DAYS, ["2009-01-02", ""], [["between", ["2009-01-02", None]]]),
    ],
)
def test_what_is_out_of_a_controls_range_is_open(wishes: Any, tile: dict[str, Any], value: Any, expected: Any) -> None:
    assert wishes("ofWidget", tile, value) == expected


@pytest.mark.parametrize(
    ("tile", "given_wishes"),
    [
        (CHOICE, [["between", [1, 2]]]),
        (CHOICE, [["in", ["a"]], ["in", ["b"]]]),
        (CHOICE, [["in", []]]),
        (CHOICE, [["in", [5]]]),
        (NUMBER, [["in", ["many"]]]),
        (SLIDER, [["in", [3000]]]),
        (SLIDER, [["between", [2000, 9000]]]),
        (SLIDER, [["between", ["a", None]]]),
        (SLIDER, [["between", [3000]]]),
        (SLIDER, [["between", [3000, None]], ["between", [None, 4000]]]),
        (TIMES, [["between", [None, "2009-01-04T12:00:00"]]]),
        (SEARCH, [["contains", [" "]]]),
        (SEARCH, [["contains", [5]]]),
        (SEARCH, [["contains", ["a", "b"]]]),
    ],
)
def test_wishes_that_a_control_cannot_hold_are_known(wishes: Any, tile: dict[str, Any], given_wishes: Any) -> None:
    """They would be lost or changed in it; the page sends them to the server as they are."""
    assert not wishes("fits", tile, given_wishes)


def test_a_slider_holds_a_link_from_before_its_ends_moved(wishes: Any) -> None:
    assert wishes("fits", SLIDER, [["between", [2000, 4000]]])
    assert wishes("toWidget", SLIDER, [["between", [2000, 4000]]]) == [2000, 4000]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_spelled_as_the_browser_spells_them(wishes: Any, number: float) -> None:
    """So that a chosen number that comes back from a link is one of the options."""
    assert wishes("toWidget", NUMBER, [["in", [number]]]) == [spelled(number)]
    [[operator, [chosen]]] = wishes("ofWidget", NUMBER, [spelled(number)])
    # Python reads a large number without a point as an integer, which is equal only as a float.
    assert (operator, float(chosen)) == ("in", number)


# -- selections


def points(*given_points: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"points": list(given_points), **more}


BY_NAME = {"type": "figure", "by": "name", "at": 2}
REGION = {"type": "figure", "by": "region", "at": 0}
BOX = {"x": [2, 1], "y": [3, 4]}
SELECTED: list[tuple[dict[str, Any], Any, list[Any]]] = [
    (BY_NAME, None, []),
    (BY_NAME, points(), []),
    (BY_NAME, points({"customdata": ["h", 1, "a"]}, {"customdata": ["h", 2, "b"]}), [["in", ["a", "b"]]]),
    (BY_NAME, points({"customdata": [0, 0, "a"]}, {"customdata": [1, 1, "a"]}), [["in", ["a"]]]),
    (BY_NAME, points({"customdata": [0, 0, None]}), [["in", [None]]]),
    (BY_NAME, points(range=BOX), [["in", []]]),
    (REGION, points({"x": 1.5, "y": 3.5}, range=BOX), [["between", [1, 2]], ["between", [3, 4]]]),
    (REGION, points(range=BOX), [["between", [1, 2]], ["between", [3, 4]]]),
    (REGION, points(lassoPoints={"x": [0, 1, 1], "y": [0, 0, 1]}), [["within", [0, 0, 1, 0, 1, 1]]]),
    (
        REGION,
        points({"x": "2009-01-02", "y": 3.5}, range={"x": ["2009-01-05", "2009-01-01"], "y": [3, 4]}),
        [["between", ["2009-01-01", "2009-01-05"]], ["between", [3, 4]]],
    ),
    (
        REGION,
        points({"x": "a", "y": 3.5}, {"x": "a", "y": 3.6}, {"x": "b", "y": 3.6}, range={"x": [-0.5, 1.5], "y": [3, 4]}),
        [["in", ["a", "b"]], ["between", [3, 4]]],
    ),
    (REGION, points({"x": 1, "y": 2}), []),
    (REGION, points(range={"x": [1, 2], "y": None}), [["between", [1, 2]], ["between", [None, None]]]),
    (REGION, points(bins={"y": [1, 2]}), [["between", [None, None]], ["bins", [1, 2]]]),
]
PANELS = REGION | {"panels": [{"role": "facet_row", "kind": "text"}, {"role": "facet_col", "kind": "number"}]}


@pytest.mark.parametrize(
    ("panel", "expected"),
    [
        ({"facet_row": "female", "facet_col": "2007.0"}, [["in", ["female"]], ["in", [2007]]]),
        ({"facet_row": "missing", "facet_col": "missing"}, [["in", [None, "missing"]], ["in", [None]]]),
    ],
)
def test_a_region_of_a_facet_says_its_categories(wishes: Any, panel: dict[str, str], expected: list[Any]) -> None:
    """After the region, in the order of the tile's facets."""
    found = wishes("ofPoints", PANELS, points(range=BOX, panel=panel))
    assert found == [["between", [1, 2]], ["between", [3, 4]], *expected]


@pytest.mark.parametrize(("tile", "selected", "expected"), SELECTED)
def test_a_selection_of_points_wishes_values_or_a_region(
    wishes: Any, tile: dict[str, Any], selected: Any, expected: Any
) -> None:
    """Values of the selection column, each once; else the lasso or the box itself, low ends first."""
    assert wishes("ofPoints", tile, selected) == expected


@pytest.mark.parametrize(("_", "selected", "expected"), [case for case in SELECTED if case[0] is REGION and case[2]])
def test_every_region_is_one_that_the_server_understands(_: Any, selected: Any, expected: Any) -> None:
    """As clauses on both axes of the scatter."""
    state = filter_state(BOARD, {"region": msgspec.convert(expected, tuple[Wish, ...])}, ())
    assert [one.op for one in state] == [wish[0] for wish in expected]


BAR = {"type": "figure", "by": "species", "kind": "text", "pick": "value"}
YEARS = {"type": "figure", "by": "year", "kind": "number", "pick": "value"}
DATES = {"type": "figure", "by": "seen_on", "kind": "date", "pick": "value"}
TIMES = {"type": "figure", "by": "seen", "kind": "datetime", "pick": "value"}
BINS = {"type": "figure", "by": "bill", "kind": "number", "pick": "bin"}


@pytest.mark.parametrize(
    ("tile", "clicked", "before", "expected"),
    [
        (BAR, {"label": "a"}, None, [["in", ["a"]]]),
        (BAR, {"label": "a"}, [["in", ["a"]]], []),
        (BAR, {"label": "a"}, [["in", ["a", "b"]]], [["in", ["a"]]]),
        (BAR, {"label": "a", "adds": True}, [["in", ["b"]]], [["in", ["b", "a"]]]),
        (BAR, {"label": "a", "adds": True}, [["in", ["b", "a"]]], [["in", ["b"]]]),
        (BAR, {"label": "missing"}, None, [["in", [None, "missing"]]]),
        (BAR, {"label": "missing"}, [["in", [None, "missing"]]], []),
        (YEARS, {"label": 2007}, None, [["in", [2007]]]),
        (YEARS, {"label": "missing"}, None, [["in", [None]]]),
        ({**BAR, "kind": "boolean"}, {"label": "true"}, None, [["in", [True]]]),
        (DATES, {"label": 1230854400000}, None, [["in", ["2009-01-02"]]]),
        (DATES, {"label": "2009-01-02"}, None, [["in", ["2009-01-02"]]]),
        (TIMES, {"label": 1230854400000.25}, None, [["in", ["2009-01-02T00:00:00.000250"]]]),
        (TIMES, {"label": -1000}, None, [["in", ["1969-12-31T23:59:59"]]]),
        (TIMES, {"label": "2009-01-02T03:04:05"}, None, [["in", ["2009-01-02T03:04:05"]]]),
        (BINS, {"label": 1, "low": 1, "high": 2}, None, [["bins", [1, 2]]]),
        (BINS, {"label": 1, "low": 1, "high": 2}, [["bins", [1, 2]]], []),
        (BINS, {"label": 0, "low": None, "high": 1, "adds": True}, [["bins", [1, 2]]], [["bins", [None, 1, 1, 2]]]),
        (BINS, {"label": "missing"}, [["bins", [1, 2]]], [["in", [None]]]),
    ],
)
def test_a_click_on_a_mark_wishes_its_value(wishes: Any, tile: Any, clicked: Any, before: Any, expected: Any) -> None:
    """Alone, in addition to others, or no more when it is clicked again; and the mark is shown as picked just then."""
    assert wishes("ofClick", tile, clicked, before) == expected
    is_taken_back = before is not None and expected in ([], [["in", ["b"]]])
    assert wishes("isPicked", tile, clicked, expected) is not is_taken_back


PARTED = {
    **BAR,
    "by": "island",
    "also": [{"role": "color", "name": "sex", "kind": "text"}, {"role": "facet_col", "name": "year", "kind": "number"}],
}


@pytest.mark.parametrize(
    ("tile", "clicked", "before", "expected"),
    [
        (PARTED, {"label": "a", "also": ["male", "2007"]}, None, [["marks", [["a", "male", 2007]]]]),
        (PARTED, {"label": "a", "also": ["male", "2007"]}, [["marks", [["a", "male", 2007]]]], []),
        (PARTED, {"label": "a", "also": ["male", "2007"], "adds": True}, [["marks", [["b", None, 2007]]]],
         [["marks", [["b", None, 2007], ["a", "male", 2007]]]]),
        (PARTED, {"label": "a", "also": ["missing", "missing"]}, None,
         [["marks", [["a", None, None], ["a", "missing", None]]]]),
        # The figure does not say the colour, which is a scale.
        (PARTED, {"label": "a"}, None, [["in", ["a"]]]),
        ({**BINS, "also": PARTED["also"][:1]}, {"label": 1, "low": None, "high": 2, "also": ["male"]},
         [["bins", [1, 2]]], [["marks", [[[None, 2], "male"]]]]),
    ],
)  # fmt: skip
def test_a_click_on_one_of_several_colours_means_that_colour(
    wishes: Any, tile: Any, clicked: Any, before: Any, expected: Any
) -> None:
    """And its panel: one value, or bin, of each column; a link that names the first one only shows all its marks."""
    assert wishes("ofClick", tile, clicked, before) == expected
    assert wishes("isPicked", tile, clicked, expected) is bool(expected)
    if "also" in clicked and tile["pick"] == "value":
        assert not wishes("isPicked", tile, {**clicked, "also": ["female", "2008"]}, expected)
        assert wishes("isPicked", tile, clicked, [["in", ["a"]]])


def test_a_box_over_bars_wishes_just_those(wishes: Any) -> None:
    """Each once; of bins in their order; nothing when no mark lies in it."""
    marks = [{"label": one, "also": ["male", "2007"]} for one in "aba"]
    assert wishes("ofPoints", PARTED, {"marks": marks}) == [["marks", [["a", "male", 2007], ["b", "male", 2007]]]]
    assert wishes("ofPoints", BAR, {"marks": [{"label": "a"}]}) == [["in", ["a"]]]
    bins = [{"label": 2, "low": 2, "high": 3}, {"label": 1, "low": None, "high": 2}]
    assert wishes("ofPoints", BINS, {"marks": bins}) == [["bins", [None, 2, 2, 3]]]
    assert wishes("ofPoints", BAR, {"marks": []}) == wishes("ofPoints", BAR, None) == []


def test_marks_in_a_link_can_be_read(wishes: Any) -> None:
    """By people, the browser and the server; what would read back as something else is written as JSON."""
    meant = [["marks", [["Biscoe", "Adelie", 2007], [[None, 180], None, "2009-01-02"], [[190.5, 200], True, "x y"]]]]
    short = "mark:Biscoe*Adelie*2007,..180*(missing)*2009-01-02,190.5..200*true*x y"
    assert wishes("write", meant) == short
    assert wishes("read", short) == meant
    assert decode_wishes(short) == msgspec.convert(meant, tuple[Wish, ...])
    assert wishes("toAddress", "", {"b": [["marks", [["a", "b"]]]]}) == "?f.b=mark:a*b"
    for odd in ([["marks", [["a*b", "c"]]]], [["marks", [["1", "c"]]]], [["marks", [["a..b", "c,d"]]]]):
        assert wishes("read", wishes("write", odd)) == odd
        assert decode_wishes(wishes("write", odd)) == msgspec.convert(odd, tuple[Wish, ...])


def test_bins_in_a_link_can_be_read(wishes: Any) -> None:
    """By people, the browser and the server; what is no pair of ends is refused by both."""
    meant = [["bins", [None, 180, 190.5, "2009-01-02"]]]
    assert wishes("write", meant) == "bin:..180,190.5..2009-01-02"
    assert wishes("read", "bin:..180,190.5..2009-01-02") == meant
    assert decode_wishes("bin:..180,190.5..2009-01-02") == msgspec.convert(meant, tuple[Wish, ...])


def test_a_picked_mark_stands_out(board: Node) -> None:
    """Bars and bins by the paleness of the others, slices by standing apart; what is not picked is drawn as it was."""
    tiles = {"bar": BAR, "bins": BINS, "deaf": {"type": "figure"}}
    state = {"bar": [["in", ["b"]]], "bins": [["bins", [None, 1]]], "deaf": [["in", ["a"]]]}
    assert board("depictio.clicks.note", state, tiles) == ["bar", "bins"]
    bar = {"type": "bar", "x": ["a", "b"], "y": [1, 2]}
    pie = {"type": "pie", "labels": ["a", "b"], "values": [1, 2]}
    bins = {"type": "bar", "x": [0, 1], "y": [5, 6], "width": [1, 1], "customdata": [1, 2]}
    assert board("depictio.clicks.dress", "bar", [bar])[0]["selectedpoints"] == [1]
    assert board("depictio.clicks.dress", "bar", [pie])[0]["pull"] == [0, 0.12]
    area = {"type": "funnelarea", "labels": ["a", "b"], "marker": {"colors": ["#112233", "#445566"]}}
    assert board("depictio.clicks.dress", "bar", [area])[0]["marker"]["colors"] == ["#1122334d", "#445566"]
    funnel = {"type": "funnel", "x": ["a", "b"], "y": [2, 1], "marker": {"color": "#112233"}}
    assert board("depictio.clicks.dress", "bar", [funnel])[0]["marker"] == {"color": "#112233", "opacity": [0.3, 1]}
    violins = [{"type": "violin", "x": [word] * 2, "y": [1, 2]} for word in "ab"]
    assert [one["opacity"] for one in board("depictio.clicks.dress", "bar", violins)] == [0.3, 1]
    assert board("depictio.clicks.dress", "bins", [bins])[0]["selectedpoints"] == [0]
    assert board("depictio.clicks.dress", "deaf", [bar]) == [bar]
    beside = {**bar, "meta": {"beside": True}}
    assert board("depictio.clicks.dress", "bar", [beside]) == [beside]
    assert board("depictio.clicks.note", {"deaf": state["deaf"]}, tiles) == ["bar", "bins"]
    assert board("depictio.clicks.dress", "bar", [bar]) == [bar]


TREE = {"type": "figure", "by": "island", "kind": "text", "pick": "path", "also": [{"role": "", "kind": "number"}]}
SUNBURST = {
    "type": "sunburst", "ids": ["\x1e", "b", "d", "b\x1f2007", "d\x1fmissing"], "values": [9, 5, 4, 5, 4],
    "labels": ["all", "b", "d", "2007", "missing"], "marker": {"colors": ["#111111"] * 5},
}  # fmt: skip


def test_paths_of_trees_are_picked_with_all_below_them(board: Node) -> None:
    """The root is none; an opened level is picked, and the one above when it is left; a key held down adds."""
    board("depictio.clicks.note", {"tree": [["marks", [["b"], ["d", None]]]]}, {"tree": TREE})
    (dressed,) = board("depictio.clicks.dress", "tree", [SUNBURST])
    assert [colour == "#111111" for colour in dressed["marker"]["colors"]] == [False, True, False, True, True]
    assert [one["one"] for one in board("depictio.clicks.marksOf", "tree", {"data": [SUNBURST]})] == [
        {"label": "b", "also": []}, {"label": "d", "also": []}, {"label": "b", "also": ["2007"]},
        {"label": "d", "also": ["missing"]},
    ]  # fmt: skip

    def opened(number: int, **more: object) -> Any:
        event = {"points": [{"data": SUNBURST, "pointNumber": number}], "event": {}, **more}
        return board("depictio.nested.opened", event)

    assert opened(1, nextLevel="b")["found"] == {"label": "b", "also": [], "only": True}
    assert opened(1, nextLevel="\x1e")["found"] == {"only": True}
    assert opened(3)["found"] == {"label": "b", "also": ["2007"]}
    held = opened(3, nextLevel="b\x1f2007", event={"shiftKey": True})
    assert (held["found"], held["adds"], held["isLeft"]) == ({"label": "b", "also": ["2007"]}, True, False)
    assert board("depictio.clicks.said", "tree", {"points": [{"data": SUNBURST, "pointNumber": 1}]}) is None
    path = [["marks", [["b", 2007]]]]
    assert board("depictio.wishes.ofClick", TREE, {"label": "b", "also": ["2007"], "only": True}, path) == path
    assert board("depictio.wishes.ofClick", TREE, {"only": True}, path) == []


def test_cells_are_picked_by_both_their_axes(board: Node) -> None:
    """Values, or bins between the edges that the figure carries; one without rows is none; picked ones lie on top."""
    cells = {"type": "heatmap", "x": ["a", "b"], "y": [2007, 2008], "z": [[1, 2], [None, 4]]}
    matrix = {"by": "x", "kind": "text", "pick": "cell", "also": [{"role": "y", "kind": "number"}]}
    assert board("depictio.nested.mark", matrix, cells, 3) == {"label": "b", "also": [2008]}
    assert board("depictio.nested.mark", matrix, cells, 2) == {}
    edges = {**cells, "meta": {"edges": {"x": [0.5], "y": ["2009-01-01T12:00:00"]}, "panel": {"facet_col": "m"}}}
    also = [{"role": "y", "kind": "date"}, {"role": "facet_col", "kind": "text"}]
    grid = {"by": "x", "kind": "number", "pick": "grid", "also": also}
    found = board("depictio.nested.mark", grid, edges, 3)
    assert (found["low"], found["high"], found["also"]) == (0.5, None, [["2009-01-01T12:00:00", None], "m"])
    assert board("depictio.wishes.ofClick", grid, found, None) == [
        ["marks", [[[0.5, None], ["2009-01-01T12:00:00", None], "m"]]]
    ]
    board("depictio.clicks.note", {"m": [["marks", [["b", 2007]]]]}, {"m": matrix})
    pale, picked = board("depictio.clicks.dress", "m", [cells])
    assert (pale["z"], pale["opacity"], picked["z"]) == (cells["z"], 0.3, [[None, 2], [None, None]])
    hit = {"points": [{"data": cells, "pointNumber": [0, 1]}], "event": {"ctrlKey": True}}
    assert board("depictio.clicks.said", "m", hit)["clicked"] == {"label": "b", "also": [2007], "adds": True}


def test_one_colour_or_box_of_several_stands_out(board: Node) -> None:
    """Bars by the marks of their trace, whose `meta` says colour and panel; boxes of one trace are parted in place."""
    board("depictio.clicks.note", {"bar": [["marks", [["b", "male", 2007]]]]}, {"bar": PARTED})
    bar = {"type": "bar", "x": ["a", "b"], "y": [1, 2]}
    traces = [
        {**bar, "meta": {"parts": {"color": word}, "panel": {"facet_col": "2007.0"}}} for word in ("male", "female")
    ]
    assert [one["selectedpoints"] for one in board("depictio.clicks.dress", "bar", traces)] == [[1], []]
    box = {**traces[0], "type": "box", "name": "male", "q1": [3, 4], "y": [[1], [2, 3]], "marker": {"size": 4}}
    first, other = board("depictio.clicks.dress", "bar", [box])
    assert (first["x"], first["q1"], first["y"], first.get("opacity")) == (["b"], [4], [[2, 3]], None)
    assert (other["x"], other["q1"], other["y"], other["opacity"]) == (["a"], [3], [[1]], 0.3)
    assert first["offsetgroup"] == other["offsetgroup"] == "male"
    (pale,) = board("depictio.clicks.dress", "bar", [{**box, "meta": traces[1]["meta"], "name": "female"}])
    assert (pale["x"], pale["opacity"], pale["offsetgroup"]) == (["a", "b"], 0.3, "female")


@pytest.mark.parametrize(
    ("tile", "point", "expected"),
    [
        (BAR, {"pointNumber": 1, "data": {"type": "bar", "x": ["a", "b"]}}, {"label": "b", "adds": True}),
        (
            BAR, {"pointNumber": 0, "data": {"type": "bar", "orientation": "h", "y": ["a"], "x": [5]}},
            {"label": "a", "adds": True},
        ),
        (BAR, {"pointNumbers": [1], "data": {"type": "pie", "labels": ["a", "b"]}}, {"label": "b", "adds": True}),
        (BAR, {"x": "a", "pointNumber": [0, 7], "data": {"type": "box", "x": ["b"]}}, {"label": "a", "adds": True}),
        (
            BAR, {"x": 7, "y": "a", "pointNumber": 9, "data": {"type": "box", "orientation": "h", "y": ["b"]}},
            {"label": "a", "adds": True},
        ),
        (BAR, {"x": "a", "data": {"type": "violin", "x": ["a", "a"]}}, {"label": "a", "adds": True}),
        (BAR, {"pointNumber": 1, "data": {"type": "funnel", "x": ["a", "b"]}}, {"label": "b", "adds": True}),
        (
            BINS, {"pointNumber": 1, "data": {"type": "bar", "x": [0, 1], "width": [1, 1], "customdata": [1, 2]}},
            {"label": 1, "low": 1, "high": None, "adds": True},
        ),
        (BY_NAME, {"customdata": ["h", 1, "n"]}, {"label": "n", "adds": True}),
        (REGION, {"customdata": ["h"]}, None),
        ({**BY_NAME, "type": "map"}, {"customdata": ["h", 1, "n"]}, None),
    ],
)  # fmt: skip
def test_a_click_says_what_its_mark_stands_for(board: Node, tile: Any, point: Any, expected: Any) -> None:
    """For every kind of mark; maps select by themselves, and a region is no value."""
    board("depictio.clicks.note", {}, {"t": tile})
    said = board("depictio.clicks.said", "t", {"points": [point], "event": {"ctrlKey": True}})
    assert (said and said["clicked"]) == expected


def test_ticked_rows_wish_their_values(wishes: Any) -> None:
    """Also of columns with a dot in their name; each value once; none for no row."""
    tile = {"type": "table", "by": "petal.length"}
    assert wishes("ofRows", tile, [{"petal.length": 1.5}, {"petal.length": 1.5}, {"petal.length": None}]) == [
        ["in", [1.5, None]]
    ]
    assert wishes("ofRows", tile, []) == wishes("ofRows", tile, None) == []


# -- the address

scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.floats(-1e15, 1e15)
operators = st.sampled_from(["in", "between", "contains", "within", "bins"])
marks = st.lists(st.lists(scalars | st.tuples(scalars, scalars), min_size=1, max_size=3), min_size=1, max_size=3)
said = st.tuples(operators, st.lists(scalars, max_size=4)) | st.tuples(st.just("marks"), marks)
states = st.dictionaries(
    st.from_regex(r"[A-Za-z0-9-][A-Za-z0-9_-]{0,20}", fullmatch=True),
    st.lists(said, min_size=1, max_size=3),
    max_size=4,
)


@given(states, st.dictionaries(st.sampled_from(["tab", "q", "theme"]), st.text(), max_size=2))
def test_an_address_carries_every_wish_and_leaves_other_keys(wishes: Any, state: Any, others: dict[str, str]) -> None:
    """What the browser writes, the browser and the server read as the same wishes."""
    meant = json.loads(json.dumps(state))
    address = wishes("toAddress", "?" + urlencode({**others, "f.old": '[["in",["x"]]]'}), meant)
    assert wishes("ofAddress", address) == meant
    read = {name: values[-1] for name, values in parse_qs(address[1:], keep_blank_values=True).items()}
    assert {name: text for name, text in read.items() if not name.startswith("f.")} == others
    decoded = {name[2:]: decode_wishes(text) for name, text in read.items() if name.startswith("f.")}
    assert decoded == {name: msgspec.convert(own, tuple[Wish, ...]) for name, own in meant.items()}


def test_an_address_is_short_and_can_be_read(wishes: Any) -> None:
    """Brackets and commas stand as they are; without wishes nothing is left of it."""
    assert wishes("toAddress", "?tab=2", {"mass": [["between", [3000, None]]]}) == "?tab=2&f.mass=3000.."
    named = {"species": [["in", ["Gentoo", "Adelie", None]]], "name": [["contains", ["n1"]]]}
    assert wishes("toAddress", "", named) == "?f.name=~n1&f.species=Gentoo,Adelie,(missing)"
    # What would read back as something else is written as JSON.
    assert wishes("toAddress", "", {"a": [["in", ["1"]]]}) == "?f.a=[[%22in%22,[%221%22]]]"
    assert wishes("toAddress", "?f.mass=[]", {}) == ""


def test_a_condition_of_the_dashboard_stands_in_the_address_as_it_is_written(wishes: Any) -> None:
    """Under a key of its own, beside those of tiles."""
    heavy = {"*": [["where", ["col('mass') > 3 & col('a') == 'b'"]]], "mass": [["between", [1, None]]]}
    address = wishes("toAddress", "?tab=2&where=old", heavy)
    assert address == "?tab=2&where=col(%27mass%27)+%3E+3+%26+col(%27a%27)+%3D%3D+%27b%27&f.mass=1.."
    assert wishes("ofAddress", address) == heavy
    control = {"widget": "Condition"}
    assert wishes("ofWidget", control, wishes("toWidget", control, heavy["*"])) == heavy["*"]
    assert wishes("ofWidget", control, "  ") == []


def test_a_link_means_the_clauses_that_its_controls_mean(wishes: Any) -> None:
    """From the values of controls over the address to clauses of the dashboard."""
    composed = {
        "species": wishes("ofWidget", CHOICE, ["Adelie", MISSING]),
        "mass": wishes("ofWidget", SLIDER, [3000, 6300]),
        "seen": wishes("ofWidget", DAYS, ["2009-01-02", None]),
        "name": wishes("ofWidget", SEARCH, "N1 & N2?"),
        "points": wishes("ofPoints", BY_NAME, points({"customdata": [0, 0, "a"]})),
        "region": wishes("ofPoints", REGION, points(range=BOX)),
        "table": wishes("ofRows", {"by": "name"}, [{"name": "b"}]),
    }
    read = wishes("ofAddress", wishes("toAddress", "", composed))
    state = filter_state(BOARD, {name: msgspec.convert(own, tuple[Wish, ...]) for name, own in read.items()}, ())
    assert state == (
        clause("mass", "mass_g", "between", 3000, None),
        clause("name", "name", "contains", "N1 & N2?"),
        clause("points", "name", "in", "a", selection=True),
        clause("region", "bill", "between", 1, 2, selection=True),
        clause("region", "flipper", "between", 3, 4, selection=True),
        clause("seen", "seen_on", "between", "2009-01-02", None),
        clause("species", "species", "in", "Adelie", None),
        clause("table", "name", "in", "b", selection=True),
    )


UNREADABLE = [
    "?f.a=", "?f.a=a..b", "?f.a=bin:5", "?f.a=1..x", "?f.a={}", '?f.a="in"', "?f.a=[5]", '?f.a=["in",["x"]]',
    '?f.a=[["in","x"]]', '?f.a=[["in"]]', "?f.a=[[1,[]]]", '?f.a=[["in",["x"]]', '?f.a=[]&f.a=[["in",["x"]]]',
]  # fmt: skip


@pytest.mark.parametrize("address", UNREADABLE)
def test_an_address_that_cannot_be_read_is_an_error(wishes: Any, address: str) -> None:
    """A filter is never dropped in silence, nor one of two that stand under one key."""
    with pytest.raises(Thrown, match="SyntaxError"):
        wishes("ofAddress", address)


# -- what the page makes of an address

TILES = {
    "species": {"type": "interactive", **CHOICE},
    "mass": {"type": "interactive", **SLIDER},
    "broken": {"type": "interactive", "widget": "RangeSlider", "kind": "number"},
    "points": {"type": "figure", "by": "name", "at": 2},
}
CONTROLS = ("species", "mass")


def opened(board: Node, address: str) -> tuple[list[Any], Any]:
    """The values of the controls, and the state that is asked for, when a page opens at this address."""

    def parts(role: str, names: Any, values: Any) -> list[dict[str, Any]]:
        return [{"id": {"role": role, "tile": one}, "value": own} for one, own in zip(names, values, strict=True)]

    idle = [[], [2700, 6300]]
    outputs = parts("filter", CONTROLS, idle)
    board("context", {"outputs_list": outputs, "triggered": []}, address)
    values = board("dash_clientside.depictio.widgets", address, None, [], None, TILES, idle)
    inputs = [parts("filter", CONTROLS, values), [], [], []]
    resets = parts("reset", TILES, [None] * len(TILES))
    board("context", {"inputs_list": inputs, "outputs_list": [{}, resets, {}], "triggered": []}, address)
    state, _, _ = board("dash_clientside.depictio.compose", values, [], [], [], [], None, None, TILES, None)
    return values, state


@pytest.mark.parametrize(
    ("given_wishes", "values"),
    [
        ({}, [[], [2700, 6300]]),
        ({"species": [["in", ["Adelie"]]], "mass": [["between", [3000, None]]]}, [["Adelie"], [3000, 6300]]),
        ({"points": [["in", ["a"]]]}, [[], [2700, 6300]]),
        ({"broken": [["between", [1, 2]]]}, [[], [2700, 6300]]),
        ({"gone": [["in", ["a"]]]}, [[], [2700, 6300]]),
        ({"species": [["between", [1, 2]]]}, [[], [2700, 6300]]),
        ({"species": [["in", ["a"]], ["in", ["b"]]], "mass": [["between", [3000, None]]]}, [[], [3000, 6300]]),
    ],
)
def test_every_wish_of_a_link_is_asked_for(board: Node, given_wishes: dict[str, Any], values: list[Any]) -> None:
    """By its control where that can hold it; else as it stands, so that the server applies or refuses it."""
    address = board("depictio.wishes.toAddress", "", given_wishes)
    found, state = opened(board, address)
    assert found == values
    assert (state or {}) == given_wishes
    if given_wishes:
        assert board("written") == "/dashboards/d" + address


@pytest.mark.parametrize("address", UNREADABLE)
def test_a_link_that_cannot_be_read_asks_for_what_the_server_refuses(board: Node, address: str) -> None:
    """For a tile that no dashboard can have: the answer is a failure, not unfiltered data."""
    _, state = opened(board, address)
    assert state == {"?": [["in", []]]}


@pytest.mark.parametrize(
    ("tile", "value", "expected"),
    [
        ({"widget": "Select", "kind": "text"}, None, []),
        ({"widget": "Select", "kind": "text"}, "a", [["in", ["a"]]]),
        ({"widget": "Select", "kind": "number"}, "1.5", [["in", [1.5]]]),
        ({"widget": "Select", "kind": "text"}, MISSING, [["in", [None]]]),
        ({"widget": "SegmentedControl", "kind": "text"}, ALL, []),
        ({"widget": "SegmentedControl", "kind": "boolean"}, "false", [["in", [False]]]),
        ({"widget": "Checkbox", "kind": "text"}, [], []),
        ({"widget": "Checkbox", "kind": "text"}, ["a", MISSING], [["in", ["a", None]]]),
        ({"widget": "Switch", "kind": "boolean"}, False, []),
        ({"widget": "Switch", "kind": "boolean"}, True, [["in", [True]]]),
        ({"widget": "Slider", "kind": "number", "min": 0, "max": 9}, 9, []),
        ({"widget": "Slider", "kind": "number", "min": 0, "max": 9}, 4, [["between", [None, 4]]]),
    ],
)
def test_controls_of_few_values_say_what_they_hold(wishes: Any, tile: Any, value: Any, expected: Any) -> None:
    """And show it again; what wishes nothing is idle."""
    assert wishes("ofWidget", tile, value) == expected
    assert wishes("toWidget", tile, expected) == value
    assert wishes("fits", tile, expected) is True
    if not expected:
        assert wishes("idleValue", tile) == value


@pytest.mark.parametrize(
    ("tile", "held"),
    [
        ({"widget": "Select", "kind": "text"}, [["in", ["a", "b"]]]),
        ({"widget": "SegmentedControl", "kind": "text"}, [["in", ["a", "b"]]]),
        ({"widget": "Switch", "kind": "boolean"}, [["in", [False]]]),
        ({"widget": "Slider", "kind": "number", "min": 0, "max": 9}, [["between", [2, 4]]]),
    ],
)
def test_what_a_control_cannot_hold_does_not_fit_it(wishes: Any, tile: Any, held: Any) -> None:
    """It goes to the server as it is, and is never shown as something else."""
    assert wishes("fits", tile, held) is False
