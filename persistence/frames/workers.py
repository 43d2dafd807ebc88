"""The threads in which queries run, off the event loop and under a deadline."""

import asyncio
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import ContextVar, copy_context
from functools import partial
from typing import ParamSpec, TypeVar

from domain.errors import Unavailable
from domain.wording import tr

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

READY = "What dashboards expect of large tables is ready."
FULL = (
    "The column cache is full, and what dashboards expect of large tables is not all ready: what is missing is made for"
    " whoever asks for it first, who waits. DEPICTIO_CACHE_MIB gives the cache more room."
)
PATIENCE = 2.0
POLL = 0.02
QUIET = 0.3
"""Seconds between two queries of one page: a browser asks for the layout, then for visible tiles, then for the rest."""
NICENESS = 10
THREADS = max(2, os.cpu_count() or 2)
"""A query is mostly the work of one core; more threads than cores would only make all of them wait longer."""

ABANDONED: ContextVar[threading.Event | None] = ContextVar("ABANDONED", default=None)
"""Set in a query's own context when nobody waits for it any more."""


class AbandonedError(Exception):
    """Nobody waits for this query any more; it stops, and its thread is free for others."""


def stop_if(abandoned: threading.Event | None) -> None:
    """Raise `AbandonedError` when the event is set."""
    if abandoned is not None and abandoned.is_set():
        raise AbandonedError


class FullError(Exception):
    """The column cache has no room for what a step in the background makes."""


Steps = Callable[[float], Iterator[Callable[[], object]]]
"""Short pieces of work, given the moment (seconds since 1970) at which the first of those that are made together began;
they may raise `FullError`, which ends them."""


class Background:
    """One thread for work that nobody waits for, in short steps: each begins when no query is running and none has
    just ended, or after `PATIENCE` seconds.
    """  # noqa: D205 -- the sentence needs both lines.

    def __init__(self, is_wanted: Callable[[], bool]) -> None:
        self._is_wanted = is_wanted
        self._asked = self._taken = 0
        self._since = 0.0
        self._all_ready = self._is_full = False
        self._closed = threading.Event()
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="background", initializer=_stand_back)

    def run(self, steps: Steps) -> None:
        """Take the steps one after the other, after those of earlier calls."""
        if self._asked == self._taken:
            # Files are marked by a clock that lags a little.
            self._since = time.time() - 1.0
            self._all_ready, self._is_full = True, False
        self._asked += 1
        with suppress(RuntimeError):  # Nothing is begun any more while the server stops.
            self._threads.submit(self._take, steps)

    def _take(self, steps: Steps) -> None:
        try:
            for step in steps(self._since):
                end = time.monotonic() + PATIENCE
                while self._is_wanted() and time.monotonic() < end and not self._closed.is_set():
                    self._closed.wait(POLL)
                if self._closed.is_set():
                    return
                step()
        except FullError:
            self._all_ready, self._is_full = False, True
        except Exception:
            # Nobody waits for it: what it was to make is made, or fails visibly, when somebody asks.
            log.exception("Work in the background failed.")
            self._all_ready = False
        finally:
            self._taken += 1
        if self._taken == self._asked:
            self._say()

    def _say(self) -> None:
        if self._is_full:
            log.warning(FULL)
        if self._all_ready:
            log.info(READY)

    def close(self) -> None:
        """Begin no step any more, and wait for the one that is being taken."""
        self._closed.set()
        self._threads.shutdown(wait=True, cancel_futures=True)


def _stand_back() -> None:
    """Let queries have the processor first, where threads have a priority of their own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


class Workers:
    """A bounded number of threads; waiting for one counts towards the deadline."""

    def __init__(self, seconds: float, threads: int = THREADS) -> None:
        self.seconds = seconds
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="query")
        self._running = 0
        self._ended = -QUIET

    @property
    def is_busy(self) -> bool:
        """Whether somebody waits for a query."""
        return self._running > 0

    @property
    def is_wanted(self) -> bool:
        """Whether somebody waits for a query, or has just got the answer of one and may ask the next."""
        return self.is_busy or time.monotonic() < self._ended + QUIET

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
        self._running += 1
        future = self._threads.submit(context.run, partial(work, *args, **kwargs))
        try:
            # Not `wait_for`: in Python 3.11 it returns the result of a query that is given up as that comes.
            async with asyncio.timeout(self.seconds):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            message = tr(
                "The data took longer than {seconds:g} s. Try again, or narrow it with a filter.", seconds=self.seconds
            )
            raise Unavailable(message, retry_after=1) from None
        finally:
            self._running -= 1
            self._ended = time.monotonic()
            abandoned.set()

    def close(self) -> None:
        """Start nothing any more; what runs is left to end."""
        self._threads.shutdown(wait=False, cancel_futures=True)
