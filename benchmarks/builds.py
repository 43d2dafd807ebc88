"""A build of Depictio as the benchmark runs it: a checkout with its own environment and a data directory of its own."""

import asyncio
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from benchmarks.memory import Peak

HERE = Path(__file__).parent
COMMAND = "from cli.main import main; main()"
ADMIN = "admin@localhost"
PASSWORD = secrets.token_hex(12)
READY_WITHIN = 90.0
PREPARED = ("What dashboards expect of large tables is ready.", "The column cache is full")
PREPARED_WITHIN = 600.0
INGEST_WITHIN = 1800.0
SCRIPT_WITHIN = 1800.0


class BenchmarkError(Exception):
    """The benchmark cannot go on: a command of the build failed."""


class Server:
    """A running `depictio serve`."""

    def __init__(self, address: str, peak: Peak) -> None:
        self.address = address
        self.peak = peak


class Build:
    """One checkout. `folder` holds what it stores, and is emptied first."""

    def __init__(self, name: str, checkout: Path, folder: Path) -> None:
        self.name = name
        self._checkout = checkout.resolve()
        own = self._checkout / ".venv" / "bin" / "python"
        self._python = str(own) if own.exists() else sys.executable
        self._folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        outside = {name: text for name, text in os.environ.items() if not name.startswith(("DEPICTIO_", "AWS_"))}
        self.environment = outside | {
            "PYTHONPATH": str(self._checkout),
            "DEPICTIO_DATA_DIR": str(folder / "data"),
            "DEPICTIO_ADMIN_EMAIL": ADMIN,
            "DEPICTIO_ADMIN_PASSWORD": PASSWORD,
            "DEPICTIO_SIGN_IN_ATTEMPTS": "100000",
        }

    def ingest(self, project_file: Path) -> tuple[float, float]:
        """Seconds and peak MiB of `depictio run` on an empty data directory, its start included."""
        with self._process("-c", COMMAND, "run", str(project_file)) as process:
            peak = Peak(process.pid)
            start = time.perf_counter()
            peak.reset()
            process.wait(INGEST_WITHIN)
            return time.perf_counter() - start, peak.stop()

    def dashboards(self, project_name: str, sizes: list[int]) -> dict[int, str]:
        """Make the dashboards; their ids by number of tiles."""
        # By its path: the checkout may have another version of the benchmark, or none.
        made = self.run(str(HERE / "dashboards.py"), project_name, *map(str, sizes))
        return {int(size): found for size, found in json.loads(made.splitlines()[-1]).items()}

    def run(self, *arguments: str) -> str:
        """What this build's Python prints."""
        with self._process(*arguments) as process:
            process.wait(SCRIPT_WITHIN)
        return (self._folder / "output").read_text()

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[Server]:
        """A server just started: nothing is in its memory yet."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with self._process("-c", COMMAND, "serve", "--port", str(port)) as process:
            peak = Peak(process.pid)
            try:
                await self._ready(process, port)
                peak.reset()
                yield Server(f"http://127.0.0.1:{port}", peak)
            finally:
                peak.stop()
                process.terminate()
                await asyncio.to_thread(process.wait, READY_WITHIN)

    async def prepared(self) -> float | None:
        """Start the server and let it make large tables ready, as one that runs does; the seconds that took.

        None for a build that does not say when it is done.
        """
        start = time.perf_counter()
        async with self.serve():
            while time.perf_counter() - start < PREPARED_WITHIN:
                said = (self._folder / "errors").read_text()
                if any(word in said for word in PREPARED):
                    return time.perf_counter() - start
                await asyncio.sleep(0.2)
        return None

    async def _ready(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        for _ in range(int(READY_WITHIN / 0.05)):
            if process.poll() is not None:
                raise BenchmarkError(f"The server of {self.name} stopped: {self._errors()}")
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                await writer.wait_closed()
                return
        raise BenchmarkError(f"The server of {self.name} did not start within {READY_WITHIN:g} s.")

    @contextmanager
    def _process(self, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A process of this build, ended at the latest with the block; its output goes to the build's folder.

        Raises:
            BenchmarkError: when it failed.
        """
        with (self._folder / "output").open("wb") as output, (self._folder / "errors").open("wb") as errors:
            process = subprocess.Popen(
                [self._python, *arguments], cwd=self._checkout, env=self.environment, stdout=output, stderr=errors
            )
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
        if process.returncode:
            raise BenchmarkError(f"{' '.join(arguments)} of {self.name} failed: {self._errors()}")

    def _errors(self) -> str:
        return " ".join((self._folder / name).read_text()[-2000:] for name in ("output", "errors")).strip()
