"""A fold as a Dash component: what lies in a closed one is put into the page when nobody waits for anything else."""

from collections.abc import Sequence

from dash.development.base_component import Component

from dash_views.component import CHILDREN, VERSION, OwnComponent, own_files

__version__ = VERSION
__all__ = ["Fold"]

_js_dist = own_files(__name__, "fold.js")


class Fold(OwnComponent):
    """Children under a heading that opens and closes them.

    They are part of the layout from the beginning, so callbacks know their values; the page gets them when the fold is
    opened, or when the browser is idle.
    """

    properties = (CHILDREN, "heading", "isOpen")

    def __init__(self, heading: str, children: Sequence[Component], *, is_open: bool = False) -> None:
        super().__init__(children=list(children), heading=heading, isOpen=is_open)
