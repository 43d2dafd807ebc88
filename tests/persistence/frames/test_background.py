"""Work in the background: what fails is said, and never followed by the word that all is ready."""

import logging
import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from persistence.frames.workers import FULL, QUIET, READY, Background, FullError, Workers


def failing() -> None:
    raise ValueError("no")


def overflowing() -> None:
    raise FullError


@pytest.mark.parametrize(
    ("step", "said"), [(list, READY), (failing, "Work in the background failed."), (overflowing, FULL)]
)
def test_what_came_of_it_is_said(step: Callable[[], object], said: str, caplog: pytest.LogCaptureFixture) -> None:
    """One line, of success or of failure."""

    def steps(_: float) -> Iterator[Callable[[], object]]:
        yield step
        done.append(True)

    done: list[bool] = []
    background = Background(lambda: False)
    with caplog.at_level(logging.INFO, logger="persistence.frames.workers"):
        background.run(steps)
        background._threads.shutdown(wait=True)
        background.close()
    assert [record.message for record in caplog.records] == [said]
    assert done == ([True] if step is list else [])


def test_nothing_is_called_ready_after_something_that_is_not(caplog: pytest.LogCaptureFixture) -> None:
    """The cache was full for one dashboard; what the next one expects fits."""
    began: list[float] = []

    def steps(step: Callable[[], object], since: float) -> Iterator[Callable[[], object]]:
        began.append(since)
        yield step

    all_asked = threading.Event()

    def overflows_later() -> None:
        assert all_asked.wait(30)
        overflowing()

    background = Background(lambda: False)
    with caplog.at_level(logging.INFO, logger="persistence.frames.workers"):
        for act in (overflows_later, list, list):
            background.run(partial(steps, act))
        all_asked.set()
        background._threads.shutdown(wait=True)
        background.close()
    assert [record.message for record in caplog.records] == [FULL]
    assert len(set(began)) == 1, "what is made together leaves each other's files in peace"


async def test_a_browser_between_two_questions_keeps_the_background_waiting() -> None:
    """It asks for the layout, then for what is visible, then for the rest; background work keeps out of the way."""
    workers = Workers(10.0)
    assert not workers.is_wanted, "nobody has asked anything"
    assert await workers.run(lambda: workers.is_busy)
    assert not workers.is_busy
    assert workers.is_wanted
    workers._ended -= QUIET
    assert not workers.is_wanted
    workers.close()
