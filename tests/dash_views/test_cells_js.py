"""The cells of tables, run in Node: how values are written, and which colour they have."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from tests.dash_views.test_wishes_js import Node

THIN, NBSP = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    found = Node("cells.js")
    yield found
    found.close()


def spec(**given: Any) -> str:
    return msgspec.json.encode({"column": "x", **given}).decode()


@pytest.mark.parametrize(
    ("value", "given", "text"),
    [
        (None, {"unit": "g"}, ""),
        (1234567.891, {}, "1234567.89"),
        (45.90120374, {}, "45.9012"),
        (-0.000012345678, {}, "-0.00001234568"),
        (1.2345678e-9, {}, "1.234568e-9"),
        (3.5, {}, "3.5"),
        (123456789012, {}, "123456789012"),
        ("2009-05-01T12:30:00.250000", {"kind": "datetime"}, "2009-05-01 12:30:00"),
        ("2009-05-01T12:30:00+02:00", {"kind": "datetime"}, "2009-05-01 12:30:00+02:00"),
        ("2009-05-01", {"kind": "date"}, "2009-05-01"),
        (1234567.891, {"decimals": 1, "thousands": True, "unit": "g"}, f"1{THIN}234{THIN}567.9{NBSP}g"),
        (-1234, {"thousands": True}, f"-1{THIN}234"),
        (0.256, {"percent": True}, f"25.6{THIN}%"),
        (0.256, {"percent": True, "decimals": 0}, f"26{THIN}%"),
        (3, {"prefix": "~"}, "~3"),
        ("2009-05-01", {"date": "short"}, "1 May"),
        ("2009-05-01", {"date": "long"}, "1 May 2009"),
        ("2009-05-01T12:30:00", {"date": "month"}, "May 2009"),
        ("2009-05-01T12:30:00", {"date": "year"}, "2009"),
        ("2009-05-01 12:30:00", {"date": "time"}, "2009-05-01 12:30"),
        ("2009-05-01T12:30:00", {"date": "iso"}, "2009-05-01"),
        ("word", {"decimals": 2}, "word"),
        (True, {}, "true"),
    ],
)
def test_values_are_written_as_the_format_says(node: Node, value: Any, given: dict[str, Any], text: str) -> None:
    assert node("depictio.cells.text", {"value": value}, spec(**given)) == text


@pytest.mark.parametrize(
    ("value", "given", "whole"),
    [
        (45.90120374, {}, "45.90120374"),
        (45.25, {"decimals": 1}, "45.25"),
        (45.25, {}, None),
        (1250, {"thousands": True}, None),
        (None, {}, None),
        ("2009-05-01T12:30:00.250000", {"kind": "datetime"}, "2009-05-01T12:30:00.250000"),
        ("short", {"kind": "text"}, None),
        ("words that have no room in a column", {"kind": "text"}, "words that have no room in a column"),
    ],
)
def test_the_whole_value_is_said_where_a_cell_has_less(
    node: Node, value: Any, given: dict[str, Any], whole: Any
) -> None:
    assert node("depictio.cells.wholeOf", {"value": value}, spec(**given)) == whole


def test_totals_say_what_they_are(node: Node) -> None:
    """In the row below the others alone."""
    pinned = {"value": 2.5, "node": {"rowPinned": "bottom"}}
    assert node("depictio.cells.text", pinned, spec(total="mean", unit="g")) == f"mean 2.5{NBSP}g"
    assert node("depictio.cells.text", {"value": 2.5}, spec(total="mean", unit="g")) == f"2.5{NBSP}g"


@pytest.mark.parametrize(
    ("rule", "value", "holds"),
    [
        ({"when": ">", "value": 3}, 3.5, True),
        ({"when": ">", "value": 3}, 3, False),
        ({"when": ">=", "value": 3}, 3, True),
        ({"when": "<", "value": "10"}, 9, True),
        ({"when": "<=", "value": 3}, None, False),
        ({"when": "=", "value": "a"}, "a", True),
        ({"when": "!=", "value": "a"}, "b", True),
        ({"when": "!=", "value": "a"}, None, False),
        ({"when": ">", "value": "2009-05-01"}, "2009-06-01", True),
        ({"when": "contains", "value": "EN"}, "gentoo", True),
        ({"when": "missing"}, None, True),
        ({"when": "missing"}, 0, False),
    ],
)
def test_rules_hold_as_they_say(node: Node, rule: dict[str, Any], value: Any, holds: bool) -> None:
    """Numbers by size, dates and text by their letters; a missing value holds no other rule."""
    assert node("depictio.cells.holds", rule, value) is holds


def test_bars_and_scales_go_between_the_extremes_of_the_table(node: Node) -> None:
    """Bars from zero; given ends go before the extremes."""
    assert node("depictio.cells.scale", "t", {"x": [10, 20]}) is True
    assert node("depictio.cells.scale", "t", {"x": [10, 20]}) is False
    share = "depictio.cells.share"
    assert [node(share, value, {"column": "x"}, "t") for value in (10, 15, 20, 99, None)] == [0, 0.5, 1, 1, None]
    assert node(share, 10, {"column": "x", "bar": True}, "t") == 0.5
    assert node(share, 10, {"column": "x", "low": 0, "high": 40}, "t") == 0.25
    assert node(share, 10, {"column": "other"}, "t") is None


def test_the_first_rule_that_holds_goes_before_the_scale(node: Node) -> None:
    rules = [{"when": ">", "value": 5, "color": "danger"}, {"when": ">", "value": 1}]
    given = spec(scale="accent", low=0, high=10, rules=rules)
    assert node("depictio.cells.style", {"value": 7}, given, "t")["color"] == "var(--dp-danger)"
    assert node("depictio.cells.style", {"value": 3}, given, "t")["color"] == "var(--dp-accent-ink)"
    assert "color-mix" in node("depictio.cells.style", {"value": 0.5}, given, "t")["backgroundColor"]
