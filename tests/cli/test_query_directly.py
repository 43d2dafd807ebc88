"""`depictio query` on the data directory: what it prints, and how it ends."""

import csv
import io
import json
import shlex
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.cli.conftest import EXAMPLES, Command
from tests.docs.pages import blocks

DASHBOARD = ("--dashboard", "Palmer penguins")
PROJECT = ("--project", "Palmer penguins")
MASS = "{component_type: card, data_collection_tag: penguins_complete, column_name: body_mass_g}"
RUNS = EXAMPLES / "penguins" / "runs"
PENGUINS = pl.read_csv(RUNS / "*/physical_features.csv").join(
    pl.read_csv(RUNS / "*/demographic_data.csv", null_values="NA"), on="individual_id"
)
DOCUMENTED = [text for text in blocks("docs/cli.md", "console") if text.startswith("$ depictio query")]


@pytest.fixture
def data_dir(installed: Path) -> Path:
    return installed


def asked(done: Any) -> dict[str, Any]:
    assert (done.returncode, done.stderr) == (0, "")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("shown", DOCUMENTED, ids=range(len(DOCUMENTED)))
def test_the_examples_print_what_the_page_says(depictio: Command, shown: str) -> None:
    """Standard output, then standard error."""
    line, _, expected = shown.partition("\n")
    done = depictio(*shlex.split(line)[2:])
    assert done.stdout + done.stderr == expected
    assert done.returncode == int(expected.startswith("Error"))


def test_a_card_equals_polars(depictio: Command) -> None:
    """Under filters of three kinds, one of them written as a link."""
    link = '?f.island=[["in",["Biscoe","Dream"]]]'
    filters = ("--filter", "body_mass_g between 3500,null", "--filter", "individual_id contains GENTOO")
    kept = PENGUINS.filter(
        pl.col("island").is_in(["Biscoe", "Dream"])
        & (pl.col("body_mass_g") >= 3500)
        & pl.col("individual_id").str.contains("gentoo")
    )
    answer = asked(depictio("query", "mean-mass", *DASHBOARD, *filters, "--link", link))
    assert answer["rows"][0] == {"value": pytest.approx(kept["body_mass_g"].mean()), "values": kept.height}
    assert (answer["rows_matched"], answer["rows_total"]) == (kept.height, 342)


def test_pages_of_a_table_follow_each_other(depictio: Command, tmp_path: Path) -> None:
    """Two pages into files; beyond the last row there is a heading alone."""
    sort = ("--sort", "flipper_length_mm desc", "--sort", "individual_id", "--format", "csv")
    found: list[list[str]] = []
    for offset in (0, 200, 400):
        path = tmp_path / f"{offset}.csv"
        page = ("--offset", offset, "--limit", 200, "--output", path)
        done = depictio("query", "rows", *DASHBOARD, *sort, *page)
        assert (done.returncode, done.stdout) == (0, "")
        found += list(csv.reader(io.StringIO(path.read_text())))[1:]
    assert done.stderr == "rows: 342 of 342 rows matched, 0 of 342 shown\n"
    expected = PENGUINS.sort(["flipper_length_mm", "individual_id"], descending=[True, False])
    assert [row[0] for row in found] == expected["individual_id"].to_list()
    assert [row[3] for row in found] == [str(value) for value in expected["flipper_length_mm"]]


def test_a_component_is_read_from_a_file(depictio: Command, tmp_path: Path) -> None:
    """YAML over several lines, and the project by its id."""
    path = tmp_path / "sexes.yaml"
    path.write_text(
        "component_type: interactive\ninteractive_component_type: MultiSelect\n"
        "data_collection_tag: penguin_survey.penguins_complete\ncolumn_name: sex\n"
    )
    answer = asked(depictio("query", path, *PROJECT))
    counts = PENGUINS.group_by("sex").len().rows()
    assert sorted((row["value"] or "", row["count"]) for row in answer["rows"]) == sorted(
        (sex or "", count) for sex, count in counts
    )


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((MASS,), 2, "--dashboard is missing"),
        ((MASS, *PROJECT, "--link", "?f.species=[]"), 2, "--link needs --dashboard"),
        ((MASS, *PROJECT, "--server", "http://127.0.0.1:9"), 4, "--token"),
        ((MASS, *PROJECT, "--format", "xml"), 2, "xml"),
        ((MASS, "--project", "Palmer penguin"), 1, "did you mean 'Palmer penguins'?"),
        (("mean-mass", *DASHBOARD, "--project", "Iris"), 1, "no dashboard 'Palmer penguins'"),
        (("mean-mass", *DASHBOARD, "--filter", "species is Gentoo"), 1, "write COLUMN in"),
        (("mean-mass", *DASHBOARD, "--link", "?f.species=[x"), 1, "f.species"),
        (("rows", *DASHBOARD, "--limit", "1001"), 1, "1 to 1000 rows"),
        (("gone.yaml", *PROJECT), 1, "gone.yaml cannot be read"),
        ((MASS.replace("body_mass_g", "weight"), *PROJECT), 1, "no column 'weight'"),
        ((MASS, *PROJECT, "--output", "/nowhere/mass.json"), 1, "/nowhere/mass.json cannot be written"),
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_said(depictio: Command, arguments: tuple[str, ...], code: int, message: str) -> None:
    """On standard error, with nothing on standard output."""
    done = depictio("query", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_new_data_directory_shows_its_first_password(depictio: Command, tmp_path: Path) -> None:
    """Nothing can show it again."""
    done = depictio("query", "rows", *DASHBOARD, DEPICTIO_DATA_DIR=str(tmp_path / "new"), DEPICTIO_ADMIN_PASSWORD="")
    assert (done.returncode, done.stdout) == (1, "")
    assert "with the password " in done.stderr
