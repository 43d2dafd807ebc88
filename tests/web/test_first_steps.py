"""What a project offers to those who have just made it: data first, then a dashboard of them."""

from bs4 import BeautifulSoup, Tag

from domain.access import Principal, PrincipalKind, Role
from tests.web.world import World


def offered(page: BeautifulSoup) -> list[tuple[str, str]]:
    """The prominent buttons of the page with where they lead."""
    found = page.select("main [data-kind=primary]")
    return [(one.get_text(strip=True), str(one["href"] if one.name == "a" else leads(one))) for one in found]


def leads(button: Tag) -> str:
    """Where the form of a button goes."""
    assert button.form is None
    form = button.find_parent("form")
    assert isinstance(form, Tag)
    return str(form["action"])


async def test_a_project_offers_the_next_step(world: World) -> None:
    """Without data an upload, with data a first dashboard; those who may not do it are told who may."""
    owner, viewer = await world.user(), await world.user()
    access = await world.project(owner)
    base = f"/projects/{access.project.id}"
    await world.services.sharing.share(access, Principal(PrincipalKind.USER, viewer.id), Role.VIEWER)
    browser, looking = await world.browser(owner), await world.browser(viewer)
    assert offered(await browser.page(base)) == [("Upload a table", f"{base}/uploads")]
    assert offered(await looking.page(base)) == []
    await world.collection(access)
    assert offered(await browser.page(base)) == [("Make the first one", f"{base}/dashboards#field-title")]
    page = await looking.page(base)
    assert offered(page) == []
    assert "An editor of the project can make one." in page.main.get_text()


async def test_a_collection_becomes_a_dashboard_with_one_click(world: World) -> None:
    """Its tag is the title, and the editor opens; viewers are not offered what would be refused."""
    owner, viewer = await world.user(), await world.user()
    access = await world.project(owner)
    collection = await world.collection(access)
    base = f"/projects/{access.project.id}"
    address = f"{base}/collections/{collection.id}"
    await world.services.sharing.share(access, Principal(PrincipalKind.USER, viewer.id), Role.VIEWER)
    browser = await world.browser(owner)
    page = await browser.page(address)
    assert offered(page) == [("New dashboard", f"{base}/dashboards")]
    fields = {one["name"]: one["value"] for one in page.select(f"form[action='{base}/dashboards'] input[name]")}
    made = await browser.post(f"{base}/dashboards", title=fields["title"], subtitle=fields["subtitle"])
    (dashboard,) = await world.services.dashboards.of_project(access)
    assert (dashboard.title, made.headers["location"]) == (collection.tag, f"/dashboards/{dashboard.id}/edit")
    assert offered(await (await world.browser(viewer)).page(address)) == []
