"""A strip of time with counts over it, as a Dash component: a range is brushed on it by pointer, touch and keyboard."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash.development.base_component import Component, ComponentRegistry

__version__ = "0.1.0"
__all__ = ["Timeline"]

_js_dist = [{"relative_package_path": "timeline.js", "namespace": __name__}]

# Dash looks for this list in the top package of a component's module; this one is asked as well.
ComponentRegistry.registry.add(__name__)  # type: ignore[no-untyped-call]

_PROP_NAMES = ["id", "label", "bars", "first", "last", "step", "value"]
_NONE: list[str] = []


class Timeline(Component):
    """From the moment `first` to the end of `last`, both in ISO 8601 and multiples of `step` minutes.

    `value` holds the first and the last step of the brushed range, both included; two nulls when nothing is brushed.
    """

    _namespace = "dash_views"
    _type = "Timeline"
    _children_props = _NONE
    _base_nodes = _NONE
    _prop_names = _PROP_NAMES
    _valid_wildcard_attributes = _NONE
    available_properties = _PROP_NAMES
    available_wildcard_properties = _NONE

    def __init__(
        self,
        id: Mapping[str, Any],  # noqa: A002 -- Dash's own name.
        *,
        label: str,
        bars: Sequence[Sequence[float]],
        first: str,
        last: str,
        step: int,
    ) -> None:
        super().__init__(id=id, label=label, bars=bars, first=first, last=last, step=step, value=[None, None])  # type: ignore[no-untyped-call]
