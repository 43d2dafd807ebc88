"""`depictio scan`: what an ingest would do, told without one."""

import json
from pathlib import Path

from tests.cli.conftest import Command, Server

PHYSICAL = "penguin_survey.physical_features"
HEADING = ["collection", "new", "changed", "vanished", "unchanged", "refused"]


def lines(output: str) -> list[list[str]]:
    return [line.split("\t") for line in output.splitlines()]


def reasons(output: str) -> dict[str, str]:
    """Of the physical features: why each run's file has its state."""
    scan = next(one for one in json.loads(output) if one["tag"] == "physical_features")
    return {file["state"]: file["reason"] for file in scan["files"]}


def states(output: str) -> dict[str, str]:
    """Of the physical features: the state of each run's file."""
    scan = next(one for one in json.loads(output) if one["tag"] == "physical_features")
    return {file["path"].partition("/")[0]: file["state"] for file in scan["files"]}


def change(penguins: Path) -> None:
    """One file new, one changed, one gone, and one as it was but for its time of change."""
    runs = penguins.parent / "runs"
    adelie, gentoo, chinstrap = (next(runs.glob(f"*{name}")) for name in ("adelie", "gentoo", "chinstrap"))
    text = (adelie / "physical_features.csv").read_text("utf-8")
    (adelie / "physical_features.csv").write_text(text.rsplit("\n", 2)[0] + "\n", "utf-8")
    (gentoo / "physical_features.csv").touch()
    (chinstrap / "physical_features.csv").unlink()
    (runs / "run_9").mkdir()
    (runs / "run_9" / "physical_features.csv").write_text(text, "utf-8")


def test_a_scan_of_a_new_project_stores_nothing(depictio: Command, penguins: Path) -> None:
    """All files are new, twice, and no project is there afterwards."""
    for _ in range(2):
        done = depictio("scan", penguins)
        assert (done.returncode, lines(done.stdout)) == (
            0,
            [HEADING, [PHYSICAL, *"30000"], ["penguin_survey.demographic_data", *"30000"]],
        )
    missing = depictio("query", "{component_type: table}", "--project", "Palmer penguins")
    assert "There is no project" in missing.stderr


def test_each_file_has_the_state_that_the_ingest_gives_it(depictio: Command, penguins: Path) -> None:
    """What the scan counts is what the next run reports."""
    depictio("run", penguins)
    change(penguins)
    done = depictio("scan", penguins, "--dry-run", "--json")
    assert done.returncode == 0
    found = states(done.stdout)
    assert sorted(found.values()) == ["changed", "new", "unchanged", "vanished"]
    assert found["run_9"] == "new"
    assert reasons(done.stdout) == {
        "new": "is in the table for the first time",
        "changed": "has another content than in the table",
        "vanished": "is not there any more",
        "unchanged": "has the content that is in the table",
    }
    counted = next(row for row in lines(depictio("scan", penguins).stdout) if row[0] == PHYSICAL)
    ran = next(row for row in lines(depictio("run", penguins).stdout) if row[0] == PHYSICAL)
    assert counted[1:5] == ran[1:5] == [*"1111"]


def test_another_way_of_reading_changes_every_file(depictio: Command, penguins: Path) -> None:
    """The scan goes by the project file as it is now, not by the one that was registered."""
    depictio("run", penguins)
    text = penguins.read_text("utf-8")
    penguins.write_text(text.replace('separator: ","', "separator: ',', comment_prefix: '#'", 1), "utf-8")
    done = depictio("scan", penguins, "--dry-run", "--json")
    files = [file for one in json.loads(done.stdout) for file in one["files"] if file["state"] == "changed"]
    reason = "has the same content, which the project file reads otherwise now"
    assert [file["reason"] for file in files] == [reason] * 3


def test_what_an_ingest_would_refuse_is_refused(depictio: Command, penguins: Path) -> None:
    """With the ingest's own reason and exit code; a location that is missing too."""
    broken = next((penguins.parent / "runs").glob("*adelie")) / "physical_features.csv"
    broken.write_text(broken.read_text("utf-8") + "broken\n", "utf-8")
    done = depictio("scan", penguins, "--dry-run")
    refused = [row for row in lines(done.stdout) if row[1] == "refused"]
    assert done.returncode == 1
    assert [row[2].partition("/")[2] for row in refused] == ["physical_features.csv"]
    assert f"{refused[0][2]}: {refused[0][3]}" in depictio("run", penguins).stderr
    (penguins.parent / "runs").rename(penguins.parent / "elsewhere")
    gone = depictio("scan", penguins)
    assert gone.returncode == 1
    assert "is there" in gone.stderr


def test_a_server_is_compared_with(depictio: Command, penguins: Path, server: Server) -> None:
    """The states are those of the server's tables."""
    there = ("--server", server.url, "--token", server.token)
    assert set(states(depictio("scan", penguins, "--json", *there).stdout).values()) == {"new"}
    assert depictio("run", penguins, *there).returncode == 0
    change(penguins)
    found = states(depictio("scan", penguins, "--json", "--dry-run", *there).stdout)
    assert sorted(found.values()) == ["changed", "new", "unchanged", "vanished"]
