"""kill -9 in the middle of an ingest: the old version stays readable, and the next run completes."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import yaml

from tests.cli.conftest import COMMAND, Command
from tests.ingest.lab import project, table

ROWS = 200_000
RUNS = 12


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


def write(folder: Path, run: int) -> None:
    path = folder / "runs" / f"run_{run}" / "a.csv"
    path.parent.mkdir(parents=True)
    numbers = pl.int_range(ROWS, eager=True)
    pl.DataFrame({"x": numbers, "y": (numbers * 7919) % 100_003 / 7, "z": numbers.cast(pl.String)}).write_csv(path)
