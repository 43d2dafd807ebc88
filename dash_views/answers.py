"""What an answer looks like on its tile: the figure, the number, the first page, the notice, the badge."""

from collections.abc import Mapping
from typing import Any, Literal, TypeVar

import msgspec
import polars as pl

from dash_views.faces import Delta, Face, delta_of, face_of
from dash_views.figures import figure
from dash_views.figures.arrays import texts
from dash_views.figures.colours import Palette
from dash_views.figures.ground import Ground
from dash_views.figures.maps import map_figure
from dash_views.tables import beside_rows
from dash_views.texts import number_text
from domain.aggregations import said
from domain.figure_roles import has_points
from domain.map_tile import MapKind
from domain.tiles import CardTile, FigureTile, MapTile, Visu
from domain.wording import grouped, tr
from services.queries import Answer, Failure, Frame

OF_POINTS = tr("{shown} of {of} points")
OF_MARKS = {
    Visu.BAR: tr("{shown} of {of} bars"), Visu.HISTOGRAM: tr("{shown} of {of} bars"),
    Visu.BOX: tr("{shown} of {of} boxes"), Visu.VIOLIN: tr("{shown} of {of} violins"),
    Visu.ECDF: tr("{shown} of {of} lines"), Visu.HEATMAP: tr("{shown} of {of} cells"),
    Visu.PIE: tr("{shown} of {of} parts"), Visu.FUNNEL_AREA: tr("{shown} of {of} parts"),
    Visu.FUNNEL: tr("{shown} of {of} stages"), Visu.SUNBURST: tr("{shown} of {of} parts"),
    Visu.TREEMAP: tr("{shown} of {of} parts"), Visu.ICICLE: tr("{shown} of {of} parts"),
    Visu.PARALLEL_COORDINATES: tr("{shown} of {of} lines"), Visu.PARALLEL_CATEGORIES: tr("{shown} of {of} ribbons"),
    Visu.BAR_POLAR: tr("{shown} of {of} bars"), Visu.TIMELINE: tr("{shown} of {of} bars"),
}  # fmt: skip
"""What a figure is made of and how much of it is drawn, where that is not points."""
MOST_POINTS = 200_000
"""So many points are drawn one by one at most, when a reader asks for all. They are 1.6 MB, and on the screen in
under two seconds where no graphics card helps (measured); ten times as many would make the page seem to hang."""
PLAIN = Ground()
COUNT = "\x1f"
"""Stands for the number of values until it is known; in no name that people write."""
NO_TITLES: Mapping[str, str] = {}
BLANK: dict[str, Any] = {"data": [], "layout": {"xaxis": {"visible": False}, "yaxis": {"visible": False}}}


Enlargeable = TypeVar("Enlargeable", bound=FigureTile | MapTile)


class Number(msgspec.Struct, frozen=True):
    """What a card says; without a value nothing is known."""

    value: str
    unit: str
    note: str


class Notice(msgspec.Struct, frozen=True):
    """Why a tile shows no data: it has failed, or there is none."""

    text: str
    failed: bool = False


class More(msgspec.Struct, frozen=True):
    """What a reader of a sample can do about it, and why: `act` is empty when there is nothing."""

    act: Literal["all", "sample", ""]
    label: str
    why: str


def figure_of(
    tile: FigureTile | MapTile,
    answer: Answer,
    palette: Palette,
    ground: Ground = PLAIN,
    titles: Mapping[str, str] = NO_TITLES,
) -> dict[str, Any]:
    """The figure; an empty one under a notice, so that nothing stale shows through. `titles` name columns on axes."""
    if isinstance(answer, Failure) or not answer.shown:
        return BLANK
    if isinstance(tile, MapTile):
        return map_figure(tile, answer, palette, ground, titles)
    return figure(tile, answer, palette, titles)


def number_of(tile: CardTile, answer: Answer, name: str = "") -> Number | None:
    """The card's number with what it is made of; `name` is what its column is called."""
    if isinstance(answer, Failure):
        return None
    value = answer.data["value"][0]
    used = int(answer.data["values"][0])
    note = grouped(used).join(note_of(tile, name))
    return Number("—", "", note) if value is None else Number(number_text(value, tile.decimals), tile.unit, note)


def beside_number(tile: CardTile, answer: Answer) -> dict[str, Face | Delta | None]:
    """What a card shows besides its number."""
    if isinstance(answer, Failure):
        return {"face": None, "delta": None}
    return {"face": face_of(tile, answer), "delta": delta_of(tile, answer)}


def note_of(tile: CardTile, name: str = "") -> tuple[str, str]:
    """What a card's number is made of, in words before and after the number of values."""
    how = said(tile.aggregation, tile.q)
    note = tr("{how} of {column} · {count} values", how=how, column=name or tile.column_name, count=COUNT)
    before, _, after = note.partition(COUNT)
    return before, after


def page_of(answer: Answer) -> dict[str, Any]:
    """A page of rows as AG Grid's datasource wants it."""
    if isinstance(answer, Failure):
        return {"rowData": [], "rowCount": 0}
    return {"rowData": rows(answer.data), "rowCount": answer.of, **beside_rows(answer)}


def rows(data: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows as JSON has them."""
    columns = {name: texts(data[name]) for name in data.columns}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def notice_of(answer: Answer) -> Notice | None:
    """Why a tile is empty; nothing when it is not."""
    if isinstance(answer, Failure):
        return Notice(answer.message, failed=True)
    if answer.shown:
        return None
    if answer.note:
        return Notice(tr("Nothing can be drawn: {why}.", why=answer.note))
    return Notice(tr("No rows match the filters.") if answer.rows_total else tr("The table has no rows yet."))


def badge_of(tile: object, answer: Answer) -> str:
    """What was left out, or how many rows the filters leave; a bound is never silent."""
    if isinstance(answer, Failure):
        return ""
    if isinstance(tile, MapTile):
        return _map_badge(tile, answer)
    if isinstance(tile, FigureTile) and has_points(tile):
        return _points_badge(tile, answer)
    if isinstance(tile, FigureTile) and answer.sampled:
        return OF_MARKS.get(tile.visu_type, OF_POINTS).format(shown=grouped(answer.shown), of=grouped(answer.of))
    return rows_badge(answer)


def drawn_points(answer: Frame) -> tuple[int, int]:
    """How many single points stand beside boxes or violins, and how many rows those have."""
    return answer.extra["points"].height, int(answer.data["count"].sum())


def _points_badge(tile: FigureTile, frame: Frame) -> str:
    """What either bound leaves out: that of the boxes, that of their points."""
    shown, of = drawn_points(frame)
    said = []
    if frame.sampled:
        said.append(OF_MARKS[tile.visu_type].format(shown=grouped(frame.shown), of=grouped(frame.of)))
    said += [OF_POINTS.format(shown=grouped(shown), of=grouped(of))] if shown < of else []
    return ", ".join(said) or rows_badge(frame)


def _map_badge(tile: MapTile, frame: Frame) -> str:
    """What the bound leaves out; what has no place on a map of points it says itself."""
    if tile.map_type is MapKind.SCATTER and frame.sampled:
        return OF_POINTS.format(shown=grouped(frame.shown), of=grouped(frame.of))
    return rows_badge(frame)


def is_enlargeable(tile: object) -> bool:
    """Whether all points of the tile may be asked for."""
    if isinstance(tile, MapTile):
        return tile.map_type is MapKind.SCATTER
    return isinstance(tile, FigureTile) and (tile.visu_type is Visu.SCATTER or has_points(tile))


def enlarged(tile: Enlargeable) -> Enlargeable:
    """The tile when all its points are asked for: with the bound that the server keeps in any case."""
    return msgspec.structs.replace(tile, max_points=max(tile.max_points, MOST_POINTS))


def more_of(tile: object, answer: Answer, *, is_full: bool) -> More | None:
    """Nothing where the tile's own bound leaves nothing out; `is_full`: all points were asked for."""
    if isinstance(answer, Failure) or not isinstance(tile, FigureTile | MapTile) or not is_enlargeable(tile):
        return None
    bound = enlarged(tile).max_points
    of = drawn_points(answer)[1] if isinstance(tile, FigureTile) and has_points(tile) else answer.of
    if of <= tile.max_points:
        return None
    if of > bound:
        why = tr(
            "More than {most} points are not drawn one by one. Set filters that leave fewer to see all.",
            most=grouped(bound),
        )
        return More("sample", tr("Show a sample"), why) if is_full else More("", "", why)
    if is_full:
        why = tr("Draw {count} of the points, which is faster", count=grouped(tile.max_points))
        return More("sample", tr("Show a sample"), why)
    return More("all", tr("Load all"), tr("Draw all {count} points", count=grouped(of)))


def rows_badge(frame: Frame) -> str:
    """Empty as long as nothing is filtered."""
    if frame.rows_matched == frame.rows_total:
        return ""
    return tr("{matched} of {total} rows", matched=grouped(frame.rows_matched), total=grouped(frame.rows_total))
