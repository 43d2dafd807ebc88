"""What a sent file holds, by its content; what is no table is refused by name, and so is one that lies about itself."""

import gzip
import json
import re
import zipfile
import zlib
from pathlib import Path

import fastexcel
import msgspec
import zstandard

from domain.description import Format
from domain.errors import Invalid, Problem
from domain.uploaded import UTF_8, lie_of, unpacked_name
from domain.wording import tr
from persistence.encodings import guessed_text
from persistence.plain_text import GZIP_MAGIC, ZSTD_MAGIC, unpacked
from persistence.table_files import ARROW

LOOKED_AT = 2**20
"""Bytes, uncompressed, of which a preview is made."""
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PARQUET = b"PAR1"
TYPED: dict[bytes, Format] = {PARQUET: "parquet", ARROW: "feather"}
NO_TABLES = {
    b"%PDF": tr("a PDF"),
    b"\x89PNG": tr("a picture"),
    b"\xff\xd8\xff": tr("a picture"),
    b"GIF8": tr("a picture"),
    b"\x7fELF": tr("a program"),
    b"SQLite format 3": tr("an SQLite database; export its tables as CSV"),
    b"\x89HDF": tr("an HDF5 file; export its tables as CSV or Parquet"),
    b"ustar": tr("an archive; unpack it and send the files in it"),
    b"BZh": tr("compressed with bzip2; compress it with gzip or zstd, or not at all"),
    b"\xfd7zXZ": tr("compressed with xz; compress it with gzip or zstd, or not at all"),
    b"7z\xbc\xaf": tr("a 7z archive; unpack it and send the files in it"),
    b"FEA1": tr("a Feather file of version 1; write it as version 2"),
    b"\xff\xff\xff\xff": tr("an Arrow stream; write it as an Arrow file"),
}
"""How files begin that are no tables, and what they are."""
NEWICK = re.compile(r"\s*(\[[^\]]*\]\s*)*\([^;]*\)[^;()]*;\s*")
"""One tree and nothing else, comments before it."""
GEOJSON = re.compile(r'\s*\{\s*"type"\s*:\s*"FeatureCollection"')
PACKED = tr("holds a file that is compressed in itself; unpack it and send that one")


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What was found: `text` is the beginning of a file of text, None of one that is none."""

    format: Format
    text: str | None = None
    encoding: str = UTF_8


def content_of(path: Path, name: str) -> Content:
    """What the file holds; of a `csv` the separator is not looked at. Blocks.

    Raises:
        Invalid: when it is no table, or its name says that it is something else than it is.
    """
    begin = first_bytes(path, LOOKED_AT, name)
    found = _found(path, begin, name)
    lie = lie_of(name, found.format)
    if lie:
        raise refused(name, lie)
    return found


def first_bytes(path: Path, most: int, name: str) -> bytes:
    """The beginning of the file, unpacked where it is compressed. Blocks.

    Raises:
        Invalid: when what is compressed is damaged.
    """
    begin = b""
    try:
        for chunk in unpacked(path):
            begin += chunk[: most - len(begin)]
            if len(begin) == most:
                break
    except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError):
        raise refused(name, tr("is a damaged {kind} file; send it again", kind=_packing(path))) from None
    return begin


def sheets_of(path: Path, name: str) -> tuple[str, ...]:
    """The names of a workbook's sheets. Blocks.

    Raises:
        Invalid: when it is no workbook.
    """
    try:
        return tuple(fastexcel.read_excel(path).sheet_names)
    except fastexcel.FastExcelError:
        raise refused(name, tr("is no Excel workbook that can be read; save it as .xlsx")) from None


def refused(name: str, reason: str) -> Invalid:
    """The error that says why a file is not taken."""
    return Invalid(tr("The file cannot be taken."), (Problem("file", f"{name} {reason}"),))


def _found(path: Path, begin: bytes, name: str) -> Content:
    for magic, kind in NO_TABLES.items():
        if begin.startswith(magic) or (magic == b"ustar" and begin[257:262] == magic):
            raise refused(name, tr("is {kind}", kind=kind))
    binary = next((found for magic, found in TYPED.items() if begin.startswith(magic)), None)
    if binary is None and begin.startswith((ZIP, OLE)):
        binary = "xlsx" if begin.startswith(ZIP) else "xls"
    if binary is not None and _packing(path):
        raise refused(name, PACKED)
    if binary in {"xls", "xlsx"}:
        _check_workbook(path, name, is_zip=binary == "xlsx")
    if binary is not None:
        return Content(format=binary)
    text, encoding = guessed_text(begin, name)
    _check_is_rows(text, name)
    return Content(format="jsonl" if _is_lines(text, name) else "csv", text=text, encoding=encoding)


def _check_is_rows(text: str, name: str) -> None:
    """Refuses a tree and boundaries, whose text could be read as odd rows."""
    if NEWICK.fullmatch(text):
        kind, type_ = tr("a tree (Newick)"), "phylogeny"
    elif GEOJSON.match(text):
        kind, type_ = tr("boundaries (GeoJSON)"), "geojson"
    else:
        return
    raise refused(
        name, tr("holds {kind}, not a table; name it in a project file, by the type {type}", kind=kind, type=type_)
    )


def _check_workbook(path: Path, name: str, *, is_zip: bool) -> None:
    if is_zip:
        try:
            with zipfile.ZipFile(path) as archive:
                members = archive.namelist()
        except zipfile.BadZipFile:
            raise refused(name, tr("is a damaged zip archive; send it again")) from None
        if not any(member.startswith("xl/workbook.") for member in members):
            raise refused(name, tr("is a zip archive; unpack it and send the files in it"))
    sheets_of(path, name)


def _packing(path: Path) -> str:
    """By what the file is compressed, if it is."""
    with path.open("rb") as file:
        begin = file.read(4)
    return "gzip" if begin.startswith(GZIP_MAGIC) else "zstd" if begin.startswith(ZSTD_MAGIC) else ""


def _is_lines(text: str, name: str) -> bool:
    """Whether each line is a JSON object; other JSON is refused, for it would be read as odd text."""
    first = text.lstrip().partition("\n")[0].strip()
    is_json = first.startswith("{") and _is_object(first)
    if not is_json and (first in {"{", "["} or unpacked_name(name).endswith(".json")):
        raise refused(
            name, tr('is JSON, but not one object a line; write it as lines such as {"sample": "A", "reads": 1}')
        )
    return is_json


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
