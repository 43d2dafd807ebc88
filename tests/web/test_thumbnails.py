"""Pictures of dashboards: made once in the background, for those who may see the data, anew when something changed."""

from domain.tiles import CardTile
from tests.web.world import World, soup


async def test_a_picture_is_made_kept_and_made_anew(world: World) -> None:
    """Its tag says whether a browser has it; another tile makes another picture, and the old one goes."""
    user = await world.user()
    access = await world.project(user)
    collection = await world.collection(access)
    card = CardTile(id="card", title="Bills", collection_id=collection.id, column_name="bill_mm")
    dashboard = await world.services.dashboards.create(access, "Birds", "", {"card": card})
    browser = await world.browser(user)
    where = f"/dashboards/{dashboard.id}/thumbnail"
    first = await browser.get(where)
    assert (first.status_code, first.headers["content-type"]) == (200, "image/svg+xml")
    assert "44.21" in first.text
    assert "default-src 'none'" in first.headers["content-security-policy"]
    dark = await browser.get(f"{where}?scheme=dark")
    assert dark.text != first.text
    again = await browser.get(where, **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await world.services.dashboards.add_tile(
        access, dashboard.id, CardTile(id="n", collection_id=collection.id, column_name="count")
    )
    changed = await browser.get(where)
    assert changed.headers["etag"] != first.headers["etag"]
    assert await world.services.dashboards.open(user.actor(), dashboard.id)


async def test_a_picture_shows_data_only_to_those_who_may_see_it(world: World) -> None:
    """Strangers find nothing there; a scheme that is none is refused."""
    owner = await world.user()
    access = await world.project(owner)
    dashboard = await world.services.dashboards.create(access, "Birds")
    where = f"/dashboards/{dashboard.id}/thumbnail"
    stranger = await world.browser(await world.user())
    assert (await stranger.get(where)).status_code == 404
    browser = await world.browser(owner)
    assert (await browser.get(f"{where}?scheme=pink")).status_code == 422


async def test_lists_show_the_picture_over_the_outline(world: World) -> None:
    """For the scheme that the reader has chosen, or that of their system."""
    user = await world.user()
    access = await world.project(user)
    collection = await world.collection(access)
    card = CardTile(id="card", collection_id=collection.id, column_name="bill_mm")
    dashboard = await world.services.dashboards.create(access, "Birds", "", {"card": card})
    browser = await world.browser(user)
    path = f"/projects/{access.project.id}/dashboards"
    where = f"/dashboards/{dashboard.id}/thumbnail?scheme="
    page = await browser.page(path)
    assert page.select_one("picture source")["srcset"] == f"{where}dark"
    assert page.select_one("picture img")["src"] == f"{where}light"
    chosen = soup(
        await browser.get(path, cookie=f"{'; '.join(f'{k}={v}' for k, v in browser.http.cookies.items())}; scheme=dark")
    )
    assert chosen.select("picture source") == []
    assert chosen.select_one("picture img")["src"] == f"{where}dark"
