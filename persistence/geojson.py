"""Boundaries in GeoJSON, as rows: one for each feature, its properties as columns, its shape as GeoJSON text."""

import json
import math
from pathlib import Path
from typing import Any

import polars as pl

from domain.wording import tr
from persistence.file_faults import Fault

FEATURE, KIND, GEOMETRY = "feature_id", "geometry_type", "geometry"
DEPTH = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
"""How many lists lie around the positions of each kind of shape."""
RING = 4
"""So many positions a ring has at least, the last being the first again."""


def read_features(path: Path, key: str) -> pl.DataFrame:
    """The features of a FeatureCollection; `key` is where their ids stand: `id` or `properties.NAME`. Blocks.

    Raises:
        Fault: naming the first feature that has no id, one of another, or a shape that is none, and properties that are
            called like a column of ours.
    """
    try:
        decoded = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise Fault(tr("is not JSON: {reason}", reason=str(error).partition(chr(10))[0])) from None
    features = decoded.get("features") if isinstance(decoded, dict) else None
    if not isinstance(features, list) or decoded.get("type") != "FeatureCollection":
        raise Fault(tr("is no FeatureCollection; other kinds of GeoJSON have no features to choose from"))
    if not features:
        raise Fault(tr("has no feature"))
    rows = [_row(number, feature, key) for number, feature in enumerate(features, 1)]
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        if seen.setdefault(row[FEATURE], number) != number:
            raise Fault(
                tr(
                    "has the id {id!r} in feature {first} and in feature {number}",
                    id=row[FEATURE],
                    first=seen[row[FEATURE]],
                    number=number,
                )
            )
    names = dict.fromkeys(name for row in rows for name in row)
    return pl.DataFrame([_series(name, [row.get(name) for row in rows]) for name in names])


def _row(number: int, feature: Any, key: str) -> dict[str, Any]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise Fault(tr("has no Feature as feature {number}", number=number))
    properties = feature.get("properties") or {}
    geometry = feature.get("geometry")
    if not isinstance(properties, dict):
        raise Fault(tr("has properties that are no mapping in feature {number}", number=number))
    for name in (FEATURE, KIND, GEOMETRY):
        if name in properties:
            raise Fault(
                tr(
                    "has the property {name!r} in feature {number}, which the ingest adds; rename it",
                    name=name,
                    number=number,
                )
            )
    where, _, name = key.partition(".")
    found = properties.get(name) if where == "properties" and name else feature.get(key)
    if not isinstance(found, str | int) or isinstance(found, bool):
        raise Fault(
            tr(
                "has no text or number {key} in feature {number}; name another with feature_id_key",
                key=key,
                number=number,
            )
        )
    if not isinstance(geometry, dict) or not _is_shape(geometry):
        raise Fault(tr("has a shape that is none in feature {number} ({found})", number=number, found=found))
    shape = json.dumps(geometry, ensure_ascii=False, separators=(",", ":"))
    return {FEATURE: str(found), **properties, KIND: geometry["type"], GEOMETRY: shape}


def _is_shape(geometry: dict[str, Any]) -> bool:
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        parts = geometry.get("geometries")
        return isinstance(parts, list) and all(isinstance(one, dict) and _is_shape(one) for one in parts)
    if kind not in DEPTH:
        return False
    return _is_nested(geometry.get("coordinates"), DEPTH[kind], of_rings=kind.endswith("Polygon"))


def _is_nested(value: Any, depth: int, *, of_rings: bool) -> bool:
    if not isinstance(value, list):
        return False
    if depth == 0:
        numbers = [one for one in value if isinstance(one, int | float) and not isinstance(one, bool)]
        return len(value) >= 2 and len(numbers) == len(value) and all(map(math.isfinite, numbers))  # noqa: PLR2004
    if depth == 1 and of_rings and (len(value) < RING or value[0] != value[-1]):
        return False
    return all(_is_nested(one, depth - 1, of_rings=of_rings) for one in value)


def _series(name: str, values: list[Any]) -> pl.Series:
    """A property of all features: text where they are of several types, JSON where they are lists or mappings."""
    if any(isinstance(value, list | dict) for value in values):
        return pl.Series(name, [None if value is None else json.dumps(value, ensure_ascii=False) for value in values])
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) > 1 and not kinds <= {int, float}:
        return pl.Series(name, [_text(value) for value in values])
    return pl.Series(name, values, strict=False)


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)
