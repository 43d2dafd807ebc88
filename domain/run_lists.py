"""The runs of a workflow over all its collections: what the last ingests did to each, and pages of their list."""

import base64
import binascii
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec

from domain.errors import Invalid, Problem
from domain.ingests import LedgerFile
from domain.runs import BILLION
from domain.wording import tr

PAGE_LENGTH, PAGE_MAX_LENGTH = 25, 200


class RunState(StrEnum):
    """What the newest version of each collection changed of a run; first versions alone make a run new."""

    REFUSED = "refused"
    VANISHED = "vanished"
    CHANGED = "changed"
    NEW = "new"
    UNCHANGED = "unchanged"


class RunShare(msgspec.Struct, frozen=True, kw_only=True):
    """What one collection has of a run, and what its last ingest did to that; `files` counts those of now."""

    files: int = 0
    rows: int = 0
    size: int = 0
    changed_ns: int = 0
    new: int = 0
    changed: int = 0
    vanished: int = 0
    is_first: bool = False
    """Whether the collection has no earlier version, so that all its files are new."""


class RunLine(msgspec.Struct, frozen=True, kw_only=True):
    """One run in the list of its workflow; `changed_at` is when the newest of its files was changed."""

    workflow: str
    name: str
    state: RunState
    collections: tuple[str, ...]
    files: int
    rows: int
    size: int
    changed_at: datetime | None


class Refusal(msgspec.Struct, frozen=True):
    """Why files of a run were not taken at the last ingest of a collection."""

    tag: str
    place: str
    message: str


class RunsWanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of a list: every word of `q` in name or state, by `sort` (`-` before it from the end), after a row."""

    q: str = ""
    sort: str = "-changed"
    after: str = ""
    limit: int = PAGE_LENGTH


class RunsPage(msgspec.Struct, frozen=True):
    """One page; `total` counts what matches, and `next` is what the next page is `after`, None on the last."""

    items: tuple[RunLine, ...]
    total: int
    next: str | None


SORTS: dict[str, Callable[[RunLine], tuple[Any, ...]]] = {
    "changed": lambda one: (one.changed_at.timestamp() if one.changed_at else 0.0, one.name),
    "name": lambda one: (one.name.casefold(), one.name),
    "files": lambda one: (one.files, one.name),
    "rows": lambda one: (one.rows, one.name),
    "size": lambda one: (one.size, one.name),
    "state": lambda one: (list(RunState).index(one.state), one.name),
}


def shares(now: Iterable[LedgerFile], before: Iterable[LedgerFile] | None) -> dict[str, RunShare]:
    """What a collection has of each run, by the ledgers of its newest version and of the one before, if any."""
    runs: dict[str, list[LedgerFile]] = defaultdict(list)
    old = {file.path: file for file in before or ()}
    gone: dict[str, int] = defaultdict(int)
    held = set()
    for file in now:
        runs[file.run].append(file)
        held.add(file.path)
    for file in old.values():
        if file.path not in held:
            gone[file.run] += 1
    first = before is None
    return {run: _share(runs.get(run, []), old, gone[run], is_first=first) for run in {*runs, *gone}}


def _share(files: Sequence[LedgerFile], old: Mapping[str, LedgerFile], gone: int, *, is_first: bool) -> RunShare:
    known = [file for file in files if file.path in old]
    return RunShare(
        files=len(files),
        rows=sum(file.rows for file in files),
        size=sum(file.size for file in files),
        changed_ns=max((file.mtime_ns for file in files), default=0),
        new=len(files) - len(known),
        changed=sum(old[file.path].sha256 != file.sha256 for file in known),
        vanished=gone,
        is_first=is_first,
    )


def run_lines(
    workflow: str, held: Mapping[str, Mapping[str, RunShare]], refused: Mapping[str, Sequence[Refusal]]
) -> list[RunLine]:
    """The runs of a workflow: what each collection has of each, by tag and run, and what was refused, by run."""
    found: dict[str, dict[str, RunShare]] = defaultdict(dict)
    for tag, runs in held.items():
        for run, share in runs.items():
            found[run][tag] = share
    for run in refused:
        found[run].update({one.tag: RunShare() for one in refused[run] if one.tag not in found[run]})
    return [_line(workflow, run, parts, is_refused=run in refused) for run, parts in found.items()]


def _line(workflow: str, name: str, parts: Mapping[str, RunShare], *, is_refused: bool) -> RunLine:
    changed_ns = max((share.changed_ns for share in parts.values()), default=0)
    return RunLine(
        workflow=workflow,
        name=name,
        state=RunState.REFUSED if is_refused else _state(list(parts.values())),
        collections=tuple(sorted(tag for tag, share in parts.items() if share.files)),
        files=sum(share.files for share in parts.values()),
        rows=sum(share.rows for share in parts.values()),
        size=sum(share.size for share in parts.values()),
        changed_at=datetime.fromtimestamp(changed_ns / BILLION, UTC) if changed_ns else None,
    )


def _state(parts: Sequence[RunShare]) -> RunState:
    told = [one for one in parts if not one.is_first] or parts
    files, new = sum(one.files for one in parts), sum(one.new for one in told)
    changed, vanished = sum(one.changed for one in told), sum(one.vanished for one in told)
    if not files:
        return RunState.VANISHED
    if new == files and not vanished:
        return RunState.NEW
    return RunState.CHANGED if new or changed or vanished else RunState.UNCHANGED


def runs_page(lines: Sequence[RunLine], wanted: RunsWanted) -> RunsPage:
    """The page that is wanted. It goes on from a row, so that ingests in between repeat and hide nothing.

    Raises:
        Invalid: for an order that there is not, or a page that cannot be.
    """
    name = wanted.sort.removeprefix("-")
    _check(wanted, name)
    words = wanted.q.casefold().split()
    matching = [one for one in lines if all(word in f"{one.name} {one.state}".casefold() for word in words)]
    key, falls = SORTS[name], wanted.sort.startswith("-")
    ordered = sorted(matching, key=key, reverse=falls)
    if wanted.after:
        last = _row(wanted.after, key(ordered[0]) if ordered else ())
        ordered = [one for one in ordered if (key(one) < last if falls else key(one) > last)]
    items = tuple(ordered[: wanted.limit])
    more = len(ordered) > wanted.limit
    return RunsPage(items, len(matching), _cursor(key(items[-1])) if more else None)


def _check(wanted: RunsWanted, name: str) -> None:
    problems = []
    if name not in SORTS:
        problems.append(Problem("sort", tr("must be {known}, or one of them after a minus", known=", ".join(SORTS))))
    if not 1 <= wanted.limit <= PAGE_MAX_LENGTH:
        problems.append(Problem("limit", tr("must be 1 to {most}", most=PAGE_MAX_LENGTH)))
    if problems:
        raise Invalid(tr("There is no such page of the list."), tuple(problems))


def _cursor(key: tuple[Any, ...]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def _row(cursor: str, like: tuple[Any, ...]) -> tuple[Any, ...]:
    """The row that a cursor stands for: of the same types as the rows of this order."""
    try:
        found = tuple(msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=list[Any]))
    except (msgspec.DecodeError, binascii.Error, UnicodeError, ValueError):
        found = ()
    kinds = [(int, float) if isinstance(one, (int, float)) else str for one in like]
    if like and (len(found) != len(kinds) or not all(map(isinstance, found, kinds))):
        raise Invalid(
            tr("There is no such page of the list."), (Problem("after", tr("is not what a page gave as next")),)
        )
    return found


def change_of(tag: str, version: int, at: datetime, share: RunShare) -> "RunChange | None":
    """What a version of a collection changed of a run; None when nothing."""
    if not (share.new or share.changed or share.vanished):
        return None
    return RunChange(
        tag=tag,
        version=version,
        at=at,
        new=share.new,
        changed=share.changed,
        vanished=share.vanished,
        files=share.files,
        rows=share.rows,
    )


class RunChange(msgspec.Struct, frozen=True, kw_only=True):
    """What one ingest did to a run in one collection: files by what became of them, and what it had afterwards."""

    tag: str
    at: datetime
    version: int | None = None
    new: int = 0
    changed: int = 0
    vanished: int = 0
    files: int = 0
    rows: int = 0
    message: str = ""
    """Why the ingest failed, where files of the run were refused."""


class RunFiles(msgspec.Struct, frozen=True):
    """The files that one collection has of a run."""

    collection_id: str
    tag: str
    files: tuple[LedgerFile, ...]


class RunDetail(msgspec.Struct, frozen=True, kw_only=True):
    """One run: its files by collection, what was refused of it, and what ingests did to it, the newest first."""

    line: RunLine
    held: tuple[RunFiles, ...]
    refusals: tuple[Refusal, ...]
    history: tuple[RunChange, ...]
