"""The folder of hot columns: one file a column and table version, bounded by bytes, shared by all server processes."""

import fcntl
import hashlib
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import polars as pl

from persistence.frames.column_files import LAYOUT, DamagedError, read_column, write_column

log = logging.getLogger(__name__)

LEFTOVER_AFTER = 3_600.0
"""Seconds after which a file that was never finished belongs to a process that is gone."""


class CacheFolder:
    """At most `limit` bytes below `path`; the files used longest ago are removed first.

    Anybody may delete any file at any time: what is mapped stays readable until it is closed, what is missing or
    damaged is made again. A folder that cannot be written costs speed, never an answer.
    """

    def __init__(self, path: Path, limit: int) -> None:
        self.path = path
        self.limit = limit
        self._room = 0
        """Bytes that may be written before the folder is looked at again, for other processes write too."""

    def column(self, table: str, name: str, dtype: pl.DataType, rows: int, make: Callable[[], pl.Series]) -> pl.Series:
        """The column of the table version that `table` identifies, made and kept when it is not there or damaged."""
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
                write_column(path, made)
                self._room -= path.stat().st_size
                if self._room < 0:
                    self._room = min(self._shrink(path), self.limit // 8)
                return read_column(path, name, dtype, rows)
        except (OSError, DamagedError) as error:
            log.warning("The column cache %s cannot be used: %s", self.path, error)
            return make()

    def kept(self, table: str, name: str, dtype: pl.DataType, rows: int) -> pl.Series | None:
        """The column if it is there and whole."""
        path = self._path(table, name)
        try:
            found = read_column(path, name, dtype, rows)
        except FileNotFoundError:
            return None
        except (DamagedError, ValueError, pl.exceptions.PolarsError) as error:
            log.warning("The cached column %s is damaged and is made again: %r", path, error)
            return None
        except OSError as error:
            log.warning("The cached column %s cannot be read: %s", path, error)
            return None
        with suppress(OSError):
            os.utime(path)
        return found

    def has(self, table: str, name: str) -> bool:
        """Whether there is a file of the column, whole or not."""
        return self._path(table, name).exists()

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

    def _shrink(self, newest: Path) -> int:
        """Remove what has been used longest ago; how many bytes of room there are then."""
        files = []
        for path in self.path.glob("*/*"):
            with suppress(FileNotFoundError):
                files.append((path.stat(), path))
        total = sum(stat.st_size for stat, _ in files)
        for stat, path in sorted(files, key=lambda file: file[0].st_mtime):
            left_over = path.suffix in {".new", ".lock"} and stat.st_mtime < time.time() - LEFTOVER_AFTER
            if left_over or (total > self.limit and path.suffix == ".column" and path != newest):
                path.unlink(missing_ok=True)
                total -= stat.st_size
                with suppress(OSError):
                    path.parent.rmdir()
        return self.limit - total


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
