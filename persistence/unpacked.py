"""How large a file becomes when it is read: compression can make gigabytes of a file that was small to send."""

import gzip
import lzma
import zipfile
import zlib
from pathlib import Path

import polars as pl
import zstandard

from domain.wording import tr
from persistence.plain_text import ZSTD_MAGIC, unpacked

CHUNK = 1024 * 1024
GZIP = b"\x1f\x8b"
PARQUET = b"PAR1"
ZIP = b"PK\x03\x04"
ARROW = b"ARROW1"
OTHERS = (b"\x78\x01", b"\x78\x9c", b"\x78\xda")
"""How zlib's streams begin, which polars would unpack too."""
UNMISTAKABLE = (GZIP, ZSTD_MAGIC, PARQUET, ARROW)
"""How files begin that no reader takes for an archive, which may have other bytes before it."""
BYTES_PER_VALUE = 8


def unpacking_problem(path: Path, most: int) -> str | None:
    """Why the file is not to be read, as the end of a sentence; None when it unpacks to at most `most` bytes.

    Looks at the content, whatever the name. Of a Parquet or Arrow file its own count of values is taken at 8 bytes
    each. A damaged stream is left to the reader, which says where; an archive that cannot be looked through whole is
    refused here. Blocks.
    """
    with path.open("rb") as file:
        begin = file.read(6)
    if begin.startswith(OTHERS):
        return tr("is compressed with zlib; compress it with gzip or zstd, or not at all")
    too_large = tr("unpacks to more than {most} MiB", most=most // CHUNK)
    if begin.startswith((GZIP, ZSTD_MAGIC)) and _stream_exceeds(path, most):
        return too_large
    if begin.startswith(ZIP) or (not begin.startswith(UNMISTAKABLE) and zipfile.is_zipfile(path)):
        return _zip_problem(path, most, too_large)
    if begin.startswith((PARQUET, ARROW)) and _typed_bytes(path, is_parquet=begin.startswith(PARQUET)) > most:
        return too_large
    return None


def _stream_exceeds(path: Path, most: int) -> bool:
    size = 0
    try:
        for chunk in unpacked(path):
            size += len(chunk)
            if size > most:
                return True
    except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError):
        return False
    return False


def _zip_problem(path: Path, most: int, too_large: str) -> str | None:
    """Unpacks the members, which workbooks are made of: the sizes that an archive claims may be lies.

    A member that cannot be unpacked here is refused, not left to the reader: it might read others past it, and those
    were not counted.
    """
    size = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                with archive.open(member) as file:
                    while chunk := file.read(CHUNK):
                        size += len(chunk)
                        if size > most:
                            return too_large
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, NotImplementedError):
        return tr("is a workbook or archive that is damaged, encrypted or packed in an unusual way; save it anew")
    return None


def _typed_bytes(path: Path, *, is_parquet: bool) -> int:
    scan = pl.scan_parquet if is_parquet else pl.scan_ipc
    try:
        table = scan(path, glob=False, hive_partitioning=False)
        rows = int(table.select(pl.len()).collect().item())
        return rows * len(table.collect_schema()) * BYTES_PER_VALUE
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return 0
