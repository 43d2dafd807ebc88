"""The frame around every figure: axes, legend, gestures. Colours of text and lines come from the page's CSS."""

from typing import Any

import msgspec

CLEAR = "rgba(0,0,0,0)"
FONT = {"family": "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif", "size": 12}

CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "responsive": True,
    # plotly.js 4 offers to upload the figure to its makers' cloud; data never leaves this server.
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "modeBarButtonsToRemove": ["autoScale2d", "toggleSpikelines"],
}


class Axes(msgspec.Struct, frozen=True, kw_only=True):
    """What differs between figures: axis titles and types; `category` keeps text that looks like a number as text."""

    x: str
    y: str
    log_x: bool = False
    log_y: bool = False
    x_is_category: bool = False


def layout(axes: Axes, *, selectable: bool = False, legend: str | None = None, **more: Any) -> dict[str, Any]:
    """The layout of a figure; `more` overrides or adds keys."""
    category = {"type": "category", "categoryorder": "category ascending"}
    x_type = category if axes.x_is_category else {"type": "log"} if axes.log_x else {}
    return {
        "autosize": True,
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": FONT,
        "margin": {"l": 8, "r": 4, "t": 8, "b": 8, "autoexpand": True},
        "xaxis": {"title": {"text": axes.x, "standoff": 8}, "automargin": True, "zeroline": False, **x_type},
        "yaxis": {
            "title": {"text": axes.y, "standoff": 8},
            "automargin": True,
            "zeroline": False,
            **({"type": "log"} if axes.log_y else {}),
        },
        "showlegend": legend is not None,
        "legend": {"title": {"text": legend or ""}, "orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
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
