"""A card's number with what stands beside it, as a Dash component: web/static/dash/cards.js draws into it.

On the board cards are filled with the answers; this one is for a single card that comes with its answer, as in the
editor's preview.
"""

from typing import Any

from dash_views.component import VERSION, OwnComponent, own_files

__version__ = VERSION
__all__ = ["Card"]

_js_dist = own_files(__name__, "card.js")


class Card(OwnComponent):
    """Shows `entry`: the number, face and delta of an answer, as the browser gets them."""

    properties = ("entry",)

    def __init__(self, *, entry: dict[str, Any]) -> None:
        super().__init__(entry=entry)
