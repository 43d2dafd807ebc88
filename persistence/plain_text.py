"""Text files as the readers want them: files in another encoding, or compressed otherwise than by gzip, are copied."""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, cast

import zstandard

from domain.description import TableProperties
from domain.errors import Invalid, Problem
from domain.reader_options import codec_of
from domain.wording import tr

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
GZIP_MAGIC = b"\x1f\x8b"
CHUNK = 2**20
ZSTD_CHUNK = 2**12
"""So few bytes that what they become fits into memory, whatever it is."""
TEXT = ("csv", "tsv", "jsonl")


@contextmanager
def plain(path: Path, properties: TableProperties, name: str, copy: Path) -> Iterator[Path]:
    """A file of the same text in UTF-8 that readers unpack by themselves: the file itself, or `copy`, removed after.

    Raises:
        Invalid: for bytes that are not of the encoding, and what is compressed but damaged. `name` is what it says.
    """
    codec = codec_of(str(properties.polars_kwargs.get("encoding", "utf-8"))) or "utf-8"
    try:
        if properties.format not in TEXT or not _needs_copy(path, codec, properties.format):
            yield path
            return
        _copy(path, codec, copy, name)
    except OSError as error:
        problem = Problem(name, tr("cannot be read: {reason}", reason=error.strerror or error))
        raise Invalid(tr("{name} cannot be read.", name=name), (problem,)) from error
    try:
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def unpacked(path: Path) -> Iterator[bytes]:
    """The file's bytes in pieces, decompressed where they are gzip's or zstd's.

    Raises:
        ZstdError, BadGzipFile, EOFError, zlib.error: for what is damaged, or ends before its end.
    """
    with path.open("rb") as file:
        begin = file.read(4)
        file.seek(0)
        if begin.startswith(ZSTD_MAGIC):
            yield from _zstd(file)
            return
        with cast("IO[bytes]", gzip.open(file)) if begin.startswith(GZIP_MAGIC) else nullcontext(file) as source:
            while chunk := source.read(CHUNK):
                yield chunk


def _zstd(file: IO[bytes]) -> Iterator[bytes]:
    """Every frame of the file; the library's own reader takes a frame that is cut for a whole one."""
    frame = zstandard.ZstdDecompressor().decompressobj()
    is_whole = True
    while chunk := file.read(ZSTD_CHUNK):
        while chunk:
            yield frame.decompress(chunk)
            is_whole = frame.eof
            chunk = frame.unused_data if is_whole else b""
            if is_whole:
                frame = zstandard.ZstdDecompressor().decompressobj()
    if not is_whole:
        raise zstandard.ZstdError(tr("it ends in the middle"))


def _needs_copy(path: Path, codec: str, file_format: str) -> bool:
    with path.open("rb") as file:
        begin = file.read(4)
    is_gzip = begin.startswith(GZIP_MAGIC)
    return codec not in {"utf-8", "utf-8-sig"} or begin.startswith(ZSTD_MAGIC) or (is_gzip and file_format == "jsonl")


def _copy(path: Path, codec: str, copy: Path, name: str) -> None:
    decoder = None if codec in {"utf-8", "utf-8-sig"} else codecs.getincrementaldecoder(codec)()
    line = 1
    try:
        with copy.open("wb") as target:
            for chunk in unpacked(path):
                if decoder is None:
                    target.write(chunk)
                    continue
                text = decoder.decode(chunk)
                line += text.count("\n")
                target.write(text.encode())
            if decoder is not None:
                target.write(decoder.decode(b"", final=True).encode())
    except UnicodeDecodeError as error:
        line += error.object[: error.start].count(b"\n")
        fault = tr("is not {codec} (line {line}); give its encoding in polars_kwargs", codec=codec, line=line)
    except (zstandard.ZstdError, zlib.error, EOFError, gzip.BadGzipFile) as error:
        fault = tr("is damaged: {reason}", reason=str(error).strip() or tr("it cannot be decompressed"))
    else:
        return
    copy.unlink(missing_ok=True)
    raise Invalid(tr("{name} cannot be read.", name=name), (Problem(name, fault),))
