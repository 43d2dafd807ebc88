"""Which button was pressed, where a callback listens to the buttons of all tiles.

When tiles are drawn anew Dash calls such a callback with every button that is there, the pressed ones of long ago
among them: their clicks are still counted. So the browser is told which press was answered last, and only a later one
is a press. When buttons go, as those of a panel that closes, Dash calls it too, naming none, and throws away what is
still asked: so a press counts whether or not it is what Dash calls for.
"""

from collections.abc import Iterable, Iterator, Mapping
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
    last = max(_buttons(ctx.inputs_list), key=_pressed_at, default={})
    if _pressed_at(last) <= _time(handled):
        raise PreventUpdate
    return last["id"], _pressed_at(last)


def _buttons(inputs: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """All that a callback listens to; Dash lists those of a wildcard together."""
    for one in inputs:
        yield from one if isinstance(one, list) else (one,)


def _pressed_at(button: Mapping[str, Any]) -> float:
    return _time(button.get("value"))


def _time(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
