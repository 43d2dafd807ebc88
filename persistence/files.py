"""Small files that a crash must leave whole: written beside their place, flushed to the disk, then moved there."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from domain.errors import Unavailable

SECRET_BYTES = 32


def write_durably(path: Path, data: bytes) -> None:
    """Replace `path` by `data` for good, readable by its owner only; a crash leaves the old or the new content."""
    beside = _written_beside(path, data)
    beside.replace(path)
    _flush_folder(path.parent)


def kept_secret(path: Path) -> str:
    """The secret kept in `path`, generated at the first call; of several processes calling at once one decides it."""
    with suppress(FileNotFoundError):
        return path.read_text("ascii")
    beside = _written_beside(path, secrets.token_urlsafe(SECRET_BYTES).encode())
    try:
        with suppress(FileExistsError):
            os.link(beside, path)
    finally:
        beside.unlink()
    _flush_folder(path.parent)
    return path.read_text("ascii")


def move_durably(folder: Path, to: Path) -> None:
    """Give `folder` its name `to`, which is free, for good."""
    folder.rename(to)
    _flush_folder(to.parent)


@contextmanager
def writable(path: Path) -> Iterator[None]:
    """Turn a refusal of the operating system inside the block into one sentence about the data directory `path`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        place = f" ({error.filename})" if error.filename and str(error.filename) != str(path) else ""
        raise Unavailable(
            f"The data directory {path} cannot be used: {reason}{place}. "
            "Make it writable for this user, or choose another one with DEPICTIO_DATA_DIR."
        ) from error


def _written_beside(path: Path, data: bytes) -> Path:
    beside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return beside


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
