"""Waiting for an event, with a bound, which may be cancelled at any moment."""

import asyncio

import pytest

from services.waiting import happens


async def test_it_says_whether_the_event_came_in_time() -> None:
    event = asyncio.Event()
    assert not await happens(event, 0.01)
    event.set()
    assert await happens(event, 0.01)


@pytest.mark.parametrize("steps", range(4))
async def test_who_waits_in_a_loop_can_be_cancelled_while_the_event_is_set(steps: int) -> None:
    event = asyncio.Event()

    async def look() -> None:
        while True:
            event.clear()
            await happens(event, 10)

    looking = asyncio.create_task(look())
    for _ in range(5):
        await asyncio.sleep(0)
    event.set()
    for _ in range(steps):
        await asyncio.sleep(0)
    looking.cancel()
    await asyncio.wait({looking}, timeout=5)
    assert looking.cancelled()
