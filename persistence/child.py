"""Programs that this process starts and looks after: they end with it, whatever ends it."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

STOP_GRACE = 15.0
POLL = 0.01
_LAUNCHER = Path(__file__).with_name("die_with_parent.py")

Child = subprocess.Popen[bytes]


def start_child(command: Sequence[str], *, folder: Path, log: Path | None, keep: Sequence[int] = ()) -> Child:
    """Start `command` in `folder`, its output appended to `log` (ours when there is none), with the open files `keep`.

    Linux ends the child when the *thread* that started it ends: call this from a thread that lives as long as the
    child is to live, which the event loop's own does.
    """
    with nullcontext() if log is None else log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", str(_LAUNCHER), str(os.getpid()), *command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=None if log is None else subprocess.STDOUT,
            pass_fds=keep,
            # Ctrl-C in the terminal is for us: the child stops when we have drained.
            start_new_session=True,
        )


async def stop_child(child: Child, grace: float = STOP_GRACE) -> bool:
    """End the child: SIGTERM, then SIGKILL after `grace` seconds. Says whether it ended by itself."""
    child.terminate()
    if await _ended(child, grace):
        return True
    child.kill()
    await _ended(child, grace)
    return False


def free_port() -> int:
    """A TCP port of the loopback address on which nothing listens at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def listening(port: int) -> bool:
    """Whether something accepts connections on the loopback address's `port`."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


async def _ended(child: Child, within: float) -> bool:
    deadline = asyncio.get_running_loop().time() + within
    while child.poll() is None:
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(POLL)
    return True
