"""Work that changes a table and may be stopped: afterwards the table is as it was, or as it was to be."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from domain.errors import NotFound
from domain.ingests import Ledger
from domain.wording import tr
from persistence.stacking import read_ledger
from persistence.tables import Tables
from persistence.watching import Stopped
from services.computing import Compute, in_thread

T = TypeVar("T")


async def settled(
    tables: Tables, path: str, compute: Compute, work: Callable[..., T], *arguments: Any, found: Callable[[], T]
) -> T:
    """What the work returns; when it was stopped after its commit, what `found` finds of that.

    Call it under the lease of the table, so that nobody else writes there.

    Raises:
        Stopped: when it was stopped before; what it had laid into the table's folder is removed.
    """
    if compute is in_thread:
        return await compute(work, *arguments)
    version = await asyncio.to_thread(tables.version, path)
    there = set(await asyncio.to_thread(tables.objects.names_now, path))
    try:
        return await compute(work, *arguments)
    except Stopped:
        if await asyncio.to_thread(tables.version, path) != version:
            return await asyncio.to_thread(found)
        await asyncio.to_thread(_remove_new, tables, path, there)
        raise


def committed(tables: Tables, path: str) -> tuple[int, Ledger]:
    """What an ingest committed that was stopped too late. Blocks."""
    version, ledger = read_ledger(tables, path)
    if version is None or ledger is None:
        raise NotFound(tr("There is no table {path}, or it does not say what it was made of.", path=path))
    return version, ledger


def _remove_new(tables: Tables, path: str, there: set[str]) -> None:
    new = [name for name in tables.objects.names_now(path) if name not in there]
    tables.objects.delete_now(*new)
