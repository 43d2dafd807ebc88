"""Scatters that are put on a canvas while a slider moves: they look as if plotly.js had drawn them on the same axes."""

import base64
import math
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import numpy as np
import polars as pl
import pytest
from playwright.async_api import Browser, Page, expect

from dash_views.figures.arrays import Array, Grid, Rows, Words
from dash_views.figures.build import figure
from domain.tiles import FigureTile, Visu
from services.queries import Bins, Density
from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo
from tests.browser.plotly_pages import STATIC, Loaded, plotly_page
from tests.browser.test_brush import take_hold
from tests.dash_views.test_figures import frame

SCRIPT = """
  const TYPED = { f8: Float64Array, f4: Float32Array, u1: Uint8Array };
  const revived = (node) => {
    if (Array.isArray(node)) return node.map(revived);
    if (node === null || typeof node !== 'object') return node;
    if (node.typed) return TYPED[node.typed].from(node.values, (value) => (value === null ? NaN : value));
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, revived(value)]));
  };
  const place = (id) => {
    const element = document.body.appendChild(document.createElement('div'));
    element.id = id;
    element.className = 'tile-graph';
    Object.assign(element.style, { position: 'absolute', top: 0, left: 0, width: '620px', height: '380px' });
    return element;
  };
  window.drawn = place('drawn');
  window.draw = (figure) => {
    const { data, layout } = revived(figure);
    return Plotly.react(drawn, data, layout, {}).then(() => true);
  };
  window.move = (figure) => window.depictio.sketch.move(drawn, revived(figure));
  // What plotly.js draws of it on the same axes, over the plot.
  window.over = async (figure) => {
    const { data, layout } = revived(figure);
    const { xaxis: x, yaxis: y } = drawn._fullLayout;
    const fixed = (axis, given) => ({ ...given, range: [...axis.range], autorange: false });
    const element = place('over');
    element.style.background = document.body.style.background;
    const axes = { xaxis: fixed(x, layout.xaxis), yaxis: fixed(y, layout.yaxis) };
    await Plotly.newPlot(element, data, { ...layout, ...axes }, {});
  };
"""
APART = """async (pictures) => {
  const [before, one, two] = await Promise.all(pictures.map(async (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height).data;
  }));
  let [changed, other] = [0, 0];
  for (let at = 0; at < two.length; at += 1) {
    changed += Math.abs(before[at] - two[at]);
    other += Math.abs(one[at] - two[at]);
  }
  return other / changed;
}"""
"""How far the sketch is from what plotly.js draws, as a share of how far that is from the figure before."""
GROUND = """([scheme, ground]) => {
  document.documentElement.dataset.mantineColorScheme = scheme;
  document.body.style.background = ground;
}"""
WATCH = """() => {
  window.sketched = [];
  const plot = document.querySelector('[data-figure="bills"] .tile-graph');
  document.addEventListener('depictio:painted', ({ detail }) => {
    if (detail !== 'bills' || !plot.querySelector('.is-sketched')) return;
    const canvas = plot.querySelector('.sketch-points');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    window.sketched.push(data.filter((part, at) => at % 4 === 3 && part > 0).length);
  });
}"""
"""How many pixels each sketch of the board has coloured."""
NEAR = 0.08
"""Edges of points are smoothed in other ways, most of all where WebGL draws them."""
KINDS: dict[str, tuple[int, dict[str, Any]]] = {
    "points": (300, {}),
    "coloured": (300, {"color": "kind"}),
    "logarithmic": (300, {"color": "kind", "log_x": True, "log_y": True}),
    "many": (3_000, {}),
    "many, coloured": (3_000, {"color": "kind"}),
    "over a density": (3_000, {"color": "kind"}),
}


@pytest.fixture(scope="module")
async def loaded(chromium: Browser) -> AsyncIterator[Loaded]:
    """A page with plotly.js, the scripts and the rules of the board."""
    async with plotly_page(chromium, (640, 400), "marks", "sketch") as loaded:
        await loaded.page.add_style_tag(path=STATIC / "css" / "board.css")
        yield loaded


@pytest.fixture
async def page(loaded: Loaded) -> AsyncIterator[Page]:
    """That page, empty again."""
    async with loaded.emptied(SCRIPT) as page:
        yield page


def drawn(kind: str, seed: int, spread: float = 1.0) -> dict[str, Any]:
    """Points of this kind, of which the first two say how far they reach; some have no place."""
    rows, more = KINDS[kind]
    chooser = np.random.default_rng(seed)
    x, y = chooser.normal(50, 12 * spread, rows).clip(10, 90), chooser.normal(500, 120 * spread, rows).clip(100, 900)
    x[:2], y[:2] = (10, 90), (100, 900)
    data = pl.DataFrame({"x": x, "y": y, "color": [f"k{row % 3}" for row in range(rows)]})
    data = data.with_columns(x=pl.when(pl.int_range(rows) % 40 == 7).then(None).otherwise("x"))
    tile = FigureTile(id="t", collection_id="c", visu_type=Visu.SCATTER, x="x", y="y", **more)
    found = frame(data if tile.color else data.drop("color").with_columns(color=pl.lit("")))
    if kind == "over a density":
        counts, _, _ = np.histogram2d(y, x, bins=(40, 60), range=((100, 900), (10, 90)))
        cells = pl.Series(counts.ravel().astype(np.int64) * 7)
        density = Density(x=Bins(10.0, 80 / 60, 60, 90.0), y=Bins(100.0, 20.0, 40, 900.0), counts=cells)
        found = msgspec.structs.replace(found, of=21_000, density=density)
    made: dict[str, Any] = sent(figure(tile, found))
    return made


def sent(node: Any) -> Any:
    """As the page takes it: arrays say of what kind they are."""
    match node:
        case Array():
            values = np.frombuffer(node.data, node.dtype).tolist()
            return {"typed": node.dtype, "values": [None if math.isnan(value) else value for value in values]}
        case Grid():
            cells, width = sent(node.cells), node.width
            rows = [cells["values"][at : at + width] for at in range(0, len(cells["values"]), width)]
            return [{"typed": cells["typed"], "values": row} for row in rows]
        case Words() | Rows():
            return []
        case dict():
            return {key: sent(value) for key, value in node.items()}
        case list() | tuple():
            return [sent(one) for one in node]
    return node


async def picture(page: Page) -> str:
    return base64.b64encode(await page.screenshot()).decode()


async def looks_drawn(page: Page, before: str, figure_: dict[str, Any]) -> None:
    """The sketch and what plotly.js draws of this figure; the picture before is of another one."""
    sketched = await picture(page)
    await page.evaluate("over", figure_)
    assert await page.evaluate(APART, [before, sketched, await picture(page)]) < NEAR
    await page.evaluate("() => document.getElementById('over').remove()")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_sketch_looks_like_the_plot(page: Page, kind: str, scheme: str) -> None:
    """Points, whether SVG or WebGL draws them, and the density below them; also one sketch after another."""
    await page.evaluate(GROUND, [scheme, {"light": "#fff", "dark": "#16181d"}[scheme]])
    await page.evaluate("draw", drawn(kind, 1))
    for seed in (2, 3):
        before = await picture(page)
        assert await page.evaluate("move", drawn(kind, seed))
        await looks_drawn(page, before, drawn(kind, seed))


async def test_what_the_reader_has_set_stays(page: Page) -> None:
    """A part of the axes, whose edge cuts points, and a trace that the legend has switched off."""
    await page.evaluate("draw", drawn("over a density", 1))
    await page.evaluate("() => Plotly.relayout(drawn, { 'xaxis.range': [30, 70], 'yaxis.range': [800, 300] })")
    await page.evaluate("() => Plotly.restyle(drawn, { visible: 'legendonly' }, [2])")
    before = await picture(page)
    moved = drawn("over a density", 2)
    assert await page.evaluate("move", moved)
    moved["data"][2]["visible"] = "legendonly"
    await looks_drawn(page, before, moved)


async def test_a_plot_with_other_margins_has_its_points_elsewhere(page: Page) -> None:
    """Also after an earlier sketch, and although plotly.js has not calculated the points anew."""
    await page.evaluate("draw", drawn("many", 1))
    assert await page.evaluate("move", drawn("many", 2))
    await page.evaluate("() => Plotly.relayout(drawn, { 'margin.t': 150, 'margin.l': 130 })")
    before, moved = await picture(page), drawn("many", 3)
    assert await page.evaluate("move", moved)
    moved["layout"]["margin"] |= {"t": 150, "l": 130}
    await looks_drawn(page, before, moved)


async def test_the_plot_can_be_seen_again_once_it_is_drawn(page: Page) -> None:
    """Until then it lies below the sketch, and cannot be seen beside it."""
    await page.evaluate("draw", drawn("many, coloured", 1))
    plot = page.locator("#drawn .gl-canvas-context")
    await expect(plot).to_be_visible()
    assert await page.evaluate("move", drawn("many, coloured", 2))
    await expect(plot).to_be_hidden()
    await expect(page.locator("#drawn .sketch")).to_be_visible()
    await page.evaluate("() => window.depictio.sketch.clear(drawn)")
    await expect(plot).to_be_visible()
    await expect(page.locator("#drawn .sketch")).to_be_hidden()


@pytest.mark.parametrize(("seed", "spread"), [(2, 0.0), (2, 3.0)], ids=["small", "large"])
async def test_axes_follow_points_that_do_not_suit_them(page: Page, seed: int, spread: float) -> None:
    """Points that leave the axes, or lie so close together that these should follow, are for plotly.js."""
    first, other = drawn("points", 1), drawn("points", seed, spread)
    for figure_, reach in ((first, 1.0), (other, spread)):
        for side, middle in (("x", 50), ("y", 500)):
            values = figure_["data"][0][side]["values"]
            figure_["data"][0][side] = {
                "typed": "f8",
                "values": [None if value is None else middle + (value - middle) * (reach or 0.1) for value in values],
            }
    await page.evaluate("draw", first)
    assert await page.evaluate("move", first)
    assert await page.evaluate("move", other) is False


MARKERS: dict[str, dict[str, Any]] = {
    "sizes": {"size": {"typed": "f8", "values": [3, 9]}},
    "colours by number": {"color": {"typed": "f8", "values": [1, 2]}},
    "symbols": {"symbol": "diamond"},
}
TRACES: dict[str, dict[str, Any]] = {
    "lines": {"mode": "lines"},
    "text": {"text": ["a"]},
    "bars of errors": {"error_y": {"type": "data", "array": [1]}},
    "another panel": {"xaxis": "x2"},
    "words": {"x": ["a", "b"]},
    "another name": {"name": "other"},
    "another kind": {"type": "bar"},
}


async def test_other_plots_are_for_plotly(page: Page) -> None:
    """Points that differ by more than their colour, too many, other traces, and a plot of which a part is picked."""
    figure_ = drawn("points", 1)
    assert await page.evaluate("move", figure_) is False
    await page.evaluate("draw", figure_)
    (trace,) = figure_["data"]
    others = [{**trace, "marker": {**trace["marker"], **more}} for more in MARKERS.values()]
    others += [{**trace, **more} for more in TRACES.values()]
    for data in (*([other] for other in others), [trace, trace], []):
        assert await page.evaluate("move", {**figure_, "data": data}) is False
    assert await page.evaluate("move", figure_)
    many = {"typed": "f8", "values": [50.0] * 20_001}
    assert await page.evaluate("move", {**figure_, "data": [{**trace, "x": many, "y": many}]}) is False
    await page.evaluate("() => Plotly.restyle(drawn, { selectedpoints: [[1, 2]] })")
    assert await page.evaluate("move", figure_) is False


async def test_a_scatter_of_the_board_follows_a_slider(demo: Demo, visit: OpenVisit) -> None:
    """While the slider is held, by a sketch of the server's points; plotly.js draws them when it rests."""
    there = await visit(demo.admin)
    page = there.page
    await there.open_dashboard("Palmer penguins")
    plot = page.locator('[data-figure="bills"]')
    x, y = await take_hold(there, page.get_by_role("slider", name="Body mass (g) from"))
    await page.evaluate(WATCH)
    await page.mouse.move(x + 40, y, steps=8)
    await page.mouse.up()
    await page.wait_for_function("() => window.sketched.length")
    await there.settled()
    await expect(plot.locator(".is-sketched")).to_have_count(0)
    sketches = await page.evaluate("window.sketched")
    assert max(sketches) > 500
    left = await there.number("Penguins")
    assert left < 300
    await expect(plot.locator(".scatterlayer .point")).to_have_count(int(left))
