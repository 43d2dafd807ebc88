"""The one convention of lists over REST, held against the OpenAPI document and against lists that there are."""

from typing import Any

import pytest

from tests.web.world import World

LOGS = {"/api/v1/admin/audit", "/api/v1/dashboards/{dashboard_id}/versions", "/api/v1/inbox"}
"""They go on from a row and nobody counts them; they are filtered by their fields, not by words."""
WINDOWS = {"/api/v1/projects/{project_id}/collections/{collection_id}/rows"}
"""Rows of a table, at any place of it: `limit` and `offset`."""
ENVELOPE = {"items", "total", "next"}


async def _answers(world: World) -> dict[str, tuple[dict[str, Any], set[str]]]:
    """The schema of what each GET answers, and the keys of its query."""
    async with world.client() as http:
        document = (await http.get("/api/openapi.json")).json()
    found = {}
    for path, item in document["paths"].items():
        content = item.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        if "application/json" in content:
            schema = content["application/json"]["schema"]
            name = schema.get("$ref", "").rpartition("/")[2]
            keys = {one["name"] for one in item["get"].get("parameters", []) if one["in"] == "query"}
            found[path] = (document["components"]["schemas"].get(name, schema), keys)
    return found


async def test_every_list_is_asked_and_answered_alike(world: World) -> None:
    """No GET answers a bare array, and whatever has parts has these: `limit` and `after`, `items`, `total`, `next`."""
    answers = await _answers(world)
    assert len(answers) > 30
    lists = {path for path, (schema, _) in answers.items() if "items" in schema.get("properties", {})}
    assert len(lists) >= 20
    for path, (schema, keys) in answers.items():
        assert schema.get("type") != "array", f"{path} answers a bare array: return web.api.lists.part_of(…)"
        if path in lists:
            assert set(schema["properties"]) == ENVELOPE, path
            assert {"limit", "after"} <= keys, path
            assert ("q" in keys) is (path not in LOGS), path
        paging = keys & {"limit", "after", "offset", "before", "page", "upto", "cursor"}
        if path not in lists and not path.endswith("/changes"):
            assert paging == ({"limit", "offset"} if path in WINDOWS else set()), path


@pytest.mark.parametrize("path", ["/me/tokens", "/projects", "/groups"])
async def test_a_list_is_read_part_by_part_and_by_words(world: World, path: str) -> None:
    """Each thing once, in the list's own order; words narrow it; what cannot be is named."""
    user = await world.user()
    for number in range(5):
        await world.services.api_tokens.create(user.actor(), f"Mine <{number}>", ("read",), 7)
        await world.services.projects.create(user.actor(), f"Mine <{number}> of {user.id}")
        await world.services.groups.create(user.actor(), f"Mine <{number}> of {user.id}")
    async with await world.bearer(user) as http:
        whole = (await http.get(f"/api/v1{path}?limit=1000")).json()
        assert whole["total"] == len(whole["items"]) >= 5
        seen, after = [], ""
        while after is not None:
            part = (await http.get(f"/api/v1{path}", params={"limit": 2, "after": after})).json()
            assert len(part["items"]) <= 2
            seen, after = seen + part["items"], part["next"]
        assert seen == whole["items"]
        (one,) = (await http.get(f"/api/v1{path}", params={"q": "<3> MINE"})).json()["items"]
        assert one["name"].startswith("Mine <3>")
        assert (await http.get(f"/api/v1{path}", params={"q": one["id"]})).json()["items"] == []
        for wrong in ("limit=0", "limit=1001", "after=-1", "after=x"):
            answer = await http.get(f"/api/v1{path}?{wrong}")
            assert (answer.status_code, answer.json()["errors"][0]["place"]) == (422, wrong.partition("=")[0])
