"""Migrations for the operator: which have run, which wait, and running them without a server."""

from datetime import datetime

import msgspec

from domain.settings import Settings
from persistence.migrations import migrate, pending, recorded
from services.stores import open_stores


class MigrationLine(msgspec.Struct, frozen=True):
    """A migration; `ran_at` is None when it has not run yet."""

    name: str
    ran_at: datetime | None


async def state(settings: Settings) -> list[MigrationLine]:
    """All migrations in their order.

    Raises:
        Unavailable: when a newer Depictio wrote the documents, or they cannot be reached.
    """
    async with open_stores(settings) as stores:
        waiting = await pending(stores.documents)
        ran = await recorded(stores.documents)
    return [MigrationLine(name, ran.get(name)) for name in sorted({*waiting, *ran})]


async def apply(settings: Settings) -> list[str]:
    """Run what waits; the names of what ran. Another process that migrates is waited for."""
    async with open_stores(settings) as stores:
        return await migrate(stores.documents)
