"""Every format that files may have: the table holds what plain polars reads of the same file."""

import gzip
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlwt
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.description import TableProperties
from domain.errors import Invalid
from domain.ingests import Outcome
from persistence.plain_text import plain
from persistence.table_files import read_table
from tests.ingest.lab import Laboratory, project, table

ROWS = pl.DataFrame(
    {
        "sample": ["CS1", "CS2", "Ærø, 3"],
        "reads": [10, 2**40, None],
        "share": [0.25, None, -1e-9],
        "kept": [True, False, None],
        "day": [date(2024, 2, 29), None, date(1999, 12, 31)],
    }
)
TEXT = ROWS.with_columns(pl.col("day").cast(pl.String))


def xls(frame: pl.DataFrame, path: Path, sheets: tuple[str, ...] = ("data",)) -> None:
    """An Excel 97 workbook with the frame in its last sheet, written by xlwt."""
    book = xlwt.Workbook()
    dated = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for name in sheets:
        sheet = book.add_sheet(name)
    for column, series in enumerate(frame):
        sheet.write(0, column, series.name)
        for row, value in enumerate(series, 1):
            if value is not None:
                sheet.write(row, column, value, *([dated] if isinstance(value, date) else []))
    book.save(path)


def compressed(pack: Callable[[bytes], bytes], separator: str) -> Callable[[pl.DataFrame, Path], object]:
    return lambda frame, path: path.write_bytes(pack(frame.write_csv(separator=separator).encode()))


def zst(content: bytes) -> bytes:
    """Two frames, as `zstd` makes of large files in parts."""
    half = len(content) // 2
    return b"".join(zstandard.ZstdCompressor().compress(part) for part in (content[:half], content[half:]))


def lines(frame: pl.DataFrame) -> bytes:
    return "".join(json.dumps(row, default=str, ensure_ascii=False) + "\n" for row in frame.to_dicts()).encode()


Writer = Callable[[pl.DataFrame, Path], object]
CASES: dict[str, tuple[str, Writer, pl.DataFrame]] = {
    "a.csv": ("csv", lambda frame, path: frame.write_csv(path), TEXT),
    "a.csv.gz": ("CSV", compressed(gzip.compress, ","), TEXT),
    "a.csv.zst": ("csv", compressed(zst, ","), TEXT),
    "a.tsv": ("tsv", lambda frame, path: frame.write_csv(path, separator="\t"), TEXT),
    "a.tsv.gz": ("tsv", compressed(gzip.compress, "\t"), TEXT),
    "a.tsv.zst": ("TSV", compressed(zst, "\t"), TEXT),
    "a.parquet": ("parquet", lambda frame, path: frame.write_parquet(path), ROWS),
    "a.feather": ("Feather", lambda frame, path: frame.write_ipc(path, compression="lz4"), ROWS),
    "a.arrow": ("arrow", lambda frame, path: frame.write_ipc(path, compression="zstd"), ROWS),
    "a.jsonl": ("jsonl", lambda frame, path: path.write_bytes(lines(frame)), TEXT),
    "a.jsonl.gz": ("jsonl", lambda frame, path: path.write_bytes(gzip.compress(lines(frame))), TEXT),
    "a.jsonl.zst": ("jsonl", lambda frame, path: path.write_bytes(zst(lines(frame))), TEXT),
    "a.xlsx": ("XLSX", lambda frame, path: frame.write_excel(path), ROWS),
    "a.xls": ("xls", xls, ROWS),
}


async def ingested(lab: Laboratory, name: str, **properties: Any) -> pl.DataFrame:
    """The table that a collection of the file alone has."""
    lab.describe(project(table(pattern=name.replace(".", r"\."), **properties)))
    report = (await lab.ingest())["table"]
    assert (report.outcome, report.problems) == (Outcome.UPDATED, ())
    return (await lab.frame()).drop("depictio_run_id", "depictio_file")


async def refused(lab: Laboratory, name: str, **properties: Any) -> str:
    """What is said of a file that cannot be read."""
    lab.describe(project(table(pattern=name.replace(".", r"\."), **properties)))
    report = (await lab.ingest())["table"]
    assert report.outcome is Outcome.FAILED
    (problem,) = report.problems
    assert problem.place == f"run_1/{name}"
    return problem.message


@pytest.mark.parametrize("name", CASES)
async def test_a_table_holds_what_the_file_holds(lab: Laboratory, name: str) -> None:
    """Values, missing values, types and the order of rows."""
    file_format, write, expected = CASES[name]
    write(ROWS, lab.write(f"run_1/{name}", ""))
    found = await ingested(lab, name, format=file_format)
    assert found.schema == expected.schema
    assert found.equals(expected)


@pytest.mark.parametrize("encoding", ["latin1", "windows-1252", "UTF-16", "utf-8"])
async def test_text_in_another_encoding_is_read(lab: Laboratory, encoding: str) -> None:
    content = "sample;share\nÆrø;0,5\nZoë;1,25\n"
    lab.write("run_1/a.csv", content.encode(encoding))
    options = {"separator": ";", "decimal_comma": True, "encoding": encoding}
    found = await ingested(lab, "a.csv", polars_kwargs=options)
    assert found.equals(pl.DataFrame({"sample": ["Ærø", "Zoë"], "share": [0.5, 1.25]}))


async def test_a_large_file_in_another_encoding_is_passed_through(lab: Laboratory) -> None:
    """It is decoded piece by piece, whatever stands at the borders of the pieces."""
    rows = pl.DataFrame({"number": range(300_000), "name": ["Ærø äöü ß"] * 300_000})
    lab.write("run_1/a.csv", rows.write_csv().encode("utf-16"))
    found = await ingested(lab, "a.csv", polars_kwargs={"encoding": "utf-16"})
    assert found.equals(rows)


async def test_dates_are_recognised_where_asked_for(lab: Laboratory) -> None:
    lab.write("run_1/a.csv", "day,at\n2024-02-29,2024-02-29T12:30:00\n,\n")
    found = await ingested(lab, "a.csv", polars_kwargs={"try_parse_dates": True})
    assert found.to_dicts() == [
        {"day": date(2024, 2, 29), "at": datetime(2024, 2, 29, 12, 30)},  # noqa: DTZ001 -- the file has no zone.
        {"day": None, "at": None},
    ]


@pytest.mark.parametrize("file", ["a.xls", "a.xlsx"])
@pytest.mark.parametrize("choice", [{"sheet_name": "Second"}, {"sheet_id": 2}])
async def test_the_sheet_can_be_chosen(lab: Laboratory, file: str, choice: dict[str, Any]) -> None:
    path = lab.write(f"run_1/{file}", "")
    if file == "a.xls":
        xls(ROWS, path, ("First", "Second"))
    else:
        import xlsxwriter  # noqa: PLC0415 -- only here: polars writes one sheet a book.

        with xlsxwriter.Workbook(path) as book:
            book.add_worksheet("First")
            ROWS.write_excel(book, worksheet="Second")
    found = await ingested(lab, file, format=file.partition(".")[2], polars_kwargs=choice)
    assert found.equals(ROWS)


async def test_a_workbook_says_which_sheets_it_has(lab: Laboratory) -> None:
    ROWS.write_excel(lab.write("run_1/a.xlsx", ""), worksheet="Only")
    message = await refused(lab, "a.xlsx", format="xlsx", polars_kwargs={"sheet_name": "Other"})
    assert message == "has no sheet 'Other'; it has Only"
    message = await refused(lab, "a.xlsx", format="xlsx", polars_kwargs={"sheet_id": 3})
    assert message == "has no sheet 3; it has 1: Only"


async def test_headings_of_a_sheet_are_distinct(lab: Laboratory) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("data")
    for column in (0, 1):
        sheet.write(0, column, "x")
        sheet.write(1, column, column)
    book.save(lab.write("run_1/a.xls", ""))
    assert await refused(lab, "a.xls", format="xls") == "has two columns named 'x'; rename one of them"


BAD: dict[str, tuple[str, bytes, str]] = {
    "feather": ("a.feather", b"not arrow", "is not a readable Feather file"),
    "arrow": ("a.arrow", b"ARROW1\0\0cut", "is not a readable Arrow file"),
    "workbook": ("a.xlsx", b"PK\x03\x04cut", "cannot be read as an Excel workbook"),
    "old workbook": ("a.xls", b"sample,reads\n", "cannot be read as an Excel workbook"),
    "line of a list": ("a.jsonl", b'{"x": 1}\n[2]\n', "has no JSON object in line 2"),
    "line that is cut": ("a.jsonl", b'{"x": 1}\n\n{"x": 2', "has no JSON object in line 3"),
    "zstd that is cut": ("a.csv", zst(b"x,y\n1,2\n" * 9)[:-9], "is damaged"),
}


@pytest.mark.parametrize("case", BAD)
async def test_what_is_no_such_file_is_refused(lab: Laboratory, case: str) -> None:
    name, content, message = BAD[case]
    lab.write(f"run_1/{name}", content)
    assert message in await refused(lab, name, format=name.partition(".")[2])


async def test_bytes_that_are_not_of_the_encoding_are_named_by_line(lab: Laboratory) -> None:
    lab.write("run_1/a.csv", b"x,y\n1,2\n3,\x81\n")
    message = await refused(lab, "a.csv", polars_kwargs={"encoding": "cp1252"})
    assert message == "is not cp1252 (line 3); give its encoding in polars_kwargs"


VALUES = st.one_of(
    st.lists(st.integers(-(2**53), 2**53) | st.none(), min_size=1, max_size=8),
    st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.none(), min_size=1, max_size=8),
    st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1) | st.none(), max_size=8),
    st.lists(st.booleans() | st.none(), min_size=1, max_size=8),
)


@settings(max_examples=60, deadline=None)
@given(values=VALUES, file_format=st.sampled_from(["parquet", "feather", "arrow", "jsonl"]))
def test_any_values_come_back_as_plain_polars_reads_them(
    tmp_path_factory: pytest.TempPathFactory, values: list[Any], file_format: Any
) -> None:
    """Columns without a value are of the type Null; everything else is what polars says."""
    path = tmp_path_factory.mktemp("any") / "a"
    frame = pl.DataFrame({"key": range(len(values)), "value": values}, strict=False)
    properties = TableProperties(format=file_format)
    if file_format == "jsonl":
        frame.write_ndjson(path)
        if not values:
            with pytest.raises(Invalid, match="cannot be read"):
                read_table(path, properties, "a")
            return
        expected = pl.read_ndjson(path, infer_schema_length=None)
    else:
        (frame.write_parquet if file_format == "parquet" else frame.write_ipc)(path)
        expected = frame
    with plain(path, properties, "a", path.with_suffix(".plain")) as text:
        assert read_table(text, properties, "a").equals(expected)
