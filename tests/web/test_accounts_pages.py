"""Registration, invitations, reset links, tokens and the administrator's page of an account, without scripts."""

import secrets
from collections.abc import AsyncIterator

import msgspec
import pytest
from bs4 import BeautifulSoup

from domain.settings import Settings
from persistence.mongo import connect
from persistence.objects import open_objects
from persistence.tables import Tables
from services.opening import open_services
from tests.web.conftest import fast_hasher
from tests.web.world import PASSWORD, Browser, World, soup
from web.app import create_app

NEW = "another horse battery staple"


@pytest.fixture(scope="module")
async def open_world(web_settings: Settings) -> AsyncIterator[World]:
    """The same site, where everybody may register and visitors see nothing."""
    settings = msgspec.structs.replace(web_settings, registration="open", public_access=False)
    async with open_services(settings, hasher=fast_hasher()) as services:
        documents = await connect(settings.mongodb_url, settings.mongodb_database)
        yield World(services, create_app(services), documents, Tables(open_objects(settings.storage_url)))
        documents.close()


def an_address() -> str:
    return f"{secrets.token_hex(6)}@example.org"


async def as_admin(world: World) -> Browser:
    return await world.browser(await world.user("Root", is_admin=True))


def text_of(page: BeautifulSoup, selector: str) -> str:
    found = page.select_one(selector)
    assert found is not None, page
    return found.get_text(strip=True)


async def test_somebody_registers_and_is_signed_in(open_world: World) -> None:
    """Where they wanted to go; a second account for the address is refused at its field."""
    browser, email = await open_world.browser(), an_address()
    page = await browser.page("/sign-in?next=/profile")
    [link] = [a["href"] for a in page.select("a") if a.get_text() == "Register"]
    assert (await browser.page(link)).select_one("input[name=next]")["value"] == "/profile"
    form = {"email": email.upper(), "display_name": "Eve", "password": NEW, "repeated": NEW, "next": "/profile"}
    assert (await browser.post("/register", **form)).headers["location"] == "/profile"
    assert text_of(await browser.page("/profile"), ".dp-page-head .dp-small") == email
    again = await (await open_world.browser()).post("/register", **form)
    assert (again.status_code, "already an account" in text_of(soup(again), "[role=alert]")) == (409, True)


@pytest.mark.parametrize("target", ["//evil.org", "https://evil.org", "/\\evil.org", "javascript:alert(1)"])
async def test_registration_leads_to_this_server_only(target: str, open_world: World) -> None:
    browser = await open_world.browser()
    form = {"email": an_address(), "display_name": "Eve", "password": NEW, "repeated": NEW, "next": target}
    assert (await browser.post("/register", **form)).headers["location"] == "/projects"
    assert (await browser.page(f"/register?next={target}")).select_one("input[name=next]")["value"] == "/projects"


async def test_a_form_that_cannot_be_used_says_where(open_world: World) -> None:
    browser = await open_world.browser()
    good = {"email": an_address(), "display_name": "Eve", "password": NEW, "repeated": NEW}
    for change in (
        {"email": "eve"},
        {"display_name": " "},
        {"password": "short", "repeated": "short"},
        {"repeated": "x"},
    ):
        answer = await browser.post("/register", **good | change)
        assert answer.status_code == 422
        assert [field["name"] for field in soup(answer).select("[aria-invalid]")] == [next(iter(change))]


async def test_registration_is_closed_by_default(world: World) -> None:
    """The form is not shown, and a request without it is refused."""
    browser = await world.browser()
    assert not [a for a in (await browser.page("/sign-in")).select("a") if a.get_text() == "Register"]
    assert (await browser.page("/register")).select_one("input[name=password]") is None
    form = {"email": an_address(), "display_name": "Eve", "password": NEW, "repeated": NEW}
    assert (await browser.post("/register", **form)).status_code == 403


async def test_an_invitation_is_made_passed_on_and_accepted(world: World) -> None:
    """The link is in one answer only, made of the configured address; it opens an account once."""
    admin, email = await as_admin(world), an_address()
    answer = await admin.http.post(
        "/admin/invitations",
        data={"_csrf_token": await admin.token(), "email": email},
        headers={"x-forwarded-host": "evil.org"},
    )
    link = text_of(soup(answer), "#invitation-link")
    assert link.startswith(f"{world.services.settings.address}/invitation?token=")
    page = await admin.page("/admin/invitations")
    assert page.select_one("#invitation-link") is None
    assert email in text_of(page, "#waiting")
    path, guest = link.removeprefix(world.services.settings.address), await world.browser()
    token = (await guest.page(path)).select_one("input[name=token]")["value"]
    form = {"token": token, "display_name": "Ada", "password": NEW, "repeated": NEW}
    assert (await guest.post("/invitation", **form | {"repeated": "x"})).status_code == 422
    assert (await guest.post("/invitation", **form)).headers["location"] == "/projects"
    assert text_of(await guest.page("/profile"), ".dp-page-head .dp-small") == email
    for again in (await guest.get(path), await guest.post("/invitation", **form)):
        assert (again.status_code, "does not hold" in again.text) == (404, True)


async def test_an_invitation_is_withdrawn(world: World) -> None:
    """In place with HTMX, and by a form; then its link holds no more."""
    admin = await as_admin(world)
    for act in (admin.post, lambda path, **form: admin.htmx("POST", path, **form)):
        email = an_address()
        link = text_of(soup(await admin.post("/admin/invitations", email=email)), "#invitation-link")
        answer = await act("/admin/invitations/withdraw", email=email)
        assert answer.status_code in {200, 303}
        assert email not in answer.text
        path = link.removeprefix(world.services.settings.address)
        assert (await (await world.browser()).get(path)).status_code == 404


async def test_an_owner_invites_to_a_project(world: World) -> None:
    """Who accepts lands in it; who has no right to share cannot invite."""
    owner, viewer = await world.user(), await world.user()
    access = await world.project(owner, viewer=viewer)
    here = f"/projects/{access.project.id}/members"
    for other, status in ((viewer, 403), (await world.user(), 404)):
        refused = await (await world.browser(other)).post(here, email=an_address(), role="editor")
        assert refused.status_code == status
    browser = await world.browser(owner)
    link = text_of(soup(await browser.post(here, email=an_address(), role="editor")), "#invitation-link")
    guest = await world.browser()
    form = {"token": link.partition("token=")[2], "display_name": "Ada", "password": NEW, "repeated": NEW}
    answer = await guest.post("/invitation", **form)
    assert answer.headers["location"] == f"/projects/{access.project.id}"
    assert (await guest.get(answer.headers["location"])).status_code == 200


async def test_an_account_that_came_to_be_meanwhile_joins(world: World) -> None:
    """Signed in as somebody else they are told so; signed in they accept with one button."""
    owner, user = await world.user(), await world.user()
    access = await world.project(owner)
    email = an_address()
    invited = await world.services.invitations.invite_to(access, email, "viewer")
    friend = await world.services.people.create_user(email, PASSWORD, "Friend")
    path = f"/invitation?token={invited.secret}"
    stranger = await world.browser(user)
    assert (await stranger.page(path)).select_one("form[action='/invitation/join']") is None
    assert (await stranger.post("/invitation/join", token=invited.secret)).status_code == 403
    browser = await world.browser(friend)
    assert (await browser.page(path)).select_one("form[action='/invitation/join']")
    joined = await browser.post("/invitation/join", token=invited.secret)
    assert joined.headers["location"] == f"/projects/{access.project.id}"


async def test_a_reset_link_sets_a_password(world: World) -> None:
    """Browsers that were signed in are not any more, and nobody is signed in by the link itself."""
    user = await world.user()
    signed_in, admin = await world.browser(user), await as_admin(world)
    answer = await admin.post(f"/admin/users/{user.id}/reset-link")
    path = text_of(soup(answer), "#reset-link").removeprefix(world.services.settings.address)
    guest = await world.browser()
    token = (await guest.page(path)).select_one("input[name=token]")["value"]
    refused = await guest.post("/reset", token=token, password="short", repeated="short")
    assert [field["name"] for field in soup(refused).select("[aria-invalid]")] == ["password"]
    assert (await guest.post("/reset", token=token, password=NEW, repeated=NEW)).headers["location"] == "/sign-in"
    assert (await signed_in.get("/profile")).headers["location"].startswith("/sign-in")
    assert (await guest.get("/profile")).headers["location"].startswith("/sign-in")
    assert (await guest.get(path)).status_code == 404
    signed_in.user = user
    assert (await signed_in.sign_in(NEW)).status_code == 303


async def test_an_administrator_closes_reopens_and_deletes(world: World) -> None:
    """Closing shuts an open browser at its next request; deleting wants the address and an heir."""
    user, admin = await world.user("Ada"), await as_admin(world)
    access, browser, here = await world.project(user), await world.browser(user), f"/admin/users/{user.id}"
    assert (await browser.get(here)).status_code == 403
    await admin.post(f"{here}/active", is_active="")
    assert (await browser.get("/profile")).headers["location"].startswith("/sign-in")
    await admin.post(f"{here}/active", is_active="on")
    assert (await browser.sign_in()).status_code == 303
    assert access.project.name in text_of(await admin.page(here), "form[action$=delete]")
    wrong = await admin.post(f"{here}/delete", confirmation="Ada", heir=admin.user.email)
    assert [field["name"] for field in soup(wrong).select("[aria-invalid]")] == ["confirmation"]
    wrong = await admin.post(f"{here}/delete", confirmation=user.email, heir="nobody@example.org")
    assert [field["name"] for field in soup(wrong).select("[aria-invalid]")] == ["heir"]
    done = await admin.post(f"{here}/delete", confirmation=user.email, heir=admin.user.email)
    assert done.headers["location"] == "/admin/users"
    assert (await browser.get("/profile")).headers["location"].startswith("/sign-in")
    assert (await admin.get(here)).status_code == 404
    assert (await admin.get(f"/projects/{access.project.id}")).status_code == 200


async def test_an_administrator_makes_another_and_vouches_for_an_address(world: World) -> None:
    """Who vouches gives what waits for the address; who gives administration up is led out; each act asks first."""
    admin, email = await as_admin(world), an_address()
    owner = await world.user()
    access = await world.project(owner)
    await world.services.invitations.invite_to(access, email, "viewer")
    user = await world.services.people.create_user(email, PASSWORD, "Eve", email_verified=False)
    here = f"/admin/users/{user.id}"
    asked = {form["action"].removeprefix(f"{here}/"): form["hx-confirm"] for form in (
        (await admin.page(here)).select("form[hx-confirm]"))}  # fmt: skip
    assert sorted(asked) == ["active", "administrator", "revoke", "verified"]
    assert all(email in question for question in asked.values())
    assert (await admin.post(f"{here}/verified")).headers["location"] == here
    assert (await admin.page(here)).select_one("form[action$=verified]") is None
    browser = await world.browser(user)
    assert (await browser.get(f"/projects/{access.project.id}")).status_code == 200
    assert (await browser.get("/admin/users")).status_code == 403
    assert (await admin.post(f"{here}/administrator", is_admin="on")).headers["location"] == here
    assert (await browser.get("/admin/users")).status_code == 200
    assert (await browser.post(f"{here}/administrator", is_admin="")).headers["location"] == "/projects"
    assert (await browser.get("/admin/users")).status_code == 403


async def test_people_leave_by_themselves(world: World) -> None:
    user = await world.user()
    browser = await world.browser(user)
    assert (await browser.post("/profile/leave", confirmation="yes")).status_code == 422
    assert (await browser.post("/profile/leave", confirmation=user.email)).headers["location"] == "/sign-in"
    assert (await browser.sign_in()).status_code == 401


async def test_signing_out_everywhere_ends_every_browser(world: World) -> None:
    user = await world.user()
    here, elsewhere = await world.browser(user), await world.browser(user)
    assert (await here.post("/profile/sessions/revoke-all")).headers["location"] == "/sign-in"
    for browser in (here, elsewhere):
        assert (await browser.get("/profile")).headers["location"].startswith("/sign-in")


async def test_a_token_is_made_shown_once_used_and_revoked(world: World) -> None:
    """It authenticates REST; where it may not, the answer says so."""
    user = await world.user()
    browser = await world.browser(user)
    answer = await browser.post("/profile/tokens", name="<b>nightly</b>", scopes=["read"], days="30")
    secret = text_of(soup(answer), "#new-token")
    page = await browser.page("/profile/tokens")
    assert secret not in str(page)
    assert "<b>nightly</b>" in text_of(page, "#tokens li")
    async with world.client({"authorization": f"Bearer {secret}"}) as http:
        assert (await http.get("/api/v1/me")).json()["scopes"] == ["read"]
        assert (await http.get("/api/v1/projects")).status_code == 200
        refused = await http.post("/api/v1/projects", json={"name": "Mine"})
        assert (refused.status_code, "scopes" in refused.json()["detail"]) == (403, True)
        revoke = page.select_one("#tokens form")["action"]
        other = await world.browser(await world.user())
        assert (await other.post(revoke)).status_code == 404
        assert text_of(soup(await browser.htmx("POST", revoke)), "#tokens-heading") == "Tokens"
        assert (await http.get("/api/v1/me")).status_code == 401


async def test_a_token_form_that_cannot_be_used_says_why(world: World) -> None:
    browser = await world.browser(await world.user())
    for form in ({"name": ""}, {"scopes": []}, {"scopes": ["root"]}, {"days": "4000"}, {"days": "x"}):
        answer = await browser.post("/profile/tokens", **{"name": "x", "scopes": ["read"], "days": "7"} | form)
        assert (answer.status_code, bool(soup(answer).select_one(".dp-problem"))) == (422, True)


async def test_visitors_see_public_projects_if_the_site_shows_them(world: World, open_world: World) -> None:
    """A list of the public ones and nothing that would change them; elsewhere the sign-in form."""
    owner = await world.user()
    shown, hidden = await world.project(owner), await world.project(owner)
    await world.services.projects.set_public(shown, is_public=True)
    visitor = await world.browser()
    page = await visitor.page("/projects?q=" + shown.project.name.replace(" ", "+"))
    assert [card.get_text(strip=True) for card in page.select(".dp-card-link")] == [shown.project.name]
    assert page.select_one("a[href='/projects/new']") is None
    assert (await visitor.get(f"/projects/{shown.project.id}")).status_code == 200
    assert (await visitor.get(f"/projects/{hidden.project.id}")).headers["location"].startswith("/sign-in")
    stranger = await open_world.browser()
    for path in ("/projects", f"/projects/{shown.project.id}"):
        assert (await stranger.get(path)).headers["location"].startswith("/sign-in")
    member = await open_world.browser(await open_world.user())
    assert (await member.get(f"/projects/{shown.project.id}")).status_code == 200


async def test_a_session_that_was_planted_is_not_the_one_that_is_signed_in(world: World) -> None:
    """Whoever makes a browser send a session of theirs gains nothing: signing in begins another and ends that one."""
    attacker, victim = await world.browser(await world.user()), await world.browser()
    victim.user = await world.user()
    await victim.token()
    planted = next(cookie for cookie in attacker.http.cookies.jar if cookie.name == "depictio-session")
    victim.http.cookies.jar.set_cookie(planted)
    assert (await victim.sign_in()).status_code == 303
    cookies = [cookie.value for cookie in victim.http.cookies.jar if cookie.name == "depictio-session"]
    assert cookies != [planted.value]
    assert (await attacker.get("/profile")).headers["location"].startswith("/sign-in")
