"""How many rows a large file has, before it is read: exactly where the file says so, else judged by how it begins."""

from pathlib import Path

import polars as pl

from domain.description import Format
from persistence.table_files import scan_typed

BEGINNING = 2**18
TEXT = ("csv", "tsv")


def expected_rows(path: Path, format_: Format) -> int:
    """About so many rows, at least one. Blocks.

    Raises:
        OSError, PolarsError: when the file cannot be read.
    """
    if format_ not in TEXT:
        return max(int(scan_typed(path, format_).select(pl.len()).collect().item()), 1)
    with path.open("rb") as file:
        beginning = file.read(BEGINNING)
    lines = max(beginning.count(b"\n"), 1)
    return max(round(path.stat().st_size * lines / max(len(beginning), 1)), 1)
