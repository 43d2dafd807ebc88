"""What the layouts of cards draw, against plain polars over the same rows."""

import math
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from domain.aggregations import Aggregation
from domain.card_tile import CardLayout, CardTile
from domain.filters import Clause
from tests.persistence.frames.support import COLLECTION, clause, failure, frame

ROWS = 4_000
START = datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def random_rows() -> pl.DataFrame:
    """Rows with a clustered number, groups of unequal size, days and missing values."""
    chooser = random.Random(7)  # noqa: S311 -- nobody's secret depends on it.
    groups = chooser.choices(["a", "b", "c", "d", "ü*", None], weights=[50, 30, 10, 5, 3, 2], k=ROWS)
    numbers = [None if chooser.random() < 0.1 else round(chooser.gauss(1000, 30), 1) for _ in range(ROWS)]
    days = [date(2024, 1, 1) + timedelta(days=chooser.randrange(400)) for _ in range(ROWS)]
    return pl.DataFrame(
        {
            "x": numbers,
            "later": [None if one is None else one - chooser.random() * 300 for one in numbers],
            "g": groups,
            "day": days,
            "at": [START + timedelta(seconds=chooser.randrange(10**6)) for _ in range(ROWS)],
            "run": [chooser.randrange(12) for _ in range(ROWS)],
        },
    )


DATA = random_rows()
FILTERS: list[tuple[Clause, ...]] = [
    (),
    (clause("g", "in", "a", "ü*"),),
    (clause("x", "between", 980, 1010),),
    (clause("g", "in", "b", None), clause("day", "between", "2024-03-01", None)),
    (clause("g", "in", "nothing"),),
]


def kept(clauses: tuple[Clause, ...]) -> pl.DataFrame:
    """The rows that the filters above leave, by plain polars."""
    number = FILTERS.index(clauses)
    tests = [
        pl.lit(value=True),
        pl.col("g").is_in(["a", "ü*"]),
        pl.col("x").is_between(980, 1010),
        ((pl.col("g") == "b") | pl.col("g").is_null()) & (pl.col("day") >= date(2024, 3, 1)),
        pl.lit(value=False),
    ]
    return DATA.filter(tests[number])


def card(layout: CardLayout, **rest: Any) -> CardTile:
    return CardTile(id="c", collection_id=COLLECTION, column_name="x", secondary_layout=layout, **rest)


def row(tile: CardTile, clauses: tuple[Clause, ...]) -> dict[str, Any]:
    """The one row of the answer."""
    found = frame(tile, DATA, *clauses).data
    assert found.height == 1
    return found.row(0, named=True)


filtered = pytest.mark.parametrize("clauses", FILTERS, ids=["all", "words", "range", "two", "none"])


@filtered
def test_further_aggregations_stand_beside_the_first(clauses: tuple[Clause, ...]) -> None:
    """Each by its name, and the value of all rows beside that of those that match."""
    others = (Aggregation.STD_DEV, Aggregation.PERCENTILE, Aggregation.KURTOSIS, Aggregation.RANGE)
    found = row(card(CardLayout.GRID, aggregations=others, q=0.9, compare=True), clauses)
    x, everything = kept(clauses)["x"].drop_nulls(), DATA["x"].drop_nulls()
    expected = {
        "value": x.mean(),
        "values": x.len(),
        "all": everything.mean(),
        "std_dev": x.std(),
        "percentile": x.quantile(0.9, "linear"),
        "kurtosis": x.kurtosis() if x.len() else None,
        "range": None if x.is_empty() else x.max() - x.min(),  # type: ignore[operator]
    }
    assert list(found) == list(expected)
    assert found == {key: one if one is None else pytest.approx(one, rel=1e-7) for key, one in expected.items()}


@filtered
@pytest.mark.parametrize(
    "layout", [CardLayout.TOP_N, CardLayout.CONCENTRATION, CardLayout.COMPOSITION, CardLayout.DONUT]
)
def test_the_most_frequent_values(layout: CardLayout, clauses: tuple[Clause, ...]) -> None:
    """With how many there are, and how evenly they are spread; missing values are none of them."""
    found = row(card(layout, breakdown_col="g", top_n_count=2), clauses)
    counts = Counter(kept(clauses)["g"].drop_nulls())
    total = sum(counts.values())
    entropy = -sum(count / total * math.log(count / total) for count in counts.values())
    top = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:2]
    assert found["parts"] == [{"name": name, "count": count} for name, count in top]
    assert (found["parts_total"], found["parts_distinct"]) == (total, len(counts))
    assert found["parts_evenness"] == (pytest.approx(entropy / math.log(len(counts))) if len(counts) > 1 else None)


@filtered
def test_a_box(clauses: tuple[Clause, ...]) -> None:
    """The five numbers, the fences within 1.5 interquartile ranges, and how many values lie beyond."""
    found = row(card(CardLayout.BOX_PLOT), clauses)
    x = kept(clauses)["x"].drop_nulls()
    if x.is_empty():
        assert {name: value for name, value in found.items() if name.startswith("box_") and value} == {}
        return
    q1, q3 = x.quantile(0.25, "linear"), x.quantile(0.75, "linear")
    assert q1 is not None
    assert q3 is not None
    near = x.filter((x >= q1 - 1.5 * (q3 - q1)) & (x <= q3 + 1.5 * (q3 - q1)))
    expected = {"min": x.min(), "lower": near.min(), "q1": q1, "median": x.median(), "q3": q3}
    expected |= {"upper": near.max(), "max": x.max(), "outliers": x.len() - near.len()}
    assert {name: found[f"box_{name}"] for name in expected} == pytest.approx(expected)


@filtered
def test_a_histogram_keeps_its_bins_under_filters(clauses: tuple[Clause, ...]) -> None:
    """All values that match are counted, each between its edges."""
    found = row(card(CardLayout.HISTOGRAM), clauses)
    x = kept(clauses)["x"].drop_nulls().to_list()
    bins, last = found["bins"], len(found["bins"]) - 1
    assert [one["left"] for one in bins] == [one["left"] for one in row(card(CardLayout.HISTOGRAM), ())["bins"]]
    for place, one in enumerate(bins):
        inside = [v for v in x if one["left"] <= v and (v < one["right"] or (place == last and v <= one["right"]))]
        assert one["count"] == len(inside)


@filtered
@pytest.mark.parametrize(("direction", "warn"), [("min", None), ("min", 970.0), ("max", 1030.0), ("max", 900.0)])
def test_a_threshold(direction: Any, warn: float | None, clauses: tuple[Clause, ...]) -> None:
    """The limit itself passes; a softer limit on the passing side is none."""
    found = row(
        card(CardLayout.THRESHOLD, threshold_value=1000.0, threshold_direction=direction, threshold_warn=warn), clauses
    )
    x = kept(clauses)["x"].drop_nulls().to_list()
    sign = 1 if direction == "min" else -1
    passed = sum(sign * value >= sign * 1000 for value in x)
    soft = sum(sign * value >= sign * warn for value in x) if warn and sign * warn < sign * 1000 else passed
    assert (found["passed"], found["warned"], found["failed"]) == (passed, soft - passed, len(x) - soft)


@filtered
def test_attrition_keeps_the_order_of_its_stages(clauses: tuple[Clause, ...]) -> None:
    found = row(card(CardLayout.ATTRITION, aggregation=Aggregation.SUM, attrition_cols=("later", "run")), clauses)
    rows = kept(clauses)
    assert [one["name"] for one in found["stages"]] == ["x", "later", "run"]
    assert [one["value"] for one in found["stages"]] == pytest.approx(
        [rows[name].sum() for name in ("x", "later", "run")]
    )


@filtered
def test_uniqueness_counts_different_values(clauses: tuple[Clause, ...]) -> None:
    found = row(card(CardLayout.UNIQUENESS, aggregation=Aggregation.COUNT), clauses)
    assert (found["distinct"], found["values"]) == (
        kept(clauses)["x"].drop_nulls().n_unique(),
        kept(clauses)["x"].count(),
    )


@filtered
@pytest.mark.parametrize("along", ["run", "day", "at", "later"])
@pytest.mark.parametrize("how", [Aggregation.MEAN, Aggregation.COUNT, Aggregation.MEDIAN, Aggregation.STD_DEV])
def test_a_trend(how: Aggregation, along: str, clauses: tuple[Clause, ...]) -> None:
    """Each bucket has the aggregate of its rows; buckets hold still under filters and hold every row."""
    found = row(card(CardLayout.TREND, aggregation=how, trend_col=along), clauses)["trend"]
    rows = kept(clauses)
    times = rows[along] if rows[along].dtype.is_numeric() else rows[along].cast(pl.Datetime("us"))
    assert sum(one["rows"] for one in found) == times.drop_nulls().len()
    assert len(found) <= 30
    for place, one in enumerate(found):
        is_closed = along in {"run", "day"} or place == len(found) - 1
        upper = times <= one["right"] if is_closed else times < one["right"]
        x = rows.filter((times >= one["left"]) & upper)["x"].drop_nulls()
        expected = {
            Aggregation.MEAN: x.mean(), Aggregation.COUNT: x.len(), Aggregation.MEDIAN: x.median(),
            Aggregation.STD_DEV: x.std(),
        }[how]  # fmt: skip
        if one["rows"]:
            assert one["y"] == (None if expected is None else pytest.approx(expected, rel=1e-7)), one


def test_runs_have_a_bucket_each() -> None:
    """It begins and ends with its run."""
    found = row(card(CardLayout.TREND, trend_col="run"), ())["trend"]
    assert [(one["left"], one["right"]) for one in found] == [(run, run) for run in range(12)]


@pytest.mark.parametrize(
    ("tile", "words"),
    [
        (card(CardLayout.THRESHOLD), "threshold_value"),
        (card(CardLayout.GAUGE), "coverage_max"),
        (card(CardLayout.TREND), "Choose a column"),
        (card(CardLayout.TREND, trend_col="g"), "'g' holds text"),
        (card(CardLayout.TOP_N, breakdown_col="gone"), "'gone'"),
        (card(CardLayout.ATTRITION, attrition_cols=("g",)), "'g' holds text"),
        (CardTile(id="c", collection_id=COLLECTION, column_name="g", aggregation=Aggregation.STD_DEV), "std_dev"),
        (
            CardTile(
                id="c", collection_id=COLLECTION, column_name="g", aggregation=Aggregation.MODE,
                secondary_layout=CardLayout.HISTOGRAM,
            ),
            "no order",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_says_why(tile: CardTile, words: str) -> None:
    """Naming the column or the key."""
    assert words in failure(tile, DATA)


def test_spreads_far_from_zero_keep_their_digits() -> None:
    """Cells whose mean lies far from that of the table are counted by their rows."""
    far = pl.DataFrame(
        {"x": [*(1e9 + n % 7 for n in range(700)), *(n % 5 for n in range(700))], "g": ["far"] * 700 + ["near"] * 700}
    )
    far = far.with_columns(pl.col("x").cast(pl.Float64))
    for group in ("far", "near"):
        for how in (Aggregation.VARIANCE, Aggregation.SKEWNESS, Aggregation.KURTOSIS):
            tile = CardTile(id="c", collection_id=COLLECTION, column_name="x", aggregation=how)
            x = far.filter(pl.col("g") == group)["x"]
            expected = {
                Aggregation.VARIANCE: x.var(),
                Aggregation.SKEWNESS: x.skew(),
                Aggregation.KURTOSIS: x.kurtosis(),
            }
            found = frame(tile, far, clause("g", "in", group)).data["value"].item()
            assert found == pytest.approx(expected[how], rel=1e-6, abs=1e-9)
