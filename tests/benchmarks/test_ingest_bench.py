"""What ingests open, counted by the kernel: that does not depend on the machine; and what the docs say of formats."""

from pathlib import Path

from benchmarks import opened, round_trips
from benchmarks.ingest import table
from tests.docs.pages import rows

PAGE = "docs/ingests.md"


def test_one_changed_file_of_several_is_opened_alone(tmp_path: Path) -> None:
    """As `python -m benchmarks.ingest` measures with five hundred; one that was only touched is read for its hash."""
    found = opened.one_of_many(tmp_path, 3)
    assert [(one.opened, one.new, one.changed, one.vanished, one.unchanged, one.rows) for one in found] == [
        (3, 3, 0, 0, 0, 6_000),
        (0, 0, 0, 0, 3, 6_000),
        (1, 0, 1, 0, 2, 6_001),
        (1, 0, 0, 0, 3, 6_001),
        (0, 0, 0, 1, 2, 4_000),
    ]


def test_the_page_has_the_round_trip_of_every_format() -> None:
    """Each that the benchmark makes, and nothing else."""
    said = {row[0] for row in rows(PAGE, "Every format and back")}
    assert said == {one[0] for one in round_trips.TABLES.values()} | {"GeoJSON", "Newick", "MultiQC report", "Images"}


def test_tables_are_markdown() -> None:
    assert table(("a", "b"), [(1, "x")]) == "| a | b |\n| --- | --- |\n| 1 | x |\n"
