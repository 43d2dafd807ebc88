"""Leases: one process at a time does a thing, and a killed one gives it up by not renewing."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import msgspec

from domain.errors import Conflict
from domain.wording import tr
from persistence.documents import Collection
from persistence.mongo import Documents, new_id, now


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds what until when; `id` names the thing. `owner` says which process, with a fresh id for each holding."""

    id: str
    owner: str
    expires_at: datetime


class Leases:
    """`length` after its owner was killed a lease can be taken; it is renewed at every third of that."""

    def __init__(self, documents: Documents, length: timedelta = timedelta(seconds=9)) -> None:
        self._leases = Collection(documents, "leases", Lease, tr("lease"))
        self._length = length

    @asynccontextmanager
    async def held(self, thing: str, busy: str) -> AsyncIterator[None]:
        """Hold the lease on `thing` while the block runs.

        Raises:
            Conflict: with the sentence `busy` when somebody alive holds it. Whether a holder is alive shows within one
                length of the lease: that long is waited for at most.
        """
        owner = await self._acquire(thing, busy)
        renewal = asyncio.create_task(self._renew(thing, owner))
        try:
            yield
        finally:
            renewal.cancel()
            await asyncio.gather(renewal, return_exceptions=True)
            await self._leases.remove({"_id": thing, "owner": owner})

    async def free(self, thing: str, most: timedelta = timedelta(minutes=1)) -> None:
        """Wait until nobody holds the lease on `thing`, `most` at the longest; then somebody may be faster."""
        end = now() + most
        while (holder := await self._holder(thing)) and holder.expires_at > now() and now() < end:
            if is_dead(holder.owner):
                return
            await asyncio.sleep(self._length.total_seconds() / 90)

    async def live(self, prefix: str) -> list[Lease]:
        """The leases on things whose names begin so and that somebody holds now."""
        found = await self._leases.many({"_id": {"$gte": prefix, "$lt": prefix + "\uffff"}})
        return [lease for lease in found if lease.expires_at > now()]

    async def _acquire(self, thing: str, busy: str) -> str:
        owner = owner_here()
        first = await self._holder(thing)
        while not await self._taken(thing, owner):
            holder = await self._holder(thing)
            if holder and is_dead(holder.owner):
                await self._leases.remove({"_id": thing, "owner": holder.owner})
                continue
            renewed = first and holder and holder.owner == first.owner and holder.expires_at > first.expires_at
            if renewed or (first and holder and holder.owner != first.owner):
                raise Conflict(busy)
            first = first or holder
            await asyncio.sleep(self._length.total_seconds() / 30)
        return owner

    async def _taken(self, thing: str, owner: str) -> bool:
        lease = Lease(id=thing, owner=owner, expires_at=now() + self._length)
        try:
            await self._leases.add(lease, taken=tr("It is held."))
        except Conflict:
            expired = {"_id": thing, "expires_at": {"$lt": now()}}
            change = {"$set": {"owner": owner, "expires_at": lease.expires_at}}
            return bool(await self._leases.update(expired, change))
        return True

    async def _holder(self, thing: str) -> Lease | None:
        return await self._leases.find({"_id": thing})

    async def _renew(self, thing: str, owner: str) -> None:
        while True:
            await asyncio.sleep(self._length.total_seconds() / 3)
            await self._leases.update({"_id": thing, "owner": owner}, {"$set": {"expires_at": now() + self._length}})


def owner_here() -> str:
    """A name for one thing that this process does; no other thing and no other process has it."""
    return f"{here()}/{os.getpid()}/{new_id()}"


def here() -> str:
    """This machine, and on Linux its numbering of processes: two containers may share a host's name."""
    namespace = 0
    with suppress(OSError):
        namespace = os.stat("/proc/self/ns/pid").st_ino  # noqa: PTH116 -- a link whose target is no path.
    return f"{socket.gethostname()}/{namespace}"


def holder_of(owner: str) -> str:
    """`machine, process 12`: what people can make of an owner's name."""
    machine, _, pid, _ = owner.rsplit("/", 3)
    return f"{machine}, process {pid}"


def is_dead(owner: str) -> bool:
    """Whether the owner, as `owner_here` names them, was a process here that is gone. Of others, only time tells."""
    place, pid, _ = owner.rsplit("/", 2)
    if place != here():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
