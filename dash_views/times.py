"""The strip of a timeline: its first and last step, and its bars."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import polars as pl

from services.queries import Frame

DAY = 1440
STEPS = (1, 5, 15, 60, DAY)
"""Minutes of a step; the shortest is taken that makes no more than `MOST` of them. Dates have days."""
MOST = 1_500
MINUTE = 60_000_000
"""Microseconds."""
START = datetime(1970, 1, 1, tzinfo=UTC)


class Strip(NamedTuple):
    """Steps of `step` minutes from `first` to `last`, and bars in parts of the whole strip: left, width, height."""

    first: str
    last: str
    step: int
    bars: list[tuple[float, float, float]]


def strip_of(frame: Frame) -> Strip | None:
    """The strip that covers all times of the whole table; None when there is none."""
    spread = frame.extra["spread"].row(0, named=True)
    if spread["low"] is None:
        return None
    low, high, counts = spread["low"] / MINUTE, spread["high"] / MINUTE, spread["counts"]
    is_date = frame.data.schema["lowest"] == pl.Date
    step = DAY if is_date else next((one for one in STEPS if high - low <= one * MOST), DAY)
    first, last = low // step * step, high // step * step
    span = last + step - first
    # A date is a whole day, which ends where the next one begins.
    width, most = (high - low + (DAY if is_date else 0)) / len(counts), max(counts)
    bars = [
        (round((low - first + width * at) / span, 4), round(max(width / span, 0.002), 4), round(count / most, 4))
        for at, count in enumerate(counts)
        if count
    ]
    return Strip(_moment(first, step), _moment(last, step), step, bars)


def _moment(minutes: float, step: int) -> str:
    moment = START + timedelta(minutes=minutes)
    return moment.date().isoformat() if step == DAY else moment.strftime("%Y-%m-%dT%H:%M")
