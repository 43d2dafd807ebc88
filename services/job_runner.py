"""Runs jobs: takes those that wait or whose process died, says every second that they live, and writes their end.

Any number of processes may run one. Which of them has a job is settled by updates of its document that match what was
read; who finds that a job is theirs no more stops working on it.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from domain.access import Actor, by_token
from domain.errors import DomainError, Invalid, Unavailable
from domain.ingests import OUTCOME_WORDS
from domain.jobs import (
    MOST_ATTEMPTS,
    End,
    Failure,
    Job,
    JobState,
    LogLine,
    Progress,
    end_of,
    to_be_run,
    with_lines,
)
from domain.projects import Access
from domain.wording import tr
from persistence.jobs import JobRepository
from persistence.leases import holder_of, is_dead, owner_here
from persistence.watching import Stopped, WatchedFolder
from services.clock import Clock
from services.computing import UNKNOWN, Computation, Computer
from services.groups import Groups
from services.job_kinds import Kinds
from services.people import People
from services.projects import Projects
from services.waiting import happens

LOOKS_EVERY = 0.5
"""Seconds between two looks for jobs that other processes started, or left."""
SPEAKS_EVERY = 0.5
HELD_FOR = timedelta(seconds=10)
SO_OFTEN = tr(
    "The server ended {attempts} times while it did this, perhaps because the memory was full. "
    "It is not tried again by itself.",
    attempts=MOST_ATTEMPTS,
)
NO_FOLDER = tr(
    "The data directory of the server cannot be written: {reason}. Try again when it has room and may be written."
)
SOON = tr("The server is stopping. This goes on when it is back.")

log = logging.getLogger("depictio.jobs")


class JobRunner:
    """Does up to `slots` jobs at a time; `folder` is shared with the processes that compute."""

    def __init__(
        self,
        jobs: JobRepository,
        kinds: Kinds,
        people: People,
        groups: Groups,
        projects: Projects,
        computer: Computer,
        folder: Path,
        place: str,
        slots: int,
        now: Clock,
    ) -> None:
        self._jobs = jobs
        self._kinds = kinds
        self._people = people
        self._groups = groups
        self._projects = projects
        self._computer = computer
        self._folder = folder
        self._place = place
        self._slots = slots
        self._now = now
        self._wake = asyncio.Event()
        self._running: dict[str, _Attempt] = {}
        self._prepare: Callable[[Access], Awaitable[None]] | None = None
        self._preparing: set[asyncio.Task[None]] = set()

    @property
    def doing(self) -> tuple[str, ...]:
        """What this process works on now."""
        return tuple(attempt.job.title for attempt in self._running.values())

    @property
    def computer(self) -> str:
        """Where it is computed, as people call it."""
        return self._computer.name

    def prepare_with(self, prepare: Callable[[Access], Awaitable[None]]) -> None:
        """What to do, in the background, for a project whose tables a job has changed."""
        self._prepare = prepare

    def wake(self) -> None:
        """There is something to do, or to stop."""
        self._wake.set()
        for attempt in self._running.values():
            attempt.wake.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run jobs while the block runs; those that are not done by its end wait for whoever runs jobs next."""
        looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            looking.cancel()
            tasks = [looking, *self._preparing, *(attempt.task for attempt in self._running.values() if attempt.task)]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.to_thread(self._computer.close)

    async def _look(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self._take()
            except DomainError as error:
                log.warning("Jobs cannot be looked for: %s", error)
            await happens(self._wake, LOOKS_EVERY)

    async def _take(self) -> None:
        if len(self._running) >= self._slots:
            return
        live = await self._jobs.live()
        dead = frozenset(job.owner for job in live if job.owner and is_dead(job.owner))
        for job in to_be_run(live, self._now(), dead, self._place):
            if len(self._running) < self._slots and job.id not in self._running:
                await self._begin(job)

    async def _begin(self, job: Job) -> None:
        claimed = await self._jobs.claim(job, owner_here(), self._now(), self._now() + HELD_FOR)
        if claimed is None:
            return
        if await self._is_second(claimed):
            await self._jobs.release(claimed, claimed.log)
            return
        left = job.state is JobState.RUNNING
        holder, computer = holder_of(claimed.owner), self._computer.name
        said = tr("Begun: {holder}, with {computer}", holder=holder, computer=computer)
        if left:
            said = tr(
                "Taken up after {former} ended: {holder}, with {computer}",
                former=holder_of(job.owner),
                holder=holder,
                computer=computer,
            )
        line = LogLine(self._now(), said)
        folder = self._folder / f"{job.id}-{claimed.attempts}-{claimed.version}"
        attempt = _Attempt(claimed, Computation(self._computer, folder), [line])
        self._running[job.id] = attempt
        attempt.task = asyncio.create_task(self._carry_out(attempt))
        attempt.task.add_done_callback(lambda _: self._over(job.id))

    async def _is_second(self, mine: Job) -> bool:
        """Whether somebody took an older job of the same lane at the same moment."""
        others = [job for job in await self._jobs.live() if job.lane == mine.lane and job.state is JobState.RUNNING]
        return any((job.created_at, job.id) < (mine.created_at, mine.id) for job in others)

    def _over(self, job_id: str) -> None:
        self._running.pop(job_id, None)
        self._wake.set()

    async def _carry_out(self, attempt: "_Attempt") -> None:
        job = attempt.job
        try:
            await asyncio.to_thread(self._open_folder, attempt)
        except OSError as error:
            # Left as it is, the job would be taken up again every few seconds, and never end.
            log.exception("the folder of a job cannot be made")
            end = End(state=JobState.FAILED, failure=Failure(message=NO_FOLDER.format(reason=error.strerror or error)))
            await self._finish(attempt, end, Progress(), LogLine(self._now(), _said(end)))
            return
        speaking = asyncio.create_task(self._speak(attempt))
        try:
            end = await self._end(attempt)
        except asyncio.CancelledError:
            speaking.cancel()
            with contextlib.suppress(DomainError):
                await self._jobs.release(job, attempt.lines([LogLine(self._now(), SOON)]))
            raise
        finally:
            speaking.cancel()
            await asyncio.gather(speaking, return_exceptions=True)
            progress = attempt.listen()
            attempt.computation.folder.close()
        if not attempt.is_lost:
            line = LogLine(self._now(), _said(end))
            progress = msgspec.structs.replace(progress, step="", at=self._now(), seconds_left=None)
            await self._finish(attempt, end, progress, line)

    async def _finish(self, attempt: "_Attempt", end: End, progress: Progress, line: LogLine) -> None:
        """Write the end down; a document store that is away now is waited for as long as the job is ours."""
        until = self._now() + HELD_FOR
        while True:
            try:
                await self._jobs.finish(attempt.job, end, self._now(), progress, attempt.lines([line]))
            except Unavailable:
                if self._now() > until:
                    log.exception("the end of a job cannot be written; it is run again")
                    return
                await asyncio.sleep(SPEAKS_EVERY)
            else:
                return

    def _open_folder(self, attempt: "_Attempt") -> None:
        """Begin with an empty folder; what earlier attempts still compute somewhere finds theirs gone, and stops."""
        for path in self._folder.glob(f"{attempt.job.id}-*"):
            WatchedFolder(path).close()
        attempt.computation.folder.open()

    async def _end(self, attempt: "_Attempt") -> End:
        job = attempt.job
        try:
            return await self._run(attempt)
        except Stopped:
            return End(state=JobState.CANCELLED)
        except DomainError as error:
            problems = error.problems if isinstance(error, Invalid) else ()
            return End(state=JobState.FAILED, failure=Failure(message=error.message, problems=problems))
        except Exception:
            log.exception("a job failed", extra={"fields": {"job": job.id, "kind": job.kind}})
            return End(state=JobState.FAILED, failure=Failure(message=UNKNOWN))

    async def _run(self, attempt: "_Attempt") -> End:
        job = attempt.job
        kind = self._kinds[job.kind]
        access = await self._access(job)
        order = await self._jobs.order_of(job, kind.order)
        too_often = job.attempts > MOST_ATTEMPTS
        if job.cancel_asked or too_often:
            await kind.abandon(access, order, job.id)
            failure = Failure(message=SO_OFTEN)
            return End(state=JobState.FAILED, failure=failure) if too_often else End(state=JobState.CANCELLED)
        end = end_of(await kind.run(access, order, job.id, attempt.computation))
        if end.state is JobState.DONE:
            self._make_ready(access)
        return end

    def _make_ready(self, access: Access) -> None:
        async def making() -> None:
            try:
                if self._prepare is not None:
                    await self._prepare(access)
            except DomainError as error:
                log.warning("Dashboards are not made ready: %s", error)

        task = asyncio.create_task(making())
        self._preparing.add(task)
        task.add_done_callback(self._preparing.discard)

    async def _access(self, job: Job) -> Access:
        """What the person for whom the job runs may do now; errors when that is no longer enough to see the project."""
        actor: Actor = await self._groups.joined(await self._people.actor_of_user(job.by.user_id))
        if job.by.scopes is not None:
            actor = by_token(actor, frozenset(job.by.scopes))
        return await self._projects.open(actor, job.project_id)

    async def _speak(self, attempt: "_Attempt") -> None:
        """Say again and again that the job is worked on, and hear whether somebody wants it stopped."""
        while True:
            progress = attempt.listen()
            try:
                found = await self._jobs.hold(attempt.job, self._now() + HELD_FOR, progress, attempt.lines())
                attempt.hear(found, self._now())
            except DomainError as error:
                log.warning("A job cannot say how far it is: %s", error)
            attempt.wake.clear()
            await happens(attempt.wake, SPEAKS_EVERY)


class _Attempt:
    """A job that this process works on."""

    def __init__(self, job: Job, computation: Computation, said: list[LogLine]) -> None:
        self.job = job
        self.computation = computation
        self.wake = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
        self.is_lost = False
        self._said = said

    def listen(self) -> Progress:
        """How far it is; what it says is kept for `lines`."""
        self._said += self.computation.folder.heard()
        return self.computation.folder.progress().judged()

    def lines(self, more: Iterable[LogLine] = ()) -> tuple[LogLine, ...]:
        """The log of the job with what was said since it was taken."""
        return with_lines(self.job.log, [*self._said, *more])

    def hear(self, found: Job | None, at: datetime) -> None:
        """Stop when the job is somebody else's now, or is not wanted any more."""
        if found is None:
            self.is_lost = True
        elif found.cancel_asked and not self.computation.folder.is_stopped:
            self._said.append(LogLine(at, tr("Told to stop")))
        if found is None or found.cancel_asked:
            self.computation.stop()


def _said(end: End) -> str:
    match end.state:
        case JobState.CANCELLED:
            return tr("Stopped; everything is as it was")
        case JobState.FAILED:
            return tr("Failed: {message}", message=end.failure.message if end.failure else "")
        case _:
            reports = end.result.reports
            counts = [
                tr("{tag} {outcome}, {rows:,} rows", tag=one.tag, outcome=OUTCOME_WORDS[one.outcome], rows=one.rows)
                for one in reports
            ]
            return tr("Done: {counts}", counts="; ".join(counts))
