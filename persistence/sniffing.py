"""What a sent file seems to be: its kind by its content, of text the separator, the header and the decimal sign.

A guess for people to correct. What is no table at all is refused here, by name.
"""

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import polars as pl

from domain.description import TableProperties
from domain.reader_options import codec_of
from domain.uploaded import SEPARATORS, UTF_8, Reading
from domain.wording import tr
from persistence.contents import LOOKED_AT, content_of, first_bytes, refused
from persistence.encodings import decoded
from persistence.table_files import read_table

SAMPLE_LINES = 200
PREVIEW_ROWS = 20
EXAMPLES = 3
LINES = ("csv", "tsv", "jsonl")

NUMBER = re.compile(r"\s*[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?\s*")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$")
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
    content = content_of(path, name)
    if content.text is None:
        return Reading(format=content.format)
    if content.format == "jsonl":
        return Reading(format="jsonl", encoding=content.encoding)
    lines = [line for line in content.text.splitlines()[:SAMPLE_LINES] if line.strip()]
    if not lines:
        raise refused(name, tr("is empty"))
    separator = _separator(lines)
    rows = list(csv.reader(lines, delimiter=separator))
    return Reading(
        format="tsv" if separator == "\t" else "csv",
        separator=separator,
        has_header=_has_header(rows),
        decimal_comma=separator != "," and _has_decimal_commas(rows),
        has_dates=_has_dates(rows),
        null_values=_gaps(rows),
        encoding=content.encoding,
    )


def preview(path: Path, properties: TableProperties, name: str) -> Preview:
    """What the first rows look like when they are read so. Blocks.

    Raises:
        Invalid: as `table_files.read_table`.
    """
    is_whole = True
    if properties.format in LINES:
        with TemporaryDirectory() as folder:
            head = Path(folder, "head")
            is_whole = _write_head(path, head, str(properties.polars_kwargs.get("encoding", UTF_8)), name)
            frame = read_table(head, _in_utf_8(properties), name)
    else:
        frame = read_table(path, properties, name)
    shown = frame.head(PREVIEW_ROWS)
    texts = [[None if value is None else str(value) for value in column.to_list()] for column in shown.get_columns()]
    columns = tuple(
        PreviewColumn(column.name, _dtype(column.dtype), column.null_count(), _examples(column))
        for column in frame.get_columns()
    )
    return Preview(columns, tuple(zip(*texts, strict=True)), frame.height, is_whole)


def _write_head(path: Path, head: Path, encoding: str, name: str) -> bool:
    """Write the first whole lines as UTF-8; returns whether these are all."""
    content = first_bytes(path, LOOKED_AT + 1, name)
    is_whole = len(content) <= LOOKED_AT
    codec = codec_of(encoding) or UTF_8
    # What is not UTF-8 the reader names with its line; other encodings have to be left before it.
    text = content if codec == UTF_8 else decoded(content, codec, name, is_whole=is_whole).encode()
    # The last line may be cut in two: it is left out. One that is longer than all is read as it is.
    head.write_bytes(text if is_whole or b"\n" not in text else text[: text.rindex(b"\n") + 1])
    return is_whole


def _in_utf_8(properties: TableProperties) -> TableProperties:
    options = {key: value for key, value in properties.polars_kwargs.items() if key != "encoding"}
    return msgspec.structs.replace(properties, polars_kwargs=options)


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


def _has_dates(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a column holds days or times of ISO 8601, and nothing else."""
    columns = zip(*(row for row in rows[1:] if len(row) == len(rows[0])), strict=True)
    return any(
        fields and all(map(MOMENT.match, fields))
        for fields in ({one.strip() for one in column} - {""} for column in columns)
    )


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
