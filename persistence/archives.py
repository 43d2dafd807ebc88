"""Archives of a site: a folder, or one tar file, written whole or not at all and read file by file."""

import hashlib
import io
import shutil
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Protocol

from domain.backups import PackedFile
from domain.errors import Conflict, Invalid, NotFound

CHUNK = 2**20
TAR = ".tar"


class Writer(Protocol):
    """Takes the files of an archive."""

    def add(self, path: str, size: int, chunks: Iterable[bytes]) -> PackedFile: ...


class Archive(Protocol):
    """An archive to be read."""

    def sizes(self) -> dict[str, int]: ...
    def chunks(self, path: str) -> Iterator[bytes]: ...


class _Hashing(io.RawIOBase):
    """Chunks as a file that is read once, and the hash of what was read."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        super().__init__()
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")
        self.hash = hashlib.sha256()
        self.size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self.hash.update(self._rest[:count])
        self.size += count
        self._rest = self._rest[count:]
        return count


class _FolderWriter:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, path: str, size: int, chunks: Iterable[bytes]) -> PackedFile:
        file = self._folder / path
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        source = _Hashing(chunks)
        with file.open("xb") as out:
            shutil.copyfileobj(io.BufferedReader(source, CHUNK), out, CHUNK)
        return _packed(path, size, source)


class _TarWriter:
    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def add(self, path: str, size: int, chunks: Iterable[bytes]) -> PackedFile:
        member = tarfile.TarInfo(path)
        member.size, member.mode = size, 0o600
        source = _Hashing(chunks)
        try:
            self._tar.addfile(member, io.BufferedReader(source, CHUNK))
        except OSError as error:
            # It says "unexpected end of data" of a source that is shorter than it was announced.
            if source.size == size:
                raise
            raise Conflict(f"{path} changed while it was copied.") from error
        return _packed(path, size, source)


class _FolderArchive:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def sizes(self) -> dict[str, int]:
        files = [path for path in self._folder.rglob("*") if path.is_file() and not path.is_symlink()]
        return {path.relative_to(self._folder).as_posix(): path.stat().st_size for path in files}

    def chunks(self, path: str) -> Iterator[bytes]:
        with ExitStack() as stack:
            with _readable(path):
                file = stack.enter_context((self._folder / path).open("rb"))
            yield from _pieces(file, path)


class _TarArchive:
    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._members = {member.name: member for member in tar.getmembers() if member.isfile()}

    def sizes(self) -> dict[str, int]:
        return {name: member.size for name, member in self._members.items()}

    def chunks(self, path: str) -> Iterator[bytes]:
        if path not in self._members:
            raise NotFound(f"The backup has no file {path}.")
        file = self._tar.extractfile(self._members[path])
        if file is not None:
            yield from _pieces(file, path)


@contextmanager
def packing(target: Path) -> Iterator[Writer]:
    """Write an archive: a tar file when the name ends so, else a folder. It has its name only when it is whole.

    Raises:
        Invalid: when something is there already, or it cannot be written.
    """
    unfinished = target.with_name(f".{target.name}.partial")
    if target.exists():
        raise Invalid(f"{target} exists already. Choose another name; a backup is never written over.")
    _forget(unfinished)
    try:
        if target.suffix == TAR:
            with tarfile.open(unfinished, "x:") as tar:
                yield _TarWriter(tar)
        else:
            unfinished.mkdir(mode=0o700)
            yield _FolderWriter(unfinished)
        unfinished.rename(target)
    except OSError as error:
        raise Invalid(f"The backup {target} cannot be written: {error.strerror or error}.") from error
    finally:
        _forget(unfinished)


@contextmanager
def opened(source: Path) -> Iterator[Archive]:
    """Read an archive.

    Raises:
        NotFound: when there is none.
        Invalid: when it is damaged.
    """
    if source.is_dir():
        yield _FolderArchive(source)
        return
    with ExitStack() as stack:
        if not source.exists():
            raise NotFound(f"There is no backup {source}.")
        with _readable(str(source)):
            archive = _TarArchive(stack.enter_context(tarfile.open(source, "r:")))
        yield archive


def content(archive: Archive, path: str) -> bytes:
    """All of one file."""
    return b"".join(archive.chunks(path))


def _pieces(file: IO[bytes], path: str) -> Iterator[bytes]:
    while True:
        with _readable(path):
            chunk = file.read(CHUNK)
        if not chunk:
            return
        yield chunk


@contextmanager
def _readable(name: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound(f"The backup has no file {name}.") from error
    except tarfile.TarError as error:
        raise Invalid(f"The backup is damaged, or no tar file: {name}: {error}.") from error
    except OSError as error:
        raise Invalid(f"The backup cannot be read: {name}: {error.strerror or error}.") from error


def _packed(path: str, size: int, source: _Hashing) -> PackedFile:
    if source.size != size or source.read(1):
        raise Conflict(f"{path} changed while it was copied.")
    return PackedFile(path, size, source.hash.hexdigest())


def _forget(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
