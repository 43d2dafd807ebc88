"""What the page of a dashboard is opened with: the saved view of its address, or the default one."""

import json
from typing import Any

from domain.saved_views import ViewState
from domain.tiles import TextTile
from tests.dash_views.conftest import Town
from tests.web.world import Browser


async def opening(browser: Browser, path: str) -> dict[str, Any]:
    """What the page tells its scripts of the view to begin with."""
    found = (await browser.page(path)).find(id="opening")
    assert found is not None
    said: dict[str, Any] = json.loads(found.get_text())
    return said


async def test_a_page_is_opened_with_the_view_of_its_address_or_the_default_one(town: Town) -> None:
    """Filters in the address are stronger than a default; the editor and old versions open without one."""
    services, owner = town.world.services, town.users["owner"]
    made = await services.dashboards.create(town.penguins, "Birds", tiles={"text": TextTile(id="text")})
    opened = await services.dashboards.open(owner.actor(), made.id)
    await services.arrangement.add_tab(opened, "More")
    opened = await services.dashboards.open(owner.actor(), made.id)
    views, path = services.saved_views, f"/dashboards/{made.id}"
    browser = town.browsers["owner"]
    plain = {"name": "", "view": None, "problem": "", "is_default": False, "has_default": False}
    assert await opening(browser, path) == plain | {"tabs": [tab.id for tab in opened.dashboard.tabs]}
    view = await views.add(opened, "</script> & co", ViewState(tile="text"), shared=True)
    await views.set_default(opened, view.id)
    first = await opening(browser, path)
    assert (first["name"], first["is_default"], first["view"]["state"]["tile"]) == ("</script> & co", True, "text")
    for query in ("?f.text=a", "?f=none", "?tab=more", "?tile=text"):
        found = await opening(browser, path + query)
        assert (found["name"], found["view"], found["has_default"]) == ("", None, True), query
    named = await opening(browser, f"{path}?view=%3C/SCRIPT%3E+%26+co&f=none")
    assert (named["name"], named["view"]["id"], named["is_default"]) == ("</SCRIPT> & co", view.id, False)
    lost = await opening(browser, f"{path}?view=Nobody")
    assert (lost["name"], lost["view"]) == ("Nobody", None)
    assert "no view 'Nobody'" in lost["problem"]
    editor = await opening(browser, f"{path}/edit")
    assert (editor["view"], editor["has_default"]) == (None, False)
    assert (await opening(browser, f"{path}/edit?view={view.id}"))["view"]["name"] == view.name
    assert (await browser.page(f"{path}@1")).find(id="opening") is None
