"""Waiting for something to happen, but not for ever."""

import asyncio


async def happens(event: asyncio.Event, within: float) -> bool:
    """Whether the event is set within so many seconds.

    `asyncio.wait_for` of Python 3.11 takes a cancellation for nothing that comes while the event is being set: who
    waits in a loop would go on for ever, and with it whoever waits for the end of the loop.
    """
    try:
        async with asyncio.timeout(within):
            await event.wait()
    except TimeoutError:
        return False
    return True
