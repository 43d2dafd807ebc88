"""What holds for every command: `--json`, a fast `--help`, completion, tables on a terminal only."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cli.completion import VARIABLE
from cli.main import COMMANDS, main
from tests.cli.conftest import COMMAND, EXAMPLES, Command

WITHOUT_JSON = {"serve", "demo", "completion"}
"""Servers, which log JSON, and what prints a script."""
HEAVY = {"polars", "deltalake", "litestar", "dash", "plotly", "pymongo", "motor", "httpx", "rich", "numpy", "uvicorn"}
WALK = """
import sys
import click
from cli.main import main

def walk(command, name, context):
    command.get_help(click.Context(command, info_name=name, parent=context))
    if isinstance(command, click.Group):
        here = click.Context(command, info_name=name, parent=context)
        for part in command.list_commands(here):
            walk(command.get_command(here, part), part, here)

walk(main, "depictio", None)
print(*sys.modules)
"""


def leaves(command: click.Command = main, name: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by all of its words."""
    if not isinstance(command, click.Group):
        yield name.strip(), command
        return
    context = click.Context(command)
    for part in command.list_commands(context):
        found = command.get_command(context, part)
        assert found is not None
        yield from leaves(found, f"{name} {part}")


def test_every_command_prints_json_when_asked() -> None:
    without = {name for name, found in leaves() if "--json" not in {opt for one in found.params for opt in one.opts}}
    assert without == WITHOUT_JSON


def test_every_command_says_what_it_does_and_what_its_options_mean() -> None:
    for name, found in leaves():
        assert found.get_short_help_str(300).endswith(".") or name == "completion", name
        assert [one.name for one in found.params if isinstance(one, click.Option) and not one.help] == [], name


def test_no_help_loads_anything_heavy() -> None:
    """The help of every command, one after the other, without any library that takes long to load."""
    done = subprocess.run([sys.executable, "-c", WALK], capture_output=True, text=True, check=True, timeout=60)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "click" in loaded
    assert HEAVY & loaded == set()
    assert not [name for name in done.stdout.split() if name.startswith(("services.", "persistence.", "web."))]


def completed(variables: dict[str, str], shell: str, *words: str) -> list[str]:
    """What a shell is told when it asks what fits after these words, the last of them begun."""
    asked = {VARIABLE: f"{shell}_complete", "COMP_WORDS": " ".join(("depictio", *words)), "COMP_CWORD": str(len(words))}
    if shell == "fish":
        asked["COMP_CWORD"] = words[-1]
    done = subprocess.run([COMMAND], env=variables | asked, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_commands_and_options(shell: str, variables: dict[str, str]) -> None:
    """The script names the program that is asked; its answers have commands, their parts, options and choices."""
    script = subprocess.run([COMMAND, "completion", shell], env=variables, capture_output=True, text=True, check=True)
    assert VARIABLE in script.stdout
    assert "depictio" in script.stdout
    answers = [" ".join(completed(variables, shell, *words)) for words in (("wa",), ("user", "re"), ("run", "--js"))]
    assert [word in answer for word, answer in zip(("watch", "reset-link", "--json"), answers, strict=True)] == [
        True
    ] * 3
    assert not {name for name in COMMANDS if name != "watch"} & set(answers[0].replace(",", " ").split()[:2])
    assert "fish" in " ".join(completed(variables, shell, "completion", "fi"))


def test_bash_completes_with_the_script(variables: dict[str, str]) -> None:
    """The script itself, in a real shell."""
    asked = (
        'eval "$(depictio completion bash)"; COMP_WORDS=(depictio coll); COMP_CWORD=1; '
        '_depictio_completion depictio; echo "${COMPREPLY[@]}"'
    )
    path = {"PATH": f"{COMMAND.parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["/bin/bash", "--norc", "-c", asked],
        env=variables | path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.stdout.strip(), done.stderr) == ("collection", "")


def test_a_terminal_gets_a_table_and_a_pipe_gets_lines(depictio: Command, variables: dict[str, str]) -> None:
    """The same rows, as they are read there."""
    plain = depictio("run", EXAMPLES / "iris" / "project.yaml")
    assert "iris_workflow.iris_table\t1\t0\t0\t0\t150\t0\tupdated" in plain.stdout.splitlines()
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [COMMAND, "project", "list"], env=variables | {"TERM": "xterm", "COLUMNS": "120"}, stdout=theirs, stderr=theirs
    ) as process:
        process.wait(60)
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "┃" in shown
    assert "Iris" in shown
    said = json.loads(depictio("run", EXAMPLES / "iris" / "project.yaml", "--json").stdout)
    assert (said["project"], said["read"], said["reports"][0]["outcome"]) == ("Iris", 0, "unchanged")


def test_json_of_files(depictio: Command, tmp_path: Path) -> None:
    """Checking a project file, and a dashboard's way out and back in as JSON, which is YAML."""
    said = json.loads(depictio("validate", EXAMPLES / "penguins" / "project.yaml", "--json").stdout)
    assert said == {"project": "Palmer penguins", "workflows": 1, "data_collections": 2, "joins": 1}
    depictio("run", EXAMPLES / "iris" / "project.yaml")
    file = tmp_path / "board.yaml"
    file.write_text("title: Imported\ncomponents: []\n", "utf-8")
    there = ("--project", "Iris", "--json")
    assert json.loads(depictio("dashboard", "validate", file, *there).stdout) == {"file": str(file), "tiles": 0}
    depictio("dashboard", "import", file, *there)
    exported = tmp_path / "board.json"
    assert depictio("dashboard", "export", "Imported", *there, "--output", exported).returncode == 0
    assert json.loads(exported.read_text("utf-8"))["title"] == "Imported"
    assert json.loads(depictio("dashboard", "validate", exported, *there).stdout)["tiles"] == 0
    assert json.loads(depictio("project", "delete", "Iris", "--yes", "--json").stdout)["name"] == "Iris"
