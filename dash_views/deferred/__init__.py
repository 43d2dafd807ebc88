"""Plots that wait their turn, as a Dash component: numbers and words are painted first, then one plot after another.

Evaluating plotly.js and drawing the plots are by far the longest tasks of a page. So the script is fetched with the
page (`<link rel="preload" id="plotly">`), evaluated after the first answer, and each `Deferred` draws its child in a
task of its own, those that can be seen before the others.
"""

from dash.development.base_component import Component, ComponentRegistry

__version__ = "0.1.0"
__all__ = ["Deferred"]

_js_dist = [{"relative_package_path": "deferred.js", "namespace": __name__}]

# Dash looks for this list in the top package of a component's module; this one is asked as well.
ComponentRegistry.registry.add(__name__)  # type: ignore[no-untyped-call]

_PROP_NAMES = ["children", "id", "className", "figure"]
_NAMES_OF_CHILDREN = ["children"]
_NONE: list[str] = []


class Deferred(Component):
    """Holds the place of one plot until it may be drawn; `figure` names its tile in `data-figure`."""

    _namespace = "dash_views"
    _type = "Deferred"
    _base_nodes = _NAMES_OF_CHILDREN
    _children_props = _NONE
    _prop_names = _PROP_NAMES
    _valid_wildcard_attributes = _NONE
    available_properties = _PROP_NAMES
    available_wildcard_properties = _NONE

    def __init__(self, children: Component, *, figure: str, className: str) -> None:  # noqa: N803 -- Dash's own name.
        super().__init__(children=children, figure=figure, className=className)  # type: ignore[no-untyped-call]
