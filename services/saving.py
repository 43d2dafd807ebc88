"""Changing a stored document by a pure rule, so that two people who change different things both succeed."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from domain.errors import Conflict
from domain.wording import tr
from persistence.documents import Versioned

TRIES = 60
REFUSALS = 3
WAIT = 0.02

V = TypeVar("V", bound=Versioned)


async def save(read: Callable[[], Awaitable[V]], rule: Callable[[V], V], write: Callable[[V], Awaitable[V]]) -> V:
    """Write what `rule` makes of the stored document; when somebody else was faster, read and apply it again.

    The rule says what must not be merged, by raising `Conflict` itself. A rule that changes nothing writes nothing.
    """
    stored = await read()
    refused = 0
    for attempt in range(TRIES):
        changed = rule(stored)
        if changed == stored:
            return stored
        try:
            return await write(changed)
        except Conflict:
            fresh = await read()
            # Refused, but nobody was faster: a name is taken, or the faster one is still at it and soon seen.
            refused = refused + 1 if fresh.version == stored.version else 0
            if refused == REFUSALS:
                raise
            stored = fresh
        await asyncio.sleep(random.uniform(0, WAIT * min(attempt + 1, 5)))  # noqa: S311 -- spreads tries, no secret.
    raise Conflict(tr("Too many people are changing this at the same moment. Try again."))
