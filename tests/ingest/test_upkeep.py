"""Tables looked after: a version restored, small files put together, old ones removed, on real Delta tables."""

import json
import os
import time
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable

from domain.collections import DataCollection
from domain.errors import Conflict, Invalid, NotFound
from domain.ingests import Outcome
from domain.projects import Access
from domain.upkeep import MANY_FILES, retention_of
from persistence.rows import read_rows
from services.compacting import compacted
from tests.ingest.lab import Laboratory, project, table

DAY = 86_400
JOIN = {"name": "both", "left_dc": "table", "right_dc": "sites", "on_columns": ["site"], "how": "inner"}


def access(lab: Laboratory) -> Access:
    assert lab.access is not None
    return lab.access


def folder_of(lab: Laboratory, collection: DataCollection) -> Path:
    return Path(lab.tables.location(collection.table_path).uri.removeprefix("file://"))


def aged(folder: Path, days: int) -> None:
    """Let everything in the table have happened so many days ago."""
    for log in (folder / "_delta_log").glob("*.json"):
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        for line in lines:
            if "remove" in line:
                line["remove"]["deletionTimestamp"] -= days * DAY * 1000
        log.write_text("\n".join(json.dumps(line) for line in lines) + "\n")
    then = time.time() - days * DAY
    for file in folder.glob("*.parquet"):
        os.utime(file, (then, then))


async def three_versions(lab: Laboratory) -> DataCollection:
    """Version 0 has `a`; version 1 has `b` too, with a column more; version 2 has `a` in another state."""
    lab.describe(project(table()))
    lab.write("run_1/a.csv", "x,site\n1,A\n2,B\n")
    await lab.ingest()
    lab.write("run_1/b.csv", "x,site,depth\n3,A,9.5\n")
    await lab.ingest()
    lab.write("run_1/a.csv", "x,site\n7,A\n")
    await lab.ingest()
    return await lab.collection()


async def test_a_restored_version_is_a_new_one_and_the_next_ingest_is_right(lab: Laboratory) -> None:
    """What the plan says happens: old rows and columns, and files ingested since count as new or changed again."""
    collection = await three_versions(lab)
    first = lab.tables.scan(collection.table_path, 0).collect()
    plan = await lab.upkeep.plan_restore(access(lab), collection.id, 0)
    assert (plan.rows, plan.rows_now, plan.rows_added, plan.rows_removed) == (2, 2, 2, 2)
    assert plan.files_again == ("run_1/a.csv", "run_1/b.csv")
    assert [column.name for column in plan.columns_removed] == ["depth"]
    assert (await lab.collection()) == collection
    done = await lab.upkeep.restore(access(lab), collection.id, 0)
    assert (done.table_version, done.files_again) == (3, plan.files_again)
    restored = await lab.collection()
    assert (restored.table_version, restored.rows, restored.files) == (3, 2, 1)
    assert [column.name for column in restored.columns] == ["x", "site", "depictio_run_id", "depictio_file"]
    assert [(one.name, one.dtype, one.version) for one in restored.lost] == [("depth", "double", 3)]
    assert (await lab.frame()).equals(first)
    newest = lab.tables.history(collection.table_path)[0]
    assert (newest.operation, newest.rows_added, newest.rows_removed) == ("RESTORE", 2, 2)
    report = (await lab.ingest())["table"]
    assert (report.outcome, report.new, report.changed, report.rows) == (Outcome.UPDATED, 1, 1, 2)
    assert sorted((await lab.frame())["x"]) == [3, 7]
    assert (await lab.collection()).lost == ()
    log = await lab.ingestion.log(access(lab))
    assert "Version 0 was restored." in [one.report.message for one in log]


async def test_what_cannot_be_restored_is_said(lab: Laboratory) -> None:
    collection = await three_versions(lab)
    with pytest.raises(Conflict, match="Version 2 of 'table' is the current one"):
        await lab.upkeep.restore(access(lab), collection.id, 2)
    with pytest.raises(NotFound, match="has no version 9"):
        await lab.upkeep.restore(access(lab), collection.id, 9)
    with pytest.raises(NotFound, match="no data collection"):
        await lab.upkeep.restore(access(lab), "f" * 24, 0)


async def test_joins_follow_a_restored_side(lab: Laboratory) -> None:
    """A join is made anew at once; it cannot be restored by itself."""
    lab.describe(project(table(pattern=r"a\.csv"), table("sites", r"sites\.csv"), joins=[JOIN]))
    lab.write("run_1/a.csv", "x,site\n1,A\n")
    lab.write("run_1/sites.csv", "site,depth\nA,5\nB,6\n")
    await lab.ingest()
    lab.write("run_1/a.csv", "x,site\n1,A\n2,B\n")
    await lab.ingest()
    assert (await lab.frame("both")).height == 2
    side = await lab.collection()
    done = await lab.upkeep.restore(access(lab), side.id, 0)
    assert done.joins == ("both",)
    assert (await lab.frame("both"))["x"].to_list() == [1]
    joined = (await lab.collection("both")).joined
    assert joined is not None
    assert (joined.rows, joined.left.version) == (1, done.table_version)
    with pytest.raises(Conflict, match="is a join"):
        await lab.upkeep.restore(access(lab), (await lab.collection("both")).id, 0)


async def test_small_files_are_put_together_without_a_difference(lab: Laboratory) -> None:
    """Order, values and the ledger stay; the log still says what the file holds, and nothing is left to do."""
    lab.describe(project(table()))
    for number in range(6):
        lab.write(f"run_1/{number}.csv", f"x,site\n{number},A\n{number + 10},B\n")
        await lab.ingest()
    before, collection = await lab.frame(), await lab.collection()
    plan = await lab.upkeep.plan_optimize(access(lab), collection.id)
    assert (plan.files, plan.into, plan.table_version) == (6, 1, None)
    done = await lab.upkeep.optimize(access(lab), collection.id)
    assert (done.files, done.into, done.bytes, done.table_version) == (6, 1, plan.bytes, 6)
    after = await lab.collection()
    assert (after.table_version, after.rows) == (6, 12)
    assert (await lab.frame()).equals(before)
    actions = pl.DataFrame(DeltaTable(lab.tables.location(after.table_path).uri).get_add_actions(flatten=True))
    assert actions.select("num_records", "min.x", "max.x", "min.depictio_file", "max.depictio_file").rows() == [
        (12, 0, 15, "run_1/0.csv", "run_1/5.csv")
    ]
    assert (await lab.upkeep.optimize(access(lab), collection.id)).table_version is None
    assert (await lab.ingest())["table"].outcome is Outcome.UNCHANGED
    lab.write("run_1/0.csv", "x,site\n99,A\n")
    assert (await lab.ingest())["table"].changed == 1
    assert sorted((await lab.frame())["x"]) == [1, 2, 3, 4, 5, 11, 12, 13, 14, 15, 99]


async def test_an_ingest_puts_many_small_files_together(lab: Laboratory) -> None:
    """Below the limit nothing happens; at it one more version has the same rows, and those before can be read."""
    lab.describe(project(table()))
    for number in range(MANY_FILES - 1):
        lab.write(f"run_1/{number:02}.csv", f"x\n{number}\n")
        report = (await lab.ingest())["table"]
        assert report.table_version == number
    lab.write("run_1/last.csv", "x\n-1\n")
    report = (await lab.ingest())["table"]
    collection = await lab.collection()
    assert (report.outcome, report.new, report.message) == (Outcome.UPDATED, 1, "")
    assert (report.table_version, collection.table_version, report.rows) == (MANY_FILES, MANY_FILES, MANY_FILES)
    path = collection.table_path
    assert [len(lab.tables.files(path, MANY_FILES - back)) for back in (0, 1)] == [1, MANY_FILES]
    assert (await lab.frame()).equals(lab.tables.scan(path, MANY_FILES - 1).collect())
    newest = lab.tables.history(path)[0]
    assert (newest.operation, newest.rows_added, newest.rows_removed) == ("OPTIMIZE", 0, 0)
    assert lab.tables.scan(path, 0).collect()["x"].to_list() == [0]
    late, message = await compacted(lab.tables, path, MANY_FILES - 1)
    assert (late, "The ingest is complete, but" in message, "meanwhile" in message) == (MANY_FILES - 1, True, True)
    assert (await lab.ingest())["table"].outcome is Outcome.UNCHANGED
    lab.write("run_1/last.csv", "x\n-2\n")
    report = (await lab.ingest())["table"]
    assert (report.changed, report.table_version) == (1, MANY_FILES + 1)
    assert sorted((await lab.frame())["x"]) == [-2, *range(MANY_FILES - 1)]


async def test_a_vacuum_removes_what_no_kept_version_needs(lab: Laboratory) -> None:
    """First only said, then done; the current version reads as before, and a removed one says that it is."""
    collection = await three_versions(lab)
    aged(folder_of(lab, collection), 8)
    now = await lab.frame()
    plan = await lab.upkeep.plan_vacuum(access(lab), collection.id)
    assert (plan.files, plan.versions, plan.is_done, plan.retention_hours) == (1, (0, 1), False, 168)
    assert read_rows(lab.tables, collection, offset=0, limit=9, version=0).total == 2
    done = await lab.upkeep.vacuum(access(lab), collection.id)
    assert (done.files, done.bytes, done.versions, done.is_done) == (1, plan.bytes, (0, 1), True)
    kept = await lab.collection()
    assert kept.gone == (0, 1)
    assert (await lab.frame()).equals(now)
    with pytest.raises(NotFound, match=r"files were removed to save space\. The oldest version that is kept is 2"):
        read_rows(lab.tables, kept, offset=0, limit=9, version=1)
    with pytest.raises(NotFound, match="files were removed"):
        await lab.upkeep.restore(access(lab), collection.id, 0)
    again = await lab.upkeep.vacuum(access(lab), collection.id)
    assert (again.files, again.versions) == (0, ())
    assert (await lab.ingest())["table"].outcome is Outcome.UNCHANGED


async def test_versions_within_the_retention_stay(lab: Laboratory) -> None:
    """Whatever was replaced less than the retention ago can be read for that long; an hour is the least."""
    collection = await three_versions(lab)
    aged(folder_of(lab, collection), 8)
    assert (await lab.upkeep.vacuum(access(lab), collection.id, timedelta(days=9))).files == 0
    assert read_rows(lab.tables, await lab.collection(), offset=0, limit=9, version=0).total == 2
    with pytest.raises(Invalid) as refused:
        await lab.upkeep.vacuum(access(lab), collection.id, timedelta(minutes=59))
    assert "an hour or more" in str(refused.value.problems[0])


@pytest.mark.parametrize(("text", "hours"), [("1h", 1), ("7d", 168), (" 2W ", 336)])
def test_a_retention_is_written_in_hours_days_or_weeks(text: str, hours: int) -> None:
    assert retention_of(text) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "7", "-1d", "0h", "1m", "7 days", "1.5d"])
def test_anything_else_is_no_retention(text: str) -> None:
    with pytest.raises(Invalid):
        retention_of(text)
