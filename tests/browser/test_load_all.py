"""A scatter of which a sample is drawn: selecting in it, and all of its points on demand, with the keyboard alone."""

import httpx
import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Visit

TITLE = "Bills"
SAMPLE, ALL = 100, 342


@pytest.fixture(scope="module")
async def board(demo: Demo) -> str:
    """The address of a dashboard of the penguins whose scatter draws a hundred of them."""
    async with httpx.AsyncClient(base_url=f"{demo.address}/api/v1") as http:
        who = {"email": demo.admin.email, "password": demo.admin.password}
        token = (await http.post("/tokens", json=who)).raise_for_status().json()["access_token"]
        http.headers["authorization"] = f"Bearer {token}"
        projects = (await http.get("/projects")).json()["items"]
        project = next(one["id"] for one in projects if one["name"] == "Palmer penguins")
        collections = (await http.get(f"/projects/{project}/collections")).json()["items"]
        rows = {"collection_id": next(one["id"] for one in collections if one["tag"] == "penguins_complete")}
        made = (await http.post(f"/projects/{project}/dashboards", json={"title": "Sampled"})).json()
        scatter = {"component_type": "figure", "visu_type": "scatter", "x": "bill_length_mm", "y": "bill_depth_mm"}
        tiles = {
            "scatter": {**rows, **scatter, "id": "scatter", "title": TITLE, "max_points": SAMPLE},
            "card": {
                **rows, "component_type": "card", "id": "card", "title": "Penguins", "column_name": "bill_length_mm",
                "aggregation": "count", "layout": {"x": 4, "y": 0, "w": 2, "h": 1},
            },
        }  # fmt: skip
        content = {"version": made["version"], "title": made["title"], "tiles": tiles}
        (await http.put(f"/dashboards/{made['id']}", json=content)).raise_for_status()
    return f"/dashboards/{made['id']}"


async def drawn(there: Visit) -> list[tuple[object, int]]:
    """The traces of the scatter, and how many points each has."""
    return [(trace["type"], len(trace["x"])) for trace in await there.figure("scatter")]  # type: ignore[arg-type]


async def test_all_points_are_loaded_and_given_back(demo: Demo, visit: OpenVisit, board: str) -> None:
    """The button keeps the focus while it becomes the other one; nothing of it stays in the address."""
    there = await visit(demo.admin)
    await there.go(board)
    await there.painted()
    badge = there.tile(TITLE).locator(".tile-badge")
    button = there.tile(TITLE).locator(".tile-more").get_by_role("button")
    await expect(badge).to_have_text(f"{SAMPLE} of {ALL} points")
    await expect(button).to_have_accessible_name(f"Load all: {TITLE}")
    assert await drawn(there) == [("heatmap", 0), ("scatter", SAMPLE)]
    address = there.page.url

    await button.focus()
    await there.page.keyboard.press("Enter")
    await expect(badge).to_have_text("")
    await there.settled()
    assert await drawn(there) == [("scatter", ALL)]
    await expect(button).to_be_focused()
    await expect(button).to_have_accessible_name(f"Show a sample: {TITLE}")

    await there.page.keyboard.press("Enter")
    await expect(badge).to_have_text(f"{SAMPLE} of {ALL} points")
    await there.settled()
    assert await drawn(there) == [("heatmap", 0), ("scatter", SAMPLE)]
    assert there.page.url == address


async def test_a_lasso_over_a_density_selects_the_region(demo: Demo, visit: OpenVisit, board: str) -> None:
    """All rows inside count, not only the points that are drawn; the shading takes no part."""
    there = await visit(demo.admin)
    await there.go(board)
    await there.painted()
    area = await there.tile(TITLE).locator(".nsewdrag").bounding_box()
    assert area
    corners = [(0.2, 0.2), (0.6, 0.2), (0.6, 0.8), (0.2, 0.8), (0.2, 0.2)]
    places = [(area["x"] + area["width"] * x, area["y"] + area["height"] * y) for x, y in corners]
    await there.page.mouse.move(*places[0])
    await there.page.mouse.down()
    for x, y in places:
        await there.page.mouse.move(x, y, steps=6)
    await there.page.mouse.up()
    await there.page.wait_for_url("**within**")
    await there.settled()
    assert SAMPLE < await there.number("Penguins") < ALL
    assert await drawn(there) == [("heatmap", 0), ("scatter", SAMPLE)]
