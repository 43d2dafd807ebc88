"""The controls of filters: made from what a column offers, or a reason why there is none."""

from typing import Any

import polars as pl
import pytest

from dash_views.panel import ALL, FEW, MISSING, control
from domain.tiles import FilterTile, FilterWidget
from persistence.frames.query import query
from services.queries import Failure

DATA = pl.DataFrame(
    {
        "g": ["b", "a", None, "a"],
        "flag": [True, False, None, True],
        "x": [1.5, 2.0, 4.0, None],
        "many": [f"w{n}" for n in range(4)],
    }
)


def made(widget: FilterWidget, column: str, data: pl.DataFrame = DATA) -> Any:
    tile = FilterTile(id="f", collection_id="c", column_name=column, interactive_component_type=widget)
    return control(tile, query([tile], {"c": data})["f"], {"role": "filter", "tile": "f"})


def test_a_select_offers_its_values_with_counts() -> None:
    """The most frequent first, missing ones by a word."""
    select = made(FilterWidget.SELECT, "g")
    assert [(one["value"], one["label"]) for one in select.data] == [
        ("a", "a (2)"),
        ("b", "b (1)"),
        (MISSING, "missing (1)"),
    ]
    assert (select.value, select.clearable) == (None, True)


def test_segments_begin_with_all_of_them() -> None:
    """One below the other where their words need the room."""
    segments = made(FilterWidget.SEGMENTED, "g").children
    assert [one["value"] for one in segments.data] == [ALL, "a", "b", MISSING]
    assert (segments.value, segments.orientation) == (ALL, "vertical")
    narrow = made(FilterWidget.SEGMENTED, "g", pl.DataFrame({"g": ["a", "b"]}))
    assert narrow.children.orientation == "horizontal"
    wide = made(FilterWidget.SEGMENTED, "g", pl.DataFrame({"g": ["a long name of a category", "another long one"]}))
    assert wide.children.orientation == "vertical"


def test_check_boxes_and_a_switch_hold_nothing_at_first() -> None:
    """One box a value; the switch says which column it asks."""
    boxes = made(FilterWidget.CHECKBOX, "flag").children
    assert [box.value for box in boxes.children.children] == ["false", "true", MISSING]
    assert boxes.value == []
    switch = made(FilterWidget.SWITCH, "flag")
    assert (switch.label, switch.value) == ("only flag (2)", False)


def test_lists_and_groups_of_boxes_are_called_by_their_filter() -> None:
    """Both the field that takes the focus, which is not what Mantine calls its input, and the list that opens."""
    named = {"aria-label": "g"}
    assert made(FilterWidget.MULTI_SELECT, "g").attributes == {"inputField": named, "options": named}
    group = made(FilterWidget.CHECKBOX, "g").to_plotly_json()["props"]
    assert (group["role"], group["aria-label"]) == ("group", "g")


def test_a_slider_begins_at_its_right_end() -> None:
    """There it keeps everything."""
    slider, spread = made(FilterWidget.SLIDER, "x").children
    assert (spread.target, spread.sides, spread.log) == (slider.id, 1, False)
    assert (slider.min, slider.max, slider.value) == (1.5, 4.0, 4.0)


def test_the_ends_of_a_logarithmic_slider_are_never_nothing() -> None:
    """A thousandth would be 0.00 with two decimals."""
    slider, _ = made(FilterWidget.RANGE_SLIDER, "x", pl.DataFrame({"x": [0.001, 0.02, 50.0, 10_000.0]})).children[:2]
    assert [mark["label"] for mark in slider.marks] == ["0.001", "10\u202f000"]


@pytest.mark.parametrize("widget", [FilterWidget.SEGMENTED, FilterWidget.CHECKBOX])
def test_too_many_values_are_said(widget: FilterWidget) -> None:
    """Instead of a control that nobody could look over."""
    found = made(widget, "g", pl.DataFrame({"g": [f"w{n}" for n in range(FEW + 1)]}))
    assert f"{FEW + 1} values" in str(found)


def test_a_switch_needs_a_column_of_booleans() -> None:
    tile = FilterTile(id="f", collection_id="c", column_name="g", interactive_component_type=FilterWidget.SWITCH)
    found = query([tile], {"c": DATA})["f"]
    assert isinstance(found, Failure)
    assert "'g' holds text" in found.message


@pytest.mark.parametrize(("retry", "links"), [(True, [""]), (False, [])])
def test_a_control_without_data_says_why_and_can_be_tried_again(retry: bool, links: list[str]) -> None:
    """By reading the page again, unless that cannot help."""
    tile = FilterTile(
        id="f", collection_id="c", column_name="mass", interactive_component_type=FilterWidget.MULTI_SELECT
    )
    made: Any = control(tile, Failure("It is gone.", retry=retry), {"role": "filter", "tile": "f"})
    assert made.role == "alert"
    assert made.children[1].children == "It is gone."
    assert [link.href for link in made.children[2:]] == links
