"""`depictio watch`: runs are ingested when they are complete, each by itself, until it is told to stop."""

import json
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import COMMAND, Command, Server

RUNS = "penguins/runs"
WITHIN = 60.0
Start = Callable[..., "Watching"]


class Watching:
    """The command as a process of its own, and the events that it tells."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def next(self, kind: str) -> dict[str, Any]:
        """The next event of that kind; others before it are left out."""
        while True:
            event: dict[str, Any] = json.loads(self._lines.get(timeout=WITHIN))
            if event["kind"] == kind:
                return event

    def kinds_until(self, kind: str) -> list[str]:
        """The kinds of the next events, up to one of that kind."""
        found: list[str] = []
        while not found or found[-1] != kind:
            found.append(json.loads(self._lines.get(timeout=WITHIN))["kind"])
        return found

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(WITHIN)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)


@pytest.fixture
def start(variables: dict[str, str]) -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def started(*arguments: object) -> Watching:
        process = subprocess.Popen(
            [COMMAND, "watch", *map(str, arguments), "--poll", "0.2", "--json"],
            env=variables, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        running.append(process)
        return Watching(process)

    yield started
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def rows_of(event: dict[str, Any]) -> dict[str, tuple[str, int]]:
    return {one["tag"]: (one["outcome"], one["rows"]) for one in event["reports"]}


def new_run(penguins: Path, name: str, individual: str, *, bill: str = "40") -> Path:
    run = penguins.parent / "runs" / name
    run.mkdir()
    head = "individual_id,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g"
    (run / "physical_features.csv").write_text(f"{head}\n{individual},{bill},17,190,4000\n")
    demographic = "individual_id,island,sex,year,species"
    (run / "demographic_data.csv").write_text(f"{demographic}\n{individual},Biscoe,female,2010,Gentoo\n")
    return run


def mark(run: Path) -> None:
    (run / ".depictio-complete").touch()
    # A marker that is written twice within one tick of the clock is still another one.
    stat = (run / ".depictio-complete").stat()
    os.utime(run / ".depictio-complete", ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))


def journey(penguins: Path, start: Start, where: tuple[str, ...]) -> None:
    """Markers, a run that is not complete, one that fails and is mended, a restart, and a run that goes."""
    for run in (penguins.parent / "runs").iterdir():
        mark(run)
    watching = start(penguins, "--quiet", "0", *where)
    first = watching.next("ingested")
    assert rows_of(first) == dict.fromkeys(
        ("physical_features", "demographic_data", "penguins_complete"), ("updated", 342)
    )
    assert first["runs"] == ["run_1_adelie", "run_2_chinstrap", "run_3_gentoo"]
    unfinished = new_run(penguins, "run_4", "gentoo_900")
    assert watching.next("waiting")["runs"] == ["run_4"]
    # A complete one beside it: only that comes in. One beside both fails, and is left out.
    broken = new_run(penguins, "run_6", "gentoo_902")
    (broken / "physical_features.csv").write_text("individual_id,bill_length_mm\ngentoo_902\n")
    complete = new_run(penguins, "run_5", "gentoo_901")
    mark(broken)
    mark(complete)
    failed = watching.next("failed")
    assert failed["runs"] == ["run_6"]
    assert failed["problems"][0]["place"] == "run_6/physical_features.csv"
    second = watching.next("ingested")
    assert (second["runs"], rows_of(second)["physical_features"]) == (["run_5"], ("updated", 343))
    # What stays as it is is not tried again; what is mended is.
    (broken / "physical_features.csv").write_text((complete / "physical_features.csv").read_text())
    mark(broken)
    third = watching.next("ingested")
    assert (third["runs"], rows_of(third)["physical_features"]) == (["run_6"], ("updated", 344))
    # Alone it fails without a word of what stayed as it was.
    (broken / "physical_features.csv").write_text("individual_id,bill_length_mm\ngentoo_902\n")
    mark(broken)
    assert set(watching.kinds_until("failed")) <= {"waiting", "complete", "failed"}
    (broken / "physical_features.csv").write_text((complete / "physical_features.csv").read_text())
    mark(broken)
    assert watching.next("ingested")["runs"] == ["run_6"]
    assert watching.stop() == 0
    assert watching.next("stopped")
    # The unfinished one is finished while nobody watches, and one vanishes while somebody does.
    mark(unfinished)
    again = start(penguins, "--quiet", "0", *where)
    fourth = again.next("ingested")
    assert rows_of(fourth)["physical_features"] == ("updated", 345)
    for file in complete.iterdir():
        file.unlink()
    complete.rmdir()
    assert again.next("gone")["runs"] == ["run_5"]
    assert rows_of(again.next("ingested"))["physical_features"] == ("updated", 344)
    assert again.stop(signal.SIGINT) == 0


def test_a_journey_on_the_data_directory(penguins: Path, start: Start) -> None:
    journey(penguins, start, ())


def test_the_same_journey_through_a_server(penguins: Path, start: Start, server: Server) -> None:
    journey(penguins, start, ("--server", server.url, "--token", server.token))


def test_quiet_time_and_rows_of_a_run_that_is_being_written_anew(
    penguins: Path, start: Start, depictio: Command
) -> None:
    """A run that changes keeps its rows of before until it is quiet, also when another comes in meanwhile."""
    watching = start(penguins, "--quiet", "1.5", "--marker", "")
    assert rows_of(watching.next("ingested"))["physical_features"] == ("updated", 342)
    stop, half = threading.Event(), penguins.parent / "runs" / "run_1_adelie" / "physical_features.csv"
    lines = half.read_text().splitlines(keepends=True)

    def write() -> None:
        """A pipeline that writes the file once more, slowly."""
        count = 2
        while not stop.wait(0.3):
            half.write_text("".join(lines[:count]))
            count += 1
        half.write_text("".join(lines[:51]))

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    assert watching.next("waiting")["runs"] == ["run_1_adelie"]
    new_run(penguins, "run_7", "gentoo_903")
    other = watching.next("ingested")
    assert (other["runs"], rows_of(other)["physical_features"]) == (["run_7"], ("updated", 343))
    stop.set()
    writer.join()
    last = watching.next("ingested")
    assert (last["runs"], rows_of(last)["physical_features"][1]) == (["run_1_adelie"], 343 - (len(lines) - 51))
    assert watching.stop() == 0
    assert depictio("watch", penguins, "--once", "--quiet", "0.1").returncode == 0


def test_once(depictio: Command, penguins: Path) -> None:
    """It ingests what is complete, and ends: with 1 when something failed, with 3 when nothing can be used."""
    waiting = depictio("watch", penguins, "--once", "--quiet", "9999")
    assert (waiting.returncode, waiting.stdout.splitlines()[1].split("\t")[1]) == (0, "waiting")
    mark(penguins.parent / "runs" / "run_1_adelie")
    done = depictio("watch", penguins, "--once", "--quiet", "9999")
    assert done.returncode == 0
    assert "  penguin_survey.physical_features: 1 new, 0 changed, 0 vanished files, 151 rows, version 0" in done.stdout
    (penguins.parent / "runs" / "run_2_chinstrap" / "physical_features.csv").write_text("a,b\n1\n")
    mark(penguins.parent / "runs" / "run_2_chinstrap")
    failed = depictio("watch", penguins, "--once", "--quiet", "9999")
    assert failed.returncode == 1
    assert "\tfailed\trun_2_chinstrap: penguin_survey.physical_features: One file cannot be read" in failed.stderr
    assert depictio("watch", penguins, "--once", DEPICTIO_PROT="1").returncode == 3
    nobody = depictio("watch", penguins, "--once", "--server", "http://127.0.0.1:9", "--token", "x", "--quiet", "0.1")
    assert nobody.returncode == 3
    assert depictio("watch", penguins.parent / "nowhere.yaml", "--once").returncode == 1
