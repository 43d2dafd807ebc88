"""The crash matrix: ingests are killed at moments that their files tell, and what is there afterwards is looked at."""

import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import polars as pl
from deltalake import DeltaTable

from benchmarks.ingest_site import Site, of_files, project_of

SMALL, LARGE = 100_000, 500_000
"""Rows of a file that goes together with others, and of one that is passed on while it is read."""
RUNS = 8
WITHIN = 60.0
LATER = 0.06
"""So much later, in seconds, each further kill at a moment comes."""


class Killed(msgspec.Struct, frozen=True, order=True):
    """A moment, and what readers and the next ingest had of the table after a kill in it."""

    moment: str
    readers: str
    next_ingest: str
    left_over: int
    """Data files that belong to no version, after the next ingest that changed something."""


def moments(site: Site) -> Sequence[tuple[str, Callable[[], bool]]]:
    """When to kill: as soon as it holds, and a little later."""
    parts, commits = site.parts, site.commits
    return (
        ("before a file is read", lambda: True),
        ("while files are read", lambda: site.spooled),
        ("while the version is written", lambda: site.parts > parts),
        ("after its commit", lambda: site.commits > commits),
    )


def matrix(folder: Path, times: int) -> list[tuple[Killed, int]]:
    """Each moment `times` times: what was found, and how often."""
    base = _base(folder / "base")
    found: Counter[Killed] = Counter()
    for number in range(len(moments(base)) * times):
        site = _copy(base, folder / "killed")
        name, is_now = moments(site)[number % len(moments(base))]
        # First at once, then ever later.
        if _is_killed(site, is_now, number // len(moments(base)) * LATER):
            found[_looked_at(site, name)] += 1
        else:
            found[Killed("it had ended before", *_readers_and_next(site))] += 1
    return sorted(found.items())


def _base(folder: Path) -> Site:
    """A table of one run, and more runs to come."""
    site = Site(folder, project_of({"table": of_files(r"a\.csv", format="csv")}))
    _write(site, 0, SMALL)
    site.ingest()
    for run in range(1, RUNS):
        _write(site, run, LARGE if run % 4 == 0 else SMALL)
    return site


def _write(site: Site, run: int, rows: int) -> None:
    path = site.runs / f"run_{run}" / "a.csv"
    path.parent.mkdir(exist_ok=True)
    numbers = pl.int_range(rows, eager=True)
    pl.DataFrame({"x": numbers, "y": (numbers * 7919) % 100_003 / 7, "z": numbers.cast(pl.String)}).write_csv(path)


def _copy(base: Site, folder: Path) -> Site:
    site = Site(folder, project_of({"table": of_files(r"a\.csv", format="csv")}))
    shutil.copytree(base.folder, folder, dirs_exist_ok=True)
    return site


def _is_killed(site: Site, is_now: Callable[[], bool], later: float) -> bool:
    with site.start("run", str(site.folder / "project.yaml")) as process:
        end = time.monotonic() + WITHIN
        while not is_now() and process.poll() is None and time.monotonic() < end:
            time.sleep(0.0005)
        time.sleep(later)
        killed = process.poll() is None
        process.kill()
    return killed


def _looked_at(site: Site, aimed: str) -> Killed:
    """The moment is what the folder says after the kill, which may be later than the one that was aimed at."""
    moment = aimed
    if site.commits > 1:
        published = site.collection("table")["table_version"]
        moment = "after its publication" if published else "after its commit, before its publication"
    elif site.parts > 1:
        moment = "while the version is written"
    elif site.spooled:
        moment = "while files are read"
    return Killed(moment, *_readers_and_next(site))


def _readers_and_next(site: Site) -> tuple[str, str, int]:
    old, new = SMALL, _rows(site)
    seen = site.collection("table")["rows"]
    readers = {old: "the old version", new: "the new version"}.get(seen, f"{seen} rows")
    ran = site.ingest()
    (place,) = (site.folder / "data/storage/tables").glob("*/*")
    complete = ran.code == 0 and _is_right(site, place)
    again = {"updated": "makes the new version", "unchanged": "finds nothing to do"}[ran.said["reports"][0]["outcome"]]
    _write(site, RUNS, SMALL)
    complete = complete and site.ingest().code == 0 and _is_right(site, place)
    return readers, again if complete else "does not lead to the right table", _left_over(place)


def _rows(site: Site) -> int:
    return int(pl.scan_csv(site.runs / "*/a.csv").select(pl.len()).collect().item())


def _is_right(site: Site, place: Path) -> bool:
    """Whether the table is what plain polars reads of the same files."""
    own = pl.scan_csv(site.runs / "*/a.csv").select(pl.len(), pl.col("x", "y").sum()).collect()
    table = pl.scan_delta(str(place))
    stored = table.select(pl.len(), pl.col("x", "y").sum()).collect()
    runs = table.select(pl.col("depictio_run_id").n_unique()).collect().item()
    same = own.height == stored.height and own.select("len", "x").equals(stored.select("len", "x"))
    return same and abs(own["y"].item() - stored["y"].item()) < 1 and runs == sum(1 for _ in site.runs.iterdir())


def _left_over(place: Path) -> int:
    versions = range(DeltaTable(place).version() + 1)
    in_use = {name for version in versions for name in DeltaTable(place, version=version).file_uris()}
    return len({str(path) for path in place.rglob("*.parquet")} - in_use)
