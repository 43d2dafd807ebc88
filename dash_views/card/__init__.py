"""A card's number with what stands beside it, as a Dash component: web/static/dash/cards.js draws into it.

On the board cards are filled with the answers; this one is for a single card that comes with its answer, as in the
editor's preview.
"""

from typing import Any

from dash.development.base_component import Component, ComponentRegistry

__version__ = "0.1.0"
__all__ = ["Card"]

_js_dist = [{"relative_package_path": "card.js", "namespace": __name__}]

# Dash looks for this list in the top package of a component's module; this one is asked as well.
ComponentRegistry.registry.add(__name__)  # type: ignore[no-untyped-call]

_PROP_NAMES = ["id", "entry"]
_NONE: list[str] = []


class Card(Component):
    """Shows `entry`: the number, face and delta of an answer, as the browser gets them."""

    _namespace = "dash_views"
    _type = "Card"
    _children_props = _NONE
    _base_nodes = _NONE
    _prop_names = _PROP_NAMES
    _valid_wildcard_attributes = _NONE
    available_properties = _PROP_NAMES
    available_wildcard_properties = _NONE

    def __init__(self, *, entry: dict[str, Any]) -> None:
        super().__init__(entry=entry)  # type: ignore[no-untyped-call]
