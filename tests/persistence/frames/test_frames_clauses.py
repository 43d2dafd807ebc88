"""Clauses: every operator on every kind of column, against the same condition in plain Python."""

import math
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.filters import Clause
from domain.tiles import TableTile
from persistence.frames.clauses import inside
from tests.persistence.frames.support import COLLECTION, clause, failure, frame

TABLE = TableTile(id="t", collection_id=COLLECTION, columns=("row",), page_size=1000)
PARIS = ZoneInfo("Europe/Paris")

DATA = pl.DataFrame(
    {
        "n": [1.5, math.nan, None, -0.0, math.inf, 0.1],
        "i": [1, 2, None, 2**60, -5, 0],
        "f": pl.Series([0.5, math.nan, None, 0.1, 3.0, -1.0], dtype=pl.Float32),
        "u": pl.Series([2**64 - 1, 0, None, 5, 7, 9], dtype=pl.UInt64),
        "m": pl.Series([Decimal("1.10"), Decimal("2.20"), None, Decimal(0), Decimal(5), Decimal(-1)]),
        "s": ["Adélie", "STRASSE.*", None, "ΟΔΟΣ", "", "naïve (x)"],
        "k": pl.Series(["a", "b", None, "a", "c", "b"], dtype=pl.Categorical),
        "b": [True, False, None, True, False, True],
        "d": [date(2024, 5, 1), date(2024, 5, 2), None, date(1969, 12, 31), date(2024, 4, 30), date(2025, 1, 1)],
        "t": [
            datetime.fromisoformat("2024-05-01"),
            datetime.fromisoformat("2024-05-01T23:59:59.999999"),
            None,
            datetime.fromisoformat("2024-05-02"),
            datetime.fromisoformat("1900-01-01"),
            datetime.fromisoformat("2024-04-30T23:59"),
        ],
        "z": [
            datetime(2024, 5, 1, tzinfo=PARIS),
            datetime(2024, 5, 1, 23, 30, tzinfo=PARIS),
            None,
            datetime(2024, 5, 2, tzinfo=PARIS),
            datetime(2024, 5, 1, 23, 30, tzinfo=UTC).astimezone(PARIS),
            datetime(2024, 4, 30, 23, 30, tzinfo=PARIS),
        ],
        "l": [[1], [2], None, [3], [4], [5]],
    },
    schema_overrides={"z": pl.Datetime("ms", "Europe/Paris")},
).with_row_index("row")


def rows(*clauses: Clause, data: pl.DataFrame = DATA) -> list[int]:
    """The positions of the rows that pass."""
    return frame(TABLE, data, *clauses).data["row"].to_list()


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        ("n", (1.5, 0), [0, 3]),
        ("n", (None,), [1, 2]),
        ("n", (), []),
        ("n", (math.inf,), [4]),
        ("n", (2**70, -(2**1023)), []),
        ("i", (1, 2.0, 2.5), [0, 1]),
        ("i", (2**60, None), [2, 3]),
        ("i", (2**70, 2**200, 1e300, math.inf), []),
        ("f", (0.5, 0.10000000149011612, 0.1), [0, 3]),
        ("u", (2**64 - 1,), [0]),
        ("m", (1.1, 0), [0, 3]),
        ("s", ("ΟΔΟΣ", ""), [3, 4]),
        ("s", ("adélie",), []),
        ("s", (None,), [2]),
        ("k", ("a", None, "zzz"), [0, 2, 3]),
        ("b", (True,), [0, 3, 5]),
        ("b", (False, None), [1, 2, 4]),
        ("d", ("2024-05-01", "1969-12-31"), [0, 3]),
        ("t", ("2024-05-01",), [0, 1]),
        ("t", ("2024-05-01T00:00:00",), [0]),
        ("z", ("2024-05-01",), [0, 1]),
        ("z", ("2024-04-30T22:00:00Z",), [0]),
        ("z", ("2024-05-01T23:30",), [1]),
        ("z", (None,), [2]),
    ],
)
def test_in_keeps_exactly_the_named_values(column: str, values: tuple[Any, ...], expected: list[int]) -> None:
    """A value is compared in its column's type; None means missing, NaN included."""
    assert rows(clause(column, "in", *values)) == expected


@pytest.mark.parametrize(
    ("column", "lowest", "highest", "expected"),
    [
        ("n", 0, 1.5, [0, 3, 5]),
        ("n", None, None, [0, 3, 4, 5]),
        ("n", 1, None, [0, 4]),
        ("n", 2, 1, []),
        ("i", 0.5, 2, [0, 1]),
        ("i", 2**60, 2**60, [3]),
        ("i", -(2**70), 2**70, [0, 1, 3, 4, 5]),
        ("i", -(2**200), 1e300, [0, 1, 3, 4, 5]),
        ("i", math.inf, None, []),
        ("u", -1, 5.5, [1, 3]),
        ("u", 2.0**64, math.inf, []),
        ("u", 2.0**64 - 2.0**11, 2.0**64, [0]),
        ("f", 0.4, None, [0, 4]),
        ("d", "2024-05-01", "2024-05-02", [0, 1]),
        ("d", None, "2024-04-30", [3, 4]),
        ("d", "2024-05-01 00:00:00.0", "2024-05-02 13:22:39.3296", [0, 1]),
        ("d", "2024-05-01T00:00:01", None, [1, 5]),
        ("t", "2024-05-01", "2024-05-01", [0, 1]),
        ("t", None, "2024-05-01T00:00:00", [0, 4, 5]),
        ("z", "2024-05-01", "2024-05-01", [0, 1]),
        ("z", "2024-05-01T22:00:00+00:00", None, [3, 4]),
    ],
)
def test_between_includes_both_ends(column: str, lowest: Any, highest: Any, expected: list[int]) -> None:
    """A date alone means its whole day in the column's own time zone; missing values lie nowhere."""
    assert rows(clause(column, "between", lowest, highest)) == expected


@pytest.mark.parametrize(
    ("column", "part", "expected"),
    [
        ("s", "ADÉ", [0]),
        ("s", ".*", [1]),
        ("s", "οδος", [3]),
        ("s", "(X)", [5]),
        ("s", "", [0, 1, 3, 4, 5]),
        ("k", "B", [1, 5]),
        ("i", "-5", [4]),
        ("d", "2024-05", [0, 1]),
        ("b", "tru", [0, 3, 5]),
    ],
)
def test_contains_is_literal_and_ignores_case(column: str, part: str, expected: list[int]) -> None:
    """No character of the text is a pattern, and Greek folds like Latin."""
    assert rows(clause(column, "contains", part)) == expected


def test_numbers_are_compared_without_rounding() -> None:
    """Next to 2**53 not every whole number is a float."""
    edge = 2**53
    data = pl.DataFrame({"row": [0, 1, 2], "i": [edge, edge + 1, edge + 2], "n": [float(edge), edge + 2.0, 1.0]})
    assert rows(clause("i", "between", None, float(edge)), data=data) == [0]
    assert rows(clause("i", "between", edge + 2.0, None), data=data) == [2]
    assert rows(clause("n", "between", edge + 1, None), data=data) == [1]
    assert rows(clause("n", "between", None, edge + 1), data=data) == [0, 2]
    assert rows(clause("n", "in", edge + 1), data=data) == []


def test_a_date_at_the_change_to_summer_time_means_its_23_hours() -> None:
    """The day after which clocks go forward in Paris ends at 22:00 UTC."""
    times = [datetime(2024, 3, 30, 23, tzinfo=UTC), datetime(2024, 3, 31, 21, 59, tzinfo=UTC)]
    data = pl.DataFrame({"z": [*times, datetime(2024, 3, 31, 22, tzinfo=UTC)]}).with_columns(
        pl.col("z").dt.convert_time_zone("Europe/Paris"),
    )
    assert rows(clause("z", "in", "2024-03-31"), data=data.with_row_index("row")) == [0, 1]


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_times_of_every_precision_compare_exactly(unit: Any) -> None:
    """The last instant of a day belongs to it, in whatever unit it is stored."""
    ticks = {"ms": 1, "us": 1_000, "ns": 1_000_000}[unit]
    day = 86_400_000 * ticks
    data = pl.DataFrame({"row": [0, 1, 2], "t": pl.Series([day - 1, day, 2 * day - 1]).cast(pl.Datetime(unit))})
    assert rows(clause("t", "between", "1970-01-02", "1970-01-02"), data=data) == [1, 2]


@pytest.mark.parametrize(
    "wrong",
    [
        clause("gone", "in", 1),
        clause("n", "in", "1"),
        clause("n", "in", True),
        clause("n", "between", math.nan, None),
        clause("n", "between", None, 10**400),
        clause("i", "in", 10**400),
        clause("n", "between", 1),
        clause("s", "in", 1),
        clause("s", "between", "a", "b"),
        clause("b", "in", 1),
        clause("d", "in", "yesterday"),
        clause("d", "in", "2024-05-01T10:00"),
        clause("t", "between", "2024-05-01T00:00Z", None),
        clause("d", "between", "2024-05-01T00:00Z", None),
        clause("d", "between", "9999-12-31T10:00", None),
        clause("t", "in", 5),
        clause("t", "in", "9999-12-31"),
        clause("l", "in", 1),
        clause("l", "contains", "1"),
        clause("s", "contains", 1),
        clause("s", "contains", "\ud800"),
        clause("s", "in", "\udfff"),
        clause("s", "contains", "a", "b"),
        clause("n", "within", 0, 0, 1, 1, 2, 2),
        clause("n", "within", 0, 0, 1, 1, column_y="i"),
        clause("n", "within", 0, 0, 1, 1, 2, None, column_y="i"),
        clause("n", "within", 0, 0, 1, 1, 2, 2, column_y="s"),
        clause("n", "within", 0, 0, 1, 1, math.inf, 2, column_y="i"),
        clause("n", "within", 0, 0, 1, 1, 10**400, 2, column_y="i"),
    ],
    ids=repr,
)
def test_a_clause_that_does_not_fit_fails_and_names_its_column(wrong: Clause) -> None:
    """Never unfiltered rows because a filter could not be understood."""
    assert repr(wrong.column)[1:-1] in failure(TABLE, DATA, wrong)


def test_clauses_are_joined_by_and() -> None:
    """Each narrows what the others leave; those of other collections do not count."""
    elsewhere = clause("gone", "in", 1, collection_id="c2")
    assert rows(clause("b", "in", True), clause("n", "between", 0, 1), elsewhere) == [3, 5]


def test_a_tile_ignores_its_own_selection_but_not_its_other_clauses() -> None:
    """So that points can be selected again among all that were there."""
    assert rows(clause("b", "in", True, source="t", selection=True)) == [0, 1, 2, 3, 4, 5]
    assert rows(clause("b", "in", True, source="t")) == [0, 3, 5]


def test_within_a_polygon_of_times_and_numbers() -> None:
    """A region on a time axis carries ISO times; points with a missing coordinate lie outside."""
    corners = ("2024-05-01", -1, "2024-05-01", 2, "2024-06-01", 2, "2024-06-01", -1)
    assert rows(clause("t", "within", *corners, column_y="n")) == [0, 3]


def test_a_hole_of_a_selfcrossing_polygon_is_outside() -> None:
    """Even-odd: what is wound twice is out."""
    twice = [0, 0, 10, 0, 10, 10, 0, 10, 0, 0, 2, 2, 8, 2, 8, 8, 2, 8, 2, 2]
    data = pl.DataFrame({"x": [1.0, 5.0, 9.5, 11.0], "y": [1.0, 5.0, 5.0, 5.0]}).with_row_index("row")
    assert rows(clause("x", "within", *twice, column_y="y"), data=data) == [0, 2]


coordinates = st.floats(-5, 5, allow_nan=False) | st.integers(-3, 3).map(float)


@given(
    st.lists(st.tuples(coordinates, coordinates), max_size=30),
    st.lists(st.tuples(coordinates, coordinates), min_size=3, max_size=12),
)
@settings(max_examples=100, deadline=None)
def test_inside_agrees_with_counting_crossings_one_by_one(
    points: list[tuple[float, float]],
    corners: list[tuple[float, float]],
) -> None:
    """The vectorised rule is the scalar one, for any polygon."""

    def crossings(x: float, y: float) -> int:
        edges = zip(corners, [corners[-1], *corners[:-1]], strict=True)
        return sum((y1 > y) != (y2 > y) and x < (y - y1) / (y2 - y1) * (x2 - x1) + x1 for (x1, y1), (x2, y2) in edges)

    x, y = np.array(points, dtype=float).reshape(-1, 2).T
    found = inside(x, y, *np.array(corners).T)
    # Rounding may put a crossing just outside the corners' own extent; nothing lies inside out there.
    low, high = np.array(corners).min(axis=0), np.array(corners).max(axis=0)
    expected = [
        bool(crossings(*point) % 2) and bool(np.all(low <= point) and np.all(np.array(point) <= high))
        for point in points
    ]
    assert found.tolist() == expected


cells = st.one_of(st.none(), st.floats(-10, 10, width=32), st.just(math.nan))


@given(st.lists(cells, max_size=40), st.floats(-10, 10) | st.none(), st.floats(-10, 10) | st.none())
@settings(max_examples=100, deadline=None)
def test_between_agrees_with_python(column: list[float | None], lowest: float | None, highest: float | None) -> None:
    """On random numbers with missing values among them."""
    data = pl.DataFrame({"n": pl.Series(column, dtype=pl.Float64)}).with_row_index("row")
    low, high = -math.inf if lowest is None else lowest, math.inf if highest is None else highest
    expected = [row for row, value in enumerate(column) if value is not None and low <= value <= high]
    assert rows(clause("n", "between", lowest, highest), data=data) == expected


@given(st.lists(st.none() | st.text(max_size=6), max_size=30), st.text(max_size=3))
@settings(max_examples=100, deadline=None)
def test_contains_finds_every_text_that_it_was_cut_from(column: list[str | None], part: str) -> None:
    """Whatever the alphabet: a text contains its own pieces, and what is found contains the part in some case."""
    data = pl.DataFrame({"s": pl.Series(column, dtype=pl.String)}).with_row_index("row")
    found = rows(clause("s", "contains", part), data=data)
    literal = [row for row, value in enumerate(column) if value is not None and part in value]
    assert set(literal) <= set(found)
    ascii_found = {row for row, value in enumerate(column) if value and value.isascii()} & set(found)
    if part.isascii():
        pattern = re.compile(re.escape(part), re.IGNORECASE | re.ASCII)
        assert all(pattern.search(column[row] or "") for row in ascii_found)
