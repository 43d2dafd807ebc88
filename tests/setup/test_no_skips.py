"""A skipped test fails the run in CI, and only there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SKIPS = {
    "in the body": "import pytest\ndef test_it(): pytest.skip('no server')\n",
    "by a mark": "import pytest\n@pytest.mark.skip(reason='no server')\ndef test_it(): pass\n",
    "while it is collected": "import pytest\npytest.skip('no server', allow_module_level=True)\n",
}
EXPECTED_FAILURE = "import pytest\n@pytest.mark.xfail\ndef test_it(): assert False\n"


def run_pytest(folder: Path, source: str, *, ci: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(ROOT / "conftest.py", folder)
    (folder / "test_it.py").write_text(source)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        env=os.environ | {"CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("source", SKIPS.values(), ids=SKIPS.keys())
def test_a_skip_fails_in_ci(tmp_path: Path, source: str) -> None:
    """However a test skips itself, CI ends red and gives the test's own reason."""
    run = run_pytest(tmp_path, source, ci="true")
    assert run.returncode != 0
    assert "no server" in run.stdout
    assert "CI does not allow" in run.stdout


def test_a_skip_passes_elsewhere(tmp_path: Path) -> None:
    """On a laptop that lacks something, a skip is only a skip."""
    run = run_pytest(tmp_path, SKIPS["by a mark"], ci="")
    assert (run.returncode, "1 skipped" in run.stdout) == (0, True)


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    """A test that is known to fail has run, so CI accepts it."""
    run = run_pytest(tmp_path, EXPECTED_FAILURE, ci="true")
    assert (run.returncode, "1 xfailed" in run.stdout) == (0, True)
