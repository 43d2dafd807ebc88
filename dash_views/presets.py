"""Ranges of days that a date control offers by name, counted back from the newest day in the data.

Not from today: tables of runs that ended months ago would have nothing in any of them. A choice is kept, and goes into
the link, as the days themselves, so that it means the same tomorrow.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from domain.wording import tr, trn

LAST_DAYS = (7, 30)


def presets(oldest: date, newest: date) -> list[dict[str, Any]]:
    """The named ranges that are shorter than all of the data, as Mantine has them."""
    return [
        {"label": label, "value": [first.isoformat(), newest.isoformat()]}
        for label, first in _named(newest)
        if first > oldest
    ]


def note(newest: date) -> str:
    """What the names are relative to."""
    return tr("Named ranges end at the newest day, {day}.", day=newest.isoformat())


def _named(newest: date) -> Iterator[tuple[str, date]]:
    for days in LAST_DAYS:
        # The first days of the calendar have none before them.
        yield trn("Last {n} day", "Last {n} days", days), newest - min(timedelta(days - 1), newest - date.min)
    yield tr("Newest month"), newest.replace(day=1)
    yield tr("Newest year"), newest.replace(month=1, day=1)
