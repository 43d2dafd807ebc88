"""When a run is complete, as plain values."""

import pytest

from domain.watching import Seen, Watched, ingested, is_ready, looked_at

NOW = 1_000_000.0
OLD = Seen(content="a", changed_at=NOW - 100)
NEW = Seen(content="b", changed_at=NOW)
MARKED = Seen(content="c", changed_at=NOW, marker="1 done")


def test_a_run_that_has_been_quiet_before_it_was_seen_is_complete_at_once() -> None:
    run = looked_at(None, OLD, NOW)
    assert is_ready(run, NOW, 60)
    assert not is_ready(run, NOW, 200)


def test_a_run_that_changes_is_waited_for() -> None:
    """The time without a change is counted from when the change was seen, whatever the file says."""
    run = looked_at(looked_at(None, OLD, NOW), Seen(content="b", changed_at=NOW - 5000), NOW + 10)
    assert not is_ready(run, NOW + 69, 60)
    assert is_ready(run, NOW + 70, 60)


def test_files_of_the_future_do_not_hold_a_run_for_ever() -> None:
    run = looked_at(None, Seen(content="a", changed_at=NOW + 99_999), NOW)
    assert is_ready(run, NOW + 60, 60)


def test_a_marker_is_enough_and_counts_once() -> None:
    """What changes afterwards waits for the next marker, or for quiet time."""
    run = looked_at(None, MARKED, NOW)
    assert is_ready(run, NOW, 0)
    run = ingested(run, MARKED, is_failed=False)
    assert not is_ready(run, NOW, 0)
    changed = looked_at(run, Seen(content="d", changed_at=NOW, marker="1 done"), NOW + 1)
    assert not is_ready(changed, NOW + 1000, 0)
    assert is_ready(changed, NOW + 61, 60)
    again = looked_at(run, Seen(content="d", changed_at=NOW, marker="2 done"), NOW + 1)
    assert is_ready(again, NOW + 1, 0)


@pytest.mark.parametrize("is_failed", [True, False])
def test_what_was_tried_is_tried_again_only_when_it_changes(is_failed: bool) -> None:
    run = ingested(looked_at(None, OLD, NOW), OLD, is_failed=is_failed)
    assert not is_ready(run, NOW + 1000, 60)
    assert is_ready(looked_at(run, NEW, NOW), NOW + 60, 60)


def test_what_changes_during_an_ingest_is_ingested_again() -> None:
    """The content that counts as ingested is that of before."""
    run = ingested(Watched(seen=NEW, since=NOW), OLD, is_failed=False)
    assert is_ready(run, NOW + 60, 60)
