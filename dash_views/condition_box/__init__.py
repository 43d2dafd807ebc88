"""A condition that is checked while it is typed, as a Dash component: its value is always one that can be applied."""

from collections.abc import Mapping
from typing import Any

from dash.development.base_component import Component, ComponentRegistry

__version__ = "0.1.0"
__all__ = ["ConditionBox"]

_js_dist = [{"relative_package_path": "condition_box.js", "namespace": __name__}]

# Dash looks for this list in the top package of a component's module; this one is asked as well.
ComponentRegistry.registry.add(__name__)  # type: ignore[no-untyped-call]

_PROP_NAMES = ["id", "label", "help", "value"]
_NONE: list[str] = []


class ConditionBox(Component):
    """A text and what is said of it; `value` is the condition that was applied last, empty for none."""

    _namespace = "dash_views"
    _type = "ConditionBox"
    _children_props = _NONE
    _base_nodes = _NONE
    _prop_names = _PROP_NAMES
    _valid_wildcard_attributes = _NONE
    available_properties = _PROP_NAMES
    available_wildcard_properties = _NONE

    def __init__(
        self,
        id: Mapping[str, Any] | str,  # noqa: A002 -- Dash's own name.
        *,
        label: str,
        help: str,  # noqa: A002 -- the word that HTML has for it is longer, and means less.
        value: str = "",
    ) -> None:
        super().__init__(id=id, label=label, help=help, value=value)  # type: ignore[no-untyped-call]
