"""A collection of large files that has more bytes than its ingest may take of memory: they pass through."""

import subprocess
import sys
from pathlib import Path

import polars as pl
import yaml

from tests.ingest.lab import project, table

MEASURED = """
import sys
from pathlib import Path
from domain.ingests import FoundFile, Plan
from persistence.objects import open_objects
from persistence.stacking import stack
from persistence.tables import Tables
from services.project_files import read_project_file
folder, number = Path(sys.argv[1]), int(sys.argv[2])
((_, collection),) = read_project_file(folder / "project.yaml").description.collections()
names = [f"run_1/{one:03}.csv" for one in range(number)]
size = (folder / "a.csv").stat().st_size
files = [FoundFile(path=name, run="run_1", size=size, mtime_ns=0, sha256=name) for name in names]
tables = Tables(open_objects((folder / f"store_{number}").as_uri()))
spool = folder / "spool"
spool.mkdir(exist_ok=True)
_, ledger = stack(tables, "tables/a", collection, Plan(new=tuple(names)), files, "", lambda _: folder / "a.csv", spool)
status = Path("/proc/self/status").read_text()
print(int(status.split("VmHWM:")[1].split()[0]) // 1024, ledger.rows)
"""
FILES = 80
ROWS = 10 * 2**20 // 200


def test_a_collection_larger_than_the_memory_of_its_ingest(tmp_path: Path) -> None:
    """The whole process never holds half as much as the files have, and every row is in the table."""
    numbers = pl.int_range(ROWS, eager=True)
    columns = [(numbers.hash(one).cast(pl.Float64) / 2**64).round(7).alias(f"c{one}") for one in range(20)]
    pl.DataFrame(columns).write_csv(tmp_path / "a.csv")
    (tmp_path / "project.yaml").write_text(yaml.safe_dump(project(table())))
    (tmp_path / "runs").mkdir()
    made = subprocess.run(
        [sys.executable, "-c", MEASURED, tmp_path, str(FILES)], check=True, capture_output=True, text=True
    )
    peak, rows = map(int, made.stdout.split())
    assert rows == FILES * ROWS
    assert peak * 2**20 < FILES * (tmp_path / "a.csv").stat().st_size / 2, peak
