"""What the filter panel offers over HTTP: narrowed by the other filters, and searched in on the server."""

from typing import Any

import msgspec
import pytest

from dash_views.panel import MISSING
from domain.dashboards import Dashboard
from domain.tiles import FilterTile, FilterWidget
from tests.dash_views.conftest import Town
from tests.dash_views.page import DashPage, answered


async def offered(page: DashPage, **more: Any) -> Any:
    """The answer to what choices.js asks."""
    answer = await page.post({"sequence": 1, **more}, name="_options")
    assert answer.status_code == 200, answer.text
    return answered(answer.content)


def labels(found: Any, tile: str) -> list[str]:
    return [option["label"] for option in found["tiles"][tile]["props"]["data"]]


async def test_choices_are_narrowed_by_the_other_filters_and_stay_when_chosen(town: Town) -> None:
    """By selections too; the control's own choice narrows nothing of its own list."""
    page = await town.page("viewer")
    assert labels(await offered(page), "species") == ["Adelie (151)", "Gentoo (123)", "Chinstrap (68)"]
    wishes = {"species": [["in", ["Chinstrap"]]], "by-island": [["in", ["Biscoe"]]]}
    found = await offered(page, wishes=wishes)
    assert labels(found, "species") == ["Gentoo (123)", "Adelie (44)", "Chinstrap (0)"]
    assert labels(found, "island") == []
    refused = await offered(page, wishes={"gone": [["in", ["a"]]]})
    assert "a tile that is gone" in refused["failure"]


@pytest.mark.parametrize("widget", [FilterWidget.MULTI_SELECT, FilterWidget.SELECT])
async def test_a_long_list_is_searched_through_by_the_server(
    town: Town, board: Dashboard, widget: FilterWidget
) -> None:
    """Ignoring case, with counts under the other filters; what is chosen stays among what is found."""
    control = FilterTile(
        id="who", collection_id=town.collection.id, column_name="individual_id", interactive_component_type=widget
    )
    saved = await town.save(board, {**board.tiles, "who": control})
    page = await town.page("owner", dashboard=saved)
    everybody = await offered(page)
    assert len(labels(everybody, "who")) == 342
    assert everybody["tiles"]["who"]["whole"] is True
    first, second = everybody["tiles"]["who"]["props"]["data"][:2]
    part = first["value"][1:].upper()
    found = await offered(page, search={"who": part}, wishes={"who": [["in", [second["value"]]]]})
    values = [option["value"] for option in found["tiles"]["who"]["props"]["data"]]
    assert first["value"] in values
    assert second["value"] in values
    assert all(part.lower() in value.lower() or value == second["value"] for value in values)
    assert len(await _values(page, "no such thing")) == 0


async def _values(page: DashPage, search: str) -> list[str]:
    found = await offered(page, search={"who": search})
    return [option["value"] for option in found["tiles"]["who"]["props"]["data"]]


async def test_check_boxes_follow_and_a_lost_column_is_said(town: Town, board: Dashboard) -> None:
    """Boxes with their counts; a control without its column says why, and harms no other."""
    sex = FilterTile(
        id="sex", collection_id=town.collection.id, column_name="sex", interactive_component_type=FilterWidget.CHECKBOX
    )
    lost = msgspec.structs.replace(
        sex, id="lost", column_name="gone", interactive_component_type=FilterWidget.MULTI_SELECT
    )
    saved = await town.save(board, {**board.tiles, "sex": sex, "lost": lost})
    page = await town.page("owner", dashboard=saved)
    found = await offered(page, wishes={"species": [["in", ["Gentoo"]]]})
    boxes = found["tiles"]["sex"]["props"]["children"]["props"]["children"]
    assert [box["type"] for box in boxes] == ["Checkbox"] * len(boxes)
    assert sum(int(box["props"]["label"].split("(")[1][:-1]) for box in boxes) == 123
    assert {box["props"]["value"] for box in boxes} <= {"female", "male", MISSING}
    assert "'gone'" in found["tiles"]["lost"]["props"]["error"]


async def test_segments_boxes_and_switches_keep_choices_without_rows(town: Town, board: Dashboard) -> None:
    """With how many rows the other filters leave of each; those without any are grey and can still be chosen."""
    kinds = {"segments": FilterWidget.SEGMENTED, "boxes": FilterWidget.CHECKBOX}
    tiles = {
        key: FilterTile(
            id=key, collection_id=town.collection.id, column_name="species", interactive_component_type=kind
        )
        for key, kind in kinds.items()
    }
    saved = await town.save(board, {**board.tiles, **tiles})
    page = await town.page("viewer", dashboard=saved)
    at_first = ["all", "Adelie (151)", "Chinstrap (68)", "Gentoo (123)"]
    assert [one["label"] for one in page.props({"role": "filter", "tile": "segments"})["data"]] == at_first
    found = await offered(page, wishes={"island": [["in", ["Biscoe"]]]})
    assert labels(found, "segments") == ["all", "Adelie (44)", "Chinstrap (0)", "Gentoo (123)"]
    stack = found["tiles"]["boxes"]["props"]["children"]["props"]["children"]
    assert [(one["props"]["label"], one["props"]["className"]) for one in stack] == [
        ("Adelie (44)", ""),
        ("Chinstrap (0)", "is-empty"),
        ("Gentoo (123)", ""),
    ]
