"""The faces of cards: words and shares for what the engine has counted, and the difference from all rows."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from dash_views.faces import delta_of, face_of
from dash_views.texts import percent
from domain.aggregations import Aggregation
from domain.card_tile import CardLayout, CardTile
from domain.filters import Clause
from services.queries import Frame
from tests.persistence.frames.support import COLLECTION, clause, frame

DATA = pl.DataFrame(
    {
        "x": [1.0, 2.0, 3.0, 4.0, 10.0, None],
        "y": [0.5, 1.0, 1.5, 2.0, 5.0, None],
        "g": ["a", "a", "a", "b", "c", None],
        "day": [date(2024, 5, day) for day in (1, 1, 2, 3, 4, 5)],
    }
)
THIN = "\N{NARROW NO-BREAK SPACE}"


def card(layout: CardLayout = CardLayout.VERTICAL, **rest: Any) -> CardTile:
    given = {"column_name": "x", "decimals": 1, **rest}
    return CardTile(id="c", collection_id=COLLECTION, secondary_layout=layout, **given)


def said(tile: CardTile, *clauses: Clause) -> str:
    """The sentence for screen readers."""
    face = face_of(tile, frame(tile, DATA, *clauses))
    assert face is not None
    return face.says


@pytest.mark.parametrize(
    ("tile", "sentence"),
    [
        (
            card(aggregations=(Aggregation.STD_DEV, Aggregation.PERCENTILE, Aggregation.SKEWNESS), q=0.75),
            "standard deviation 3.5, 75th percentile 4.0, skewness 1.14",
        ),
        (card(CardLayout.TOP_N, breakdown_col="g", top_n_count=2), f"3 values of g: a 3 (60{THIN}%), b 1 (20{THIN}%)"),
        (
            card(CardLayout.COMPOSITION, breakdown_col="g", top_n_count=1),
            f"3 values of g: a 3 (60{THIN}%), Other (2) 2 (40{THIN}%)",
        ),
        (card(CardLayout.CONCENTRATION, breakdown_col="g", top_n_count=2), f"Top 2 of 3 cover 80{THIN}%: a, b"),
        (
            card(CardLayout.BOX_PLOT),
            "min 1.0, lower quartile 2.0, median 3.0, upper quartile 4.0, max 10.0; 1 outlier",
        ),
        (
            card(CardLayout.THRESHOLD, threshold_value=3.0, threshold_warn=2.0),
            f"60{THIN}% pass (≥ 3): Pass 3 (60{THIN}%), Warn 1 (20{THIN}%), Fail 1 (20{THIN}%)",
        ),
        (card(CardLayout.ATTRITION, aggregation=Aggregation.SUM, attrition_cols=("y",)), f"x 20.0, y 10.0 (50{THIN}%)"),
        (card(CardLayout.GAUGE, coverage_max=16.0, unit="g"), f"25{THIN}% of 16 g"),
        (card(CardLayout.COMPLETENESS), f"83{THIN}% filled: Filled 5 (83{THIN}%), Missing 1 (17{THIN}%)"),
        (
            card(CardLayout.UNIQUENESS, column_name="g", aggregation=Aggregation.COUNT),
            f"60{THIN}% different: Different 3 (60{THIN}%), Repeated 2 (40{THIN}%)",
        ),
        (card(CardLayout.TREND, trend_col="day"), "Along day from 1.5 to 10.0, lowest 1.5, highest 10.0"),
    ],
    ids=lambda one: one.secondary_layout if isinstance(one, CardTile) else "",
)
def test_each_face_says_what_it_shows(tile: CardTile, sentence: str) -> None:
    assert said(tile) == sentence


@pytest.mark.parametrize("layout", CardLayout)
def test_every_layout_stands_when_no_row_is_left(layout: CardLayout) -> None:
    """With words, or with nothing below the number."""
    needed: dict[str, Any] = {"coverage_max": 4.0, "threshold_value": 1.0, "attrition_cols": ("y",), "trend_col": "day"}
    tile = card(layout, aggregations=(Aggregation.MIN,), compare=True, **needed)
    found = frame(tile, DATA, clause("g", "in", "nothing"))
    face = face_of(tile, found)
    assert face is None or face.says
    assert delta_of(tile, found) is None


@pytest.mark.parametrize(
    ("how", "column", "clauses", "expected"),
    [
        (Aggregation.COUNT, "x", [clause("g", "in", "a")], ("share", f"60{THIN}% of 5 g")),
        (Aggregation.SUM, "x", [clause("g", "in", "b")], ("share", f"20{THIN}% of 20.0 g")),
        (Aggregation.MEAN, "x", [clause("g", "in", "a")], ("down", f"50{THIN}% vs 4.0 g")),
        (Aggregation.MEAN, "x", [clause("g", "in", "c")], ("up", f"150{THIN}% vs 4.0 g")),
        (Aggregation.MEAN, "x", [clause("x", "between", 0, None)], ("same", "As all rows: 4.0 g")),
        (Aggregation.MAX, "day", [clause("g", "in", "a")], ("same", "All rows: 2024-05-05 g")),
        (Aggregation.MEAN, "x", [], None),
        (Aggregation.MEAN, "x", [clause("g", "in", None)], None),
    ],
)
def test_a_card_compares_with_all_rows(how: Aggregation, column: str, clauses: list[Clause], expected: Any) -> None:
    """Where something is filtered and both have a number."""
    tile = card(column_name=column, aggregation=how, compare=True, unit="g")
    found = frame(tile, DATA, *clauses)
    assert isinstance(found, Frame)
    delta = delta_of(tile, found)
    assert (None if delta is None else (delta.way, delta.text)) == expected


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0"),
        (1, "100"),
        (0.5, "50"),
        (0.034, "3.4"),
        (0.9999, "> 99"),
        (0.0001, "< 0.1"),
        (-0.2, "-20"),
        (2.5, "250"),
    ],
)
def test_shares_are_never_rounded_to_nothing_or_all(share: float, text: str) -> None:
    assert percent(share) == f"{text}{THIN}%"
