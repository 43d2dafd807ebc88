"""How many files a server may hold open."""

import subprocess
import sys

import pytest

SCRIPT = """
import resource, sys
hard = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
from web.server import allow_open_files
allow_open_files()
allow_open_files()
print(resource.getrlimit(resource.RLIMIT_NOFILE))
"""


@pytest.mark.parametrize("hard", [200, 1_000])
def test_a_server_holds_as_many_files_open_as_it_may(hard: int) -> None:
    """Systems let a process begin with few, and have more if it asks for them."""
    found = subprocess.run([sys.executable, "-c", SCRIPT, str(hard)], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == f"({hard}, {hard})"
