"""What an ingest costs and what it leaves: rows per second, files that are opened, kills, and every format.

    python -m benchmarks.ingest [--scale 0.1] [--files 500] [--kills 4]

Prints tables in Markdown and writes them to `build/ingest.md`. Nothing of them is a target but the rows per second:
the other tables have to read as they do in `docs/ingests.md`, on every machine.
"""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import crashes, opened, reference, round_trips
from benchmarks.builds import Build

BUILD = Path(__file__).parents[1] / "build"
BYTES_PER_MIB = 1024 * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what ingests cost and leave.")
    parser.add_argument("--scale", type=float, default=0.1, help="of the reference set: 1 is 12 million rows")
    parser.add_argument("--files", type=int, default=500, help="of which one changes")
    parser.add_argument("--kills", type=int, default=4, help="at each moment; 0 for none")
    given = parser.parse_args()
    parts: list[str] = []

    def add(part: str) -> None:
        print(part, flush=True)
        parts.append(part)

    BUILD.mkdir(exist_ok=True)
    add(_speed(given.scale))
    with tempfile.TemporaryDirectory(prefix="ingest-", dir=BUILD) as folder:
        add(_opened(opened.one_of_many(Path(folder) / "many", given.files)))
        add(_trips(round_trips.trips(Path(folder) / "trips")))
        if given.kills:
            add(_crashes(crashes.matrix(Path(folder) / "crashes", given.kills)))
    (BUILD / "ingest.md").write_text("\n".join(parts), "utf-8")


def _speed(scale: float) -> str:
    project = reference.project_file(scale)
    size = sum(path.stat().st_size for path in project.parent.rglob("*.csv")) / BYTES_PER_MIB
    seconds, peak = Build("here", Path(__file__).parents[1], BUILD / "bench" / "work" / "ingest").ingest(project)
    rows = reference.rows_of(scale)
    row = (f"{rows:,}", f"{size:,.0f}", f"{seconds:.1f}", f"{rows / seconds:,.0f}", f"{peak:,.0f}")
    return table(("rows", "MiB of CSV", "seconds", "rows a second", "peak MiB"), [row])


def _opened(rows: Sequence[opened.Row]) -> str:
    head = ("what was done to the files", "opened", "new", "changed", "vanished", "unchanged", "rows", "seconds")
    return table(
        head,
        [
            (one.done, one.opened, one.new, one.changed, one.vanished, one.unchanged, one.rows, f"{one.seconds:.1f}")
            for one in rows
        ],
    )


def _trips(trips: Sequence[round_trips.Trip]) -> str:
    return table(
        ("format", "written by", "rows", "what came back"),
        [(one.format, one.written_by, one.rows, one.came_back) for one in trips],
    )


def _crashes(found: Sequence[tuple[crashes.Killed, int]]) -> str:
    return table(
        ("killed", "times", "readers then see", "the next ingest", "files left over"),
        [(one.moment, times, one.readers, one.next_ingest, one.left_over) for one, times in found],
    )


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


if __name__ == "__main__":
    main()
