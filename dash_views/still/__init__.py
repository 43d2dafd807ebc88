"""Parts of a page that no callback reaches, as one Dash component.

Dash tells every component of a page about every change of anything on it. A tile is made of twenty, of which callbacks
know a few: the others are drawn by this one, from the same description and to the same elements.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from dash.development.base_component import Component

from dash_views.component import VERSION, OwnComponent, own_files
from dash_views.icons import Icon

__version__ = VERSION
__all__ = ["Still", "still"]

_js_dist = own_files(__name__, "still.js")

HTML = "dash_html_components"


class Still(OwnComponent):
    """Elements and icons, `parts`, that stay as they are."""

    properties = ("parts",)

    def __init__(self, parts: Sequence[Component]) -> None:
        super().__init__(parts=list(parts))


def still(component: Component) -> Component:
    """The component with all that no callback reaches put together, whichever of its parts that is."""
    if _stays(component):
        return Still([component])
    children = component.children if isinstance(component, Component) and hasattr(component, "children") else None
    if _namespace(component) == HTML and isinstance(children, list | Component):
        component.children = [*_together(children if isinstance(children, list) else [children])]
    return component


def _together(children: Sequence[Any]) -> Iterator[Any]:
    for stays, run in groupby(children, _stays):
        if stays:
            yield Still([*run])
        else:
            yield from (still(one) if isinstance(one, Component) else one for one in run)


def _stays(node: Any) -> bool:
    """Whether it is an element or an icon without an id, and so is all that it holds."""
    if not isinstance(node, Component):
        return False
    if getattr(node, "id", None) is not None or not (_namespace(node) == HTML or isinstance(node, Icon)):
        return False
    inside = getattr(node, "children", None)
    held = inside if isinstance(inside, list | tuple) else [inside]
    return all(one is None or isinstance(one, str | int | float) or _stays(one) for one in held)


def _namespace(node: Any) -> str:
    return str(getattr(node, "_namespace", ""))
