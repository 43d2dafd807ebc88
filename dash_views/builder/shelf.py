"""The columns of a table in a list, to choose in the gallery and to put onto the fields of a form."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import polars as pl
from dash import html
from dash.development.base_component import Component

from dash_views import ids
from dash_views.builder import words
from dash_views.icons import Icon
from dash_views.parts import aria, data
from dash_views.picture import Picture
from domain.collections import Column, ColumnKind
from domain.terms import term
from domain.tiles import Aggregation, FigureTile, Visu
from services.queries import Answer, ColumnProfile, Failure

Mode = Literal["choose", "bind"]
ICONS: Mapping[ColumnKind, str] = {
    ColumnKind.NUMBER: "number-123",
    ColumnKind.TEXT: "abc",
    ColumnKind.BOOLEAN: "toggle-left",
    ColumnKind.DATE: "calendar",
    ColumnKind.DATETIME: "clock",
    ColumnKind.OTHER: "help-circle",
}
SPREADS = 40
"""So many columns show how their values are spread: each is a question of its own to the table."""
BINS = 14
WIDTH, HEIGHT = 56, 16


def shelf(
    columns: Sequence[Column], profiles: Mapping[str, ColumnProfile], collection_id: str, mode: Mode
) -> list[Component]:
    """The list; builder.js makes it work with mouse, finger and keyboard."""
    listed = [column for column in columns if not column.is_technical]
    items = [_item(column, profiles.get(column.name), collection_id, place) for place, column in enumerate(listed)]
    if not items:
        return [html.P(words.NO_COLUMN, className="filter-note")]
    return [html.Ul(items, className="shelf", **data("mode", mode), **aria(words.COLUMNS))]


def _item(column: Column, profile: ColumnProfile | None, collection_id: str, place: int) -> Component:
    number = profile.distinct if profile else None
    count = "" if number is None else words.distinct(number)
    about = [html.Span(column.description, className="shelf-about")] if column.description else []
    drawn = [html.Span(id=ids.spread(column.name, collection_id), className="shelf-spread")] if place < SPREADS else []
    inside = [
        Icon(ICONS[column.kind], className="dp-icon shelf-icon"),
        html.Span(column.name, className="shelf-name"),
        html.Span(term(column.kind.value), className="dp-hidden"),
        html.Span(className="shelf-role"),
        html.Span(count, className="shelf-count"),
        *drawn,
        *about,
    ]
    handle = html.Button(
        inside, className="shelf-column", type="button", title=column.description or None,
        tabIndex=0 if place == 0 else -1,
        **data("column", column.name), **data("kind", column.kind.value),
    )  # fmt: skip
    return html.Li(handle)


def spread_tile(column: Column, collection_id: str) -> FigureTile:
    """The question how the values of a column are spread: a histogram, or the counts of its values."""
    spec: dict[str, Any] = {"id": column.name, "collection_id": collection_id, "x": column.name}
    if column.kind in {ColumnKind.TEXT, ColumnKind.BOOLEAN}:
        return FigureTile(visu_type=Visu.BAR, aggregation=Aggregation.COUNT, **spec)
    return FigureTile(visu_type=Visu.HISTOGRAM, nbins=BINS, **spec)


def spread(answer: Answer) -> list[Component]:
    """The picture of it; nothing where the table cannot say."""
    if isinstance(answer, Failure):
        return []
    counts = list(_counts(answer.data))
    most = max(counts, default=0)
    if not most or (most == 1 and "left" not in answer.data.columns):
        return []  # Names that stand once each are all alike.
    width = WIDTH / len(counts)
    bars = "".join(
        f"M{place * width:.1f} {HEIGHT}v{-max(HEIGHT * count / most, 0.6):.1f}h{width * 0.86:.1f}V{HEIGHT}z"
        for place, count in enumerate(counts)
    )
    return [Picture([("fill-1", bars)], box=f"0 0 {WIDTH} {HEIGHT}", className="picture shelf-picture")]


def _counts(frame: pl.DataFrame) -> Iterator[float]:
    """Rows in each bin; of categories those with most rows, the largest first."""
    if "left" in frame.columns:
        yield from frame["count"].to_list()
    elif "y" in frame.columns:
        yield from frame.drop_nulls("x")["y"].sort(descending=True).head(BINS).to_list()
