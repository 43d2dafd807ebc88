"""What a sent file seems to be: its kind by its content, of text the separator, the header and the decimal sign.

A guess for people to correct. What is no table at all is refused here, by name.
"""

import csv
import gzip
import re
import zlib
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import polars as pl

from domain.description import TableProperties
from domain.errors import Invalid, Problem
from domain.uploaded import SEPARATORS, Reading
from persistence.table_files import read_table
from persistence.text_tables import GZIP_MAGIC, opened

LOOKED_AT = 2**20
"""Bytes, uncompressed, of which a preview is made."""
SAMPLE_LINES = 200
PREVIEW_ROWS = 20
EXAMPLES = 3

PARQUET = b"PAR1"
NO_TABLES = {
    b"PK\x03\x04": "a zip archive; unpack it and send the files in it",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x7fELF": "a program",
    b"SQLite format 3": "an SQLite database; export its tables as CSV",
    b"\x89HDF": "an HDF5 file; export its tables as CSV or Parquet",
    b"ustar": "an archive; unpack it and send the files in it",
    b"BZh": "compressed with bzip2; compress it with gzip, or not at all",
    b"\xfd7zXZ": "compressed with xz; compress it with gzip, or not at all",
    b"\x28\xb5\x2f\xfd": "compressed with zstd; compress it with gzip, or not at all",
    b"\xff\xfe": "text in UTF-16; save it as UTF-8",
    b"\xfe\xff": "text in UTF-16; save it as UTF-8",
}
"""How files begin that are no tables, and what they are."""
TEXT_ENDINGS = (".csv", ".tsv", ".txt", ".tab")
NUMBER = re.compile(r"\s*[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?\s*")
WITH_COMMA = re.compile(r"\s*[-+]?\d*,\d+\s*")
WITH_POINT = re.compile(r"\s*[-+]?\d*\.\d+([eE][-+]?\d+)?\s*")
GAPS = ("NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "-", "?")


class PreviewColumn(msgspec.Struct, frozen=True):
    """A column as it would be read: `dtype` is the polars name of its type, `missing` of the rows looked at."""

    name: str
    dtype: str
    missing: int
    examples: tuple[str, ...]


class Preview(msgspec.Struct, frozen=True):
    """The first rows as text, and what all rows that were looked at say of the columns."""

    columns: tuple[PreviewColumn, ...]
    rows: tuple[tuple[str | None, ...], ...]
    looked_at: int
    is_whole: bool
    """Whether these are all rows of the file."""


def guessed(path: Path, name: str) -> Reading:
    """How the file seems to want to be read. Blocks.

    Raises:
        Invalid: when it is no table, or its name says that it is something else than it is.
    """
    begin = _begin(path, name)
    ending = name.lower().removesuffix(".gz")
    is_parquet = begin.startswith(PARQUET)
    if is_parquet and ending.endswith(TEXT_ENDINGS):
        raise _refused(name, "is called text but holds Parquet; give it its right name")
    if is_parquet:
        return Reading(format="parquet", separator=",")
    if ending.endswith(".parquet"):
        raise _refused(name, "is called Parquet but holds something else; give it its right name")
    text = _decoded(begin, name)
    lines = [line for line in text.splitlines()[:SAMPLE_LINES] if line.strip()]
    if not lines:
        raise _refused(name, "is empty")
    separator = _separator(lines)
    rows = list(csv.reader(lines, delimiter=separator))
    return Reading(
        format="tsv" if separator == "\t" else "csv",
        separator=separator,
        has_header=_has_header(rows),
        decimal_comma=separator != "," and _has_decimal_commas(rows),
        null_values=_gaps(rows),
    )


def preview(path: Path, properties: TableProperties, name: str) -> Preview:
    """What the first rows look like when they are read so. Blocks.

    Raises:
        Invalid: as `table_files.read_table`.
    """
    if properties.format == "parquet":
        frame, is_whole = read_table(path, properties, name), True
    else:
        with TemporaryDirectory() as folder, opened(path) as file:
            content = file.read(LOOKED_AT + 1)
            is_whole = len(content) <= LOOKED_AT
            # The last line may be cut in two: it is left out. One that is longer than all is read as it is.
            whole_lines = content if is_whole or b"\n" not in content else content[: content.rindex(b"\n") + 1]
            head = Path(folder, "head")
            head.write_bytes(whole_lines)
            frame = read_table(head, properties, name)
    shown = frame.head(PREVIEW_ROWS)
    texts = [[None if value is None else str(value) for value in column.to_list()] for column in shown.get_columns()]
    columns = tuple(
        PreviewColumn(column.name, _dtype(column.dtype), column.null_count(), _examples(column))
        for column in frame.get_columns()
    )
    return Preview(columns, tuple(zip(*texts, strict=True)), frame.height, is_whole)


def _begin(path: Path, name: str) -> bytes:
    with path.open("rb") as file:
        begin = file.read(LOOKED_AT)
    if begin.startswith(GZIP_MAGIC):
        try:
            with gzip.open(path, "rb") as packed:
                begin = packed.read(LOOKED_AT)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise _refused(name, "is a damaged gzip file; send it again") from None
    for magic, kind in NO_TABLES.items():
        if begin.startswith(magic) or (magic == b"ustar" and begin[257:262] == magic):
            raise _refused(name, f"is {kind}")
    return begin


def _decoded(begin: bytes, name: str) -> str:
    if b"\0" in begin:
        raise _refused(name, "is not a table: it holds bytes that no text has")
    # A character may be cut in two at the end of what was looked at.
    text = (
        begin.decode("utf-8", "replace").removesuffix("\N{REPLACEMENT CHARACTER}").removeprefix("\N{BYTE ORDER MARK}")
    )
    if "\N{REPLACEMENT CHARACTER}" in text:
        line = text[: text.index("\N{REPLACEMENT CHARACTER}")].count("\n") + 1
        raise _refused(name, f"is not UTF-8 text (line {line}); convert it, for example with: iconv -f latin1 -t utf8")
    return text


def _separator(lines: Sequence[str]) -> str:
    """The one that parts all lines into equally many fields, of several the one with most."""

    def score(separator: str) -> tuple[float, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=separator)]
        width = max(set(widths), key=widths.count)
        return (widths.count(width) / len(widths) if width > 1 else 0.0, width)

    best = max(SEPARATORS, key=score)
    return best if score(best)[0] > 0 else ","


def _has_header(rows: Sequence[Sequence[str]]) -> bool:
    """A first row of names: no number among them, unless the whole file has none, and none twice."""
    first = [field.strip() for field in rows[0]]
    return len(set(first)) == len(first) and not any(NUMBER.fullmatch(field) for field in first)


def _has_decimal_commas(rows: Sequence[Sequence[str]]) -> bool:
    fields = [field for row in rows[1:] for field in row]
    return any(map(WITH_COMMA.fullmatch, fields)) and not any(map(WITH_POINT.fullmatch, fields))


def _gaps(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The words for missing values: those that stand in columns of numbers."""
    found: set[str] = set()
    for column in zip(*(row for row in rows[1:] if len(row) == len(rows[0])), strict=True):
        fields = {field.strip() for field in column} - {""}
        words = {field for field in fields if not NUMBER.fullmatch(field)}
        if words and words <= set(GAPS) and words != fields:
            found |= words
    return tuple(sorted(found))


def _examples(column: pl.Series) -> tuple[str, ...]:
    values = column.drop_nulls().unique(maintain_order=True).head(EXAMPLES).to_list()
    return tuple(str(value) for value in values)


def _dtype(dtype: pl.DataType) -> str:
    return "String" if dtype == pl.Null else str(dtype)


def _refused(name: str, reason: str) -> Invalid:
    return Invalid("The file cannot be taken.", (Problem("file", f"{name} {reason}"),))
