"""Each server process says every few seconds that it lives and what it does; administrators see all of them."""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from domain.access import Actor, Capability, permit
from domain.errors import DomainError
from domain.wording import tr
from domain.workers import Worker
from persistence.leases import holder_of, owner_here
from persistence.workers import WorkerRepository
from services.clock import Clock
from services.job_runner import JobRunner

SPEAKS_EVERY = 5.0
SHOWN_FOR = timedelta(minutes=10)
"""So long after its last word a process is still listed, as silent."""
ANSWERS = tr("answers requests")
RUNS_JOBS = tr("answers requests and runs jobs")

log = logging.getLogger("depictio.workers")


class Workers:
    """The use cases of server processes."""

    def __init__(self, workers: WorkerRepository, runner: JobRunner, now: Clock) -> None:
        self._workers = workers
        self._runner = runner
        self._now = now

    async def all(self, actor: Actor) -> list[Worker]:
        """Every process that lives, or has fallen silent within the last minutes.

        Raises:
            Forbidden: for all but administrators.
        """
        permit(actor, Capability.ADMIN_SITE, tr("see the processes of the server"))
        return [one for one in await self._workers.all() if self._now() < one.expires_at]

    def is_silent(self, worker: Worker) -> bool:
        """Whether it should have said something since."""
        return worker.is_silent(self._now())

    @asynccontextmanager
    async def present(self, role: str = ANSWERS) -> AsyncIterator[None]:
        """Say that this process lives while the block runs, and that it is gone afterwards."""
        owner, started_at = owner_here(), self._now()
        await self._note(owner, role, started_at)
        speaking = asyncio.create_task(self._speak(owner, role, started_at))
        try:
            yield
        finally:
            speaking.cancel()
            await asyncio.gather(speaking, return_exceptions=True)
            with contextlib.suppress(DomainError):
                await self._workers.remove(owner)

    async def _speak(self, owner: str, role: str, started_at: datetime) -> None:
        while True:
            await asyncio.sleep(SPEAKS_EVERY)
            try:
                await self._note(owner, role, started_at)
            except DomainError as error:
                log.warning("This process cannot say that it lives: %s", error)

    async def _note(self, owner: str, role: str, started_at: datetime) -> None:
        runs_jobs = role == RUNS_JOBS
        await self._workers.note(
            Worker(
                id=owner,
                machine=holder_of(owner).split(",")[0],
                pid=os.getpid(),
                role=role,
                started_at=started_at,
                seen_at=self._now(),
                expires_at=self._now() + SHOWN_FOR,
                computes=self._runner.computer if runs_jobs else "",
                doing=self._runner.doing if runs_jobs else (),
            )
        )
