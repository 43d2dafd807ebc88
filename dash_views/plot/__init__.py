"""The place of a plot, as a Dash component: web/static/dash/painting.js draws into it when its turn comes.

Evaluating plotly.js and drawing are by far the longest tasks of a page. So a plot is drawn when it has data, never
blank, each in a task of its own, those that can be seen before the others; see painting.js. Unlike `dcc.Graph` it draws
once when it appears, not three times, and takes figures without passing them through Dash's store.
"""

from collections.abc import Mapping
from typing import Any

from dash_views.component import VERSION, OwnComponent, own_files

__version__ = VERSION
__all__ = ["Plot"]

_js_dist = own_files(__name__, "plot.js")


class Plot(OwnComponent):
    """Holds the place of one plot; `tile` names it in `data-figure`.

    A `figure` given here is drawn at once; others come by `depictio.painting.paint`. `selectedData` is what the reader
    has selected: `points` with x, y and customdata, and the `range` or `lassoPoints`.
    """

    properties = ("tile", "className", "config", "figure", "selectedData")

    def __init__(
        self,
        id: Mapping[str, Any],  # noqa: A002 -- Dash's own name.
        *,
        tile: str,
        className: str,  # noqa: N803 -- Dash's own name.
        config: Mapping[str, Any],
        figure: Mapping[str, Any] | None = None,
    ) -> None:
        given = {} if figure is None else {"figure": figure}
        super().__init__(id=id, tile=tile, className=className, config=config, **given)
