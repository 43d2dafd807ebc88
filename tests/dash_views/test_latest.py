"""Latest wins: work for a state that nobody looks at any more is stopped, and only that."""

import asyncio

import pytest

from dash_views.latest import Latest, SupersededError, while_heard


class Work:
    """Work that lasts until it is told to end; `ended` says how it did."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.ended = ""

    async def run(self, result: str = "done") -> str:
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.ended = "stopped"
            raise
        self.ended = "done"
        return result


async def started(latest: Latest, view: str, sequence: int, work: Work) -> "asyncio.Task[str]":
    task = asyncio.create_task(latest.run(view, sequence, work.run()))
    await asyncio.sleep(0.01)
    return task


async def test_a_newer_state_stops_the_work_for_older_ones() -> None:
    """All of it; what belongs to the same state or to another page goes on."""
    latest, older, other, same, newer = Latest(), Work(), Work(), Work(), Work()
    tasks = [await started(latest, "a", 1, older), await started(latest, "a", 1, same)]
    tasks += [await started(latest, "b", 1, other), await started(latest, "a", 2, newer)]
    for work in (other, newer):
        work.go.set()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(one) for one in found] == [SupersededError, SupersededError, str, str]
    assert [one.ended for one in (older, same, other, newer)] == ["stopped", "stopped", "done", "done"]


async def test_both_steps_of_a_state_are_answered() -> None:
    latest, first, second = Latest(), Work(), Work()
    tasks = [await started(latest, "a", 1, first), await started(latest, "a", 1, second)]
    for work in (second, first):
        work.go.set()
    assert await asyncio.gather(*tasks) == ["done", "done"]


async def test_what_comes_late_is_not_begun() -> None:
    latest, late, newest = Latest(), Work(), Work()
    newest.go.set()
    assert await latest.run("a", 5, newest.run()) == "done"
    with pytest.raises(SupersededError):
        await latest.run("a", 4, late.run())
    assert late.ended == ""


async def test_work_without_a_view_is_nobody_elses() -> None:
    latest, one, other = Latest(), Work(), Work()
    tasks = [await started(latest, "", 2, one), await started(latest, "", 1, other)]
    one.go.set()
    other.go.set()
    assert await asyncio.gather(*tasks) == ["done", "done"]


async def test_who_goes_away_stops_the_work() -> None:
    """As when the server ends: that is a cancellation, and not said to be superseded."""
    latest, work = Latest(), Work()
    task = await started(latest, "a", 1, work)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0)
    assert work.ended == "stopped"


async def test_a_failure_is_passed_on_and_leaves_nothing() -> None:
    async def fail() -> str:
        raise ValueError("broken")

    latest, work = Latest(), Work()
    with pytest.raises(ValueError, match="broken"):
        await latest.run("a", 1, fail())
    work.go.set()
    assert await latest.run("a", 1, work.run()) == "done"


async def test_a_browser_that_hangs_up_stops_the_work() -> None:
    """It may have asked another server process for something newer, which this one would not hear of."""
    work, said = Work(), asyncio.Queue[dict[str, str]]()
    task = asyncio.create_task(while_heard(said.get, work.run))
    await said.put({"type": "http.request"})
    await asyncio.sleep(0.01)
    assert not task.done()
    await said.put({"type": "http.disconnect"})
    with pytest.raises(SupersededError):
        await task
    await asyncio.sleep(0)
    assert work.ended == "stopped"


async def test_a_browser_that_stays_gets_what_was_made() -> None:
    work, said = Work(), asyncio.Queue[dict[str, str]]()
    work.go.set()
    assert await while_heard(said.get, work.run) == "done"
