"""kill -9 of a server in the middle of a job: after the next start the job is done, and its effect came once."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.conftest import ADMIN_PASSWORD, COMMAND

FIRST = b"site,n\nA,1\n"
LARGE = ("site,n\n" + "Kattegat,123456\nSkagerrak,98765\n" * 4_000_000).encode()
ROWS = 8_000_000


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """On the disk, where a crash would lose what was not yet written."""
    return tmp_path / "data"


class Servers:
    """One server at a time on the same port and the same data."""

    def __init__(self, variables: dict[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._variables = variables | {"DEPICTIO_PROCESSES": "1"}
        self.process: subprocess.Popen[str] | None = None
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}/api/v1", timeout=60)

    def start(self) -> None:
        command = [COMMAND, "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=self._variables, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert str(self.port) in self.process.stdout.readline()

    def sign_in(self) -> None:
        credentials = {"email": "admin@localhost", "password": ADMIN_PASSWORD}
        token = self.http.post("/tokens", json=credentials).raise_for_status().json()["access_token"]
        self.http.headers["authorization"] = f"Bearer {token}"

    def end(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            os.kill(self.process.pid, number)
            self.process.wait(60)
            assert self.process.stdout is not None
            self.process.stdout.close()

    def until(self, place: str, *, step: str = "") -> dict[str, Any]:
        """The job once it is at that step, or has ended: writing may be over before anybody looks."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            job: dict[str, Any] = self.http.get(place).raise_for_status().json()
            if job["state"] in {"done", "failed", "cancelled"} or (step and job["progress"]["step"] == step):
                return job
            time.sleep(0.02)
        raise AssertionError(place)


@pytest.fixture
def servers(variables: dict[str, str]) -> Iterator[Servers]:
    servers = Servers(variables)
    servers.start()
    yield servers
    servers.end(signal.SIGTERM)
    servers.http.close()


def uploaded(http: httpx.Client, project_id: str, name: str, content: bytes, mode: str) -> str:
    """Where the job is that takes the file in."""
    digest = sha256(content).hexdigest()
    http.put(f"/projects/{project_id}/uploads/{digest}", content=content).raise_for_status()
    sent = {"name": name, "sha256": digest, "size": len(content)}
    body = {"kind": "upload", "order": {"sent": sent, "order": {"tag": "sites", "mode": mode}}}
    answer = http.post(f"/projects/{project_id}/jobs", json=body)
    assert answer.status_code == 202, answer.text
    return answer.headers["location"].removeprefix("/api/v1")


def test_a_restart_loses_no_job(servers: Servers, data_dir: Path) -> None:
    """Killed while a file is read and while the table is written; and stopped in order."""
    servers.sign_in()
    http = servers.http
    project_id = http.post("/projects", json={"name": "Survey"}).raise_for_status().json()["id"]
    servers.until(uploaded(http, project_id, "first.csv", FIRST, "new"))
    rows, attempts = 1, []
    for number, (step, how) in enumerate(
        (
            ("reading files", signal.SIGKILL),
            ("writing the table", signal.SIGKILL),
            ("reading files", signal.SIGTERM),
        )
    ):
        # Each file has other bytes, so that each append is one.
        content = LARGE + f"Oslofjord,{number}\n".encode()
        place = uploaded(http, project_id, f"more{number}.csv", content, "append")
        servers.until(place, step=step)
        servers.end(how)
        servers.start()
        job = servers.until(place)
        rows += ROWS + 1
        assert job["state"] == "done", job
        assert [report["rows"] for report in job["result"]["reports"]] == [rows], job["log"]
        attempts.append(job["attempts"])
    assert (attempts[0], attempts[2]) == (2, 1)
    collections = http.get(f"/projects/{project_id}/collections").json()["items"]
    assert [(one["tag"], one["rows"]) for one in collections] == [("sites", rows)]
    versions = http.get(f"/projects/{project_id}/collections/{collections[0]['id']}/versions").json()["items"]
    assert len(versions) == 4
    assert list((data_dir / "spool" / "jobs").iterdir()) == []
