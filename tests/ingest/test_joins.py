"""Stored joins: keys, row counts, fan-out, aggregation, and when they are recomputed."""

from typing import Any

import polars as pl
import pytest

from domain.collections import Origin
from domain.ingests import Outcome
from persistence.objects import ObjectStore
from tests.ingest.lab import Laboratories, Laboratory, project, table


def joined(**join: Any) -> dict[str, Any]:
    """A project with the collections `left`, `right` and their join `both`."""
    metatype = join.pop("right_metatype", "aggregate")
    left, right = table("left", r"left\.csv"), table("right", r"right\.csv")
    right["config"]["metatype"] = metatype
    described = {"name": "both", "left_dc": "left", "right_dc": "flow.right", "on_columns": ["id"], **join}
    return project(left, right, joins=[described])


def write(lab: Laboratory, left: str, right: str, run: str = "run_1") -> None:
    lab.write(f"{run}/left.csv", left)
    lab.write(f"{run}/right.csv", right)


LEFT, RIGHT = "id,x\n1,10\n2,20\n", "id,y\n2,200\n3,300\n"
ROWS = {
    "inner": [(2, 20, 200)],
    "left": [(1, 10, None), (2, 20, 200)],
    "right": [(2, 20, 200), (3, None, 300)],
    "outer": [(1, 10, None), (2, 20, 200), (3, None, 300)],
}


@pytest.mark.parametrize("how", ROWS)
async def test_kinds_of_join(laboratories: Laboratories, storage: ObjectStore, how: str) -> None:
    """Each kind keeps the rows it should; keys and the run are there once."""
    lab = laboratories(storage)
    lab.describe(joined(how=how))
    write(lab, LEFT, RIGHT)
    report = (await lab.ingest())["both"]
    frame = await lab.frame("both")
    assert frame.columns.count("depictio_run_id") == 1
    assert "depictio_file" not in frame.columns
    assert frame.select("id", "x", "y").sort("id").rows() == ROWS[how]
    assert report.message == f"2 and 2 rows joined to {len(ROWS[how])}"
    assert set(frame["depictio_run_id"]) == {"run_1"}
    assert (await lab.collection("both")).origin is Origin.JOIN


async def test_runs_join_the_keys(lab: Laboratory) -> None:
    """The same id in two runs is two things, unless a side is metadata, which belongs to no run."""
    lab.describe(joined())
    write(lab, LEFT, RIGHT)
    write(lab, "id,x\n2,21\n", "id,y\n2,201\n", run="run_2")
    await lab.ingest()
    assert sorted((await lab.frame("both")).select("x", "y", "depictio_run_id").rows()) == [
        (20, 200, "run_1"),
        (21, 201, "run_2"),
    ]
    lab.describe(joined(right_metatype="metadata"))
    report = (await lab.ingest())["both"]
    assert (
        report.message == "3 and 3 rows joined to 4; one key occurs several times on both sides, which multiplied rows"
    )
    assert {row[1] for row in (await lab.frame("both")).select("x", "depictio_run_id").rows()} == {"run_1", "run_2"}


async def test_recomputed_only_when_a_side_changed(lab: Laboratory) -> None:
    """A join over unchanged tables is not made again; a changed side or description makes a new version."""
    lab.describe(joined())
    write(lab, LEFT, RIGHT)
    assert (await lab.ingest())["both"].table_version == 0
    again = (await lab.ingest())["both"]
    assert (again.outcome, again.table_version) == (Outcome.UNCHANGED, 0)
    write(lab, LEFT, "id,y\n1,100\n2,200\n")
    assert ((await lab.ingest())["both"].table_version, (await lab.frame("both")).height) == (1, 2)
    lab.describe(joined(how="left"))
    assert (await lab.ingest())["both"].table_version == 2


async def test_the_finer_side_is_aggregated(lab: Laboratory) -> None:
    """Several measurements of a sample become one before the join, as granularity says."""
    lab.describe(joined(granularity={"aggregate_to": "id", "numeric_default": "mean", "categorical_default": "mode"}))
    write(lab, "id,x,kind\n1,10,a\n1,20,b\n1,60,b\n2,5,\n", "id,y\n1,1\n2,2\n")
    await lab.ingest()
    frame = (await lab.frame("both")).sort("id")
    assert frame.select("id", "x", "kind", "y").rows() == [(1, 30.0, "b", 1), (2, 5.0, None, 2)]


async def test_columns_of_one_name_are_kept_apart(lab: Laboratory) -> None:
    """The right one gets a suffix, and whole numbers find the same fractions."""
    lab.describe(joined())
    write(lab, "id,x\n1,10\n", "id,x\n1.0,20\n")
    await lab.ingest()
    assert (await lab.frame("both")).select("x", "x_right").rows() == [(10, 20)]


@pytest.mark.parametrize(
    ("right", "message"),
    [("key,y\n1,2\n", "'right' has no column 'id'"), ("id,y\none,2\n", "is Int64 in 'left' and String in 'right'")],
)
async def test_sides_that_do_not_fit_are_refused(lab: Laboratory, right: str, message: str) -> None:
    """The missing column, or the types that differ, are named; the sides themselves are there."""
    lab.describe(joined())
    write(lab, LEFT, right)
    reports = await lab.ingest()
    assert reports["left"].outcome is Outcome.UPDATED
    assert reports["both"].outcome is Outcome.FAILED
    assert message in str(reports["both"].problems[0])


async def test_a_side_without_a_table_fails_the_join(lab: Laboratory) -> None:
    """The reason names the side."""
    lab.describe(joined())
    write(lab, LEFT, "")
    report = (await lab.ingest())["both"]
    assert report.outcome is Outcome.FAILED
    assert "'right' has no table yet" in report.message


async def test_a_join_may_be_a_side_of_a_later_one(lab: Laboratory) -> None:
    """Joins run in the order of the file."""
    described = joined()
    described["joins"].append({"name": "again", "left_dc": "both", "right_dc": "left", "on_columns": ["id"]})
    lab.describe(described)
    write(lab, LEFT, RIGHT)
    reports = await lab.ingest()
    assert reports["again"].rows == 1
    assert (await lab.frame("again")).select(pl.exclude("^depictio_.*$")).columns == ["id", "x", "y", "x_right"]
