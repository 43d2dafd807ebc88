"""The filter panel: one control for each filter tile, made from what its column offers."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import dash_mantine_components as dmc
import polars as pl
from dash import html
from dash.development.base_component import Component

from dash_views import ids
from dash_views.figures.arrays import texts
from dash_views.icons import Icon
from dash_views.parts import aria, button, data, tool
from dash_views.presets import note, presets
from dash_views.presses import tells
from dash_views.sliders import Scale, bars_of, decimals, hides_some, is_endless, scale_of
from dash_views.spread import Spread
from dash_views.texts import number_text
from dash_views.timeline import Timeline
from dash_views.times import strip_of
from dash_views.toggle import Toggle
from domain.headings import heading
from domain.tiles import FilterTile, FilterWidget
from domain.wording import grouped, tr
from services.queries import Answer, Failure, Frame

MISSING = "\N{EMPTY SET}"
"""Stands for a missing value among the options, which must be text; the browser turns it back into null."""
ALL = "\N{ASTERISK OPERATOR}"
"""Stands for all values in a control that always has one."""
CALENDAR = {
    "previousMonth": tr("Previous month"), "nextMonth": tr("Next month"), "previousYear": tr("Previous year"),
    "nextYear": tr("Next year"), "previousDecade": tr("Previous decade"), "nextDecade": tr("Next decade"),
    "monthLevelControl": tr("Choose a month"), "yearLevelControl": tr("Choose a year"),
}  # fmt: skip
ENDLESS = tr("Infinite values lie beyond the ends.")
BELOW_LOG = tr("The scale is logarithmic: zero and what is below lie beyond its left end.")
FEW = 12
"""So many values can be looked over at once, each with a place of its own."""
ROOM = 34
"""So many letters have room side by side in the panel."""
NO_FILTERS = tr("No filters yet.")
FIRST_FILTER = tr("They are among the kinds of tile: a list of values, a slider, days.")
MOST_DECIMALS = 100
"""JavaScript's Number.prototype.toFixed takes no more."""


def filter_card(tile: FilterTile, options: Answer, *, editable: bool) -> Component:
    """A filter with its label, its reset button and, in the editor, its tools."""
    name = heading(tile)
    tools = [tool(ids.part("reset", tile.id), "filter-off", tr("Reset the filter {name}", name=name), idle=True)]
    if editable:
        tools += [
            tool(ids.part("edit", tile.id), "pencil", tr("Edit the filter {name}", name=name), **tells(ids.OPENING)),
            tool(ids.part("delete", tile.id), "trash", tr("Delete the filter {name}", name=name), **tells(ids.OPENING)),
        ]
    title = html.H2(name, className="filter-title")
    head = html.Div([title, html.Div(tools, className="tile-tools")], className="filter-head")
    body = control(tile, options, ids.part("filter", tile.id))
    known = data("filter", tile.id)
    return html.Div([head, body], className="filter", title=tile.description or None, **known)


def control(tile: FilterTile, options: Answer, component_id: dict[str, Any]) -> Component:
    """The control itself, or why there is none."""
    if isinstance(options, Failure):
        return html.Div(
            [Icon("alert-triangle"), html.P(options.message), *again(tile, options)],
            className="tile-error",
            role="alert",
        )
    if tile.interactive_component_type in FOR_FEW and options.of > FEW:
        return _too_many(tile, options.of)
    return MAKERS[tile.interactive_component_type](tile, component_id, options)


def again(tile: FilterTile, failure: Failure) -> list[Component]:
    """A link to this very page: controls come with its layout, so it is the page that must be read again."""
    if not failure.retry:
        return []
    name = aria(tr("Retry the filter {name}", name=heading(tile)))
    return [html.A([Icon("refresh"), tr("Retry")], href="", className="dp-button", **name)]


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


def _text(tile: FilterTile, component_id: dict[str, Any], _: Frame) -> Component:
    return dmc.TextInput(
        id=component_id,
        value="",
        placeholder=tr("contains …"),
        debounce=250,
        leftSection=Icon("search"),
        attributes={"input": aria(tr("{name} contains", name=heading(tile)))},
    )


def _switch(tile: FilterTile, component_id: dict[str, Any], frame: Frame) -> Component:
    return Toggle(component_id, label=switch_label(tile, frame))


def switch_label(tile: FilterTile, frame: Frame) -> str:
    """What the switch leaves, with how many rows that are."""
    counts = dict(zip(frame.data["value"], frame.data["count"], strict=True))
    return tr("only {column} ({count})", column=tile.column_name, count=grouped(counts.get(True, 0)))


def labelled(frame: Frame) -> list[dict[str, str]]:
    """The options with how many rows each has."""
    counts = zip(option_texts(frame.data["value"]), frame.data["count"], strict=True)
    return [{"value": text, "label": _label(text, count)} for text, count in counts]


def _label(text: str, count: int) -> str:
    return f"{tr('missing') if text == MISSING else text} ({grouped(count)})"


def note_of(frame: Frame) -> str | None:
    """That not all options are offered at once."""
    if not frame.sampled:
        return None
    return tr(
        "The {shown} most frequent of {of} values. Type to search in all of them.",
        shown=grouped(frame.shown),
        of=grouped(frame.of),
    )


def _too_many(tile: FilterTile, count: int) -> Component:
    words = tr(
        "{column} has {count} values; this control is for {most} at most. Use a multi-select.",
        column=tile.column_name,
        count=grouped(count),
        most=FEW,
    )
    return html.Div([Icon("alert-triangle"), html.P(words)], className="tile-error", role="alert")


def _select(tile: FilterTile, component_id: dict[str, Any], frame: Frame) -> Component:
    return dmc.Select(
        id=component_id,
        value=None,
        attributes={"input": aria(heading(tile)), "options": aria(heading(tile))},
        **_found_by_typing(frame),
    )


def _segments(tile: FilterTile, component_id: dict[str, Any], frame: Frame) -> Component:
    data = segment_data(frame)
    segments = dmc.SegmentedControl(
        id=component_id, data=data, value=ALL, fullWidth=True, size="xs", orientation=_way(data)
    )
    return html.Div(segments, role="group", **aria(heading(tile)))


def segment_data(frame: Frame, whole: Frame | None = None) -> list[dict[str, str]]:
    """A segment for all rows and one for each option, with its rows; those of the `whole` table that have none too."""
    return [{"value": ALL, "label": tr("all")}, *few_options(frame, whole)]


def few_options(frame: Frame, whole: Frame | None = None) -> list[dict[str, str]]:
    """The options in the order of their words; one that only the `whole` table has stands there with no rows."""
    options = {option["value"]: option for option in labelled(frame)}
    for text in option_texts(whole.data["value"]) if whole is not None else ():
        options.setdefault(text, {"value": text, "label": _label(text, 0)})
    return [options[text] for text in sorted(options)]


def _way(data: list[dict[str, str]]) -> str:
    """Side by side where the words have room in the panel, one below the other otherwise."""
    return "horizontal" if sum(len(option["label"]) + 3 for option in data) <= ROOM else "vertical"


def _check_boxes(tile: FilterTile, component_id: dict[str, Any], frame: Frame) -> Component:
    ticked = dmc.CheckboxGroup(boxes(frame), id=component_id, value=[])
    return html.Div(ticked, role="group", **aria(heading(tile)))


def boxes(frame: Frame, whole: Frame | None = None) -> Component:
    """A box for each option; one without rows is grey, and can be ticked all the same."""
    made = [
        dmc.Checkbox(label=one["label"], value=one["value"], size="sm", className="is-empty" if is_empty(one) else "")
        for one in few_options(frame, whole)
    ]
    stack: Component = dmc.Stack(made, gap=6)
    return stack


def is_empty(option: dict[str, str]) -> bool:
    """Whether the other filters leave no row of an option."""
    return option["label"].endswith(" (0)")


def _slider(tile: FilterTile, component_id: dict[str, Any], frame: Frame) -> Component:
    scale = scale_of(frame)
    if scale is None:
        return html.P(tr("The column has no range of values."), className="filter-note")
    slider = dmc.Slider(
        id=component_id,
        min=scale.low,
        max=scale.high,
        step=scale.step,
        precision=_precision(scale),
        value=scale.high,
        marks=_marks(scale),
        **_said_as(scale),
        # As for the one with two ends.
        updatemode="mouseup",
        className=_look(scale),
        thumbLabel=tr("{name} up to", name=heading(tile)),
    )
    return _with_spread(slider, component_id, tile, frame, scale)


def _precision(scale: Scale) -> int:
    """How many decimals Mantine keeps of both ends when one moves: those of an exact bound too."""
    return 14 if scale.log else min(scale.decimals + 6, MOST_DECIMALS)


def _marks(scale: Scale) -> list[dict[str, Any]]:
    ends = (scale.low, scale.high)
    return [{"value": end, "label": _power_text(10**end) if scale.log else _end_text(end)} for end in ends]


def _power_text(value: float) -> str:
    """An end of a logarithmic slider, with about three digits."""
    small = decimals(float(f"{value:.2e}")) if value < 0.01 else 2  # noqa: PLR2004 -- two decimals would show nothing of it
    return number_text(value, 0 if value >= 100 else small)  # noqa: PLR2004 -- three digits before the point


def _said_as(scale: Scale) -> dict[str, Any]:
    """How the place of a thumb is said while it moves: spread.js knows the value there."""
    return {"label": {"function": "depictioPower"}} if scale.log else {}


def _look(scale: Scale) -> str:
    return "filter-slider is-log" if scale.log else "filter-slider"


def _with_spread(
    slider: Component, component_id: dict[str, Any], tile: FilterTile, frame: Frame, scale: Scale
) -> Component:
    """The slider before its bars, with exact bounds beside it, and what its ends do not say."""
    spread = Spread(
        target=component_id,
        label=heading(tile),
        bars=bars_of(frame, scale),
        low=scale.low,
        high=scale.high,
        log=scale.log,
        sides=2 if tile.interactive_component_type is FilterWidget.RANGE_SLIDER else 1,
    )
    notes = [ENDLESS] if is_endless(frame) else []
    notes += [BELOW_LOG] if hides_some(frame, scale) else []
    return html.Div([slider, spread, *(html.P(words, className="filter-note") for words in notes)], className="spread")


def _multi_select(tile: FilterTile, component_id: dict[str, Any], frame: Frame) -> Component:
    return dmc.MultiSelect(
        id=component_id,
        value=[],
        hidePickedOptions=True,
        # Its `input` is the box around pills and text.
        attributes={"inputField": aria(heading(tile)), "options": aria(heading(tile))},
        **_found_by_typing(frame),
    )


def _found_by_typing(frame: Frame) -> dict[str, Any]:
    """What a list of many values has, of which one or several are chosen."""
    return {
        "data": labelled(frame),
        "placeholder": tr("all"),
        "searchable": True,
        "clearable": True,
        "limit": 200,
        "description": note_of(frame),
        "nothingFoundMessage": tr("nothing found"),
    }


def _range_slider(tile: FilterTile, component_id: dict[str, Any], frame: Frame) -> Component:
    scale = scale_of(frame)
    if scale is None:
        return html.P(tr("The column has no range of values."), className="filter-note")
    slider = dmc.RangeSlider(
        id=component_id,
        min=scale.low,
        max=scale.high,
        step=scale.step,
        # Mantine would count the decimals of 1e-7 as none.
        precision=_precision(scale),
        minRange=0,
        value=[scale.low, scale.high],
        marks=_marks(scale),
        **_said_as(scale),
        # Until it is let go, dragging.js follows it.
        updatemode="mouseup",
        className=_look(scale),
        thumbFromLabel=tr("{name} from", name=heading(tile)),
        thumbToLabel=tr("{name} to", name=heading(tile)),
    )
    return _with_spread(slider, component_id, tile, frame, scale)


def _end_text(end: float) -> str:
    """An end of a slider: with the decimals that it has, or short where it is too small for them."""
    return number_text(end, 2 if 0 < abs(end) < 1e-3 else decimals(end))  # noqa: PLR2004 -- as in `number_text`


def _date_range(tile: FilterTile, component_id: dict[str, Any], frame: Frame) -> Component:
    low, high = day(frame.data["lowest"][0]), day(frame.data["highest"][0])
    named = presets(date.fromisoformat(low), date.fromisoformat(high)) if low and high else []
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
        placeholder=f"{low} … {high}" if low and high else tr("no dates"),
        className="filter-dates",
        classNames={"presetsList": "filter-presets", "datePickerRoot": "filter-calendar"},
        **({"presets": named, "description": note(date.fromisoformat(high or ""))} if named else {}),
        leftSection=Icon("calendar"),
        ariaLabels=CALENDAR,
        attributes={"input": aria(heading(tile))},
    )


def _timeline(tile: FilterTile, component_id: dict[str, Any], frame: Frame) -> Component:
    strip = strip_of(frame)
    if strip is None:
        return html.P(tr("The column has no times."), className="filter-note")
    made = strip._asdict()
    return Timeline(component_id, label=heading(tile), **made)


MAKERS: dict[FilterWidget, Callable[[FilterTile, dict[str, Any], Frame], Component]] = {
    FilterWidget.MULTI_SELECT: _multi_select,
    FilterWidget.SELECT: _select,
    FilterWidget.SEGMENTED: _segments,
    FilterWidget.CHECKBOX: _check_boxes,
    FilterWidget.SWITCH: _switch,
    FilterWidget.SLIDER: _slider,
    FilterWidget.RANGE_SLIDER: _range_slider,
    FilterWidget.DATE_RANGE: _date_range,
    FilterWidget.TEXT: _text,
    FilterWidget.TIMELINE: _timeline,
}
FOR_FEW = {FilterWidget.SEGMENTED, FilterWidget.CHECKBOX}


def day(value: object) -> str | None:
    """The day of a date or a time, in ISO 8601."""
    match value:
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
    return None


def no_filters(*, editable: bool) -> str:
    """What stands in the place of filters; authors are told how to make one."""
    return f"{NO_FILTERS} {FIRST_FILTER}" if editable else NO_FILTERS


def panel(filters: Sequence[Component], *, note: str = "") -> list[Component]:
    """What the panel holds: its head with the reset of everything, then the filters."""
    reset = button(ids.RESET_ALL, "filter-off", tr("Reset all"), idle=True)
    title = html.Span(tr("Filters"), className="panel-title")
    summary = html.Summary([Icon("filter"), title], className="panel-summary")
    said = [html.P(note, className="filter-note")] if note else []
    body = html.Div([reset, *said, *filters], className="panel-body")
    return [html.Details([summary, body], open=True, className="panel-details")]
