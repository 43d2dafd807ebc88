"""AG Grid's columns and options, and its requests turned into the query engine's words."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import polars as pl

from dash_views.figures.arrays import texts
from dash_views.naming import heading_of
from dash_views.table_words import SPOKEN
from domain.aggregations import WORDS
from domain.collections import Column, ColumnKind
from domain.rows import SortKey
from domain.table_tile import WIDTHS, ColumnFormat
from domain.tiles import TableTile
from services.queries import Frame, Margins

FILTERS = {
    ColumnKind.NUMBER: "agNumberColumnFilter",
    ColumnKind.TEXT: "agTextColumnFilter",
    ColumnKind.DATE: "agDateColumnFilter",
    ColumnKind.DATETIME: "agDateColumnFilter",
}

HEADINGS = {"right": "ag-right-aligned-header", "center": "is-centered"}
"""The class of a heading by where its cells stand; a class of ours goes before that of AG Grid's type."""

NARROWEST, WIDEST = 110, 220
"""Between these many pixels a column is at least as wide as its heading, which names it."""

DATES = {"iso": 176, "long": 166, "time": 150}
TOTAL = 196
"""So many pixels have times and long days as the formats write them, and a total with its aggregation."""

COLUMN_DEFAULTS: dict[str, Any] = {
    "sortable": True,
    "resizable": True,
    # The kinds are known. AG Grid would hide the columns until it had inferred them, which getters prevent.
    "cellDataType": False,
}


def shown_columns(tile: TableTile, columns: Sequence[Column]) -> list[Column]:
    """The chosen columns in their order, or all that are not technical."""
    if not tile.columns:
        return [column for column in columns if not column.is_technical]
    by_name = {column.name: column for column in columns}
    return [by_name[name] for name in tile.columns if name in by_name]


def column_defs(tile: TableTile, columns: Sequence[Column], margins: Margins | None = None) -> list[dict[str, Any]]:
    """One definition a column: numbers to the right, a filter by kind, its format.

    `margins` are the extremes where no answer brings them to the browser.
    """
    sorts = {key.column: (place, key) for place, key in enumerate(tile.sort)}
    return [_column_def(tile, column, sorts.get(column.name), margins) for column in shown_columns(tile, columns)]


def _column_def(
    tile: TableTile, column: Column, sort: tuple[int, SortKey] | None, margins: Margins | None
) -> dict[str, Any]:
    one = tile.format_of(column.name)
    label = one.label if one and one.label else heading_of(column)
    align = (one.align if one else "") or ("right" if column.kind is ColumnKind.NUMBER else "left")
    said = [text for text in (column.name if label != column.name else "", column.description) if text]
    found: dict[str, Any] = {
        # AG Grid reads a dot in a field as a path into the row; a getter by `colId` does not.
        "colId": column.name,
        "valueGetter": {"function": f"params.data ? params.data[{_quoted(column.name)}] : undefined"},
        "headerName": label,
        "headerTooltip": " · ".join(said) or None,
        "minWidth": max(_least_width(label), _written_width(column, one)),
        "sortable": tile.sortable,
        "filter": FILTERS.get(column.kind, False) if tile.filterable else False,
        "filterParams": {"maxNumConditions": 1, "buttons": ["reset"]},
        # Headings stand as their cells do.
        "type": "rightAligned" if align == "right" else None,
        "headerClass": HEADINGS.get(align),
    }
    if sort is not None:
        found |= {"initialSort": "desc" if sort[1].descending else "asc", "initialSortIndex": sort[0]}
    return found | _format_def(tile, column, one or ColumnFormat(column=column.name), margins)


def _format_def(tile: TableTile, column: Column, one: ColumnFormat, margins: Margins | None) -> dict[str, Any]:
    """The cells as table_cells.js writes and colours them."""
    said_of = msgspec.to_builtins(one) | {"kind": column.kind.value}
    if one.total is not None:
        said_of["total"] = WORDS[one.total]
    if margins is not None and column.name in margins.extremes:
        ends = zip(("low", "high"), margins.extremes[column.name], strict=True)
        said_of |= {name: end for name, end in ends if name not in said_of}
    spec = _quoted(msgspec.json.encode(said_of).decode())
    found: dict[str, Any] = {
        "valueFormatter": {"function": f"depictioText(params, {spec})"},
        "tooltipValueGetter": {"function": f"depictioWhole(params, {spec})"},
    }
    if one.bar or one.scale or one.rules or one.align:
        found["cellStyle"] = {"function": f"depictioStyle(params, {spec}, {_quoted(tile.id)})"}
    if one.width is not None:
        found |= {"width": one.width, "minWidth": WIDTHS[0], "suppressSizeToFit": True}
    return found


def beside_rows(frame: Frame) -> dict[str, Any]:
    """Totals and extremes as the browser gets them with the first page; nothing on other pages."""
    if frame.margins is None:
        return {}
    totals = {name: texts(pl.Series([value])).pop() for name, value in frame.margins.totals.items()}
    return {"totals": totals or None, "extremes": frame.margins.extremes}


def own_model(tile: TableTile) -> list[dict[str, str]]:
    """The sort that the tile begins with, in AG Grid's words."""
    return [{"colId": key.column, "sort": "desc" if key.descending else "asc"} for key in tile.sort]


def _least_width(name: str) -> int:
    """Room for the heading and its filter button; where the tile has less, the table scrolls sideways."""
    return min(max(NARROWEST, 52 + 8 * len(name)), WIDEST)


def _written_width(column: Column, one: ColumnFormat | None) -> int:
    """Room for what is as long in every row: a time, or a day with its month in words; and for a total below."""
    date = one.date if one else ""
    wide = DATES.get(date or "iso", 0) if column.kind is ColumnKind.DATETIME else DATES.get(date, 0)
    return max(wide, TOTAL if one and one.total is not None else 0)


def _quoted(name: str) -> str:
    """A JavaScript string literal. Dash parses it with a small expression language, so quotes are all that matters."""
    return "'" + name.replace("\\", "\\\\").replace("'", "\\'") + "'"


def grid_options(tile: TableTile) -> dict[str, Any]:
    """Infinite scrolling in blocks. Requests are not counted: AG Grid never counts off those that a purge forgets."""
    options: dict[str, Any] = {
        "cacheBlockSize": tile.page_size,
        "maxBlocksInCache": 20,
        "maxConcurrentDatasourceRequests": -1,
        "rowHeight": 32,
        "headerHeight": 34,
        "animateRows": False,
        "suppressCellFocus": False,
        "enableCellTextSelection": True,
        "tooltipShowDelay": 400,
        **SPOKEN,
    }
    if tile.selection_column is not None:
        options["rowSelection"] = {"mode": "multiRow", "headerCheckbox": False, "enableClickSelection": False}
    return options


def sort_keys(model: Sequence[Mapping[str, Any]]) -> tuple[SortKey, ...]:
    """The `sortModel` that AG Grid sends with a request for rows."""
    return tuple(SortKey(str(entry.get("colId", "")), entry.get("sort") == "desc") for entry in model)
