"""How large a file becomes when it is read: compression can make gigabytes of a file that was small to send."""

import gzip
import zlib
from pathlib import Path

import polars as pl

CHUNK = 1024 * 1024
GZIP = b"\x1f\x8b"
PARQUET = b"PAR1"
OTHERS = (b"\x28\xb5\x2f\xfd", b"\x78\x01", b"\x78\x9c", b"\x78\xda")
"""How zstd and zlib begin, which polars would unpack too."""
BYTES_PER_VALUE = 8


def unpacking_problem(path: Path, most: int) -> str | None:
    """Why the file is not to be read, as the end of a sentence; None when it unpacks to at most `most` bytes.

    Looks at the content, whatever the name. Of a Parquet file its own count of values is taken at 8 bytes each. What
    is damaged is left to the reader, which says where. Blocks.
    """
    with path.open("rb") as file:
        begin = file.read(4)
    if begin.startswith(OTHERS):
        return "is compressed with zstd or zlib; compress it with gzip, or not at all"
    too_large = f"unpacks to more than {most // CHUNK} MiB"
    if begin.startswith(GZIP) and _gzip_exceeds(path, most):
        return too_large
    if begin == PARQUET and _parquet_bytes(path) > most:
        return too_large
    return None


def _gzip_exceeds(path: Path, most: int) -> bool:
    size = 0
    try:
        with gzip.open(path, "rb") as file:
            while chunk := file.read(CHUNK):
                size += len(chunk)
                if size > most:
                    return True
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return False
    return False


def _parquet_bytes(path: Path) -> int:
    try:
        table = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        rows = int(table.select(pl.len()).collect().item())
        return rows * len(table.collect_schema()) * BYTES_PER_VALUE
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return 0
