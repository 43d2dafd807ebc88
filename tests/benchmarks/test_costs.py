"""What pages cost by what they read: counts do not depend on the machine, so they can be held to."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import audit

ROOT = Path(__file__).parents[2]


async def test_a_page_of_a_long_audit_reads_as_much_as_one_of_a_short_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Under each of the sixteen sets of filters; `python -m benchmarks.audit` measures the time as well."""
    assert await audit.measure(tmp_path, 3_000, times=0)
    assert len(capsys.readouterr().out.splitlines()) == 16


async def test_a_project_page_reads_no_more_than_it_shows() -> None:
    """With 200 members neither page asks in a loop, and the overview reads a few accounts only."""
    command = [sys.executable, "-m", "benchmarks.members", "1"]
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.partition(",")[0] for line in done.stdout.splitlines()] == ["project", "members"]


async def test_the_pulse_of_an_opened_dashboard_asks_little() -> None:
    """Every page that is seen asks again and again: for a viewer six questions by an index, for an editor seven."""
    command = [sys.executable, "-m", "benchmarks.pulse", "1"]
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.partition(",")[0] for line in done.stdout.splitlines()] == ["view: 6 questions", "edit: 7 questions"]
