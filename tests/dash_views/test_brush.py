"""Brushing over HTTP and in Node: what brush.js draws under a range is what the server answers to the same wishes."""

import base64
import json
import math
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dash_views.brushing import MOST_EDGES, edges_of
from dash_views.sliders import Scale, scale_of
from dash_views.texts import number_text
from domain.tiles import Aggregation, CardTile, FigureTile, FilterTile, FilterWidget, Tile, Visu
from domain.wording import grouped
from services.queries import Frame
from tests.dash_views.conftest import Town
from tests.dash_views.page import DashPage, answered
from tests.dash_views.test_wishes_js import Node

ADDED = {"mean-mass", "mean-flipper", "flippers", "by-island"}


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    """The pure functions that read a brush."""
    found = Node("wire.js", "ranges.js")
    yield found
    found.close()


async def post(page: DashPage, slider: str = "body-mass", **more: Any) -> httpx.Response:
    return await page.post({"sequence": 1, "slider": slider, **more}, name="_brush")


async def brushed(page: DashPage, tiles: list[str], **more: Any) -> bytes:
    """The bytes of a brush over these tiles."""
    found = await post(page, tiles=tiles, **more)
    assert found.status_code == 200, found.text
    assert found.headers["content-type"] == "application/octet-stream"
    return found.content


def shown(node: Node, content: bytes, wishes: list[Any]) -> tuple[bool, dict[str, Any]]:
    """What brush.js shows: whether it is exact, and what stands on each tile."""
    is_exact, tiles = node("brushed", base64.b64encode(content).decode(), wishes)
    return is_exact, tiles


def drawn(figure: dict[str, Any]) -> list[dict[str, Any]]:
    """The traces with every array as JSON has it, numbers as floats."""

    def plain(node: Any) -> Any:
        match node:
            case dict():
                return {key: plain(value) for key, value in node.items()}
            case list() | np.ndarray():
                return [plain(one) for one in node]
            case bool() | str() | None:
                return node
        return float(f"{node:.9g}") if math.isfinite(node) else None

    return [plain(trace) for trace in figure["data"]]


def same(found: dict[str, Any], exact: dict[str, Any]) -> None:
    """The tile shows the same in every part."""
    for part in ("badge", "number", "notice"):
        assert found.get(part) == exact.get(part), part
    if "figure" in exact:
        assert drawn(found["figure"]) == drawn(exact["figure"])


SPANS: list[list[Any]] = [[], [["between", [3500, None]]], [["between", [None, 3500]]], [["between", [3700, 4500]]],
                          [["between", [4100, 4100]]], [["between", [6300, None]]]]  # fmt: skip


PAIRS = [["marks", [["Biscoe", "Adelie"], ["Dream", "Chinstrap"]]]]
OTHERS: list[dict[str, Any]] = [{}, {"species": [["in", ["Adelie", "Gentoo"]]]}, {"by-island": PAIRS}]


@pytest.mark.parametrize("others", OTHERS, ids=["alone", "with another", "with bars of a colour"])
async def test_a_brushed_tile_shows_what_the_server_answers(town: Town, node: Node, others: dict[str, Any]) -> None:
    """Numbers, badges, notices and traces of the penguins, under every kind of range; for those that add up."""
    page = await town.page()
    content = await brushed(page, list(town.dashboard.tiles), wishes=others | {"body-mass": SPANS[1]})
    for span in SPANS:
        is_exact, found = shown(node, content, span)
        exact = await page.ask(others | ({"body-mass": span} if span else {}))
        assert is_exact
        assert set(found) == ADDED - set(others)  # A tile that selects has other rows than the rest.
        for tile in found:
            same(found[tile], exact["tiles"][tile])


def more_tiles(collection: str) -> dict[str, Tile]:
    """Every kind of tile that adds up."""
    bars: dict[str, dict[str, Any]] = {
        "sums": {"visu_type": Visu.BAR, "x": "year", "y": "body_mass_g", "aggregation": Aggregation.SUM},
        "means": {"visu_type": Visu.LINE, "x": "year", "y": "bill_length_mm", "color": "sex"},
        "words": {"visu_type": Visu.HISTOGRAM, "x": "island", "color": "sex"},
        "plain": {"visu_type": Visu.HISTOGRAM, "x": "bill_length_mm"},
    }
    cards = {f"card-{how}": CardTile(id=f"card-{how}", collection_id=collection, column_name="body_mass_g",
             aggregation=how, unit="g") for how in (Aggregation.COUNT, Aggregation.SUM)}  # fmt: skip
    slider = FilterTile(
        id="slider",
        collection_id=collection,
        column_name="bill_length_mm",
        interactive_component_type=FilterWidget.RANGE_SLIDER,
    )
    figures = {key: FigureTile(id=key, collection_id=collection, **roles) for key, roles in bars.items()}
    return {**figures, **cards, "slider": slider}


async def test_every_kind_of_tile_that_adds_up_can_be_brushed(town: Town, node: Node) -> None:
    """Bars, lines, histograms of words and numbers, cards, over fractions; nothing may be left in a range."""
    board = await town.copy()
    tiles = more_tiles(town.collection.id)
    page = await town.page("owner", dashboard=await town.save(board, tiles))
    content = await brushed(page, list(tiles), slider="slider")
    edges = answered_edges(content)
    for span in ([edges[10], None], [edges[10], edges[-60]], [edges[5], edges[5]], [None, edges[40]]):
        wishes = [["between", span]]
        is_exact, found = shown(node, content, wishes)
        exact = (await page.ask({"slider": wishes}))["tiles"]
        assert is_exact
        assert set(found) == set(tiles) - {"slider"}
        for tile in found:
            same(found[tile], exact[tile])


def answered_edges(content: bytes) -> list[float]:
    edges: list[float] = answered(content)["edges"].tolist()
    return edges


async def test_a_range_between_edges_is_said_not_to_be_exact(town: Town, node: Node) -> None:
    """It shows the nearest one."""
    content = await brushed(await town.page(), ["mean-mass"])
    edges = answered_edges(content)
    off = shown(node, content, [["between", [edges[20] + 0.1, None]]])
    on = shown(node, content, [["between", [edges[20], None]]])
    assert (off[0], on[0]) == (False, True)
    assert off[1] == on[1]


async def test_a_brush_that_is_known_is_not_sent_again(town: Town) -> None:
    """Its mark holds as long as tiles, data and the other filters stay the same, wherever the slider stands."""
    page = await town.page()
    mark = answered(await brushed(page, ["mean-mass"]))["mark"]
    own = {"body-mass": [["between", [3000, None]]]}
    assert answered_bare(await brushed(page, ["mean-mass"], mark=mark, wishes=own)) == {"mark": mark, "failure": None}
    other = {"species": [["in", ["Gentoo"]]]}
    assert answered(await brushed(page, ["mean-mass"], mark=mark, wishes=other))["mark"] != mark


def answered_bare(content: bytes) -> Any:
    length = int.from_bytes(content[:4], "little")
    return json.loads(content[4 : 4 + length])


@pytest.mark.parametrize(("who", "status"), [("owner", 200), ("viewer", 200), ("outsider", 404), ("anonymous", 404)])
async def test_only_who_sees_the_dashboard_brushes_it(town: Town, who: str, status: int) -> None:
    """As for its answers; tiles of no dashboard are left out."""
    page = DashPage(town.browsers[who], town.dashboard.id)
    found = await post(page, tiles=["mean-mass", "nothing"])
    assert found.status_code == status
    if status == 200:
        assert set(answered(found.content)["tiles"]) == {"mean-mass"}


@pytest.mark.parametrize(
    "asked",
    [{"slider": "species"}, {"slider": "nothing"}, {"slider": "bills"}, {"wishes": {"species": [["between", [1, 2]]]}}],
    ids=["no slider", "no tile", "a figure", "misfit"],
)
async def test_what_cannot_be_brushed_is_said(town: Town, asked: dict[str, Any]) -> None:
    """In the form in which answers say that the state is wrong."""
    said = answered_bare(await brushed(await town.page(), ["mean-mass"], **asked))
    assert list(said) == ["failure"]
    assert said["failure"]


@pytest.mark.parametrize("asked", [{"slider": 5}, {"tiles": "all"}, {"sequence": "x"}, {"wishes": {"a": [[1]]}}])
async def test_an_ask_that_does_not_fit_is_refused(town: Town, asked: dict[str, Any]) -> None:
    found = await post(await town.page(), **asked)
    assert 400 <= found.status_code < 500


# -- numbers and places


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 6))
@example(2.5, 0)
@example(-0.5, 0)
@example(0.125, 2)
@example(-0.0, 1)
@example(1.125e9, 2)
@example(1.135e9, 2)
@example(999_999_999.5, 0)
@example(-0.04, 1)
@example(5e-324, 2)
def test_numbers_are_written_as_the_server_writes_them(node: Node, value: float, decimals: int) -> None:
    """Rounded to even digits in the middle, thousands apart, with an exponent where digits are too many."""
    assert node("depictio.ranges.text", value, decimals) == number_text(value, decimals)


@given(st.integers(0, 2**53))
def test_counts_are_written_as_the_server_writes_them(node: Node, count: int) -> None:
    assert node("depictio.ranges.grouped", count, 0) == grouped(count)


@pytest.mark.parametrize("high", [499.9999, 199.9, 100.1, 2.4999])
def test_a_slider_over_fractions_is_exact_at_each_of_its_steps(high: float) -> None:
    """Of which it has 250 at most: between them tiles would be behind until it rests."""
    frame = pl.DataFrame({"lowest": [0.0], "highest": [high]})
    scale = scale_of(Frame(data=frame, rows_total=1, rows_matched=1, shown=1, of=1))
    assert isinstance(scale, Scale)
    steps = round((scale.high - scale.low) / scale.step)
    assert edges_of(scale) == pytest.approx([scale.low + at * scale.step for at in range(steps + 1)])


ends = st.floats(-1e12, 1e12) | st.integers(-(10**9), 10**9)


@given(ends, ends)
def test_edges_are_where_the_slider_can_stand(one: float, other: float) -> None:
    """Its ends always; of many steps every so many."""
    low, high = sorted((one, other))
    frame = pl.DataFrame({"lowest": [float(low)], "highest": [float(high)]})
    scale = scale_of(Frame(data=frame, rows_total=1, rows_matched=1, shown=1, of=1))
    assert isinstance(scale, Scale)
    edges = edges_of(scale)
    assert edges == sorted(set(edges))
    assert (edges[0], edges[-1]) == (scale.low, scale.high)
    assert len(edges) <= MOST_EDGES
