"""Icons of our own sprite as a Dash component: `dash.html` has no SVG, and icon packages call out to their makers."""

from dash.development.base_component import Component, ComponentRegistry

__version__ = "0.1.0"
__all__ = ["Icon"]

_js_dist = [{"relative_package_path": "icon.js", "namespace": __name__}]

# Dash looks for this list in the top package of a component's module; this one is asked as well.
ComponentRegistry.registry.add(__name__)  # type: ignore[no-untyped-call]

_PROP_NAMES = ["id", "name", "className"]
_NONE: list[str] = []


class Icon(Component):
    """One symbol of `/static/vendor/icons.svg`, decorative: the control around it carries the label."""

    _namespace = "dash_views"
    _type = "Icon"
    _children_props = _NONE
    _base_nodes = _NONE
    _prop_names = _PROP_NAMES
    _valid_wildcard_attributes = _NONE
    available_properties = _PROP_NAMES
    available_wildcard_properties = _NONE

    def __init__(self, name: str, *, className: str = "dp-icon") -> None:  # noqa: N803 -- Dash's own name.
        super().__init__(name=name, className=className)  # type: ignore[no-untyped-call]
