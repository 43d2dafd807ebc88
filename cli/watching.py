"""Watching the runs of a project file: each is ingested when it is complete, until the command is told to stop."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from cli.failures import Stopped
from cli.ingest import Result
from domain.errors import DomainError, Problem, Unavailable
from domain.ingests import CollectionReport, Outcome
from domain.watching import Seen, Watched, ingested, is_new, is_ready, looked_at
from services.project_files import ProjectFile, read_project_file
from services.run_folders import look
from services.waiting import happens

FIRST_WAIT = 15.0
LONGEST_WAIT = 600.0
"""After a failure that no run is to blame for, such as a server that does not answer, it is tried again after so long,
twice as long each time."""

Ingest = Callable[[ProjectFile, Collection[str], Callable[[], bool]], Awaitable[Result]]
"""Ingests a project; the runs that are named stay as they were ingested last. It is told when to begin nothing more."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something to tell. `kind` is watching, waiting, complete, gone, ingested, failed, retrying or stopped."""

    at: datetime
    kind: str
    runs: tuple[str, ...] = ()
    message: str = ""
    reports: tuple[CollectionReport, ...] = ()
    problems: tuple[Problem, ...] = ()


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """`quiet` and `poll` in seconds; `marker` is a pattern below a run's folder."""

    marker: str
    quiet: float
    poll: float
    once: bool = False


class Watcher:
    """Watches one project file; `stop` ends it before the next collection is begun."""

    def __init__(
        self,
        path: Path,
        variables: Mapping[str, str],
        environment: Mapping[str, str],
        options: Options,
        ingest: Ingest,
        tell: Callable[[Event], None],
    ) -> None:
        self._path = path
        self._variables = variables
        self._environment = environment
        self._options = options
        self._ingest = ingest
        self._tell = tell
        self._file = read_project_file(path, variables)
        self._read_at = _changed(path)
        self._runs: dict[str, Watched] = {}
        self._gone: set[str] = set()
        self._wait = 0.0
        self._not_before = 0.0
        self._has_ingested = False
        self.stop = asyncio.Event()

    @property
    def has_failed(self) -> bool:
        """Whether the last try of some run failed."""
        return bool(self._wait) or any(run.is_failed for run in self._runs.values())

    async def run(self) -> None:
        """Watch until told to stop, or look once.

        Raises:
            DomainError, Stopped: when the first look or ingest shows that nothing can be done like this.
        """
        self._say("watching", message=f"{self._file.description.name}, as {self._path} describes it")
        while not self.stop.is_set():
            await self._once()
            if self._options.once:
                return
            await happens(self.stop, self._options.poll)
        self._say("stopped")

    async def _once(self) -> None:
        try:
            self._reload()
            await self._look()
            while self._is_due() and await self._ingest_ready():
                pass
        except (DomainError, Stopped) as error:
            # A server that does not answer yet may soon; anything else is wrong from the beginning.
            if self._options.once or not (self._has_ingested or isinstance(error, Unavailable)):
                raise
            self._put_off(error)

    def _reload(self) -> None:
        """Follow changes of the project file; what it describes otherwise now is ingested anew."""
        changed = _changed(self._path)
        if changed == self._read_at:
            return
        self._read_at = changed
        self._file = read_project_file(self._path, self._variables)
        self._runs = {name: msgspec.structs.replace(run, ingested=None) for name, run in self._runs.items()}

    async def _look(self) -> None:
        seen = await asyncio.to_thread(look, self._file, self._environment, self._options.marker)
        at, before = time.time(), self._runs
        gone = set(before) - set(seen)
        if gone:
            self._gone |= gone
            self._say("gone", gone)
        self._runs = {name: looked_at(before.get(name), one, at) for name, one in seen.items()}
        waiting = {name for name, run in self._runs.items() if is_new(run) and not self._is_ready(run)}
        news = waiting - {name for name, run in before.items() if is_new(run)}
        if news:
            self._say("waiting", news)

    def _is_ready(self, run: Watched) -> bool:
        return is_ready(run, time.time(), self._options.quiet)

    def _is_due(self) -> bool:
        return not self.stop.is_set() and time.monotonic() >= self._not_before

    async def _ingest_ready(self) -> bool:
        """Ingest what is complete; whether some of it failed for one run, so that the others are to be tried again."""
        ready = {name: run.seen for name, run in self._runs.items() if self._is_ready(run)}
        if not ready and not self._gone:
            return False
        if ready:
            self._say("complete", ready)
        gone, held = set(self._gone), set(self._runs) - set(ready)
        result = await self._ingest(self._file, held, self.stop.is_set)
        if self.stop.is_set():
            return False
        self._has_ingested, self._wait, self._not_before = True, 0.0, 0.0
        self._gone -= gone
        return self._settle(ready, result.reports)

    def _settle(self, ready: dict[str, Seen], reports: list[CollectionReport]) -> bool:
        failed = [report for report in reports if report.outcome is Outcome.FAILED]
        blamed = {name for report in failed for name in blamed_runs(report, ready)}
        # Runs that are not to blame are ingested without those that are; without such, trying again would not help.
        tried_again = bool(blamed) and blamed != set(ready)
        for name, seen in ready.items():
            if name in blamed or not tried_again:
                is_failed = name in blamed or (bool(failed) and not blamed)
                self._runs[name] = ingested(self._runs[name], seen, is_failed=is_failed)
        done = tuple(report for report in reports if report.outcome is not Outcome.FAILED)
        whole = set(ready) - blamed
        # Where each run that is ready is to blame, the other collections have nothing new to tell of.
        is_news = bool(whole) or any(report.outcome is Outcome.UPDATED for report in done)
        if done and is_news and not tried_again:
            self._say("ingested", whole, reports=done)
        for report in failed:
            self._failed(report, blamed_runs(report, ready) or ready)
        return tried_again

    def _failed(self, report: CollectionReport, runs: Collection[str]) -> None:
        message = f"{report.workflow}.{report.tag}: {report.message}"
        self._say("failed", runs, message=message, problems=report.problems)

    def _put_off(self, error: DomainError | Stopped) -> None:
        """Nothing could be done, whatever the runs are like: wait, longer each time."""
        self._wait = min(self._wait * 2 or FIRST_WAIT, LONGEST_WAIT)
        self._not_before = time.monotonic() + self._wait
        message = error.failure.message if isinstance(error, Stopped) else error.message
        problems = getattr(error, "problems", ())
        self._say("retrying", message=f"{message} It is tried again in {self._wait:.0f} s.", problems=problems)

    def _say(
        self,
        kind: str,
        runs: Collection[str] = (),
        *,
        message: str = "",
        reports: tuple[CollectionReport, ...] = (),
        problems: tuple[Problem, ...] = (),
    ) -> None:
        at = datetime.now(UTC).replace(microsecond=0)
        self._tell(
            Event(at=at, kind=kind, runs=tuple(sorted(runs)), message=message, reports=reports, problems=problems)
        )


def blamed_runs(report: CollectionReport, runs: Collection[str]) -> set[str]:
    """The runs whose files the problems of a failed collection name."""
    if report.outcome is not Outcome.FAILED:
        return set()
    return {name for name in runs for problem in report.problems if problem.place.startswith(f"{name}/")}


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
