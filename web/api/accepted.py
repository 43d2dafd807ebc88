"""REST: the answer to whoever started a job. It goes on in the background; who wants to may wait for its end."""

from typing import Annotated

from litestar import Response
from litestar.datastructures import ResponseHeader
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter

from domain.jobs import Job
from domain.projects import Access
from services.system import Services
from web.api.problems import WRITING

LONGEST_WAIT = 60
"""Seconds; whoever wants to wait for longer asks again."""
Wait = Annotated[float, QueryParameter(ge=0, le=LONGEST_WAIT)]
"""How many seconds the answer may wait for the end of the job."""
STARTING = {
    **WRITING,
    200: ResponseSpec(Job, generate_examples=False, description="The job, which has ended within `wait` seconds"),
}
LOCATION = [ResponseHeader(name="location", documentation_only=True)]


def accepted(job: Job) -> Response[Job]:
    """202 with the job, and the address where to ask how far it is."""
    return _answer(job, 202)


async def awaited(access: Access, services: Services, job: Job, wait: float) -> Response[Job]:
    """The job as it is after so many seconds: 200 when it has ended by then, else 202."""
    ended = await services.jobs.ended(access, job.id, wait) if wait else job
    return _answer(ended, 202 if ended.is_live else 200)


def _answer(job: Job, status: int) -> Response[Job]:
    location = f"/api/v1/projects/{job.project_id}/jobs/{job.id}"
    return Response(job, status_code=status, headers={"location": location})
