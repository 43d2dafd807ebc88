"""kill -9 in the middle of an ingest: the old version stays readable, and the next run completes."""

import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest
import yaml
from deltalake import DeltaTable

from tests.cli.conftest import COMMAND, Command
from tests.ingest.lab import project, table

ROWS = 200_000
RUNS = 12
LARGE = 400_000
"""So many rows that their file is large enough to pass straight into a part of the table."""


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """On the disk, where a crash would lose what was not yet written."""
    return tmp_path / "data"


def reading(data_dir: Path) -> bool:
    """Rows of several files lie in the spool."""
    return len(list((data_dir / "spool/rows").glob("ingest-*/*"))) > RUNS // 3


def writing(data_dir: Path) -> bool:
    """The new version's data is being written: there is a data file more than before."""
    return len(list((data_dir / "storage/tables").glob("*/*/*.parquet"))) > 1


@pytest.mark.parametrize("moment", [reading, writing])
def test_killed_while(
    depictio: Command, variables: dict[str, str], data_dir: Path, tmp_path: Path, moment: Callable[[Path], bool]
) -> None:
    """The table is the old one or the new one, never a mixture."""
    (tmp_path / "project.yaml").write_text(yaml.safe_dump(project(table())))
    write(tmp_path, 0)
    assert depictio("run", tmp_path / "project.yaml").returncode == 0
    for run in range(1, RUNS):
        write(tmp_path, run)
    with subprocess.Popen(
        [COMMAND, "run", tmp_path / "project.yaml"],
        env=variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        deadline = time.monotonic() + 60
        while not moment(data_dir) and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.001)
        assert process.poll() is None, "the ingest ended before it could be killed"
        process.kill()
    (place,) = (data_dir / "storage" / "tables").glob("*/*")
    assert pl.read_delta(str(place), version=0).height == ROWS
    assert pl.read_delta(str(place)).height in {ROWS, ROWS * RUNS}
    again = depictio("run", tmp_path / "project.yaml")
    assert again.returncode == 0, again.stderr
    after = pl.read_delta(str(place))
    assert after.height == ROWS * RUNS
    assert after["depictio_run_id"].n_unique() == RUNS
    assert after.n_unique(["depictio_run_id", "x"]) == ROWS * RUNS


def test_killed_at_many_moments(depictio: Command, variables: dict[str, str], data_dir: Path, tmp_path: Path) -> None:
    """Whenever it is killed, the table is a whole version; in the end every data file belongs to one."""
    (tmp_path / "project.yaml").write_text(yaml.safe_dump(project(table())))
    write(tmp_path, 0)
    assert depictio("run", tmp_path / "project.yaml").returncode == 0
    (place,) = (data_dir / "storage" / "tables").glob("*/*")
    for run in range(1, RUNS):
        write(tmp_path, run, LARGE if run % 2 else ROWS)
    rows = ROWS * (RUNS // 2) + LARGE * (RUNS // 2)
    kills = 0
    for moment in range(60):
        with subprocess.Popen(
            [COMMAND, "run", tmp_path / "project.yaml"],
            env=variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            with suppress(subprocess.TimeoutExpired):
                assert process.wait(0.8 + moment * 0.1) == 0
                break
            process.kill()
            kills += 1
        assert pl.read_delta(str(place), version=0).height == ROWS
        assert pl.scan_delta(str(place)).select(pl.len()).collect().item() in {ROWS, rows}
    assert kills > 1
    assert pl.read_delta(str(place)).height == rows
    # One more version, so that whatever a kill just after the commit has left is looked at.
    write(tmp_path, RUNS)
    assert depictio("run", tmp_path / "project.yaml").returncode == 0
    table_now = pl.read_delta(str(place))
    assert table_now.height == table_now.n_unique(["depictio_run_id", "x"]) == rows + ROWS
    versions = range(DeltaTable(place).version() + 1)
    in_use = {name for version in versions for name in DeltaTable(place, version=version).file_uris()}
    assert {str(path) for path in place.rglob("*.parquet")} == in_use


def write(folder: Path, run: int, rows: int = ROWS) -> None:
    path = folder / "runs" / f"run_{run}" / "a.csv"
    path.parent.mkdir(parents=True)
    numbers = pl.int_range(rows, eager=True)
    pl.DataFrame({"x": numbers, "y": (numbers * 7919) % 100_003 / 7, "z": numbers.cast(pl.String)}).write_csv(path)
