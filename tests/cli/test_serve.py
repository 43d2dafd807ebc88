"""`depictio serve` as a process: what it prints, how it stops, and how it says that it cannot start."""

import asyncio
import os
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path

import httpx
import pytest

from persistence.child import free_port

READY_WITHIN = 60
START = "from cli.main import main; main()"
BUSY = """
import threading, time
import web.server
web.server.ENDS_WITHIN = 3
def never_ends():
    while True: time.sleep(1)
threading.Thread(target=never_ends).start()
"""
"""A server with a thread of its own that nothing stops."""
Start = Callable[..., Coroutine[None, None, asyncio.subprocess.Process]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Starts `depictio serve` with these settings; whatever still runs afterwards is stopped."""
    running: list[asyncio.subprocess.Process] = []

    async def start(*arguments: str, before: str = "", **settings: str) -> asyncio.subprocess.Process:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("DEPICTIO_", "AWS_"))}
        environment |= {"DEPICTIO_DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(Path.cwd()), **settings}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", before + START, "serve", *arguments),
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _line(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(READY_WITHIN):
        return (await process.stdout.readline()).decode().strip()


async def _stop(process: asyncio.subprocess.Process) -> str:
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(READY_WITHIN):
        rest, _ = await process.communicate()
    return rest.decode()


async def test_a_thread_that_never_ends_does_not_keep_a_server_from_stopping(start: Start) -> None:
    """Where it is stands on the standard error, and the exit code says that this was not in order."""
    process = await start("--port", str(free_port()), before=BUSY)
    while not (await _line(process)).startswith("Depictio is at"):
        assert process.returncode is None
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(READY_WITHIN):
        _, said = await process.communicate()
    assert process.returncode == 1
    assert "in never_ends" in said.decode()


async def test_the_first_start_prints_the_address_and_the_sign_in_once(start: Start) -> None:
    """The printed password works; the second start keeps it and prints the address alone; both stop cleanly."""
    port = free_port()
    first = await start("--port", str(port))
    sign_in = await _line(first)
    assert sign_in.startswith("Sign in as admin@localhost with the password ")
    assert await _line(first) == "It is shown only this once; change it under Profile."
    assert await _line(first) == f"Depictio is at http://127.0.0.1:{port}"
    credentials = {"email": "admin@localhost", "password": sign_in.rpartition(" ")[2]}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        assert (await http.get("/health/ready")).json() == {"status": "ready"}
        answer = await http.post("/api/v1/tokens", json=credentials)
        assert (answer.status_code, "server" in answer.headers) == (201, False)
    await _stop(first)
    assert first.returncode == 0

    second = await start("--port", str(port))
    assert await _line(second) == f"Depictio is at http://127.0.0.1:{port}"
    assert await _stop(second) == ""
    assert second.returncode == 0


async def _refusal(process: asyncio.subprocess.Process) -> str:
    async with asyncio.timeout(READY_WITHIN):
        out, err = await process.communicate()
    assert (process.returncode, out) == (3, b"")
    assert "Traceback" not in err.decode()
    return err.decode()


async def test_a_taken_port_is_one_clear_line(start: Start) -> None:
    """It names the address and what to do, before anything else is started."""
    listener = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    message = await _refusal(await start("--port", str(port)))
    listener.close()
    await listener.wait_closed()
    assert message.splitlines() == [
        f"Error: Cannot listen on 127.0.0.1:{port}: Address already in use. Choose another with --port or --host."
    ]


async def test_a_data_directory_that_cannot_be_used_is_one_clear_line(start: Start, tmp_path: Path) -> None:
    """Here a file stands where the directory should be."""
    (tmp_path / "data").write_text("not a directory")
    message = await _refusal(await start("--port", str(free_port())))
    assert len(message.splitlines()) == 1
    assert str(tmp_path / "data") in message


async def test_an_unreachable_database_is_one_clear_line(start: Start) -> None:
    """Within seconds, with its address and without its password."""
    url = f"mongodb://depictio:hunter2@127.0.0.1:{free_port()}/?serverSelectionTimeoutMS=500"
    message = await _refusal(
        await start("--port", str(free_port()), DEPICTIO_MONGODB_URL=url, DEPICTIO_SECRET_KEY=secrets.token_hex(32))
    )
    assert len(message.splitlines()) == 1
    assert "hunter2" not in message


async def test_a_misspelt_setting_is_named(start: Start) -> None:
    """With the nearest one that exists."""
    message = await _refusal(await start("--port", str(free_port()), DEPICTIO_PROT="80"))
    assert "DEPICTIO_PROT" in message
    assert "did you mean DEPICTIO_PORT?" in message
