"""What a sent file seems to be, and what it would look like when it is read so."""

import gzip
from pathlib import Path

import polars as pl
import pytest

from domain.errors import Invalid
from domain.uploaded import Reading
from persistence.sniffing import PreviewColumn, guessed, preview

PLAIN = "site,reads,ph\nA,1,7.5\nB,2,NA\n"


def written(folder: Path, content: str | bytes, name: str = "f.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("content", "reading"),
    [
        (PLAIN, Reading(null_values=("NA",))),
        (PLAIN.replace(",", "\t"), Reading(format="tsv", separator="\t", null_values=("NA",))),
        ("site;ph\nA;7,5\nB;8,25\n", Reading(separator=";", decimal_comma=True)),
        ("site;ph\nA;7.5\nB;8,25\n", Reading(separator=";")),
        ("site|ph\nA|7\n", Reading(separator="|")),
        ("1,2\n3,4\n", Reading(has_header=False)),
        ("a,a\n1,2\n", Reading(has_header=False)),
        ('name,text\nx,"a, b; c; d"\ny,"e, f"\n', Reading()),
        ("only\nx\ny\n", Reading()),
        ("\N{BYTE ORDER MARK}site,n\nA,1\n", Reading()),
        (gzip.compress(PLAIN.encode()), Reading(null_values=("NA",))),
    ],
    ids=["commas", "tabs", "semicolons", "points too", "bars", "numbers", "twice", "quotes", "one", "mark", "gzip"],
)
def test_the_way_of_reading_is_guessed(tmp_path: Path, content: str | bytes, reading: Reading) -> None:
    assert guessed(written(tmp_path, content), "f.csv") == reading


def test_parquet_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "f"
    pl.DataFrame({"n": [1, 2]}).write_parquet(path)
    assert guessed(path, "anything") == Reading(format="parquet", separator=",")
    with pytest.raises(Invalid) as lie:
        guessed(path, "table.csv")
    assert [problem.message for problem in lie.value.problems] == [
        "table.csv is called text but holds Parquet; give it its right name"
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04rest", "is a zip archive; unpack it and send the files in it"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\x89PNG\r\n", "is a picture"),
        (b"\x7fELF\x02", "is a program"),
        (b"a,b\n1,\x00\x01\n", "is not a table: it holds bytes that no text has"),
        (
            "a,b\nä,1\n".encode("latin1"),
            "is not UTF-8 text (line 2); convert it, for example with: iconv -f latin1 -t utf8",
        ),
        ("a,b\n1,2\n".encode("utf-16"), "is text in UTF-16; save it as UTF-8"),
        (b"\x1f\x8b\x08broken", "is a damaged gzip file; send it again"),
        (b"", "is empty"),
        (b"\n \n", "is empty"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_by_name(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        guessed(written(tmp_path, content), "f.csv")
    assert [problem.message for problem in refused.value.problems] == [f"f.csv {reason}"]


def test_text_that_is_called_parquet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be taken"):
        guessed(written(tmp_path, PLAIN), "table.parquet")


def test_the_first_rows_are_shown_as_they_would_be_read(tmp_path: Path) -> None:
    """Types, missing values and examples are those of all rows that were looked at."""
    path = written(tmp_path, PLAIN)
    found = preview(path, guessed(path, "f.csv").properties(), "f.csv")
    assert found.columns == (
        PreviewColumn("site", "String", 0, ("A", "B")),
        PreviewColumn("reads", "Int64", 0, ("1", "2")),
        PreviewColumn("ph", "Float64", 1, ("7.5",)),
    )
    assert found.rows == (("A", "1", "7.5"), ("B", "2", None))
    assert (found.looked_at, found.is_whole) == (2, True)


def test_of_a_large_file_whole_lines_are_looked_at(tmp_path: Path) -> None:
    """What is said of the columns is said of so many rows."""
    path = written(tmp_path, "n,word\n" + "".join(f"{number},{'x' * 90}\n" for number in range(20_000)))
    found = preview(path, Reading().properties(), "f.csv")
    assert not found.is_whole
    assert 10_000 < found.looked_at < 20_000
    assert [column.dtype for column in found.columns] == ["Int64", "String"]
    assert len(found.rows) == 20


def test_what_does_not_fit_says_where(tmp_path: Path) -> None:
    path = written(tmp_path, "n\n1\nx\n")
    with pytest.raises(Invalid) as refused:
        preview(path, Reading(types={"n": "Int64"}).properties(), "f.csv")
    assert refused.value.problems[0].message.startswith("has the value 'x' in the column 'n'")
