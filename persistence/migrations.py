"""Bringing the database to the state that this code expects: forward only, one process at a time, each step recorded.

The collection `migrations` holds one document for each step that has run, and the lock. Every step may be repeated: a
crash between its end and its record runs it again.
"""

import asyncio
import importlib
import logging
import pkgutil
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import NoReturn

import msgspec

import migrations as shipped
from domain.errors import Conflict, Unavailable
from persistence.mongo import Database, Documents, new_id, now, translated

LOCK = "lock"
LEASE = timedelta(seconds=60)
RENEW = 10.0
POLL = 0.2
WAIT = 600.0
NAME = re.compile(r"\d{4}_\w+")

_log = logging.getLogger(__name__)


class Migration(msgspec.Struct, frozen=True):
    name: str
    up: Callable[[Database], Awaitable[None]]


def known() -> list[Migration]:
    """The steps that this code ships, in their order."""
    names = sorted(module.name for module in pkgutil.iter_modules(shipped.__path__) if NAME.fullmatch(module.name))
    return [Migration(name, importlib.import_module(f"migrations.{name}").up) for name in names]


async def recorded(documents: Documents) -> dict[str, datetime]:
    """When each step ran that the database has had, in their order."""
    with translated(place=documents.place):
        found = {row["_id"]: row["ran_at"] async for row in documents["migrations"].find({}) if row["_id"] != LOCK}
    return dict(sorted(found.items()))


async def pending(documents: Documents) -> list[str]:
    """The steps that the database lacks, in their order; `Unavailable` when it has one that this code does not know."""
    return [step.name for step in await _pending(documents, known())]


async def migrate(documents: Documents, steps: Sequence[Migration] | None = None) -> list[str]:
    """Run the steps that the database lacks and return their names; while another process does so, wait for it.

    `Unavailable` when the database has had a step that this code does not know (a newer Depictio wrote it), when
    another process holds the lock for too long, or when a step fails; steps before it stay recorded.
    """
    steps = known() if steps is None else steps
    if not await _pending(documents, steps):
        return []
    owner = await _acquire(documents)
    work = asyncio.create_task(_run_pending(documents, steps))
    renewal = asyncio.create_task(_renew(documents, owner))
    try:
        await asyncio.wait({work, renewal}, return_when=asyncio.FIRST_COMPLETED)
        return work.result() if work.done() else renewal.result()
    finally:
        work.cancel()
        renewal.cancel()
        await asyncio.gather(work, renewal, return_exceptions=True)
        with translated(place=documents.place):
            await documents["migrations"].delete_one({"_id": LOCK, "owner": owner})


async def _run_pending(documents: Documents, steps: Sequence[Migration]) -> list[str]:
    pending = await _pending(documents, steps)
    for step in pending:
        _log.info("migration %s runs", step.name)
        with translated(place=documents.place):
            await step.up(documents.database)
            await documents["migrations"].update_one({"_id": step.name}, {"$set": {"ran_at": now()}}, upsert=True)
    return [step.name for step in pending]


async def _pending(documents: Documents, steps: Sequence[Migration]) -> list[Migration]:
    with translated(place=documents.place):
        recorded = {row["_id"] async for row in documents["migrations"].find({}, {"_id": 1})} - {LOCK}
    unknown = sorted(recorded - {step.name for step in steps})
    if unknown:
        raise Unavailable(
            f"The database {documents.name} was written by a newer Depictio: this one does not know its migration "
            f"{unknown[-1]}. Install that version, or put back a copy that this one made."
        )
    return [step for step in steps if step.name not in recorded]


async def _acquire(documents: Documents) -> str:
    """Take the lock, a lease that `_renew` keeps up: it comes free by itself when its owner is killed."""
    owner = new_id()
    deadline = asyncio.get_running_loop().time() + WAIT
    while not await _try_acquire(documents, owner):
        if asyncio.get_running_loop().time() > deadline:
            raise Unavailable("Another Depictio has been migrating the database for ten minutes. Look at its log.")
        await asyncio.sleep(POLL)
    return owner


async def _try_acquire(documents: Documents, owner: str) -> bool:
    lease = {"owner": owner, "expires_at": now() + LEASE}
    try:
        with translated(place=documents.place):
            await documents["migrations"].insert_one({"_id": LOCK, **lease})
    except Conflict:
        with translated(place=documents.place):
            expired = {"_id": LOCK, "expires_at": {"$lt": now()}}
            result = await documents["migrations"].update_one(expired, {"$set": lease})
        return bool(result.matched_count)
    return True


async def _renew(documents: Documents, owner: str) -> NoReturn:
    while True:
        await asyncio.sleep(RENEW)
        with translated(place=documents.place):
            result = await documents["migrations"].update_one(
                {"_id": LOCK, "owner": owner}, {"$set": {"expires_at": now() + LEASE}}
            )
        if not result.matched_count:
            raise Unavailable("The lock on the migrations was lost while they ran. Start Depictio again.")
