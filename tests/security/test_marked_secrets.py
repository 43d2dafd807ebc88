"""Every secret that there is, marked, and then looked for in logs, pages, REST, exports and documents."""

import io
import logging
import re
import secrets
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any, NamedTuple

import httpx
import pytest
from litestar.handlers import HTTPRouteHandler

from domain.access import Role
from domain.share_links import WantedLink
from persistence.mongo import connect
from tests.security.fuzzed import Ground, a_ground
from tests.web.world import Browser
from web.logs import configure_logging

PARAMETER = re.compile(r"{(\w+):\w+}")
GOES_OUTSIDE = "/sign-in/provider"
"""It asks the sign-in provider, which is made up here."""


def marked(name: str) -> str:
    """A secret that says what it is, of characters that no rendering changes."""
    return f"{name}Secret{secrets.token_hex(12)}"


SETTINGS = {
    "secret_key": marked("signing"),
    "oidc_issuer": "https://provider.invalid",
    "oidc_client_id": "depictio",
    "oidc_client_secret": marked("provider"),
    "storage_options": {"AWS_SECRET_ACCESS_KEY": marked("storage"), "AWS_ACCESS_KEY_ID": marked("key")},
    "admin_password": marked("first"),
}


class Marked(NamedTuple):
    """The installation, its secrets by name, and an administrator's browser and REST client."""

    ground: Ground
    secrets: dict[str, str]
    browser: Browser
    rest: httpx.AsyncClient
    log: io.StringIO


@pytest.fixture(scope="module")
def log() -> Iterator[io.StringIO]:
    """All that the server writes at its most talkative level."""
    root, error = logging.getLogger(), sys.stderr
    handlers, level = list(root.handlers), root.level
    sys.stderr = io.StringIO()
    configure_logging("debug")
    yield sys.stderr
    sys.stderr, root.handlers[:] = error, handlers
    root.setLevel(level)


@pytest.fixture(scope="module")
async def place(mongodb_url: str, tmp_path_factory: pytest.TempPathFactory, log: io.StringIO) -> AsyncIterator[Marked]:
    async with a_ground(mongodb_url, tmp_path_factory.mktemp("marked"), **SETTINGS) as ground:
        found = await everything(ground)
        browser = await ground.world.browser(ground.users["administrator"])
        found["cookie"] = next(value for name, value in browser.http.cookies.items() if "session" in name)
        async with await ground.client("administrator") as rest:
            found["access token"] = rest.headers["authorization"].removeprefix("Bearer ")
            yield Marked(ground, found, browser, rest, log)


async def everything(ground: Ground) -> dict[str, str]:
    """What people and the site keep secret, right and wrong, each used once through the web."""
    services, admin = ground.world.services, ground.users["administrator"].actor()
    opened = await services.dashboards.open(admin, str(ground.ids["dashboard_id"]))
    found = {name: str(SETTINGS[name]) for name in ("secret_key", "oidc_client_secret", "admin_password")}
    found |= dict(SETTINGS["storage_options"])  # type: ignore[call-overload]
    found["password"], found["wrong password"], found["link password"] = map(marked, ("own", "wrong", "door"))
    user = await services.people.create_user("marked@example.org", found["password"], "Marked")
    found["hash"] = user.password_hash
    link = await services.share_links.create(opened, WantedLink(password=found["link password"]))
    found["link"] = link.secret
    found["link password hash"] = link.link.password_hash
    found["API token"] = (await services.api_tokens.create(user.actor(), "Marked", ("read",), 7)).secret
    found["reset link"] = (await services.accounts.make_reset_link(admin, user.id))[1]
    found["invitation"] = (await services.invitations.invite(admin, "site@example.org")).secret
    found["invitation to a project"] = (
        await services.invitations.invite_to(opened.access, "project@example.org", Role.VIEWER)
    ).secret
    await used(ground, found)
    return found


async def used(ground: Ground, found: dict[str, str]) -> None:
    browser = await ground.world.browser()
    for password in (found["wrong password"], found["password"]):
        await browser.post("/sign-in", email="marked@example.org", password=password)
    for password in (found["wrong password"], found["link password"]):
        await browser.post(f"/shared/{found['link']}", password=password)
    for path in ("reset", "invitation"):
        await browser.get(f"/{path}?token={found['reset link']}")
        await browser.get(f"/{path}?token={found['invitation']}")
        await browser.post(f"/{path}", token=found["invitation"], password=found["wrong password"], repeated="")
    async with ground.world.client({"authorization": f"Bearer {found['API token']}"}) as rest:
        await rest.get("/api/v1/me")
    async with ground.world.client() as rest:
        for password in (found["wrong password"], found["password"]):
            answer = await rest.post("/api/v1/tokens", json={"email": "marked@example.org", "password": password})
        found["refresh token"] = answer.json()["refresh_token"]
        await rest.post("/api/v1/tokens/refresh", json={"refresh_token": found["refresh token"]})
        await rest.post("/api/v1/tokens", content=f'{{"password": "{found["wrong password"]}'.encode())


def held_by(text: str, found: dict[str, str]) -> list[str]:
    return [name for name, secret in found.items() if secret in text]


def readable(ground: Ground) -> list[str]:
    """Each address that can be read, with the ids that there are."""
    paths = set()
    for route in ground.world.app.routes:
        if route.path.startswith(("/static", "/dash/", "/shared", GOES_OUTSIDE)):
            continue
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler) and "GET" in handler.http_methods:
                paths.add(PARAMETER.sub(lambda name: str(ground.ids.get(name[1], "unknown")), route.path))
    return sorted(paths)


async def test_no_page_and_no_answer_holds_a_secret(place: Marked) -> None:
    """All that an administrator can read, the export of the audit among it: a secret is shown once, when it is made."""
    read, leaking = 0, []
    for path in readable(place.ground):
        asker = place.rest if path.startswith("/api/") else place.browser.http
        answer = await asker.get(path)
        assert answer.status_code < 500 or "health" in path, path
        read += answer.status_code == 200
        leaking += [(path, name) for name in held_by(answer.text + str(answer.headers), place.secrets)]
    assert leaking == []
    assert read > 60


async def test_the_log_and_the_audit_hold_no_secret(place: Marked) -> None:
    """After every secret was used, at the most talkative level; the acts themselves are in both."""
    log, export = place.log.getvalue(), (await place.browser.get("/admin/audit/export")).text
    assert '"path":"/sign-in"' in log
    assert "make a reset link" in export
    assert held_by(log, place.secrets) + held_by(export, place.secrets) == []


async def test_no_document_holds_what_opens_something(place: Marked) -> None:
    """The store has hashes: whoever copies it gets in by none of it."""
    settings = place.ground.world.services.settings
    documents = await connect(settings.mongodb_url, settings.mongodb_database)
    seen: dict[str, list[Any]] = {}
    for name in await documents.database.list_collection_names():
        seen[name] = await documents[name].find({}).to_list(None)
    documents.close()
    assert held_by(str(seen["users"]), place.secrets) == ["hash"]
    assert {"users", "sessions", "audit"} <= {name for name, rows in seen.items() if rows}
    kept = {name: secret for name, secret in place.secrets.items() if "hash" not in name}
    assert {name: found for name, rows in seen.items() if (found := held_by(str(rows), kept))} == {}
