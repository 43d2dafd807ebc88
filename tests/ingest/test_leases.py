"""Leases: held by one, taken over from the dead, refused when the holder is alive."""

import asyncio
import time
from datetime import timedelta

import pytest

from domain.errors import Conflict
from persistence.leases import Lease, Leases
from persistence.mongo import Documents, now

LENGTH = timedelta(seconds=1.2)
BUSY = "It is busy."


async def test_a_live_holder_is_respected(documents: Documents) -> None:
    """Whoever comes second learns it as soon as the holder renews; afterwards the thing is free at once."""
    leases, others = Leases(documents, LENGTH), Leases(documents, LENGTH)
    async with leases.held("thing", BUSY):
        with pytest.raises(Conflict, match=BUSY):
            async with others.held("thing", BUSY):
                pass
        async with others.held("another thing", BUSY):
            pass
    start = time.monotonic()
    async with others.held("thing", BUSY):
        pass
    assert time.monotonic() - start < 1


@pytest.mark.parametrize(
    ("owner", "at_least"), [("another-machine/1/1/x", 0.5), ("{here}/999999999/x", 0.0)], ids=["elsewhere", "here"]
)
async def test_a_dead_holder_is_followed(documents: Documents, owner: str, at_least: float) -> None:
    """A process of this machine that is gone is followed at once, one elsewhere when its lease ends."""
    from persistence.leases import here  # noqa: PLC0415

    lease = Lease(id="thing", owner=owner.format(here=here()), expires_at=now() + LENGTH)
    leases = Leases(documents, LENGTH)
    await leases._leases.add(lease, taken="")
    start = time.monotonic()
    async with leases.held("thing", BUSY):
        assert at_least <= time.monotonic() - start < 3 * LENGTH.total_seconds()


async def test_a_lease_is_renewed(documents: Documents) -> None:
    """Holding may take longer than the lease."""
    leases = Leases(documents, LENGTH)
    async with leases.held("thing", BUSY):
        await asyncio.sleep(2 * LENGTH.total_seconds())
        with pytest.raises(Conflict):
            async with leases.held("thing", BUSY):
                pass
