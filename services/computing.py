"""Where the work of ingests is computed: by a thread of this process, by other processes here, or on a Dask cluster.

The last two are reached through `concurrent.futures`. `Computation` is what one attempt of a job computes with.
"""

import asyncio
import contextlib
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from domain.errors import DomainError, Unavailable
from domain.wording import tr
from persistence.watching import WRITING, Stopped, WatchedFolder, carried_out

T = TypeVar("T")

STOPS_WITHIN = 0.8
"""Seconds that work has to stop by itself when it is told to; then its process is ended."""
PARENT_LOOKED_AT_EVERY = 0.5
CONNECTS_WITHIN = "5s"
WORKERS_LOOKED_AT_EVERY = 2.0
WORKERS_AWAY_FOR = 60.0
"""Seconds that a cluster may be without workers, which may be starting anew, before its work is given up."""
DIED = tr(
    "The process that computed this ended before it was done, as it does when the memory is full. "
    "The table is as it was: try again, with fewer or smaller files at a time."
)
GONE = tr(
    "The workers of the Dask cluster are gone, and none came back. The table is as it was: start some, then try again."
)
UNKNOWN = tr("This ended for a reason that was not foreseen. The log of the server has it; the table is as it was.")

log = logging.getLogger("depictio.jobs")


class Compute(Protocol):
    """Does blocking work somewhere else and returns what it returns. `spool` is for files on the way, if it says so."""

    @property
    def spool(self) -> Path | None: ...

    async def __call__(self, work: Callable[..., T], *arguments: Any) -> T: ...


class _InThread:
    spool: Path | None = None

    async def __call__(self, work: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.to_thread(work, *arguments)


in_thread = _InThread()
"""Does the work in a thread of this process, which nobody can stop."""


class Computer(Protocol):
    """Other processes that compute."""

    @property
    def name(self) -> str:
        """What people call it: `processes of this machine`."""

    async def begin(self, work: Callable[..., T], *arguments: Any) -> "Begun":
        """Hand the work over; `Unavailable` when there is nobody to take it."""

    def close(self) -> None:
        """End what is still computed."""


class Begun(Protocol):
    """Work that has been handed over."""

    future: "Future[Any]"
    can_be_killed: bool

    def check(self) -> None:
        """`Unavailable` when nobody is there any more to do it. Blocks."""

    def kill(self) -> None:
        """End it at once; where that cannot be, it ends by itself at its next look at whether it may go on."""


class LocalProcesses:
    """Processes of this machine, each kept for the next work when its own is done. They end with this one."""

    def __init__(self) -> None:
        self._idle: list[_Process] = []
        self._busy: set[_Process] = set()

    @property
    def name(self) -> str:
        return tr("processes of this machine")

    async def begin(self, work: Callable[..., T], *arguments: Any) -> "_LocalWork":
        process = self._idle.pop() if self._idle else await _Process.start()
        self._busy.add(process)
        try:
            future = process.pool.submit(work, *arguments)
        except BrokenProcessPool:  # It was ended while it was idle.
            self._busy.discard(process)
            return await self.begin(work, *arguments)
        future.add_done_callback(lambda done: self._give_back(process, done))
        return _LocalWork(future, process)

    def close(self) -> None:
        for process in (*self._idle, *self._busy):
            process.kill()
        self._idle.clear()

    def _give_back(self, process: "_Process", done: "Future[Any]") -> None:
        self._busy.discard(process)
        if done.cancelled() or isinstance(done.exception(), BrokenProcessPool):
            process.kill()
        else:
            self._idle.append(process)


class _Process:
    """A pool of one: what it computes can be ended without harm to anything else."""

    def __init__(self, pool: ProcessPoolExecutor, pid: int) -> None:
        self.pool = pool
        self._pid = pid

    @classmethod
    async def start(cls) -> "_Process":
        # A fork of a process with threads can hang, so each begins from nothing.
        pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_end_with, initargs=(os.getpid(),))
        return cls(pool, await asyncio.wrap_future(pool.submit(os.getpid)))

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        self.pool.shutdown(wait=False, cancel_futures=True)


class _LocalWork:
    can_be_killed = True

    def __init__(self, future: "Future[Any]", process: _Process) -> None:
        self.future = future
        self._process = process

    def check(self) -> None:
        """A process that is gone ends the future."""

    def kill(self) -> None:
        self._process.kill()


class DaskCluster:
    """The workers of a Dask scheduler. They need this version of Depictio, and the data directory at the same place."""

    def __init__(
        self, scheduler: str, connects_within: str = CONNECTS_WITHIN, workers_away_for: float = WORKERS_AWAY_FOR
    ) -> None:
        self._scheduler = scheduler
        self._within = connects_within
        self._away_for = workers_away_for
        self._client: Any = None
        self._executor: Executor | None = None

    @property
    def name(self) -> str:
        return tr("the Dask cluster {scheduler}", scheduler=self._scheduler)

    async def begin(self, work: Callable[..., T], *arguments: Any) -> "_DaskWork":
        executor = await asyncio.to_thread(self._connected)
        return _DaskWork(executor.submit(work, *arguments), self._client, self._away_for)

    def close(self) -> None:
        if self._client is not None:
            self._client.close(timeout=self._within)

    def _connected(self) -> Executor:
        try:
            import distributed  # noqa: PLC0415 -- an optional extra, and slow.
        except ModuleNotFoundError as error:
            raise Unavailable(
                tr("DEPICTIO_DASK_SCHEDULER needs the package distributed: install depictio[dask].")
            ) from error
        if self._client is not None and self._client.status != "running":
            self._client, self._executor = None, None
        if self._executor is None:
            try:
                connect: Callable[..., Any] = distributed.Client
                self._client = connect(self._scheduler, timeout=self._within, set_as_default=False)
            except (OSError, ValueError) as error:
                raise Unavailable(
                    tr(
                        "The Dask scheduler {scheduler} does not answer: {error}",
                        scheduler=self._scheduler,
                        error=error,
                    )
                ) from error
            self._executor = self._client.get_executor(pure=False, retries=0)
        try:
            # Those that died with the work before are being started anew.
            self._client.wait_for_workers(1, timeout=self._within)
        except TimeoutError:
            raise Unavailable(
                tr(
                    "The Dask scheduler {scheduler} has no workers. Start some, then try again.",
                    scheduler=self._scheduler,
                )
            ) from None
        return self._executor


class _DaskWork:
    can_be_killed = False

    def __init__(self, future: "Future[Any]", client: Any, away_for: float) -> None:
        self.future = future
        self._client = client
        self._away_for = away_for
        self._seen_at = time.monotonic()

    def check(self) -> None:
        if self._client.scheduler_info()["workers"]:
            self._seen_at = time.monotonic()
        elif time.monotonic() - self._seen_at > self._away_for:
            raise Unavailable(GONE)

    def kill(self) -> None:
        self.future.cancel()


def computer_for(scheduler: str) -> Computer:
    """What the settings ask for: a cluster when its scheduler is named, else processes of this machine."""
    return DaskCluster(scheduler) if scheduler else LocalProcesses()


class Computation:
    """What one attempt of a job computes with; `stop` makes what is computed now, and all that follows, `Stopped`."""

    def __init__(self, computer: Computer, folder: Path) -> None:
        self._computer = computer
        self.folder = WatchedFolder(folder)
        self._stop = asyncio.Event()

    @property
    def spool(self) -> Path:
        """A folder that goes with the attempt, however that ends."""
        return self.folder.path

    async def __call__(self, work: Callable[..., T], *arguments: Any) -> T:
        """Do the work on the computer.

        Raises:
            Stopped: when it was told to stop. What it had begun to write it has not made part of anything, or it has
                wholly: look.
            Unavailable: when the computer is not there, or went away.
        """
        if self._stop.is_set():
            raise Stopped
        begun = await self._computer.begin(carried_out, self.folder.path, work, arguments)
        future = asyncio.wrap_future(begun.future)
        try:
            return cast("T", await self._awaited(begun, future))
        except asyncio.CancelledError:
            # The server stops: the work ends now, and is done again by whoever takes the job.
            self.folder.stop()
            begun.future.add_done_callback(_heard)
            begun.kill()
            raise
        except Exception as error:
            if _is_known(error):
                raise
            if self._stop.is_set():
                raise Stopped from None
            log.warning("What was computed for a job ended: %s", error, exc_info=True)
            raise Unavailable(DIED if _is_lost(error) else UNKNOWN) from error

    def stop(self) -> None:
        """Let what is computed end now, before it has changed anything if that is still possible."""
        self.folder.stop()
        self._stop.set()

    async def _check(self, begun: Begun, future: "asyncio.Future[Any]") -> None:
        """Give up what nobody computes any more, for good: whoever comes back finds that it may not go on."""
        try:
            await asyncio.to_thread(begun.check)
        except Unavailable:
            self.folder.stop()
            future.add_done_callback(_heard)
            begun.kill()
            raise

    async def _awaited(self, begun: Begun, future: "asyncio.Future[Any]") -> Any:
        stop = asyncio.ensure_future(self._stop.wait())
        waited: set[asyncio.Future[Any]] = {future, stop}
        try:
            while not any(one.done() for one in waited):
                await asyncio.wait(waited, timeout=WORKERS_LOOKED_AT_EVERY, return_when=asyncio.FIRST_COMPLETED)
                if not future.done():
                    await self._check(begun, future)
            if not future.done():
                await asyncio.wait({future}, timeout=STOPS_WITHIN)
            # A process that is ended while it writes leaves the old table or the new one; on a cluster nobody could
            # tell when it has ended, so that is waited for.
            if not future.done() and (begun.can_be_killed or self.folder.progress().step != WRITING):
                future.add_done_callback(_heard)
                begun.kill()
                if not begun.can_be_killed:
                    raise Stopped
            await asyncio.wait({future})
        finally:
            stop.cancel()
        if future.cancelled():
            raise BrokenExecutor
        return future.result()


def _is_known(error: Exception) -> bool:
    """Whether the work itself says why it ended."""
    return isinstance(error, DomainError | Stopped)


def _is_lost(error: Exception) -> bool:
    """Whether the process that computed is gone, here or on the cluster."""
    return isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker"


def _heard(future: "asyncio.Future[Any] | Future[Any]") -> None:
    """Nobody asks any more how this ended."""
    if not future.cancelled():
        future.exception()


def _end_with(parent: int) -> None:
    """What each process does first: leave signals of the terminal to the server, and end when that is gone."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_watch_parent, args=(parent,), daemon=True).start()


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_LOOKED_AT_EVERY)
    os._exit(1)
