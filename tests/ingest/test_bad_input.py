"""Bad data files: refused with file, place and remedy; the table stays as it was and other collections go on."""

from pathlib import Path

import pytest

from domain.errors import Invalid
from domain.ingests import Outcome
from services.project_files import locations, read_project_file
from tests.ingest.lab import OWNER, Laboratory, project, table

BAD: dict[str, tuple[str | bytes, str]] = {
    "empty file": ("", "is empty; write at least a header"),
    "only blank lines": ("\n\n", "has no header and no row"),
    "a field too many": ("x,y\n1,2\n3,4,5\n", "has 3 fields instead of 2 in line 3"),
    "a field too few": ("x,y\n1,2\n3\n5,6\n", "has 1 field instead of 2 in line 3"),
    "not UTF-8": ("x,y\n1,é\n".encode("latin1"), "is not UTF-8 (line 2)"),
    "header not UTF-8": ("x,é\n1,2\n".encode("latin1"), "is not UTF-8 (line 1)"),
    "types clash": ("x,y\none,2\n", "the column 'x' is String here and Int64 in run_1/a.csv"),
    "two columns of one name": ("x,x\n1,2\n", "has two columns named 'x'"),
    "names that differ in case": ("X,y\n1,2\n", "differs only in case from 'x'"),
    "a reserved column": ("x,depictio_run_id\n1,2\n", "has the column 'depictio_run_id' already"),
    "numbers that no table keeps": ("x,y\n1,99999999999999999999999\n", "of the type Int128, which no table keeps"),
    "a quote that never ends": ('x,y\n1,"a\n2,b\n', "correct it"),
    "damaged gzip": (b"\x1f\x8b\x08\x00damaged", "cannot be read"),
}


@pytest.mark.parametrize("case", BAD)
async def test_a_bad_file_changes_nothing(lab: Laboratory, case: str) -> None:
    """The file is named with what is wrong and what to do; the old version stays readable; the next run succeeds."""
    content, message = BAD[case]
    lab.describe(project(table(pattern=r"(a|bad)\.csv"), table("other", pattern=r"other\.csv")))
    lab.write("run_1/a.csv", "x,y\n1,2\n")
    lab.write("run_1/other.csv", "z\n1\n")
    await lab.ingest()
    before = await lab.frame()
    bad = lab.write("run_2/bad.csv", content)
    lab.write("run_2/other.csv", "z\n2\n")
    reports = await lab.ingest()
    failed = reports["table"]
    assert failed.outcome is Outcome.FAILED
    (problem,) = failed.problems
    assert problem.place == ("run_2/bad.csv")
    assert message in problem.message
    assert (failed.table_version, failed.rows) == (0, 1)
    assert (await lab.frame()).equals(before)
    assert lab.tables.version((await lab.collection()).table_path) == 0
    assert (reports["other"].outcome, reports["other"].rows) == (Outcome.UPDATED, 2)
    bad.write_text("x,y\n3,4\n")
    assert (await lab.ingest())["table"].rows == 2


async def test_every_bad_file_is_named(lab: Laboratory) -> None:
    """One run tells of all of them."""
    lab.describe(project(table()))
    for number in range(3):
        lab.write(f"run_{number}/a.csv", "")
    report = (await lab.ingest())["table"]
    assert [problem.place for problem in report.problems] == ["run_0/a.csv", "run_1/a.csv", "run_2/a.csv"]
    assert (await lab.collection()).table_version is None


async def test_a_clash_is_decided_by_schema_overrides(lab: Laboratory) -> None:
    """The remedy that the message names works, also for values that were stored as another type before."""
    lab.describe(project(table()))
    lab.write("run_1/a.csv", "x\n007\n")
    await lab.ingest()
    lab.write("run_2/a.csv", "x\nseven\n")
    assert (await lab.ingest())["table"].outcome is Outcome.FAILED
    lab.describe(project(table(schema_overrides={"x": "string"})))
    assert (await lab.ingest())["table"].outcome is Outcome.UPDATED
    assert sorted((await lab.frame())["x"]) == ["007", "seven"]


async def test_a_value_that_an_override_excludes_is_named(lab: Laboratory) -> None:
    """The value and its column are named."""
    lab.describe(project(table(schema_overrides={"x": "Int64"})))
    lab.write("run_1/a.csv", "x\nseven\n")
    (problem,) = (await lab.ingest())["table"].problems
    assert "has the value 'seven' in the column 'x'" in problem.message


async def test_a_missing_location_fails_and_takes_nothing_away(lab: Laboratory) -> None:
    """A disk that is not mounted must not empty the tables."""
    lab.describe(project(table()))
    lab.write("run_1/a.csv", "x\n1\n")
    await lab.ingest()
    (lab.folder / "runs").rename(lab.folder / "elsewhere")
    report = (await lab.ingest())["table"]
    assert report.outcome is Outcome.FAILED
    assert [problem.place for problem in report.problems] == ["runs"]
    assert "is not a folder" in report.problems[0].message
    assert (await lab.frame())["x"].to_list() == [1]


async def test_no_file_fails_unless_the_collection_is_optional(lab: Laboratory) -> None:
    """A pattern that matches nothing is a mistake, and is said to be one."""
    lab.describe(project(table(pattern=r"nothing\.csv"), {**table("maybe", r"nothing\.csv"), "optional": True}))
    lab.write("run_1/a.csv", "x\n1\n")
    reports = await lab.ingest()
    assert "No file was found for 'table'" in reports["table"].message
    assert reports["maybe"].outcome is Outcome.UNCHANGED


async def test_failures_are_logged(lab: Laboratory) -> None:
    """The ingest log says who ran it, and what failed; an ingest that finds nothing new leaves no line."""
    lab.describe(project(table()))
    lab.write("run_1/a.csv", "x\n1\n")
    await lab.ingest()
    await lab.ingest()
    lab.write("run_1/a.csv", "")
    await lab.ingest()
    assert lab.access is not None
    log = await lab.ingestion.log(lab.access)
    assert [(record.user_email, record.report.outcome) for record in log] == [
        (OWNER.email, "failed"),
        (OWNER.email, "updated"),
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("name: [\n", "line 2, column 1"),
        ("name: a\nname: b\n", "line 2, column 1"),
        ("name: a\n\tb: c\n", "line 2, column 1"),
    ],
)
def test_a_file_that_is_no_yaml_is_refused_with_its_line(tmp_path: Path, text: str, place: str) -> None:
    """Line and column are those of the fault."""
    path = tmp_path / "project.yaml"
    path.write_text(text)
    with pytest.raises(Invalid, match="is not YAML") as caught:
        read_project_file(path)
    assert caught.value.problems[0].place == place


def test_placeholders_come_from_the_environment(tmp_path: Path, lab: Laboratory) -> None:
    """A name without a value is an error that says so; relative paths start at the project file's folder."""
    description = project(table())
    description["workflows"][0]["data_location"]["locations"] = ["{SURVEY}/results", "here"]
    lab.describe(description)
    file = read_project_file(lab.folder / "project.yaml")
    (workflow,) = file.description.workflows
    with pytest.raises(Invalid) as caught:
        locations(file, workflow, {})
    assert "the environment has no SURVEY" in caught.value.problems[0].message
    found = [place.path for place in locations(file, workflow, {"SURVEY": str(tmp_path / "s")})]
    assert found == [tmp_path / "s" / "results", lab.folder / "here"]
