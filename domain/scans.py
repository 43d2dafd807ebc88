"""What a scan found, as values: every file of a collection with what an ingest would do with it."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from domain.errors import Problem
from domain.ingests import Plan


class FileState(StrEnum):
    """What an ingest would do with a file: read it, take its rows out, leave it, or fail at it."""

    NEW = "new"
    CHANGED = "changed"
    VANISHED = "vanished"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class ScannedFile(msgspec.Struct, frozen=True):
    """A file and its state; refused ones with the reason. A refusal may be of a place that is no file."""

    path: str
    state: FileState
    reason: str = ""


class CollectionScan(msgspec.Struct, frozen=True, kw_only=True):
    """What was found for one collection. `message` says why nothing could be listed."""

    workflow: str
    tag: str
    files: tuple[ScannedFile, ...] = ()
    message: str = ""

    def count(self, state: FileState) -> int:
        """How many files have that state."""
        return sum(file.state is state for file in self.files)


def scanned_files(plan: Plan, refused: Sequence[Problem] = ()) -> tuple[ScannedFile, ...]:
    """Every file of the plan once, by path; a file that is refused is no longer new or changed."""
    states = {
        path: ScannedFile(path, state)
        for state, paths in (
            (FileState.NEW, plan.new),
            (FileState.CHANGED, plan.changed),
            (FileState.VANISHED, plan.vanished),
            (FileState.UNCHANGED, plan.unchanged),
        )
        for path in paths
    }
    states |= {one.place: ScannedFile(one.place, FileState.REFUSED, one.message) for one in refused}
    return tuple(states[path] for path in sorted(states))
