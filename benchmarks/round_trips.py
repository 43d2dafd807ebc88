"""The round trip of every format: what a writer of that format was given is what the table has."""

import gzip
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import xlwt
import zstandard
from PIL import Image

from benchmarks.ingest_site import Site, of_files, project_of

ROWS = pl.DataFrame(
    {
        "sample": ["CS1", "CS2", "Ærø; 3"],
        "reads": [10, 2**40, None],
        "share": [0.25, None, -0.001],
        "kept": [True, False, None],
        "day": [date(2024, 2, 29), None, date(1999, 12, 31)],
    }
)
DATES = {"try_parse_dates": True}
LOCAL = {"separator": ";", "decimal_comma": True, **DATES}
Writer = Callable[[pl.DataFrame, Path], object]


class Trip(msgspec.Struct, frozen=True):
    """What a format was asked to carry, and whether it came back."""

    format: str
    written_by: str
    rows: int
    came_back: str


def text(separator: str = ",", pack: Callable[[bytes], bytes] = bytes, encoding: str = "utf-8", **more: Any) -> Writer:
    """A writer of delimited text."""
    return lambda frame, path: path.write_bytes(pack(frame.write_csv(separator=separator, **more).encode(encoding)))


def xls(frame: pl.DataFrame, path: Path) -> None:
    """An Excel 97 workbook."""
    book = xlwt.Workbook()
    sheet, dated = book.add_sheet("data"), xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for column, series in enumerate(frame):
        sheet.write(0, column, series.name)
        for row, value in enumerate(series, 1):
            if value is not None:
                sheet.write(row, column, value, *([dated] if isinstance(value, date) else []))
    book.save(path)


def lines(frame: pl.DataFrame, path: Path) -> None:
    """JSON lines."""
    path.write_text("".join(json.dumps(row, default=str) + "\n" for row in frame.to_dicts()), "utf-8")


zst = zstandard.ZstdCompressor().compress
TABLES: Mapping[str, tuple[str, str, dict[str, Any], Writer]] = {
    "a.csv": ("CSV", "polars", {"format": "csv", "polars_kwargs": DATES}, text()),
    "b.csv.gz": ("CSV, gzip", "polars, gzip", {"format": "csv", "polars_kwargs": DATES}, text(pack=gzip.compress)),
    "c.csv.zst": ("CSV, zstd", "polars, zstandard", {"format": "csv", "polars_kwargs": DATES}, text(pack=zst)),
    "d.csv": (
        *("CSV, Latin-1, decimal comma", "polars"),
        {"format": "csv", "polars_kwargs": {**LOCAL, "encoding": "latin1"}},
        text(";", encoding="latin1", decimal_comma=True),
    ),
    "e.csv": (
        *("CSV, UTF-16", "polars"),
        {"format": "csv", "polars_kwargs": {**DATES, "encoding": "utf-16"}},
        text(encoding="utf-16"),
    ),
    "f.tsv": ("TSV", "polars", {"format": "tsv", "polars_kwargs": DATES}, text("\t")),
    "g.tsv.gz": ("TSV, gzip", "polars, gzip", {"format": "tsv", "polars_kwargs": DATES}, text("\t", gzip.compress)),
    "h.tsv.zst": ("TSV, zstd", "polars, zstandard", {"format": "tsv", "polars_kwargs": DATES}, text("\t", zst)),
    "i.parquet": ("Parquet", "polars", {"format": "parquet"}, lambda frame, path: frame.write_parquet(path)),
    "j.feather": ("Feather", "polars", {"format": "feather"}, lambda frame, path: frame.write_ipc(path)),
    "k.arrow": ("Arrow", "polars", {"format": "arrow"}, lambda frame, path: frame.write_ipc(path)),
    "l.jsonl": ("JSON lines", "json", {"format": "jsonl", "schema_overrides": {"day": "Date"}}, lines),
    "m.xlsx": ("Excel, xlsx", "xlsxwriter", {"format": "xlsx"}, lambda frame, path: frame.write_excel(path)),
    "n.xls": ("Excel, xls", "xlwt", {"format": "xls"}, xls),
}
AREAS = [("north", "Nord", 3), ("south", "Süd", 4)]
TREE = "((A:0.1,B:0.2)n:0.3,(C:0.1,D:0.25)m:0.5)root;"


def trips(folder: Path) -> list[Trip]:
    """Every format once, through one ingest of the command line."""
    described = {name.partition(".")[0]: of_files(name.replace(".", r"\."), **one[2]) for name, one in TABLES.items()}
    site = Site(folder, project_of({**described, **_others()}))
    run = site.runs / "run_1"
    run.mkdir()
    for name, (_, _, _, write) in TABLES.items():
        write(ROWS, run / name)
    images = _write_others(run)
    ran = site.ingest()
    if ran.code:
        raise RuntimeError(f"the ingest failed: {ran.said}")
    return [*(_trip(site, name) for name in TABLES), *_trips_of_others(site, run, images)]


def _trip(site: Site, name: str) -> Trip:
    label, by, _, _ = TABLES[name]
    tag = name.partition(".")[0]
    types, found = site.rows(tag, 10)
    wanted = {column: str(dtype) for column, dtype in ROWS.schema.items()}
    values = found == json.loads(json.dumps(ROWS.to_dicts(), default=str))
    same_types = types == wanted
    came = {(True, True): "values and types", (True, False): "values", (False, True): "types, not the values"}
    return Trip(label, by, ROWS.height, came.get((values, same_types), "neither values nor types"))


def _others() -> dict[str, Any]:
    areas = {**of_files(r"areas\.geojson"), "type": "geojson"}
    tree = {**of_files(r"tree\.nwk", ladderize=False), "type": "phylogeny"}
    images = of_files(r"images\.csv", format="csv", image_column="file", local_images_path="pictures")
    return {"areas": areas, "tree": tree, "report": {"type": "multiqc"}, "images": {**images, "type": "image"}}


def _write_others(run: Path) -> set[str]:
    """Write a file of each other type; the hashes of the images."""
    features = [
        {"type": "Feature", "id": key, "properties": {"name": name}, "geometry": _square(at)} for key, name, at in AREAS
    ]
    collection = {"type": "FeatureCollection", "features": features}
    (run / "areas.geojson").write_text(json.dumps(collection), "utf-8")
    (run / "tree.nwk").write_text(TREE + "\n", "utf-8")
    _report().write_parquet(run / "multiqc.parquet")
    pictures = run.parents[1] / "pictures"
    pictures.mkdir()
    for number in (1, 2, 3):
        Image.new("RGB", (64, 48), (number * 60, 90, 120)).save(pictures / f"{number}.png")
    (run / "images.csv").write_text("file\n1.png\n2.png\n3.png\n", "utf-8")
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in pictures.iterdir()}


def _square(at: int) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[[at, 50], [at + 1, 50], [at + 1, 51], [at, 51], [at, 50]]]}


def _report() -> pl.DataFrame:
    """A report as MultiQC 1.29 lays it out."""
    return pl.DataFrame(
        {
            "anchor": ["general_stats", "run_metadata"],
            "type": ["table_row", "run_metadata"],
            "creation_date": ["2025-06-01", "2025-06-01"],
            "plot_type": ["table", None],
            "plot_input_data": [None, None],
            "sample": ["CS1", None],
            "multiqc_version": [None, "1.29"],
            "modules": [None, "[]"],
        },
        schema_overrides={"plot_input_data": pl.String},
    )


def _trips_of_others(site: Site, run: Path, images: set[str]) -> list[Trip]:
    areas = [(row["feature_id"], row["name"], json.loads(row["geometry"])) for row in site.rows("areas", 10)[1]]
    nodes = site.rows("tree", 20)[1]
    report = json.loads(json.dumps(pl.read_parquet(run / "multiqc.parquet").to_dicts(), default=str))
    kept = {hashlib.sha256(one.read_bytes()).hexdigest() for one in _files(site.folder / "data/storage")}
    found = (
        ("GeoJSON", "json", len(areas), areas == [(key, name, _square(at)) for key, name, at in AREAS], "features"),
        ("Newick", "by hand", len(nodes), f"{_written(nodes, 0)};" == TREE, "the tree"),
        ("MultiQC report", "polars", len(report), site.rows("report", 10)[1] == report, "values"),
        ("Images", "Pillow", len(images), images <= kept, "every byte"),
    )
    return [Trip(label, by, rows, what if same else f"not {what}") for label, by, rows, same, what in found]


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _written(nodes: list[dict[str, Any]], number: int) -> str:
    """The tree below a node as Newick has it."""
    own = next(row for row in nodes if row["node"] == number)
    below = ",".join(_written(nodes, row["node"]) for row in nodes if row["parent"] == number)
    length = "" if own["length"] is None else f":{own['length']!r}"
    return f"{f'({below})' if below else ''}{own['name']}{length}"
