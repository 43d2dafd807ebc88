"""The folder of hot columns: one file a column and table version, bounded by bytes, shared by all server processes."""

import fcntl
import hashlib
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import TypeVar

import msgspec
import polars as pl

from persistence.frames.checked import Checked
from persistence.frames.column_files import (
    BLOCK,
    LAYOUT,
    DamagedError,
    OtherError,
    read_codes,
    read_column,
    write_column,
)
from persistence.frames.workers import FullError

log = logging.getLogger(__name__)

T = TypeVar("T")

LEFTOVER_AFTER = 3_600.0
"""Seconds after which a file that was never finished belongs to a process that is gone."""
UNUSED_AFTER = 30 * 86_400.0
"""Seconds after which a file that nobody has used goes first, however small it is."""
USED_AGAIN_AFTER = 60.0
"""Seconds after which a file in use is marked as used anew."""
MOST_MARKS = 10_000
SPARE = 16
"""One part in so many of the folder is left to what nobody foresaw."""


class Base(msgspec.Struct, frozen=True):
    """An earlier version of a table: its identity, and how many rows it has, which are the last of the later one."""

    key: str
    rows: int


KEPT_SINCE: ContextVar[float | None] = ContextVar("KEPT_SINCE", default=None)


def keeping(since: float, act: Callable[[], T]) -> T:
    """Act without pushing anything out of a cache folder that was made or used since then (seconds since 1970).

    Raises:
        FullError: when what has to stay leaves no room.
    """
    before = KEPT_SINCE.set(since)
    try:
        return act()
    finally:
        KEPT_SINCE.reset(before)


class CacheFolder:
    """At most `limit` bytes below `path`, of what is most worth its room.

    Files go whose bytes times seconds without use are most (the space-time product of Smith, Long term file migration,
    1981): each costs about one look at all rows to make again, so that a hundred small ones are worth more than a large
    one.

    Anybody may delete any file at any time: what is mapped stays readable until it is closed, what is missing or
    damaged is made again. A folder that cannot be written costs speed, never an answer.
    """

    def __init__(self, path: Path, limit: int) -> None:
        self.path = path
        self.limit = limit
        self._checked = Checked(path)
        self._room = 0
        """Bytes that may be written before the folder is looked at again, for other processes write too."""
        self._used: dict[tuple[str, str], float] = {}
        """When this process marked files as used, in seconds of the monotonic clock."""

    def column(self, table: str, name: str, dtype: pl.DataType, rows: int, make: Callable[[], pl.Series]) -> pl.Series:
        """The column of the table version that `table` identifies, made and kept when it is not there or damaged.

        Raises:
            FullError: within `keeping`.
        """
        path = self._path(table, name)
        found = self.kept(table, name, dtype, rows)
        if found is not None:
            return found
        try:
            with self._one_at_a_time(path):
                # Another process may have made it while this one waited.
                found = self.kept(table, name, dtype, rows)
                if found is not None:
                    return found
                made = make()
                self._leave_in_peace(made)
                write_column(path, made)
                self._room -= path.stat().st_size
                if self._room < 0:
                    self._room = min(self._shrink(path), self.limit // 8)
                return read_column(path, name, dtype, rows, self._checked)
        except (OSError, DamagedError) as error:
            log.warning("The column cache %s cannot be used: %s", self.path, error)
            return make()

    def kept(self, table: str, name: str, dtype: pl.DataType, rows: int) -> pl.Series | None:
        """The column if it is there and whole."""
        return self._read(self._path(table, name), lambda path: read_column(path, name, dtype, rows, self._checked))

    def before(self, base: Base, name: str, dtype: pl.DataType, rows: int) -> pl.Series | None:
        """What an earlier version kept under that name, if it is of this type and length."""

        def read(path: Path) -> pl.Series | None:
            try:
                return read_column(path, name, dtype, rows, self._checked)
            except OtherError:
                return None

        return self._read(self._path(base.key, name), read)

    def codes(self, table: str, name: str, rows: int) -> pl.Series | None:
        """The codes of a text (see `read_codes`) if they are there and whole."""
        return self._read(self._path(table, name), lambda path: read_codes(path, name, rows, self._checked))

    def _read(self, path: Path, read: Callable[[Path], pl.Series | None]) -> pl.Series | None:
        try:
            found = read(path)
        except FileNotFoundError:
            return None
        except (DamagedError, ValueError, pl.exceptions.PolarsError) as error:
            log.warning("The cached column %s is damaged and is made again: %r", path, error)
            return None
        except OSError as error:
            log.warning("The cached column %s cannot be read: %s", path, error)
            return None
        _mark_used(path)
        return found

    def has(self, table: str, name: str) -> bool:
        """Whether there is a file of the column, whole or not."""
        return self._path(table, name).exists()

    def use(self, table: str, name: str) -> None:
        """Mark the file as used, for those in memory are not opened again; one that is gone stays so."""
        now = time.monotonic()
        if now - self._used.get((table, name), -USED_AGAIN_AFTER) >= USED_AGAIN_AFTER:
            if len(self._used) >= MOST_MARKS:
                self._used.clear()
            self._used[table, name] = now
            _mark_used(self._path(table, name))

    def _path(self, table: str, name: str) -> Path:
        # Files of another layout have other names, and fall away as the longest unused.
        return self.path / _digest(f"{LAYOUT} {table}") / f"{_digest(name)}.column"

    @contextmanager
    def _one_at_a_time(self, path: Path) -> Iterator[None]:
        """One process or thread makes a file; a crash frees the lock.

        Each file has a lock of its own, for to make one may take others: what each is made of has no circles.
        """
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.with_suffix(".lock")
        lock = os.open(beside, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            # Whoever waits for it finds the file made; whoever comes later begins with a lock of his own.
            beside.unlink(missing_ok=True)
            os.close(lock)

    def _leave_in_peace(self, made: pl.Series) -> None:
        """Raise `FullError` when there is no room for it beside what has to stay."""
        since = KEPT_SINCE.get()
        if since is not None:
            used = sum(stat.st_size for stat, _ in self._files() if stat.st_atime >= since)
            if used + made.estimated_size() > self.limit - self.limit // SPARE:
                raise FullError

    def _shrink(self, newest: Path) -> int:
        """Remove what is least worth its room; how many bytes of room there are then."""
        files, now = self._files(), time.time()
        total = sum(stat.st_size for stat, _ in files)
        for stat, path in sorted(files, key=lambda file: _burden(file[0], now), reverse=True):
            left_over = path.suffix in {".new", ".lock"} and stat.st_mtime < now - LEFTOVER_AFTER
            if left_over or (total > self.limit and path.suffix == ".column" and path != newest):
                path.unlink(missing_ok=True)
                total -= stat.st_size
                with suppress(OSError):
                    path.parent.rmdir()
        return self.limit - total

    def _files(self) -> list[tuple[os.stat_result, Path]]:
        files = []
        for path in self.path.glob("*/*"):
            with suppress(FileNotFoundError):
                files.append((path.stat(), path))
        return files


def _burden(stat: os.stat_result, now: float) -> tuple[bool, float]:
    """What is most of a burden is removed first."""
    idle = max(now - stat.st_atime, 1.0)
    return idle > UNUSED_AFTER, idle * max(stat.st_size, BLOCK)


def _mark_used(path: Path) -> None:
    """By its time of access, for that of change says whether it is the file that was checked."""
    with suppress(OSError):
        os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
