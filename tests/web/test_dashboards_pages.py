"""The lists of dashboards: grouped, searched, created, renamed and deleted."""

from pathlib import Path
from typing import get_args

from bs4 import BeautifulSoup

from domain.tiles import TileKind
from tests.web.world import World


async def test_dashboards_are_grouped_by_project_and_searched(world: World) -> None:
    """Groups and their dashboards by name; only what one may see; a search leaves empty groups out."""
    user, other = await world.user(), await world.user()
    hidden = await world.project(other, "Secret")
    await world.services.dashboards.create(hidden, "Not yours")
    for name, titles in (("B project", ("Zebra", "apple")), ("A project", ("Only",))):
        access = await world.project(user, name)
        for title in titles:
            await world.services.dashboards.create(access, title)
    browser = await world.browser(user)

    def shown(page: BeautifulSoup) -> list[tuple[str, list[str]]]:
        return [
            (section.h2.get_text(strip=True), [title.get_text(strip=True) for title in section.select("h3")])
            for section in page.select("#dashboard-list section")
            if section.h2.get_text(strip=True) in {"A project", "B project", "Secret"}
        ]

    assert shown(await browser.page("/dashboards")) == [("A project", ["Only"]), ("B project", ["apple", "Zebra"])]
    assert shown(await browser.page("/dashboards?q=ZEB")) == [("B project", ["Zebra"])]
    fragment = BeautifulSoup((await browser.htmx("GET", "/dashboards?q=only")).text, "lxml")
    assert fragment.select("h1") == []
    assert shown(fragment) == [("A project", ["Only"])]


async def test_a_dashboard_is_created_renamed_and_deleted(world: World) -> None:
    """Creation leads to the editor; renaming and deletion happen in place."""
    user = await world.user()
    access = await world.project(user)
    browser = await world.browser(user)
    base = f"/projects/{access.project.id}/dashboards"
    created = await browser.post(base, title="Birds", subtitle="All of them")
    (dashboard,) = await world.services.dashboards.of_project(access)
    assert created.headers["location"] == f"/dashboards/{dashboard.id}/edit"
    card = (await browser.page(base)).select_one(f"#dashboard-{dashboard.id}")
    assert card.h3.a["href"] == f"/dashboards/{dashboard.id}"

    rename = {"title": "Seabirds", "subtitle": "", "version": dashboard.version}
    renamed = await browser.htmx("POST", f"{base}/{dashboard.id}", **rename)
    assert BeautifulSoup(renamed.text, "lxml").select_one("#dashboards h3").get_text(strip=True) == "Seabirds"
    stale = await browser.htmx("POST", f"{base}/{dashboard.id}", **{**rename, "title": "Late"})
    assert (stale.status_code, stale.headers["hx-retarget"]) == (409, "#dp-toasts")

    deleted = await browser.htmx("DELETE", f"{base}/{dashboard.id}")
    assert BeautifulSoup(deleted.text, "lxml").select_one("#dashboards .dp-empty") is not None
    assert (await browser.htmx("DELETE", f"{base}/{dashboard.id}")).status_code == 404


async def test_forms_without_scripts_do_the_same(world: World) -> None:
    """Rename and delete by plain posts lead back to the list."""
    user = await world.user()
    access = await world.project(user)
    dashboard = await world.services.dashboards.create(access, "Birds")
    browser = await world.browser(user)
    base = f"/projects/{access.project.id}/dashboards"
    renamed = await browser.post(f"{base}/{dashboard.id}", title="Seabirds", subtitle="", version=dashboard.version)
    assert renamed.headers["location"] == base
    assert (await browser.post(f"{base}/{dashboard.id}/delete")).headers["location"] == base
    assert await world.services.dashboards.of_project(access) == []


async def test_a_dashboard_without_a_title_is_refused_at_the_field(world: World) -> None:
    """And the subtitle that was written stays."""
    user = await world.user()
    access = await world.project(user)
    answer = await (await world.browser(user)).post(
        f"/projects/{access.project.id}/dashboards", title=" ", subtitle="Kept"
    )
    page = BeautifulSoup(answer.text, "lxml")
    assert answer.status_code == 422
    assert page.select_one("#field-title")["aria-invalid"] == "true"
    assert page.select_one("#field-subtitle")["value"] == "Kept"


async def test_editors_create_and_do_not_delete(world: World) -> None:
    """As the capability table says."""
    owner, editor = await world.user(), await world.user()
    access = await world.project(owner, editor=editor)
    browser = await world.browser(editor)
    base = f"/projects/{access.project.id}/dashboards"
    assert (await browser.post(base, title="Birds")).status_code == 303
    (dashboard,) = await world.services.dashboards.of_project(access)
    assert (await browser.htmx("DELETE", f"{base}/{dashboard.id}")).status_code == 403
    assert await world.services.dashboards.of_project(access) == [dashboard]


def test_every_kind_of_tile_has_a_colour_in_sketches() -> None:
    """A shape without one would be black, in both schemes."""
    css = (Path(__file__).parents[2] / "web" / "static" / "css" / "parts.css").read_text("utf-8")
    kinds = set(get_args(TileKind)) - {"interactive"}
    assert {kind for kind in kinds if f".dp-mini-{kind} {{" in css} == kinds
