"""REST: problems, tokens, and every resource as different people use it."""

import base64
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest

from tests.web.world import World
from web.errors import PROBLEM_JSON

CARD = {"component_type": "card", "column_name": "count", "aggregation": "sum"}


def _problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM_JSON
    body = answer.json()
    assert (body["status"], body["request_id"]) == (status, answer.headers["x-request-id"])
    assert body["title"]
    assert body["detail"]
    return body


async def test_a_token_stands_for_its_user(world: World) -> None:
    """Sign in over REST, then ask who one is; both the cookie of a browser and the token work."""
    user = await world.user("Ada Lovelace")
    async with world.client() as http:
        answer = await http.post(
            "/api/v1/tokens", json={"email": user.email, "password": "correct horse battery staple"}
        )
        body = answer.json()
        assert (answer.status_code, body["token_type"]) == (201, "Bearer")
        assert body["expires_in"] == world.services.settings.access_token_minutes * 60
        me = await http.get("/api/v1/me", headers={"authorization": f"Bearer {body['access_token']}"})
    expected = {"id": user.id, "email": user.email, "display_name": "Ada Lovelace", "is_admin": False, "scopes": None}
    assert me.json() == expected
    assert (await (await world.browser(user)).get("/api/v1/me")).json() == expected


async def test_wrong_credentials_get_no_token(world: World) -> None:
    """401 with the same words for an unknown address and a wrong password."""
    user = await world.user()
    async with world.client() as http:
        details = [
            _problem(await http.post("/api/v1/tokens", json={"email": email, "password": "wrong wrong wrong"}), 401)
            for email in (user.email, "nobody@example.org")
        ]
    assert details[0]["detail"] == details[1]["detail"]


def _unsigned(claims: dict[str, Any]) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


@pytest.fixture
async def bad_tokens(world: World) -> dict[str, str]:
    """Tokens with true claims that must all be refused, by what is wrong with them."""
    user = await world.user()
    good, _ = await world.services.people.issue_token(user.email, "correct horse battery staple", address="127.0.0.1")
    claims = jwt.decode(good, options={"verify_signature": False})
    header, body, signature = good.split(".")
    other_body = jwt.encode({**claims, "sub": "x"}, "k" * 40, algorithm="HS256").split(".")[1]
    key = world.services.settings.secret_key
    past = int((datetime.now(UTC) - timedelta(minutes=5)).timestamp())
    return {
        "none": _unsigned(claims),
        "forged": jwt.encode(claims, secrets.token_hex(32), algorithm="HS256"),
        "expired": jwt.encode({**claims, "exp": past}, key, algorithm="HS256"),
        "other algorithm": jwt.encode(claims, key * 2, algorithm="HS512"),
        "changed": f"{header}.{other_body}.{signature}",
        "cut": f"{header}.{body}.",
        "nonsense": "not-a-token",
        "empty": "",
    }


@pytest.mark.parametrize(
    "kind", ["none", "forged", "expired", "other algorithm", "changed", "cut", "nonsense", "empty"]
)
async def test_bad_tokens_are_refused(world: World, bad_tokens: dict[str, str], kind: str) -> None:
    """Whatever is wrong with it: 401, also where a visitor might have been let in."""
    async with world.client({"authorization": f"Bearer {bad_tokens[kind]}"}) as http:
        for path in ("/api/v1/me", "/api/v1/projects", "/api/v1/projects/x"):
            answer = await http.get(path)
            _problem(answer, 401)
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_bad_token_is_not_rescued_by_a_session(world: World, bad_tokens: dict[str, str]) -> None:
    """The token is what was shown, so it decides."""
    browser = await world.browser(await world.user())
    assert (await browser.get("/api/v1/me", authorization=f"Bearer {bad_tokens['forged']}")).status_code == 401


async def test_a_password_change_ends_tokens(world: World) -> None:
    """At once, although the token itself has not expired."""
    user = await world.user()
    async with await world.bearer(user) as http:
        assert (await http.get("/api/v1/me")).status_code == 200
        await world.services.people.change_password(
            user.actor(), "correct horse battery staple", "another horse battery staple", keep_token=""
        )
        _problem(await http.get("/api/v1/me"), 401)


async def test_without_credentials_nothing_private_is_told(world: World) -> None:
    """A visitor is asked to sign in, for projects that exist and for those that do not."""
    access = await world.project(await world.user())
    async with world.client() as http:
        for path in ("me", "projects", "dashboards", f"projects/{access.project.id}", "projects/no-such"):
            _problem(await http.get(f"/api/v1/{path}"), 401)
        _problem(await http.post("/api/v1/projects", json={"name": "x"}), 401)


async def test_projects_are_created_read_changed_and_deleted(world: World) -> None:
    """The whole life of a project; what is left out of a change stays."""
    async with await world.bearer(await world.user()) as http:
        created = await http.post("/api/v1/projects", json={"name": "Reef", "description": "Corals"})
        assert created.status_code == 201
        path = f"/api/v1/projects/{created.json()['id']}"
        assert "project:delete" in created.json()["capabilities"]
        changed = (await http.patch(path, json={"is_public": True})).json()
        assert (changed["name"], changed["description"], changed["is_public"]) == ("Reef", "Corals", True)
        assert (await http.get(path)).json() == changed
        assert created.json()["id"] in [
            project["id"] for project in (await http.get("/api/v1/projects", params={"limit": 1000})).json()["items"]
        ]
        assert (await http.delete(path)).status_code == 204
        _problem(await http.get(path), 404)


async def test_problems_name_each_fault(world: World) -> None:
    """Unknown keys, wrong types, rules and unreadable bodies each say where and what."""
    async with await world.bearer(await world.user()) as http:
        unknown = _problem(await http.post("/api/v1/projects", json={"name": "x", "colour": "red"}), 422)
        assert "colour" in json.dumps(unknown["errors"])
        wrong = _problem(await http.post("/api/v1/projects", json={"name": 3}), 422)
        assert wrong["errors"][0]["place"] == "name"
        rule = _problem(await http.post("/api/v1/projects", json={"name": " "}), 422)
        assert rule["errors"][0]["place"] == "name"
        content = {"content-type": "application/json"}
        _problem(await http.post("/api/v1/projects", content=b"{", headers=content), 400)
        _problem(await http.get("/api/v1/nothing-here"), 404)
        _problem(await http.delete("/api/v1/me"), 405)


async def test_members_are_shared_with_and_taken_out(world: World) -> None:
    """Owner adds, changes and removes; a viewer only looks; an outsider finds nothing."""
    owner, viewer = await world.user(), await world.user()
    access = await world.project(owner)
    path = f"/api/v1/projects/{access.project.id}/members"
    async with await world.bearer(owner) as mine, await world.bearer(viewer) as theirs:
        _problem(await theirs.get(path), 404)
        added = await mine.post(path, json={"email": viewer.email, "role": "viewer"})
        assert added.json() == {
            "user_id": viewer.id,
            "email": viewer.email,
            "display_name": viewer.display_name,
            "role": "viewer",
        }
        assert [member["role"] for member in (await theirs.get(path)).json()["items"]] == ["owner", "viewer"]
        _problem(await theirs.put(f"{path}/{viewer.id}", json={"role": "owner"}), 403)
        _problem(await mine.put(f"{path}/{owner.id}", json={"role": "viewer"}), 409)
        _problem(await mine.put(f"{path}/{viewer.id}", json={"role": "chief"}), 422)
        _problem(await mine.put(f"{path}/nobody", json={"role": "viewer"}), 404)
        assert (await mine.put(f"{path}/{viewer.id}", json={"role": "editor"})).json()["role"] == "editor"
        same = path.replace("/members", "/sharing/users")
        put = await mine.put(f"{same}/{viewer.id}", json={"role": "viewer"})
        assert put.json() == added.json()
        assert (await mine.delete(f"{path}/{viewer.id}")).status_code == 204
        _problem(await theirs.get(path), 404)
        assert (await mine.put(f"{path}/{viewer.id}", json={"role": "editor"})).json()["role"] == "editor"
        assert (await mine.delete(f"{same}/{viewer.id}")).status_code == 204
        _problem(await theirs.get(path), 404)


async def test_collections_give_schema_rows_and_versions(world: World) -> None:
    """Rows by limit and offset, with types kept and nulls as null."""
    user = await world.user()
    access = await world.project(user)
    collection = await world.collection(access)
    path = f"/api/v1/projects/{access.project.id}/collections"
    async with await world.bearer(user) as http:
        (listed,) = (await http.get(path)).json()["items"]
        assert [column["name"] for column in listed["columns"]] == ["species", "bill_mm", "count"]
        assert (await http.get(f"{path}/{collection.id}")).json() == listed
        page = (await http.get(f"{path}/{collection.id}/rows?limit=2&offset=1")).json()
        assert page["rows"] == [
            {"species": "Gentoo", "bill_mm": 47.5, "count": 2},
            {"species": None, "bill_mm": 40.25, "count": 3},
        ]
        assert (page["offset"], page["total"]) == (1, 4)
        old = (await http.get(f"{path}/{collection.id}/rows?version=0")).json()
        assert old["total"] == 2
        versions = (await http.get(f"{path}/{collection.id}/versions")).json()["items"]
        assert [version["version"] for version in versions] == [1, 0]
        changes = (await http.get(f"{path}/{collection.id}/changes?before=0&after=1")).json()
        assert (changes["rows_before"], changes["rows_after"]) == (2, 4)
        _problem(await http.get(f"{path}/{collection.id}/changes?before=1&after=0"), 422)
        _problem(await http.get(f"{path}/{collection.id}/changes?before=0&after=7"), 404)
        for query in ("limit=10001", "offset=-1", "limit=many"):
            _problem(await http.get(f"{path}/{collection.id}/rows?{query}"), 422)
        _problem(await http.get(f"{path}/no-such/rows"), 404)
        _problem(await http.get(f"{path}/{collection.id}/rows?version=7"), 404)


async def test_dashboards_are_saved_with_their_version(world: World) -> None:
    """Create, fill, save as a whole, lose a race, delete."""
    user = await world.user()
    access = await world.project(user)
    collection = await world.collection(access)
    project = f"/api/v1/projects/{access.project.id}/dashboards"
    async with await world.bearer(user) as http:
        created = (await http.post(project, json={"title": "Birds"})).json()
        path = f"/api/v1/dashboards/{created['id']}"
        filled = (await http.post(f"{path}/tiles", json={**CARD, "collection_id": collection.id})).json()
        (tile,) = filled["tiles"].values()
        assert (tile["component_type"], filled["version"]) == ("card", created["version"] + 1)

        changed = await http.put(f"{path}/tiles/{tile['id']}", json={**tile, "title": "Count"})
        assert changed.json()["tiles"][tile["id"]]["title"] == "Count"
        stale = _problem(await http.put(f"{path}/tiles/{tile['id']}", json={**tile, "title": "Late"}), 409)
        assert "somebody else" in stale["detail"]

        now = (await http.get(path)).json()
        content = {"version": now["version"], "title": "Seabirds", "subtitle": "", "tiles": now["tiles"]}
        saved = (await http.put(path, json=content)).json()
        assert (saved["title"], saved["version"]) == ("Seabirds", now["version"] + 1)
        _problem(await http.put(path, json={**content, "title": "Late"}), 409)
        assert (await http.get(path)).json() == saved

        (listed,) = (await http.get(project)).json()["items"]
        assert (listed["title"], listed["tiles"]) == ("Seabirds", 1)
        assert (await http.get("/api/v1/dashboards")).json()["items"] == [listed]
        assert (await http.delete(f"{path}/tiles/{tile['id']}")).json()["tiles"] == {}
        _problem(await http.delete(f"{path}/tiles/{tile['id']}"), 404)
        assert (await http.delete(path)).status_code == 204
        _problem(await http.get(path), 404)


async def test_tiles_are_checked(world: World) -> None:
    """Unknown kinds, another project's collection, an id that contradicts the address."""
    user = await world.user()
    access = await world.project(user)
    foreign = await world.collection(await world.project(await world.user()))
    dashboard = await world.services.dashboards.create(access, "Birds")
    path = f"/api/v1/dashboards/{dashboard.id}/tiles"
    async with await world.bearer(user) as http:
        _problem(await http.post(path, json={"component_type": "hologram"}), 422)
        _problem(await http.post(path, json={**CARD, "collection_id": foreign.id}), 422)
        contradiction = {"component_type": "text", "id": "a", "body": "x"}
        assert _problem(await http.put(f"{path}/b", json=contradiction), 422)["errors"][0]["place"] == "id"


async def test_a_viewer_reads_and_changes_nothing(world: World) -> None:
    """Every unsafe act on a dashboard is 403; the dashboard stays as it is."""
    owner, viewer = await world.user(), await world.user()
    access = await world.project(owner, viewer=viewer)
    dashboard = await world.services.dashboards.create(access, "Birds")
    path = f"/api/v1/dashboards/{dashboard.id}"
    async with await world.bearer(viewer) as http:
        before = (await http.get(path)).json()
        content = {"version": before["version"], "title": "Mine", "tiles": {}}
        text = {"component_type": "text", "body": "x"}
        project = f"/api/v1/projects/{access.project.id}"
        _problem(await http.put(path, json=content), 403)
        _problem(await http.delete(path), 403)
        _problem(await http.post(f"{path}/tiles", json=text), 403)
        _problem(await http.post(f"{project}/dashboards", json={"title": "Mine"}), 403)
        _problem(await http.patch(project, json={"name": "Mine"}), 403)
        _problem(await http.delete(project), 403)
        assert (await http.get(path)).json() == before


async def test_a_cookie_request_needs_the_form_token_also_here(world: World) -> None:
    """A session alone, as another site could send it, changes nothing; with the header it works."""
    browser = await world.browser(await world.user())
    _problem(await browser.http.post("/api/v1/projects", json={"name": "x"}), 403)
    headers = {"x-csrftoken": await browser.token()}
    assert (await browser.http.post("/api/v1/projects", json={"name": "x"}, headers=headers)).status_code == 201
