"""Ingestion as values: what a scan found, what a table holds of it, what is left to do, and what came of it."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import msgspec

from domain.collections import DataCollection
from domain.description import CollectionConfig
from domain.errors import DomainError, Invalid, Problem
from domain.wording import tr

READING = 1
"""Raised when files are read differently than before, so that tables are made anew from all their files."""


class FoundFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that belongs to a collection. `path` is its name everywhere: the run's name and the path below the run."""

    path: str
    run: str
    size: int
    mtime_ns: int
    sha256: str
    captures: dict[str, str] = {}
    """What the wildcards of the file pattern captured: columns of the table."""


class LedgerFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file whose rows are in a table. `schema` is the place of its columns in `Ledger.schemas`."""

    path: str
    run: str
    size: int
    mtime_ns: int
    sha256: str
    rows: int
    schema: int


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """What one version of a table was made of; it lies in the commit that made the version.

    `reading` stands for the options by which the files were read; `schemas` map columns to types as inferred.
    """

    reading: str
    files: tuple[LedgerFile, ...] = ()
    schemas: tuple[dict[str, str], ...] = ()

    @property
    def rows(self) -> int:
        """How many rows the table has."""
        return sum(file.rows for file in self.files)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The paths that an ingest has to do with; only the new and the changed are read."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()

    @property
    def needed(self) -> tuple[str, ...]:
        """The files to be read, by path."""
        return tuple(sorted([*self.new, *self.changed]))

    @property
    def changes_nothing(self) -> bool:
        """Whether the table is what the files say already."""
        return not (self.new or self.changed or self.vanished)


class Outcome(StrEnum):
    """What an ingest did to one collection."""

    UPDATED = "updated"
    UNCHANGED = "unchanged"
    FAILED = "failed"


OUTCOME_WORDS = {
    Outcome.UPDATED: tr("updated"),
    Outcome.UNCHANGED: tr("unchanged"),
    Outcome.FAILED: tr("failed"),
}
"""What people call each of them."""


class JoinOutcome(msgspec.Struct, frozen=True):
    """What became of a join because one of its sides changed."""

    tag: str
    outcome: Outcome
    message: str = ""


class CollectionReport(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of one collection: counts of files, the table after it, and when it failed, why and where."""

    workflow: str
    tag: str
    outcome: Outcome
    new: int = 0
    changed: int = 0
    vanished: int = 0
    unchanged: int = 0
    rows: int = 0
    table_version: int | None = None
    message: str = ""
    """Why it failed; of a join that multiplied rows, by how much."""
    problems: tuple[Problem, ...] = ()
    refused: tuple[str, ...] = ()
    """The runs of the files that were refused, where it failed because of files."""
    joins: tuple[JoinOutcome, ...] = ()
    """The joins that were made anew after it, where the ingest did that; each has a record of its own too."""


class IngestRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a project's ingest log; ingests that found nothing to do leave none."""

    id: str
    project_id: str
    user_id: str
    user_email: str
    started_at: datetime
    finished_at: datetime
    report: CollectionReport


def reading_of(config: CollectionConfig) -> str:
    """A fingerprint of everything in the description that decides what is read from a file."""
    properties = config.dc_specific_properties
    said = msgspec.json.encode(
        [
            *(READING, config.scan.scan_parameters.regex_config),
            *(properties.format, properties.polars_kwargs, properties.kept, properties.overrides),
            *([properties.feature_id_key] if properties.format == "geojson" else []),
            *([properties.ladderize, properties.tip_label_strategy] if properties.format == "newick" else []),
        ],
        order="sorted",
    )
    return hashlib.sha256(said).hexdigest()


def failed_report(
    collection: DataCollection, error: DomainError, listing: Iterable[FoundFile] = ()
) -> CollectionReport:
    """The report of an ingest of these files that ended with this error; the table is as it was."""
    problems = error.problems if isinstance(error, Invalid) else ()
    places = {problem.place for problem in problems}
    return CollectionReport(
        workflow=collection.workflow,
        tag=collection.tag,
        outcome=Outcome.FAILED,
        rows=collection.rows,
        table_version=collection.table_version,
        message=error.message,
        problems=problems,
        refused=tuple(sorted({file.run for file in listing if file.path in places})),
    )


def plan(ledger: Ledger | None, listing: Iterable[FoundFile], reading: str) -> Plan:
    """What is to be done so that the table holds exactly the listed files, read in this way.

    A file is the same when its content hash is, wherever its time of change stands. A ledger of another way of reading
    makes every file a changed one.
    """
    known = {file.path: file for file in ledger.files} if ledger else {}
    same_reading = ledger is not None and ledger.reading == reading
    found = {file.path: file for file in listing}
    old = [path for path in found if path in known]
    unchanged = {path for path in old if same_reading and known[path].sha256 == found[path].sha256}
    return Plan(
        new=tuple(sorted(found.keys() - known.keys())),
        changed=tuple(sorted(set(old) - unchanged)),
        vanished=tuple(sorted(known.keys() - found.keys())),
        unchanged=tuple(sorted(unchanged)),
    )
