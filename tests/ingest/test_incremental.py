"""Ingesting again: only what is new or changed is read, and the table is what the files say."""

import asyncio
import os
from pathlib import Path

import polars as pl
import pytest

from domain.collections import Column, ColumnKind
from domain.ingests import CollectionReport, Outcome
from domain.table_changes import Retyped, TableChanges
from persistence.objects import ObjectStore
from services.collections import Collections
from tests.ingest.lab import Laboratories, Laboratory, project, table


def counts(report: CollectionReport) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.vanished, report.unchanged


def content(frame: pl.DataFrame) -> list[tuple[object, ...]]:
    return sorted(frame.select("depictio_run_id", "depictio_file", "x").rows())


async def test_new_changed_vanished_unchanged(laboratories: Laboratories, storage: ObjectStore) -> None:
    """Each kind is counted, and one commit brings the table to what the files say."""
    lab = laboratories(storage)
    lab.describe(project(table()))
    for run in (1, 2, 3):
        lab.write(f"run_{run}/it's.csv", f"x\n{run}\n")
    assert counts((await lab.ingest())["table"]) == (3, 0, 0, 0)
    lab.write("run_1/it's.csv", "x\n10\n11\n")
    (lab.folder / "runs/run_2/it's.csv").unlink()
    lab.write("run_4/it's.csv", "x\n4\n")
    report = (await lab.ingest())["table"]
    assert (counts(report), report.table_version, report.rows) == ((1, 1, 1, 1), 1, 4)
    assert content(await lab.frame()) == [
        ("run_1", "run_1/it's.csv", 10),
        ("run_1", "run_1/it's.csv", 11),
        ("run_3", "run_3/it's.csv", 3),
        ("run_4", "run_4/it's.csv", 4),
    ]
    path = (await lab.collection()).table_path
    assert lab.tables.scan(path, 0).collect()["x"].sort().to_list() == [1, 2, 3]
    history = [(one.version, one.rows_added, one.rows_removed) for one in lab.tables.history(path)]
    assert history == [(1, 3, 2), (0, 3, 0)]


async def test_nothing_new_reads_no_data_file(lab: Laboratory) -> None:
    """Files of the same size and time are not even opened: what they hold now is not noticed."""
    lab.describe(project(table()))
    path = lab.write("run_1/a.csv", "x\n1\n")
    await lab.ingest()
    stat = path.stat()
    path.write_bytes(b"\xff\xff\xff\xff")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    report = (await lab.ingest())["table"]
    assert (report.outcome, counts(report), lab.hashed) == (Outcome.UNCHANGED, (0, 0, 0, 1), 0)
    assert lab.tables.version((await lab.collection()).table_path) == 0


async def test_a_touched_file_is_not_a_changed_one(lab: Laboratory) -> None:
    """Identity is the content's hash."""
    lab.describe(project(table()))
    path = lab.write("run_1/a.csv", "x\n1\n")
    await lab.ingest()
    os.utime(path, (1, 1))
    report = (await lab.ingest())["table"]
    assert (report.outcome, lab.hashed) == (Outcome.UNCHANGED, 1)


async def test_types_follow_the_files(lab: Laboratory) -> None:
    """Columns widen and appear with new files, and go back when those files vanish, as if read for the first time."""
    lab.describe(project(table()))
    lab.write("run_1/a.csv", "x,empty\n1,\n")
    await lab.ingest()
    assert (await lab.frame()).schema["empty"] == pl.String
    lab.write("run_2/a.csv", "x,empty,more\n2.5,3,yes\n")
    await lab.ingest()
    frame = await lab.frame()
    assert dict(frame.schema) == {
        "x": pl.Float64,
        "empty": pl.Int64,
        "more": pl.String,
        "depictio_run_id": pl.String,
        "depictio_file": pl.String,
    }
    assert sorted(frame["x"]) == [1.0, 2.5]
    (lab.folder / "runs/run_2/a.csv").unlink()
    await lab.ingest()
    frame = await lab.frame()
    assert dict(frame.schema) == {
        "x": pl.Int64,
        "empty": pl.String,
        "depictio_run_id": pl.String,
        "depictio_file": pl.String,
    }
    assert [column.name for column in (await lab.collection()).columns] == frame.columns


async def test_other_options_read_everything_anew(lab: Laboratory) -> None:
    """A changed project file is no less a reason than a changed data file."""
    lab.describe(project(table()))
    lab.write("run_1/a.csv", "x;y\n1;2\n")
    await lab.ingest()
    lab.describe(project(table(polars_kwargs={"separator": ";"})))
    assert counts((await lab.ingest())["table"]) == (0, 1, 0, 0)
    assert (await lab.frame()).columns == ["x", "y", "depictio_run_id", "depictio_file"]
    lab.describe(project(table(polars_kwargs={"separator": ";"}, columns_description={"x": "The x"})))
    assert (await lab.ingest())["table"].outcome is Outcome.UNCHANGED
    column = (await lab.collection()).column("x")
    assert column is not None
    assert column.description == "The x"


async def test_many_changed_files_are_replaced(lab: Laboratory) -> None:
    """Above the bound of the predicate the table is written anew, with the same result."""
    lab.describe(project(table()))
    for number in range(220):
        lab.write(f"run_1/{number}.csv", f"x\n{number}\n")
    lab.write("run_2/kept.csv", "x\n-1\n")
    await lab.ingest()
    for number in range(220):
        lab.write(f"run_1/{number}.csv", f"x\n{number + 1000}\n")
    assert counts((await lab.ingest())["table"]) == (0, 220, 0, 1)
    assert sorted((await lab.frame())["x"]) == [-1, *range(1000, 1220)]


async def test_wildcards_and_kept_columns(lab: Laboratory) -> None:
    """A captured value is a column; keep_columns leaves out the others."""
    described = table(pattern=r"{sample}_x\.csv", keep_columns=["sample", "x"])
    regex = described["config"]["scan"]["scan_parameters"]["regex_config"]
    regex["wildcards"] = [{"name": "sample", "wildcard_regex": "[A-Z]+"}]
    lab.describe(project(described))
    lab.write("run_1/deep/AB_x.csv", "x,y\n1,2\n")
    lab.write("run_1/ab_x.csv", "x,y\n1,2\n")
    await lab.ingest()
    rows = (await lab.frame()).rows()
    assert rows == [("AB", 1, "run_1", "run_1/deep/AB_x.csv")]


async def test_two_ingests_at_once_do_not_mix(lab: Laboratory) -> None:
    """The second is told to wait, or finds everything done; rows are never doubled."""
    lab.describe(project(table()))
    for number in range(20):
        lab.write(f"run_{number}/a.csv", f"x\n{number}\n")
    reports = [report["table"] for report in await asyncio.gather(lab.ingest(), lab.ingest())]
    assert all(r.outcome is not Outcome.FAILED or "is being ingested right now" in r.message for r in reports)
    assert sorted((await lab.frame())["x"]) == list(range(20))


async def test_a_version_that_a_crash_left_unpublished_is_published(lab: Laboratory) -> None:
    """A crash between the commit and its publication is caught up by the next run, without reading a file."""
    lab.describe(project(table()))
    lab.write("run_1/a.csv", "x\n1\n")
    await lab.ingest()
    published = await lab.collection()
    lab.write("run_2/a.csv", "x\n2\n")
    await lab.ingest()
    newer = await lab.collection()
    old = {"columns": published.columns, "rows": published.rows, "table_version": published.table_version}
    import msgspec  # noqa: PLC0415

    await lab.collections.replace(msgspec.structs.replace(newer, **old))
    report = (await lab.ingest())["table"]
    assert (report.table_version, report.rows, lab.hashed) == (1, 2, 0)
    assert (await lab.collection()).table_version == 1


@pytest.mark.parametrize("suffix", ["csv.gz", "tsv", "parquet"])
async def test_other_formats(lab: Laboratory, suffix: str) -> None:
    """Compressed text, tabs and Parquet give the same table."""
    kind = {"csv.gz": "csv"}.get(suffix, suffix)
    lab.describe(project(table(pattern=rf".*\.{suffix}", format=kind)))
    frame = pl.DataFrame({"x": [1, 2], "text": ["a", None], "u": pl.Series([1, 2], dtype=pl.Int64)})
    path = lab.write(f"run_1/a.{suffix}", b"")
    write(frame, path, kind)
    await lab.ingest()
    assert (await lab.frame()).select("x", "text", "u").equals(frame)


def write(frame: pl.DataFrame, path: Path, kind: str) -> None:
    if kind == "parquet":
        frame.with_columns(pl.col("u").cast(pl.UInt32), pl.col("text").cast(pl.Categorical)).write_parquet(path)
    elif path.suffix == ".gz":
        import gzip  # noqa: PLC0415

        path.write_bytes(gzip.compress(frame.write_csv().encode()))
    else:
        frame.write_csv(path, separator="\t")


async def test_rows_of_small_files_lie_in_the_order_of_the_files(lab: Laboratory) -> None:
    """The first page of a table shows the first files, although the writer deals rows out to several threads."""
    lab.describe(project(table()))
    for number in range(8):
        lab.write(f"run_{number}/a.csv", f"x\n{number}\n")
    await lab.ingest()
    assert (await lab.frame())["x"].to_list() == list(range(8))


async def test_two_versions_are_compared(lab: Laboratory) -> None:
    """Columns that came, went and changed their type, and the rows that the ingests between added and removed."""
    lab.describe(project(table()))
    lab.write("run_1/a.csv", "x,y,z\n1,2,a\n")
    await lab.ingest()
    lab.write("run_2/a.csv", "x,y,z\n1,2.5,a\n3,4,b\n")
    await lab.ingest()
    lab.write("run_1/a.csv", "x,y,new\n1,2,true\n")
    lab.write("run_2/a.csv", "x,y,new\n1,2.5,true\n")
    await lab.ingest()
    assert lab.access is not None
    service = Collections(lab.collections, lab.tables)
    found = await service.compare(lab.access, (await lab.collection()).id, 0, 2)
    assert found == TableChanges(
        before=0,
        after=2,
        rows_before=1,
        rows_after=2,
        rows_added=4,
        rows_removed=3,
        columns_added=(Column("new", "Boolean", ColumnKind.BOOLEAN),),
        columns_removed=(Column("z", "String", ColumnKind.TEXT),),
        columns_retyped=(Retyped("y", "Int64", "Float64"),),
    )


async def test_what_a_version_grew_from(laboratories: Laboratories, storage: ObjectStore) -> None:
    """Versions to which files were only added: their rows are the last ones, in the same order."""
    lab = laboratories(storage)
    lab.describe(project(table()))
    for run in (1, 2):
        lab.write(f"run_{run}/a.csv", "x\n" + "".join(f"{run}{row}\n" for row in range(5)))
    await lab.ingest()
    for run in (3, 4):
        lab.write(f"run_{run}/a.csv", f"x\n{run}0\n{run}1\n")
        await lab.ingest()
    path = (await lab.collection()).table_path
    rows = [lab.tables.scan(path, version).collect() for version in range(3)]
    grown = lab.tables.grown_from(path, 2)
    assert [count for _, count in grown] == [12, 10]
    assert [identity for identity, _ in grown] == [lab.tables.identity(path, version) for version in (1, 0)]
    for earlier in rows[:2]:
        assert rows[2].tail(earlier.height).equals(earlier)
    lab.write("run_1/a.csv", "x\n7\n")
    await lab.ingest()
    assert lab.tables.grown_from(path, 3) == []
    assert lab.tables.grown_from(path, 0) == []
