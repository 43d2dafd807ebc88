"""The command as people run it: a process of its own with its own data directory."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from domain.settings import Settings
from services.examples import install_examples
from services.opening import open_services
from tests.conftest import quick_folder

COMMAND = Path(sys.executable).with_name("depictio")
EXAMPLES = Path(__file__).parents[2] / "examples"
ADMIN_PASSWORD = "correct horse battery staple"

Command = Callable[..., "subprocess.CompletedProcess[str]"]


class Server(NamedTuple):
    url: str
    token: str
    data_dir: Path


@pytest.fixture
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory that does not exist yet; tests that kill what writes there have theirs on the disk."""
    with quick_folder(tmp_path_factory, "data") as folder:
        yield folder / "data"


@pytest.fixture
def variables(data_dir: Path) -> dict[str, str]:
    """The environment of the commands; nothing of DEPICTIO_ comes from outside."""
    outside = {name: text for name, text in os.environ.items() if not name.startswith(("DEPICTIO_", "AWS_"))}
    return outside | {"DEPICTIO_DATA_DIR": str(data_dir), "DEPICTIO_ADMIN_PASSWORD": ADMIN_PASSWORD}


@pytest.fixture
def depictio(variables: dict[str, str]) -> Command:
    """Run the command to its end."""

    def run(*arguments: object, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [COMMAND, *map(str, arguments)],
            env=variables | more,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def penguins(tmp_path: Path) -> Path:
    """A copy of the example, to be changed."""
    folder = tmp_path / "penguins"
    shutil.copytree(EXAMPLES / "penguins", folder)
    return folder / "project.yaml"


@pytest.fixture
def server(variables: dict[str, str], data_dir: Path) -> Iterator[Server]:
    """A server of its own on a free port, with an access token."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    with subprocess.Popen(
        [COMMAND, "serve", "--port", port], env=variables, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert f"127.0.0.1:{port}" in process.stdout.readline()
            url = f"http://127.0.0.1:{port}"
            credentials = {"email": "admin@localhost", "password": ADMIN_PASSWORD}
            answer = httpx.post(f"{url}/api/v1/tokens", json=credentials).raise_for_status().json()
            yield Server(url, answer["access_token"], data_dir)
        finally:
            process.terminate()


@pytest.fixture(scope="session")
async def installed(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Path]:
    """A data directory with the example projects and their dashboards; to be read only."""
    with quick_folder(tmp_path_factory, "installed") as folder:
        async with open_services(Settings(data_dir=folder, admin_password=ADMIN_PASSWORD)) as services:
            administrator = await services.people.user_by_email(services.settings.admin_email)
            await install_examples(services, administrator.actor(), lambda _: None)
        yield folder
