"""Rows of a delimited text file as they stand in it: what polars passes over in silence or reports without a place."""

import csv
import gzip
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

csv.field_size_limit(sys.maxsize)

CHUNK = 2**17
"""Bytes looked at in one go: few enough that they stay in the processor's cache while they are."""

GZIP_MAGIC = b"\x1f\x8b"


class Row:
    """A row with the number of the line where it ends, counted from 1."""

    __slots__ = ("fields", "line")

    def __init__(self, fields: list[str], line: int) -> None:
        self.fields = fields
        self.line = line


def data_rows(path: Path, options: Mapping[str, Any]) -> Iterator[Row]:
    """The rows below the header, by the same options as polars' reader; a blank line is a row without fields."""
    number = 0

    def lines(file: IO[bytes]) -> Iterator[str]:
        nonlocal number
        comment = (options.get("comment_prefix") or "").encode()
        for number, line in enumerate(file, 1):  # noqa: B007 -- the number is read by the loop below.
            if not (comment and line.startswith(comment)):
                yield line.decode("utf-8", "replace")

    with opened(path) as file:
        rows = csv.reader(lines(file), **_dialect(options))
        skip = int(options.get("skip_rows", 0))
        below = int(options.get("has_header", True)) * (1 + int(options.get("skip_rows_after_header", 0)))
        started = False
        for fields in rows:
            if skip > 0:
                skip -= 1
            elif not started and not fields:
                continue  # Blank lines before the header are no rows for polars either.
            elif below > 0:
                started = True
                below -= 1
            else:
                started = True
                yield Row(fields, number)


def has_whole_rows(path: Path, options: Mapping[str, Any], width: int, rows: int) -> bool:
    """Whether each of the `rows` that polars found below the header has all of `width` fields. Blocks.

    No row has more, or polars would have refused the file: then as many separators as all rows together can have are
    there only when none is too short. False also where counting does not tell, because of quotes or of lines that are
    no rows.
    """
    separator, quote = options.get("separator", ","), options.get("quote_char", '"')
    if any(options.get(name) for name in ("skip_rows", "skip_rows_after_header", "comment_prefix")):
        return False
    found = 0
    with opened(path) as file:
        while chunk := file.read(CHUNK):
            if quote and quote.encode() in chunk:
                return False
            found += int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == ord(separator)))
    return found == (width - 1) * (rows + int(options.get("has_header", True)))


def undecodable_line(path: Path) -> int | None:
    """The number of the first line that is not UTF-8."""
    with opened(path) as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return None


def opened(path: Path) -> IO[bytes]:
    """The file's bytes, decompressed when they are gzip's."""
    with path.open("rb") as file:
        is_gzip = file.read(2) == GZIP_MAGIC
    return cast("IO[bytes]", gzip.open(path, "rb")) if is_gzip else path.open("rb")


def _dialect(options: Mapping[str, Any]) -> dict[str, Any]:
    quote = options.get("quote_char", '"')
    dialect: dict[str, Any] = {"delimiter": options.get("separator", ","), "quotechar": quote}
    return dialect if quote else dialect | {"quoting": csv.QUOTE_NONE}
