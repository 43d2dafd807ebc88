"""Further server processes on the socket of the first one: started once it answers, brought back, stopped with it.

The first process alone looks after the document server, migrations, examples and what is made ready in the background;
all of them share documents, tables and the column cache.
"""

import asyncio
import contextlib
import logging
import os
import socket
import sys
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

import msgspec

from domain.settings import Settings
from services.processes import Child, start_child, stop_child

MOST = 4
"""More than so many processes are started only when a setting says so: each takes a few hundred MiB."""
WATCH = 0.25
RESTARTS, RESTARTS_WITHIN = 5, 600.0
DRAIN_GRACE = 25.0

log = logging.getLogger(__name__)


class Workers:
    """The other processes; a context manager that has ended all of them when it is left."""

    def __init__(self, settings: Settings, documents_url: str, listener: socket.socket) -> None:
        self._settings = msgspec.structs.replace(settings, mongodb_url=documents_url)
        self._count = (settings.processes or min(cores(), MOST)) - 1
        self._listener = listener
        self._children: list[Child] = []
        self._restarts: list[float] = []
        self._stopping = False
        self._watch: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        await asyncio.gather(*(stop_child(child, DRAIN_GRACE) for child in self._children))

    def start(self) -> None:
        """Start them, and see to it that there are as many from now on."""
        self._children = [self._started() for _ in range(self._count)]
        self._watch = asyncio.create_task(self._supervise()) if self._children else None

    def stop(self) -> None:
        """Tell them to stop; they answer what they have begun."""
        self._stopping = True
        for child in self._children:
            if child.poll() is None:
                child.terminate()

    def _started(self) -> Child:
        """A process that gets its settings through a pipe, since they hold credentials."""
        reading, writing = os.pipe()
        try:
            command = [sys.executable, "-m", "web.worker", str(self._listener.fileno()), str(reading)]
            child = start_child(command, folder=Path.cwd(), log=None, keep=(self._listener.fileno(), reading))
        finally:
            os.close(reading)
        with os.fdopen(writing, "wb") as pipe, contextlib.suppress(BrokenPipeError):
            pipe.write(msgspec.json.encode(self._settings, enc_hook=str))
        return child

    async def _supervise(self) -> None:
        while not self._stopping:
            await asyncio.sleep(WATCH)
            for place, child in enumerate(self._children):
                if child.poll() is not None and not self._stopping:
                    self._bring_back(place, child)

    def _bring_back(self, place: int, child: Child) -> None:
        recent = [at for at in self._restarts if monotonic() - at < RESTARTS_WITHIN]
        if len(recent) >= RESTARTS:
            return  # Others answer; what keeps ending a process has been logged each time.
        log.error("A server process ended with the code %s and is started again.", child.returncode)
        self._restarts = [*recent, monotonic()]
        self._children[place] = self._started()


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
