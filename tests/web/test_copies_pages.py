"""The pages by which dashboards are taken elsewhere, without scripts."""

import httpx
import pytest
from bs4 import Tag
from msgspec import structs

from domain.access import Role
from domain.dashboards import Dashboard
from domain.people import User
from domain.projects import Access
from domain.tiles import CardTile
from persistence.mongo import new_id
from tests.web.world import World, soup


@pytest.fixture
async def board(world: World) -> tuple[User, Access, Dashboard]:
    owner = await world.user()
    access = await world.project(owner, viewer=await world.user())
    collection = await world.collection(access)
    card = CardTile(id="card", collection_id=collection.id, column_name="bill_mm")
    return owner, access, await world.services.dashboards.create(access, "Birds: all / some", "", {"card": card})


async def test_a_dashboard_is_saved_as_a_file_and_imported(world: World, board: tuple[User, Access, Dashboard]) -> None:
    """Chosen as a file or pasted; the new one has the same tiles."""
    owner, access, dashboard = board
    browser = await world.browser(owner)
    file = await browser.get(f"/dashboards/{dashboard.id}/file")
    assert file.headers["content-type"].startswith("application/yaml")
    assert file.headers["content-disposition"].startswith('attachment; filename="Birds: all _ some.yaml"')
    where = f"/projects/{access.project.id}/dashboards/import"
    chosen = await _sent(browser.http, await browser.token(), where, files={"file": ("b.yaml", file.content)})
    pasted = await _sent(browser.http, await browser.token(), where, files={"text": (None, file.text)})
    assert (chosen.status_code, pasted.status_code) == (303, 303)
    made = await world.services.dashboards.open(owner.actor(), chosen.headers["location"].rpartition("/")[2])
    assert made.dashboard.tiles == dashboard.tiles


async def _sent(http: httpx.AsyncClient, token: str, where: str, **more: object) -> httpx.Response:
    return await http.post(where, data={"_csrf_token": token}, **more)  # type: ignore[arg-type]


async def test_a_file_that_cannot_be_used_says_why(world: World, board: tuple[User, Access, Dashboard]) -> None:
    """The text stands there again, with each fault."""
    owner, access, _ = board
    browser = await world.browser(owner)
    where = f"/projects/{access.project.id}/dashboards/import"
    text = "title: T\ncomponents:\n- {component_type: card, data_collection_tag: gone, column_name: x}"
    answer = await _sent(browser.http, await browser.token(), where, files={"text": (None, text)})
    assert answer.status_code == 422
    page = soup(answer)
    area = page.select_one("textarea[name=text]")
    assert isinstance(area, Tag)
    assert area.text.strip() == text
    assert "gone" in page.select(".dp-problem")[0].text
    nothing = await _sent(browser.http, await browser.token(), where, files={"file": ("", b"")})
    assert nothing.status_code == 422


async def test_a_dashboard_is_duplicated(world: World, board: tuple[User, Access, Dashboard]) -> None:
    owner, access, dashboard = board
    browser = await world.browser(owner)
    answer = await browser.post(f"/projects/{access.project.id}/dashboards/{dashboard.id}/duplicate")
    assert answer.status_code == 303
    titles = [one.title for one in await world.services.dashboards.of_project(access)]
    assert titles == ["Birds: all / some", "Birds: all / some (copy)"]


async def test_a_dashboard_is_copied_where_its_data_is_found(
    world: World, board: tuple[User, Access, Dashboard]
) -> None:
    """The page shows what stands for what; a choice that lacks columns is refused with its reason."""
    owner, access, dashboard = board
    browser = await world.browser(owner)
    alone = await browser.page(f"/dashboards/{dashboard.id}/copy")
    assert "no other project" in alone.text
    other = await world.project(owner)
    missing = await browser.page(f"/dashboards/{dashboard.id}/copy?project={other.project.id}")
    assert "choose a data collection" in missing.text
    refused = await browser.post(f"/dashboards/{dashboard.id}/copy", project=other.project.id)
    assert refused.status_code == 422
    collection = await world.collection(other)
    narrow = structs.replace(collection, id=new_id(), tag="narrow", columns=collection.columns[:1])
    await world.collections.add(narrow)
    chosen = f"project={other.project.id}&stands.{dashboard.tile('card').collection_id}={narrow.id}"
    page = await browser.page(f"/dashboards/{dashboard.id}/copy?{chosen}")
    assert "It lacks bill_mm" in page.text
    assert "narrow (survey): lacks 1 column" in page.text
    page = await browser.page(f"/dashboards/{dashboard.id}/copy?project={other.project.id}")
    assert [one["value"] for one in page.select("option[selected]")] == [other.project.id, collection.id]
    made = await browser.post(f"/dashboards/{dashboard.id}/copy", project=other.project.id, move="on")
    assert made.status_code == 303
    found = await world.services.dashboards.open(owner.actor(), made.headers["location"].rpartition("/")[2])
    assert found.dashboard.project_id == other.project.id
    assert await world.services.dashboards.of_project(access) == []


async def test_a_viewer_finds_no_way_to_copy(world: World, board: tuple[User, Access, Dashboard]) -> None:
    """The file alone is theirs to take."""
    _, access, dashboard = board
    viewer = await world.user()
    await world.services.projects.add_member(access, viewer.email, Role.VIEWER)
    browser = await world.browser(viewer)
    assert (await browser.get(f"/dashboards/{dashboard.id}/file")).status_code == 200
    assert (await browser.get(f"/dashboards/{dashboard.id}/copy")).status_code == 403
    where = f"/projects/{access.project.id}/dashboards"
    assert (await browser.post(f"{where}/{dashboard.id}/duplicate")).status_code == 403
    imported = await _sent(browser.http, await browser.token(), f"{where}/import", files={"text": (None, "title: T")})
    assert imported.status_code == 403
