"""The small pictures of columns against plain polars on the same rows."""

import math
from datetime import UTC, date, datetime, timedelta

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from domain.collections import Column, ColumnKind
from persistence.frames import engine
from persistence.frames.kinds import column_of
from persistence.frames.sketches import BARS, MOST_DRAWN, Bar, ColumnSketch
from persistence.frames.sources import TableSource


def sketched(data: pl.DataFrame) -> dict[str, ColumnSketch]:
    columns: list[Column] = [column_of(name, dtype) for name, dtype in data.schema.items()]
    found = engine.sketches(TableSource("t", tuple(columns), data.lazy))
    assert isinstance(found, list)
    return {one.profile.column: one for one in found}


def test_each_kind_of_column_is_drawn() -> None:
    """Whole numbers and days in bars of whole ones, words by how often they are there, lists not at all."""
    start = datetime(2024, 1, 1, tzinfo=UTC)
    data = pl.DataFrame(
        {
            "n": [1, 1, 2, None],
            "x": [0.0, 24.0, math.inf, math.nan],
            "w": ["a", "b", "b", None],
            "d": [date(2024, 1, 1), date(2024, 1, 3), None, None],
            "t": [start, start + timedelta(hours=24), None, start],
            "l": [[1], [2], None, None],
            "e": [None, None, None, None],
        },
        schema_overrides={"e": pl.Float64()},
    )
    found = sketched(data.with_columns(x=pl.when(pl.col("x").is_infinite()).then(1.0).otherwise("x")))
    assert found["n"].bars == (Bar(1, 1, 2), Bar(2, 2, 1))
    assert found["w"].bars == (Bar("b", "b", 2), Bar("a", "a", 1))
    assert [bar.rows for bar in found["x"].bars] == [1, 1, *[0] * 21, 1]
    assert (found["x"].bars[1].low, found["x"].bars[-1].high, found["x"].profile.nulls) == (1.0, 24.0, 1)
    days = [date(2024, 1, day) for day in (1, 2, 3)]
    assert found["d"].bars == tuple(Bar(day, day, rows) for day, rows in zip(days, (1, 0, 1), strict=True))
    assert (len(found["t"].bars), found["t"].bars[0].rows, found["t"].bars[-1].rows) == (BARS, 2, 1)
    assert found["t"].bars[1].low == start + timedelta(hours=1)
    assert (found["l"].bars, found["l"].kind, found["e"].bars) == ((), ColumnKind.OTHER, ())


def test_what_has_no_bars_is_left_without() -> None:
    """Infinite ends, very many words, and tables wider than anybody looks at."""
    words = [f"w{number}" for number in range(50)]
    found = sketched(pl.DataFrame({"w": words, "x": [math.inf, *[1.0] * 49]}))
    assert (found["w"].bars, found["w"].profile.distinct, found["x"].bars) == ((), 50, ())
    wide = sketched(pl.DataFrame({f"c{number}": [1] for number in range(MOST_DRAWN + 1)}))
    assert {one.bars for one in wide.values()} == {()}


@example([0.0, 2.2e-311], [0])
@given(st.lists(st.floats(-1e6, 1e6) | st.none(), min_size=1), st.lists(st.integers(-(10**6), 10**6), min_size=1))
def test_every_value_is_in_the_bar_that_has_it(floats: list[float | None], whole: list[int]) -> None:
    """The bars hold all rows that have a value, from the lowest to the highest; whole numbers exactly."""
    present = [value for value in floats if value is not None]
    bars = sketched(pl.DataFrame({"x": floats}, schema={"x": pl.Float64}))["x"].bars
    assert sum(bar.rows for bar in bars) == len(present)
    assert (bars[0].low, bars[-1].high) == (min(present), max(present)) if present else not bars
    for bar in sketched(pl.DataFrame({"n": whole}))["n"].bars:
        assert bar.rows == sum(bar.low <= value <= bar.high for value in whole)  # type: ignore[operator]
