"""Table pages: bounds, order, header filters; against plain Python on the same rows."""

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.filters import Clause
from domain.rows import ColumnFilter, Condition, SortKey, column_filters
from domain.tiles import TableTile
from persistence.frames.engine import table_page
from persistence.frames.shapes import MAX_PAGE, Failure, Frame
from tests.persistence.frames.support import COLLECTION, clause, failure, frame, source

TILE = TableTile(id="t", collection_id=COLLECTION)
DATA = pl.DataFrame(
    {
        "row": range(6),
        "n": [3.0, math.nan, 1.0, None, 3.0, -1.5],
        "s": ["Ab", "ab.c", "", None, " ", "ÄB"],
        "b": [True, False, None, True, False, True],
        "d": [date(2024, 5, day) for day in (3, 1, 2)] + [None, date(2024, 5, 1), date(2024, 5, 9)],
        "t": [datetime(2024, 5, 1, 12, tzinfo=UTC) + timedelta(days=day) for day in range(5)] + [None],
        "depictio_run_id": ["r"] * 6,
    },
)


def page(data: pl.DataFrame, *clauses: Clause, offset: int = 0, limit: int = 100, **rest: Any) -> Frame | Failure:
    """One page of all columns."""
    return table_page(TILE, clauses, {COLLECTION: source(data)}, offset=offset, limit=limit, **rest)


def rows(found: Frame | Failure) -> list[int]:
    """Which rows are on it."""
    assert isinstance(found, Frame), found
    return found.data["row"].to_list()


def test_a_table_tile_shows_its_first_page_without_technical_columns() -> None:
    """In the table's own order, with how many rows there are."""
    found = frame(TableTile(id="t", collection_id=COLLECTION, page_size=2), DATA, clause("b", "in", True, False))
    assert found.data.columns == ["row", "n", "s", "b", "d", "t"]
    assert found.data["row"].to_list() == [0, 1]
    assert found.data["n"].to_list() == [3.0, None]
    assert (found.rows_total, found.rows_matched, found.shown, found.of) == (6, 5, 2, 5)


def test_chosen_columns_stand_in_their_order_with_the_one_to_select_by() -> None:
    """A technical column may be chosen; ticking rows needs its column."""
    tile = TableTile(id="t", collection_id=COLLECTION, columns=("s", "depictio_run_id"), selection_column="row")
    assert frame(tile, DATA).data.columns == ["s", "depictio_run_id", "row"]
    assert "'gone'" in failure(TableTile(id="t", collection_id=COLLECTION, columns=("gone",)), DATA)


def test_values_without_a_kind_are_shown_as_text() -> None:
    """Lists, durations and the like."""
    data = pl.DataFrame({"l": [[1, 2], None], "u": [timedelta(hours=1), None]})
    assert frame(TILE, data).data.to_dict(as_series=False) == {"l": ["[1, 2]", None], "u": ["1:00:00", None]}


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ([SortKey("n")], [5, 2, 0, 4, 1, 3]),
        ([SortKey("n", descending=True)], [0, 4, 2, 5, 1, 3]),
        ([SortKey("n", descending=True), SortKey("row", descending=True)], [4, 0, 2, 5, 3, 1]),
        ([SortKey("b"), SortKey("d", descending=True)], [1, 4, 5, 0, 3, 2]),
    ],
)
def test_sorting_puts_missing_values_last_and_keeps_ties_in_order(sort: list[SortKey], expected: list[int]) -> None:
    """Whichever way, so that pages never overlap."""
    assert rows(page(DATA, sort=sort)) == expected
    assert [row for start in (0, 2, 4) for row in rows(page(DATA, sort=sort, offset=start, limit=2))] == expected


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"s": {"filterType": "text", "type": "contains", "filter": "B"}}, [0, 1, 5]),
        ({"s": {"filterType": "text", "type": "contains", "filter": "b."}}, [1]),
        ({"s": {"filterType": "text", "type": "notContains", "filter": "b"}}, [2, 3, 4]),
        ({"s": {"filterType": "text", "type": "equals", "filter": "äb"}}, [5]),
        ({"s": {"filterType": "text", "type": "notEqual", "filter": "ab"}}, [1, 2, 3, 4, 5]),
        ({"s": {"filterType": "text", "type": "startsWith", "filter": "A"}}, [0, 1]),
        ({"s": {"filterType": "text", "type": "endsWith", "filter": "C"}}, [1]),
        ({"s": {"filterType": "text", "type": "blank"}}, [2, 3, 4]),
        ({"s": {"filterType": "text", "type": "notBlank"}}, [0, 1, 5]),
        ({"n": {"filterType": "number", "type": "equals", "filter": 3}}, [0, 4]),
        ({"n": {"filterType": "number", "type": "notEqual", "filter": 3}}, [1, 2, 3, 5]),
        ({"n": {"filterType": "number", "type": "lessThan", "filter": 1}}, [5]),
        ({"n": {"filterType": "number", "type": "lessThanOrEqual", "filter": 1}}, [2, 5]),
        ({"n": {"filterType": "number", "type": "greaterThan", "filter": 1}}, [0, 4]),
        ({"n": {"filterType": "number", "type": "greaterThanOrEqual", "filter": 1}}, [0, 2, 4]),
        ({"n": {"filterType": "number", "type": "inRange", "filter": -1.5, "filterTo": 1}}, [2, 5]),
        ({"n": {"filterType": "number", "type": "blank"}}, [1, 3]),
        ({"b": {"type": "true"}}, [0, 3, 5]),
        ({"b": {"type": "equals", "filter": False}}, [1, 4]),
        ({"d": {"filterType": "date", "type": "lessThan", "dateFrom": "2024-05-02 00:00:00"}}, [1, 4]),
        ({"t": {"filterType": "date", "type": "equals", "dateFrom": "2024-05-02 00:00:00", "dateTo": None}}, [1]),
        ({"t": {"filterType": "date", "type": "greaterThan", "dateFrom": "2024-05-02 00:00:00"}}, [2, 3, 4]),
        (
            {
                "t": {
                    "filterType": "date",
                    "type": "inRange",
                    "dateFrom": "2024-05-02 00:00:00",
                    "dateTo": "2024-05-03 00:00:00",
                },
            },
            [1, 2],
        ),
        (
            {
                "n": {
                    "filterType": "number",
                    "operator": "OR",
                    "conditions": [
                        {"filterType": "number", "type": "lessThan", "filter": 0},
                        {"filterType": "number", "type": "blank"},
                    ],
                },
                "b": {"type": "true"},
            },
            [3, 5],
        ),
    ],
)
def test_header_filters_mean_what_the_grid_says(entry: dict[str, Any], expected: list[int]) -> None:
    """In AG Grid's own words; a day means the whole day, in a column of times too."""
    found = page(DATA, filters=column_filters(entry), limit=1)
    assert isinstance(found, Frame)
    assert (found.of, found.rows_matched) == (len(expected), 6)
    assert rows(page(DATA, filters=column_filters(entry))) == expected


@pytest.mark.parametrize(
    "header",
    [
        ColumnFilter("gone", (Condition("blank"),)),
        ColumnFilter("n", (Condition("contains", "3"),)),
        ColumnFilter("n", (Condition("lessThan", "3"),)),
        ColumnFilter("n", (Condition("equals"),)),
        ColumnFilter("n", ()),
        ColumnFilter("s", (Condition("contains"),)),
        ColumnFilter("s", (Condition("lessThan", "a"),)),
        ColumnFilter("b", (Condition("lessThan", True),)),
        ColumnFilter("s", (Condition("true"),)),
    ],
    ids=repr,
)
def test_a_header_filter_that_does_not_fit_fails_and_names_its_column(header: ColumnFilter) -> None:
    """Never the unfiltered page."""
    found = page(DATA, filters=[header])
    assert isinstance(found, Failure)
    assert header.column in found.message


@pytest.mark.parametrize(("offset", "limit"), [(-1, 10), (0, 0), (0, MAX_PAGE + 1)])
def test_a_page_is_bounded(offset: int, limit: int) -> None:
    """What is out of bounds is said to be."""
    found = page(DATA, offset=offset, limit=limit)
    assert isinstance(found, Failure)
    assert str(MAX_PAGE) in found.message


def test_a_page_obeys_the_filter_state_and_an_unknown_sort_fails() -> None:
    """Clauses and header filters both narrow; a page beyond the end is empty, not an error."""
    found = page(DATA, clause("b", "in", True), filters=[ColumnFilter("n", (Condition("notBlank"),))])
    assert isinstance(found, Frame)
    assert (rows(found), found.rows_total, found.rows_matched, found.of) == ([0, 5], 6, 3, 2)
    assert rows(page(DATA, offset=100)) == []
    assert isinstance(page(DATA, sort=[SortKey("gone")]), Failure)
    assert isinstance(page(DATA, clause("gone", "in", 1)), Failure)


cells = st.none() | st.integers(-3, 3).map(float) | st.just(math.nan)


@given(st.lists(st.tuples(cells, cells), max_size=30), st.booleans(), st.booleans())
@settings(max_examples=100, deadline=None)
def test_sorting_agrees_with_python(table: list[tuple[float | None, float | None]], down_a: bool, down_b: bool) -> None:
    """On two keys with ties and missing values, either way."""
    data = pl.DataFrame(table, schema={"a": pl.Float64, "b": pl.Float64}, orient="row").with_row_index("row")

    def rank(value: float | None, *, down: bool) -> tuple[bool, float]:
        missing = value is None or math.isnan(value)
        return (missing, 0.0 if missing else -value if down else value)

    plain = sorted(
        range(len(table)), key=lambda row: (rank(table[row][0], down=down_a), rank(table[row][1], down=down_b))
    )
    assert rows(page(data, sort=[SortKey("a", down_a), SortKey("b", down_b)])) == plain
