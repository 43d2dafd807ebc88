"""A hostile user: every address of the product tried by people who may not, and what attackers are known to send."""

import re
import secrets
from collections.abc import Iterator
from http import HTTPStatus
from typing import NamedTuple

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from tests.dash_views.conftest import Town

OPEN = re.compile(
    r"/(static|dash|health|theme|favicon\.ico|sign-in|sign-out|register|reset|invitations?|shared|api/docs|api/schema|api/openapi\.json|oidc|provider)(/|$)|^/$"
)
"""What is open to strangers by design; other tests see to it."""
PUBLIC_REST = {"/api/v1/tokens", "/api/v1/tokens/refresh"}
LISTS = ("anonymous", "GET", "/projects")
"""Lists public projects to strangers, and no other."""
REFUSED = {401, 403, 404, 405, 409, 413, 415, 422, 303, 400}
DONE = {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT}
INSIDE = ("Traceback", "site-packages", "litestar", "msgspec", "pymongo", "WiredTiger")
IDS = ("0" * 24, "..%2f..%2fetc%2fpasswd", "%00", "{$ne:null}", "'%20OR%201=1--", "%3Cscript%3E", "a" * 3000)
NEXTS = (
    "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/%0d%0aSet-Cookie:a=b",
    "\t//evil.example", "///evil.example", "/\t/evil.example", "data:text/html,x", "http:evil.example",
)  # fmt: skip
TOKENS = (
    "", "null", "undefined", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.AAAA", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.AAAA",
    "eyJhbGciOiJIUzI1NiIsImtpZCI6Ii4uLy4uL2Rldi9udWxsIn0.e30.x", "A" * 9000, "' OR '1'='1",
)  # fmt: skip


class Attempt(NamedTuple):
    """One request and who sends it."""

    who: str
    method: str
    path: str


class Target(NamedTuple):
    """What is attacked: somebody's private project."""

    project_id: str
    dashboard_id: str


@pytest.fixture
async def target(town: Town) -> Target:
    access = await town.world.project(town.users["owner"], f"Secret {secrets.token_hex(4)}")
    dashboard = await town.world.services.dashboards.create(access, "Secret board")
    return Target(access.project.id, dashboard.id)


def attempts(app: Litestar, target: Target) -> Iterator[Attempt]:
    """Every method of every address that is not open by design, by a stranger and by somebody from outside."""
    ids = {"project_id": target.project_id, "dashboard_id": target.dashboard_id}
    for route in sorted(app.routes, key=lambda one: one.path):
        if not isinstance(route, HTTPRoute) or OPEN.match(route.path) or route.path in PUBLIC_REST:
            continue
        names = re.findall(r"{(\w+):\w+}", route.path)
        aims = re.sub(r"{(\w+):\w+}", lambda found: ids.get(found[1], "0" * 24), route.path)
        for method in sorted(route.methods - {"OPTIONS", "HEAD"}):
            if ("anonymous", method, aims) != LISTS:
                yield Attempt("anonymous", method, aims)
            if set(names) & set(ids) or route.path.startswith(("/admin", "/api/v1/admin")):
                yield Attempt("outsider", method, aims)


def check(answer: httpx.Response, attempt: object) -> None:
    """It failed, cleanly: without a fault of the server, without its inside, and without success."""
    assert answer.status_code in REFUSED, (attempt, answer.status_code, answer.text[:300])
    assert not [word for word in INSIDE if word in answer.text], attempt
    if answer.status_code == HTTPStatus.SEE_OTHER:
        assert answer.headers["location"].startswith("/sign-in"), attempt


async def test_nobody_from_outside_gets_anything_at_any_address(town: Town, target: Target) -> None:
    """Each attempt is refused, even with the token of forms, and the project has not changed."""
    services, owner = town.world.services, town.users["owner"].actor()
    before = await services.projects.open(owner, target.project_id)
    tried = list(attempts(town.world.app, target))
    assert len(set(tried)) >= 100
    tokens = {who: await town.browsers[who].token() for who in ("anonymous", "outsider")}
    for attempt in tried:
        headers = {"x-csrftoken": tokens[attempt.who], "content-type": "application/json"}
        content = None if attempt.method == "GET" else b"{}"
        http = town.browsers[attempt.who].http
        check(await http.request(attempt.method, attempt.path, headers=headers, content=content), attempt)
    assert "Secret" not in (await town.browsers["anonymous"].get("/projects")).text
    assert await services.projects.open(owner, target.project_id) == before
    assert (await services.dashboards.open(owner, target.dashboard_id)).dashboard.title == "Secret board"


@pytest.mark.parametrize("place", ["/projects/{}", "/dashboards/{}", "/api/v1/projects/{}", "/api/v1/dashboards/{}"])
async def test_made_up_ids_are_not_found(town: Town, place: str) -> None:
    """Paths, operators, markup, line ends and books: none is an id, for a person who is signed in."""
    for id_ in IDS:
        answer = await town.browsers["outsider"].get(place.format(id_))
        assert answer.status_code in {400, 404, 414, 422}, (place, id_[:40], answer.status_code)
        assert not [word for word in INSIDE if word in answer.text]


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/projects", "/api/v1/admin/audit", "/projects"])
async def test_made_up_tokens_open_nothing(town: Town, path: str) -> None:
    """No algorithm, another algorithm, another key's place, no token at all."""
    for token in TOKENS:
        answer = await town.world.client({"authorization": f"Bearer {token}"}).get(path)
        assert answer.status_code in {401, 303}, (token[:40], answer.status_code)


@pytest.mark.parametrize("target_path", NEXTS)
async def test_signing_in_leads_to_no_other_server(town: Town, target_path: str) -> None:
    """Whatever `next` is, by the form and after signing in."""
    browser = await town.world.browser()
    browser.user = town.users["outsider"]
    answer = await browser.sign_in(next_path=target_path)
    location = answer.headers["location"]
    assert answer.status_code == 303
    assert location == "/projects" or not re.match(r"[/\\\s]{2}|\w+:", location)


async def test_at_least_two_hundred_attempts_are_made(town: Town, target: Target) -> None:
    """What the tests of this file try, together."""
    tried = len(set(attempts(town.world.app, target)))
    assert tried + len(IDS) * 4 + len(TOKENS) * 4 + len(NEXTS) >= 200
