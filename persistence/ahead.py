"""Making values ahead of their use, in a thread of their own."""

import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")

DEPTH = 2
POLL = 0.2


class _End:
    """The last thing in the queue, with what the maker failed of."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def made_ahead(values: Iterable[T]) -> Iterator[T]:
    """The values, up to `DEPTH` of them made before they are asked for; errors come when the value would.

    Delta's writer asks for its rows on a thread of its runtime, where reading another Delta table would panic
    (delta-rs blocks on the same runtime): here they are made on a plain thread.
    """
    made: queue.Queue[T | _End] = queue.Queue(DEPTH)
    stopped = threading.Event()

    def put(value: T | _End) -> None:
        while not stopped.is_set():
            with suppress(queue.Full):
                made.put(value, timeout=POLL)
                return

    def make() -> None:
        error: BaseException | None = None
        try:
            for value in values:
                put(value)
                if stopped.is_set():
                    return
        except BaseException as caught:  # noqa: BLE001 -- it is raised again where the value was to be used.
            error = caught
        put(_End(error))

    thread = threading.Thread(target=make, name="rows ahead", daemon=True)
    thread.start()
    try:
        while not isinstance(value := made.get(), _End):
            yield value
        if value.error is not None:
            raise value.error
    finally:
        stopped.set()
        thread.join()
