"""More plots of many points than a browser has WebGL contexts for: none of them is empty, at any time."""

from collections.abc import AsyncIterator

import pytest

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Visit, api

TILES = 9
OF_WEBGL = 6
WATCH = """
  window.contextsLost = 0;
  window.addEventListener('webglcontextlost', () => { window.contextsLost += 1; }, true);
"""
KINDS = """() => [...document.querySelectorAll('.js-plotly-plot')].map((plot) => {
  if (plot.querySelector('.gl-canvas')) return 'WebGL';
  return plot.querySelector('.scatterlayer .point') ? 'SVG' : 'nothing';
})"""
DRAWN_ANEW = """() => {
  const canvas = document.querySelector('.js-plotly-plot').querySelector('.gl-canvas-context');
  if (!canvas || canvas === window.canvasLost) return false;
  const copy = Object.assign(document.createElement('canvas'), { width: canvas.width, height: canvas.height });
  const context = copy.getContext('2d');
  context.drawImage(canvas, 0, 0);
  return context.getImageData(0, 0, copy.width, copy.height).data.some((value) => value > 0);
}"""
LOSE = """() => {
  const [canvas] = document.querySelectorAll('.js-plotly-plot .gl-canvas-context');
  window.canvasLost = canvas;
  canvas.getContext('webgl').getExtension('WEBGL_lose_context').loseContext();
}"""


@pytest.fixture
async def crowded(demo: Demo, visit: OpenVisit) -> AsyncIterator[Visit]:
    """A dashboard of nothing but points that are drawn with WebGL, and a filter."""
    there = await visit(demo.admin)
    page = there.page
    listed = await api(page, "GET", "/dashboards/?limit=1000")
    source = next(one["id"] for one in listed["items"] if one["title"] == "Palmer penguins")
    found = await api(page, "GET", f"/dashboards/{source}")
    points, species = (found["tiles"][name] for name in ("bills", "species"))
    tiles = {"species": species | {"layout": {"x": 0, "y": 0, "w": 3, "h": 2}}}
    for at in range(TILES):
        place = {"x": at % 3 * 2, "y": 2 + at // 3 * 3, "w": 2, "h": 3}
        options = {"options": {"render_mode": "webgl"}}
        tiles[f"points-{at}"] = points | options | {"id": f"points-{at}", "title": f"Points {at}", "layout": place}
    made = await api(page, "POST", f"/projects/{found['project_id']}/dashboards", {"title": "Crowded"})
    content = {"version": made["version"], "title": "Crowded", "tiles": tiles}
    await api(page, "PUT", f"/dashboards/{made['id']}", content)
    await page.add_init_script(WATCH)
    await there.go(f"/dashboards/{made['id']}")
    await there.painted()
    yield there
    await there.go("/projects")
    await api(page, "DELETE", f"/dashboards/{made['id']}")


async def test_no_plot_loses_what_is_drawn(crowded: Visit) -> None:
    """Where there is no room for WebGL, points are SVG; pictures take nothing away; what is lost is drawn again."""
    page = crowded.page
    kinds = await page.evaluate(KINDS)
    assert (kinds.count("WebGL"), kinds.count("SVG")) == (OF_WEBGL, TILES - OF_WEBGL)
    for species in ("Gentoo", "Adelie"):
        await crowded.choose("Species", species)
        await crowded.painted()
    for _ in range(2):
        async with page.expect_download():
            await page.get_by_role("button", name="Picture", exact=True).click()
    assert await page.evaluate(KINDS) == kinds
    assert await page.evaluate("window.contextsLost") == 0
    await page.evaluate(LOSE)
    await page.wait_for_function(DRAWN_ANEW)
    assert await page.evaluate(KINDS) == kinds
