"""Small drawings in the page's own colours as a Dash component: `dash.html` has no SVG."""

from collections.abc import Sequence

from dash.development.base_component import Component, ComponentRegistry

__version__ = "0.1.0"
__all__ = ["Picture"]

_js_dist = [{"relative_package_path": "picture.js", "namespace": __name__}]

# Dash looks for this list in the top package of a component's module; this one is asked as well.
ComponentRegistry.registry.add(__name__)  # type: ignore[no-untyped-call]

_PROP_NAMES = ["id", "strokes", "box", "className"]
_NONE: list[str] = []
BOX = "0 0 64 40"


class Picture(Component):
    """Paths one above the other, each with the class of its ink; decorative: what is around it carries the label."""

    _namespace = "dash_views"
    _type = "Picture"
    _children_props = _NONE
    _base_nodes = _NONE
    _prop_names = _PROP_NAMES
    _valid_wildcard_attributes = _NONE
    available_properties = _PROP_NAMES
    available_wildcard_properties = _NONE

    def __init__(self, strokes: Sequence[tuple[str, str]], *, box: str = BOX, className: str = "picture") -> None:  # noqa: N803 -- Dash's own name.
        given = [list(one) for one in strokes]
        super().__init__(strokes=given, box=box, className=className)  # type: ignore[no-untyped-call]
