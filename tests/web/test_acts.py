"""Acts of the audit in the language of the installation."""

import ast
from pathlib import Path

import pytest

import services
from web.acts import ACTS, said_act

FOLDER = Path(services.__file__).parent


def _written() -> set[str]:
    """What the services call their acts: the second argument of `recorded`, and `act` of an entry."""
    calls = [
        node
        for path in FOLDER.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    given = [call.args[1] for call in calls if call.func.id == "recorded" and call.args[1:]]  # type: ignore[attr-defined]
    given += [word.value for call in calls for word in call.keywords if word.arg == "act"]
    return {one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def test_every_act_has_words_to_translate() -> None:
    """Neither an act without, nor words of which there is no act but the one that a constant names."""
    assert ACTS.keys() - _written() == {"renew a sign-in with a used refresh token"}
    assert _written() - ACTS.keys() == set()


@pytest.mark.parametrize("act", ["sign in", "restore the backup of 2026-11-26 10:00", "an act of an older release"])
def test_acts_are_said_in_english_without_a_catalogue(act: str) -> None:
    """A time within, and what is known no more, stay as they were written."""
    assert said_act(act) == act
