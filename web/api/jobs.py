"""REST: jobs, which go on when the request that started them is answered."""

from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from domain.access import Actor
from domain.jobs import Job, JobKind
from domain.listing import Wanted
from domain.projects import Access
from domain.workers import Worker
from services.jobs import SiteJob
from services.system import Services
from web.api.accepted import LOCATION, STARTING, Wait, accepted, awaited
from web.api.lists import Part, as_part, part_of, provide_ordered
from web.api.problems import WRITING, failures
from web.listed import InState
from web.security.identity import administrator

READING = failures(401, 403, 404, 422)


class WantedJob(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A job to be started; what `order` holds depends on the kind, see docs/jobs.md."""

    kind: JobKind
    order: dict[str, Any] = {}


class JobsApi(Controller):
    """`/projects/{project_id}/jobs`."""

    path = "/projects/{project_id:str}/jobs"
    tags = ["Jobs"]  # noqa: RUF012 -- Litestar reads class attributes.
    dependencies = {"wanted": Provide(provide_ordered, sync_to_thread=False)}  # noqa: RUF012

    @post("/", summary="Start a job", status_code=202, responses=STARTING, response_headers=LOCATION)
    async def start(
        self,
        data: JSONBody[WantedJob],
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        wait: Wait = 0,
    ) -> Response[Job]:
        """Start a job and answer at once, or after up to `wait` seconds; `Location` is where to ask how far it is."""
        return await awaited(access, services, await services.jobs.order(access, data.kind, data.order), wait)

    @get("/", summary="List jobs", responses=READING)
    async def index(
        self,
        access: NamedDependency[Access],
        services: NamedDependency[Services],
        wanted: NamedDependency[Wanted],
        of_state: InState = "",
    ) -> Part[Job]:
        """List the jobs of a project, the newest first, or those of one `state`.

        `sort` is `created`, `title`, `state` or `by`.
        """
        return as_part(await services.jobs.of_project(access, wanted, of_state))

    @get("/{job_id:str}", summary="Read a job", responses=READING)
    async def show(
        self, access: NamedDependency[Access], services: NamedDependency[Services], job_id: FromPath[str]
    ) -> Job:
        """Read how far a job is, what it says, and what came of it."""
        return await services.jobs.get(access, job_id)

    @post("/{job_id:str}/cancel", summary="Cancel a job", status_code=202, responses=WRITING, response_headers=LOCATION)
    async def cancel(
        self, access: NamedDependency[Access], services: NamedDependency[Services], job_id: FromPath[str]
    ) -> Response[Job]:
        """End a job that waits, or tell one that runs to stop, which it does within two seconds."""
        return accepted(await services.jobs.cancel(access, job_id))

    @post("/{job_id:str}/retry", summary="Begin a job again", status_code=202, responses=WRITING,
          response_headers=LOCATION)  # fmt: skip
    async def retry(
        self, access: NamedDependency[Access], services: NamedDependency[Services], job_id: FromPath[str]
    ) -> Response[Job]:
        """Let a job that failed or was cancelled begin again, in the name of who asks."""
        return accepted(await services.jobs.retry(access, job_id))


class SiteJobsApi(Controller):
    """`/admin`: the jobs of all projects and the processes that run them."""

    path = "/admin"
    tags = ["Administration"]  # noqa: RUF012 -- Litestar reads class attributes.
    guards = [administrator]  # noqa: RUF012
    dependencies = {"wanted": Provide(provide_ordered, sync_to_thread=False)}  # noqa: RUF012

    @get("/jobs", summary="List the jobs of all projects", responses=failures(401, 403, 422))
    async def index(
        self,
        services: NamedDependency[Services],
        actor: NamedDependency[Actor],
        wanted: NamedDependency[Wanted],
        of_state: InState = "",
    ) -> Part[SiteJob]:
        """List jobs that wait or run, or ended within 30 days, the newest first.

        `sort` is `created`, `title`, `state`, `by` or `project`.
        """
        return as_part(await services.jobs.of_site(actor, wanted, of_state))

    @get("/workers", summary="List server processes", responses=failures(401, 403, 422))
    async def workers(
        self, services: NamedDependency[Services], actor: NamedDependency[Actor], asked: NamedDependency[Wanted]
    ) -> Part[Worker]:
        """List the processes of all servers, when each was heard of last and what it does."""
        return part_of(await services.workers.all(actor), asked)
