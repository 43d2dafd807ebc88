"""How far work is that another process does, and telling it to stop: both by files in a folder that the two share.

The folder of an attempt holds `go`: as long as it is there the work may go on. The work writes `progress.json` and
appends to `said` what people may want to read.
"""

import contextlib
import os
import shutil
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from domain.jobs import LogLine, Progress
from domain.wording import tr

GO, PROGRESS, SAID = "go", "progress.json", "said"
WRITE_EVERY = 0.25
"""Seconds between two notes of progress."""
READING, WRITING = "reading files", "writing the table"

T = TypeVar("T")


class Stopped(Exception):  # noqa: N818 -- nothing went wrong: somebody asked for it.
    """The work ended before it changed anything, because it was told to."""


class Watch(Protocol):
    """What work tells of itself, and where it learns that nobody wants it any more."""

    def begin(self, files: int, size: int) -> None:
        """So many files of so many bytes in all are to be read."""

    def part(self, name: str, size: int, rows: int) -> None:
        """So many rows of a file have been read, which are about so many of its bytes."""

    def read(self, name: str, size: int, rows: int) -> None:
        """A file has been read."""

    def check(self) -> None:
        """Go on, or raise `Stopped`."""

    def writing(self) -> None:
        """The one commit comes now; the last moment to raise `Stopped`."""


class Unwatched:
    """For work that nobody looks at."""

    def begin(self, files: int, size: int) -> None:
        pass

    def part(self, name: str, size: int, rows: int) -> None:
        pass

    def read(self, name: str, size: int, rows: int) -> None:
        pass

    def check(self) -> None:
        pass

    def writing(self) -> None:
        pass


UNWATCHED = Unwatched()


class FolderWatch:
    """The side of the process that works. Files are read by several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._progress = Progress()
        self._parts: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()
        self._written = 0.0

    def begin(self, files: int, size: int) -> None:
        self._change(step=READING, all_files=files, all_bytes=size, since=_now())
        self._write()

    def part(self, name: str, size: int, rows: int) -> None:
        with self._lock:
            self._parts[name] = (size, rows)
            if time.monotonic() - self._written >= WRITE_EVERY:
                self._write()
                self.check()

    def read(self, name: str, size: int, rows: int) -> None:
        with self._lock:
            self._parts.pop(name, None)
            before = self._progress
            self._change(files=before.files + 1, bytes=before.bytes + size, rows=before.rows + rows)
            self._say(tr("{name}: {rows:,} rows", name=name, rows=rows))
            is_last = self._progress.files == self._progress.all_files
            if is_last or time.monotonic() - self._written >= WRITE_EVERY:
                self._write()

    def check(self) -> None:
        if not (self._folder / GO).exists():
            raise Stopped

    def writing(self) -> None:
        # First the note, then the look: who takes `go` away and then reads no such note knows that nothing is written.
        self._change(step=WRITING)
        self._write()
        self.check()

    def _change(self, **fields: Any) -> None:
        self._progress = msgspec.structs.replace(self._progress, **fields)

    def _write(self) -> None:
        self._change(at=_now())
        self._written = time.monotonic()
        part = self._folder / f".{PROGRESS}.{os.getpid()}"
        # A folder that is gone says that nobody waits for this; `check` finds that out where it matters.
        with contextlib.suppress(FileNotFoundError):
            part.write_bytes(msgspec.json.encode(self._with_parts()))
            part.replace(self._folder / PROGRESS)

    def _with_parts(self) -> Progress:
        """The progress with what has been read of files that are not done."""
        whole = self._progress
        size, rows = (sum(values) for values in zip(*self._parts.values(), strict=True)) if self._parts else (0, 0)
        return msgspec.structs.replace(whole, bytes=whole.bytes + size, rows=whole.rows + rows)

    def _say(self, text: str) -> None:
        line = msgspec.json.encode(LogLine(_now(), text)) + b"\n"
        with contextlib.suppress(FileNotFoundError), (self._folder / SAID).open("ab") as file:
            file.write(line)


class WatchedFolder:
    """The side of the process that waits; `close` removes all of it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self._heard = 0

    def open(self) -> None:
        """Let work begin."""
        self.path.mkdir(parents=True)
        (self.path / GO).touch()

    def stop(self) -> None:
        """Let nothing be written any more that is not being written already."""
        (self.path / GO).unlink(missing_ok=True)

    @property
    def is_stopped(self) -> bool:
        return not (self.path / GO).exists()

    def progress(self) -> Progress:
        """The latest note; an empty one before the first."""
        try:
            return msgspec.json.decode((self.path / PROGRESS).read_bytes(), type=Progress)
        except FileNotFoundError:
            return Progress()

    def heard(self) -> list[LogLine]:
        """The lines that came since they were asked for last."""
        try:
            with (self.path / SAID).open("rb") as file:
                file.seek(self._heard)
                new = file.read()
        except FileNotFoundError:
            return []
        whole = new[: new.rfind(b"\n") + 1]
        self._heard += len(whole)
        return [msgspec.json.decode(line, type=LogLine) for line in whole.splitlines()]

    def close(self) -> None:
        """Remove the folder. Work that still runs somewhere finds no `go` and stops."""
        with contextlib.suppress(FileNotFoundError):
            # `go` goes first, in case the rest cannot be removed at once.
            self.stop()
            shutil.rmtree(self.path, ignore_errors=True)


def carried_out(folder: Path, work: Callable[..., T], arguments: tuple[Any, ...]) -> T:
    """Do the work, wherever this runs, and tell of it in the folder. Blocks.

    Raises:
        Stopped: when nobody wants it any more; nothing was changed then.
    """
    watch = FolderWatch(folder)
    watch.check()
    return work(*arguments, watch=watch)


def _now() -> datetime:
    at = datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
