"""Exactness at the shape of this field: samples in one table, thousands of rows about them in another, linked.

One filter state follows another over the same tables, so that answers come from whatever the ones before have left.
"""

import math
import random
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import msgspec
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.filters import Clause, FilterState, Scalar
from domain.links import Link
from domain.tiles import Aggregation, CardTile, DataTile, FigureTile, FilterTile, FilterWidget, TableTile, Visu
from persistence.frames.engine import answer
from persistence.frames.shapes import Frame
from tests.persistence.frames.plain_links import left
from tests.persistence.frames.plain_tiles import check_rows, heard
from tests.persistence.frames.support import clause, source

SAMPLES = [f"S{number}" for number in range(40)] + ["Å", "", "样本"]
CONDITIONS = ["control", "Å", "", None]
CLASSES = ["gene", "lncRNA", "Ω", None]
LINKS = tuple(
    Link(id=start, name=start, source=start, source_column="sample", target=end, target_column="sample")
    for start, end in (("metadata", "features"), ("features", "metadata"))
)


def data_of(seed: int, rows: int) -> dict[str, pl.DataFrame]:
    """Some samples have no features, some features no known sample; a few values are missing or extreme."""
    # S311: nobody's secret depends on it.
    chooser = random.Random(seed)  # noqa: S311
    known = chooser.sample(SAMPLES, 35)
    measured = [*chooser.sample(SAMPLES, 30), "gone", None]

    def some(values: list[Any], count: int) -> list[Any]:
        return chooser.choices(values, k=count)

    metadata = {
        "sample": [*known, None, known[0]],
        "condition": some(CONDITIONS, 37),
        "batch": some([1, 2, 3, None], 37),
        "age": [chooser.uniform(18, 84) for _ in range(36)] + [math.nan],
        "day": [date(2024, 2, 25) + timedelta(days=chooser.randrange(9)) for _ in range(37)],
    }
    values = [chooser.gauss(0, 2.5) for _ in range(rows)]
    times = [None if value > 7 else 1_711_846_800_000_000 + int(value * 60) * 60_000_000 for value in values]
    features = {
        "sample": some(measured, rows),
        "class": some(CLASSES, rows),
        "chromosome": some([f"chr{number}" for number in range(1, 25)], rows),
        "position": some(list(range(1000)), rows),
        "value": [chooser.choice([math.nan, math.inf, 0.0]) if abs(value) > 6 else value for value in values],
        "score": some([0.1, 0.2, 0.5, 1e9, -1e-9, None], rows),
        "is_up": some([True, False, None], rows),
        "at": pl.Series(times, dtype=pl.Int64).cast(pl.Datetime("us", "Europe/Paris")),
    }
    return {"metadata": pl.DataFrame(metadata), "features": pl.DataFrame(features)}


def figure(visu: Visu, x: str, collection_id: str = "features", **roles: Any) -> FigureTile:
    name = " ".join([collection_id, visu, x, *map(str, roles.values())])
    return FigureTile(id=name, collection_id=collection_id, visu_type=visu, x=x, **roles)


def card(collection_id: str, column: str, how: Aggregation) -> CardTile:
    name = f"{collection_id} {column} {how}"
    return CardTile(id=name, collection_id=collection_id, column_name=column, aggregation=how)


def control(collection_id: str, column: str, widget: FilterWidget) -> FilterTile:
    name = f"{collection_id} {column}"
    return FilterTile(id=name, collection_id=collection_id, column_name=column, interactive_component_type=widget)


TILES: tuple[DataTile, ...] = (
    *(card("features", "score", how) for how in Aggregation),
    *(card("features", "value", how) for how in Aggregation),
    card("features", "is_up", Aggregation.MEAN),
    card("features", "at", Aggregation.MAX),
    card("features", "class", Aggregation.NUNIQUE),
    card("metadata", "age", Aggregation.MEAN),
    card("metadata", "sample", Aggregation.COUNT),
    *(figure(Visu.BAR, "class", y="score", aggregation=how) for how in Aggregation),
    *(figure(Visu.BAR, "chromosome", y="value", color="class", aggregation=how) for how in Aggregation),
    figure(Visu.BAR, "sample", color="is_up", aggregation=Aggregation.COUNT),
    figure(Visu.LINE, "position", y="score", aggregation=Aggregation.SUM),
    figure(Visu.LINE, "at", y="score", aggregation=Aggregation.MEAN),
    figure(Visu.BAR, "condition", "metadata", y="age", color="batch", aggregation=Aggregation.MEAN),
    figure(Visu.HISTOGRAM, "value"),
    figure(Visu.HISTOGRAM, "value", color="class", nbins=7),
    figure(Visu.HISTOGRAM, "position", color="is_up"),
    figure(Visu.HISTOGRAM, "at"),
    figure(Visu.HISTOGRAM, "class", color="is_up"),
    figure(Visu.HISTOGRAM, "age", "metadata", color="condition"),
    figure(Visu.BOX, "class", y="value", color="is_up"),
    figure(Visu.BOX, "value"),
    figure(Visu.SCATTER, "value", y="position", color="class", max_points=10_000),
    figure(Visu.SCATTER, "age", "metadata", y="batch", color="condition"),
    TableTile(id="features table", collection_id="features", columns=("sample", "value", "at")),
    TableTile(id="metadata table", collection_id="metadata"),
    control("features", "class", FilterWidget.MULTI_SELECT),
    control("features", "value", FilterWidget.RANGE_SLIDER),
    control("features", "at", FilterWidget.DATE_RANGE),
    control("metadata", "condition", FilterWidget.MULTI_SELECT),
    control("metadata", "age", FilterWidget.RANGE_SLIDER),
)
BRUSHED = next(tile for tile in TILES if isinstance(tile, FigureTile) and tile.visu_type is Visu.HISTOGRAM)

numbers = st.none() | st.sampled_from([-2.5, -0.5, 0, 0.1, 1, 3]) | st.floats(-6, 6)
days = st.none() | st.sampled_from(["2024-02-26", "2024-02-29", "2024-03-03"])
times = st.none() | st.sampled_from(["2024-03-31", "2024-03-31T03:00", "2024-03-31 00:30", "2024-03-30"])


def among(collection_id: str, column: str, values: list[Any]) -> st.SearchStrategy[Clause]:
    """Some of the values; set by the filter of that column, which does not hear it, or by another tile."""
    who = st.sampled_from(["other", f"{collection_id} {column}"])
    wanted = st.lists(st.sampled_from(values), max_size=4)
    return st.builds(lambda by, some: clause(column, "in", *some, collection_id=collection_id, source=by), who, wanted)


def between(collection_id: str, column: str, bounds: st.SearchStrategy[Scalar]) -> st.SearchStrategy[Clause]:
    """A range; set by the filter of that column or by another tile."""
    who = st.sampled_from(["other", f"{collection_id} {column}"])
    return st.builds(
        lambda by, low, high: clause(column, "between", low, high, collection_id=collection_id, source=by),
        *(who, bounds, bounds),
    )


any_clause = st.one_of(
    among("metadata", "condition", [*CONDITIONS, "gone"]),
    among("metadata", "sample", [*SAMPLES, None]),
    among("features", "class", [*CLASSES, "gone"]),
    among("features", "sample", [*SAMPLES, None]),
    among("features", "is_up", [True, False, None]),
    between("metadata", "age", st.none() | st.floats(18, 84)),
    between("metadata", "day", days),
    between("features", "value", numbers),
    between("features", "position", st.none() | st.integers(-1, 1001) | st.floats(0, 1000)),
    between("features", "at", times),
    st.just(clause("chromosome", "contains", "R2", collection_id="features")),
    st.just(clause("value", "within", -1, 0, 2, 900, 3, 100, collection_id="features", column_y="position")),
)


class Story(msgspec.Struct, frozen=True):
    """Tables, and the filter states that somebody goes through, among them a brush between two edges of a histogram."""

    seed: int
    rows: int
    states: list[FilterState]
    brush: tuple[int, int]

    def check(self, threads: int) -> None:
        """Every tile of every state shows the rows that are left, whether one asks after the other or all together."""
        data = data_of(self.seed, self.rows)
        sources = {name: source(held, name) for name, held in data.items()}
        edges = edges_of(answer([BRUSHED], (), sources, LINKS))
        low, high = sorted(edges[place % len(edges)] for place in self.brush)
        brush = clause("value", "between", low, high, collection_id="features", source=BRUSHED.id, selection=True)
        states = [(), *self.states, (brush, *self.states[0][:1]), self.states[0]]
        with ThreadPoolExecutor(threads) as pool:
            answers = pool.map(lambda state: answer(TILES, state, sources, LINKS), states)
            for state, found in zip(states, answers, strict=True):
                checked(data, found, state)
                assert edges_of(found) == edges


stories = st.builds(
    Story,
    st.integers(0, 2**32),
    st.sampled_from([300, 2_000]),
    st.lists(st.lists(any_clause, max_size=3).map(tuple), min_size=2, max_size=3),
    st.tuples(st.integers(0, 99), st.integers(0, 99)),
)


@given(stories)
@settings(max_examples=5, deadline=None)
def test_filters_follow_one_another(story: Story) -> None:
    """Over all kinds of tiles of both tables."""
    story.check(threads=1)


@given(stories)
@settings(max_examples=3, deadline=None)
def test_several_people_filter_at_once(story: Story) -> None:
    """What one request makes for all is right for the others too, also when they all begin with nothing."""
    story.check(threads=4)


def edges_of(found: Mapping[str, Any]) -> list[float]:
    """The edges of the brushed histogram's bins."""
    frame = found[BRUSHED.id]
    assert isinstance(frame, Frame), frame
    return [*frame.data["left"], *frame.data["right"].tail(1)]


def checked(data: dict[str, pl.DataFrame], found: Mapping[str, Any], state: FilterState) -> None:
    """Each answer is that of the rows that are left; tiles that hear the same clauses share these."""
    rows: dict[tuple[str, FilterState], list[int]] = {}
    for tile in TILES:
        key = tile.collection_id, heard(tile, state)
        if key not in rows:
            rows[key] = left(tile, state, data, LINKS)
        assert isinstance(found[tile.id], Frame), (tile, found[tile.id])
        check_rows(tile, state, data[tile.collection_id], rows[key], found[tile.id])
