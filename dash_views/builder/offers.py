"""Suggestions as tiles that could be saved as they are, and what they show, drawn small."""

import asyncio
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from dash_views.answering import palettes_of, unreadable
from dash_views.answers import figure_of, number_of
from dash_views.builder.rebinding import bound
from dash_views.figures.colours import Palette
from dash_views.forms import BY_NAME, Kind, suggested, tile_of
from dash_views.thumbnails.traces import Area, drawn
from domain.collections import DataCollection
from domain.errors import Invalid, Problem
from domain.projects import Access
from domain.suggestions import NOTHING, suggestions
from domain.tiles import CardTile, FigureTile, MapTile, Tile
from domain.wording import tr
from services.queries import Answer, Failure
from services.system import Services

MOST = 8
"""So many are offered: each asks for its data."""
WIDTH, HEIGHT = 160, 96


class Chosen(msgspec.Struct, frozen=True):
    """What is chosen in the gallery. `filters` asks for those alone, or for none; None asks for both."""

    collection_id: str = ""
    columns: tuple[str, ...] = ()
    filters: bool | None = None


class Offer(msgspec.Struct, frozen=True):
    """A kind with what its form would hold, and why it is suggested."""

    kind: Kind
    values: dict[str, Any]
    why: str
    columns: tuple[str, ...]

    @property
    def tile(self) -> Tile:
        """The tile that it would be, under the name of its kind."""
        return tile_of(self.kind, self.values, {"id": self.kind.name})


class Shown(msgspec.Struct, frozen=True):
    """What an offer shows: an address of a picture, or a number in words, or why there is nothing."""

    picture: str = ""
    number: str = ""
    failure: str = ""


def offers(collection: DataCollection, distinct: Mapping[str, int], chosen: Chosen) -> list[Offer]:
    """What is suggested for what is chosen and can be made, the most telling first."""
    found = []
    for one in suggestions(collection.columns, distinct, chosen.columns):
        kind = BY_NAME.get(one.kind)
        if kind is None or (chosen.filters is not None and chosen.filters != (kind.group == "Filters")):
            continue
        values = started(kind, collection, distinct, one.columns, one.extra)
        try:
            tile_of(kind, values, {"id": kind.name})
        except Invalid:
            continue  # A form that needs more than these columns.
        found.append(Offer(kind, values, one.why, one.columns))
    return found[:MOST]


def started(
    kind: Kind,
    collection: DataCollection,
    distinct: Mapping[str, int],
    columns: Sequence[str],
    extra: Mapping[str, str] = NOTHING,
) -> dict[str, Any]:
    """The values of a new form that shows these columns, with `extra`, and the usual ones for what is no column."""
    known = [column for name in columns if (column := collection.column(name))]
    roles = {field.name for field in kind.fields if field.control in {"column", "columns"}}
    usual = {name: value for name, value in suggested(kind, collection, distinct).items() if name not in roles}
    free = [field for field in kind.fields if field.name not in extra]
    named = {field.name for field in kind.fields} & extra.keys()
    return {**usual, **bound(free, known), **{name: extra[name] for name in named}}


def begun(kind: Kind, collection: DataCollection, distinct: Mapping[str, int], chosen: Chosen) -> dict[str, Any]:
    """The values of a new form for the chosen columns; required fields that they leave empty are filled as usual."""
    if not chosen.columns:
        return suggested(kind, collection, distinct)
    fitting = next((one for one in offers(collection, distinct, chosen) if one.kind == kind), None)
    if fitting is not None:
        return fitting.values
    required = {field.name for field in kind.fields if field.required}
    usual = {name: value for name, value in suggested(kind, collection, distinct).items() if name in required}
    return {**usual, **started(kind, collection, distinct, chosen.columns)}


def offered_values(
    kind: Kind, collection: DataCollection, distinct: Mapping[str, int], chosen: Chosen
) -> dict[str, Any]:
    """The values of the suggestion of this kind for what was chosen when it was made.

    Raises:
        Invalid: when it is suggested no more: the table has changed since.
    """
    found = next((one for one in offers(collection, distinct, chosen) if one.kind == kind), None)
    if found is None:
        problem = Problem("kind", tr("{kind} does not fit it now", kind=kind.label))
        raise Invalid(tr("The table has changed. Choose again."), (problem,))
    return found.values


def chosen_in(written: str) -> Chosen:
    """What was chosen when a suggestion was made, as its id has it.

    Raises:
        Invalid: when it cannot be read.
    """
    try:
        return msgspec.json.decode(written, type=Chosen)
    except msgspec.DecodeError as error:
        raise unreadable(error) from None


async def shown(use: Services, access: Access, offered: Sequence[Offer]) -> dict[str, Shown]:
    """What each offer shows of all rows, by the name of its kind; nothing of kinds that show no data by themselves."""
    tiles = [one.tile for one in offered]
    drawable = [tile for tile in tiles if isinstance(tile, FigureTile | MapTile | CardTile)]
    answers = await use.queries.answer(access, drawable, ())
    palettes = await palettes_of(use, access, drawable)
    return await asyncio.to_thread(partial(_drawn, drawable, answers, palettes))


def _drawn(
    tiles: Sequence[FigureTile | MapTile | CardTile], answers: Mapping[str, Answer], palettes: Mapping[str, Palette]
) -> dict[str, Shown]:
    return {tile.id: _small(tile, answers[tile.id], palettes.get(tile.id, Palette())) for tile in tiles}


def _small(tile: FigureTile | MapTile | CardTile, answer: Answer, palette: Palette) -> Shown:
    if isinstance(answer, Failure):
        return Shown(failure=answer.message)
    if isinstance(tile, CardTile):
        number = number_of(tile, answer)
        return Shown(number=f"{number.value} {number.unit}".strip() if number else "")
    figure = figure_of(tile, answer, palette)
    paths = drawn(figure["data"], figure["layout"], Area(4, 4, WIDTH - 8, HEIGHT - 8))
    return Shown(picture=_address(paths)) if paths else Shown()


def _address(paths: str) -> str:
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{paths}</svg>'
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
