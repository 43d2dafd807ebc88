"""`examples/nextflow` and `examples/snakemake`: what their hooks call is a command, and it ingests their outputs."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from cli.main import main
from cli.watch import MARKER
from services.project_files import read_project_file
from tests.cli.conftest import EXAMPLES, Command


class Example(NamedTuple):
    """The file with the hook, and how a task calls its script; as the engine would fill both in."""

    hook: str
    task: str
    script: str


KINDS = {
    "nextflow": Example("main.nf", "diversity.py ${sample} ${counts} ${sample}_alpha.csv", "bin/diversity.py"),
    "snakemake": Example(
        "Snakefile",
        "python3 {params.script} {wildcards.sample} {input} {output}",
        "scripts/diversity.py",
    ),
}


def hook_of(kind: str, folder: Path) -> list[str]:
    """The command line that the hook calls, with the placeholder of the project file filled in."""
    text = (folder / KINDS[kind].hook).read_text("utf-8")
    if kind == "nextflow":
        [listed] = re.findall(r"def command = \[(.*)\]", text)
        words = re.findall(r"'([^']*)'|\"([^\"]*)\"", listed)
        return [(a or b).replace("${params.project}", str(folder / "project.yaml")) for a, b in words]
    [line] = re.findall(r'shell\(f"(depictio .*)"\)', text)
    return shlex.split(line.replace("{HERE}", str(folder)))


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def folder(kind: str, tmp_path: Path) -> Path:
    """A copy of the example, as somebody would take it."""
    shutil.copytree(EXAMPLES / kind, tmp_path / kind)
    return tmp_path / kind


def compute(kind: str, folder: Path, run: str) -> Path:
    """What the tasks of the pipeline do: each sample's script, into the folder that the pipeline publishes to."""
    example = KINDS[kind]
    text = (folder / example.hook).read_text("utf-8")
    assert example.task in text
    target = folder / "results" / run / "diversity"
    target.mkdir(parents=True)
    for counts in sorted((folder / "counts").glob("*.csv")):
        output = target / f"{counts.stem}_alpha.csv"
        subprocess.run([sys.executable, folder / example.script, counts.stem, counts, output], check=True, timeout=60)
    return target.parent


def test_the_project_file_is_valid_and_names_the_folder_of_the_runs(kind: str, folder: Path) -> None:
    description = read_project_file(folder / "project.yaml").description
    assert description.workflows[0].engine.name == kind
    assert description.workflows[0].data_location.locations == ("results",)


def test_the_hook_writes_the_marker_and_calls_a_command(kind: str, folder: Path) -> None:
    """Each word of it is understood by the command line as it is now."""
    text = (folder / KINDS[kind].hook).read_text("utf-8")
    assert f'/{MARKER}").text' in text or f'"{MARKER}").touch()' in text
    words = hook_of(kind, folder)
    assert words[0] == "depictio"
    name, command, rest = main.resolve_command(click.Context(main), words[1:])
    assert command is not None
    context = command.make_context(name, rest)
    assert (name, context.params["once"], context.params["quiet"]) == ("watch", True, 0)
    assert context.params["project_file"] == folder / "project.yaml"
    assert context.params["marker"] == MARKER


def test_the_outputs_of_runs_that_are_complete_come_in(kind: str, folder: Path, depictio: Command) -> None:
    """A run that still computes is left alone; the table has the rows of those that have their marker."""
    first, second = (compute(kind, folder, f"batch_{number}") for number in (1, 2))
    (first / MARKER).touch()
    words = hook_of(kind, folder)[1:]
    done = depictio(*words)
    assert done.returncode == 0, done.stderr
    assert "diversity.alpha: 3 new, 0 changed, 0 vanished files, 3 rows, version 0" in done.stdout
    (second / MARKER).touch()
    assert "diversity.alpha: 3 new, 0 changed, 0 vanished files, 6 rows, version 1" in depictio(*words).stdout
    name = read_project_file(folder / "project.yaml").description.name
    rows = [line.split("\t")[:5] for line in depictio("collection", "rows", name, "alpha").stdout.splitlines()]
    assert rows[0] == ["sample", "reads", "taxa", "shannon", "depictio_run_id"]
    assert ["B1", "620", "4", "1.3837", "batch_2"] in rows
