"""Named ranges of days: which there are, and that they end at the newest day of the data."""

from datetime import date

import pytest

from dash_views.presets import presets

LONG_AGO = date(1990, 1, 1)


def test_ranges_end_at_the_newest_day_and_begin_where_their_names_say() -> None:
    """Both ends included: seven days are the newest one and the six before it."""
    assert {one["label"]: one["value"] for one in presets(LONG_AGO, date(2009, 12, 1))} == {
        "Last 7 days": ["2009-11-25", "2009-12-01"],
        "Last 30 days": ["2009-11-02", "2009-12-01"],
        "Newest month": ["2009-12-01", "2009-12-01"],
        "Newest year": ["2009-01-01", "2009-12-01"],
    }


@pytest.mark.parametrize(
    ("oldest", "newest", "labels"),
    [
        (date(2024, 2, 20), date(2024, 2, 29), ["Last 7 days"]),
        (date(2024, 2, 29), date(2024, 2, 29), []),
        (date(2024, 1, 31), date(2024, 2, 29), ["Last 7 days", "Newest month"]),
        (date.min, date(1, 1, 3), []),
    ],
)
def test_a_name_for_all_of_the_data_is_not_offered(oldest: date, newest: date, labels: list[str]) -> None:
    """Nor one that would begin before it."""
    assert [one["label"] for one in presets(oldest, newest)] == labels
