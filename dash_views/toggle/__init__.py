"""A switch as a Dash component: Mantine's says whether it is on in another property than every other control has."""

from collections.abc import Mapping
from typing import Any

from dash.development.base_component import Component, ComponentRegistry

__version__ = "0.1.0"
__all__ = ["Toggle"]

_js_dist = [{"relative_package_path": "toggle.js", "namespace": __name__}]

# Dash looks for this list in the top package of a component's module; this one is asked as well.
ComponentRegistry.registry.add(__name__)  # type: ignore[no-untyped-call]

_PROP_NAMES = ["id", "label", "value"]
_NONE: list[str] = []


class Toggle(Component):
    """A switch with its label; its `value` is true or false."""

    _namespace = "dash_views"
    _type = "Toggle"
    _children_props = _NONE
    _base_nodes = _NONE
    _prop_names = _PROP_NAMES
    _valid_wildcard_attributes = _NONE
    available_properties = _PROP_NAMES
    available_wildcard_properties = _NONE

    def __init__(self, id: Mapping[str, Any], *, label: str, value: bool = False) -> None:  # noqa: A002 -- Dash's own name.
        super().__init__(id=id, label=label, value=value)  # type: ignore[no-untyped-call]
