"""Jobs as values: work that goes on behind people's backs, how far it is, and what may be done with it when."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from domain.access import Scope
from domain.errors import Conflict, Problem
from domain.ingests import CollectionReport
from domain.wording import tr

LOG_LINES = 200
"""So many of the newest lines of a job's log are kept."""
MOST_ATTEMPTS = 3
"""A job that ends the process it runs in so often is not begun again."""
MOST_SAID = 500
"""Characters of one line of the log."""


class JobKind(StrEnum):
    """What a job does. What each kind needs and how it is done stands in `services.job_kinds`, and nowhere else."""

    UPLOAD = "upload"
    INGEST = "ingest"
    IMAGES = "images"
    JOINS = "joins"
    RESTORE = "restore"
    OPTIMIZE = "optimize"
    VACUUM = "vacuum"


class JobState(StrEnum):
    """Where a job is in its life. One that failed or was cancelled can be begun again."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


STATE_WORDS = {
    JobState.WAITING: tr("waiting"),
    JobState.RUNNING: tr("running"),
    JobState.DONE: tr("done"),
    JobState.FAILED: tr("failed"),
    JobState.CANCELLED: tr("cancelled"),
}
"""What people call each of them."""
LIVE = (JobState.WAITING, JobState.RUNNING)
ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a job is. `files` and `bytes` are those that are done, of `all_files` and `all_bytes` to be read."""

    step: str = ""
    files: int = 0
    all_files: int = 0
    bytes: int = 0
    all_bytes: int = 0
    rows: int = 0
    since: datetime | None = None
    """When the reading began."""
    at: datetime | None = None
    """When this was so."""
    seconds_left: float | None = None
    """About how long the rest took to go at that moment, for programs; None when nobody knew, or all is done."""

    @property
    def share(self) -> float | None:
        """What part is done, from 0 to 1; None while nobody knows."""
        if not self.all_bytes:
            return None
        return min(self.bytes / self.all_bytes, 1.0)

    @property
    def left(self) -> timedelta | None:
        """How long the rest takes at the pace so far; None while there is none to tell by."""
        share = self.share
        if not share or self.since is None or self.at is None or self.at <= self.since:
            return None
        return (self.at - self.since) * ((1 - share) / share)

    def judged(self) -> "Progress":
        """The same with how long the rest takes."""
        return msgspec.structs.replace(self, seconds_left=None if self.left is None else self.left.total_seconds())


class LogLine(msgspec.Struct, frozen=True):
    """One line of what a job says about itself."""

    at: datetime
    text: str


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a job; `collection_id` names the data collection to look at."""

    collection_id: str = ""
    reports: tuple[CollectionReport, ...] = ()


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Why a job failed."""

    message: str
    problems: tuple[Problem, ...] = ()


class Starter(msgspec.Struct, frozen=True, kw_only=True):
    """For whom a job works, and what their token let through. What they may is looked up anew when it runs."""

    user_id: str
    email: str = ""
    scopes: tuple[Scope, ...] | None = None


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of work. Who runs it holds it by `owner` until `held_until`, and says so again every second.

    Jobs of one `lane` run one after the other. `place` is the data directory that has the files it needs, if any.
    """

    id: str
    project_id: str
    kind: JobKind
    title: str
    lane: str
    by: Starter
    created_at: datetime
    collection_id: str = ""
    place: str = ""
    state: JobState = JobState.WAITING
    started_at: datetime | None = None
    finished_at: datetime | None = None
    attempts: int = 0
    owner: str = ""
    held_until: datetime | None = None
    cancel_asked: bool = False
    progress: Progress = Progress()
    log: tuple[LogLine, ...] = ()
    result: Result = Result()
    failure: Failure | None = None
    version: int = 1

    @property
    def is_live(self) -> bool:
        """Whether it waits or runs."""
        return self.state in LIVE


class End(msgspec.Struct, frozen=True, kw_only=True):
    """How a job ended."""

    state: JobState
    result: Result = Result()
    failure: Failure | None = None


def end_of(result: Result) -> End:
    """Done, unless one of the reports says that it failed."""
    failed = [report for report in result.reports if report.outcome == "failed"]
    if not failed:
        return End(state=JobState.DONE, result=result)
    names = [f"{report.tag}: {report.message}" if len(failed) > 1 else report.message for report in failed]
    problems = tuple(problem for report in failed for problem in report.problems)
    return End(state=JobState.FAILED, result=result, failure=Failure(message=" ".join(names), problems=problems))


def is_abandoned(job: Job, at: datetime, dead: frozenset[str]) -> bool:
    """Whether who ran the job is gone: known to be dead, or silent for longer than the hold lasts."""
    return job.state is JobState.RUNNING and (job.owner in dead or job.held_until is None or job.held_until < at)


def to_be_run(live: Iterable[Job], at: datetime, dead: frozenset[str], place: str) -> list[Job]:
    """Which of the waiting and the abandoned jobs a process with that data directory may take, the oldest first.

    A lane in which somebody works is left alone, and of each lane the oldest comes first.
    """
    found = sorted(live, key=lambda job: (job.created_at, job.id))
    taken = {job.lane for job in found if job.state is JobState.RUNNING and not is_abandoned(job, at, dead)}
    chosen = []
    for job in found:
        if job.lane in taken:
            continue
        taken.add(job.lane)
        if job.place in {"", place}:
            chosen.append(job)
    return chosen


def check_cancel(job: Job) -> None:
    """Let pass a job that can be cancelled.

    Raises:
        Conflict: when it has ended.
    """
    if not job.is_live:
        raise Conflict(tr("This job is {state} already: there is nothing to cancel.", state=STATE_WORDS[job.state]))


def check_retry(job: Job) -> None:
    """Let pass a job that can be begun again.

    Raises:
        Conflict: when it has not ended, or did what it was to do.
    """
    if job.state not in {JobState.FAILED, JobState.CANCELLED}:
        raise Conflict(
            tr(
                "This job is {state}: only one that failed or was cancelled can be begun again.",
                state=STATE_WORDS[job.state],
            )
        )


def with_lines(log: Iterable[LogLine], more: Iterable[LogLine]) -> tuple[LogLine, ...]:
    """The log with more lines, each cut to a length that fits a page, and the oldest of too many left out."""
    cut = [msgspec.structs.replace(line, text=line.text[:MOST_SAID]) for line in more]
    return (*log, *cut)[-LOG_LINES:]
