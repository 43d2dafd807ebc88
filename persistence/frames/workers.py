"""The threads in which queries run, off the event loop and under a deadline."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from domain.errors import Unavailable

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 4
"""Polars itself uses every core for one query; more threads would only make all of them wait longer."""


class Workers:
    """A bounded number of threads; waiting for one counts towards the deadline."""

    def __init__(self, seconds: float, threads: int = THREADS) -> None:
        self.seconds = seconds
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="query")

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of `work(*args, **kwargs)`, computed in a thread.

        A query that has started cannot be interrupted: after the deadline it runs on unheard, and holds its thread
        until it is done; one still waiting is dropped.

        Raises:
            Unavailable: when the deadline passes.
        """
        future = self._threads.submit(work, *args, **kwargs)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self.seconds)
        except TimeoutError:
            message = f"The data took longer than {self.seconds:g} s. Try again, or narrow it with a filter."
            raise Unavailable(message, retry_after=1) from None

    def close(self) -> None:
        """Start nothing any more; what runs is left to end."""
        self._threads.shutdown(wait=False, cancel_futures=True)
