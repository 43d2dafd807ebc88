"""The filter panel: one control for each filter tile, made from what its column offers."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import dash_mantine_components as dmc
import polars as pl
from dash import html
from dash.development.base_component import Component

from dash_views import ids
from dash_views.answers import grouped, number_text
from dash_views.figures.arrays import texts
from dash_views.icons import Icon
from dash_views.parts import aria, button, tool
from dash_views.sliders import decimals, is_endless, scale_of
from dash_views.tiles import heading
from domain.tiles import FilterTile, FilterWidget
from services.queries import Answer, Failure, Frame

MISSING = "\N{EMPTY SET}"
"""Stands for a missing value among the options, which must be text; the browser turns it back into null."""
MOST_DECIMALS = 100
"""JavaScript's Number.prototype.toFixed takes no more."""


def filter_card(tile: FilterTile, options: Answer, *, editable: bool) -> Component:
    """A filter with its label, its reset button and, in the editor, its tools."""
    name = heading(tile)
    tools = [tool(ids.part("reset", tile.id), "filter-off", f"Reset the filter {name}", idle=True)]
    if editable:
        tools += [
            tool(ids.part("edit", tile.id), "pencil", f"Edit the filter {name}"),
            tool(ids.part("delete", tile.id), "trash", f"Delete the filter {name}"),
        ]
    title = html.H2(name, className="filter-title")
    head = html.Div([title, html.Div(tools, className="tile-tools")], className="filter-head")
    return html.Div(
        [head, control(tile, options, ids.part("filter", tile.id))], className="filter", title=tile.description or None
    )


def control(tile: FilterTile, options: Answer, component_id: dict[str, Any]) -> Component:
    """The control itself, or why there is none."""
    if isinstance(options, Failure):
        return html.Div([Icon("alert-triangle"), html.P(options.message)], className="tile-error", role="alert")
    match tile.interactive_component_type:
        case FilterWidget.MULTI_SELECT:
            return _multi_select(tile, component_id, options)
        case FilterWidget.RANGE_SLIDER:
            return _range_slider(tile, component_id, options)
        case FilterWidget.DATE_RANGE:
            return _date_range(tile, component_id, options)
        case FilterWidget.TEXT:
            return dmc.TextInput(
                id=component_id,
                value="",
                placeholder="contains …",
                debounce=250,
                leftSection=Icon("search"),
                attributes={"input": aria(f"{heading(tile)} contains")},
            )


def option_texts(values: pl.Series) -> list[str]:
    """The options as text, which is all that a select control holds."""
    return [MISSING if value is None else spelled(value) for value in texts(values)]


def spelled(value: object) -> str:
    """As JavaScript writes the value (1.0 as 1, 1e-07 as 1e-7): so a choice in a link is found among the options."""
    if not isinstance(value, float):
        return str(value)
    if value and not 1e-6 <= abs(value) < 1e21:  # noqa: PLR2004 -- ECMA-262, Number::toString
        return re.sub(r"e([+-])0", r"e\1", repr(value))
    return format(Decimal(repr(value or 0.0)), "f").removesuffix(".0")


def _multi_select(tile: FilterTile, component_id: dict[str, Any], frame: Frame) -> Component:
    labels = zip(option_texts(frame.data["value"]), frame.data["count"], strict=True)
    data = [{"value": text, "label": f"{'missing' if text == MISSING else text} ({grouped(n)})"} for text, n in labels]
    note = f"The {grouped(frame.shown)} most frequent of {grouped(frame.of)} values." if frame.sampled else None
    return dmc.MultiSelect(
        id=component_id,
        data=data,
        value=[],
        placeholder="all",
        searchable=True,
        clearable=True,
        hidePickedOptions=True,
        limit=200,
        description=note,
        nothingFoundMessage="nothing found",
        attributes={"input": aria(heading(tile))},
    )


def _range_slider(tile: FilterTile, component_id: dict[str, Any], frame: Frame) -> Component:
    scale = scale_of(frame)
    if scale is None:
        return html.P("The column has no range of values.", className="filter-note")
    slider = dmc.RangeSlider(
        id=component_id,
        min=scale.low,
        max=scale.high,
        step=scale.step,
        # Mantine would count the decimals of 1e-7 as none.
        precision=min(scale.decimals, MOST_DECIMALS),
        minRange=0,
        value=[scale.low, scale.high],
        marks=[{"value": end, "label": _end_text(end)} for end in (scale.low, scale.high)],
        # Until it is let go, dragging.js follows it.
        updatemode="mouseup",
        className="filter-slider",
        thumbFromLabel=f"{heading(tile)} from",
        thumbToLabel=f"{heading(tile)} to",
    )
    if not is_endless(frame):
        return slider
    return html.Div([slider, html.P("Infinite values lie beyond the ends.", className="filter-note")])


def _end_text(end: float) -> str:
    """An end of a slider: with the decimals that it has, or short where it is too small for them."""
    return number_text(end, 2 if 0 < abs(end) < 1e-3 else decimals(end))  # noqa: PLR2004 -- as in `number_text`


def _date_range(tile: FilterTile, component_id: dict[str, Any], frame: Frame) -> Component:
    low, high = day(frame.data["lowest"][0]), day(frame.data["highest"][0])
    return dmc.DatePickerInput(
        id=component_id,
        type="range",
        value=[None, None],
        minDate=low,
        maxDate=high,
        defaultDate=low,
        allowSingleDateInRange=True,
        clearable=True,
        valueFormat="YYYY-MM-DD",
        placeholder=f"{low} … {high}" if low and high else "no dates",
        className="filter-dates",
        leftSection=Icon("calendar"),
        attributes={"input": aria(heading(tile))},
    )


def day(value: object) -> str | None:
    """The day of a date or a time, in ISO 8601."""
    match value:
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
    return None


def panel(filters: Sequence[Component]) -> list[Component]:
    """What the panel holds: its head with the reset of everything, then the filters."""
    reset = button(ids.RESET_ALL, "filter-off", "Reset all", idle=True)
    summary = html.Summary([Icon("filter"), html.Span("Filters", className="panel-title")], className="panel-summary")
    empty = [] if filters else [html.P("No filters yet.", className="filter-note")]
    body = html.Div([reset, *filters, *empty], className="panel-body")
    return [html.Details([summary, body], open=True, className="panel-details")]
