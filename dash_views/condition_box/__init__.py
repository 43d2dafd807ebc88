"""A condition that is checked while it is typed, as a Dash component: its value is always one that can be applied."""

from collections.abc import Mapping
from typing import Any

from dash_views.component import VERSION, OwnComponent, own_files

__version__ = VERSION
__all__ = ["ConditionBox"]

_js_dist = own_files(__name__, "condition_box.js")


class ConditionBox(OwnComponent):
    """A text and what is said of it; `value` is the condition that was applied last, empty for none.

    `own` marks the condition of the dashboard itself, which holds on tables that lost its columns, too.
    """

    properties = ("label", "help", "value", "own")

    def __init__(
        self,
        id: Mapping[str, Any] | str,  # noqa: A002 -- Dash's own name.
        *,
        label: str,
        help: str,  # noqa: A002 -- the word that HTML has for it is longer, and means less.
        value: str = "",
        own: bool = False,
    ) -> None:
        super().__init__(id=id, label=label, help=help, value=value, own=own)
