"""One column as a file that processes map into memory: a checked header, then its values as they lie in memory.

Values of fixed width are used where they are mapped, so that all processes share one copy and a restart is warm; text
of few distinct values is kept as codes (an Enum whose categories are sorted, so that it orders like the text).
Everything else is kept as Arrow IPC and copied when it is read.
"""

import io
import mmap
import os
import secrets
import zlib
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
import polars as pl

from persistence.frames.checked import Checked

LAYOUT = 2
"""Counts the changes of how a file is laid out."""
MAGIC = b"DPCOLUM%d" % LAYOUT
ALIGNED = 64
BLOCK = 4_096
FEW_WORDS, MOST_WORDS = 65_536, 1_000_000
ROWS_PER_WORD = 8
"""Text with fewer rows to a distinct value is not coded, unless these are few: codes would save nothing. Of more than
`MOST_WORDS` values the words alone would fill the memory that codes save."""
FIXED = (
    *(pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64),
    *(pl.Float32, pl.Float64, pl.Date, pl.Datetime),
)

Bytes = bytes | memoryview


class DamagedError(Exception):
    """The file is not what was written: cut short, altered, of another type or of another layout."""


class OtherError(DamagedError):
    """The file is whole as far as its header says, but of another type or length."""


class Section(msgspec.Struct, frozen=True, array_like=True):
    start: int
    length: int
    checksum: int


class Header(msgspec.Struct, frozen=True):
    """What follows the magic bytes; `words` and `validity` are there for coded text and for columns with nulls."""

    form: Literal["fixed", "coded", "ipc"]
    dtype: str
    rows: int
    physical: str = ""
    values: Section | None = None
    validity: Section | None = None
    words: Section | None = None


def write_column(path: Path, column: pl.Series) -> None:
    """Put the column into `path`, which is complete or not there at all whenever somebody looks.

    Text may come as an Enum of its sorted distinct values.
    """
    form, parts, physical = _parts(column)
    sections: dict[str, Section] = {}
    start = 0
    for name, part in parts.items():
        sections[name] = Section(start, len(part), checksum(part))
        start += _padded(len(part))
    dtype = pl.String() if isinstance(column.dtype, pl.Enum) else column.dtype
    head = Header(form, str(dtype), column.len(), physical, **sections)
    beside = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}.new")
    try:
        with beside.open("xb") as file:
            file.write(_encoded(head))
            for part in parts.values():
                file.write(part)
                file.write(bytes(_padded(len(part)) - len(part)))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def read_column(path: Path, name: str, dtype: pl.DataType, rows: int, checked: Checked | None = None) -> pl.Series:
    """The column kept in `path`: of `dtype`, or an Enum when that is String and the text is coded.

    A file that is on the list `checked` is taken for whole, any other one is put on it.

    Raises:
        DamagedError: when the file is not whole, or not that column.
        OSError: when it cannot be read; FileNotFoundError when it is not there.
    """
    head, body = _opened(path, dtype, rows, checked)
    values = _part(body, head.values, path)
    if head.form == "ipc":
        return pl.read_ipc(io.BytesIO(values)).to_series().alias(name)
    column = pl.Series(name, np.frombuffer(values, dtype=head.physical))
    if head.form == "coded":
        words = pl.read_ipc(io.BytesIO(_part(body, head.words, path))).to_series()
        column = column.cat.to(pl.Enum(words))
    else:
        column = column.cast(dtype)
    return _with_nulls(column, head, body, path)


def read_codes(path: Path, name: str, rows: int, checked: Checked | None = None) -> pl.Series | None:
    """The codes of the text kept in `path`: places among its sorted distinct values. None when it is not coded.

    To have them alone is for who looks at few rows: an Enum of them all compares each with the number of the words.

    Raises:
        DamagedError: when the file is not whole, or not that column.
        OSError: when it cannot be read; FileNotFoundError when it is not there.
    """
    head, body = _opened(path, pl.String(), rows, checked)
    if head.form != "coded":
        return None
    codes = pl.Series(name, np.frombuffer(_part(body, head.values, path), dtype=head.physical))
    return _with_nulls(codes, head, body, path)


def _opened(path: Path, dtype: pl.DataType, rows: int, checked: Checked | None) -> tuple[Header, memoryview]:
    with path.open("rb") as file:
        found = os.fstat(file.fileno())
        if found.st_size <= len(MAGIC) + 8:
            raise DamagedError(path)
        pages = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
    head, body = _decoded(memoryview(pages), path)
    if head.dtype != str(dtype) or head.rows != rows:
        raise OtherError(path)
    if checked is None or not checked.has(found):
        for section in (head.values, head.words, head.validity):
            _check(body, section, path)
        # To check them every page was touched. Most are not looked at again: the process holds none until they are.
        pages.madvise(mmap.MADV_DONTNEED)
        if checked is not None:
            checked.add(found)
    return head, body


def _with_nulls(column: pl.Series, head: Header, body: memoryview, path: Path) -> pl.Series:
    if head.validity is None:
        return column
    bits = np.frombuffer(_part(body, head.validity, path), dtype=np.uint8)
    valid = pl.Series("valid", np.unpackbits(bits, count=head.rows, bitorder="little").astype(np.bool_))
    return pl.select(pl.when(valid).then(column).alias(column.name)).to_series()


def coded(text: pl.Series) -> pl.Series:
    """The text as an Enum of its sorted distinct values, or as it is when there are too many of them."""
    words = text.drop_nulls().unique()
    return text.cast(pl.Enum(words.sort())) if 0 < words.len() <= most_words(text.len()) else text


def most_words(rows: int) -> int:
    """Of how many distinct values text of so many rows may be to be coded."""
    return min(max(FEW_WORDS, rows // ROWS_PER_WORD), MOST_WORDS)


def checksum(part: Bytes) -> int:
    """The CRC-32 of 512 sums of words (64 bits, modulo 2^64), each 4 KiB from the next, and of the bytes behind them.

    It finds pages that were never written and bits that turned, ten times as fast as a CRC of all bytes.
    """
    whole = len(part) // BLOCK * BLOCK
    sums = np.frombuffer(part, dtype="<u8", count=whole // 8).reshape(-1, BLOCK // 8).sum(axis=0, dtype="<u8")
    return zlib.crc32(part[whole:], zlib.crc32(sums.tobytes()))


def _parts(column: pl.Series) -> tuple[Literal["fixed", "coded", "ipc"], dict[str, Bytes], str]:
    compact = coded(column) if column.dtype == pl.String else column
    is_coded = isinstance(compact.dtype, pl.Enum)
    if not column.len() or not (is_coded or isinstance(column.dtype, FIXED)):
        return "ipc", {"values": _ipc(column)}, ""
    raw = compact.rechunk().to_physical()
    values = (raw.fill_null(0) if raw.null_count() else raw).to_numpy()
    parts: dict[str, Bytes] = {"values": np.ascontiguousarray(values).data.cast("B")}
    if column.null_count():
        parts["validity"] = np.packbits(column.is_not_null().to_numpy(), bitorder="little").tobytes()
    if isinstance(compact.dtype, pl.Enum):
        parts["words"] = _ipc(compact.dtype.categories)
    return "coded" if is_coded else "fixed", parts, values.dtype.str


def _ipc(column: pl.Series) -> bytes:
    file = io.BytesIO()
    column.to_frame("values").write_ipc(file, compression="uncompressed")
    return file.getvalue()


def _encoded(head: Header) -> bytes:
    text = msgspec.json.encode(head)
    start = MAGIC + len(text).to_bytes(4, "little") + zlib.crc32(text).to_bytes(4, "little") + text
    return start.ljust(_padded(len(start)), b"\0")


def _decoded(mapped: memoryview, path: Path) -> tuple[Header, memoryview]:
    first = len(MAGIC) + 8
    length, checksum = (int.from_bytes(mapped[at : at + 4], "little") for at in (len(MAGIC), len(MAGIC) + 4))
    text = mapped[first : first + length]
    if mapped[: len(MAGIC)] != MAGIC or len(text) != length or zlib.crc32(text) != checksum:
        raise DamagedError(path)
    return msgspec.json.decode(text, type=Header), mapped[_padded(first + length) :]


def _part(body: memoryview, section: Section | None, path: Path) -> memoryview:
    if section is None:
        raise DamagedError(path)
    part = body[section.start : section.start + section.length]
    if len(part) != section.length:
        raise DamagedError(path)
    return part


def _check(body: memoryview, section: Section | None, path: Path) -> None:
    if section is not None and checksum(_part(body, section, path)) != section.checksum:
        raise DamagedError(path)


def _padded(length: int) -> int:
    return -(-length // ALIGNED) * ALIGNED
