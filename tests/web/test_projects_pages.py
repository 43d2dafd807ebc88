"""The pages of projects, as each kind of visitor sees and uses them."""

import pytest
from bs4 import BeautifulSoup, Tag

from domain.access import Role
from domain.ingests import CollectionReport, IngestRecord
from persistence.mongo import new_id, now
from tests.web.world import World

PATHS = {
    "/projects": "Projects",
    "/projects/new": "New project",
    "/projects/{p}": "Overview",
    "/projects/{p}/collections/{c}": "penguins",
    "/projects/{p}/members": "Members",
    "/projects/{p}/dashboards": "Dashboards",
    "/projects/{p}/settings": "Settings",
    "/dashboards": "Dashboards",
    "/profile": "Profile",
    "/admin/users": "Accounts",
    "/admin/invitations": "Invitations",
    "/api/docs": "REST interface",
}


@pytest.mark.parametrize(
    ("path", "tab"),
    [
        ("/admin/users", "Accounts"),
        ("/admin/users/{u}", "Accounts"),
        ("/admin/invitations", "Invitations"),
        ("/admin/audit", "Audit"),
        ("/admin/groups", "Groups"),
        ("/admin/projects", "Projects"),
        ("/admin/ingests", "Ingests"),
        ("/admin/sessions", "Sessions"),
        ("/admin/jobs", "Jobs"),
        ("/projects/{p}/jobs", "Jobs"),
        ("/projects/{p}/members/why?user={u}", "Members"),
        ("/projects/{p}/uploads", "Overview"),
    ],
)
async def test_pages_stand_under_the_tab_that_they_belong_to(world: World, path: str, tab: str) -> None:
    """The current tab is marked, and the others of the same place are beside it."""
    user = await world.user(is_admin=True)
    access = await world.project(user)
    page = await (await world.browser(user)).page(path.format(p=access.project.id, u=user.id))
    assert [one.get_text(strip=True) for one in page.select(".dp-tab[aria-current=page]")] == [tab]
    assert len(page.select(".dp-tab")) == (10 if path.startswith("/admin") else 5)
    assert len(page.select("h1")) == 1


@pytest.mark.parametrize("path", PATHS)
async def test_every_page_is_whole(world: World, path: str) -> None:
    """One first-level heading, a title, a main landmark, a name for every control, a token in every form."""
    user = await world.user(is_admin=True)
    access = await world.project(user)
    collection = await world.collection(access)
    await world.services.dashboards.create(access, "Overview")
    page = await (await world.browser(user)).page(path.format(p=access.project.id, c=collection.id))
    assert page.title.get_text().startswith(PATHS[path])
    assert page.title.get_text().endswith("Depictio")
    assert len(page.select("h1")) == 1
    assert len(page.select("main#main")) == 1
    assert page.html["lang"] == "en"
    assert [str(control) for control in page.select("input, select, textarea") if not _label(page, control)] == []
    assert [str(button) for button in page.select("button, a[href], summary") if not _name(button)] == []
    for form in page.select("form[method=post]"):
        assert form.select_one("input[name=_csrf_token]")["value"]
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    for tag in page.select("[aria-labelledby], [aria-describedby]"):
        for target in (tag.get("aria-labelledby") or tag["aria-describedby"]).split():
            assert target in ids


def _label(page: BeautifulSoup, control: Tag) -> object:
    if control.get("type") == "hidden" or control.get("aria-hidden") == "true":
        return "not shown"
    label = page.select_one(f"label[for='{control['id']}']") if control.get("id") else control.find_parent("label")
    return control.get("aria-label") or (label and label.get_text(strip=True))


def _name(button: Tag) -> object:
    return button.get("aria-label") or button.get_text(strip=True)


async def test_the_first_visit_says_what_to_do(empty_world: World) -> None:
    """Without projects the list names the command and offers to create one."""
    page = await (await empty_world.browser(await empty_world.user())).page("/projects")
    empty = page.select_one("#project-list .dp-empty")
    assert empty.select_one("code").get_text() == "depictio run project.yaml"
    assert empty.select_one("a")["href"] == "/projects/new"


async def test_a_project_is_created_renamed_and_deleted_by_forms(world: World) -> None:
    """Without scripts: create, change, a deletion that needs the name, and the way back to the list."""
    browser = await world.browser(await world.user())
    created = await browser.post("/projects", name="  Rockpools  ", description="Coast")
    address = created.headers["location"]
    page = await browser.page(address)
    assert page.h1.get_text(strip=True) == "Rockpools"
    assert page.select_one("#dp-toasts .dp-toast-text").get_text(strip=True) == "The project Rockpools is ready."
    assert (await browser.page(address)).select_one("#dp-toasts .dp-toast-text") is None

    answer = await browser.post(f"{address}/settings", name="Tide pools", description="Coast", is_public="on")
    assert answer.headers["location"] == f"{address}/settings"
    page = await browser.page(address)
    assert [page.h1.get_text(strip=True), page.select_one(".dp-page-head .dp-badge").get_text(strip=True)] == [
        "Tide pools",
        "Public",
    ]

    refused = await browser.post(f"{address}/delete", confirmation="Rockpools")
    assert refused.status_code == 422
    assert "Tide pools" in BeautifulSoup(refused.text, "lxml").select_one("#about-confirmation").get_text()
    assert (await browser.post(f"{address}/delete", confirmation="Tide pools")).headers["location"] == "/projects"
    assert (await browser.get(address)).status_code == 404


async def test_a_refused_form_keeps_what_was_written(world: World) -> None:
    """An empty name is marked at its field, and the description is not lost."""
    browser = await world.browser(await world.user())
    answer = await browser.post("/projects", name=" ", description="Long text <b>kept</b>")
    page = BeautifulSoup(answer.text, "lxml")
    assert answer.status_code == 422
    field = page.select_one("input[name=name]")
    assert field["aria-invalid"] == "true"
    assert page.find(id=field["aria-describedby"]).get_text(strip=True)
    assert page.select_one("textarea[name=description]").get_text() == "Long text <b>kept</b>"


async def test_a_taken_name_is_a_conflict_with_a_message(world: World) -> None:
    """The second project of the same name is refused, not renamed."""
    browser = await world.browser(await world.user())
    await browser.post("/projects", name="Same")
    answer = await browser.post("/projects", name="Same")
    assert answer.status_code == 409
    assert BeautifulSoup(answer.text, "lxml").select_one("[role=alert]").get_text(strip=True)


async def test_the_list_is_searched_in_place(world: World) -> None:
    """Every word must match; HTMX gets the list alone; no match says so."""
    user = await world.user()
    browser = await world.browser(user)
    await world.project(user, "Penguins of Palmer")
    await world.project(user, "Iris")
    page = await browser.page("/projects?q=palmer+peng")
    assert [title.get_text(strip=True) for title in page.select(".dp-card-title")] == ["Penguins of Palmer"]
    fragment = BeautifulSoup((await browser.htmx("GET", "/projects?q=iris")).text, "lxml")
    assert fragment.select("h1") == []
    assert [title.get_text(strip=True) for title in fragment.select("#project-list .dp-card-title")] == ["Iris"]
    assert "zebra" in (await browser.page("/projects?q=zebra")).select_one(".dp-empty").get_text()


async def test_cards_count_what_is_inside(world: World) -> None:
    """Collections, dashboards and rows."""
    user = await world.user()
    access = await world.project(user)
    await world.collection(access)
    await world.services.dashboards.create(access, "One")
    listed = await (await world.browser(user)).page("/projects?q=" + access.project.name.replace(" ", "+"))
    card = listed.select_one(".dp-card-foot")
    assert [span.get_text(strip=True) for span in card.select("span")][:3] == ["1 collection", "1 dashboard", "4 rows"]


async def test_a_collection_shows_schema_rows_and_versions(world: World) -> None:
    """Missing values are marked, markup in the data is text, earlier versions are marked as such."""
    user = await world.user()
    access = await world.project(user)
    collection = await world.collection(access)
    browser = await world.browser(user)
    address = f"/projects/{access.project.id}/collections/{collection.id}"
    page = await browser.page(address)
    rows = [[cell.get_text(strip=True) for cell in row.select("td")] for row in page.select("#preview tbody tr")]
    assert rows == [
        ["Adelie", "39.1", "1"],
        ["Gentoo", "47.5", "2"],
        ["missing", "40.25", "3"],
        ["<b>Chinstrap</b>", "50", "4"],
    ]
    schema = page.select("section[aria-labelledby=schema-heading] tbody tr")
    assert [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in schema] == [
        ["species", "text", "String", "About species"],
        ["bill_mm", "number", "Float64", "About bill_mm"],
        ["count", "number", "Int64", "About count"],
    ]
    versions = page.select("section[aria-labelledby=versions-heading] a[href*='?version=']")
    assert [link["href"] for link in versions] == [f"{address}?version=1", f"{address}?version=0"]
    ways = {link["href"] for link in page.select("section[aria-labelledby=versions-heading] a")} - {
        link["href"] for link in versions
    }
    assert ways == {f"{address}/upkeep", f"{address}/versions/0/restore"}
    old = await browser.page(f"{address}?version=0")
    assert len(old.select("#preview tbody tr")) == 2
    assert "not the current one" in old.select_one("#preview-heading").get_text()
    assert page.select_one("#changes") is None
    changes = [" ".join(item.get_text(" ", strip=True).split()) for item in old.select("#changes li")]
    assert changes[0].startswith("Rows: 2 then, 4 now")
    assert (await browser.get(f"{address}?version=99")).status_code == 404


async def test_a_collection_of_another_project_is_not_found(world: World) -> None:
    """Its id in an address of a project that one may see opens nothing."""
    user = await world.user()
    mine = await world.project(user)
    theirs = await world.collection(await world.project(await world.user()))
    answer = await (await world.browser(user)).get(f"/projects/{mine.project.id}/collections/{theirs.id}")
    assert answer.status_code == 404


CONTROLS = {
    "owner": {"settings", "members", "share", "create", "edit", "delete"},
    "editor": {"members", "create", "edit"},
    "viewer": {"members"},
    "administrator": {"settings", "members", "share", "create", "edit", "delete"},
}


@pytest.mark.parametrize("role", CONTROLS)
async def test_people_see_the_controls_that_they_may_use(world: World, role: str) -> None:
    """Nothing is shown that would be refused, and nothing is missing that is allowed."""
    owner = await world.user()
    user = owner if role == "owner" else await world.user(is_admin=role == "administrator")
    access = await world.project(owner, **({role: user} if role in {"editor", "viewer"} else {}))
    await world.services.dashboards.create(access, "Overview")
    browser = await world.browser(user)
    base = f"/projects/{access.project.id}"
    overview, members, dashboards = [await browser.page(base + end) for end in ("", "/members", "/dashboards")]
    shown = {
        "settings": overview.select_one(f"a[href='{base}/settings']"),
        "members": overview.select_one(f"a[href='{base}/members']"),
        "share": members.select_one("form[hx-put]"),
        "create": dashboards.select_one(f"form[action='{base}/dashboards']"),
        "edit": dashboards.select_one("a[href$='/edit']"),
        "delete": dashboards.select_one("form[hx-delete]"),
    }
    assert {name for name, control in shown.items() if control is not None} == CONTROLS[role]


async def test_outsiders_find_nothing(world: World) -> None:
    """Pages and acts alike are 404: a project that is not shared does not exist."""
    owner = await world.user()
    access = await world.project(owner)
    browser = await world.browser(await world.user())
    base = f"/projects/{access.project.id}"
    for path in ("", "/members", "/dashboards", "/settings"):
        assert (await browser.get(base + path)).status_code == 404
    assert (await browser.post(f"{base}/delete", confirmation=access.project.name)).status_code == 404
    assert (await browser.post(f"{base}/members", email=owner.email, role="viewer")).status_code == 404
    assert (await browser.htmx("PUT", f"{base}/members/{owner.id}", role="viewer")).status_code == 404


async def test_a_public_project_is_open_to_visitors_for_looking_only(world: World) -> None:
    """Without signing in: overview and data, no members, no controls, no acts."""
    owner = await world.user()
    access = await world.project(owner)
    collection = await world.collection(access)
    await world.services.projects.set_public(access, is_public=True)
    visitor = await world.browser()
    base = f"/projects/{access.project.id}"
    page = await visitor.page(base)
    assert page.select(f"a[href='{base}/members'], a[href='{base}/settings'], form[action*='projects']") == []
    assert owner.email not in page.get_text()
    assert len((await visitor.page(f"{base}/collections/{collection.id}")).select("#preview tbody tr")) == 4
    assert (await visitor.post(f"{base}/dashboards", title="Mine")).status_code in {303, 401}
    assert await world.services.dashboards.of_project(access) == []
    assert access.project.grants[0].role == Role.OWNER


async def test_members_see_the_latest_ingests(world: World) -> None:
    """What failed says why; visitors of a public project are not shown who worked on it."""
    owner = await world.user()
    access = await world.project(owner)
    report = CollectionReport(workflow="survey", tag="penguins", outcome="failed", message="a.csv, line 3: 4 values")
    record = IngestRecord(
        id=new_id(),
        project_id=access.project.id,
        user_id=owner.id,
        user_email=owner.email,
        started_at=now(),
        finished_at=now(),
        report=report,
    )
    await world.ingests.add(record)
    await world.services.projects.set_public(access, is_public=True)
    path = f"/projects/{access.project.id}"
    panel = (await (await world.browser(owner)).page(path)).select_one("section[aria-labelledby=ingests-heading]")
    assert "a.csv, line 3: 4 values" in panel.get_text()
    assert panel.select_one(".dp-badge").get_text() == "failed"
    assert (await (await world.browser()).page(path)).select_one("#ingests-heading") is None
