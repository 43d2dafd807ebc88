"""Parts of a page that no callback reaches, as one Dash component.

Dash tells every component of a page about every change of anything on it. A tile is made of twenty, of which callbacks
know one or two: the others are drawn by this one, from the same description and to the same elements. Where one that
callbacks know stands among them there is a hole, which it fills.
"""

from collections.abc import Sequence
from typing import Any

from dash.development.base_component import Component

from dash_views.component import CHILDREN, VERSION, OwnComponent, own_files
from dash_views.icons import Icon
from dash_views.picture import Picture

__version__ = VERSION
__all__ = ["Still", "still", "still_all"]

_js_dist = own_files(__name__, "still.js")

HTML = "dash_html_components"
TELLS = "data-tells"


class Still(OwnComponent):
    """Elements, icons and pictures, `parts`, that stay as they are; `{"hole": n}` stands for the nth child."""

    properties = (CHILDREN, "parts")

    def __init__(self, parts: Sequence[Any], children: Sequence[Component] = ()) -> None:
        given = {CHILDREN: list(children)} if children else {}
        super().__init__(parts=list(parts), **given)


def still(component: Component) -> Component:
    """The component with all that no callback reaches put together, whichever of its parts that is."""
    if not is_reached(component):
        children: list[Component] = []
        return Still([_part(component, children)], children)
    inside = getattr(component, CHILDREN, None)
    if isinstance(inside, Component):
        component.children = still(inside)
    elif isinstance(inside, list | tuple):
        component.children = still_all(inside) if _namespace(component) == HTML else [_each(one) for one in inside]
    return component


def still_all(nodes: Sequence[Any]) -> list[Any]:
    """The children of an element, those that no callback reaches put together."""
    if all(is_reached(one) or not isinstance(one, Component) for one in nodes):
        return [_each(one) for one in nodes]
    children: list[Component] = []
    parts = [_part(one, children) for one in nodes]
    return [Still(parts, children)]


def is_reached(node: Any) -> bool:
    """Whether a callback may reach it: it is no element, icon or picture, or it has an id.

    Of a button whose presses a store is told, the id is for that alone (see `presses`).
    """
    if not isinstance(node, Component):
        return False
    if isinstance(node, Icon | Picture):
        return getattr(node, "id", None) is not None
    return _namespace(node) != HTML or (getattr(node, "id", None) is not None and not hasattr(node, TELLS))


def _part(node: Any, children: list[Component]) -> Any:
    """The node as a part; what callbacks reach in it goes to the children, with a hole in its place."""
    if not isinstance(node, Component):
        return node
    if is_reached(node):
        children.append(still(node))
        return {"hole": len(children) - 1}
    inside = getattr(node, CHILDREN, None)
    if isinstance(inside, list | tuple):
        node.children = [_part(one, children) for one in inside]
    elif isinstance(inside, Component):
        node.children = _part(inside, children)
    return node


def _each(node: Any) -> Any:
    return still(node) if isinstance(node, Component) else node


def _namespace(node: Component) -> str:
    return str(getattr(node, "_namespace", ""))
