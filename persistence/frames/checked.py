"""Which files of the column cache have been found whole since the machine started: nobody needs to check them again.

What a checksum finds is a disk that lost or turned what was written, which shows when a file is read after a crash of
the machine. Until the next start of the machine a file that has been checked, and not been written since, is the same.
"""

import logging
import os
import time
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
SETTLED_AFTER = 2.0
"""Seconds: of a file written later than that, the time of change cannot tell this write from the next one."""
MOST_BYTES = 1 << 20
NAME = "checked-"


class Checked:
    """A list in `folder` that all processes add to; without an id of the machine's start nothing is on it."""

    def __init__(self, folder: Path, boot: Path = BOOT_ID) -> None:
        self._folder = folder
        self._known: set[str] = set()
        self._path: Path | None = None
        with suppress(OSError):
            self._path = folder / f"{NAME}{boot.read_text('ascii').strip()}"
            self._known = set(self._path.read_text("ascii").splitlines())

    def has(self, found: os.stat_result) -> bool:
        """Whether the file was checked as it is now."""
        return _mark(found) in self._known

    def add(self, found: os.stat_result) -> None:
        """Put a file, as it was when it was opened, on the list."""
        if self._path is None or time.time() - found.st_mtime < SETTLED_AFTER:
            return
        mark = _mark(found)
        self._known.add(mark)
        try:
            with self._path.open("a", encoding="ascii") as file:
                # One write: others add to it at the same time.
                file.write(f"{mark}\n")
                is_long = file.tell() > MOST_BYTES
            if is_long:
                self._path.unlink(missing_ok=True)
            self._forget_earlier_starts()
        except OSError as error:
            log.debug("What was checked cannot be written down: %s", error)

    def _forget_earlier_starts(self) -> None:
        for path in self._folder.glob(f"{NAME}*"):
            if path != self._path:
                path.unlink(missing_ok=True)


def _mark(found: os.stat_result) -> str:
    return f"{found.st_dev} {found.st_ino} {found.st_size} {found.st_mtime_ns}"
