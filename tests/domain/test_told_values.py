"""Values of dashboards as people read them."""

from typing import Any

import pytest

from domain.told_values import in_words

TAGS = {"6b08": "sites"}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        ([], ""),
        (0, "0"),
        (True, "yes"),
        ("6b08", "sites"),
        (["a", "", 2], "a, nothing, 2"),
        ({"6b08": {"version": 3, "day": "2026-11-12"}}, "sites: version 3 of 12 Nov 2026"),
        ([{"id": "t", "title": "Details", "subtitle": "", "icon": "flask"}, {"id": "u", "title": "More"}],
         "Details (icon: flask), More"),
        ([{"column": "mass", "bar": True, "rules": [{"when": ">", "value": 3}]}],
         "mass (bar: yes, rules: when: >, value: 3)"),
        ([{"width": 880, "columns": 8}], "width: 880, columns: 8"),
    ],
)  # fmt: skip
def test_values_are_told_without_braces_and_ids(value: Any, words: str) -> None:
    """Pins by the tag of their collection, tabs and formats by their name, what is empty not at all."""
    assert in_words(value, TAGS) == words
