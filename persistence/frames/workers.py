"""The threads in which queries run, off the event loop and under a deadline."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from functools import partial
from typing import ParamSpec, TypeVar

from domain.errors import Unavailable

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 4
"""Polars itself uses every core for one query; more threads would only make all of them wait longer."""

ABANDONED: ContextVar[threading.Event | None] = ContextVar("ABANDONED", default=None)
"""Set in a query's own context when nobody waits for it any more."""


class AbandonedError(Exception):
    """Nobody waits for this query any more; it stops, and its thread is free for others."""


def stop_if(abandoned: threading.Event | None) -> None:
    """Raise `AbandonedError` when the event is set."""
    if abandoned is not None and abandoned.is_set():
        raise AbandonedError


class Workers:
    """A bounded number of threads; waiting for one counts towards the deadline."""

    def __init__(self, seconds: float, threads: int = THREADS) -> None:
        self.seconds = seconds
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="query")

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of `work(*args, **kwargs)`, computed in a thread.

        After the deadline, and when the caller is cancelled, a query still waiting is dropped, and one that has started
        stops before its next tile or column; what it does at that moment cannot be interrupted.

        Raises:
            Unavailable: when the deadline passes.
        """
        abandoned = threading.Event()
        context = copy_context()
        context.run(ABANDONED.set, abandoned)
        future = self._threads.submit(context.run, partial(work, *args, **kwargs))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self.seconds)
        except TimeoutError:
            message = f"The data took longer than {self.seconds:g} s. Try again, or narrow it with a filter."
            raise Unavailable(message, retry_after=1) from None
        finally:
            abandoned.set()

    def close(self) -> None:
        """Start nothing any more; what runs is left to end."""
        self._threads.shutdown(wait=False, cancel_futures=True)
