"""The Containerfile cannot be built here, so what can go wrong in it is read off its instructions."""

import json
import re
import shlex
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INSTALLERS = {"pip", "pip3", "npm", "npx", "apt", "apt-get", "uv", "curl", "wget"}


def instructions() -> list[tuple[str, str]]:
    """Every instruction of the Containerfile as (NAME, arguments), continuation lines joined."""
    lines = (ROOT / "Containerfile").read_text().splitlines()
    text = "\n".join(line for line in lines if line and not line.startswith("#"))
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in text.replace("\\\n", "").splitlines())]


def arguments_of(name: str) -> list[str]:
    return [rest for each, rest in instructions() if each == name]


def last_stage() -> list[tuple[str, str]]:
    everything = instructions()
    start = max(index for index, (name, _) in enumerate(everything) if name == "FROM")
    return everything[start:]


def final(name: str) -> str:
    return [rest for each, rest in last_stage() if each == name][-1]


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_images_name_their_version_and_no_host() -> None:
    """An image without a version changes by itself; one with a host ties the build to one registry."""
    images = [rest.split()[0] for rest in arguments_of("FROM")]
    assert images == ["node:24-bookworm", "python:3.11-bookworm", "python:3.11-slim-bookworm"]


def test_every_package_comes_through_make() -> None:
    """What the image holds is what the Makefile installs: no step has an installer of its own."""
    words = [shlex.split(rest) for rest in arguments_of("RUN")]
    targets = [each[1] for each in words if each[0] == "make"]
    assert targets == ["npm", "install"]
    assert set(targets) <= make_targets()
    assert not {word for each in words if each[0] != "make" for word in each} & INSTALLERS


def test_each_copy_between_stages_names_a_stage() -> None:
    """A misspelt stage would be looked for as an image."""
    stages = {rest.split()[-1] for rest in arguments_of("FROM") if " AS " in rest}
    sources = {flag for rest in arguments_of("COPY") for flag in re.findall(r"--from=(\S+)", rest)}
    assert sources == stages == {"assets", "build"}


def test_each_copied_file_reaches_the_build() -> None:
    """What is copied by name exists, and the ignore file lets it through."""
    ignored = (ROOT / ".containerignore").read_text().splitlines()
    named = [
        "Makefile",
        "package.json",
        ".npmrc",
        "requirements-server.lock",
        "pyproject.toml",
        "LICENSE",
        ".gitignore",
    ]
    assert [name for name in named if not (ROOT / name).is_file()] == []
    assert set(named).isdisjoint(ignored)
    assert (ROOT / ".dockerignore").read_text().splitlines() == ignored


def test_the_server_is_not_root_and_writes_only_its_data() -> None:
    """A read-only root file system works: data and home lie on the volume, temporary files on a tmpfs."""
    user, _, group = final("USER").partition(":")
    environment = dict(pair.split("=", 1) for pair in shlex.split(final("ENV")))
    assert (int(user), int(group)) == (10001, 10001)
    assert final("VOLUME") == final("WORKDIR") == environment["DEPICTIO_DATA_DIR"] == environment["HOME"] == "/data"
    assert environment["TMPDIR"] == "/tmp"  # noqa: S108 - the container's own tmpfs
    assert environment["PYTHONDONTWRITEBYTECODE"] == "1"


def test_the_command_is_the_installed_one() -> None:
    """The path holds the folder that `make install` filled, and signals reach the server without a shell between."""
    (prefix,) = re.findall(r"PREFIX=(\S+)", " ".join(arguments_of("RUN")))
    assert final("COPY") == f"--from=build {prefix} {prefix}"
    assert f"PATH={prefix}/bin:$PATH" in shlex.split(final("ENV"))
    assert json.loads(final("ENTRYPOINT")) == ["depictio"]
    assert json.loads(final("CMD")) == ["serve", "--host", "0.0.0.0"]  # noqa: S104 - inside the container


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_health_check_tells_a_live_server(status: int, code: int) -> None:
    """The check is run as it stands against a server that answers well, then badly."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/health/live" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            assert run_health_check(server.server_port).returncode == code
        finally:
            server.shutdown()
            thread.join()


def test_the_health_check_tells_a_dead_server() -> None:
    """Nobody listens on port 1."""
    assert run_health_check(1).returncode != 0


def run_health_check(port: int) -> subprocess.CompletedProcess[bytes]:
    _, _, command = final("HEALTHCHECK").partition("CMD ")
    python, *rest = json.loads(command)
    assert python == "python"
    return subprocess.run(
        [sys.executable, *rest], env={"DEPICTIO_PORT": str(port)}, capture_output=True, timeout=20, check=False
    )
