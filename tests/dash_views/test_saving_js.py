"""The queue of saves, run in Node: one press of a button is sent once, however often Dash says that it was pressed."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.dash_views.test_wishes_js import Node


@pytest.fixture
def page() -> Iterator[Node]:
    """An editor that was just opened."""
    found = Node("saving.js")
    yield found
    found.close()


def buttons(*pressed: int | None, output: str = "copies", state: str = "pressed") -> str:
    """What Dash sends of buttons of several tiles, by when each was pressed."""
    listened = [{"id": {"tile": n}, "property": "n_clicks_timestamp", "value": at} for n, at in enumerate(pressed)]
    asked: dict[str, Any] = {"output": output, "inputs": [[], listened]}
    return json.dumps(asked | {"state": [{"id": state, "property": "data"}]})


def test_a_press_is_sent_once(page: Node) -> None:
    """Tiles drawn anew before its answer bring it up again; a later press, or of another button, is one of its own."""
    assert not page("depictio.saving.isSent", buttons(None, 5))
    assert page("depictio.saving.isSent", buttons(None, 5))
    assert page("depictio.saving.isSent", buttons(3, 5))
    assert not page("depictio.saving.isSent", buttons(6, 5))
    assert not page("depictio.saving.isSent", buttons(5, output="others"))


def test_saves_without_such_a_button_are_sent_as_often_as_they_come(page: Node) -> None:
    for _ in range(2):
        assert not page("depictio.saving.isSent", buttons(5, state="view"))
        assert not page("depictio.saving.isSent", buttons(None))
        assert not page("depictio.saving.isSent", json.dumps({"output": "form"}))
