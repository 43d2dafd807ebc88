"""What columns are called where there is room: by their description and their unit, as in `Flipper length (mm)`."""

from collections.abc import Iterable

import msgspec

from dash_views.figures.drawn import title_of
from domain.aggregations import Aggregation
from domain.collections import Column, DataCollection
from domain.tiles import CardTile

KEEPING = frozenset(
    {
        Aggregation.SUM,
        Aggregation.MEAN,
        Aggregation.MEDIAN,
        Aggregation.MIN,
        Aggregation.MAX,
        Aggregation.RANGE,
        Aggregation.STD_DEV,
        Aggregation.PERCENTILE,
        Aggregation.Q1,
        Aggregation.Q3,
        Aggregation.MODE,
    }
)
"""The aggregations whose result has the unit of the values; a variance has its square, a count none."""


def titled(column: Column) -> str:
    """The description and the unit of a column; its name where it has no description, empty where it has neither."""
    said = title_of(column.description)
    if not column.unit or f"({column.unit})" in said:
        return said
    return f"{said or column.name} ({column.unit})"


def titles_of(collections: Iterable[DataCollection]) -> dict[str, dict[str, str]]:
    """What columns are called along an axis and above a table, by collection."""
    return {one.id: {column.name: said for column in one.columns if (said := titled(column))} for one in collections}


def called(tile: CardTile, collections: Iterable[DataCollection]) -> tuple[CardTile, str]:
    """The card with the unit of its column, where it has none of its own, and what its column is called."""
    column = next((one.column(tile.column_name) for one in collections if one.id == tile.collection_id), None)
    if column is None:
        return tile, tile.column_name
    unit = tile.unit or (column.unit if tile.aggregation in KEEPING else "")
    name = title_of(column.description) or tile.column_name
    return msgspec.structs.replace(tile, unit=unit), name.removesuffix(f" ({unit})") if unit else name


def heading_of(column: Column) -> str:
    """What stands above a column of a table."""
    return titled(column) or column.name
