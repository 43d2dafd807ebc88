"""Texts: Markdown with live values, which `domain.live_values` reads."""

from typing import Literal

from domain.errors import Problem
from domain.tile_base import TileBase
from domain.wording import tr

MAX_ORDER = 6


class TextTile(TileBase, frozen=True, kw_only=True, tag="text"):
    """Markdown; its live values are those of the rows of `collection_id`.

    `order` is the size of its title as a heading, 1 the largest; 0 is the title of any tile.
    """

    collection_id: str = ""
    body: str = ""
    order: int = 0
    alignment: Literal["left", "center", "right"] = "left"
    vertical_alignment: Literal["top", "center", "bottom"] = "top"


def text_problems(tile: TextTile) -> list[Problem]:
    """What is wrong beside the body."""
    return (
        []
        if 0 <= tile.order <= MAX_ORDER
        else [Problem("order", tr("is {order}; must be 0 to {most}", order=tile.order, most=MAX_ORDER))]
    )
