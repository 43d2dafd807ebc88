"""How many files an ingest opens: the kernel's own account (inotify, Linux) of a folder of runs."""

import ctypes
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from benchmarks.ingest_site import Done, Site, of_files, project_of

OPENED, IS_FOLDER = 0x20, 0x40000000
EVENT = struct.Struct("iIII")
MANY = 1 << 20
ROWS = 2_000


class Opened:
    """The names of the files that were opened while it watched, each once."""

    def __init__(self) -> None:
        self.files: set[str] = set()


class Row(msgspec.Struct, frozen=True):
    """One ingest after something was done to the files."""

    done: str
    opened: int
    new: int
    changed: int
    vanished: int
    unchanged: int
    rows: int
    seconds: float


@contextmanager
def watched(folder: Path) -> Iterator[Opened]:
    """Watch the folders in `folder`, and fill in what was opened when it ends."""
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.inotify_init1(os.O_NONBLOCK)
    if descriptor < 0:
        raise OSError(ctypes.get_errno(), "inotify cannot be used")
    places: dict[int, Path] = {}
    for one in sorted(folder.iterdir()):
        place = libc.inotify_add_watch(descriptor, os.fsencode(one), OPENED)
        if place < 0:
            raise OSError(ctypes.get_errno(), f"{one} cannot be watched")
        places[place] = one
    opened = Opened()
    try:
        yield opened
        opened.files |= set(_events(descriptor, places))
    finally:
        os.close(descriptor)


def _events(descriptor: int, places: dict[int, Path]) -> Iterator[str]:
    while True:
        try:
            events = os.read(descriptor, MANY)
        except BlockingIOError:
            return
        while events:
            place, mask, _, length = EVENT.unpack_from(events)
            name = events[EVENT.size : EVENT.size + length].rstrip(b"\0")
            events = events[EVENT.size + length :]
            if place in places and name and not mask & IS_FOLDER:
                yield str(places[place] / os.fsdecode(name))


def one_of_many(folder: Path, count: int) -> list[Row]:
    """Ingest `count` files of 2 000 rows, then again after nothing, one file or the time of one changed."""
    site = Site(folder, project_of({"table": of_files(r"a\.csv", format="csv")}))
    files = [site.runs / f"run_{number:04}" / "a.csv" for number in range(count)]
    for number, path in enumerate(files):
        path.parent.mkdir()
        path.write_text("run,x\n" + "".join(f"{number},{row}\n" for row in range(ROWS)), "utf-8")
    rows = [_row(f"{count} files are new", site), _row("nothing", site)]
    middle = files[count // 2]
    with middle.open("a", encoding="utf-8") as more:
        more.write(f"{count},1\n")
    rows.append(_row("one file gets a row", site))
    middle.touch()
    rows.append(_row("one file gets another time of change", site))
    middle.unlink()
    return [*rows, _row("one file is removed", site)]


def _row(done: str, site: Site) -> Row:
    with watched(site.runs) as opened:
        ran: Done = site.ingest()
    (report,) = ran.said["reports"]
    counts = {name: report[name] for name in ("new", "changed", "vanished", "unchanged", "rows")}
    return Row(done=done, opened=len(opened.files), seconds=ran.seconds, **counts)
