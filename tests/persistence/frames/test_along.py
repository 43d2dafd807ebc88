"""What lies in the order of a column says the same as what lies in the order of the rows."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from persistence.frames import masks
from persistence.frames.hot import HotTable, HotTables
from persistence.frames.masks import Span
from persistence.frames.selection import Selection

ROWS = 5_000
DATA = pl.DataFrame(
    {
        "word": [("a", "b", "ü", None)[row * 7 % 4] for row in range(ROWS)],
        "whole": [row * 7_919 % 331 for row in range(ROWS)],
        "gaps": [None if row % 9 == 0 else row * 31 % 977 / 7 for row in range(ROWS)],
        "value": [row * 104_729 % 4_999 / 3 for row in range(ROWS)],
    }
)
WORD = masks.Test("word", pl.col("word").is_in(["a", "ü"]))
SINE = masks.Test("sine", pl.col("value").sin() > 0)
MEAN = masks.Test("mean", pl.col("value") > pl.col("value").mean(), is_rowwise=False)


@pytest.fixture(autouse=True, scope="module")
def tables() -> None:
    """These tests open a cache of their own; they need not run three times."""


@pytest.fixture(scope="module")
def hot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HotTable]:
    folder: Path = tmp_path_factory.mktemp("along")
    tables = HotTables(folder, disk=2**26, memory=2**24, cubes_from=0)
    table = tables.open("1", lambda: "1", DATA.lazy)
    assert table is not None
    yield table
    tables.close()


def between(column: str, low: float | None, high: float | None) -> masks.Test:
    at_least = None if low is None else pl.col(column) >= low
    at_most = None if high is None else pl.col(column) <= high
    expr = (pl.lit(value=True) if at_least is None else at_least) & (pl.lit(value=True) if at_most is None else at_most)
    return masks.Test(f"{column} {low} {high}", expr & pl.col(column).is_not_null(), Span(column, at_least, at_most))


@pytest.mark.parametrize("column", ["whole", "gaps", "value"])
@pytest.mark.parametrize(
    "tests",
    [
        [WORD],
        [between("value", 100.0, 900.5)],
        [WORD, between("whole", 17, 18)],
        [WORD, between("value", 2_000.0, None)],
        [between("value", 3.25, 3.3)],
        [between("gaps", 5.0, None)],
        [WORD, SINE],
        [MEAN, between("whole", None, 100)],
        [between("whole", 10, None), between("value", None, 1_000.0)],
    ],
    ids=lambda tests: ", ".join(test.key for test in tests),
)
def test_rows_pass_by_their_ranks_as_by_their_positions(hot: HotTable, column: str, tests: list[masks.Test]) -> None:
    """In any part of the order, with ties across its ends, and for tests that only values can tell."""
    selection, order = Selection(hot, tests), hot.order({column: False}).to_numpy()
    keep = DATA.select(pl.all_horizontal(test.expr.fill_null(value=False) for test in tests)).to_series().to_numpy()
    for ranks in (slice(0, 1_300), slice(1_300, 1_301), slice(1_301, 4_000), slice(2_500, ROWS), slice(7, 7)):
        assert np.array_equal(selection.passing_along(column, ranks), keep[order[ranks]])
        assert np.array_equal(selection.passing(order[ranks]), keep[order[ranks]])


def test_codes_and_values_lie_in_order(hot: HotTable) -> None:
    """Values that are missing have none."""
    words = hot.words("word")
    assert words is not None
    order = hot.order({"gaps": False})
    labels = words.words.gather(hot.along(words, "gaps")).cast(pl.String)
    assert labels.equals(DATA["word"].gather(order), null_equal=True)
    assert hot.ascending("gaps").tolist() == DATA["gaps"].drop_nulls().sort().to_list()
    assert hot.ascending("whole").tolist() == DATA["whole"].cast(pl.Float64).sort().to_list()
