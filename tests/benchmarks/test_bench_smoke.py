"""The benchmark itself, on a thousandth of the data: it runs, and writes what others read. Times are not looked at."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import polars as pl
import pytest
import yaml

from benchmarks import bench, reference, scales
from benchmarks.dashboards import FILTERS, SIZES, document
from benchmarks.measures import Measure, Sample, Taken, ratios, write_json
from domain.dashboard_file import dashboard_file
from domain.tiles import CardTile, FilterTile

SCALE = 0.001
ROWS = 12_000
KEYS = {
    "rows": int, "tiles": int, "gesture": str, "side": str, "median_ms": float, "worst_ms": float, "complete": int,
    "of": int, "peak_mib": float, "bytes": int,
}  # fmt: skip


@pytest.fixture(scope="module")
def workload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project file of the smallest workload."""
    return reference.project_file(SCALE, tmp_path_factory.mktemp("cache"))


def _all(workload: Path, name: str) -> pl.DataFrame:
    return pl.concat([pl.read_csv(file) for file in sorted(workload.parent.glob(f"runs/*/{name}.csv"))])


def test_the_workload_is_what_the_design_says(workload: Path) -> None:
    """Rows of each table, values of each column, and which tools, classes and ranks a sample has."""
    metadata, metrics, features = (
        pl.read_csv(workload.parent / "metadata.csv"),
        _all(workload, "metrics"),
        _all(workload, "features"),
    )
    assert (metadata.height, metrics.height, features.height) == (500, 8_000, ROWS)
    assert reference.rows_of(1) == 12_011_000
    assert (metadata["age"].min(), metadata["age"].max()) == (18, 84)
    assert metrics.group_by("sample_id").agg(pl.col("tool").n_unique())["tool"].unique().to_list() == [4]
    odd = metrics.filter(pl.col("sample_id") == "S0001")
    assert set(odd["tool"]) == {"fastqc", "samtools", "bcftools", "mosdepth"}
    each = features.group_by("sample_id").agg(pl.len(), pl.col("feature_class", "rank").n_unique())
    assert (each["len"].unique().to_list(), each["feature_class"].max(), each["rank"].max()) == ([24], 2, 3)
    fourth = features.filter(pl.col("sample_id") == "S0004")
    assert set(fourth["feature_class"]) == {"lncRNA", "pseudogene"}
    assert set(fourth["rank"]) == {"class", "order", "family"}
    assert features["neg_log10_p"].mean() == pytest.approx(1.5, abs=0.1)
    links = yaml.safe_load(workload.read_text("utf-8"))["links"]
    assert len({(link["source_dc_tag"], link["target_dc_tag"]) for link in links}) == 6


def test_the_same_scale_gives_the_same_bytes(workload: Path, tmp_path: Path) -> None:
    """So that two machines measure the same; and what is there is not made again."""
    again = reference.project_file(SCALE, tmp_path)
    names = ("metadata.csv", "runs/run_07/metrics.csv", "runs/run_20/features.csv", "project.yaml")
    assert [(again.parent / name).read_bytes() for name in names] == [
        (workload.parent / name).read_bytes() for name in names
    ]
    again.write_text("kept")
    assert reference.project_file(SCALE, tmp_path).read_text("utf-8") == "kept"


@pytest.mark.parametrize("size", SIZES)
def test_each_dashboard_has_its_tiles_four_cards_and_twelve_filters(size: int) -> None:
    """Over all three collections from four tiles on, and of every kind in the largest."""
    tiles = dashboard_file(document(size), {name: name for name in reference.COLLECTIONS}).tiles.values()
    cards = [tile for tile in tiles if isinstance(tile, CardTile)]
    filters = [tile for tile in tiles if isinstance(tile, FilterTile)]
    assert (len(cards), len(filters), len(tiles)) == (4, 12, size + 16)
    assert len(FILTERS) == 12


async def test_one_gesture_of_the_real_server_and_of_plain_polars(workload: Path) -> None:
    """The whole way from CSV files to `bench.json`: rows of the keys and types that are promised."""
    cache = workload.parents[1]
    options = bench.Options(
        scale=SCALE, tiles=(4,), gestures=frozenset({"ingest", "filter"}), sides=frozenset({"server"}), soak=5,
        cache=cache / "data", output=cache / "bench.json",
    )  # fmt: skip
    outcome = await bench.run(options)
    write_json(options.output, outcome.measures)
    rows: list[dict[str, Any]] = json.loads(options.output.read_text("utf-8"))
    assert [(row["gesture"], row["side"], row["tiles"], row["rows"]) for row in rows] == [
        ("ingest", "server", 0, ROWS),
        ("filter", "server", 4, ROWS),
    ]
    for row in rows:
        assert {key: type(value) for key, value in row.items()} == KEYS
        assert row["complete"] == row["of"] > 0
        assert row["worst_ms"] >= row["median_ms"] > 0
        assert row["peak_mib"] > 1
        assert row["bytes"] > 0
    assert rows[1]["of"] == 9
    kinds = {one.kind for one in outcome.kinds}
    assert kinds == {"card", "scatter", "histogram", "table"}
    assert [change for change, _ in outcome.soak] == [1, 2, 3, 4, 5]
    said = bench.report(outcome, options)
    assert "| 4 | filter | server |" in said
    assert "| 4 | filter | polars |" in said


def _measure(build: str, *times: float, failures: tuple[str, ...] = ()) -> Measure:
    samples = tuple(Sample(first=ms, all=ms, bytes=100, failures=failures) for ms in times)
    return Measure(
        build=build, rows=10, tiles=4, gesture="filter", side="server", peak_mib=50.0, taken=Taken(samples, 3)
    )


def test_failures_are_counted_and_ratios_say_how_much_longer_the_other_takes() -> None:
    """A gesture with a failure is not complete; a build twice as slow has the ratio 2."""
    here, there = _measure("here", 10, 20, 60), _measure("there", 20, 40, 60, failures=("a tile",))
    assert (here.row()["complete"], there.row()["complete"], there.row()["of"]) == (3, 0, 3)
    assert (here.row()["median_ms"], here.row()["worst_ms"]) == (20, 60)
    (line,) = ratios([here], [there], "there").splitlines()[2:]
    assert line == "| 4 | filter | server | 20 | 40 | 2.00 | 1.00 | 1.00 | 1.00 | 0 / 0 | 0 / 3 of 3 |"


POINT = "{http://www.w3.org/2000/svg}circle"


def _row(rows: int, tiles: int, median: float) -> dict[str, Any]:
    return {"rows": rows, "tiles": tiles, "gesture": "filter", "side": "server", "median_ms": median}


def test_runs_of_several_scales_become_tables_and_plots() -> None:
    """By rows for the largest dashboard, by tiles for the largest table; the plots have a point for each size."""
    found = [_row(120_000, 30, 100), _row(1_200_000, 30, 400), _row(120_000, 4, 10), _row(1_200_000, 4, 40)]
    assert [line for line in scales.tables(found).splitlines() if line.startswith("|")] == [
        "| rows | filter server |", "| --- | --- |", "| 120,000 | 100 |", "| 1,200,000 | 400 |",
        "| tiles | filter server |", "| --- | --- |", "| 4 | 40 |", "| 30 | 400 |",
    ]  # fmt: skip
    drawn = scales.plots([*found, _row(12_000_000, 30, 900)])
    points = {name: len(ET.fromstring(one).findall(POINT)) for name, one in drawn.items()}  # noqa: S314 -- our own.
    assert points == {"scales.svg": 3, "scales-tiles.svg": 2}
    assert "1,200,000 rows" in drawn["scales-tiles.svg"]  # Those of which there are two dashboards.
