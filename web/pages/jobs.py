"""Jobs: those of a project, one of them as it goes on, and those of the whole site for administrators."""

from typing import Any

from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery

from domain.access import Actor
from domain.jobs import Job, JobState
from domain.listing import Wanted
from domain.projects import Access
from domain.text import IDENTIFIER
from domain.wording import tr
from services.system import Services
from web.listed import InState, around, provide_wanted
from web.render import Done, Page
from web.security.identity import administrator

JOB, JOBS, LIVE, SITE = "projects/job.html", "projects/jobs.html", "projects/jobs_live.html", "admin/jobs.html"
EVERY = "1s"
"""How often a page that shows a job asks how far it is."""


class JobsPage(Controller):
    """`/projects/{project_id}/jobs`."""

    path = "/projects/{project_id:str}/jobs"
    dependencies = {"wanted": Provide(provide_wanted, sync_to_thread=False)}  # noqa: RUF012 -- Litestar reads it.

    @get("/")
    async def index(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        wanted: NamedDependency[Wanted],
        of_state: InState = "",
    ) -> Page:
        part = await services.jobs.of_project(access, wanted, of_state)
        base = f"/projects/{access.project.id}/jobs"
        return Page(JOBS, {"access": access, **_listed(part, wanted, base, of_state)}, block="listed")

    @get("/_pulse")
    async def live(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        collection: FromQuery[str] = "",
        had: FromQuery[str] = "",
    ) -> Page:
        """What goes on in the project, or with one of its collections; asked for again and again.

        `had` says that something went on when the page asked last.
        """
        of = collection if IDENTIFIER.fullmatch(collection) else ""
        found = await services.jobs.live(access, of)
        context = {"access": access, "live": found, "of": of, "had": had, "every": EVERY}
        return Page(LIVE, context, block="jobs_live")

    @post("/joins", status_code=200)
    async def joins(self, access: NamedDependency[Access], services: NamedDependency[Services]) -> Page:
        """Bring the joins of the project up to date."""
        return Done(address(await services.jobs.joins(access)), "")

    @get(["/{job_id:str}", "/{job_id:str}/_pulse"])
    async def show(
        self, access: NamedDependency[Access], services: NamedDependency[Services], job_id: FromPath[str]
    ) -> Page:
        """What is asked for again and again has an address of its own, which keeps no session alive."""
        return _job(access, services, await services.jobs.get(access, job_id))

    @post("/{job_id:str}/cancel", status_code=200)
    async def cancel(
        self, access: NamedDependency[Access], services: NamedDependency[Services], job_id: FromPath[str]
    ) -> Page:
        job = await services.jobs.cancel(access, job_id)
        return _done(
            access, services, job, tr("The job is cancelled.") if not job.is_live else tr("The job is told to stop.")
        )

    @post("/{job_id:str}/retry", status_code=200)
    async def retry(
        self, access: NamedDependency[Access], services: NamedDependency[Services], job_id: FromPath[str]
    ) -> Page:
        return _done(access, services, await services.jobs.retry(access, job_id), tr("The job begins again."))


class SiteJobsPage(Controller):
    """`/admin/jobs`."""

    path = "/admin/jobs"
    guards = [administrator]  # noqa: RUF012 -- Litestar reads class attributes.
    dependencies = {"wanted": Provide(provide_wanted, sync_to_thread=False)}  # noqa: RUF012

    @get("/")
    async def index(
        self,
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        wanted: NamedDependency[Wanted],
        of_state: InState = "",
    ) -> Page:
        part = await services.jobs.of_site(actor, wanted, of_state)
        return Page(SITE, _listed(part, wanted, "/admin/jobs", of_state), block="listed")


def address(job: Job) -> str:
    """The page of the job."""
    return f"/projects/{job.project_id}/jobs/{job.id}"


def _listed(part: Any, wanted: Wanted, base: str, state: str) -> dict[str, Any]:
    context = {"part": part, "wanted": wanted, "state": state, "states": list(JobState), "here": base}
    return {**context, "around": around(base, wanted, part, state=state)}


def _context(access: Access, services: Services, job: Job) -> dict[str, Any]:
    may = access.may(services.jobs.capability(job))
    return {"access": access, "job": job, "may_change": may, "every": EVERY}


def _job(access: Access, services: Services, job: Job) -> Page:
    return Page(JOB, _context(access, services, job), block="job")


def _done(access: Access, services: Services, job: Job, text: str) -> Page:
    return Done(address(job), text, JOB, _context(access, services, job), block="job")
