"""The fields of galleries, and the column that a new one shows."""

import re
from typing import Any

from dash_views.fields import TEXTS, Field, column
from domain.collections import ColumnKind, DataCollection
from domain.wording import tr

NAMED = re.compile(r"image|picture|photo|(^|_)(img|png|file|path|thumbnail)($|_)", re.IGNORECASE)

IMAGE_FIELDS = (
    column("image_column", tr("Images"), TEXTS, required=True),
    Field("caption_columns", tr("Captions"), "columns", help=tr("Their values stand below each image, in this order.")),
    Field("selection_enabled", tr("Images can be selected"), "switch"),
    Field(
        "selection_column",
        tr("Select by"),
        "column",
        help=tr(
            "Picked images narrow the other tiles to their values in this column; empty: to the images themselves."
        ),
    ),
    Field("sort", tr("Sorted by"), "sorts"),
    Field("columns", tr("Side by side"), "number", help=tr("At most so many, 1 to 12. Empty: 4."), least=1),
    Field("thumbnail_size", tr("Least width"), "number", help=tr("In pixels, 60 to 600. Empty: 150."), least=60),
    Field("max_images", tr("Images on a page"), "number", help=tr("1 to 200. Empty: 20."), least=1),
)


def image_column(collection: DataCollection) -> dict[str, Any]:
    """The column of an image set that names its files; of another table the text column that is called so."""
    if collection.image_column:
        size = {"thumbnail_size": collection.thumbnail_size} if collection.thumbnail_size else {}
        return {"image_column": collection.image_column, **size}
    texts = [one.name for one in collection.columns if one.kind is ColumnKind.TEXT and not one.is_technical]
    found = next((name for name in texts if NAMED.search(name)), None)
    return {"image_column": found} if found else {}
