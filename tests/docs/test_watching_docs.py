"""`docs/watching.md` against what the watch tells, and `docs/backup.md` against what a backup holds."""

from cli.watch import MARKER
from cli.watching import FIRST_WAIT, LONGEST_WAIT, Event
from domain.backups import DOCUMENTS, MANIFEST, MANIFEST_HASH, OBJECTS, TOKENS_KEY
from tests.docs.pages import rows, section, text


def test_every_key_of_an_event_is_described() -> None:
    assert [row[0] for row in rows("docs/watching.md", "For programs")] == list(Event.__struct_fields__)


def test_the_marker_and_the_waiting_times_are_those_of_the_code() -> None:
    assert f"`{MARKER}`" in section("docs/watching.md", "When a run is complete")
    assert (FIRST_WAIT, LONGEST_WAIT) == (15, 600)
    assert "tried again after 15 seconds" in " ".join(text("docs/watching.md").split())
    assert "ten minutes at most" in " ".join(text("docs/watching.md").split())


def test_every_part_of_a_backup_is_described() -> None:
    said = [row[0] for row in rows("docs/backup.md", "What is in it")]
    assert said == [f"{DOCUMENTS}/KIND.bson", f"{OBJECTS}/…", TOKENS_KEY, MANIFEST, MANIFEST_HASH]
