"""What the README promises works."""

import re
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from cli.main import COMMANDS, main
from tests.docs.pages import ROOT, blocks, text

README = "README.md"


@pytest.fixture
def survey(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project file of the README beside the runs that its text describes, and an empty data directory."""
    [project] = blocks(README, "yaml")
    (tmp_path / "project.yaml").write_text(project, "utf-8")
    for batch in (1, 2):
        run = tmp_path / "results" / f"batch_{batch}"
        run.mkdir(parents=True)
        pl.DataFrame({"sample": ["A1", "A2"], "shannon": [2.5, 3.5]}).write_csv(run / "diversity.csv")
    monkeypatch.setenv("DEPICTIO_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "project.yaml"


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_the_two_commands_are_there() -> None:
    """Each by itself in a block, and the Makefile has both targets."""
    assert [block.strip() for block in blocks(README, "sh") if block.startswith("make")] == ["make demo", "make test"]
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert {"demo", "test"} <= set(targets)


def test_its_project_file_is_valid(survey: Path) -> None:
    answer = call("validate", str(survey))
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert "is valid: Coastal survey with 1 workflow" in answer.stdout


def test_its_project_file_ingests_what_the_text_says(survey: Path) -> None:
    """Both runs become one table of four rows."""
    answer = call("run", str(survey))
    assert answer.exit_code == 0, answer.stderr
    assert "amplicon.diversity\t2\t0\t0\t0\t4\t0\tupdated" in answer.stdout.splitlines()


def test_only_commands_that_exist_are_named() -> None:
    """`depictio WORD` in a block is a command of this version; so the README promises none to come."""
    named = {name for block in blocks(README, "sh") for name in re.findall(r"^depictio (\w+)", block, re.MULTILINE)}
    assert named == {"run", "validate", "serve", "login"}
    assert named < set(COMMANDS)


def test_the_container_is_run_as_its_file_says() -> None:
    """The two commands stand in the Containerfile's head, word by word."""
    head = (ROOT / "Containerfile").read_text("utf-8")
    [block] = [block for block in blocks(README, "sh") if "docker" in block]
    assert all(f"#   {line}" in head for line in block.strip().splitlines())
    assert block in text("docs/operations.md")
