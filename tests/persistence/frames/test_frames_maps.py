"""Maps against plain Python: bounded points and where all lie, weights, regions under several spellings."""

import json
import math
from collections import Counter, defaultdict
from statistics import median
from typing import Any

import polars as pl
import pytest

from domain.map_tile import Boundaries, MapAggregation, MapKind, MapTile
from persistence.frames.shapes import Extent
from tests.persistence.frames.support import COLLECTION, clause, failure, frame

ROWS = 3_000
WORDS = ("DE", "Germany", "France", "italy", "Atlantis", None)
DATA = pl.DataFrame(
    {
        "row": range(ROWS),
        "lat": [None if n % 50 == 7 else 91.5 if n % 500 == 3 else n * 37 % 1_601 / 10 - 80 for n in range(ROWS)],
        "lon": [
            math.nan if n % 60 == 9 else -999.0 if n % 700 == 5 else n * 53 % 3_581 / 10 - 179 for n in range(ROWS)
        ],
        "mass": [None if n % 13 == 0 else n % 101 - 20.0 for n in range(ROWS)],
        "land": [WORDS[n % 6] for n in range(ROWS)],
        "clean": [("FRA", "ITA", "Lemuria")[n % 3] for n in range(ROWS)],
        "kind": [f"k{n % 4}" for n in range(ROWS)],
    }
)
SAFE = DATA.with_columns(
    pl.when(pl.col("lat") < 90).then("lat").alias("lat"), pl.when(pl.col("lon") > -180).then("lon").alias("lon")
)
PLACES: dict[str, Any] = {"lat_column": "lat", "lon_column": "lon"}
FILTERS = [(), (clause("kind", "in", "k1", "k3"),), (clause("row", "between", 100, 1_900),)]


def of(kind: MapKind, **values: Any) -> MapTile:
    return MapTile(id="m", collection_id=COLLECTION, map_type=kind, **values)


def kept(data: pl.DataFrame, filters: tuple[Any, ...]) -> list[dict[str, Any]]:
    rows = data.to_dicts()
    if not filters:
        return rows
    if filters[0].op == "in":
        return [row for row in rows if row["kind"] in filters[0].values]
    return [row for row in rows if 100 <= row["row"] <= 1_900]


def on_earth(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if is_within(row["lat"], 90) and is_within(row["lon"], 180)]


def is_within(degrees: float | None, end: float) -> bool:
    return degrees is not None and abs(degrees) <= end


@pytest.mark.parametrize("data", [DATA, SAFE], ids=["lost", "safe"])
@pytest.mark.parametrize("filters", FILTERS)
def test_points_lie_on_earth_and_the_rest_is_counted(data: pl.DataFrame, filters: tuple[Any, ...]) -> None:
    """Bounded, with a density of all of them; the extent is that of the whole table."""
    tile = of(MapKind.SCATTER, **PLACES, hover_columns=("row",), max_points=200)
    found = frame(tile, data, *filters)
    rows = kept(data, filters)
    there = on_earth(rows)
    assert (found.shown, found.of, found.rows_matched) == (200, len(there), len(rows))
    places = {row["row"]: (row["lon"], row["lat"]) for row in there}
    drawn = {int(row): (x, y) for x, y, row in found.data.select("x", "y", "hover_0").iter_rows()}
    assert drawn.items() <= places.items()
    assert found.density is not None
    assert found.density.counts.sum() == len(there)
    everywhere = on_earth(data.to_dicts())
    lons, lats = ([row[key] for row in everywhere] for key in ("lon", "lat"))
    assert found.extent == Extent(west=min(lons), south=min(lats), east=max(lons), north=max(lats))
    lost = sum((row["lat"] or 0) > 90 or (row["lon"] or 0) < -180 for row in rows)
    assert found.note == (f"{lost} rows lie at no place on Earth" if lost > 1 else "")


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("weight", [None, "mass"])
def test_a_density_counts_or_adds_up_all_rows(filters: tuple[Any, ...], weight: str | None) -> None:
    """Cell by cell."""
    found = frame(of(MapKind.DENSITY, **PLACES, z_column=weight, max_points=10), DATA, *filters)
    density = found.density
    assert density is not None
    expected: dict[int, float] = defaultdict(float)
    for row in on_earth(kept(DATA, filters)):
        across = min(int((row["lon"] - density.x.start) / density.x.step), density.x.count - 1)
        up = min(int((row["lat"] - density.y.start) / density.y.step), density.y.count - 1)
        expected[up * density.x.count + across] += 1 if weight is None else row["mass"] or 0
    assert list(density.counts) == pytest.approx([expected[cell] for cell in range(len(density.counts))], abs=1e-6)


def test_few_rows_of_a_density_are_the_rows_themselves() -> None:
    """With their weights."""
    found = frame(of(MapKind.DENSITY, **PLACES, z_column="mass"), DATA)
    assert found.density is None
    assert found.data.columns == ["x", "y", "size"]
    assert found.shown == found.of == len(on_earth(DATA.to_dicts()))


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("column", ["land", "clean"])
@pytest.mark.parametrize("aggregation", MapAggregation)
def test_regions_add_up_all_their_spellings(aggregation: MapAggregation, column: str, filters: tuple[Any, ...]) -> None:
    """A median of two spellings is that of all their rows."""
    tile = of(MapKind.CHOROPLETH, locations_column=column, color_column="mass", choropleth_aggregation=aggregation)
    found = frame(tile, DATA, *filters)
    spelled = {"DE": "DEU", "Germany": "DEU", "France": "FRA", "italy": "ITA", "FRA": "FRA", "ITA": "ITA"}
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in kept(DATA, filters):
        if row[column] in spelled:
            groups[spelled[row[column]]].append(row)
    plain = {
        "count": len, "nunique": lambda some: len(set(some)), "sum": sum, "mean": lambda some: sum(some) / len(some),
        "median": median, "min": min, "max": max,
    }[aggregation]  # fmt: skip
    expected = {
        region: (pytest.approx(plain([row["mass"] for row in rows if row["mass"] is not None])), len(rows))
        for region, rows in groups.items()
    }
    assert {region: (y, rows) for region, y, rows in found.data.select("region", "y", "rows").iter_rows()} == expected
    values = {row[column] for row in kept(DATA, filters)} - {None}
    assert {one for some in found.data["values"] for one in some} == values & spelled.keys()
    unknown = values - spelled.keys()
    assert found.note == (f"1 of {len(values)} values is no country: {unknown.pop()}" if unknown else "")


def test_regions_without_a_value_count_their_rows() -> None:
    found = frame(of(MapKind.CHOROPLETH, locations_column="land"), DATA)
    counts = Counter(DATA["land"])
    expected = [("DEU", counts["DE"] + counts["Germany"]), ("FRA", counts["France"]), ("ITA", counts["italy"])]
    assert found.data.select("region", "y").rows() == expected
    assert found.data["name"].to_list() == ["Germany", "France", "Italy"]


def test_no_value_that_names_a_region_leaves_nothing_and_says_why() -> None:
    tile = of(MapKind.CHOROPLETH, locations_column="clean", boundaries=Boundaries.US_STATES)
    found = frame(tile, DATA)
    assert (found.shown, found.note) == (0, "3 of 3 values are no states of the United States: FRA, ITA, Lemuria")


@pytest.mark.parametrize(
    ("tile", "message"),
    [
        (of(MapKind.SCATTER, lat_column="kind", lon_column="lon"), "holds text, but lat_column needs numbers"),
        (of(MapKind.DENSITY, lat_column="lat"), "Choose a column for lon_column"),
        (of(MapKind.CHOROPLETH, locations_column="mass"), "holds numbers, but locations_column needs text"),
        (of(MapKind.CHOROPLETH, locations_column="land", color_column="kind"), "holds text, but the mean needs"),
        (of(MapKind.DENSITY, **PLACES, z_column="kind"), "holds text, but"),
    ],
)
def test_a_column_that_does_not_fit_is_named(tile: MapTile, message: str) -> None:
    assert message in failure(tile, DATA)


def outline(west: float) -> str:
    ring = [[west, 50], [west + 1, 50], [west + 1, 51], [west, 51], [west, 50]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


POINT = '{"type": "Point", "coordinates": [8, 44]}'
OUTLINED = pl.DataFrame(
    {
        "area": ["north", "south", "north", "nowhere", None, "few"],
        "people": [1, 5, 3, 7, 9, 2],
        "kind": ["k1", "k1", "k3", "k1", "k1", "k2"],
        "geometry": [outline(7), outline(-3.5), outline(7), None, outline(60), POINT],
    }
)


def test_regions_with_outlines_of_their_own() -> None:
    """Filters leave those that have rows; what lies where is said, and who has no outline."""
    tile = of(*(MapKind.CHOROPLETH,), locations_column="area", boundaries=Boundaries.GEOMETRY, color_column="people")
    whole = frame(tile, OUTLINED)
    assert whole.data.select("region", "name", "y", "rows").rows() == [
        ("few", "few", 2.0, 1), ("north", "north", 2.0, 2), ("south", "south", 5.0, 1),
    ]  # fmt: skip
    assert whole.data["geometry"].to_list() == [OUTLINED["geometry"][n] for n in (5, 0, 1)]
    assert (whole.note, whole.extent) == ("1 of 4 regions has no outline: nowhere", Extent(-3.5, 44, 8, 51))
    narrowed = frame(tile, OUTLINED, clause("kind", "in", "k3"))
    assert (narrowed.data["region"].to_list(), narrowed.note) == (["north"], "")
    assert narrowed.extent == Extent(7, 50, 8, 51)
    nobody = frame(tile, OUTLINED, clause("kind", "in", "k9"))
    assert (nobody.data.height, nobody.extent) == (0, None)


def test_outlines_that_cannot_be_shown() -> None:
    """Rows without such a column, and more than a browser is sent."""
    tile = of(MapKind.CHOROPLETH, locations_column="land", boundaries=Boundaries.GEOMETRY)
    assert "geometry" in failure(tile, DATA)
    large = pl.DataFrame({"land": ["a"], "geometry": ["{" + " " * (9 << 20) + "}"]})
    found = frame(tile, large)
    assert (found.data.height, found.shown) == (0, 0)
    assert found.note == "the outlines have 9 MiB and may have 8; simplify them, or filter"
