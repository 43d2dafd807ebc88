"""Exports: which rows or numbers somebody takes along, and what their file is called."""

import re
from datetime import date
from typing import Literal

import msgspec

from domain.filters import FilterState
from domain.rows import ColumnFilter, SortKey

ExportFormat = Literal["csv", "parquet"]
ExportContent = Literal["rows", "shown"]

NAME_MAX_LENGTH = 80
MEDIA_TYPES: dict[ExportFormat, str] = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
}


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be exported of a tile under a filter state.

    `rows` are all rows that the filters leave, sorted and narrowed by header filters; `shown` is what the tile shows:
    bars, points, the number of a card.
    """

    content: ExportContent = "rows"
    format: ExportFormat = "csv"
    state: FilterState = ()
    sort: tuple[SortKey, ...] = ()
    filters: tuple[ColumnFilter, ...] = ()


def file_name(titles: tuple[str, ...], day: date, format_: ExportFormat) -> str:
    """The name of the file: titles that are not empty and the day, in characters that every system takes."""
    words = "-".join(filter(None, (re.sub(r"[^\w]+", "-", title).strip("-") for title in titles)))
    return f"{words[:NAME_MAX_LENGTH].strip('-') or 'export'}-{day.isoformat()}.{format_}"
