"""Signing in and out, and where one lands."""

import httpx
import pytest
from bs4 import BeautifulSoup

from tests.web.world import World
from web.security.links import HOME, local_path, sign_in_path


async def test_start_leads_to_the_form_or_to_the_projects(world: World) -> None:
    """The root address decides by whether somebody is signed in."""
    assert (await (await world.browser()).get("/")).headers["location"] == "/sign-in"
    assert (await (await world.browser(await world.user())).get("/")).headers["location"] == "/projects"


async def test_signing_in_sets_a_new_session_cookie(world: World) -> None:
    """The cookie is out of reach of scripts and of other sites, and differs at each sign-in."""
    browser = await world.browser()
    browser.user = await world.user()
    cookies = []
    for _ in range(2):
        answer = await browser.sign_in()
        assert (answer.status_code, answer.headers["location"]) == (303, "/projects")
        cookies.append(next(c for c in answer.headers.get_list("set-cookie") if c.startswith("depictio-session=")))
    assert cookies[0] != cookies[1]
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= {part.strip() for part in cookies[0].split(";")}
    assert "Secure" not in cookies[0]


async def test_a_wrong_password_and_an_unknown_address_say_the_same(world: World) -> None:
    """Nobody learns from the form who has an account."""
    user = await world.user()
    browser = await world.browser()
    pages = []
    for email in (user.email, "nobody@example.org"):
        answer = await browser.post("/sign-in", email=email, password="something else entirely", next="/profile")
        page = BeautifulSoup(answer.text, "lxml")
        assert answer.status_code == 401
        assert page.select_one("input[name=email]")["value"] == email
        assert page.select_one("input[name=next]")["value"] == "/profile"
        pages.append(page.select_one("[role=alert]").get_text(strip=True))
    assert pages[0] == pages[1]


async def test_too_many_failures_are_refused_for_a_while(world: World) -> None:
    """After the limit even the right password has to wait, and the answer says how long."""
    user = await world.user()
    browser = await world.browser()
    browser.user = user
    for _ in range(world.services.settings.sign_in_attempts):
        await browser.sign_in("not the password at all")
    answer = await browser.sign_in()
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


async def test_signing_out_ends_the_session_on_the_server(world: World) -> None:
    """The old cookie is worth nothing afterwards, wherever it was copied to."""
    browser = await world.browser(await world.user())
    stolen = browser.http.cookies["depictio-session"]
    assert (await browser.post("/sign-out")).headers["location"] == "/sign-in"
    assert "depictio-session" not in browser.http.cookies
    thief = await world.browser()
    thief.http.cookies.set("depictio-session", stolen)
    assert (await thief.get("/profile")).headers["location"] == "/sign-in?next=/profile"


async def test_a_page_asks_to_sign_in_and_leads_back(world: World) -> None:
    """A link that was sent opens after signing in; it does not say whether its project exists."""
    user = await world.user()
    access = await world.project(user)
    browser = await world.browser()
    for path in (f"/projects/{access.project.id}", "/projects/no-such-project"):
        assert (await browser.get(path)).headers["location"] == f"/sign-in?next={path}"
    browser.user = user
    answer = await browser.sign_in(next_path=f"/projects/{access.project.id}")
    assert answer.headers["location"] == f"/projects/{access.project.id}"


@pytest.mark.parametrize(
    "text",
    [
        *(None, "", "projects", "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example"),
        *("/\t/evil.example", "/\n/evil.example", "javascript:alert(1)", " //evil.example", "///evil.example"),
    ],
)
def test_addresses_of_other_servers_are_not_followed(text: str | None) -> None:
    """`next` never leads away from this server."""
    assert local_path(text) == HOME


@pytest.mark.parametrize("text", ["/dashboards/1?species=%5B%22Adelie%22%5D", "/projects/1#top", "/"])
def test_own_addresses_are_followed(text: str) -> None:
    """With their query, which holds a dashboard's filters."""
    assert local_path(text) == text


def test_the_sign_in_address_keeps_a_query() -> None:
    """It survives being quoted and read again."""
    path = sign_in_path("/dashboards/1?a=b&c=d")
    assert httpx.URL(path).params["next"] == "/dashboards/1?a=b&c=d"


async def test_next_is_checked_on_the_form_and_on_the_way(world: World) -> None:
    """The form does not repeat a foreign address, and signing in does not follow one."""
    browser = await world.browser()
    page = await browser.page("/sign-in?next=//evil.example")
    assert page.select_one("input[name=next]")["value"] == "/projects"
    browser.user = await world.user()
    assert (await browser.sign_in(next_path="https://evil.example/x")).headers["location"] == "/projects"
    assert (await browser.get("/sign-in?next=//evil.example")).headers["location"] == "/projects"
