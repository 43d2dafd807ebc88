"""Which job is run next, how long one takes, and how it ended: pure rules."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Problem
from domain.ingests import CollectionReport, Outcome
from domain.jobs import (
    LOG_LINES,
    MOST_SAID,
    Failure,
    Job,
    JobKind,
    JobState,
    LogLine,
    Progress,
    Result,
    Starter,
    end_of,
    is_abandoned,
    to_be_run,
    with_lines,
)

AT = datetime(2026, 11, 26, 8, tzinfo=UTC)
DEAD = frozenset({"machine/1/7/dead"})


def job(id_: str, minute: int = 0, **changes: Any) -> Job:
    values = {"project_id": "p", "kind": JobKind.JOINS, "title": id_, "lane": id_, "by": Starter(user_id="u")}
    return Job(id=id_, created_at=AT + timedelta(minutes=minute), **values | changes)


def running(id_: str, *, owner: str = "machine/1/8/alive", held: int = 5, **changes: Any) -> Job:
    return job(id_, state=JobState.RUNNING, owner=owner, held_until=AT + timedelta(seconds=held), **changes)


def test_a_lane_is_worked_off_from_the_oldest() -> None:
    """One of each lane, none of a lane in which somebody works, none whose files are elsewhere."""
    live = [
        job("second", 2, lane="a"),
        job("first", 1, lane="a"),
        job("behind", 3, lane="b"),
        running("working", lane="b"),
        job("elsewhere", 1, lane="c", place="other"),
        job("after it", 2, lane="c"),
        job("here", 5, place="mine"),
    ]
    assert [one.id for one in to_be_run(live, AT, DEAD, "mine")] == ["first", "here"]


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (running("speaks"), False),
        (running("silent", held=-1), True),
        (running("dead", owner="machine/1/7/dead"), True),
        (job("waits"), False),
    ],
)
def test_a_job_is_abandoned_when_its_process_is_gone(one: Job, expected: bool) -> None:
    assert is_abandoned(one, AT, DEAD) is expected
    assert (to_be_run([one], AT, DEAD, "") == [one]) is (expected or one.state is JobState.WAITING)


def test_the_rest_takes_as_long_as_the_part_that_is_done_says() -> None:
    progress = Progress(bytes=25, all_bytes=100, since=AT, at=AT + timedelta(seconds=10))
    assert (progress.share, progress.left) == (0.25, timedelta(seconds=30))
    assert progress.judged().seconds_left == 30
    for unknown in (Progress(), Progress(all_bytes=100, since=AT, at=AT), Progress(bytes=1, all_bytes=2)):
        assert unknown.left is None


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_log_keeps_its_newest_lines(before: int, more: int) -> None:
    lines = [LogLine(AT, str(number)) for number in range(before + more)]
    kept = with_lines(lines[:before], lines[before:])
    assert kept == tuple(lines[-LOG_LINES:])
    assert len(with_lines([], [LogLine(AT, "x" * 9999)])[0].text) == MOST_SAID


def test_a_job_fails_with_each_of_its_reports() -> None:
    """One failure is said as it is; several each with the name of the collection."""
    done = CollectionReport(workflow="w", tag="a", outcome=Outcome.UPDATED, rows=1)
    bad = [
        CollectionReport(workflow="w", tag=tag, outcome=Outcome.FAILED, message="Bad.", problems=(Problem(tag, "x"),))
        for tag in ("b", "c")
    ]
    assert end_of(Result(reports=(done,))).state is JobState.DONE
    assert end_of(Result(reports=(done, bad[0]))).failure == Failure(message="Bad.", problems=(Problem("b", "x"),))
    both = end_of(Result(reports=(done, *bad)))
    assert both.failure == Failure(message="b: Bad. c: Bad.", problems=(Problem("b", "x"), Problem("c", "x")))
