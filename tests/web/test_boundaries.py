"""Boundaries made of TopoJSON: whole rings, known ids, and what crosses the antimeridian or goes around a pole."""

import json
from itertools import pairwise
from typing import Any

import pytest

from domain.map_tile import Boundaries
from domain.regions import regions_of
from web.boundaries import geojson, polygon, unrolled
from web.vendor import MAPS, VENDOR

UNCLAIMED = {"Somaliland", "N. Cyprus", "Indian Ocean Ter.", "Siachen Glacier"}
"""Drawn by Natural Earth, without a code of ISO 3166."""


def collection(boundaries: Boundaries) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((VENDOR / MAPS / f"{boundaries}.geojson").read_bytes())["features"]
    return found


@pytest.mark.parametrize("boundaries", [Boundaries.COUNTRIES, Boundaries.US_STATES])
def test_regions_have_ids_and_closed_rings(boundaries: Boundaries) -> None:
    """No side of a ring is longer than half the Earth but those along the south pole."""
    features = collection(boundaries)
    assert {one["id"] for one in features} - set(regions_of(boundaries).names) <= UNCLAIMED
    rings = [ring for one in features for part in one["geometry"]["coordinates"] for ring in part]
    assert all(ring[0] == ring[-1] for ring in rings)
    jumps = [(y, to_y) for ring in rings for (x, y), (to_x, to_y) in pairwise(ring) if abs(to_x - x) > 180]
    assert all(y == to_y == -90 for y, to_y in jumps)


def test_large_regions_of_iso_have_boundaries() -> None:
    """Of the countries only small dependencies and parts of others lack their own."""
    missing = set(regions_of(Boundaries.COUNTRIES).names) - {one["id"] for one in collection(Boundaries.COUNTRIES)}
    assert missing == {
        "BVT", "CXR", "CCK", "GUF", "GIB", "GLP", "MTQ", "MYT", "REU", "SJM", "TKL", "TUV", "UMI", "BES",
    }  # fmt: skip


def test_topojson_is_unpacked() -> None:
    """Arcs are differences, shared by neighbours, and run backwards where their number is negative."""
    topology = {
        "transform": {"scale": [2, 1], "translate": [10, 20]},
        "arcs": [[[0, 0], [1, 0], [0, 1]], [[1, 1], [-1, -1]]],
        "objects": {"countries": {"geometries": [
            {"type": "Polygon", "id": "276", "arcs": [[0, 1]], "properties": {"name": "Germany"}},
            {"type": "MultiPolygon", "arcs": [[[-2, -1]]], "properties": {"name": "Kosovo"}},
        ]}},
    }  # fmt: skip
    first, second = json.loads(geojson(topology, "countries", Boundaries.COUNTRIES))["features"]
    assert (first["id"], second["id"]) == ("DEU", "XKX")
    assert first["geometry"] == {
        "type": "MultiPolygon", "coordinates": [[[[10, 20], [12, 20], [12, 21], [10, 20]]]]
    }  # fmt: skip
    assert second["geometry"]["coordinates"] == [[[[10, 20], [12, 21], [12, 20], [10, 20]]]]


def test_a_ring_across_the_antimeridian_goes_on() -> None:
    """One around the pole is closed along it, and a hole follows its ring."""
    assert unrolled([(179, 0), (-179, 0), (-179, 1), (179, 0)]) == [(179, 0), (181, 0), (181, 1), (179, 0)]
    around = unrolled([(-120, -70), (0, -70), (120, -70), (-120, -70)])
    assert around == [(-120, -70), (0, -70), (120, -70), (240, -70), (240, -90), (-120, -90), (-120, -70)]
    outer, hole = [(170, 0), (-150, 0), (-150, 9), (170, 9), (170, 0)], [(-179, 1), (-178, 1), (-178, 2), (-179, 1)]
    [_, moved] = polygon([outer, hole], [[0], [1]])  # type: ignore[list-item]
    assert moved == [(181, 1), (182, 1), (182, 2), (181, 1)]
