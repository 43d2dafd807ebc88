"""Large files pass into the table while they are read; what comes of it is what plain polars reads of them."""

import gzip
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from domain.description import TableProperties
from domain.ingests import Outcome
from persistence.objects import ObjectStore
from persistence.passing import PASSED_FROM, passed
from persistence.text_tables import has_whole_rows
from tests.ingest.lab import Laboratories, Laboratory, project, table

FILLER = "f" * 200
ROWS = PASSED_FROM // len(FILLER) + 1_000


def large(run: int, **columns: pl.Expr) -> pl.DataFrame:
    """So many rows that their file is large; `always` is never missing, and last."""
    number = pl.int_range(ROWS)
    frame = pl.select(number.alias("number"), **columns)
    return frame.with_columns(pl.lit(FILLER).alias("filler"), (pl.col("number") * 3 + run).alias("always"))


def written(path: Path, frame: pl.DataFrame) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_csv(path)
    assert path.stat().st_size >= PASSED_FROM
    return path


def plain(files: list[Path], runs: Path) -> pl.DataFrame:
    """What polars alone reads of the files, one below the other, each row with its run and its file."""
    frames = []
    for path in files:
        below = path.relative_to(runs)
        frame = pl.read_csv(path, infer_schema_length=None)
        empty = [name for name in frame.columns if frame[name].null_count() == frame.height]
        named = frame.with_columns(pl.col(empty).cast(pl.Null) if empty else [])
        frames.append(named.with_columns(depictio_run_id=pl.lit(below.parts[0]), depictio_file=pl.lit(str(below))))
    stacked = pl.concat(frames, how="diagonal_relaxed")
    untyped = [name for name, dtype in stacked.schema.items() if dtype == pl.Null]
    last = [name for name in stacked.columns if name.startswith("depictio_")]
    return stacked.with_columns(pl.col(untyped).cast(pl.String) if untyped else []).select(pl.exclude(last), *last)


def parts_of(lab: Laboratory, path: str) -> list[Path]:
    return sorted(Path(lab.tables.location(path).uri).glob("part-*"))


LATE = 20_000
"""More rows than say what the types are."""
WHOLE = pl.int_range(ROWS).alias("value")
SHAPES: dict[str, list[pl.Expr | None]] = {
    "the same columns": [WHOLE, WHOLE],
    "whole numbers that widen": [WHOLE, WHOLE / 7],
    "a fraction in the very last row": [WHOLE, pl.when(pl.int_range(ROWS) < ROWS - 1).then(1.0).otherwise(1.5)],
    "a column that one file lacks": [WHOLE, None],
    "a column without values": [WHOLE, pl.lit(None, pl.Int64)],
    "text": [pl.int_range(ROWS).cast(pl.String) + "é", pl.lit("x,y")],
    "booleans": [(WHOLE % 2 == 0), (WHOLE % 3 == 0)],
    "missing values": [pl.when(WHOLE % 5 > 0).then(WHOLE), pl.when(WHOLE % 7 > 0).then(WHOLE / 3)],
    "fractions below whole numbers": [pl.when(WHOLE < LATE).then(WHOLE).otherwise(WHOLE / 7).cast(pl.String), WHOLE],
    "values below a gap": [pl.when(WHOLE > LATE).then(WHOLE / 7), pl.when(WHOLE > LATE).then(WHOLE)],
    "the same value at first": [pl.when(WHOLE > LATE).then(WHOLE / 7).otherwise(0), pl.lit(0)],
    "no numbers": [WHOLE / 0, (WHOLE - 5) / 0],
}


@pytest.mark.parametrize("shape", SHAPES)
async def test_a_table_of_large_files_is_what_plain_polars_reads(lab: Laboratory, shape: str) -> None:
    """Every value, every type, and the rows in the order of the files; a small file lies between the large ones."""
    lab.describe(project(table()))
    runs = lab.folder / "runs"
    values = zip((1, 3), SHAPES[shape], strict=True)
    frames = {run: large(run) if value is None else large(run, value=value) for run, value in values}
    files = [written(runs / f"run_{run}" / "a.csv", frame) for run, frame in frames.items()]
    small = lab.write("run_2/a.csv", f"number,filler,always\n1,{FILLER},2\n")
    report = (await lab.ingest())["table"]
    assert (report.outcome, report.problems) == (Outcome.UPDATED, ())
    expected = plain([files[0], small, files[1]], runs)
    found = await lab.frame()
    assert dict(found.schema) == dict(expected.schema)
    assert found.select(expected.columns).equals(expected)
    collection = await lab.collection()
    assert len(parts_of(lab, collection.table_path)) == 3
    assert list((lab.folder.parent / "spool" / "rows").iterdir()) == []


async def test_rows_are_appended_and_replaced_on_every_storage(
    laboratories: Laboratories, storage: ObjectStore
) -> None:
    """New files, files that changed and files that are gone: each time the table is that of the files."""
    lab = laboratories(storage)
    lab.describe(project(table()))
    runs = lab.folder / "runs"
    files = [written(runs / "run_1" / "a.csv", large(1))]
    await lab.ingest()
    assert (await lab.frame()).equals(plain(files, runs))
    files.append(written(runs / "run_2" / "a.csv", large(2)))
    assert (await lab.ingest())["table"].table_version == 1
    assert_same_rows(await lab.frame(), plain(files, runs))
    written(files[0], large(7))
    assert (await lab.ingest())["table"].changed == 1
    assert_same_rows(await lab.frame(), plain(files, runs))
    for number, path in enumerate(files):
        written(path, large(10 + number))
    assert (await lab.ingest())["table"].changed == 2
    assert_same_rows(await lab.frame(), plain(files, runs))
    collection = await lab.collection()
    old = lab.tables.scan(collection.table_path, 0).collect()
    assert old["always"].to_list() == large(1)["always"].to_list()


@pytest.mark.parametrize("more", [{}, {"gained": pl.lit(1)}], ids=["changed rows", "a new column"])
async def test_rows_that_replace_others_keep_their_order(lab: Laboratory, more: dict[str, pl.Expr]) -> None:
    """Delta's own writer, which works on several batches at once, must not deal out the rows of one file."""
    lab.describe(project(table()))
    runs = lab.folder / "runs"
    numbers = pl.int_range(3_000_000, eager=True).alias("number").to_frame()
    columns = [(pl.col("number") * factor).alias(f"times_{factor}") for factor in range(2, 6)]
    files = [
        written(runs / f"run_{run}" / "a.csv", numbers.with_columns(*columns, changed=pl.lit(1))) for run in (1, 2)
    ]
    await lab.ingest()
    written(files[0], numbers.with_columns(*columns, changed=pl.lit(2), **more))
    lab.write("run_3/a.csv", "number\n-1\n")
    assert (await lab.ingest())["table"].outcome is Outcome.UPDATED
    found = (await lab.frame()).filter(pl.col("number") >= 0)
    for run in (1, 2):
        rows = found.filter(depictio_run_id=f"run_{run}")
        assert rows["number"].to_list() == numbers["number"].to_list()


def assert_same_rows(found: pl.DataFrame, expected: pl.DataFrame) -> None:
    """The rows of each file in their order; the order of the files is that of the commits."""
    assert found.sort("depictio_file", maintain_order=True).equals(expected.select(found.columns))


async def test_captures_and_kept_columns(lab: Laboratory) -> None:
    """Columns that the ingest adds are there, those that are not wanted are left out, also of types no table keeps."""
    pattern = {"pattern": "{sample}.csv", "wildcards": [{"name": "sample", "wildcard_regex": "[A-Z]+"}]}
    described = table(keep_columns=["always", "sample"])
    described["config"]["scan"]["scan_parameters"]["regex_config"] = pattern
    lab.describe(project(described))
    written(lab.folder / "runs" / "run_1" / "AB.csv", large(1))
    await lab.ingest()
    found = await lab.frame()
    assert found.columns == ["always", "sample", "depictio_run_id", "depictio_file"]
    assert found["sample"].unique().to_list() == ["AB"]
    assert found["always"].to_list() == large(1)["always"].to_list()


async def test_types_that_were_asked_for(lab: Laboratory) -> None:
    """`schema_overrides` decides, also against what the first rows look like."""
    lab.describe(project(table(schema_overrides={"number": "string", "always": "float64"})))
    written(lab.folder / "runs" / "run_1" / "a.csv", large(1))
    await lab.ingest()
    found = await lab.frame()
    assert [found.schema[name] for name in ("number", "always")] == [pl.String, pl.Float64]
    assert found["number"].to_list() == [str(number) for number in range(ROWS)]


def text(last: str) -> str:
    return "a,filler,b\n" + f"1,{FILLER},2\n" * ROWS + last


FAULTS: dict[str, tuple[str, str]] = {
    "a field too many": ("1,2,3,4\n", f"has 4 fields instead of 3 in line {ROWS + 2}"),
    "a field too few": ("1,2\n", f"has 2 fields instead of 3 in line {ROWS + 2}"),
    "types clash": ("one,x,2\n", "the column 'a' is String here and Int64 in run_1/a.csv"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_at_the_end_of_a_large_file_is_named(lab: Laboratory, fault: str) -> None:
    """File, line and remedy as of a small file; the table stays as it was, and nothing is left behind."""
    lab.describe(project(table()))
    lab.write("run_1/a.csv", "a,filler,b\n1,x,2\n")
    await lab.ingest()
    before = await lab.frame()
    last, message = FAULTS[fault]
    lab.write("run_2/a.csv", text(last))
    report = (await lab.ingest())["table"]
    assert report.outcome is Outcome.FAILED
    assert [message in problem.message for problem in report.problems] == [True]
    assert (await lab.frame()).equals(before)
    assert len(parts_of(lab, (await lab.collection()).table_path)) == 1


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (text("\n1,x,2\n\n"), ROWS + 1),
        (text(f"1,x,\n1,{FILLER},2\n"), ROWS + 2),
        (gzip.compress(text("1,x,2\n").encode(), 1), ROWS + 1),
    ],
    ids=["blank lines", "a last value that is missing", "gzip"],
)
async def test_what_needs_a_second_look(lab: Laboratory, content: str | bytes, rows: int) -> None:
    """Blank lines are no rows, missing values are, and compressed text is read like any other."""
    lab.describe(project(table()))
    lab.write("run_1/a.csv", content)
    report = (await lab.ingest())["table"]
    assert (report.outcome, report.rows) == (Outcome.UPDATED, rows)
    assert (await lab.frame()).height == rows


async def test_a_reserved_column_of_a_large_file_is_named(lab: Laboratory) -> None:
    lab.describe(project(table()))
    written(lab.folder / "runs" / "run_1" / "a.csv", large(1, depictio_file=pl.lit("mine")))
    (problem,) = (await lab.ingest())["table"].problems
    assert "has the column 'depictio_file' already" in problem.message


@pytest.mark.parametrize("change", [lambda frame: frame, lambda frame: frame.cast({"number": pl.UInt32})])
async def test_large_parquet_files(lab: Laboratory, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    """Their own types are kept, or those that a table keeps instead; the rows are in their order."""
    lab.describe(project(table(pattern=r".*\.parquet", format="parquet")))
    noise = pl.int_range(ROWS * 40).hash(1).cast(pl.Float64).alias("noise")
    frame = change(pl.select(noise).with_row_index("number").cast({"number": pl.Int64}))
    path = lab.folder / "runs" / "run_1" / "a.parquet"
    path.parent.mkdir(parents=True)
    frame.write_parquet(path)
    assert path.stat().st_size >= PASSED_FROM
    await lab.ingest()
    found = await lab.frame()
    assert found.schema["number"] == pl.Int64
    assert found.select("number", "noise").equals(frame.cast({"number": pl.Int64}).select("number", "noise"))


@pytest.mark.parametrize(
    ("last", "options", "whole"),
    [
        ("1,x,\n", {}, True),
        ("1,x,\r\n1,x,2\r\n", {}, True),
        ("1,x,", {}, True),
        ("1,x\n", {}, False),
        ("\n1,x,2\n", {}, False),
        ("1,x\n1,x,\n", {}, False),
        ('1,"x,",\n', {}, False),
        ('1,"x",\n', {"quote_char": None}, True),
        ("#1,2\n1,x,\n", {"comment_prefix": "#"}, False),
    ],
)
def test_rows_are_known_to_be_whole(last: str, options: dict[str, Any], whole: bool, tmp_path: Path) -> None:
    """By counting separators; never where a row is too short, and not where quotes or comments spoil the count."""
    path = tmp_path / "a.csv"
    path.write_text("a,b,c\n1,x,2\n" + last, newline="")
    frame = pl.read_csv(path, **options)
    assert has_whole_rows(path, options, frame.width, frame.height) is whole


async def test_a_large_file_whose_last_values_are_missing_passes(lab: Laboratory) -> None:
    """Nothing but its short rows would need it in memory, and it has none."""
    path = lab.folder / "a.csv"
    frame = large(1).with_columns(last=pl.when(pl.col("number") % 3 > 0).then("number"))
    made = passed(written(path, frame), TableProperties(format="csv"), {"depictio_file": "a"}, lab.folder / "into")
    assert made is not None
    assert pl.read_parquet(made.path).select(frame.columns).equals(frame.cast({"always": pl.Int64}))
    assert made.types["last"] == "Int64"
    with path.open("a") as file:
        file.write("1,2\n")
    assert passed(path, TableProperties(format="csv"), {"depictio_file": "a"}, lab.folder / "into") is None


MEASURED = """
import sys
import threading
from pathlib import Path
from domain.description import TableProperties
from persistence.passing import passed
most, ended = 0, threading.Event()
def look():
    global most
    while not ended.wait(0.02):
        # Pages of the file itself are not counted: they are let go when others need the room.
        most = max(most, int(Path("/proc/self/status").read_text().split("RssAnon:")[1].split()[0]) // 1024)
looking = threading.Thread(target=look)
looking.start()
assert passed(Path(sys.argv[1]), TableProperties(format="csv"), {"depictio_file": "a"}, Path(sys.argv[2])) is not None
ended.set()
looking.join()
print(most)
"""


@pytest.mark.parametrize("first", ["1234.5678", "1"])
def test_memory_does_not_grow_with_the_file(first: str, tmp_path: Path) -> None:
    """Above what the reader has under way, 256 MiB more need less than half of that, whatever the first rows say."""
    line = ",".join(["1234.5678"] * 20) + "\n"
    head = ",".join(f"c{number}" for number in range(20)) + "\n" + (",".join([first] * 20) + "\n") * LATE
    peaks = []
    for mebibytes in (192, 448):
        path = tmp_path / "a.csv"
        with path.open("w") as file:
            file.write(head)
            for _ in range(mebibytes):
                file.write(line * (2**20 // len(line)))
        made = subprocess.run(
            [sys.executable, "-c", MEASURED, path, tmp_path / "into"], check=True, capture_output=True, text=True
        )
        peaks.append(int(made.stdout))
    assert peaks[1] < peaks[0] + 128, peaks
