"""Which button was pressed, where a callback listens to the buttons of all tiles.

When tiles are drawn anew Dash calls such a callback with every button that is there, the pressed ones of long ago
among them: their clicks are still counted. So the browser is told which press was answered last, and only a later one
is a press.
"""

from typing import Any

from dash import Input, Output, State, ctx
from dash.exceptions import PreventUpdate

from dash_views import ids

HANDLED = State(ids.PRESSED, "data")
"""What `press` reads."""


def listens_to(button: str | dict[str, Any]) -> Input:
    """The input of a button; its value is when it was pressed."""
    return Input(button, "n_clicks_timestamp")


def told() -> Output:
    """The output for the time of the press that is answered."""
    return Output(ids.PRESSED, "data", allow_duplicate=True)


def press(handled: object) -> tuple[Any, float]:
    """The id of the button that was pressed, and when.

    Raises:
        PreventUpdate: when buttons were drawn, not pressed.
    """
    pressed = [one for one in ctx.triggered if _time(one["value"]) > _time(handled)]
    if not pressed:
        raise PreventUpdate
    last = max(pressed, key=lambda one: _time(one["value"]))
    return ctx.triggered_prop_ids[last["prop_id"]], _time(last["value"])


def _time(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
