"""Boundaries of countries and states as GeoJSON, made from the TopoJSON of npm's `world-atlas` and `us-atlas`.

Both are Natural Earth's and the Census Bureau's data in the public domain, packed by Mike Bostock (ISC licence). Each
feature has the id of `domain.regions`. Rings that cross the antimeridian go on beyond 180 degrees, as MapLibre wants.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from domain.map_tile import Boundaries
from domain.regions import regions_of

Point = tuple[float, float]
Ring = list[Point]
SOURCES: Mapping[Boundaries, tuple[str, str]] = {
    Boundaries.COUNTRIES: ("world-atlas/countries-50m.json", "countries"),
    Boundaries.US_STATES: ("us-atlas/states-10m.json", "states"),
}
"""The file below `node_modules`, and the name of the regions in it."""
DIGITS = 3
"""A hundred metres."""
HALF, WHOLE, POLE = 180.0, 360.0, -90.0


def geojson(topology: Mapping[str, Any], regions: str, boundaries: Boundaries) -> bytes:
    """The regions of a TopoJSON document as a GeoJSON feature collection."""
    arcs = list(_arcs(topology))
    known = regions_of(boundaries)
    features = []
    for geometry in topology["objects"][regions]["geometries"]:
        name = geometry["properties"]["name"]
        region = known.region(str(geometry.get("id", ""))) or known.region(name) or name
        parts = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry.get("arcs", [])
        polygons = [polygon(arcs, part) for part in parts]
        shape = {"type": "MultiPolygon", "coordinates": polygons}
        features.append({"type": "Feature", "id": region, "properties": {"name": name}, "geometry": shape})
    whole = {"type": "FeatureCollection", "features": features}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def made(node_modules: Path) -> Iterator[tuple[str, bytes]]:
    """The name and the content of the file of each set of boundaries."""
    for boundaries, (path, regions) in SOURCES.items():
        topology = json.loads((node_modules / path).read_bytes())
        yield f"{boundaries}.geojson", geojson(topology, regions, boundaries)


def polygon(arcs: Sequence[Ring], part: Sequence[Sequence[int]]) -> list[Ring]:
    """An outer ring and its holes, all on the same side of the antimeridian."""
    rings = [unrolled(_ring(arcs, places)) for places in part]
    middle = sum(x for x, _ in rings[0]) / len(rings[0])
    return [[(round(x + _turn(ring, middle), DIGITS), round(y, DIGITS)) for x, y in ring] for ring in rings]


def unrolled(ring: Ring) -> Ring:
    """The ring without jumps across the antimeridian; one that goes around a pole is closed along it."""
    found, turn = [ring[0]], 0.0
    for (before, _), (x, y) in pairwise(ring):
        turn += WHOLE if x - before < -HALF else -WHOLE if x - before > HALF else 0.0
        found.append((x + turn, y))
    if turn:
        found += [(found[-1][0], POLE), (found[0][0], POLE), found[0]]
    return found


def _turn(ring: Ring, middle: float) -> float:
    """By how much a hole must be moved to lie in its outer ring."""
    own = sum(x for x, _ in ring) / len(ring)
    return WHOLE * round((middle - own) / WHOLE)


def _arcs(topology: Mapping[str, Any]) -> Iterator[Ring]:
    """Each arc in degrees; TopoJSON holds differences in whole numbers (github.com/topojson/topojson-specification)."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        found: Ring = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            found.append((x * kx + dx, y * ky + dy))
        yield found


def _ring(arcs: Sequence[Ring], places: Sequence[int]) -> Ring:
    """Arcs one after the other; the complement of a number means the arc backwards."""
    found: Ring = []
    for place in places:
        arc = arcs[place] if place >= 0 else arcs[~place][::-1]
        found += arc[1:] if found else arc
    return found
