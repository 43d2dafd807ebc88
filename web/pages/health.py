"""Whether the server lives and whether it can work. What is wrong stands in the log, for the operator only."""

import logging

from litestar import Controller, MediaType, get
from litestar.di import NamedDependency

from domain.errors import Unavailable
from domain.wording import tr
from services.system import Services

log = logging.getLogger("depictio.health")


class HealthPage(Controller):
    """`/health/live` and `/health/ready`, for supervisors and load balancers."""

    path = "/health"
    include_in_schema = False

    @get("/live", media_type=MediaType.JSON)
    async def live(self) -> dict[str, str]:
        return {"status": "live"}

    @get("/ready", media_type=MediaType.JSON)
    async def ready(self, services: NamedDependency[Services]) -> dict[str, str]:
        faulty = [part for part in await services.health.ready() if part.problem]
        for part in faulty:
            log.error("not ready", extra={"fields": {"part": part.name, "problem": part.problem}})
        if faulty:
            raise Unavailable(tr("The server is not ready."))
        return {"status": "ready"}
