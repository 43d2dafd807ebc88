"""`depictio project`, `collection` and `dashboard`: directly and through a server, the same."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command, Server

PENGUINS = "Palmer penguins"
HEAVY = ("polars", "pymongo", "litestar", "dash", "httpx", "rich", "deltalake")

MOST_MODULES = 250


def printed(done: "subprocess.CompletedProcess[str]") -> Any:
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def upkeep(depictio: Command, where: tuple[str, ...]) -> None:
    """Each act on a table says what it would do; what cannot be done fails."""
    place = (PENGUINS, "physical_features", *where)
    assert depictio("collection", "optimize", *place, "--dry-run").stdout.startswith("There are no small files")
    assert printed(depictio("collection", "optimize", *place, "--json"))["table_version"] is None
    vacuumed = depictio("collection", "vacuum", *place, "--retention", "2w")
    assert vacuumed.stdout == "0 files (0 B) were removed.\n"
    assert printed(depictio("collection", "vacuum", *place, "--dry-run", "--json"))["retention_hours"] == 168
    refused = depictio("collection", "vacuum", *place, "--retention", "5m")
    assert (refused.returncode, "36h, 7d, 2w" in refused.stderr) == (1, True)
    restored = depictio("collection", "restore", PENGUINS, "physical_features", "0", "--yes", *where)
    assert (restored.returncode, "is the current one" in restored.stderr) == (1, True)


def journey(depictio: Command, folder: Path, where: tuple[str, ...]) -> None:
    """Look at the project, its rows and a dashboard's way through a file, and delete the project."""
    shown = printed(depictio("project", "show", PENGUINS, "--json", *where))
    assert {one["tag"]: one["rows"] for one in shown["collections"]} == {
        "physical_features": 342,
        "demographic_data": 342,
        "penguins_complete": 342,
    }
    place = ("collection", "rows", PENGUINS, "physical_features", "--offset", "1", "--limit", "2")
    page = printed(depictio(*place, "--json", *where))
    assert (page["offset"], page["total"], len(page["rows"])) == (1, 342, 2)
    lines = [line.split("\t") for line in depictio(*place, *where).stdout.splitlines()]
    assert lines[0] == list(page["rows"][0])
    assert [line[0] for line in lines[1:]] == [str(row[lines[0][0]]) for row in page["rows"]]
    upkeep(depictio, where)
    file = folder / "board.yaml"
    file.write_text("title: Imported\ncomponents: []\n", "utf-8")
    there = (file, "--project", PENGUINS, *where)
    assert depictio("dashboard", "validate", *there).stdout == f"{file} is valid: 0 tiles.\n"
    made = printed(depictio("dashboard", "import", *there, "--json"))
    assert made["id"] in {one["id"] for one in printed(depictio("dashboard", "list", "--json", *where))}
    exported = depictio("dashboard", "export", "Imported", *where)
    assert (exported.returncode, exported.stdout.partition("\n")[0]) == (0, "title: Imported")
    file.write_text("title: Imported\ncolour: red\n", "utf-8")
    for command in ("validate", "import"):
        refused = depictio("dashboard", command, *there)
        assert (refused.returncode, "colour" in refused.stderr) == (1, True)
    assert depictio("project", "delete", PENGUINS, *where).returncode == 1
    assert depictio("project", "delete", PENGUINS, "--yes", *where).returncode == 0
    assert printed(depictio("project", "list", "--json", *where)) == []


def test_a_journey_on_the_data_directory(depictio: Command, penguins: Path, tmp_path: Path) -> None:
    depictio("run", penguins)
    journey(depictio, tmp_path, ())


def test_the_same_journey_through_a_server(depictio: Command, penguins: Path, tmp_path: Path, server: Server) -> None:
    where = ("--server", server.url, "--token", server.token)
    depictio("run", penguins, *where)
    journey(depictio, tmp_path, where)


def test_what_is_asked_of_a_server_needs_no_tables() -> None:
    """Commands with `--server` load none of the libraries that read tables, which would take most of their time."""
    code = "import sys, cli.asking, cli.desks, cli.ingest, cli.scanning, cli.user_desks; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert not {"polars", "deltalake", "numpy", "argon2"} & set(done.stdout.split())


@pytest.mark.parametrize("name", ["project", "collection", "dashboard", "scan"])
def test_the_help_loads_nothing_large(name: str) -> None:
    """None of the libraries that take long to load, so that `--help` answers at once."""
    code = (
        f"import sys; from cli.main import main; main(['{name}', '--help'], standalone_mode=False); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    loaded = done.stdout.splitlines()[-1].split()
    assert not set(HEAVY) & set(loaded)
    assert len(loaded) < MOST_MODULES
