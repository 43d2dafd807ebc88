"""Which columns a new map takes at first: those whose names say that they hold places."""

import re
from collections.abc import Sequence
from typing import Any

from domain.collections import Column, ColumnKind, DataCollection
from domain.map_tile import MapKind
from domain.suggestions import LATITUDE, LONGITUDE, REGION


def places(kind: MapKind, collection: DataCollection) -> dict[str, Any]:
    """The columns of places, by the names of the tile's properties; what no column is called like is left out.

    Those that the project file names come first.
    """
    columns = collection.columns
    if kind is MapKind.CHOROPLETH:
        wanted = {"locations_column": (REGION, ColumnKind.TEXT)}
    else:
        wanted = {"lat_column": (LATITUDE, ColumnKind.NUMBER), "lon_column": (LONGITUDE, ColumnKind.NUMBER)}
    found = {role: _named(columns, *sought) for role, sought in wanted.items()}
    said = {"lat_column": collection.lat_column, "lon_column": collection.lon_column}
    found |= {role: name for role, name in said.items() if role in found and collection.column(name)}
    return {role: name for role, name in found.items() if name}


def _named(columns: Sequence[Column], pattern: re.Pattern[str], kind: ColumnKind) -> str | None:
    fitting = (one.name for one in columns if one.kind is kind and not one.is_technical and pattern.search(one.name))
    return next(fitting, None)
