"""What the benchmark of a drag reads from a trace."""

from typing import Any

import pytest

from benchmarks.drag import frames_of

MAIN, OTHER = (7, 1), (7, 2)


def _mark(name: str, at: int, place: tuple[int, int] = MAIN) -> dict[str, Any]:
    return {"name": name, "ph": "I", "ts": at, "pid": place[0], "tid": place[1]}


def _task(at: int, processor: int, place: tuple[int, int] = MAIN) -> dict[str, Any]:
    wall = processor * 2  # A busy machine: the task waits as long as it works.
    return {"name": "ThreadControllerImpl::RunTask", "ph": "X", "ts": at, "dur": wall, "tdur": processor} | {
        "pid": place[0],
        "tid": place[1],
    }


def test_frames_are_read_from_the_trace_of_a_browser() -> None:
    """Times between shown frames, dropped ones, and the processor time of the thread that made them, of no other."""
    events = [
        *(_mark("DrawFrame", at, OTHER) for at in (50_000, 0, 16_000, 32_000)),
        _mark("DroppedFrame", 40_000, OTHER),
        *(_mark("BeginMainThreadFrame", at) for at in (0, 16_000, 32_000)),
        _task(1_000, 4_000), _task(9_000, 500), _task(17_000, 9_000), _task(2_000, 9_999, OTHER),
    ]  # fmt: skip
    found = frames_of(events)
    assert found.between == (16.0, 16.0, 18.0)
    assert found.work == (4.5, 9.0)
    assert found.tasks == (4.0, 0.5, 9.0)
    assert found.row(120_000) == {
        "rows": 120_000, "tiles": 30, "gesture": "drag", "side": "painted", "frames": 4,
        "median_ms": 16.0, "p95_ms": 18.0, "worst_ms": 18.0, "late": 0, "dropped": 1,
        "work_median_ms": 6.75, "work_p95_ms": 9.0, "longest_task_ms": 9.0,
    }  # fmt: skip


def test_a_trace_without_frames_is_refused() -> None:
    """Nothing was dragged: no row of zeros."""
    with pytest.raises(ValueError, match="holds no frames"):
        frames_of([_mark("DrawFrame", 0)])
