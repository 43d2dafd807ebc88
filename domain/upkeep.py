"""The upkeep of tables as values: going back to a version, putting small files together, removing old ones."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

import msgspec

from domain.collections import Column, DataCollection
from domain.errors import Invalid, NotFound, Problem
from domain.ingests import Ledger
from domain.pins import Pin
from domain.wording import tr

RETENTION = timedelta(days=7)
LEAST_RETENTION = timedelta(hours=1)
"""Longer than any request reads one version: what somebody is reading is never removed under them."""
SPAN = re.compile(r"(\d{1,6})\s*(h|d|w)")
MANY_FILES = 32
"""An ingest that leaves so many small files, which neighbours could take up, puts them together itself."""
UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


class Restoring(msgspec.Struct, frozen=True, kw_only=True):
    """What going back to a version does, or did: `table_version` is the version that it made, None before.

    `files_again` are the files that the next ingest takes for new or changed, if they are still there.
    """

    version: int
    rows: int
    rows_now: int
    rows_added: int
    rows_removed: int
    files_again: tuple[str, ...] = ()
    columns_added: tuple[Column, ...] = ()
    columns_removed: tuple[Column, ...] = ()
    joins: tuple[str, ...] = ()
    """The joins that are made anew from it."""
    table_version: int | None = None


class Optimizing(msgspec.Struct, frozen=True, kw_only=True):
    """The small files that are put together, their bytes, and how many there are instead."""

    files: int = 0
    bytes: int = 0
    into: int = 0
    table_version: int | None = None
    """The version that it made; None when nothing was to be done, and before."""


class Vacuuming(msgspec.Struct, frozen=True, kw_only=True):
    """The files that no kept version needs, and the versions that cannot be read any more without them.

    `pinned` are versions that stay although they are older, because a dashboard is pinned to them.
    """

    retention_hours: int
    files: int = 0
    bytes: int = 0
    versions: tuple[int, ...] = ()
    pinned: tuple[int, ...] = ()
    is_done: bool = False


def retention_of(text: str) -> timedelta:
    """`36h`, `7d` or `2w` as a span of time.

    Raises:
        Invalid: when it is none, or shorter than an hour.
    """
    found = SPAN.fullmatch(text.strip().lower())
    if found is None:
        problem = Problem("retention", tr("write hours, days or weeks: 36h, 7d, 2w"))
        raise Invalid(tr("The retention cannot be used."), (problem,))
    return checked_retention(int(found[1]) * UNITS[found[2]])


def checked_retention(span: timedelta) -> timedelta:
    """The span, rounded down to hours.

    Raises:
        Invalid: when it is shorter than an hour: somebody may be reading what would go.
    """
    if span < LEAST_RETENTION:
        message = tr("must be an hour or more, because somebody may be reading what would be removed")
        raise Invalid(tr("The retention cannot be used."), (Problem("retention", message),))
    return timedelta(hours=span // LEAST_RETENTION)


def check_there(collection: DataCollection, version: int) -> None:
    """Let pass a version that can be read.

    Raises:
        NotFound: when there is none of that number, or a vacuum has removed its files.
    """
    if collection.table_version is None or not 0 <= version <= collection.table_version:
        raise NotFound(tr("The data collection {tag!r} has no version {version}.", tag=collection.tag, version=version))
    if version in collection.gone:
        kept = min(set(range(collection.table_version + 1)) - set(collection.gone))
        raise NotFound(
            tr(
                "Version {version} of {tag!r} cannot be read any more: its files were removed to save space. "
                "The oldest version that is kept is {kept}.",
                version=version,
                tag=collection.tag,
                kept=kept,
            )
        )


def check_pins(pins: Mapping[str, Pin], stored: Mapping[str, Pin], collections: Sequence[DataCollection]) -> None:
    """Let pass pins of collections of the project to versions that can be read, and those that were there before.

    Raises:
        Invalid: naming each other one.
    """
    known = {one.id: one for one in collections}
    problems = []
    for key, pin in pins.items():
        if stored.get(key) == pin:
            continue
        if key not in known:
            problems.append(Problem(f"pins.{key}", tr("is no data collection of this project")))
            continue
        try:
            check_there(known[key], pin.version)
        except NotFound as error:
            problems.append(Problem(f"pins.{known[key].tag}", error.message))
    if problems:
        raise Invalid(tr("The dashboard cannot be pinned like that."), tuple(problems))


def ledger_changes(now: Ledger | None, then: Ledger | None) -> tuple[tuple[str, ...], int, int]:
    """Going back from one ledger to an older one: the files that are ingested again, rows that come, rows that go."""
    here = {(file.path, file.sha256): file.rows for file in (now.files if now else ())}
    there = {(file.path, file.sha256): file.rows for file in (then.files if then else ())}
    again = tuple(sorted({path for path, _ in here.keys() - there.keys()}))
    return again, _rows(there, here), _rows(here, there)


def unreadable(live: Mapping[int, frozenset[str]], removed: Iterable[str]) -> tuple[int, ...]:
    """The versions that need one of the removed files."""
    gone = frozenset(removed)
    return tuple(sorted(version for version, files in live.items() if files & gone))


def _rows(those: Mapping[tuple[str, str], int], others: Mapping[tuple[str, str], int]) -> int:
    return sum(rows for key, rows in those.items() if key not in others)
