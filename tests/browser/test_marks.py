"""Marks that are moved without plotly.js: they are where it would have drawn them on the same axes."""

import random
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import polars as pl
import pytest
from playwright.async_api import Browser, Page

from dash_views.figures.arrays import Array
from dash_views.figures.build import figure
from domain.tiles import Aggregation, FigureTile, Visu
from tests.browser.plotly_pages import Loaded, plotly_page
from tests.dash_views.test_figures import frame

BINS, WORDS, COLOURS = 40, ("brain", "kidney", "liver", "lung", "skin"), ("a", "b", "c")
SCRIPT = """
  window.outlines = (plot) => [
    ...[...plot.querySelectorAll('.barlayer .point path, .scatterlayer .js-line')].map((one) => one.getAttribute('d')),
    ...[...plot.querySelectorAll('.scatterlayer .point')].map((one) => one.getAttribute('transform')),
  ];
  const place = () => {
    const element = document.body.appendChild(document.createElement('div'));
    Object.assign(element.style, { width: '620px', height: '380px' });
    return element;
  };
  window.drawn = place();
  window.draw = ({ data, layout }) => Plotly.react(drawn, data, layout, {}).then(() => true);
  window.move = (figure) => window.depictio.marks.move(drawn, figure);
  // What plotly.js draws of the same numbers on the same axes, and where the marks are.
  window.both = async ({ data, layout }) => {
    const other = place();
    const yaxis = { ...layout.yaxis, range: [...drawn._fullLayout.yaxis.range], autorange: false };
    await Plotly.newPlot(other, data, { ...layout, yaxis }, {});
    const found = [outlines(drawn), outlines(other)];
    other.remove();
    return found;
  };
"""
KINDS: dict[str, dict[str, Any]] = {
    "stacked bins": {"visu_type": Visu.HISTOGRAM, "x": "mass", "color": "kind"},
    "bins": {"visu_type": Visu.HISTOGRAM, "x": "mass"},
    "bins, log": {"visu_type": Visu.HISTOGRAM, "x": "mass", "log_y": True},
    "bars side by side": {
        "visu_type": Visu.BAR, "x": "organ", "y": "mass", "color": "kind", "aggregation": Aggregation.MEAN,
    },
    "bars": {"visu_type": Visu.BAR, "x": "organ", "aggregation": Aggregation.COUNT},
    "bars, log": {"visu_type": Visu.BAR, "x": "organ", "aggregation": Aggregation.COUNT, "log_y": True},
    "lines": {"visu_type": Visu.LINE, "x": "organ", "y": "mass", "color": "kind", "aggregation": Aggregation.MEAN},
    "line": {"visu_type": Visu.LINE, "x": "organ", "aggregation": Aggregation.COUNT},
}  # fmt: skip


@pytest.fixture(scope="module")
async def loaded(chromium: Browser) -> AsyncIterator[Loaded]:
    """A page with plotly.js and the script."""
    async with plotly_page(chromium, (800, 900), "marks") as loaded:
        yield loaded


@pytest.fixture
async def page(loaded: Loaded) -> AsyncIterator[Page]:
    """That page, empty again."""
    async with loaded.emptied(SCRIPT) as page:
        yield page


@pytest.fixture
def source() -> random.Random:
    return random.Random(1)  # noqa: S311 -- the same numbers in every run.


def drawn(kind: str, source: random.Random, most: int = 400, least: int = 0) -> dict[str, Any]:
    """A figure of this kind of random numbers, the ends of which are known."""
    tile = FigureTile(id="t", collection_id="c", **KINDS[kind])
    colours = COLOURS if tile.color else ("",)
    places: dict[str, list[Any]] = {"x": list(WORDS)}
    if tile.visu_type is Visu.HISTOGRAM:
        places = {"left": [2.5 * at for at in range(BINS)], "right": [2.5 * (at + 1) for at in range(BINS)]}
    parts = []
    for colour in colours:
        size = len(next(iter(places.values())))
        numbers = [most, least, *(source.randint(least, most) for _ in range(size - 2))]
        part = pl.DataFrame(places).with_columns(color=pl.lit(colour))
        values = [pl.Series("count", numbers)]
        if tile.visu_type is not Visu.HISTOGRAM:
            values = [pl.Series("y", [float(number) for number in numbers]), pl.Series("rows", numbers)]
        parts.append(part.with_columns(values))
    found: dict[str, Any] = plain(figure(tile, frame(pl.concat(parts))))
    return found


def plain(node: Any) -> Any:
    """The same with lists for arrays."""
    match node:
        case Array():
            return np.frombuffer(node.data, node.dtype).tolist()
        case dict():
            return {key: plain(value) for key, value in node.items()}
        case list():
            return [plain(one) for one in node]
    return node


@pytest.mark.parametrize("kind", KINDS)
async def test_moved_marks_are_where_they_would_be_drawn(page: Page, source: random.Random, kind: str) -> None:
    """To the pixel, for bars beside and above each other and for lines; also those that have nothing or come back."""
    await page.evaluate("draw", drawn(kind, source, least=1))
    least = 2 if "log" in kind or "line" in kind else 0
    for most in (390, 300, 250, 350, 399, 260):
        moved = drawn(kind, source, most, least)
        assert await page.evaluate("move", moved)
        here, there = await page.evaluate("both", moved)
        assert len(here) >= len(WORDS)
        assert here == there
        assert await page.evaluate("() => drawn.data.map((trace) => trace.y)") == [one["y"] for one in moved["data"]]


@pytest.mark.parametrize("most", [150, 401, 4000])
async def test_axes_follow_what_does_not_suit_them(page: Page, source: random.Random, most: int) -> None:
    """Numbers that leave the axis, or have become so small that it should follow, are drawn; nothing has been moved."""
    await page.evaluate("draw", drawn("bars", source, most=380, least=200))
    before = await page.evaluate("() => outlines(drawn)")
    tall = drawn("bars", source, most=most, least=most // 2)
    assert await page.evaluate("move", tall) is False
    assert await page.evaluate("() => outlines(drawn)") == before


async def test_an_axis_that_the_reader_has_set_stays(page: Page, source: random.Random) -> None:
    """As it does when plotly.js draws: bars may leave the plot, whose edge cuts them."""
    await page.evaluate("draw", drawn("bars", source))
    await page.evaluate("() => Plotly.relayout(drawn, { 'yaxis.range': [0, 100] })")
    moved = drawn("bars", source, most=9_000)
    assert await page.evaluate("move", moved)
    here, there = await page.evaluate("both", moved)
    assert here == there


async def test_a_plot_with_other_margins_has_its_marks_elsewhere(page: Page, source: random.Random) -> None:
    """Also after an earlier move, and although plotly.js has not calculated the plot anew."""
    await page.evaluate("draw", drawn("bars", source))
    assert await page.evaluate("move", drawn("bars", source, most=390))
    await page.evaluate("() => Plotly.relayout(drawn, { 'margin.t': 150 })")
    moved = drawn("bars", source, most=380)
    assert await page.evaluate("move", moved)
    moved["layout"]["margin"] |= {"t": 150}
    here, there = await page.evaluate("both", moved)
    assert here == there


async def test_other_traces_or_places_are_drawn(page: Page, source: random.Random) -> None:
    """A trace more or less, another name, another place, a number that is missing, or no plot at all."""
    figures = {kind: drawn(kind, source) for kind in KINDS}
    assert await page.evaluate("move", figures["bars"]) is False
    await page.evaluate("draw", figures["bars side by side"])
    fewer = figures["bars side by side"] | {"data": figures["bars side by side"]["data"][:2]}
    gap = drawn("bars side by side", source)
    gap["data"][1]["y"][2] = None
    moved = drawn("bars side by side", source)
    moved["data"][0]["x"] = ["elsewhere", *WORDS[1:]]
    named = drawn("bars side by side", source)
    named["data"][0]["name"] = "d"
    for other in (fewer, gap, moved, named, figures["lines"], figures["stacked bins"]):
        assert await page.evaluate("move", other) is False


async def test_a_hidden_trace_takes_no_room(page: Page, source: random.Random) -> None:
    """What stands above a trace that the reader has switched off comes down, as plotly.js draws it."""
    await page.evaluate("draw", drawn("stacked bins", source))
    await page.evaluate("() => Plotly.restyle(drawn, { visible: 'legendonly' }, [1])")
    moved = drawn("stacked bins", source, most=390)
    assert await page.evaluate("move", moved)
    moved["data"][1]["visible"] = "legendonly"
    here, there = await page.evaluate("both", moved)
    assert here == there
