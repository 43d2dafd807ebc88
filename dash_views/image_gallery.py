"""A gallery on its tile: its place, a page of images as gallery.js shows it, and a few of them beside the form."""

import re
from typing import Any
from urllib.parse import urlencode

from dash import html
from dash.development.base_component import Component

from dash_views import answers
from dash_views.answers import Notice
from dash_views.parts import aria
from domain.headings import heading
from domain.image_tile import ImageTile
from domain.images import WIDTHS
from domain.wording import tr
from services.queries import Answer, Failure, Frame

FEW = 8
"""So many are shown beside the form."""
FEW_WIDTH = 320
NAMES_NONE = tr("None of the rows names an image in {column}.")


def place(tile: ImageTile) -> Component:
    """Where gallery.js puts the images."""
    return html.Div(className="tile-images", role="group", **aria(heading(tile)))


def notice_of(tile: ImageTile, answer: Answer) -> Notice | None:
    """Why the tile is empty; a page beyond the last one is not, gallery.js goes back from it."""
    if isinstance(answer, Failure) or not answer.rows_matched:
        return answers.notice_of(answer)
    return None if answer.of else Notice(NAMES_NONE.format(column=tile.image_column))


def page_of(tile: ImageTile, answer: Answer, page: int) -> dict[str, Any]:
    """A page of images: each with its name, the words that stand for it, its captions and the value it selects by."""
    found = [] if isinstance(answer, Failure) else items(tile, answer)
    return {
        "items": found,
        "of": 0 if isinstance(answer, Failure) else answer.of,
        "page": page,
        "size": tile.max_images,
        "across": tile.columns,
        "least": tile.thumbnail_size,
        "widths": WIDTHS,
        "selects": tile.selection_enabled,
    }


def items(tile: ImageTile, frame: Frame) -> list[dict[str, Any]]:
    """The images of a page in their order."""
    return [_item(tile, row) for row in answers.rows(frame.data)]


def _item(tile: ImageTile, row: dict[str, Any]) -> dict[str, Any]:
    name = str(row[tile.image_column])
    captions = [[column, _written(row[column])] for column in tile.caption_columns if row[column] is not None]
    words = ", ".join(f"{column} {value}" for column, value in captions)
    return {"name": name, "alt": words or _spoken(name), "captions": captions, "by": row[tile.selects_by]}


def _written(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case float():
            return f"{value:.6g}"
    return str(value)


def _spoken(name: str) -> str:
    """The file's name without its folder and ending, as words."""
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return re.sub(r"[_-]+", " ", stem).strip() or name


def few(tile: ImageTile, frame: Frame, project_id: str) -> Component:
    """The first images as plain components: a tile that is not stored has no address of its own."""
    root = f"/api/v1/projects/{project_id}/collections/{tile.collection_id}/image"
    shown = [
        html.Li(
            [
                html.Img(
                    src=f"{root}?{urlencode({'column': tile.image_column, 'value': one['name'], 'width': FEW_WIDTH})}",
                    alt=one["alt"],
                    className="images-image",
                ),
                html.Div(", ".join(value for _, value in one["captions"]), className="images-caption"),
            ],
            className="images-item",
        )
        for one in items(tile, frame)[:FEW]
    ]
    return html.Ul(shown, className="images-list is-preview")
