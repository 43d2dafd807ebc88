"""AG Grid's filter model in the product's words."""

import pytest

from domain.errors import Invalid
from domain.rows import ColumnFilter, Condition, column_filters


def test_one_condition_and_several_are_read() -> None:
    """Text, numbers and days; a picked day loses its midnight, because the whole day is meant."""
    model = {
        "name": {"filterType": "text", "type": "startsWith", "filter": "a"},
        "size": {
            "filterType": "number",
            "operator": "OR",
            "conditions": [
                {"filterType": "number", "type": "inRange", "filter": 1, "filterTo": 2.5},
                {"filterType": "number", "type": "blank"},
            ],
        },
        "day": {
            "filterType": "date",
            "type": "inRange",
            "dateFrom": "2024-05-01 00:00:00",
            "dateTo": "2024-05-02 10:00:00",
        },
    }
    assert column_filters(model) == (
        ColumnFilter("name", (Condition("startsWith", "a"),)),
        ColumnFilter("size", (Condition("inRange", 1, 2.5), Condition("blank")), any_of=True),
        ColumnFilter("day", (Condition("inRange", "2024-05-01", "2024-05-02 10:00:00"),)),
    )
    assert column_filters({}) == ()


@pytest.mark.parametrize("entry", [{}, None, 3, {"type": "near"}, {"type": "equals", "filter": [1]}, {"conditions": 1}])
def test_what_is_not_understood_is_refused_by_its_column(entry: object) -> None:
    """Never taken for no filter."""
    with pytest.raises(Invalid) as refused:
        column_filters({"size": entry})
    assert refused.value.problems[0].place == "size"
