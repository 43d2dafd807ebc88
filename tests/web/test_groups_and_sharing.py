"""Groups, the sharing page and why, as browsers without scripts and REST clients use them."""

import secrets

from bs4 import BeautifulSoup, Tag

from domain.access import Principal, PrincipalKind, Role
from domain.people import User
from domain.projects import Access
from tests.web.world import PASSWORD, World, soup


async def _group(world: World, *users: User, name: str = "") -> str:
    """A group that the first administers."""
    groups = world.services.groups
    group = await groups.create(users[0].actor(), name or f"Group {secrets.token_hex(4)}")
    for user in users[1:]:
        await groups.add_user(await groups.open(users[0].actor(), group.id), user.id)
    return group.id


async def _share(world: World, access: Access, group_id: str, role: Role) -> None:
    await world.services.sharing.share(access, Principal(PrincipalKind.GROUP, group_id), role)


def _names(page: BeautifulSoup, heading: str) -> list[str]:
    section = page.select_one(f"[aria-labelledby={heading}]")
    return [] if section is None else [_line(item) for item in section.select(".dp-grow > div:first-child")]


def _line(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


async def test_a_group_is_made_and_filled_with_forms_alone(world: World) -> None:
    """Made, renamed, joined by an address, an administrator more, and left."""
    ann, bob = await world.user("Ann"), await world.user("Bob")
    browser, other = await world.browser(ann), await world.browser(bob)
    name = f"Lab {secrets.token_hex(4)}"
    where = (await browser.post("/groups", name=name)).headers["location"]
    assert (await other.get(where)).status_code == 404
    assert (await browser.post(f"{where}/members", email=bob.email.upper())).headers["location"] == where
    assert _names(await other.page(where), "members-heading") == ["Ann", "Bob (you)"]
    assert (await other.post(where, name="Mine")).status_code == 403
    assert (await browser.post(where, name=f"{name} 2", description="All of us")).status_code == 303
    assert f"{name} 2" in _names(await other.page("/groups"), "groups-heading")
    again = await (await world.browser(await world.user())).post("/groups", name=f"{name.upper()} 2")
    assert again.status_code == 409
    assert (await browser.htmx("DELETE", f"{where}/members/{ann.id}")).status_code == 409
    assert (await browser.htmx("PUT", f"{where}/members/{bob.id}", administrator="yes")).status_code == 200
    left = await browser.htmx("DELETE", f"{where}/members/{ann.id}")
    assert left.headers["hx-redirect"] == "/groups"
    assert (await browser.get(where)).status_code == 404
    assert (await other.post(f"{where}/delete")).headers["location"] == "/groups"
    assert (await other.get(where)).status_code == 404


async def test_a_project_shared_with_a_group_ends_with_the_membership(world: World) -> None:
    """Listed and editable while in the group; from the next request after leaving it is not there."""
    owner, member = await world.user(), await world.user()
    access = await world.project(owner, "Of the group")
    group_id = await _group(world, owner, member)
    await _share(world, access, group_id, Role.EDITOR)
    browser, rest = await world.browser(member), await world.bearer(member)
    base = f"/projects/{access.project.id}"
    assert "Of the group" in (await browser.page("/projects")).get_text()
    assert (await browser.post(f"{base}/dashboards", title="Mine")).status_code == 303
    assert (await browser.post(f"{base}/members", email="x@example.org", role="viewer")).status_code == 403
    assert "dashboard:edit" in (await rest.get(f"/api/v1{base}")).json()["capabilities"]
    groups = world.services.groups
    await groups.remove_member(await groups.open(owner.actor(), group_id), member.id)
    assert (await browser.get(base)).status_code == 404
    assert (await rest.get(f"/api/v1{base}")).status_code == 404
    assert "Of the group" not in (await browser.page("/projects")).get_text()


async def test_a_deleted_group_takes_its_grants_along(world: World) -> None:
    owner, member = await world.user(), await world.user()
    access = await world.project(owner)
    group_id = await _group(world, owner, member)
    await _share(world, access, group_id, Role.OWNER)
    groups = world.services.groups
    await groups.delete(await groups.open(owner.actor(), group_id))
    now = await world.services.projects.open(owner.actor(), access.project.id)
    assert [str(grant.principal) for grant in now.project.grants] == [f"user:{owner.id}"]
    assert now.project.audience == (f"user:{owner.id}",)


async def test_people_and_groups_are_found_as_one_types(world: World) -> None:
    """From three letters on, by first and last name, accents aside; addresses only for who knows them."""
    owner, viewer = await world.user(), await world.user()
    mark = secrets.token_hex(4)
    found = await world.user(f"Zoé{mark} Müller{mark}")
    group_id = await _group(world, owner, name=f"Zoe{mark} lab")
    access = await world.project(owner, viewer=viewer)
    browser = await world.browser(owner)
    address = f"/projects/{access.project.id}/members/people?email="

    async def search(text: str) -> list[str]:
        page = soup(await browser.get(address + text, **{"HX-Request": "true"}))
        assert page.select("h1, header") == []
        return [_line(item) for item in page.select("#found li .dp-grow")]

    hidden = f"{found.email[0]}…@example.org"
    person = f"{found.display_name} {hidden}"
    assert await search(f"ZOE{mark}") == [f"Zoe{mark} lab Group of 1 person", person]
    assert await search(f"muller{mark}") == [person]
    assert await search(found.email) == [f"{found.display_name} {found.email}"]
    assert await search("zo") == []
    page = soup(await browser.get(address + f"zoe{mark}"))
    buttons = [button["value"] for button in page.select("#found button[name=principal][form=add-form]")]
    assert buttons == [f"group:{group_id}", f"user:{found.id}"]
    where = f"/projects/{access.project.id}/members"
    for value in buttons:
        answer = await browser.post(where, email="zoe", principal=value, role="editor")
        assert answer.headers["location"] == where
    shown = await browser.page(where)
    assert found.display_name in _names(shown, "members-heading")
    assert _names(shown, "groups-heading") == [f"Zoe{mark} lab"]
    assert await search(f"zoe{mark}") == []
    for text in ("user:none", "group:none", "user:", "god:1"):
        assert (await browser.post(where, email="zoe", principal=text, role="editor")).status_code == 422
    assert (await (await world.browser(viewer)).get(address + "zoe")).status_code == 403


async def test_who_looks_up_too_many_is_told_to_wait(world: World) -> None:
    """Trying all beginnings of names does not list the people of a site."""
    owner = await world.user()
    access = await world.project(owner)
    directory = world.services.directory
    for number in range(300):
        await directory.for_project(access, f"{number:03}")
    rest = await world.bearer(owner)
    answer = await rest.get(f"/api/v1/projects/{access.project.id}/sharing/people?q=abc")
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


async def test_an_address_without_an_account_waits_for_one(world: World) -> None:
    """Listed with role, inviter and end; its link is shown once, made anew at will; given once there is an account."""
    owner, editor = await world.user("Olga"), await world.user()
    access = await world.project(owner, editor=editor)
    browser = await world.browser(owner)
    where = f"/projects/{access.project.id}/members"
    email = f"new-{secrets.token_hex(4)}@example.org"
    answer = await browser.post(where, email=email.upper(), role="viewer")
    first = soup(answer).select_one("#invitation-link").get_text(strip=True)
    page = await browser.page(where)
    assert _names(page, "invited-heading") == [email]
    assert page.select_one("#invitation-link") is None
    assert "by Olga, until 20" in _line(page.select_one("[aria-labelledby=invited-heading] li"))
    assert _names(await (await world.browser(editor)).page(where), "invited-heading") == []
    assert (await browser.htmx("PUT", f"{where}/invitations/{email}", role="editor")).status_code == 200
    renewed = await browser.htmx("POST", f"{where}/invitations/{email}/link", role="editor")
    second = soup(renewed).select_one("#invitation-link").get_text(strip=True)
    guest = await world.browser()
    for link, status in ((first, 404), (second, 200)):
        assert (await guest.get(link.removeprefix(world.services.settings.address))).status_code == status
    user = await world.services.people.create_user(email, PASSWORD, "New")
    await world.services.invitations.accept_all(user)
    page = await browser.page(where)
    assert _names(page, "invited-heading") == []
    assert page.select_one(f'form[hx-put="{where}/{user.id}"] option[selected]')["value"] == "editor"


async def test_an_invitation_is_withdrawn_in_the_list(world: World) -> None:
    """In place with HTMX, and by a form; for owners only."""
    owner, viewer = await world.user(), await world.user()
    access = await world.project(owner, viewer=viewer)
    browser, reader = await world.browser(owner), await world.browser(viewer)
    where = f"/projects/{access.project.id}/members"
    for act in (
        lambda page: browser.htmx("DELETE", page),
        lambda page: browser.post(f"{page}/remove"),
    ):
        email = f"never-{secrets.token_hex(4)}@example.org"
        link = soup(await browser.post(where, email=email, role="viewer")).select_one("#invitation-link")
        page = f"{where}/invitations/{email}"
        assert (await reader.htmx("DELETE", page)).status_code == 403
        assert (await reader.htmx("POST", f"{page}/link", role="owner")).status_code == 403
        assert (await act(page)).status_code in {200, 303}
        assert _names(await browser.page(where), "invited-heading") == []
        path = link.get_text(strip=True).removeprefix(world.services.settings.address)
        assert (await (await world.browser()).get(path)).status_code == 404
        assert (await browser.htmx("DELETE", page)).status_code == 404


async def test_the_page_says_what_becomes_public(world: World) -> None:
    """The dashboards by name, the collections with their rows; then it is so, and can be taken back."""
    owner = await world.user()
    access = await world.project(owner)
    await world.collection(access, "penguins")
    await world.services.dashboards.create(access, "Bills")
    browser, stranger = await world.browser(owner), await world.browser()
    where = f"/projects/{access.project.id}/members"
    said = (await browser.page(where)).select_one("[aria-labelledby=visibility-heading]")
    assert [_line(item) for item in said.select("li")] == [
        "1 dashboard: Bills",
        "1 data collection with 4 rows, all columns, to look at and to download: penguins (4)",
        "notes beside dashboards",
    ]
    for public, status in (("yes", 200), ("", 303)):
        assert (await browser.htmx("PUT", f"{where}/visibility", public=public)).status_code == 200
        assert (await stranger.get(f"/projects/{access.project.id}")).status_code == status


async def test_a_project_is_handed_over(world: World) -> None:
    """The new owner owns, the old one edits and may not take it back."""
    owner, heir = await world.user(), await world.user()
    access = await world.project(owner, viewer=heir)
    browser = await world.browser(owner)
    where = f"/projects/{access.project.id}/members"
    assert (await browser.post(f"{where}/owner", user_id=heir.id)).headers["location"] == where
    projects = world.services.projects
    roles = {
        one.user.id: one.role for one in await projects.members(await projects.open(heir.actor(), access.project.id))
    }
    assert roles == {heir.id: Role.OWNER, owner.id: Role.EDITOR}
    assert (await browser.post(f"{where}/owner", user_id=owner.id)).status_code == 403


async def test_why_says_through_what_and_to_whom(world: World) -> None:
    """A page and REST; everybody about themselves, owners about everybody, and nothing about strangers."""
    owner, member, stranger = await world.user(), await world.user("Mia"), await world.user()
    access = await world.project(owner, viewer=member)
    group_id = await _group(world, owner, member, name=f"Writers {secrets.token_hex(4)}")
    group = (await world.services.groups.with_ids([group_id]))[group_id]
    await _share(world, access, group_id, Role.EDITOR)
    base = f"/projects/{access.project.id}"
    expected = [f"Shared with the group {group.name} as editor", "Shared with them as viewer"]
    for user in (owner, member):
        page = await (await world.browser(user)).page(f"{base}/members/why?user={member.id}")
        assert [_line(item) for item in page.select("#reasons li")] == expected
        table = {_line(row.th): [_line(cell) for cell in row.select("td")] for row in page.select("tbody tr")}
        assert table["dashboard:view"] == ["yes", "yes", "may"]
        assert table["dashboard:edit"] == ["yes", "no", "may"]
        assert table["project:share"] == ["no", "no", "may not"]
        assert not {"project:create", "account:edit"} & set(table)
    browser, reader = await world.browser(owner), await world.browser(member)
    for email, said in ((member.email.upper(), "What Mia may do"), (stranger.email, "may do here")):
        page = await browser.page(f"{base}/members/why?email={email}")
        assert said in _line(page.select_one("#why-heading"))
    assert _line(page.select_one("#reasons")).startswith("Nothing: no grant names them")
    wrong = await browser.get(f"{base}/members/why?email=nobody@example.org")
    assert (wrong.status_code, len(soup(wrong).select("#field-email[aria-invalid]"))) == (422, 1)
    assert soup(wrong).select("#why-heading, table") == []
    assert (await reader.get(f"{base}/members/why?email={stranger.email}")).status_code == 403
    mine, theirs = await world.bearer(member), await world.bearer(owner)
    answer = (await theirs.get(f"/api/v1{base}/why/{member.id}")).json()
    assert [one["origin"] for one in answer["reasons"]] == expected
    told = (await mine.get(f"/api/v1{base}")).json()["capabilities"]
    assert answer["capabilities"] == told == (await mine.get(f"/api/v1{base}/why/{member.id}")).json()["capabilities"]
    assert (await mine.get(f"/api/v1{base}/why/{owner.id}")).status_code == 403
    assert (await theirs.get(f"/api/v1{base}/why/{stranger.id}")).json()["capabilities"] == []
    assert (await theirs.get(f"/api/v1{base}/why/nobody")).status_code == 404
    assert (await (await world.bearer(stranger)).get(f"/api/v1{base}/why/{stranger.id}")).status_code == 404


async def test_groups_and_sharing_over_rest(world: World) -> None:
    """The same acts as on the pages."""
    owner, member = await world.user(), await world.user()
    access = await world.project(owner)
    rest = await world.bearer(owner)
    made = (await rest.post("/api/v1/groups", json={"name": f"Rest {secrets.token_hex(4)}"})).json()
    where = f"/api/v1/groups/{made['id']}"
    added = (await rest.post(f"{where}/members", json={"email": member.email})).json()
    assert [(one["user_id"], one["is_administrator"]) for one in added["people"]] == [
        (owner.id, True),
        (member.id, False),
    ]
    put = await rest.put(f"{where}/members/{member.id}", json={"is_administrator": True})
    assert [one["is_administrator"] for one in put.json()["people"]] == [True, True]
    assert (await rest.put(where, json={"name": made["name"], "description": "New"})).json()["description"] == "New"
    assert made["id"] in [one["id"] for one in (await rest.get("/api/v1/groups")).json()["items"]]
    sharing = f"/api/v1/projects/{access.project.id}/sharing"
    assert (await rest.put(f"{sharing}/groups/{made['id']}", json={"role": "viewer"})).status_code == 200
    assert (await rest.put(f"{sharing}/users/{member.id}", json={"role": "editor"})).status_code == 200
    invitations = f"/api/v1/projects/{access.project.id}/invitations"
    made_one = (await rest.post(invitations, json={"email": "who@example.org", "role": "viewer"})).json()
    assert (await rest.put(f"{invitations}/who@example.org", json={"role": "editor"})).status_code == 200
    found = (await rest.get(sharing)).json()
    assert [(one["group_id"], one["role"]) for one in found["groups"]] == [(made["id"], "viewer")]
    assert [(one["user_id"], one["role"]) for one in found["members"]] == [(owner.id, "owner"), (member.id, "editor")]
    assert made_one.pop("link").startswith(f"{world.services.settings.address}/invitation?token=")
    assert (await rest.get(invitations)).json()["items"] == [made_one | {"role": "editor"}]
    assert (await rest.delete(f"{invitations}/who@example.org")).status_code == 204
    assert (await rest.delete(f"{sharing}/groups/{made['id']}")).status_code == 204
    assert (await rest.delete(f"{where}/members/{owner.id}")).status_code == 204
    assert (await rest.get(where)).status_code == 404
    owned = await rest.put(f"/api/v1/projects/{access.project.id}/owner", json={"user_id": member.id})
    assert [(one["user_id"], one["role"]) for one in owned.json()["members"]] == [
        (member.id, "owner"),
        (owner.id, "editor"),
    ]
