"""Requests that are made to break something: refused with a reason, and nothing of the inside is shown."""

import asyncio
import copy
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from domain.errors import Unavailable
from tests.dash_views.conftest import Town
from tests.web.world import PASSWORD, soup

JSON = {"content-type": "application/json"}
HUGE = str(10**30)
PROJECT_FILE = Path(__file__).parents[2] / "examples" / "penguins" / "project.yaml"


async def test_visitors_of_a_public_project_learn_no_addresses(town: Town) -> None:
    """Neither the log of ingests nor the list of members is for them, by REST or on the page."""
    for who, status in (("anonymous", 403), ("outsider", 403), ("owner", 200)):
        browser = town.browsers[who]
        log = await browser.get(f"/api/v1/projects/{town.iris.project_id}/ingests")
        page = await browser.get(f"/projects/{town.iris.project_id}")
        assert (log.status_code, page.status_code) == (status, 200)
        assert (town.users["owner"].email in log.text + page.text) is (who == "owner")


@pytest.mark.parametrize("query", [f"offset={HUGE}", f"limit={HUGE}", f"version={HUGE}", "offset=nan", "version=-1"])
async def test_numbers_beyond_every_table_are_refused(town: Town, query: str) -> None:
    """By REST and on the page."""
    (iris,) = await town.world.services.collections.all(
        (await town.world.services.dashboards.open(town.users["owner"].actor(), town.iris.id)).access
    )
    where = f"{iris.project_id}/collections/{iris.id}"
    rest = await town.browsers["owner"].get(f"/api/v1/projects/{where}/rows?{query}")
    page = await town.browsers["owner"].get(f"/projects/{where}?{query}")
    assert rest.status_code in {404, 422}
    assert page.status_code < 500


@pytest.mark.parametrize("text", [b"[" * 100_000, b'{"email":' * 50_000])
async def test_endless_nesting_is_refused(town: Town, text: bytes) -> None:
    """The decoder gives up; that is the sender's fault and said as such."""
    rest = await town.world.bearer(town.users["owner"])
    for path in ("/api/v1/tokens", "/api/v1/ingests"):
        answer = await rest.post(path, content=text, headers=JSON)
        assert answer.status_code in {400, 413}
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/v1/tokens", "/sign-in", "/theme"])
async def test_strangers_may_not_send_much(town: Town, path: str) -> None:
    """What is read before anybody is known has a small limit."""
    browser = await town.world.browser()
    headers = {"x-csrftoken": await browser.token(), "content-type": "application/x-www-form-urlencoded"}
    answer = await browser.http.post(path, content=b"email=" + b"a" * 20_000, headers=headers)
    assert answer.status_code == 413


async def test_a_file_is_never_read_as_a_form(town: Town) -> None:
    """An upload has no limit of its own, so that its body must not be held in memory for the sake of a form's token."""
    read = 0

    async def endless() -> Any:
        nonlocal read
        while read < 1_000:
            read += 1
            yield b"a" * 65_536

    browser = town.browsers["viewer"]
    url = f"/api/v1/projects/{town.penguins.project.id}/uploads/{'0' * 64}"
    headers = {"content-type": "application/x-www-form-urlencoded", "content-length": str(1_000 * 65_536)}
    answer = await browser.http.put(url, content=endless(), headers=headers)
    assert (answer.status_code, read <= 1) == (403, True)


PATTERNS = {
    "nested": "(" * 1_000 + ")" * 1_000,
    "open": "(" * 1_999,
    "repeated": "a{99999999999}",
    "long": "a|" * 500_000,
    "broken": "[",
}


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
@pytest.mark.parametrize("place", ["runs_regex", "pattern", "wildcard"])
async def test_patterns_that_cannot_be_compiled_are_faults_of_the_file(town: Town, pattern: str, place: str) -> None:
    """Named with their place, at once: the server compiles the patterns of everybody who is signed in."""
    file = copy.deepcopy(yaml.safe_load(PROJECT_FILE.read_text("utf-8")))
    workflow = file["workflows"][0]
    scan = workflow["data_collections"][0]["config"]["scan"]["scan_parameters"]
    match place:
        case "runs_regex":
            workflow["data_location"]["runs_regex"] = pattern
        case "pattern":
            scan["regex_config"] = {"pattern": pattern}
        case "wildcard":
            scan["regex_config"] = {"pattern": "{x}", "wildcards": [{"name": "x", "wildcard_regex": pattern}]}
    rest = await town.world.bearer(town.users["owner"])
    async with asyncio.timeout(2):
        answer = await rest.post("/api/v1/ingests", json=file)
    assert answer.status_code == 422
    assert {"pattern": "regex_config.pattern"}.get(place, place) in answer.text


@pytest.mark.parametrize(
    "path",
    ["/日本", "/é", "/\u2028x", "//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example", "/a b",
     "/a\r\nset-cookie: x=y", "javascript:alert(1)"],
)  # fmt: skip
async def test_signing_in_leads_nowhere_else(town: Town, path: str) -> None:
    """Another host, another scheme, a line break or what a header cannot hold: the start page."""
    browser = await town.world.browser()
    browser.user = town.users["viewer"]
    signed_in = await browser.sign_in(next_path=path)
    assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/projects")
    themed = await browser.post("/theme", scheme="dark", next=path)
    assert (themed.status_code, themed.headers["location"]) == (303, "/projects")


async def test_signing_in_again_ends_the_session_before(town: Town) -> None:
    """A session that somebody planted or left behind does not outlive the sign-in of another."""
    browser = await town.world.browser(town.users["viewer"])
    before = browser.http.cookies["depictio-session"]
    browser.user = town.users["editor"]
    await browser.sign_in()
    assert browser.http.cookies["depictio-session"] != before
    assert await town.world.services.people.actor_of_session(before) is None


async def test_many_at_once_try_no_more_passwords_than_one_by_one(town: Town) -> None:
    """Of thirty attempts together at most as many as the limit reach the password, whatever the case of the address."""
    services = town.world.services
    user = await town.world.user()
    spellings = (user.email, user.email.upper(), f"  {user.email}\t", user.email.title())

    async def attempt(number: int) -> str:
        try:
            await services.people.issue_token(spellings[number % 4], "wrong", address=f"10.9.0.{number}")
        except Unavailable:
            return "limited"
        except Exception as error:  # noqa: BLE001 -- its type is the answer.
            return type(error).__name__
        return "in"

    found = await asyncio.gather(*(attempt(number) for number in range(30)))
    found += [await attempt(number) for number in range(30, 50)]
    assert set(found) == {"limited", "Unauthenticated"}
    assert found.count("Unauthenticated") == services.settings.sign_in_attempts
    with pytest.raises(Unavailable):
        await services.people.issue_token(user.email, PASSWORD, address="10.9.1.1")


@pytest.mark.parametrize("path", ["/api/schema", "/api/schema/openapi.json", "/api/schema/swagger", "/api/docs"])
async def test_the_interface_is_described_without_foreign_scripts(town: Town, path: str) -> None:
    """No page of it loads anything from another server."""
    answer = await town.browsers["anonymous"].get(path)
    if "html" in answer.headers["content-type"]:
        loaded = soup(answer).select("script[src], link[href], img[src], iframe[src]")
        assert all((tag.get("src") or tag["href"]).startswith("/static/") for tag in loaded)


async def test_answers_do_not_repeat_the_host_that_was_asked(town: Town) -> None:
    """A forged Host header comes back in no address."""
    host = "evil.example"
    transport = httpx.ASGITransport(town.world.app)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
        for path in ("/", "/sign-in", "/projects", "/api/openapi.json", f"/dashboards/{town.iris.id}"):
            answer = await client.get(path, headers={"x-forwarded-host": host})
            assert host not in answer.text + str(answer.headers)
            assert answer.headers["cache-control"] == "no-store"


async def test_component_files_ask_for_no_session(town: Town) -> None:
    """They are the same for everybody, and kept by browsers: nobody's session is in them."""
    page = soup(await town.browsers["owner"].get(f"/dashboards/{town.dashboard.id}"))
    source = next(tag["src"] for tag in page.select("script[src]") if tag["src"].startswith("/dash/"))
    given, stale = [
        await town.browsers["anonymous"].get(source, **headers) for headers in ({}, {"authorization": "Bearer made-up"})
    ]
    assert (given.status_code, stale.status_code) == (200, 200)
    assert "set-cookie" not in given.headers


@pytest.mark.parametrize(
    "path",
    ["os/os.py", "dash/dash.py", "dash/../../x.js", "dash/%2e%2e/%2e%2e/x.js", "dash//etc/passwd", "web/server.py"],
)
async def test_only_registered_component_files_are_served(town: Town, path: str) -> None:
    """A package that is installed is not thereby public."""
    answer = await town.browsers["anonymous"].get(f"/dash/_dash-component-suites/{path}")
    assert answer.status_code == 404
