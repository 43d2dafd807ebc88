"""Small drawings in the page's own colours as a Dash component: `dash.html` has no SVG."""

from collections.abc import Sequence

from dash_views.component import VERSION, OwnComponent, own_files

__version__ = VERSION
__all__ = ["Picture"]

_js_dist = own_files(__name__, "picture.js")

BOX = "0 0 64 40"


class Picture(OwnComponent):
    """Paths one above the other, each with the class of its ink; decorative: what is around it carries the label."""

    properties = ("strokes", "box", "className")

    def __init__(self, strokes: Sequence[tuple[str, str]], *, box: str = BOX, className: str = "picture") -> None:  # noqa: N803 -- Dash's own name.
        given = [list(one) for one in strokes]
        super().__init__(strokes=given, box=box, className=className)
