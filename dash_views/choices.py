"""What the controls of the filter panel offer while other filters narrow it, and while a long list is searched."""

import asyncio
from typing import Any

import msgspec

from dash_views.panel import FEW, FOR_FEW, boxes, labelled, note_of, segment_data, switch_label
from dash_views.parts import plain
from domain.filters import Wish
from domain.selections import filter_state
from domain.tiles import FilterTile, FilterWidget
from services.dashboards import DashboardAccess
from services.queries import Answer, Failure, Frame
from services.system import Services

CHOOSING = {
    FilterWidget.MULTI_SELECT,
    FilterWidget.SELECT,
    FilterWidget.SEGMENTED,
    FilterWidget.CHECKBOX,
    FilterWidget.SWITCH,
}
WITH_ERROR = CHOOSING - {FilterWidget.SEGMENTED, FilterWidget.SWITCH}
"""Those that can say below them what is wrong; of all others the tiles that show the same data say it."""


class OptionsAsk(msgspec.Struct, frozen=True):
    """What the browser asks: the filter state, and what is searched for in the list of each tile.

    `view` and `sequence` as in `answering.Ask`.
    """

    sequence: int
    view: str = ""
    wishes: dict[str, tuple[Wish, ...]] = {}
    search: dict[str, str] = {}


async def offered(use: Services, opened: DashboardAccess, ask: OptionsAsk) -> dict[str, dict[str, Any]]:
    """For each control with choices the properties that say them, and whether these are all.

    Raises:
        Invalid: when a wish does not fit its tile.
    """
    collections = await use.collections.all(opened.access)
    state = filter_state(opened.dashboard, ask.wishes, collections)
    tiles = [tile for tile in opened.dashboard.filters if tile.interactive_component_type in CHOOSING]
    plain = [tile for tile in tiles if not ask.search.get(tile.id)]
    searched = [tile for tile in tiles if ask.search.get(tile.id)]
    few = [tile for tile in tiles if tile.interactive_component_type in FOR_FEW]
    idle = filter_state(opened.dashboard, {}, collections)
    found, wholes, sought = await asyncio.gather(
        use.queries.answer(opened.access, plain, state, collections),
        use.queries.answer(opened.access, few, idle, collections),
        asyncio.gather(
            *(use.queries.filter_options(opened.access, tile, state, ask.search[tile.id], collections)
              for tile in searched)
        ),
    )  # fmt: skip
    answers = {**found, **{tile.id: answer for tile, answer in zip(searched, sought, strict=True)}}
    return {tile.id: _said(tile, answers[tile.id], wholes.get(tile.id)) for tile in tiles}


def _said(tile: FilterTile, answer: Answer, everything: Answer | None) -> dict[str, Any]:
    widget = tile.interactive_component_type
    if isinstance(answer, Failure):
        return {"props": {"error": answer.message} if widget in WITH_ERROR else {}, "whole": False}
    whole = not answer.sampled
    if widget is FilterWidget.SWITCH:
        return {"props": {"label": switch_label(tile, answer)}, "whole": whole}
    if tile.interactive_component_type not in FOR_FEW:
        return {"props": {"data": labelled(answer), "description": note_of(answer), "error": None}, "whole": whole}
    table = everything if isinstance(everything, Frame) else None
    if max(answer.of, table.of if table else 0) > FEW:
        return {"props": {}, "whole": whole}
    if widget is FilterWidget.SEGMENTED:
        return {"props": {"data": segment_data(answer, table)}, "whole": whole}
    return {"props": {"children": plain(boxes(answer, table)), "error": None}, "whole": whole}
