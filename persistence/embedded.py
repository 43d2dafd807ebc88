"""The embedded document server's life: started on the data directory, watched, brought back when it dies, stopped."""

import asyncio
import logging
import shutil
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any, Self

import msgspec

from domain.errors import DomainError, Unavailable
from domain.wording import tr
from persistence.child import Child, free_port, listening
from persistence.data_directory import DataDirectory, Record, told_port
from persistence.document_program import end, find_program, launch, version_of
from persistence.files import kept_secret, move_durably, writable
from persistence.mongo import DATABASE, Documents, connect, make_tables, provision

USER = "depictio"
START_TRIES = 3
RESTARTS = 5
RESTARTS_WITHIN = 600.0
WATCH = 0.25
HOUSEKEEPING = 30.0
COUNT_WITHIN = 10.0

_log = logging.getLogger(__name__)


class EmbeddedServer:
    """A running document server on its data directory; made by `start`."""

    def __init__(self, directory: DataDirectory, program: Path, database: str) -> None:
        self._directory = directory
        self._program = program
        self._database = database
        self._password_path = directory.secrets / "documents.password"
        self._port = 0
        self._record: Record
        self._child: Child | None = None
        self._admin: Documents | None = None
        self._watch: asyncio.Task[None] | None = None
        self._failure: DomainError | None = None
        self._restarts: list[float] = []

    @classmethod
    async def start(cls, data_dir: Path, database: str = DATABASE) -> Self:
        """Take the data directory and start the server on it; every acknowledged write is there when this returns.

        Call it from the thread that runs the event loop for the life of the process: the server ends with that thread.

        Raises:
            Conflict: another process has the directory.
            Unavailable: the server is not installed, the directory cannot be used, its documents were written by
                another version or are incomplete, or the server does not start.
        """
        program = find_program()
        server = cls(await DataDirectory.hold(data_dir), program, database)
        try:
            await server._open()
        except BaseException:
            try:
                await server._end()
            finally:
                server._directory.release()
            raise
        return server

    @property
    def url(self) -> str:
        """Where the server is, with its credentials; it stays the same when the server is brought back."""
        return _url(self._password_path, self._port)

    @property
    def pid(self) -> int | None:
        return None if self._child is None else self._child.pid

    def check(self) -> None:
        """`Unavailable` when the server died and could not be brought back."""
        if self._failure is not None:
            raise self._failure

    async def stop(self) -> None:
        """Stop the server, record what it holds, and give the data directory back."""
        counts: dict[str, int] = {}
        await self._stop_watching()
        if self._admin is not None and self._failure is None:
            with suppress(DomainError, TimeoutError):
                async with asyncio.timeout(COUNT_WITHIN):
                    counts = await self._admin.counts()
        try:
            ended_itself = await self._end()
            self._note(counts=counts if ended_itself else {}, files=self._directory.files())
        finally:
            self._directory.release()

    async def _open(self) -> None:
        self._record = self._directory.open_record(await version_of(self._program, self._directory))
        if not self._directory.documents.exists():
            await self._create()
        elif not self._record.provisioned or not self._password_path.exists():
            self._note(provisioned=False)
            await self._provision(self._directory.documents)
        await self._launch_somewhere(self._directory.documents, "--auth")
        self._admin = await connect(self.url, self._database)
        await self._compare_counts(self._admin)
        self._note(provisioned=True, counts={}, files=self._directory.files())
        self._directory.tell_port(self._port)
        self._watch = asyncio.create_task(self._supervise(self._admin))

    async def _create(self) -> None:
        """Make the documents folder beside its place: a server killed while it makes a table cannot reopen it."""
        unfinished = self._directory.unfinished
        with writable(self._directory.path):
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(mode=0o700)
        await self._provision(unfinished)
        with writable(self._directory.path):
            move_durably(unfinished, self._directory.documents)

    async def _provision(self, folder: Path) -> None:
        """Create the user, as with `--auth` the server lets nobody in before there is one, and every table.

        Repeated until the record says that its credentials have served, so that a crash at any moment does no harm.
        """
        with writable(self._directory.path):
            password = kept_secret(self._password_path)
        child = await self._launch_somewhere(folder)
        open_url = f"mongodb://127.0.0.1:{self._port}/"
        await provision(open_url, USER, password)
        await make_tables(open_url)
        await end(child, self._port)

    async def _compare_counts(self, admin: Documents) -> None:
        recorded = self._record.counts
        found = await admin.counts() if recorded else {}
        for name, count in recorded.items():
            if count and not found.get(name):
                raise Unavailable(
                    f"Documents are missing: `{name}` held {count} at the last stop and is empty now, so "
                    f"{self._directory.documents} is damaged. Put a copy of the whole data directory in its "
                    "place."
                )

    async def _launch_somewhere(self, folder: Path, *options: str) -> Child:
        """Start the server on a free port; between choosing the port and using it another program may take it."""
        for _ in range(START_TRIES - 1):
            self._port = free_port()
            try:
                return await self._launch(folder, *options)
            except Unavailable:
                if not await listening(self._port):
                    raise
        self._port = free_port()
        return await self._launch(folder, *options)

    async def _launch(self, folder: Path, *options: str) -> Child:
        self._child = await launch(self._program, self._directory, self._port, storage=str(folder), options=options)
        return self._child

    async def _supervise(self, admin: Documents) -> None:
        cared = monotonic()
        while self._failure is None:
            await asyncio.sleep(WATCH)
            try:
                await self._look_after()
            except DomainError as error:
                _log.exception("the document server is given up")
                self._failure = error
            if monotonic() - cared > HOUSEKEEPING:
                cared = monotonic()
                with suppress(DomainError):
                    await admin.free_abandoned()

    async def _look_after(self) -> None:
        if self._child is None or self._child.poll() is not None:
            await self._bring_back()
        elif new := set(self._directory.files()) - set(self._record.files):
            # A disk without room for the record is told by the writes that it refuses, not by giving up here.
            with suppress(DomainError):
                self._note(files=tuple(sorted({*self._record.files, *new})))

    async def _bring_back(self) -> None:
        """Start the dead server again on its port, where connections look for it."""
        self._directory.check_files(self._record)
        while True:
            self._restarts = [moment for moment in self._restarts if monotonic() - moment < RESTARTS_WITHIN]
            if len(self._restarts) >= RESTARTS:
                raise Unavailable(
                    tr(
                        "The document server ended {times} times within {minutes:.0f} minutes and is not "
                        "started again. Its log is in {folder}; start Depictio anew.",
                        times=RESTARTS,
                        minutes=RESTARTS_WITHIN / 60,
                        folder=self._directory.logs,
                    )
                )
            self._restarts.append(monotonic())
            _log.error("the document server ended by itself and is started again")
            try:
                await self._launch(self._directory.documents, "--auth")
            except Unavailable as error:
                _log.warning("%s", error.message)
                await asyncio.sleep(len(self._restarts))
            else:
                return

    async def _stop_watching(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch

    async def _end(self) -> bool:
        """End the server; whether it ended by itself when asked."""
        if self._admin is not None:
            self._admin.close()
        return self._child is not None and await end(self._child, self._port)

    def _note(self, **changes: Any) -> None:
        self._record = msgspec.structs.replace(self._record, **changes)
        self._directory.write_record(self._record)


def running_url(data_dir: Path) -> str | None:
    """Where the documents are, with credentials, while another process holds the data directory; None when none does.

    The holder brings a document server that dies back on the same port.
    """
    port, password = told_port(data_dir), data_dir / "secrets" / "documents.password"
    return _url(password, port) if port is not None and password.exists() else None


def _url(password_path: Path, port: int) -> str:
    # For the driver's own repetitions the server would keep each reply for half an hour, and look through all of them
    # with each write. A write whose answer is lost, as the server died, is an error; saves are known by their keys.
    options = "authSource=admin&journal=true&retryWrites=false"
    return f"mongodb://{USER}:{kept_secret(password_path)}@127.0.0.1:{port}/?{options}"
