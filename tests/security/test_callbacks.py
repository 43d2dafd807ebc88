"""Callbacks under requests that no browser would send: a refusal with a reason, never a fault of the server."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from dash_views import ids
from tests.dash_views.conftest import Town
from tests.dash_views.page import DashPage, key

JUNK: tuple[Any, ...] = (None, 10**30, "x", [None], {"id": 1}, [{"id": {"role": 1}}])
DEEPEST = 4
Place = tuple[str | int, ...]


def places(node: Any, place: Place = ()) -> Iterator[Place]:
    """Where something stands in a request: every key, and the first entries of each list."""
    yield place
    if len(place) == DEEPEST:
        return
    inner = node.items() if isinstance(node, dict) else enumerate(node[:2]) if isinstance(node, list) else ()
    for name, value in inner:
        yield from places(value, (*place, name))


def replaced(node: Any, place: Place, value: Any) -> Any:
    if not place:
        return value
    changed = copy.copy(node)
    changed[place[0]] = replaced(node[place[0]], place[1:], value)
    return changed


async def calls(page: DashPage) -> list[dict[str, Any]]:
    """A well-formed request of each callback on the server."""
    return [page.body(one["output"], {}, match="rows") for one in page.dependencies if not one["clientside_function"]]


@pytest.mark.parametrize("app", ["view", "edit"])
async def test_no_request_makes_a_callback_fail_inside(town: Town, app: str) -> None:
    """Anything in any place of the request of any callback: done, refused or not understood."""
    page = await town.page("owner", app, await town.copy())
    found = set()
    for body in await calls(page):
        for place in places(body):
            for junk in JUNK:
                answer = await page.post(replaced(body, place, junk))
                found.add(answer.status_code)
                assert answer.status_code < 500, (body["output"], place, junk)
    assert {400, 422} <= found


async def typed(page: DashPage) -> dict[str, Any]:
    """What is sent when a form changes; the first of its inputs are the fields, however many there are."""
    await page.press(ids.part("edit", "mean-mass"))
    return page.body(f"{ids.PREVIEW}.children...", {f"{key(ids.field('title'))}.value": "Mass"})


async def test_a_request_names_the_components_of_its_callback_and_no_others(town: Town) -> None:
    """Another component, property, role or number of them is refused; the wildcard takes any field."""
    page = await town.page("owner", "edit")
    body = await typed(page)
    one = body["inputs"][0][0]
    refused = [
        replaced(body, ("inputs", 0), one),
        replaced(body, ("outputs",), body["outputs"][:-1]),
        replaced(body, ("inputs", 0, 0, "id"), {**one["id"], "role": "card"}),
        replaced(body, ("inputs", 0, 0, "id"), {**one["id"], "more": "x"}),
        replaced(body, ("inputs", 0, 0, "id"), {**one["id"], "name": ["x"]}),
        replaced(body, ("inputs", 0, 0, "property"), "config"),
        replaced(body, ("outputs", 0, "id"), "state"),
        replaced(body, ("inputs",), body["inputs"] * 2),
    ]
    assert [(await page.post(one)).status_code for one in refused] == [400] * len(refused)
    strange = replaced(body, ("inputs", 0, 0, "id"), {**one["id"], "name": "no-such-field"})
    assert (await page.post(strange)).status_code == 200


async def test_thousands_of_entries_and_made_up_triggers_do_no_harm(town: Town) -> None:
    """A wildcard may list as many as the body's limit lets through; properties that are no inputs trigger nothing."""
    page = await town.page("owner", "edit")
    body = await typed(page)
    one = body["inputs"][0][0]
    many = [{**one, "id": {**one["id"], "name": f"t{number}"}} for number in range(5_000)]
    answer = await page.post(replaced(body, ("inputs", 0), many))
    assert answer.status_code == 200
    made_up = ["{broken.data", "add-tile.other", "", ".", 7, None]
    drawn = page.body(f"{ids.OPENING}.data", {f"{ids.OPENING}.data": None})
    assert (await page.post({**drawn, "changedPropIds": made_up})).status_code == 204


@pytest.mark.parametrize("text", [b"[" * 100_000, b'{"output":' * 50_000, b"\xff", b'"\\ud800"', b"", b"NaN"])
async def test_bodies_that_are_no_json_are_refused(town: Town, text: bytes) -> None:
    """Nested without end, not UTF-8, half characters, nothing at all."""
    page = await town.page()
    headers = {"x-csrftoken": await page.browser.token(), "content-type": "application/json"}
    for name, refusals in (("_dash-update-component", {400}), ("_answers", {400, 422}), ("_brush", {400, 422}),
                           ("_condition", {400, 422})):  # fmt: skip
        answer = await page.browser.http.post(page.base + name, content=text, headers=headers)
        assert answer.status_code in refusals
