"""A test that waits for ever fails and says where it waits; the others still run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SETTINGS = """\
[tool.pytest.ini_options]
addopts = "-p no:dash -p no:schemathesis -p no:cacheprovider"
asyncio_mode = "auto"
faulthandler_timeout = 2
faulthandler_exit_on_timeout = true
"""
WAITS = """\
import asyncio, time

async def test_awaits():
    await asyncio.Event().wait()

async def test_after_it():
    await asyncio.sleep(0)
"""
BLOCKS = """\
import time

def test_blocks():
    time.sleep(60)
"""
CLOSES = """\
import time, pytest

@pytest.fixture(scope="session")
def lasts():
    yield
    time.sleep(60)

def test_fails(lasts):
    assert False
"""


def run_pytest(folder: Path, files: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(ROOT / "conftest.py", folder)
    (folder / "pyproject.toml").write_text(SETTINGS)
    for name, source in files.items():
        (folder / name).write_text(source)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *options],
        cwd=folder,
        env=os.environ | {"CI": "true", "TEST_ENDS_WITHIN": "0.5"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_test_that_awaits_for_ever_fails_at_that_line(tmp_path: Path) -> None:
    run = run_pytest(tmp_path, {"test_waits.py": WAITS})
    assert run.returncode == 1
    assert "await asyncio.Event().wait()" in run.stdout
    assert "1 failed, 1 passed" in run.stdout


def test_a_failure_is_told_before_the_summary(tmp_path: Path) -> None:
    """Both here and where processes share the tests."""
    for options in ((), ("--numprocesses=1",)):
        run = run_pytest(tmp_path, {"test_waits.py": WAITS}, *options)
        told, _, rest = run.stdout.partition("= FAILURES =")
        assert "test_waits.py::test_awaits failed (call):" in told, run.stdout
        assert "test_waits.py::test_awaits failed (call):" not in rest


def test_a_test_that_blocks_ends_its_process_alone(tmp_path: Path) -> None:
    """Where all threads were is written; the other files are tested by the process that takes its place."""
    run = run_pytest(tmp_path, {"test_blocks.py": BLOCKS, "test_waits.py": WAITS}, "--numprocesses=1")
    assert run.returncode == 1
    assert 'test_blocks.py", line 4 in test_blocks' in run.stderr
    assert "crashed while running 'test_blocks.py::test_blocks'" in run.stdout
    assert "2 failed, 1 passed" in run.stdout


def test_fixtures_of_a_test_that_failed_end_too(tmp_path: Path) -> None:
    run = run_pytest(tmp_path, {"test_closes.py": CLOSES}, "--numprocesses=1")
    assert run.returncode == 1
    assert 'test_closes.py", line 6 in lasts' in run.stderr
    assert "crashed while running 'test_closes.py::test_fails'" in run.stdout
