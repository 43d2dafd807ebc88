"""Requests that nobody's browser makes: over REST without the right, malformed, cut off. Nothing of them is stored."""

from typing import Any

import msgspec
import pytest

from domain.dashboards import Dashboard
from tests.dash_views.conftest import Town
from tests.dash_views.page import DashPage, key


async def test_a_viewer_cannot_save_over_rest_either(town: Town, board: Dashboard) -> None:
    """The service decides; the stored dashboard is as it was."""
    async with await town.world.bearer(town.users["viewer"]) as client:
        url = f"/api/v1/dashboards/{board.id}"
        read = (await client.get(url)).json()
        content = {name: read[name] for name in ("version", "title", "subtitle", "tiles")}
        answers = [
            await client.put(url, json=content | {"title": "Mine"}),
            await client.post(f"{url}/tiles", json={"component_type": "text", "body": "x"}),
            await client.delete(f"{url}/tiles/bills"),
            await client.delete(url),
        ]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert await town.stored(board) == board


MALFORMED: list[Any] = [
    None, 3, "x", [], {}, [1], [None], {"sequence": "x"}, {"sequence": 1, "wishes": []},
    {"sequence": 1, "wishes": {"species": "x"}}, {"sequence": 1, "wishes": {"species": [["like", ["x"]]]}},
    {"sequence": 1, "wishes": {"species": [["in", [{}]]]}}, {"sequence": 1, "known": {"rows": 1}},
    {"sequence": 1, "tables": {"rows": {"sortModel": [1]}}}, {"ticket": 1}, {"ticket": 1, "request": {"startRow": 0}},
    {"ticket": 1, "request": {"startRow": -5, "endRow": 10**30}}, {"kind": 3}, {"kind": "pie", "values": {}},
    {"kind": "card", "values": [], "tile_id": 3}, {"kind": "card", "values": {"collection_id": {}}, "base": {"id": 3}},
    [{"id": "bills"}], [{"id": "bills", "x": "left", "y": 0, "w": 1, "h": 1}], True, 1.5, "\0",
]  # fmt: skip
BROKEN = ("output", "outputs", "inputs", "state", "changedPropIds")


async def malformed(page: DashPage) -> list[dict[str, Any]]:
    """Calls of every callback with values, and whole lists, that no browser sends."""
    made = []
    for one in page.dependencies:
        if one["clientside_function"]:
            continue
        whole = page.body(one["output"], {}, match="rows")
        for value in MALFORMED:
            sent = msgspec.json.decode(msgspec.json.encode(whole))
            inputs, state = (
                [one for group in sent[part] for one in (group if isinstance(group, list) else [group])]
                for part in ("inputs", "state")
            )
            for entry in inputs + state:
                entry["value"] = value
            sent["changedPropIds"] = [f"{key(entry['id'])}.{entry['property']}" for entry in inputs[:1]]
            made.append(sent)
        for part in BROKEN:
            made += [{**whole, part: value} for value in (None, 3, "x", [1], [{}], {"id": "x"}, [whole[part]] * 2)]
            made.append({name: value for name, value in whole.items() if name != part})
    return made


ASK_PARTS = ("sequence", "view", "wishes", "known", "marks", "tables", "tiles", "full", "turned")
OPTIONS_PARTS = ("sequence", "view", "wishes", "search")
BRUSH_PARTS = ("sequence", "slider", "view", "wishes", "tiles", "mark")


async def test_malformed_asks_are_refused_in_words(town: Town) -> None:
    """Any value in any place of what the browser asks: a refusal, or an answer that is whole."""
    page = await town.page()
    asks: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
        ("_answers", {"sequence": 1}, ASK_PARTS),
        ("_brush", {"sequence": 1, "slider": "body-mass"}, BRUSH_PARTS),
        ("_options", {"sequence": 1}, OPTIONS_PARTS),
    ]
    sent = [(name, asked) for name, _, _ in asks for asked in MALFORMED]
    sent += [(name, whole | {part: value}) for name, whole, parts in asks for part in parts for value in MALFORMED]
    for name, asked in sent:
        answer = await page.post(asked, name=name, accept="application/json")
        assert answer.status_code < 500, asked
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["detail"]


@pytest.mark.parametrize("app", ["view", "edit"])
async def test_malformed_requests_are_refused_in_words(town: Town, board: Dashboard, app: str) -> None:
    """Whatever is posted, the answer is a refusal or a failure that is shown: never a server error, nothing stored."""
    page = await town.page("owner", app, board)
    for sent in await malformed(page):
        answer = await page.post(sent)
        assert answer.status_code < 500, sent
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["detail"]
    assert (await town.stored(board)).tiles == board.tiles


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"output":"' + b"x" * 5000 + b'"}']
)
async def test_a_body_that_is_no_call_is_refused(town: Town, content: bytes) -> None:
    """Cut off, of another shape, no text, nested beyond reason."""
    page = await town.page()
    headers = {"x-csrftoken": await page.browser.token(), "content-type": "application/json"}
    for name in ("_dash-update-component", "_answers", "_brush"):
        answer = await page.browser.http.post(page.base + name, content=content, headers=headers)
        assert 400 <= answer.status_code < 500
