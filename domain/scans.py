"""What a scan found, as values: every file of a collection with what an ingest would do with it, and why."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec

from domain.errors import Problem
from domain.ingests import FoundFile, LedgerFile, Plan


class FileState(StrEnum):
    """What an ingest would do with a file: read it, take its rows out, leave it, or fail at it."""

    NEW = "new"
    CHANGED = "changed"
    VANISHED = "vanished"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class ScannedFile(msgspec.Struct, frozen=True):
    """A file, its state, and the reason for that. A refusal may be of a place that is no file."""

    path: str
    state: FileState
    reason: str


class CollectionScan(msgspec.Struct, frozen=True, kw_only=True):
    """What was found for one collection. `message` says why nothing could be listed."""

    workflow: str
    tag: str
    files: tuple[ScannedFile, ...] = ()
    message: str = ""

    def count(self, state: FileState) -> int:
        """How many files have that state."""
        return sum(file.state is state for file in self.files)


NOT_KNOWN = "is in the table for the first time"
GONE = "is not there any more"
SAME = "has the content that is in the table"
OTHER_CONTENT = "has another content than in the table"
OTHER_READING = "has the same content, which the project file reads otherwise now"


def scanned_files(
    plan: Plan, listing: Sequence[FoundFile], known: Mapping[str, LedgerFile], refused: Sequence[Problem] = ()
) -> tuple[ScannedFile, ...]:
    """Every file of the plan once, by path; a file that is refused is no longer new or changed.

    `listing` is what was found, `known` what is in the table: a changed file may have the same content as before.
    """
    same = {file.path for file in listing if file.path in known and known[file.path].sha256 == file.sha256}
    states = {
        path: ScannedFile(path, state, OTHER_READING if state is FileState.CHANGED and path in same else reason)
        for state, paths, reason in (
            (FileState.NEW, plan.new, NOT_KNOWN),
            (FileState.CHANGED, plan.changed, OTHER_CONTENT),
            (FileState.VANISHED, plan.vanished, GONE),
            (FileState.UNCHANGED, plan.unchanged, SAME),
        )
        for path in paths
    }
    states |= {one.place: ScannedFile(one.place, FileState.REFUSED, one.message) for one in refused}
    return tuple(states[path] for path in sorted(states))
