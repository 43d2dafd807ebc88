"""A switch as a Dash component: Mantine's says whether it is on in another property than every other control has."""

from collections.abc import Mapping
from typing import Any

from dash_views.component import VERSION, OwnComponent, own_files

__version__ = VERSION
__all__ = ["Toggle"]

_js_dist = own_files(__name__, "toggle.js")


class Toggle(OwnComponent):
    """A switch with its label; its `value` is true or false."""

    properties = ("label", "value")

    def __init__(self, id: Mapping[str, Any], *, label: str, value: bool = False) -> None:  # noqa: A002 -- Dash's own name.
        super().__init__(id=id, label=label, value=value)
