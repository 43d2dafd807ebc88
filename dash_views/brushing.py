"""Brushing on its way to the browser: what each tile shows under every range of a slider, for brush.js to add up.

Of a figure the browser gets what it would draw without the range, with the number of a cell, which is a row of the
tile's frame, wherever a number belongs; the numbers themselves come by place and cell (see `persistence.frames.brush`).
"""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec
import numpy as np
import polars as pl

from dash_views import answers
from dash_views.answering import palettes_of, signature
from dash_views.figures.arrays import packed
from dash_views.figures.colours import Palette
from dash_views.naming import called, titles_of
from dash_views.sliders import Scale, scale_of, value_at
from dash_views.wire import figure_parts
from domain.collections import DataCollection
from domain.errors import Invalid
from domain.filters import Wish
from domain.links import links_of
from domain.selections import filter_state
from domain.tiles import CardTile, FigureTile, FilterTile, FilterWidget, Tile, Visu
from domain.wording import tr
from services.dashboards import DashboardAccess
from services.queries import Brush, Brushed, Failure
from services.system import Services

SLIDERS = {FilterWidget.RANGE_SLIDER, FilterWidget.SLIDER}
MOST_EDGES = 256
"""Sliders of more steps are exact at some of them; those over fractions have at most 250."""


class BrushAsk(msgspec.Struct, frozen=True):
    """What the browser asks when a reader takes hold of a slider: the wishes, and the tiles, those in sight first.

    `view` and `sequence` as in `Ask`; `mark` is that of the brush which it has.
    """

    sequence: int
    slider: str
    view: str = ""
    wishes: dict[str, tuple[Wish, ...]] = {}
    tiles: tuple[str, ...] = ()
    mark: str = ""


async def brush_tiles(use: Services, opened: DashboardAccess, ask: BrushAsk) -> "Brushable | None":
    """The tiles that can be brushed; None when the browser has them already.

    Raises:
        Invalid: when the tile is no slider, its column has no range, or a wish does not fit its tile.
    """
    slider = opened.dashboard.tiles.get(ask.slider)
    if not isinstance(slider, FilterTile) or slider.interactive_component_type not in SLIDERS:
        raise Invalid(tr("Only sliders can be brushed."))
    wishes = {key: one for key, one in ask.wishes.items() if key != slider.id}
    collections = await use.collections.all(opened.access)
    state = filter_state(opened.dashboard, wishes, collections)
    versions = {one.id: one.table_version for one in collections}
    links = links_of(opened.access.project.source, collections)
    known = {tile.id: tile for tile in opened.dashboard.grid_tiles if isinstance(tile, FigureTile | CardTile)}
    tiles = [known[key] for key in dict.fromkeys(ask.tiles) if key in known]
    signed = [(tile.id, signature(tile, state, versions, links, None)) for tile in [slider, *tiles]]
    mark = hashlib.blake2b(msgspec.json.encode(signed), digest_size=12).hexdigest()
    if mark == ask.mark:
        return None
    offered = await use.queries.filter_options(opened.access, slider, ())
    scale = None if isinstance(offered, Failure) else scale_of(offered)
    if scale is None:
        raise Invalid(tr("The column has no range of values."))
    found = await use.queries.brush(opened.access, slider, edges_of(scale), tiles, state)
    if isinstance(found, Failure):
        raise Invalid(found.message)
    palettes = await palettes_of(use, opened.access, [known[key] for key in found.tiles], collections)
    return Brushable(mark, found, known, palettes, titles_of(collections), collections)


def edges_of(scale: Scale) -> list[float]:
    """The places where the slider can stand, or every so many of them; its ends in any case."""
    low, high, step = (Decimal(repr(one)) for one in (scale.low, scale.high, scale.step))
    steps = int((high - low) / step) if high > low else 0
    every = -(-steps // (MOST_EDGES - 2)) if steps else 1
    places = {*(float(low + step * at) for at in range(0, steps + 1, every)), scale.high}
    return sorted({value_at(scale, place) for place in places})


class Brushable(msgspec.Struct, frozen=True, eq=False):
    """The tiles that can be brushed, and what it takes to draw them."""

    mark: str
    brush: Brush
    tiles: Mapping[str, Tile]
    palettes: Mapping[str, Palette]
    titles: Mapping[str, Mapping[str, str]] = {}
    collections: Sequence[DataCollection] = ()

    def parts(self) -> dict[str, Any]:
        """As `wire.body` sends it."""
        found = self.brush
        named = {key: self._part(self.tiles[key], one) for key, one in found.tiles.items()}
        return {
            "mark": self.mark,
            "edges": numbers(found.edges),
            "starts": numbers(found.starts),
            "stops": numbers(found.stops),
            "ranked": found.ranked,
            "places": found.places,
            "matched": numbers(found.matched),
            "total": found.rows_total,
            "tiles": {key: part for key, part in named.items() if part is not None},
            "failure": None,
        }

    def _part(self, tile: Tile, one: Brushed) -> dict[str, Any] | None:
        arrays = {"rows": one.rows, "counts": one.counts, "sums": one.sums}
        entry: dict[str, Any] = {key: numbers(array) for key, array in arrays.items() if array is not None}
        entry |= {"aggregation": one.aggregation, "cells": one.rows.shape[1]}
        match tile:
            case CardTile():
                card, name = called(tile, self.collections)
                before, after = answers.note_of(card, name)
                return entry | {"card": {"decimals": card.decimals, "unit": card.unit, "note": [before, after]}}
            case FigureTile() if one.frame.shown:
                frame = msgspec.structs.replace(one.frame, data=numbered(one.frame.data))
                figure = answers.figure_of(
                    tile, frame, self.palettes.get(tile.id, Palette()), titles=self.titles.get(tile.collection_id, {})
                )
                return entry | {"figure": figure_parts(figure, None), "drops": drops(tile, one.frame.data)}
        return None


def numbers(array: np.ndarray[Any, Any]) -> Any:
    """By their bytes, row after row, as narrow as they fit."""
    return packed(pl.Series(np.ascontiguousarray(array).ravel()))


def numbered(data: pl.DataFrame) -> pl.DataFrame:
    """The frame of a figure with the number of the row in place of what is counted or added up."""
    row = pl.int_range(pl.len(), dtype=pl.UInt32)
    return data.with_columns(row.alias(name) for name in ("y", "rows", "count") if name in data.columns)


def drops(tile: FigureTile, data: pl.DataFrame) -> str:
    """What an answer leaves out when it has no rows: single groups, the bins of a colour together, or nothing."""
    if tile.visu_type is Visu.HISTOGRAM and "left" in data.columns:
        return "traces" if tile.color else ""
    return "points"
