"""Opens the services of one installation: its document server starts while the code that needs it is being loaded."""

import asyncio
import importlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from domain.errors import Invalid
from domain.settings import Settings, loopback_problems
from persistence.embedded import EmbeddedServer
from persistence.mongo import now

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from services.clock import Clock
    from services.system import Services

SYSTEM = "services.system"
"""What takes half a second to load, most of which the document server takes to start."""


@asynccontextmanager
async def open_services(
    settings: Settings, *, now: "Clock" = now, hasher: "PasswordHasher | None" = None
) -> "AsyncIterator[Services]":
    """Everything that `settings` ask for, started in order and stopped in reverse.

    Raises:
        Conflict: when another process holds the data directory.
        Unavailable: when a store does not answer, or a directory cannot be used.
        Invalid: when a setting is found to be wrong only now.
    """
    if problems := loopback_problems(settings):
        raise Invalid("A server without sign-in must be reached from this machine only.", tuple(problems))
    async with AsyncExitStack() as stack:
        loading = asyncio.create_task(asyncio.to_thread(importlib.import_module, SYSTEM))
        # A thread that loads code cannot be stopped: it is waited for whatever the server does.
        stack.push_async_callback(asyncio.wait, [loading])
        embedded = await _embedded(settings, stack)
        await loading
        from services.system import services_on  # noqa: PLC0415 -- by now it costs nothing.

        yield await stack.enter_async_context(services_on(settings, embedded, now, hasher))


async def _embedded(settings: Settings, stack: AsyncExitStack) -> EmbeddedServer | None:
    if not settings.is_embedded:
        return None
    embedded = await EmbeddedServer.start(settings.data_dir, settings.mongodb_database)
    stack.push_async_callback(embedded.stop)
    return embedded
