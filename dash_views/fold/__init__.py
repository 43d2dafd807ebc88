"""Parts of a form as Dash components that are put into the page when nobody waits for anything else.

They are part of the layout from the beginning, so callbacks know their values.
"""

from collections.abc import Sequence

from dash.development.base_component import Component

from dash_views.component import CHILDREN, VERSION, OwnComponent, own_files

__version__ = VERSION
__all__ = ["Fold", "Later"]

_js_dist = own_files(__name__, "fold.js", "later.js")


class Fold(OwnComponent):
    """Children under a heading that opens and closes them; the page gets them then, or when the browser is idle."""

    properties = (CHILDREN, "heading", "isOpen")

    def __init__(self, heading: str, children: Sequence[Component], *, is_open: bool = False) -> None:
        super().__init__(children=list(children), heading=heading, isOpen=is_open)


class Later(OwnComponent):
    """Children that the page gets once the preview above them is drawn; `depictio:made` tells when they are there."""

    properties = (CHILDREN, "className")

    def __init__(self, children: Sequence[Component], className: str) -> None:  # noqa: N803 -- as Dash calls it
        super().__init__(children=list(children), className=className)
