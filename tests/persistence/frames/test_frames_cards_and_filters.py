"""Cards, filter options and profiles."""

import math
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from domain.tiles import Aggregation, CardTile, FigureTile, FilterTile, FilterWidget, Visu
from persistence.frames.engine import categories, choices, profile
from persistence.frames.profiles import MANY, MAX_CATEGORIES
from persistence.frames.shapes import MAX_OPTIONS, ColumnProfile, Failure, Frame
from tests.persistence.frames.support import COLLECTION, clause, failure, frame, source

DATA = pl.DataFrame(
    {
        "n": [1.0, math.nan, 2.0, None, 6.0],
        "i": [10, 20, None, 40, 50],
        "s": ["b", "a", None, "ß", "a"],
        "b": [True, None, False, True, True],
        "d": [date(2024, 5, 3), None, date(2024, 5, 1), date(2024, 5, 2), date(2024, 5, 1)],
        "t": [datetime(2024, 5, day, tzinfo=UTC) for day in range(1, 6)],
        "l": [[1], [2], [3], None, [5]],
    },
)


def card(column: str, how: Aggregation) -> CardTile:
    """A card of the test's table."""
    return CardTile(id="c", collection_id=COLLECTION, column_name=column, aggregation=how)


def control(column: str, widget: FilterWidget) -> FilterTile:
    """A filter of the test's table."""
    return FilterTile(id="f", collection_id=COLLECTION, column_name=column, interactive_component_type=widget)


@pytest.mark.parametrize(
    ("column", "how", "value", "values"),
    [
        ("n", Aggregation.COUNT, 3, 3),
        ("n", Aggregation.NUNIQUE, 3, 3),
        ("n", Aggregation.SUM, 9.0, 3),
        ("n", Aggregation.MEAN, 3.0, 3),
        ("n", Aggregation.MEDIAN, 2.0, 3),
        ("n", Aggregation.MIN, 1.0, 3),
        ("i", Aggregation.MAX, 50.0, 4),
        ("s", Aggregation.NUNIQUE, 3, 4),
        ("s", Aggregation.MIN, "a", 4),
        ("b", Aggregation.SUM, 3.0, 4),
        ("b", Aggregation.MEAN, 0.75, 4),
        ("b", Aggregation.MIN, False, 4),
        ("d", Aggregation.MAX, date(2024, 5, 3), 4),
        ("t", Aggregation.MIN, datetime(2024, 5, 1, tzinfo=UTC), 5),
    ],
)
def test_a_card_aggregates_what_is_not_missing(column: str, how: Aggregation, value: Any, values: int) -> None:
    """Every aggregation, on the kinds it makes sense for."""
    found = frame(card(column, how), DATA)
    assert found.data.rows(named=True) == [{"value": value, "values": values}]
    counts = how in {Aggregation.COUNT, Aggregation.NUNIQUE}
    assert (found.data.schema["value"] == pl.UInt32) is counts


def test_values_count_as_different_that_look_the_same_in_frames() -> None:
    """Numbers of 64 bits, such as hashes, and nanoseconds are rounded when they are shown."""
    data = pl.DataFrame({"i": [2**53, 2**53 + 1, None], "t": pl.Series([1, 2, None], dtype=pl.Datetime("ns"))})
    for column in data.columns:
        assert frame(card(column, Aggregation.NUNIQUE), data).data.rows() == [(2, 2)]


@pytest.mark.parametrize("how", [Aggregation.SUM, Aggregation.MEAN, Aggregation.MEDIAN])
def test_infinities_of_both_signs_have_no_sum(how: Aggregation) -> None:
    """It is missing, for no frame holds NaN."""
    data = pl.DataFrame({"n": [math.inf, -math.inf], "g": ["a", "a"]})
    assert frame(card("n", how), data).data.rows() == [(None, 2)]
    bars = FigureTile(id="b", collection_id=COLLECTION, visu_type=Visu.BAR, x="g", y="n", aggregation=how)
    assert frame(bars, data).data["y"].to_list() == [None]


@pytest.mark.parametrize("infinite", [math.inf, -math.inf])
def test_the_median_beside_an_infinity_is_infinite(infinite: float) -> None:
    """It is the mean of the middle two, of either sign."""
    data = pl.DataFrame({"n": [infinite, 0.1], "g": ["a", "a"]})
    assert frame(card("n", Aggregation.MEDIAN), data).data.rows() == [(infinite, 2)]
    bars = FigureTile(
        id="b", collection_id=COLLECTION, visu_type=Visu.BAR, x="g", y="n", aggregation=Aggregation.MEDIAN
    )
    assert frame(bars, data).data["y"].to_list() == [infinite]


@pytest.mark.parametrize(("how", "value"), [(how, None) for how in Aggregation])
def test_a_card_of_no_rows(how: Aggregation, value: None) -> None:
    """An empty selection is zero rows, not a failure: nothing counted, a sum of 0, no mean."""
    found = frame(card("n", how), DATA, clause("s", "in"))
    zero = how in {Aggregation.COUNT, Aggregation.NUNIQUE, Aggregation.SUM}
    assert found.data.rows() == [(0 if zero else value, 0)]
    assert (found.rows_total, found.rows_matched) == (5, 0)


@pytest.mark.parametrize(
    ("column", "how"),
    [("s", Aggregation.MEAN), ("d", Aggregation.SUM), ("b", Aggregation.MEDIAN), ("l", Aggregation.COUNT)],
)
def test_a_card_that_makes_no_sense_fails(column: str, how: Aggregation) -> None:
    """The message names the column and what it holds."""
    assert repr(column) in failure(card(column, how), DATA)


@given(st.lists(st.none() | st.floats(-1e6, 1e6) | st.just(math.nan), max_size=30), st.sampled_from(Aggregation))
@settings(max_examples=100, deadline=None)
def test_cards_agree_with_polars(column: list[float | None], how: Aggregation) -> None:
    """Against the eager aggregation of the plain list."""
    present = pl.Series([value for value in column if value is not None and not math.isnan(value)], dtype=pl.Float64)
    varies = present.n_unique() > 1
    plain: Any = {
        "count": present.len,
        "nunique": present.n_unique,
        "range": lambda: present.max() - present.min() if present.len() else None,  # type: ignore[operator]
        "variance": present.var,
        "std_dev": present.std,
        "skewness": lambda: present.skew() if varies else None,
        "kurtosis": lambda: present.kurtosis() if varies else None,
        "percentile": lambda: present.quantile(0.5, "linear"),
        "q1": lambda: present.quantile(0.25, "linear"),
        "q3": lambda: present.quantile(0.75, "linear"),
        "mode": lambda: present.mode().min(),
    }.get(how.value) or getattr(present, how.value)
    found = frame(card("n", how), pl.DataFrame({"n": pl.Series(column, dtype=pl.Float64)}))
    expected = plain()
    # Values so near to each other that their variance is none have neither skewness nor kurtosis.
    is_none = expected is None or math.isnan(expected)
    assert found.data["value"].item() == (None if is_none else pytest.approx(expected, rel=1e-12, abs=1e-6))


def options(*rows: tuple[Any, int]) -> pl.DataFrame:
    """Choices with counts."""
    return pl.DataFrame(rows, schema={"value": None, "count": pl.UInt32}, orient="row")


def test_choices_are_counted_under_the_other_filters_only() -> None:
    """Most frequent first, then by value; missing is a choice."""
    tile = control("s", FilterWidget.MULTI_SELECT)
    assert_frame_equal(frame(tile, DATA).data, options(("a", 2), ("b", 1), ("ß", 1), (None, 1)))
    own, other = clause("s", "in", "b", source="f"), clause("n", "between", 2, None)
    assert_frame_equal(frame(tile, DATA, own).data, options(("a", 2), ("b", 1), ("ß", 1), (None, 1)))
    narrowed = frame(tile, DATA, own, other)
    assert_frame_equal(narrowed.data, options(("a", 1), (None, 1), ("b", 0)))
    assert (narrowed.shown, narrowed.of, narrowed.rows_matched) == (3, 3, 2)


def test_choices_are_bounded_but_the_chosen_stay() -> None:
    """The count of all is told, and what is chosen can be unchosen."""
    names = [f"{number:05}" for number in range(MAX_OPTIONS + 200)]
    data = pl.DataFrame({"s": [*names, "00000"]})
    tile = control("s", FilterWidget.MULTI_SELECT)
    found = frame(tile, data, clause("s", "in", "01199", "gone", source="f"))
    assert (found.shown, found.of, found.sampled) == (MAX_OPTIONS + 1, MAX_OPTIONS + 200, True)
    assert found.data["value"].to_list() == [*names[:MAX_OPTIONS], "01199"]


def test_a_search_finds_choices_beyond_the_bound() -> None:
    """Among all values, ignoring case; beside what is found stands what is chosen, and missing values have a name."""
    names = [f"N{number:05}" for number in range(MAX_OPTIONS + 200)]
    data = {COLLECTION: source(pl.DataFrame({"s": [*names, None]}))}
    tile = control("s", FilterWidget.MULTI_SELECT)

    def found(search: str) -> list[tuple[Any, int]]:
        answer = choices(tile, (clause("s", "in", "N00003", source="f"),), data, (), search)
        assert isinstance(answer, Frame), answer
        return answer.data.rows()

    assert found("n0119") == [*((name, 1) for name in names[1190:]), ("N00003", 0)]
    assert found("issin") == [(None, 1), ("N00003", 0)]
    assert found(".") == [("N00003", 0)]
    assert isinstance(choices(control("gone", FilterWidget.SELECT), (), data, (), "a"), Failure)


@pytest.mark.parametrize(("column", "search", "expected"), [("i", "5", [50]), ("b", "TR", [True]), ("n", "6", [6.0])])
def test_a_search_looks_at_values_as_text(column: str, search: str, expected: list[Any]) -> None:
    """Numbers and booleans are found by what is written of them."""
    answer = choices(control(column, FilterWidget.SELECT), (), {COLLECTION: source(DATA)}, (), search)
    assert isinstance(answer, Frame), answer
    assert answer.data["value"].to_list() == expected


@pytest.mark.parametrize("column", ["n", "i", "b", "d", "t"])
def test_choices_of_every_kind_can_be_chosen(column: str) -> None:
    """What a control offers is accepted as a clause's value and finds as many rows as it said."""
    tile = control(column, FilterWidget.MULTI_SELECT)
    for value, count in frame(tile, DATA).data.rows():
        written = value.isoformat() if isinstance(value, date) else value
        assert frame(card("t", Aggregation.COUNT), DATA, clause(column, "in", written)).rows_matched == count


def test_ranges_are_narrowed_and_know_the_whole_table() -> None:
    """The slider's ends hold still; what is left is told."""
    tile = control("n", FilterWidget.RANGE_SLIDER)
    other, own = clause("s", "in", "b", None), clause("n", "between", 2, 2, source="f")
    assert frame(tile, DATA, other, own).data.rows(named=True) == [{"min": 1, "max": 2, "lowest": 1, "highest": 6}]
    nothing = frame(tile, DATA, clause("s", "in")).data
    assert nothing.rows(named=True) == [{"min": None, "max": None, "lowest": 1, "highest": 6}]
    assert nothing.schema == dict.fromkeys(("min", "max", "lowest", "highest"), pl.Float64)
    days = frame(control("d", FilterWidget.DATE_RANGE), DATA).data
    assert days.row(0) == (date(2024, 5, 1), date(2024, 5, 3)) * 2
    assert "'s'" in failure(control("s", FilterWidget.RANGE_SLIDER), DATA)


def test_a_range_ends_at_finite_values() -> None:
    """What is left is told as it is, infinities too."""
    data = pl.DataFrame({"n": [-math.inf, 3.0, None, 5.0, math.inf, math.nan]})
    row = frame(control("n", FilterWidget.RANGE_SLIDER), data).data.row(0, named=True)
    assert row == {"min": -math.inf, "max": math.inf, "lowest": 3.0, "highest": 5.0}
    endless = frame(control("n", FilterWidget.RANGE_SLIDER), pl.DataFrame({"n": [math.inf]})).data.row(0, named=True)
    assert endless == {"min": math.inf, "max": math.inf, "lowest": None, "highest": None}


def test_a_text_filter_needs_only_its_column() -> None:
    """It offers nothing, but says when it could never work."""
    found = frame(control("s", FilterWidget.TEXT), DATA, clause("i", "between", 20, None))
    assert (found.data.width, found.rows_matched) == (0, 3)
    assert "'gone'" in failure(control("gone", FilterWidget.TEXT), DATA)


def test_profiles_tell_what_suggestions_need() -> None:
    """NaN is missing; what cannot be compared is only counted."""
    assert profile(source(DATA)) == [
        ColumnProfile("n", 3, 2, 1.0, 6.0),
        ColumnProfile("i", 4, 1, 10.0, 50.0),
        ColumnProfile("s", 3, 1, "a", "ß"),
        ColumnProfile("b", 2, 1, min=False, max=True),
        ColumnProfile("d", 3, 1, date(2024, 5, 1), date(2024, 5, 3)),
        ColumnProfile("t", 5, 0, datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 5, 5, tzinfo=UTC)),
        ColumnProfile("l", None, 1),
    ]
    assert profile(source(pl.DataFrame())) == []


def test_categories_have_a_lasting_order() -> None:
    """By value, the most frequent ones when there are too many; an unknown column is a failure."""
    assert categories(source(DATA), "s") == ["a", "b", "ß"]
    assert categories(source(DATA), "b") == ["false", "true"]
    assert categories(source(DATA), "d") == ["2024-05-01", "2024-05-02", "2024-05-03"]
    many = pl.DataFrame({"s": [f"{number:04}" for number in range(MAX_CATEGORIES + 50)] + ["0149"]})
    found = categories(source(many), "s")
    assert isinstance(found, list)
    assert (len(found), found[-1]) == (MAX_CATEGORIES, "0149")
    assert isinstance(categories(source(DATA), "gone"), Failure)
    assert categories(source(pl.DataFrame({"n": range(2 * MANY)})), "n") == []
