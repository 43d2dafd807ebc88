"""The scale of a range slider: round steps that reach past every value, and ends as people write them."""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash_views import ids
from dash_views.panel import control
from dash_views.sliders import Scale, scale_of
from domain.tiles import FilterTile, FilterWidget
from services.queries import Frame
from tests.dash_views.test_figures import frame

SPACE = "\N{NARROW NO-BREAK SPACE}"
TILE = FilterTile(
    id="mass", collection_id="c", column_name="mass", interactive_component_type=FilterWidget.RANGE_SLIDER
)


def ends(low: float | None, high: float | None, kind: Any = pl.Float64, *, most: float | None = None) -> Frame:
    row = {"min": [low], "max": [high if most is None else most], "lowest": [low], "highest": [high]}
    return frame(pl.DataFrame(row, schema=dict.fromkeys(row, kind)))


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (2700.0, 6300.0, Scale(2700.0, 6300.0, 20.0, 0)),
        (0.0, 999.0, Scale(0.0, 999.0, 9.0, 0)),
        (0.0, 997.0, Scale(0.0, 997.0, 1.0, 0)),
        (0.0, 3.1e9, Scale(0.0, 3.1e9, 2e7, 0)),
        (1.0, 248956422.0, Scale(0.0, 250_000_000.0, 2_000_000.0, 0)),
        (1.0, 2004.0, Scale(0.0, 2020.0, 20.0, 0)),
        (1.0, 1000.0, Scale(1.0, 1000.0, 9.0, 0)),
        (0.0, 10.0, Scale(0.0, 10.0, 1.0, 0)),
        (0.0, 1.0, Scale(0.0, 1.0, 0.01, 2)),
        (4.3, 7.9, Scale(4.3, 7.9, 0.02, 2)),
        (32.13, 59.62, Scale(32.0, 59.8, 0.2, 1)),
        (-1234.5, 98765.25, Scale(-1500.0, 99000.0, 500.0, 0)),
        (1e-9, 4.75e-8, Scale(1e-9, 4.76e-8, 2e-10, 10)),
        (5.0, 5.0, Scale(5.0, 5.0, 1.0, 0)),
        (4.25, 4.25, Scale(4.25, 4.25, 1.0, 2)),
        (None, None, None),
        (0.0, float("inf"), None),
    ],
)
def test_a_scale_has_round_steps_and_reaches_both_ends(low: float | None, high: float | None, expected: object) -> None:
    """Whole ends stay where round steps lead from one to the other; others move outwards to multiples of the step."""
    assert scale_of(ends(low, high)) == expected


@given(st.lists(st.integers(-(2**62), 2**62), min_size=2, max_size=2, unique=True).map(sorted))
def test_a_slider_over_whole_numbers_has_no_more_steps_than_hands_can_find(values: list[int]) -> None:
    """However far they reach; the steps are whole and no value lies outside."""
    scale = scale_of(ends(*values, pl.Int64))
    assert scale
    assert scale.low <= values[0] < values[1] <= scale.high
    assert scale.step.is_integer()
    assert (scale.high - scale.low) / scale.step <= 1000


def test_integers_never_step_by_fractions() -> None:
    assert scale_of(ends(1, 5, pl.Int64)) == Scale(1.0, 5.0, 1.0, 0)


@given(st.lists(st.floats(-1e12, 1e12, allow_subnormal=False), min_size=2, max_size=2, unique=True).map(sorted))
def test_no_value_lies_outside_its_scale(values: list[float]) -> None:
    """Both ends are multiples of the step, which divides them into neither too few nor too many parts."""
    low, high = values
    scale = scale_of(ends(low, high))
    assert scale
    assert scale.low <= low < high <= scale.high
    step = Decimal(repr(scale.step))
    if not float(low).is_integer() or not float(high).is_integer():
        assert 100 <= (Decimal(repr(scale.high)) - Decimal(repr(scale.low))) / step <= 252
        assert round(Decimal(repr(scale.low)) / step, 6) % 1 == round(Decimal(repr(scale.high)) / step, 6) % 1 == 0


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (2700.0, 6300.0, [f"2{SPACE}700", f"6{SPACE}300"]),
        (4.3, 7.9, ["4.3", "7.9"]),
        (0.0, 1.0, ["0", "1"]),
        (1e-9, 4.75e-8, ["1.00e-09", "4.76e-08"]),
    ],
)
def test_the_ends_are_written_for_people(low: float, high: float, labels: list[str]) -> None:
    """With the decimals that they have. The control is told how many to keep, even of the smallest steps."""
    made: Any = control(TILE, ends(low, high), ids.part("filter", "mass"))
    slider = made.children[0]
    assert [mark["label"] for mark in slider.marks] == labels
    assert slider.value == [slider.min, slider.max] == [mark["value"] for mark in slider.marks]
    assert round(slider.min + slider.step, slider.precision) > slider.min


def test_a_column_without_a_range_has_no_slider() -> None:
    note: Any = control(TILE, ends(None, None), ids.part("filter", "mass"))
    assert note.children == "The column has no range of values."


def test_a_slider_says_what_lies_beyond_its_ends() -> None:
    """Infinite values; without these there is no note."""
    plain: Any = control(TILE, ends(0.0, 10.0), ids.part("filter", "mass"))
    both: Any = control(TILE, ends(0.0, 10.0, most=float("inf")), ids.part("filter", "mass"))
    *parts, note = both.children
    assert [str(part) for part in parts] == [str(part) for part in plain.children]
    assert note.children == "Infinite values lie beyond the ends."
