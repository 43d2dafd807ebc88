"""What stands around a slider, as a Dash component: bars of how the values are spread, and inputs for exact bounds.

The slider itself is Mantine's and next to it in the page; spread.js reads where it stands and sets it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dash.development.base_component import Component, ComponentRegistry

__version__ = "0.1.0"
__all__ = ["Spread"]

_js_dist = [{"relative_package_path": "spread.js", "namespace": __name__}]

# Dash looks for this list in the top package of a component's module; this one is asked as well.
ComponentRegistry.registry.add(__name__)  # type: ignore[no-untyped-call]

_PROP_NAMES = ["id", "target", "label", "bars", "low", "high", "log", "sides"]
_NONE: list[str] = []


class Spread(Component):
    """Bars from `low` to `high` and one input for each of the `sides` of the slider whose id is `target`.

    With `log` low and high are decimal logarithms of the values.
    """

    _namespace = "dash_views"
    _type = "Spread"
    _children_props = _NONE
    _base_nodes = _NONE
    _prop_names = _PROP_NAMES
    _valid_wildcard_attributes = _NONE
    available_properties = _PROP_NAMES
    available_wildcard_properties = _NONE

    def __init__(
        self,
        *,
        target: Mapping[str, Any],
        label: str,
        bars: Sequence[Sequence[float]],
        low: float,
        high: float,
        log: bool,
        sides: int,
    ) -> None:
        super().__init__(target=target, label=label, bars=bars, low=low, high=high, log=log, sides=sides)  # type: ignore[no-untyped-call]
