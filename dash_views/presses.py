"""Which button was pressed, as the browser tells it in a store.

No callback listens to buttons that are drawn anew: Dash would call it for each that was drawn, hold it back as long as
something is on its way that may draw some of them, and forget the press when they are gone. So a button says by an
attribute which store learns of its press, presses.js writes it there, and a callback listens to that store alone.
"""

from typing import Any

import msgspec
from dash import Input
from dash.exceptions import PreventUpdate

from dash_views import ids
from dash_views.answering import parse
from dash_views.parts import data

OPENING = Input(ids.OPENING, "data")
CLOSING = Input(ids.CLOSING, "data")
ACTING = Input(ids.ACTING, "data")


class Press(msgspec.Struct, frozen=True):
    """The id of the button, and when it was pressed, in milliseconds: two presses of one button are two."""

    id: str | dict[str, str]
    at: float


def tells(store: str) -> dict[str, Any]:
    """The attribute of a button whose presses that store learns, as keyword arguments."""
    return data("tells", store)


def pressed(told: object) -> str | dict[str, str]:
    """The id of the button that a store was told of.

    Raises:
        Invalid: when it was told something else.
        PreventUpdate: when it was told nothing.
    """
    if told is None:
        raise PreventUpdate
    return parse(told, Press).id
