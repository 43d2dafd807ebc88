"""The frame around every figure: axes, legend, gestures. Colours of text and lines come from the page's CSS."""

from typing import Any

import msgspec

CLEAR = "rgba(0,0,0,0)"
FONT = {"family": "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif", "size": 12}

CONFIG: dict[str, Any] = {
    "displaylogo": False,
    # The plot's component watches its own size.
    "responsive": False,
    # plotly.js 4 offers to upload the figure to its makers' cloud; data never leaves this server.
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "modeBarButtonsToRemove": ["autoScale2d", "toggleSpikelines"],
}


# Labels fit into the margins. To hide those that do not, Plotly would measure each of them in every drawing.
AXIS: dict[str, Any] = {"automargin": True, "zeroline": False, "ticklabeloverflow": "allow"}
Y_AXIS: dict[str, Any] = {**AXIS, "automargin": "width"}
"""The topmost label hangs half out of the plot, where there is room; margins for it would be fractions of a pixel."""
MARGIN = {"l": 70, "r": 18, "t": 18, "b": 54}
LEGEND_ABOVE = 41
"""Room for the usual tick labels, axis titles and a row of legend. Where they need more, Plotly draws a second time.

A pixel more it would draw only with the next change: a row of legend is 29 pixels high, its distance 12.
"""
LEGEND: dict[str, Any] = {"orientation": "h", "x": 0, "y": 1, "yref": "container", "yanchor": "top"}
"""Above everything. At a share of the plot's height it would lie over what is drawn in low tiles."""


class Axes(msgspec.Struct, frozen=True, kw_only=True):
    """What differs between figures: axis titles and types; `category` keeps text that looks like a number as text."""

    x: str
    y: str
    log_x: bool = False
    log_y: bool = False
    x_is_category: bool = False
    y_is_category: bool = False
    x_is_date: bool = False
    y_is_date: bool = False


def axis_type(*, is_date: bool, is_log: bool) -> dict[str, str]:
    """The type that an axis must be told; none where Plotly finds it by itself."""
    return {"type": "date"} if is_date else {"type": "log"} if is_log else {}


def layout(axes: Axes, *, selectable: bool = False, legend: str | None = None, **more: Any) -> dict[str, Any]:
    """The layout of a figure; `more` overrides or adds keys."""
    category = {"type": "category", "categoryorder": "category ascending"}
    x_type = category if axes.x_is_category else axis_type(is_date=axes.x_is_date, is_log=axes.log_x)
    return {
        "autosize": True,
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": FONT,
        "margin": MARGIN | {"t": MARGIN["t"] if legend is None else LEGEND_ABOVE},
        "xaxis": {"title": {"text": axes.x, "standoff": 8}, **AXIS, **x_type},
        "yaxis": {
            "title": {"text": axes.y, "standoff": 8},
            **Y_AXIS,
            **(category if axes.y_is_category else axis_type(is_date=axes.y_is_date, is_log=axes.log_y)),
        },
        "showlegend": legend is not None,
        "legend": {**LEGEND, "title": {"text": legend or ""}},
        "hovermode": "closest",
        "hoverlabel": {"font": FONT, "align": "left"},
        "dragmode": "lasso" if selectable else "zoom",
        # board.css keeps a strip beside the plot for the toolbar, so that it covers neither legend nor data.
        "modebar": {"orientation": "v", "remove": [] if selectable else ["select2d", "lasso2d"]},
        # Constant revisions keep zoom and the drawn selection while the data beneath them changes.
        "uirevision": "kept",
        "selectionrevision": "kept",
        **more,
    }


def with_titles(layout: dict[str, Any], pixels: int, *, margin: int | None = None) -> dict[str, Any]:
    """With room for what is written between the legend and the plot; drawing.js keeps it below many rows of legend."""
    top = layout["margin"]["t"] + pixels if margin is None else margin
    return {**layout, "margin": {**layout["margin"], "t": top}, "meta": {"titles": pixels, "top": top}}


def plain_layout(*, legend: str | None = None, **more: Any) -> dict[str, Any]:
    """The layout of a figure without axes of its own."""
    made = layout(Axes(x="", y=""), legend=legend, **more)
    return {name: value for name, value in made.items() if name not in {"xaxis", "yaxis", "dragmode"}}
