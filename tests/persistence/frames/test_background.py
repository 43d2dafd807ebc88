"""Work in the background: what fails is said, and never followed by the word that all is ready."""

import logging
from collections.abc import Callable, Iterator

import pytest

from persistence.frames.workers import READY, Background


def failing() -> None:
    raise ValueError("no")


@pytest.mark.parametrize(("step", "said"), [(list, READY), (failing, "Work in the background failed.")])
def test_what_came_of_it_is_said(step: Callable[[], object], said: str, caplog: pytest.LogCaptureFixture) -> None:
    """One line, of success or of failure."""

    def steps() -> Iterator[Callable[[], object]]:
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
