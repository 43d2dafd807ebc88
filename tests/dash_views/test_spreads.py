"""Sliders with their bars: logarithmic where that shows more, counts of the whole table, exact bounds in links."""

import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash_views import ids
from dash_views.brushing import edges_of
from dash_views.forms import kind_named, tile_of
from dash_views.panel import BELOW_LOG, control
from dash_views.sliders import bars_of, scale_of
from domain.dashboard_file import component_tile
from domain.filters import Clause
from domain.scales import FilterScale
from domain.tiles import FilterTile, FilterWidget
from persistence.frames.query import query
from services.queries import Frame
from tests.dash_views.conftest import Town
from tests.dash_views.page import DashPage, components
from tests.dash_views.test_wishes_js import Node

WIDE = [1.0, 10.0, 100.0, 1000.0, 5000.0]
TILE = FilterTile(id="n", collection_id="c", column_name="n", interactive_component_type=FilterWidget.RANGE_SLIDER)


def asked(values: Sequence[float | None], scale: FilterScale = FilterScale.AUTO) -> Frame:
    tile = FilterTile(
        id="n", collection_id="c", column_name="n", interactive_component_type=FilterWidget.RANGE_SLIDER, scale=scale
    )
    found = query([tile], {"c": pl.DataFrame({"n": values}, schema={"n": pl.Float64})})["n"]
    assert isinstance(found, Frame), found
    return found


@pytest.mark.parametrize(
    ("values", "scale", "expected"),
    [
        (WIDE, FilterScale.AUTO, True),
        (WIDE, FilterScale.LINEAR, False),
        ([1.0, 1000.0], FilterScale.AUTO, False),
        ([1.0, 1000.0], FilterScale.LOG, True),
        ([0.0, *WIDE], FilterScale.AUTO, True),
        ([-1.0, *WIDE], FilterScale.AUTO, False),
        ([-1.0, *WIDE], FilterScale.LOG, True),
        ([-1.0, 0.0], FilterScale.LOG, False),
        ([(at + 0.5) / 5000 for at in range(5000)], FilterScale.AUTO, False),
    ],
)
def test_a_slider_is_logarithmic_where_values_span_magnitudes(
    values: list[float], scale: FilterScale, expected: bool
) -> None:
    """Of itself not for signed values, nor for even ones of which a few happen to be tiny."""
    found = scale_of(asked([*values, None, math.nan, math.inf], scale))
    assert found is not None
    assert found.log is expected


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=60), st.sampled_from(FilterScale))
def test_bars_count_every_value_within_the_scale(values: list[float], scale: FilterScale) -> None:
    """Each lies between the ends of the slider; with logarithms the positive ones are counted."""
    frame = asked(list(values), scale)
    spread = frame.extra["spread"].row(0, named=True)
    shown = [value for value in values if value > 0] if spread["log"] else values
    assert sum(spread["counts"]) == len(shown)
    ends = [math.log10(value) for value in shown] if spread["log"] else shown
    assert (spread["low"], spread["high"]) == pytest.approx((min(ends), max(ends)), rel=1e-12)
    found = scale_of(frame)
    assert found is not None
    for bar in bars_of(frame, found):
        assert -1e-3 <= bar.left <= bar.left + bar.width <= 1 + 1e-3
        assert 0 < bar.height <= 1


def test_a_logarithmic_slider_says_what_it_leaves_out() -> None:
    """Zero has no logarithm; the ends are written as values."""
    made: Any = control(TILE, asked([0.0, *WIDE]), ids.part("filter", "n"))
    slider, spread, note = made.children
    assert (slider.min, slider.max, slider.step) == (0, 3.7, 0.01)
    assert [mark["label"] for mark in slider.marks] == ["1.00", "5\N{NARROW NO-BREAK SPACE}012"]
    assert (spread.low, spread.high, spread.log, spread.sides) == (0, 3.7, True, 2)
    assert note.children == BELOW_LOG


def test_counts_are_those_of_the_whole_table() -> None:
    """Whatever other filters leave of it."""
    clause = Clause(source="m", collection_id="c", column="m", op="in", values=("a",))
    data = {"c": pl.DataFrame({"n": WIDE, "m": ["a", *"bbbb"]})}
    free, narrowed = (query([TILE], data, state)["n"] for state in ((), (clause,)))
    assert isinstance(free, Frame)
    assert isinstance(narrowed, Frame)
    assert narrowed.rows_matched == 1
    assert narrowed.extra["spread"].equals(free.extra["spread"])


def test_the_form_and_the_file_say_the_scale() -> None:
    values = {"collection_id": "c", "column_name": "n", "scale": "log10"}
    made = tile_of(kind_named("RangeSlider"), values, {})
    written = {"tag": "n", "component_type": "interactive", "data_collection_tag": "c", "column_name": "n"}
    read = component_tile({**written, "interactive_component_type": "RangeSlider", "scale": "log10"}, {"c": "c"})
    for tile in (made, read):
        assert isinstance(tile, FilterTile)
        assert tile.scale is FilterScale.LOG


MOMENTS = [datetime.fromisoformat("2024-01-01T03:00") + timedelta(minutes=7 * at) for at in range(50)]
DAYS = [date(2024, 1, 1) + timedelta(days=at % 90) for at in range(500)]


def strip(values: Sequence[object], kind: pl.DataType) -> Any:
    tile = FilterTile(id="d", collection_id="c", column_name="d", interactive_component_type=FilterWidget.TIMELINE)
    found = query([tile], {"c": pl.DataFrame({"d": pl.Series(values, dtype=kind)})})["d"]
    return control(tile, found, ids.part("filter", "d"))


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        (DAYS, pl.Date(), ("2024-01-01", "2024-03-30", 1440)),
        (MOMENTS, pl.Datetime("ns"), ("2024-01-01T03:00", "2024-01-01T08:43", 1)),
        (MOMENTS, pl.Datetime("us", "Asia/Tokyo"), ("2024-01-01T12:00", "2024-01-01T17:43", 1)),
        ([MOMENTS[0], MOMENTS[0] + timedelta(days=3)], pl.Datetime("ms"), ("2024-01-01T03:00", "2024-01-04T03:00", 5)),
        (
            [MOMENTS[0], datetime.fromisoformat("2030-01-01T12:00")],
            pl.Datetime("us"),
            ("2024-01-01", "2030-01-01", 1440),
        ),
        ([datetime.fromisoformat("1950-05-05T05:00")], pl.Datetime("us"), ("1950-05-05T05:00",) * 2 + (1,)),
    ],
)
def test_a_timeline_covers_all_times(values: list[object], kind: pl.DataType, expected: tuple[str, str, int]) -> None:
    """In days, or in minutes by the wall clock where they lie close together; its bars lie within."""
    made = strip(values, kind)
    assert (made.first, made.last, made.step) == expected
    assert made.value == [None, None]
    assert max(height for _, _, height in made.bars) == 1
    assert min(left for left, _, _ in made.bars) >= 0
    assert max(left + width for left, width, _ in made.bars) <= 1.003


def test_a_timeline_needs_times() -> None:
    assert strip([None], pl.Date()).children == "The column has no times."
    assert "'d' holds numbers" in str(strip([1.0], pl.Float64()))


@pytest.fixture(scope="module")
def wishes() -> Iterator[Any]:
    node = Node("wishes.js")
    yield lambda name, *args: node(f"depictio.wishes.{name}", *args)
    node.close()


LOG = {"type": "interactive", "widget": "RangeSlider", "kind": "number", "min": -2, "max": 3.7, "log": True}


def test_places_of_a_logarithmic_slider_are_values_in_links(wishes: Any) -> None:
    """Three digits at its steps, any number that somebody wrote, and an open side at its ends."""
    assert wishes("ofWidget", LOG, [1.53, 3.7]) == [["between", [33.9, None]]]
    assert wishes("toWidget", LOG, [["between", [None, 1000]]]) == [-2, 3]
    assert wishes("ofWidget", LOG, wishes("toWidget", LOG, [["between", [33.875, 4321]]])) == [
        ["between", [33.875, 4321]]
    ]
    assert wishes("toWidget", {**LOG, "widget": "Slider"}, [["between", [None, 100]]]) == 2
    assert wishes("fits", LOG, [["between", [12.5, None]]])
    assert not wishes("fits", LOG, [["in", [12.5]]])


def test_the_browser_stands_at_the_edges_of_the_brush(wishes: Any) -> None:
    """So that brushing is exact there: both round a place to the same value."""
    scale = scale_of(asked(WIDE))
    assert scale is not None
    steps = [round(scale.low + at * scale.step, 2) for at in range(371)]
    values = [wishes("valueAt", {"log": True}, place) for place in steps]
    assert set(edges_of(scale)) <= set(values)


async def test_a_board_shows_a_slider_with_its_bars(town: Town) -> None:
    """Over HTTP: the bars come with the page, and hold every penguin that was weighed."""
    page: DashPage = await town.page()
    [spread] = [one for one in components(page.layout) if one["type"] == "Spread"]
    assert spread["props"]["target"] == ids.part("filter", "body-mass")
    assert len(spread["props"]["bars"]) > 10
    assert max(height for _, _, height in spread["props"]["bars"]) == 1
