"""Jobs in the document store. Who runs one is settled by single updates that match what was read."""

import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from domain.errors import Invalid
from domain.jobs import ENDED, LIVE, End, Job, JobState, LogLine, Progress, Starter, with_lines
from domain.wording import tr
from persistence.documents import Collection
from persistence.mongo import Documents

O = TypeVar("O")  # noqa: E741 -- an order, as T is a type.


class Order(msgspec.Struct, frozen=True):
    """What a job is to do, as compressed JSON: the listing of an ingest may be long. `id` is the job's."""

    id: str
    project_id: str
    body: bytes


class JobRepository:
    """The jobs, and beside each what it is to do; of each project the newest `KEPT` that have ended stay."""

    KEPT = 200

    def __init__(self, documents: Documents) -> None:
        self._jobs = Collection(documents, "jobs", Job, tr("job"))
        self._orders = Collection(documents, "job_orders", Order, tr("order of a job"))

    async def get(self, job_id: str) -> Job:
        return await self._jobs.get(job_id)

    async def find(self, job_id: str) -> Job | None:
        return await self._jobs.find({"_id": job_id})

    async def of_project(self, project_id: str) -> list[Job]:
        """The jobs of a project, newest first."""
        found = await self._jobs.many({"project_id": project_id})
        return sorted(found, key=lambda job: (job.created_at, job.id), reverse=True)

    async def live_of_project(self, project_id: str) -> list[Job]:
        """Those that wait or run, oldest first."""
        found = await self._jobs.many({"project_id": project_id, "state": {"$in": list(LIVE)}})
        return sorted(found, key=lambda job: (job.created_at, job.id))

    async def live(self) -> list[Job]:
        """The jobs of all projects that wait or run."""
        return await self._jobs.many({"state": {"$in": list(LIVE)}})

    async def ended_since(self, at: datetime) -> list[Job]:
        """The jobs of all projects that ended since then."""
        return await self._jobs.many({"finished_at": {"$gte": at}})

    async def order_of(self, job: Job, of: type[O]) -> O:
        """What the job is to do.

        Raises:
            Invalid: when it cannot be read, because another version of Depictio wrote it.
        """
        order = await self._orders.get(job.id)
        try:
            return msgspec.json.decode(zlib.decompress(order.body), type=of)
        except (msgspec.DecodeError, zlib.error) as error:
            raise Invalid(tr("What this job is to do cannot be read: {error}. Start it anew.", error=error)) from error

    async def add(self, job: Job, order: object) -> Job:
        """Keep a new job; it can be taken as soon as it is there, so its order comes first."""
        body = zlib.compress(msgspec.json.encode(order))
        await self._orders.add(Order(job.id, job.project_id, body), taken=tr("This job is there already."))
        return await self._jobs.add(job, taken=tr("This job is there already."))

    async def claim(self, job: Job, owner: str, at: datetime, until: datetime) -> Job | None:
        """Take the job as it was read; None when somebody else was faster, or who had it has spoken again."""
        seen = {"_id": job.id, "version": job.version, "owner": job.owner, "held_until": job.held_until}
        change = {
            "state": JobState.RUNNING.value,
            "owner": owner,
            "held_until": until,
            "started_at": job.started_at or at,
            "progress": {},
        }
        if not await self._jobs.update(seen, {"$set": change, "$inc": {"version": 1, "attempts": 1}}):
            return None
        return await self._jobs.find({"_id": job.id, "owner": owner})

    async def hold(self, job: Job, until: datetime, progress: Progress, log: Iterable[LogLine]) -> Job | None:
        """Say that the owner of the job lives, and how far it is; None when the job is theirs no more."""
        change = {"held_until": until, "progress": _kept(progress), "log": _kept(tuple(log))}
        if not await self._jobs.update(_own(job), {"$set": change}):
            return None
        return await self._jobs.find(_own(job))

    async def release(self, job: Job, log: Iterable[LogLine]) -> None:
        """Give the job back, to be run again by whoever is next; the attempt does not count."""
        change = {"state": JobState.WAITING.value, "owner": "", "held_until": None, "log": _kept(tuple(log))}
        await self._jobs.update(_own(job), {"$set": change, "$inc": {"version": 1, "attempts": -1}})

    async def finish(self, job: Job, end: End, at: datetime, progress: Progress, log: Iterable[LogLine]) -> bool:
        """Write down how the owner of the job has ended it; False when it was theirs no more."""
        change = {
            "state": end.state.value,
            "finished_at": at,
            "result": _kept(end.result),
            "failure": _kept(end.failure),
            "progress": _kept(progress),
            "log": _kept(tuple(log)),
            "owner": "",
            "held_until": None,
        }
        done = await self._jobs.update(_own(job), {"$set": change, "$inc": {"version": 1}})
        await self._forget_old(job.project_id)
        return bool(done)

    async def cancel_waiting(self, job: Job, at: datetime, line: LogLine) -> bool:
        """End a job that nobody has begun; False when somebody has meanwhile."""
        seen = {"_id": job.id, "version": job.version, "state": JobState.WAITING.value}
        log = _kept(with_lines(job.log, [line]))
        change = {"state": JobState.CANCELLED.value, "finished_at": at, "log": log, "cancel_asked": True}
        return bool(await self._jobs.update(seen, {"$set": change, "$inc": {"version": 1}}))

    async def ask_to_cancel(self, job: Job) -> bool:
        """Tell who runs the job to stop; False when nobody does."""
        seen = {"_id": job.id, "state": JobState.RUNNING.value}
        return bool(await self._jobs.update(seen, {"$set": {"cancel_asked": True}}))

    async def restart(self, job: Job, by: Starter, line: LogLine) -> bool:
        """Let a job that has ended wait again, for this person; False when somebody else changed it meanwhile."""
        seen = {"_id": job.id, "version": job.version}
        change = {
            "state": JobState.WAITING.value,
            "by": _kept(by),
            "attempts": 0,
            "cancel_asked": False,
            "started_at": None,
            "finished_at": None,
            "result": {},
            "failure": None,
            "progress": {},
            "log": _kept(with_lines(job.log, [line])),
        }
        return bool(await self._jobs.update(seen, {"$set": change, "$inc": {"version": 1}}))

    async def remove_of_project(self, project_id: str) -> int:
        await self._orders.remove({"project_id": project_id})
        return await self._jobs.remove({"project_id": project_id})

    async def _forget_old(self, project_id: str) -> None:
        ended = [job.id for job in await self.of_project(project_id) if job.state in ENDED]
        if len(ended) > self.KEPT:
            old = {"_id": {"$in": ended[self.KEPT :]}}
            await self._jobs.remove(old)
            await self._orders.remove(old)


def _own(job: Job) -> dict[str, Any]:
    return {"_id": job.id, "owner": job.owner, "state": JobState.RUNNING.value}


def _kept(value: object) -> Any:
    return msgspec.to_builtins(value, builtin_types=(datetime, bytes), str_keys=True)
