"""Who may do what, written by hand, and asked for through every way in: page, fragment, REST, Dash callback, CLI."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from secrets import token_hex

import httpx
import msgspec
import pytest

from cli.ways import Directly
from domain.errors import DomainError, Unauthenticated
from domain.questions import DashboardQuestion
from services.uploaded import Order
from tests.dash_views.conftest import Town
from tests.security.place import WHO, Caller, Place, a_place

OWNERS = {"owner", "admin", "admin token", "site token"}
EDITORS = OWNERS | {"editor", "member"}
MEMBERS = EDITORS | {"viewer"}
READERS = MEMBERS | {"read token"}
WITH_LINK = READERS | {"visitor"}
MAY = {
    "project:view": READERS | {"ingest token"},
    "dashboard:view": WITH_LINK,
    "data:view": WITH_LINK,
    "data:export": WITH_LINK,
    "comment:view": READERS,
    "comment:write": MEMBERS,
    "dashboard:create": EDITORS,
    "dashboard:edit": EDITORS,
    "data:ingest": EDITORS | {"ingest token"},
    "dashboard:delete": OWNERS,
    "dashboard:publish": OWNERS,
    "project:edit": OWNERS,
    "project:share": OWNERS,
    "project:delete": OWNERS,
    "admin:users": {"admin", "site token"},
    "group:view": OWNERS | {"read token"},
    "group:edit": OWNERS,
}
"""The member edits through a group; the owner administers the group that is asked for; a link gives its pages only.

Who is deactivated owned the project, and still has the cookie of a session and an API token.
"""
PAGES_ONLY = {"visitor"}
"""Who has no credentials for REST and the command line, so that they are strangers there."""
LISTS_DASHBOARDS = {("project:view", "page"): {"ingest token"}}
"""Whom a page refuses because it shows more than the capability: the page of a project lists its dashboards."""
Probe = Callable[[Place, Caller], Awaitable[bool]]


def asked(ask: Callable[[Place, Caller], Awaitable[httpx.Response]]) -> Probe:
    """Whether the request is let through; one that is understood and then refused for its content is."""

    async def probe(place: Place, caller: Caller) -> bool:
        answer = await ask(place, caller)
        assert answer.status_code < 500, answer.text
        away = answer.headers.get("hx-redirect") or answer.headers.get("location") or ""
        if answer.status_code == 303 or away.startswith("/sign-in"):
            return not away.startswith("/sign-in")
        return answer.status_code in {200, 201, 202, 204, 422}

    return probe


def page(path: str) -> Probe:
    return asked(lambda place, caller: caller.browser.get(at(path, place, caller)))


def fragment(method: str, path: str, **form: str) -> Probe:
    return asked(lambda place, caller: caller.browser.htmx(method, at(path, place, caller), **form))


def form(path: str, **fields: str) -> Probe:
    return asked(lambda place, caller: caller.browser.post(at(path, place, caller), **fields))


def rest(method: str, path: str, body: object = None) -> Probe:
    return asked(lambda place, caller: caller.rest.request(method, f"/api/v1{at(path, place, caller)}", json=body))


def callback(path: str, body: object = None) -> Probe:
    """What the scripts of an opened page ask: JSON, with the form token."""

    async def ask(place: Place, caller: Caller) -> httpx.Response:
        token = await caller.browser.token()
        headers = {"accept": "application/json", "x-csrftoken": token, "x-depictio-session": "s"}
        method = "GET" if body is None else "POST"
        return await caller.browser.http.request(method, at(path, place, caller), json=body, headers=headers)

    return asked(ask)


def at(path: str, place: Place, caller: Caller) -> str:
    return path.format(
        p=f"/projects/{place.access.project.id}",
        board=f"{caller.boards}/{place.dashboard.id}",
        d=f"/dashboards/{place.dashboard.id}",
        c=place.collection_id,
        viewer=place.viewer.id,
        group=place.group,
    )


async def listed(place: Place, caller: Caller) -> bool:
    """Whether the command line finds the project by its name."""
    try:
        found = await Directly(place.town.world.services, await place.actor(caller)).projects()
    except Unauthenticated:
        return False
    return place.access.project.id in [one.id for one in found]


async def answered(place: Place, caller: Caller) -> bool:
    """Whether the command line is given what a tile shows."""
    try:
        desk = Directly(place.town.world.services, await place.actor(caller))
        await desk.ask_tile(place.dashboard.id, "rows", DashboardQuestion())
    except DomainError:
        return False
    return True


async def saved(place: Place, caller: Caller) -> bool:
    """Whether REST saves the dashboard as it is."""
    opened = await place.town.world.services.dashboards.open(place.callers["owner"].actor, place.dashboard.id)
    stored = opened.dashboard
    content = {"version": stored.version, "title": stored.title, "tiles": {}}
    return await rest("PUT", "{d}", content | {"tiles": msgspec.to_builtins(stored.tiles)})(place, caller)


def deleted(way: str) -> Probe:
    async def probe(place: Place, caller: Caller) -> bool:
        key = await place.throwaway()
        path = f"/dashboards/{key}" if way == "rest" else f"{{p}}/dashboards/{key}"
        return await (rest("DELETE", path) if way == "rest" else fragment("DELETE", path))(place, caller)

    return probe


def job(act: str, way: Callable[[str, str], Probe]) -> Probe:
    """The act on a job that the owner has started, and ended again where it is to be retried."""

    async def probe(place: Place, caller: Caller) -> bool:
        services, owner = place.town.world.services, place.access
        content = f"site,n\n{token_hex(8)},1\n".encode()

        async def chunks() -> AsyncIterator[bytes]:
            yield content

        sent = await services.uploaded.receive(owner, "sites.csv", chunks())
        made = await services.jobs.upload(owner, sent, Order(tag=f"sites-{token_hex(4)}"))
        if act == "retry":
            await services.jobs.cancel(owner, made.id)
        return await way("POST", f"{{p}}/jobs/{made.id}/{act}")(place, caller)

    return probe


EXPORT = {"asked": json.dumps({"content": "rows", "format": "csv"})}
PROBES: dict[str, dict[str, Probe]] = {
    "project:view": {
        "page": page("{p}"),
        "fragment": fragment("GET", "{p}/members"),
        "rest": rest("GET", "{p}"),
        "cli": listed,
    },
    "dashboard:view": {
        "page": page("{board}"),
        "callback": callback("{board}/view/_dash-layout"),
        "callback (pulse)": callback("{board}/view/_pulse", {}),
        "rest": rest("GET", "{d}"),
    },
    "data:view": {
        "callback": callback("{board}/view/_answers", {"sequence": 1}),
        "rest": rest("POST", "{d}/tiles/rows/answer", {}),
        "rest (rows)": rest("GET", "{p}/collections/{c}/rows"),
        "cli": answered,
    },
    "data:export": {
        "page": form("{board}/tiles/rows/export", **EXPORT),
        "rest": rest("POST", "{d}/tiles/rows/export", {}),
    },
    "comment:view": {"rest": rest("GET", "{d}/comments")},
    "comment:write": {"rest": rest("POST", "{d}/comments", {"tile_id": "rows", "body": "So?"})},
    "dashboard:create": {
        "page": form("{p}/dashboards", title="New"),
        "rest": rest("POST", "{p}/dashboards", {"title": "New"}),
    },
    "dashboard:edit": {
        "page": page("{board}/edit"),
        "callback": callback("{board}/edit/_dash-layout"),
        "callback (pulse)": callback("{board}/edit/_pulse", {}),
        "callback (answers)": callback("{board}/edit/_answers", {"sequence": 1}),
        "rest": saved,
    },
    "data:ingest": {
        "rest": rest("GET", "{p}/collections/{c}/files"),
        "rest (start a job)": rest("POST", "{p}/jobs", {"kind": "joins"}),
        "form (start a job)": form("{p}/jobs/joins"),
        "rest (cancel a job)": job("cancel", rest),
        "rest (retry a job)": job("retry", rest),
        "fragment (cancel a job)": job("cancel", fragment),
        "fragment (retry a job)": job("retry", fragment),
    },
    "dashboard:delete": {"fragment": deleted("fragment"), "rest": deleted("rest")},
    "dashboard:publish": {
        "page": page("{d}/links"),
        "fragment": fragment("GET", "{d}/links"),
        "rest": rest("GET", "{d}/links"),
        "rest (create)": rest("POST", "{d}/links", {"days": 1}),
    },
    "project:edit": {"page": page("{p}/settings"), "rest": rest("PATCH", "{p}", {"description": "About penguins"})},
    "project:share": {
        "page": page("{p}/members/people?email=abc"),
        "fragment": fragment("PUT", "{p}/members/{viewer}", role="viewer"),
        "fragment (visibility)": fragment("PUT", "{p}/members/visibility", public=""),
        "rest": rest("PUT", "{p}/sharing/users/{viewer}", {"role": "viewer"}),
    },
    "project:delete": {"page": form("{p}/delete", confirmation="")},
    "admin:users": {"page": page("/admin/users")},
    "group:view": {"page": page("/groups/{group}"), "rest": rest("GET", "/groups/{group}")},
    "group:edit": {
        "page": form("/groups/{group}", description=""),
        "rest": rest("PUT", "/groups/{group}", {"name": ""}),
    },
}


@pytest.fixture(scope="module")
async def place(town: Town) -> AsyncIterator[Place]:
    async with a_place(town) as place:
        yield place


@pytest.mark.parametrize("capability", MAY)
async def test_everybody_may_what_the_table_says_by_every_way_in(capability: str, place: Place) -> None:
    found = {
        way: {who for who in WHO if await probe(place, place.callers[who])} for way, probe in PROBES[capability].items()
    }
    by_page = ("page", "fragment", "callback")
    expected = {
        way: MAY[capability]
        - LISTS_DASHBOARDS.get((capability, way), set())
        - (set() if way.startswith(by_page) else PAGES_ONLY)
        for way in PROBES[capability]
    }
    assert found == expected
