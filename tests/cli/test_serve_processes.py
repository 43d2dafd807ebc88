"""Several server processes on one port: they share the work and what people do, and begin and end together."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from persistence.child import free_port

WITHIN, EVERY = 60.0, 0.1
START = "from cli.main import main; main()"
PASSWORD = "correct horse battery"
WORKER = "web.worker"
PROC = Path("/proc")


def workers_of(parent: int) -> list[int]:
    """The further server processes that a process has started."""
    found = []
    for stat in PROC.glob("[0-9]*/stat"):
        try:
            command = (stat.parent / "cmdline").read_bytes()
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent and WORKER.encode() in command:
                found.append(int(stat.parent.name))
        except (OSError, ValueError, IndexError):
            continue
    return sorted(found)


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(int(WITHIN / EVERY)):
        if condition():
            return
        await asyncio.sleep(EVERY)
    raise TimeoutError


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """`depictio serve` with three processes, and its address."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DEPICTIO_", "AWS_"))}
    environment |= {
        "DEPICTIO_DATA_DIR": str(tmp_path / "data"),
        "DEPICTIO_ADMIN_PASSWORD": PASSWORD,
        "DEPICTIO_PROCESSES": "3",
        "PYTHONPATH": str(Path.cwd()),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", START, "serve", "--port", str(port)),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    async with asyncio.timeout(WITHIN):
        await process.stdout.readline()
    yield process, f"http://127.0.0.1:{port}"
    if process.returncode is None:
        process.kill()
    await process.communicate()


async def all_answer(process: asyncio.subprocess.Process, address: str) -> None:
    """Wait until each process has taken the socket: it has the documents' database open then."""
    await until(lambda: len(workers_of(process.pid)) == 2)
    listening = workers_of(process.pid)
    await until(lambda: all(_threads(worker) > 3 for worker in listening))
    async with httpx.AsyncClient(base_url=address) as http:
        assert (await http.get("/health/ready")).status_code == 200


def _threads(pid: int) -> int:
    return sum(1 for _ in (PROC / str(pid) / "task").glob("*"))


async def test_what_one_process_is_told_all_know(server: tuple[asyncio.subprocess.Process, str]) -> None:
    """A session holds on every connection, whichever process takes it, and ends on all when it is signed out."""
    process, address = server
    await all_answer(process, address)
    async with httpx.AsyncClient(base_url=f"{address}/api/v1") as http:
        who = {"email": "admin@localhost", "password": PASSWORD}
        token = (await http.post("/tokens", json=who)).raise_for_status().json()["access_token"]
    headers = {"authorization": f"Bearer {token}", "connection": "close"}

    async def ask() -> int:
        async with httpx.AsyncClient(headers=headers) as http:
            return (await http.get(f"{address}/api/v1/me")).status_code

    statuses = [status for _ in range(5) for status in await asyncio.gather(*(ask() for _ in range(12)))]
    assert statuses == [200] * 60


async def test_a_form_of_one_process_is_taken_by_the_others(server: tuple[asyncio.subprocess.Process, str]) -> None:
    """Signing in from page to page, each request on a connection of its own."""
    process, address = server
    await all_answer(process, address)
    for _ in range(12):
        async with httpx.AsyncClient(base_url=address, headers={"connection": "close"}) as http:
            await http.get("/sign-in")
            token = next(value for name, value in http.cookies.items() if "csrf" in name)
            form = {"_csrf_token": token, "email": "admin@localhost", "password": PASSWORD, "next": "/projects"}
            assert (await http.post("/sign-in", data=form)).status_code == 303
            assert (await http.get("/projects")).status_code == 200


async def test_a_process_that_dies_is_brought_back(server: tuple[asyncio.subprocess.Process, str]) -> None:
    """The others answer meanwhile."""
    process, address = server
    await all_answer(process, address)
    before = workers_of(process.pid)
    os.kill(before[0], signal.SIGKILL)
    async with httpx.AsyncClient(base_url=address) as http:
        await until(lambda: len(workers_of(process.pid)) == 2 and workers_of(process.pid) != before)
        assert (await http.get("/health/ready")).status_code == 200


async def test_all_stop_together(server: tuple[asyncio.subprocess.Process, str]) -> None:
    """SIGTERM to the first one ends them all, and its exit code is 0."""
    process, address = server
    await all_answer(process, address)
    workers = workers_of(process.pid)
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(WITHIN):
        assert await process.wait() == 0
    assert not any((PROC / str(worker)).exists() for worker in workers)


async def test_none_outlives_the_first(server: tuple[asyncio.subprocess.Process, str]) -> None:
    """Not even when it is killed."""
    process, address = server
    await all_answer(process, address)
    workers = workers_of(process.pid)
    process.kill()
    await process.wait()
    await until(lambda: not any(_is_running(worker) for worker in workers))


def _is_running(pid: int) -> bool:
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
