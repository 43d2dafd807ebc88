"""The two example projects, on the local disk and on S3."""

import shutil

import polars as pl

from persistence.objects import ObjectStore
from tests.ingest.lab import EXAMPLES, Laboratories


async def test_iris_has_150_rows(laboratories: Laboratories, storage: ObjectStore) -> None:
    """The table is the file; a second run changes nothing and reads no file."""
    lab = laboratories(storage)
    shutil.copytree(EXAMPLES / "iris", lab.folder, dirs_exist_ok=True)
    reports = await lab.ingest()
    assert reports["iris_table"].rows == 150
    frame = lab.tables.scan((await lab.of("iris_workflow", "iris_table")).table_path).collect()
    plain = pl.read_csv(EXAMPLES / "iris" / "iris.csv", infer_schema_length=None)
    assert frame.select(plain.columns).equals(plain)
    again = await lab.ingest()
    assert (again["iris_table"].outcome, again["iris_table"].unchanged, lab.hashed) == ("unchanged", 1, 0)


async def test_penguins_have_342_rows(laboratories: Laboratories, storage: ObjectStore) -> None:
    """Each collection stacks three runs, and the join matches every animal."""
    lab = laboratories(storage)
    shutil.copytree(EXAMPLES / "penguins", lab.folder, dirs_exist_ok=True)
    reports = await lab.ingest()
    rows = {tag: report.rows for tag, report in reports.items()}
    assert rows == {"physical_features": 342, "demographic_data": 342, "penguins_complete": 342}
    for tag in rows:
        collection = await lab.of("penguin_survey", tag)
        frame = lab.tables.scan(collection.table_path, collection.table_version).collect()
        runs = dict(frame.group_by("depictio_run_id").len().iter_rows())
        assert runs == {"run_1_adelie": 151, "run_2_chinstrap": 68, "run_3_gentoo": 123}
    again = await lab.ingest()
    assert {report.outcome for report in again.values()} == {"unchanged"}
    assert lab.hashed == 0
