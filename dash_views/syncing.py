"""Drawing what others have changed, while the page stays open: in the viewer and in the editor."""

from typing import Any

import msgspec
from dash import ClientsideFunction, Input, Output
from dash.exceptions import PreventUpdate

from dash_views import ids, pins, redraw
from dash_views.answering import parse
from dash_views.backend import PageDash
from dash_views.bar import names
from dash_views.board import open_board, shown


class Sync(msgspec.Struct, frozen=True):
    """What the browser wants drawn: `panel` with the filters anew."""

    panel: bool = False


def register(app: PageDash, *, editable: bool) -> None:
    """Add the callback, and the one that tells the browser's scripts what is drawn."""
    heads = [] if editable else [Output(ids.NAMES, "children")]

    @app.callback(
        *redraw.outputs(),
        Output(ids.SHOWN, "data"),
        Output(ids.PINS, "children"),
        Output(ids.PINS, "hidden"),
        *heads,
        Input(ids.SYNC, "data"),
        *redraw.STATES,
        prevent_initial_call=True,
    )
    async def sync(wanted: object, *drawn_there: object) -> tuple[Any, ...]:
        if wanted is None:
            raise PreventUpdate
        asked, before = parse(wanted, Sync), redraw.drawn_before(*drawn_there)
        board = await open_board()
        drawn = redraw.redrawn(board, before, editable=editable, places=True, panel=asked.panel)
        head = () if editable else (names(board.dashboard),)
        chips = pins.listed(board.access, board.dashboard, board.collections)
        return (*drawn, shown(board), chips, not chips, *head)

    app.clientside_callback(ClientsideFunction("pulse", "drawn"), Input(ids.SHOWN, "data"), Input(ids.TILES, "data"))
