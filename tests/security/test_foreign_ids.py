"""Ids of others in every address that takes one: nothing is told, nothing is changed."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from litestar.handlers import HTTPRouteHandler

from tests.dash_views.conftest import Town
from tests.security.place import Caller, Place, a_place

PARAMETER = re.compile(r"{(\w+):\w+}")
REFUSED = {401, 403, 404}
UNREADABLE = {400, 422}
BODIES: dict[str, dict[str, Any]] = {
    "POST /api/v1/groups/{group_id}/members": {"email": "x@example.org"},
    "PUT /api/v1/groups/{group_id}/members/{user_id}": {"is_administrator": True},
    "PUT /api/v1/groups/{group_id}": {"name": "Mine"},
    "POST /api/v1/projects/{project_id}/members": {"email": "x@example.org", "role": "owner"},
    "PUT /api/v1/projects/{project_id}/members/{user_id}": {"role": "owner"},
    "PUT /api/v1/projects/{project_id}/sharing/users/{user_id}": {"role": "owner"},
    "PUT /api/v1/projects/{project_id}/sharing/groups/{group_id}": {"role": "owner"},
    "PUT /api/v1/projects/{project_id}/invitations/{email}": {"role": "owner"},
    "PUT /api/v1/projects/{project_id}/owner": {"user_id": "x"},
    "POST /api/v1/projects/{project_id}/dashboards": {"title": "Mine"},
    "PUT /api/v1/dashboards/{dashboard_id}": {"version": 2, "title": "Mine", "tiles": {}},
    "POST /api/v1/dashboards/{dashboard_id}/tiles": {"component_type": "text", "body": "Mine"},
    "PUT /api/v1/dashboards/{dashboard_id}/tiles/{tile_id}": {"component_type": "text", "body": "Mine"},
    "POST /api/v1/dashboards/{dashboard_id}/comments": {"tile_id": "rows", "body": "Mine"},
    "POST /api/v1/dashboards/{dashboard_id}/comments/{thread_id}": {"body": "Mine"},
    "PUT /api/v1/dashboards/{dashboard_id}/comments/{thread_id}/resolved": {"resolved": True},
    "PUT /api/v1/dashboards/{dashboard_id}/notes": {"body": "Mine", "version": 0},
}
"""What each address takes, where a request without it would be refused for that alone."""
OWN = {"/api/v1/inbox/threads/{thread_id:str}/read"}
"""Addresses that touch nothing but what the caller was told, whatever they name: answered alike for every id."""
FORM = {"role": "owner", "asked": '{"content": "rows", "format": "csv"}'}
GLOBAL = {"user_id", "group_id", "email", "sha256", "tile_id", "number", "session_id", "file_path", "package"}
"""Parameters that do not belong to the project of the address."""


@pytest.fixture(scope="module")
async def place(town: Town) -> AsyncIterator[Place]:
    async with a_place(town) as place:
        yield place


def addresses(place: Place) -> Iterator[tuple[str, str]]:
    """Method and path of every address that names something, dashboards' pages and callbacks included."""
    for route in place.town.world.app.routes:
        is_apart = route.path.startswith(("/static", "/dash/", "/shared")) or route.path in OWN
        if is_apart or not PARAMETER.search(route.path):
            continue
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler):
                yield from ((str(method), route.path) for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}))


def filled(path: str, place: Place, **own: str) -> str:
    ids = {
        "project_id": place.access.project.id,
        "dashboard_id": place.dashboard.id,
        "collection_id": place.collection_id,
        "tile_id": "rows",
        "user_id": place.viewer.id,
        "group_id": place.group,
        "link_id": place.link,
        "thread_id": place.thread,
        "remark_id": place.remark,
        "email": "x@example.org",
        "sha256": "0" * 64,
        "number": "1",
        "session_id": "0" * 64,
    }
    return PARAMETER.sub(lambda found: (ids | own).get(found[1], "unknown"), path)


async def sent(caller: Caller, method: str, template: str, path: str) -> tuple[int, str]:
    """The status, and where the answer leads to; by REST as JSON, else as a form with its token."""
    key = f"{method} {PARAMETER.sub(lambda found: '{' + found[1] + '}', template)}"
    if path.startswith("/api/"):
        answer = await caller.rest.request(method, path, json=BODIES.get(key, {}))
    else:
        headers = {"x-csrftoken": await caller.browser.token()}
        files = {"file": ("d.yaml", b"title: Mine")} if path.endswith("/import") else None
        answer = await caller.browser.http.request(method, path, data=FORM, files=files, headers=headers)
    return answer.status_code, answer.headers.get("location", "")


async def state(place: Place) -> object:
    """All that could have been changed."""
    services, owner = place.town.world.services, place.callers["owner"].actor
    access = await services.projects.open(owner, place.access.project.id)
    opened = await services.dashboards.open(owner, place.dashboard.id)
    return [
        access.project,
        opened.dashboard,
        await services.dashboards.of_project(access),
        await services.discussions.threads(opened),
        await services.notes.read(opened),
        await services.share_links.of_project(access),
        await services.groups.with_ids([place.group]),
        await services.collections.all(access),
    ]


@pytest.mark.parametrize("who", ["outsider", "anonymous"])
async def test_no_address_tells_strangers_anything_or_changes_anything(place: Place, who: str) -> None:
    """Every route with the ids of a private project: refused, or the way to the sign-in form.

    A request that is not understood is so for ids that nobody has, too.
    """
    before, let_through = await state(place), []
    tried = list(addresses(place))
    assert len(tried) > 100
    for method, template in tried:
        status, location = await sent(place.callers[who], method, template, filled(template, place))
        if status in REFUSED or (status == 303 and location.startswith("/sign-in")):
            continue
        nobodys = PARAMETER.sub("0" * 24, template)
        if status not in UNREADABLE or (await sent(place.callers[who], method, template, nobodys))[0] != status:
            let_through.append((method, template, status))
    assert let_through == []
    assert await state(place) == before


async def test_no_own_project_leads_to_what_belongs_to_another(place: Place) -> None:
    """Addresses with an own project and the id of something in a foreign one: not there, for its owner too."""
    world = place.town.world
    user = await world.user()
    mine = await world.project(user)
    async with await world.bearer(user) as client:
        caller = Caller(await world.browser(user), client, user.actor())
        before, tried, let_through = await state(place), 0, []
        for method, template in addresses(place):
            names = set(PARAMETER.findall(template))
            if "project_id" not in names or names <= {"project_id", *GLOBAL}:
                continue
            tried += 1
            status, _ = await sent(caller, method, template, filled(template, place, project_id=mine.project.id))
            if status not in {*REFUSED, *UNREADABLE, 405}:
                let_through.append((method, template, status))
    assert tried > 10
    assert let_through == []
    assert await state(place) == before


async def test_ids_of_one_dashboard_do_nothing_at_another(place: Place) -> None:
    """The link, the thread and the remark of a dashboard, at an own one."""
    world = place.town.world
    user = await world.user()
    board = await world.services.dashboards.create(await world.project(user), "Mine")
    async with await world.bearer(user) as client:
        caller = Caller(await world.browser(user), client, user.actor())
        before, statuses = await state(place), set()
        for method, template in addresses(place):
            names = set(PARAMETER.findall(template))
            if "dashboard_id" in names and names & {"link_id", "thread_id", "remark_id"}:
                path = filled(template, place, dashboard_id=board.id)
                statuses.add((await sent(caller, method, template, path))[0])
    assert statuses == {404}
    assert await state(place) == before
