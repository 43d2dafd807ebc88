"""What a visitor may ask of the query engine: far more than a browser does, but not without end."""

import asyncio
from typing import Any

import pytest

from tests.dash_views.conftest import Town

WISHES: dict[str, tuple[str, list[Any]]] = {
    "ranges": ("body-mass", [["between", [1, 2]]] * 3_000),
    "choices": ("species", [["in", [f"v{number}" for number in range(200_000)]]]),
    "text": ("individual", [["contains", ["a" * 5_000_000]]]),
}


@pytest.mark.parametrize(("tile", "wishes"), WISHES.values(), ids=WISHES)
async def test_filters_without_end_are_refused_at_once(town: Town, tile: str, wishes: list[Any]) -> None:
    """With a reason, and without unfiltered data: thousands of ranges, hundreds of thousands of values, a book."""
    page = await town.page()
    async with asyncio.timeout(5):
        answer = await page.ask({tile: wishes})
    assert answer["failure"] or all(entry["notice"]["failed"] for entry in answer["tiles"].values())
    assert "rowData': [{" not in str(answer)


HEADERS: dict[str, dict[str, Any]] = {
    "far": {"startRow": 10**30, "endRow": 10**30 + 5},
    "many rows": {"startRow": 0, "endRow": 10**9},
    "many conditions": {
        "filterModel": {"species": {"operator": "OR", "conditions": [{"type": "contains", "filter": "a"}] * 5_000}}
    },
    "long": {"filterModel": {"species": {"type": "contains", "filter": "(a+)+$" * 100_000}}},
}


@pytest.mark.parametrize("request_", HEADERS.values(), ids=HEADERS)
async def test_rows_without_end_are_refused(town: Town, request_: dict[str, Any]) -> None:
    """The table says why it shows none."""
    page = await town.page()
    assert set(await page.rows("rows", **request_)) == {"ticket", "failure"}
