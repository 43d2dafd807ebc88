"""What a sent file seems to be, and what it would look like when it is read so."""

import gzip
import zipfile
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
import xlwt
import zstandard
from msgspec import structs

from domain.errors import Invalid
from domain.uploaded import Reading
from persistence.contents import sheets_of
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
        ("day,n\n2024-05-31,1\n,2\n", Reading(has_dates=True)),
        ("day,n\n2024-05-31,1\nsoon,2\n", Reading()),
        ("a,a\n1,2\n", Reading(has_header=False)),
        ('name,text\nx,"a, b; c; d"\ny,"e, f"\n', Reading()),
        ("only\nx\ny\n", Reading()),
        ("\N{BYTE ORDER MARK}site,n\nA,1\n", Reading()),
        (gzip.compress(PLAIN.encode()), Reading(null_values=("NA",))),
        (zstandard.compress(PLAIN.encode()), Reading(null_values=("NA",))),
        ("site,n\nK\N{LATIN SMALL LETTER O WITH DIAERESIS}ln,1\n".encode("latin1"), Reading(encoding="cp1252")),
        (b"site,n\nK\x81ln,1\n", Reading(encoding="iso8859-1")),
        (PLAIN.encode("utf-16"), Reading(encoding="utf-16", null_values=("NA",))),
        (PLAIN.encode("utf-16-le"), Reading(encoding="utf-16-le", null_values=("NA",))),
        (PLAIN.encode("utf-16-be"), Reading(encoding="utf-16-be", null_values=("NA",))),
    ],
    ids=[
        *(
            "commas",
            "tabs",
            "semicolons",
            "points too",
            "bars",
            "numbers",
            "days",
            "no days",
            "twice",
            "quotes",
            "one",
            "mark",
            "gzip",
        ),
        *("zstd", "windows", "latin", "utf-16", "utf-16 little", "utf-16 big"),
    ],
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
        "table.csv is called delimited text (.csv) but holds Parquet; give it its right name"
    ]


LINES = b'{"site": "A", "n": 1}\n{"site": "B", "n": 2}\n'
FRAME = pl.DataFrame({"site": ["A", "B"], "n": [1, 2]})


def content_of(kind: str) -> bytes:
    """The frame in a file of that kind."""
    file = BytesIO()
    match kind:
        case "jsonl":
            return LINES
        case "jsonl.zst":
            return zstandard.compress(LINES)
        case "xlsx":
            FRAME.write_excel(file)
        case "xls":
            book = xlwt.Workbook()
            sheet = book.add_sheet("Sites")
            for row, values in enumerate([FRAME.columns, *FRAME.rows()]):
                for column, value in enumerate(values):
                    sheet.write(row, column, value)
            book.save(file)
        case "feather":
            FRAME.write_ipc(file)
        case "parquet":
            FRAME.write_parquet(file)
    return file.getvalue()


KINDS = ("jsonl", "jsonl.zst", "xlsx", "xls", "feather", "parquet")


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_is_known_by_its_content(tmp_path: Path, kind: str) -> None:
    """Under a name that says nothing, and under its own; what is shown is what the file has."""
    path = written(tmp_path, content_of(kind), "f")
    reading = guessed(path, "anything")
    assert reading == guessed(path, f"f.{kind}") == Reading(format=kind.removesuffix(".zst"))  # type: ignore[arg-type]
    found = preview(path, reading.properties(), "f")
    assert [column.name for column in found.columns] == ["site", "n"]
    assert [(site, str(n).removesuffix(".0")) for site, n in found.rows] == [("A", "1"), ("B", "2")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_that_lies_is_refused(tmp_path: Path, kind: str) -> None:
    """Whichever two kinds they are; what the file holds is said."""
    path = written(tmp_path, content_of(kind), "f")
    for ending in ("csv", "jsonl", "xlsx", "parquet", "arrow"):
        if ending[:3] == kind[:3] or (ending, kind) == ("arrow", "feather"):
            continue
        with pytest.raises(Invalid) as refused:
            guessed(path, f"f.{ending}")
        assert "give it its right name" in refused.value.problems[0].message


def test_the_sheets_of_a_workbook_are_told(tmp_path: Path) -> None:
    """One of them is read: the first, or the one that is chosen."""
    book = xlwt.Workbook()
    for name, value in (("Sites", "A"), ("Runs", "B")):
        sheet = book.add_sheet(name)
        sheet.write(0, 0, "what")
        sheet.write(1, 0, value)
    path = tmp_path / "f"
    book.save(str(path))
    assert sheets_of(path, "f.xls") == ("Sites", "Runs")
    assert preview(path, Reading(format="xls").properties(), "f").rows == (("A",),)
    assert preview(path, Reading(format="xls", sheet="Runs").properties(), "f").rows == (("B",),)


def test_text_is_shown_in_the_encoding_that_is_chosen(tmp_path: Path) -> None:
    """One that it is not in is an error that names the line."""
    path = written(tmp_path, "n\tword\n1\t\N{HIRAGANA LETTER A}\n".encode("shift_jis"))
    reading = Reading(format="tsv", separator="\t", encoding="shift_jis")
    assert preview(path, reading.properties(), "f").rows == (("1", "\N{HIRAGANA LETTER A}"),)
    with pytest.raises(Invalid) as refused:
        preview(path, structs.replace(reading, encoding="euc_jp").properties(), "f")
    assert refused.value.problems[0].message == "is not euc_jp (line 2); choose another encoding"


def test_whole_lines_of_a_large_file_in_another_encoding_are_looked_at(tmp_path: Path) -> None:
    path = written(tmp_path, ("n,word\n" + "1,abcdefgh\n" * 60_000).encode("utf-16"))
    found = preview(path, Reading(encoding="utf-16").properties(), "f")
    assert (found.is_whole, found.columns[1].examples, found.columns[1].missing) == (False, ("abcdefgh",), 0)


def zipped(member: str) -> bytes:
    """An archive of one empty file, the same at any time."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo(member), "")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04rest", "is a damaged zip archive; send it again"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\x89PNG\r\n", "is a picture"),
        (b"\x7fELF\x02", "is a program"),
        (b"a,b\n1,\x00\x01\n", "is not a table: it holds bytes that no text has"),
        (b"a,b\n\xe4,\x01\n", "is not a table: it holds bytes that no text has"),
        (b"\x28\xb5\x2f\xfdbroken", "is a damaged zstd file; send it again"),
        (zipped("notes.txt"), "is a zip archive; unpack it and send the files in it"),
        (zipped("xl/workbook.xml"), "is no Excel workbook that can be read; save it as .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is no Excel workbook that can be read; save it as .xlsx"),
        (gzip.compress(b"PAR1", mtime=0), "holds a file that is compressed in itself; unpack it and send that one"),
        (
            b'[\n {"a": 1}]',
            'is JSON, but not one object a line; write it as lines such as {"sample": "A", "reads": 1}',
        ),
        (
            b"[&R] ((Adelie:0.1,Chinstrap:0.12):0.05,Gentoo:0.2);\n",
            "holds a tree (Newick), not a table; name it in a project file, by the type phylogeny",
        ),
        (
            b'{"type": "FeatureCollection", "features": []}',
            "holds boundaries (GeoJSON), not a table; name it in a project file, by the type geojson",
        ),
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


def test_days_and_times_are_read_as_such(tmp_path: Path) -> None:
    path = written(tmp_path, "day,at\n2024-05-31,2024-05-31T10:00:00\n2024-06-01,\n")
    found = preview(path, guessed(path, "f.csv").properties(), "f.csv")
    assert [column.dtype.partition("(")[0] for column in found.columns] == ["Date", "Datetime"]


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
