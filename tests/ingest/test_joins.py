"""Stored joins: keys, row counts, fan-out, aggregation, and when they are recomputed."""

import asyncio
from typing import Any

import polars as pl
import pytest
from msgspec import structs

from domain.collections import Joined, JoinSide, Origin
from domain.ingests import JoinOutcome, Outcome
from domain.joins import behind_sides, fan_out_words, follow_up
from persistence.objects import ObjectStore
from services.local_ingest import Scanner
from services.project_files import read_project_file
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


async def test_a_column_may_be_aggregated_otherwise(lab: Laboratory) -> None:
    """As column_overrides says, in place of the defaults; what cannot be, is named."""
    overrides = [{"column": "x", "function": "max"}, {"column": "kind", "function": "count"}]
    lab.describe(joined(granularity={"aggregate_to": "id", "column_overrides": overrides}))
    write(lab, "id,x,kind,z\n1,10,a,1\n1,20,b,2\n1,60,,6\n2,5,,3\n", "id,y\n1,1\n2,2\n")
    await lab.ingest()
    frame = (await lab.frame("both")).sort("id")
    assert frame.select("id", "x", "kind", "z", "y").rows() == [(1, 60, 2, 3.0, 1), (2, 5, 0, 3.0, 2)]
    for column, function, message in (("kind", "mean", "is String and has no mean"), ("no", "max", "of no side")):
        overrides = [{"column": column, "function": function}]
        lab.describe(joined(granularity={"aggregate_to": "id", "column_overrides": overrides}))
        report = (await lab.ingest())["both"]
        assert report.outcome is Outcome.FAILED
        assert message in report.problems[0].message


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


async def test_a_changed_side_makes_its_joins_anew(lab: Laboratory) -> None:
    """An ingest of one collection alone brings every join up to date that depends on it, joins of joins too."""
    third = table("third", r"third\.csv")
    joins = [
        {"name": "both", "left_dc": "left", "right_dc": "right", "on_columns": ["id"]},
        {"name": "all", "left_dc": "both", "right_dc": "third", "on_columns": ["id"]},
    ]
    lab.describe(project(table("left", r"left\.csv"), table("right", r"right\.csv"), third, joins=joins))
    write(lab, LEFT, RIGHT)
    lab.write("run_1/third.csv", "id,z\n1,7\n2,8\n")
    await lab.ingest()
    before = await lab.collection("right")
    write(lab, LEFT, "id,y\n1,100\n2,200\n")
    file = read_project_file(lab.folder / "project.yaml")
    assert lab.access is not None
    scanner = Scanner(file, {})
    scanned = scanner.identify(scanner.find("flow", "right"), {})
    report = await lab.ingestion.commit(lab.access, before.id, scanned.listing, lambda name: scanned.at[name])
    assert report.joins == (
        JoinOutcome("both", Outcome.UPDATED, "2 and 2 rows joined to 2"),
        JoinOutcome("all", Outcome.UPDATED, "2 and 2 rows joined to 2"),
    )
    assert follow_up(report.joins).startswith("The join both was made anew: 2 and 2 rows joined to 2.")
    both, right, left = [await lab.collection(tag) for tag in ("both", "right", "left")]
    assert both.joined == Joined(
        left=JoinSide(left.id, "left", 0, 2), right=JoinSide(right.id, "right", 1, 2), rows=2, fan_out=0
    )
    assert (left.files, both.files) == (1, None)
    assert behind_sides(both.joined, {left.id: 0, right.id: 2}) == ("right",)
    assert sorted((await lab.frame("all")).select("x", "y", "z").rows()) == [(10, 100, 7), (20, 200, 8)]
    log = await lab.ingestion.log(lab.access)
    assert {one.report.tag for one in log[:3]} == {"right", "both", "all"}


async def test_a_join_waits_for_the_one_that_makes_it(lab: Laboratory) -> None:
    """When another ingest makes the join of what a side was before, it is made again after that."""
    lab.describe(joined())
    write(lab, LEFT, RIGHT)
    await lab.ingest()
    both = await lab.collection("both")
    other = lab.leases.held(f"ingest:{both.id}", "busy")
    await other.__aenter__()
    free = asyncio.create_task(lab.leases.free(f"ingest:{both.id}"))
    done, _ = await asyncio.wait({free}, timeout=0.1)
    assert not done
    await other.__aexit__(None, None, None)
    await asyncio.wait_for(free, 5)


def test_a_join_that_multiplies_rows_warns() -> None:
    """The warning counts the keys; a join of one to many has none."""
    joined = Joined(left=JoinSide("a", "a", 0, 1), right=JoinSide("b", "b", 0, 1), rows=4, fan_out=1)
    assert fan_out_words(joined).startswith("One key occurs several times on both sides")
    assert fan_out_words(structs.replace(joined, fan_out=0)) == ""
