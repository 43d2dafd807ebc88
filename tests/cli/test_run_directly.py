"""`depictio run` on the data directory: what it prints and how it ends."""

import asyncio
import json
import time
from pathlib import Path

import polars as pl

from persistence.data_directory import DataDirectory
from tests.cli.conftest import EXAMPLES, Command

RAGGED = "has 1 field instead of 2 in line 2; correct that line, or check separator and quotes"


def rows(output: str) -> dict[str, list[str]]:
    """The summary: the cells by collection."""
    lines = [line.split("\t") for line in output.splitlines() if "\t" in line]
    return {cells[0]: cells[1:] for cells in lines}


def test_penguins_twice(depictio: Command, penguins: Path) -> None:
    """The first run reads six files and joins; the second reads none and says so."""
    first = depictio("run", penguins)
    assert (first.returncode, "Traceback" in first.stderr) == (0, False)
    assert rows(first.stdout) == {
        "collection": ["new", "changed", "vanished", "unchanged", "rows", "version", "outcome"],
        "penguin_survey.physical_features": ["3", "0", "0", "0", "342", "0", "updated"],
        "penguin_survey.demographic_data": ["3", "0", "0", "0", "342", "0", "updated"],
        "penguin_survey.penguins_complete": ["0", "0", "0", "0", "342", "0", "updated"],
    }
    second = depictio("run", penguins)
    assert second.returncode == 0
    assert rows(second.stdout)["penguin_survey.physical_features"] == ["0", "0", "0", "3", "342", "0", "unchanged"]
    assert "Nothing is new: no data file was read." in second.stdout


def test_a_failure_is_named_and_the_rest_goes_on(depictio: Command, penguins: Path) -> None:
    """The exit code is 1; file, collection and reason are named; the other collection is brought up to date."""
    depictio("run", penguins)
    run = penguins.parent / "runs" / "run_4_gentoo"
    run.mkdir()
    (run / "physical_features.csv").write_text("individual_id,bill_length_mm\ngentoo_999\n")
    (run / "demographic_data.csv").write_text("individual_id,island,sex,year,species\ngentoo_999,Biscoe,,2010,Gentoo\n")
    done = depictio("run", penguins)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-2:] == [
        "Error: penguin_survey.physical_features failed: One file cannot be read; the table stays as it was.",
        f"  run_4_gentoo/physical_features.csv: {RAGGED}",
    ]
    table = rows(done.stdout)
    assert table["penguin_survey.physical_features"][-3:] == ["342", "0", "failed"]
    assert table["penguin_survey.demographic_data"][-3:] == ["343", "1", "updated"]


def test_one_collection_of_a_project(depictio: Command, penguins: Path) -> None:
    """`depictio ingest` reads what is named and no other; a name that is none is said, and nothing is done."""
    first = depictio("ingest", penguins, "demographic_data")
    assert (first.returncode, list(rows(first.stdout))) == (
        1, ["collection", "penguin_survey.demographic_data", "penguin_survey.penguins_complete"],
    )  # fmt: skip
    assert "penguin_survey.penguins_complete failed" in first.stderr
    other = depictio("ingest", penguins, "penguin_survey.physical_features", "--json")
    assert other.returncode == 0, other.stderr
    assert [(one["tag"], one["outcome"]) for one in json.loads(other.stdout)["reports"]] == [
        ("physical_features", "updated"), ("penguins_complete", "updated"),
    ]  # fmt: skip
    (penguins.parent / "runs/run_1_adelie/physical_features.csv").unlink()
    depictio("ingest", penguins, "demographic_data")
    assert rows(depictio("ingest", penguins).stdout)["penguin_survey.physical_features"][2] == "1"
    unknown = depictio("ingest", penguins, "demographics", "penguins_complete")
    assert unknown.returncode == 1
    assert unknown.stderr.splitlines()[1].startswith("  demographics: is not a data collection of the project file;")


def test_faults_of_the_project_file(depictio: Command, tmp_path: Path) -> None:
    """Each fault on a line of its own, exit code 1; the same from validate."""
    path = tmp_path / "project.yaml"
    path.write_text("name: x\nprojct_type: basic\nworkflows: 3\n")
    for command in ("run", "validate"):
        done = depictio(command, path)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.splitlines() == [
            f"Error: The project file {path} has 2 faults.",
            "  projct_type: is not a known key; did you mean project_type?",
            "  workflows: is a number and must be a list",
        ]
    assert depictio("validate", EXAMPLES / "iris" / "project.yaml").returncode == 0
    path.write_text("name: Survey {YEAR}\ntemplate: {template_id: survey, variables: [{name: YEAR}]}\n")
    assert "Survey 2024 with" in depictio("validate", path, "--var", "YEAR=2024").stdout
    assert "--var YEAR=" in depictio("run", path).stderr
    missing = depictio("validate", tmp_path / "nowhere.yaml")
    assert (missing.returncode, missing.stderr.count("\n")) == (1, 1)


def test_a_wrong_setting_and_an_unusable_directory(depictio: Command, penguins: Path, tmp_path: Path) -> None:
    """One clear line and exit code 3."""
    typo = depictio("run", penguins, DEPICTIO_PROT="1")
    assert (typo.returncode, "DEPICTIO_PROT: is not a setting; did you mean DEPICTIO_PORT?" in typo.stderr) == (3, True)
    blocked = tmp_path / "file"
    blocked.write_text("")
    unusable = depictio("run", penguins, DEPICTIO_DATA_DIR=str(blocked / "data"))
    assert (unusable.returncode, unusable.stderr.count("\n")) == (3, 1)
    assert "DEPICTIO_DATA_DIR" in unusable.stderr


def test_wrong_use(depictio: Command, penguins: Path) -> None:
    """Exit code 2, as is usual."""
    assert depictio("run").returncode == 2
    assert depictio("walk").returncode == 2
    assert "--token" in depictio("run", penguins, "--server", "http://127.0.0.1:9").stderr


def test_help_is_fast(depictio: Command) -> None:
    """Nothing heavy is loaded to say what the commands are."""
    depictio("--help")
    start = time.perf_counter()
    done = depictio("--help")
    assert time.perf_counter() - start < 1
    assert all(name in done.stdout for name in ("run", "query", "validate", "serve", "demo"))


def test_a_held_data_directory(depictio: Command, penguins: Path, data_dir: Path) -> None:
    """While another process holds it: one line, exit code 3."""

    async def held() -> None:
        directory = await DataDirectory.hold(data_dir)
        done = await asyncio.to_thread(depictio, "run", penguins)
        directory.release()
        assert (done.returncode, done.stderr.count("\n")) == (3, 1)
        assert "--server" in done.stderr

    asyncio.run(held())


def test_tables_hold_the_files(depictio: Command, data_dir: Path) -> None:
    """What lies in the data directory is a plain Delta table."""
    assert depictio("run", EXAMPLES / "iris" / "project.yaml").returncode == 0
    (table,) = (data_dir / "storage" / "tables").glob("*/*")
    assert pl.read_delta(str(table)).height == 150


def test_a_template_brings_its_dashboards(depictio: Command, penguins: Path) -> None:
    """Those whose titles are not there yet, after the ingest; one with a fault is named, one that is missing too."""
    text = penguins.read_text()
    said = "template_id: lab/birds, version: 1.0.0, description: Of birds"
    block = f"template: {{{said}, dashboards: [dashboard.yaml, more.yaml]}}\n"
    penguins.write_text(text + block)
    absent = depictio("validate", penguins)
    assert (absent.returncode, "more.yaml: is not a file" in absent.stderr) == (1, True)
    more = penguins.parent / "more.yaml"
    more.write_text("title: More\ncomponents: [{component_type: card, data_collection_tag: eagles, column_name: x}]\n")
    assert "The template lab/birds 1.0.0: Of birds" in depictio("validate", penguins).stdout
    first = depictio("run", penguins)
    assert "The dashboard Palmer penguins is made of dashboard.yaml." in first.stdout
    assert (first.returncode, "the dashboard More was not made" in first.stderr) == (1, True)
    more.write_text("title: More\ncomponents: [{component_type: text, body: hello}]\n")
    second = depictio("run", penguins)
    assert [line for line in second.stdout.splitlines() if "dashboard" in line] == [
        "The dashboard More is made of more.yaml."
    ]
    assert (depictio("run", penguins).returncode, depictio("dashboard", "list").stdout.count("\n")) == (0, 3)
