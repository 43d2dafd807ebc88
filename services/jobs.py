"""Jobs as people meet them: started, looked at, cancelled, begun again. `job_runner` is what does them."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import msgspec

from domain.access import Actor, Capability, permit
from domain.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from domain.jobs import Job, JobKind, JobState, LogLine, Starter, check_cancel, check_retry
from domain.listing import Key, Listing, Wanted, listing
from domain.projects import Access
from domain.wording import tr
from persistence.jobs import JobRepository
from persistence.mongo import new_id
from persistence.projects import ProjectRepository
from services.audit import Audit, recorded
from services.clock import Clock
from services.job_kinds import JoinsOrder, Kind, Kinds, UploadOrder
from services.uploaded import Order, Sent

SEEN = timedelta(days=30)
"""So far back the jobs that have ended are listed for administrators."""
ASKED_EVERY = 0.1
CHANGED = tr("Somebody else changed this job at the same moment. Look at it, then try again.")
SORTS: dict[str, Key[Job]] = {
    "created": lambda job: (job.created_at, job.id),
    "title": lambda job: (job.title.casefold(), job.id),
    "state": lambda job: (list(JobState).index(job.state), job.created_at, job.id),
    "by": lambda job: (job.by.email, job.created_at, job.id),
}


class SiteJob(msgspec.Struct, frozen=True, kw_only=True):
    """A job with the name of its project."""

    job: Job
    project: str


def _of_job(key: Key[Job]) -> Key[SiteJob]:
    return lambda one: key(one.job)


SITE_SORTS: dict[str, Key[SiteJob]] = {
    **{name: _of_job(key) for name, key in SORTS.items()},
    "project": lambda one: (one.project.casefold(), one.job.created_at, one.job.id),
}


class Jobs:
    """The use cases of jobs. Starting, cancelling and beginning again need what the kind of the job needs.

    `place` names the data directory of this server; `wake` tells the runner of this process that there is work.
    """

    def __init__(
        self,
        jobs: JobRepository,
        projects: ProjectRepository,
        kinds: Kinds,
        place: str,
        now: Clock,
        *,
        audit: Audit,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self.audit = audit
        self._jobs = jobs
        self._projects = projects
        self._kinds = kinds
        self._place = place
        self._now = now
        self._wake = wake

    async def upload(self, access: Access, sent: Sent, order: Order) -> Job:
        """Start making a table of a file that was sent in the browser; errors as for `start`."""
        return await self.start(access, JobKind.UPLOAD, UploadOrder(sent=sent, order=order))

    async def joins(self, access: Access) -> Job:
        """Start bringing the joins of the project up to date; errors as for `start`."""
        return await self.start(access, JobKind.JOINS, JoinsOrder())

    async def order(self, access: Access, kind: JobKind, said: Mapping[str, Any]) -> Job:
        """Start a job by what somebody says in JSON that it is to do; errors as for `start`."""
        of = self._kind(kind)
        access.require(of.capability)
        try:
            order: object = msgspec.convert(said, of.order)
        except msgspec.ValidationError as error:
            raise Invalid(tr("The job cannot be started."), (Problem("order", str(error)),)) from error
        return await self.start(access, kind, order)

    @recorded(Capability.DATA_INGEST, "start a job", "kind")
    async def start(self, access: Access, kind: JobKind, order: object) -> Job:
        """Keep a job, which begins as soon as a server is free; `order` is of the type that the kind needs.

        Raises:
            Forbidden: when the actor lacks the capability of the kind.
            Invalid, Conflict, NotFound: when it can be seen already that this cannot be done.
        """
        of = self._kind(kind)
        access.require(of.capability)
        job_id = new_id()
        about = await of.about(access, order, job_id)
        job = Job(
            id=job_id,
            project_id=access.project.id,
            kind=kind,
            title=about.title,
            lane=about.lane,
            collection_id=about.collection_id,
            place=self._place if about.needs_files else "",
            by=_starter(access.actor),
            created_at=self._now(),
            log=(LogLine(self._now(), tr("Started by {email}", email=access.actor.email)),),
        )
        await self._jobs.add(job, order)
        self._wake()
        return job

    async def get(self, access: Access, job_id: str) -> Job:
        """One job of the project.

        Raises:
            Forbidden: for who may only look at a public project.
            NotFound: when there is none.
        """
        _require_seeing(access)
        job = await self._jobs.find(job_id)
        if job is None or job.project_id != access.project.id:
            raise NotFound(tr("There is no job {job_id}.", job_id=job_id))
        return job

    async def of_project(self, access: Access, wanted: Wanted, state: str = "") -> Listing[Job]:
        """The jobs of the project, newest first without `sort`, of one state if that is said; errors as for `get`.

        Raises:
            Invalid: for a page that cannot be.
        """
        _require_seeing(access)
        found = [job for job in await self._jobs.of_project(access.project.id) if state in {"", job.state}]
        wanted = msgspec.structs.replace(wanted, sort=wanted.sort or "-created")
        return listing(found, wanted, _text, SORTS)

    async def live(self, access: Access, collection_id: str = "") -> list[Job]:
        """The jobs of the project, or of one of its collections, that wait or run; none for mere visitors."""
        if not _may_see(access):
            return []
        found = await self._jobs.live_of_project(access.project.id)
        return [job for job in found if collection_id in {"", job.collection_id}]

    async def ended(self, access: Access, job_id: str, within: float) -> Job:
        """The job once it has ended, or as it is after so many seconds; errors as for `get`."""
        for _ in range(round(within / ASKED_EVERY)):
            job = await self.get(access, job_id)
            if not job.is_live:
                return job
            await asyncio.sleep(ASKED_EVERY)
        return await self.get(access, job_id)

    @recorded(Capability.DATA_INGEST, "cancel a job", "job_id")
    async def cancel(self, access: Access, job_id: str) -> Job:
        """End a job that waits; tell one that runs to stop, which it does within two seconds.

        What it has committed by then stays, and then it ends as done.

        Raises:
            NotFound, Forbidden: when there is none, or the actor may not do what it does.
            Conflict: when it has ended already.
        """
        job = await self._changeable(access, job_id)
        check_cancel(job)
        line = LogLine(self._now(), tr("Cancelled by {email}", email=access.actor.email))
        if not await self._jobs.cancel_waiting(job, self._now(), line) and not await self._jobs.ask_to_cancel(job):
            # It began, or ended, between our looks.
            job = await self._jobs.get(job_id)
            check_cancel(job)
            await self._jobs.ask_to_cancel(job)
        self._wake()
        return await self._jobs.get(job_id)

    @recorded(Capability.DATA_INGEST, "begin a job again", "job_id")
    async def retry(self, access: Access, job_id: str) -> Job:
        """Let a job that failed or was cancelled begin again, now in the name of the actor; errors as for `cancel`."""
        job = await self._changeable(access, job_id)
        check_retry(job)
        line = LogLine(self._now(), tr("Begun again by {email}", email=access.actor.email))
        if not await self._jobs.restart(job, _starter(access.actor), line):
            raise Conflict(CHANGED)
        self._wake()
        return await self._jobs.get(job_id)

    async def of_site(self, actor: Actor, wanted: Wanted, state: str = "") -> Listing[SiteJob]:
        """The jobs of all projects that wait or run, or ended within 30 days, newest first without `sort`.

        Raises:
            Forbidden: for all but administrators.
            Invalid: for a page that cannot be.
        """
        permit(actor, Capability.ADMIN_PROJECTS, tr("see the jobs of all projects"))
        found = {job.id: job for job in await self._jobs.ended_since(self._now() - SEEN)}
        found |= {job.id: job for job in await self._jobs.live()}
        names = {project.id: project.name for project in await self._projects.visible_to(actor)}
        jobs = [SiteJob(job=job, project=names.get(job.project_id, "")) for job in found.values()]
        wanted = msgspec.structs.replace(wanted, sort=wanted.sort or "-created")
        matching = [one for one in jobs if state in {"", one.job.state}]
        return listing(matching, wanted, lambda one: f"{one.project} {_text(one.job)}", SITE_SORTS)

    def capability(self, job: Job) -> Capability:
        """What cancelling the job, or beginning it again, needs; for pages that show or hide a control."""
        return self._kind(job.kind).capability

    async def _changeable(self, access: Access, job_id: str) -> Job:
        job = await self.get(access, job_id)
        access.require(self._kind(job.kind).capability)
        return job

    def _kind(self, kind: JobKind) -> "Kind[object]":
        return self._kinds[kind]


def _starter(actor: Actor) -> Starter:
    scopes = None if actor.scopes is None else tuple(sorted(actor.scopes))
    return Starter(user_id=actor.user_id or "", email=actor.email, scopes=scopes)


def _may_see(access: Access) -> bool:
    return access.is_member and (access.may(Capability.DATA_VIEW) or access.may(Capability.DATA_INGEST))


def _require_seeing(access: Access) -> None:
    if not access.is_member:
        raise Forbidden(tr("Only its members see the jobs of the project {name!r}.", name=access.project.name))
    if not _may_see(access):
        access.require(Capability.DATA_VIEW)


def _text(job: Job) -> str:
    return f"{job.title} {job.by.email} {job.state} {job.failure.message if job.failure else ''}"
