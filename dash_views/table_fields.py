"""The fields of tables and texts, and how the form holds what is more than a word or a number."""

from collections.abc import Mapping
from typing import Any

import msgspec

from dash_views.fields import Field
from domain.errors import Invalid, Problem
from domain.wording import tr

ASCENDING, DESCENDING = "+", "-"
"""What a sort key begins with in the form."""

TABLE_FIELDS = (
    Field("columns", tr("Columns"), "columns", help=tr("In this order; empty: all of them.")),
    Field("formats", tr("How columns look"), "formats"),
    Field("sort", tr("Sorted by"), "sorts", help=tr("As the table is opened; readers sort by its headings.")),
    Field("selection_column", tr("Select by"), "column", help=tr("Ticked rows narrow the other tiles to its values.")),
    Field("sortable", tr("Readers may sort"), "switch"),
    Field("filterable", tr("Readers may filter"), "switch"),
    Field(
        "page_size",
        tr("Rows fetched at a time"),
        "number",
        help=tr("1 to 1000, as readers scroll; empty: 100."),
        least=1,
    ),
)
TEXT_FIELDS = (
    Field(
        "body",
        tr("Text"),
        "markdown",
        help=tr(
            "Markdown: **bold**, # headings, - lists, [links](https://…). Live values: {{count()}}, "
            "{{mean(column)}}, {{mean(column) by other : 1 unit}}."
        ),
    ),
    Field("alignment", tr("Alignment"), "choice", choices=("left", "center", "right")),
    Field("vertical_alignment", tr("Stands at the"), "choice", choices=("top", "center", "bottom")),
    Field("order", tr("Size of the title"), "number", help=tr("1, the largest, to 6; 0: as on other tiles.")),
)


def shown_keys(values: dict[str, Any]) -> dict[str, Any]:
    """The keys of a tile as the form shows them: formats as JSON, sort keys as words."""
    found = dict(values)
    if "formats" in found:
        found["formats"] = msgspec.json.encode(found["formats"]).decode() if found["formats"] else ""
    if "sort" in found:
        found["sort"] = [(DESCENDING if key["descending"] else ASCENDING) + key["column"] for key in found["sort"]]
    return found


def own_keys(values: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of a tile from what the form holds.

    Raises:
        Invalid: when the formats cannot be read.
    """
    found = dict(values)
    if isinstance(found.get("formats"), str) and found["formats"]:
        try:
            found["formats"] = msgspec.json.decode(found["formats"])
        except msgspec.DecodeError as error:
            raise Invalid(tr("The formats cannot be read."), (Problem("formats", str(error)),)) from None
    if isinstance(found.get("sort"), list):
        found["sort"] = [
            {"column": key[1:], "descending": key[0] == DESCENDING} if isinstance(key, str) and key else key
            for key in found["sort"]
        ]
    return found
