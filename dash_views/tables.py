"""AG Grid's columns and options, and its requests turned into the query engine's words."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.collections import Column, ColumnKind
from domain.rows import SortKey
from domain.tiles import TableTile

FILTERS = {
    ColumnKind.NUMBER: "agNumberColumnFilter",
    ColumnKind.TEXT: "agTextColumnFilter",
    ColumnKind.DATE: "agDateColumnFilter",
    ColumnKind.DATETIME: "agDateColumnFilter",
}

NARROWEST, WIDEST = 110, 220
"""Between these many pixels a column is at least as wide as its heading, which names it."""

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


def column_defs(tile: TableTile, columns: Sequence[Column]) -> list[dict[str, Any]]:
    """One definition a column: numbers to the right, a filter by kind."""
    return [
        {
            # AG Grid reads a dot in a field as a path into the row; a getter by `colId` does not.
            "colId": column.name,
            "valueGetter": {"function": f"params.data ? params.data[{_quoted(column.name)}] : undefined"},
            "headerName": column.name,
            "headerTooltip": column.description or None,
            "minWidth": _least_width(column.name),
            "filter": FILTERS.get(column.kind, False),
            "filterParams": {"maxNumConditions": 1, "buttons": ["reset"]},
            "type": "rightAligned" if column.kind is ColumnKind.NUMBER else None,
        }
        for column in shown_columns(tile, columns)
    ]


def _least_width(name: str) -> int:
    """Room for the heading and its filter button; where the tile has less, the table scrolls sideways."""
    return min(max(NARROWEST, 52 + 8 * len(name)), WIDEST)


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
    }
    if tile.selection_column is not None:
        options["rowSelection"] = {"mode": "multiRow", "headerCheckbox": False, "enableClickSelection": False}
    return options


def sort_keys(model: Sequence[Mapping[str, Any]]) -> tuple[SortKey, ...]:
    """The `sortModel` that AG Grid sends with a request for rows."""
    return tuple(SortKey(str(entry.get("colId", "")), entry.get("sort") == "desc") for entry in model)
