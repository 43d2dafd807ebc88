"""The command as people run it: a process of its own with its own data directory."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("depictio")
EXAMPLES = Path(__file__).parents[2] / "examples"
ADMIN_PASSWORD = "correct horse battery staple"

Command = Callable[..., "subprocess.CompletedProcess[str]"]


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
