"""Making ready: what filters will ask is made before somebody asks, and answers are the same with and without it."""

from collections import deque
from pathlib import Path

import polars as pl
import pytest

from domain.filters import Clause, FilterState
from domain.links import Link, Links
from domain.tiles import Aggregation, CardTile, DataTile, FigureTile, FilterTile, FilterWidget, Visu
from persistence.frames import preparing
from persistence.frames.engine import Sources, answer
from persistence.frames.hot import HotTables
from persistence.frames.kinds import column_of
from persistence.frames.shapes import Frame
from persistence.frames.sources import TableSource
from persistence.frames.workers import FullError
from tests.persistence.frames.support import COLLECTION, clause

ROWS = 12_000
FEATURES = pl.DataFrame(
    {
        "sample": [f"S{row % 20:02}" for row in range(ROWS)],
        "kind": ["a", "b", "c", None] * (ROWS // 4),
        "value": [(row * 7_919) % 11_999 / 42 for row in range(ROWS)],
        "rank": [(row * 31) % 977 for row in range(ROWS)],
    }
)
SAMPLES = pl.DataFrame({"sample": [f"S{row:02}" for row in range(20)], "site": ["x", "y"] * 10})
LINK = Link(id="l", name="l", source="samples", source_column="sample", target=COLLECTION, target_column="sample")
LINKS: Links = (LINK,)
FILTERS = [
    FilterTile(
        id="site", collection_id="samples", column_name="site", interactive_component_type=FilterWidget.MULTI_SELECT
    ),
    FilterTile(
        id="kind", collection_id=COLLECTION, column_name="kind", interactive_component_type=FilterWidget.MULTI_SELECT
    ),
    FilterTile(
        id="value", collection_id=COLLECTION, column_name="value", interactive_component_type=FilterWidget.RANGE_SLIDER
    ),
]
TILES: list[DataTile] = [
    FigureTile(id="bar", collection_id=COLLECTION, visu_type=Visu.BAR, x="kind", y="value"),
    FigureTile(id="box", collection_id=COLLECTION, visu_type=Visu.BOX, x="kind", y="value"),
    FigureTile(id="histogram", collection_id=COLLECTION, visu_type=Visu.HISTOGRAM, x="value", color="kind"),
    CardTile(id="card", collection_id=COLLECTION, column_name="value", aggregation=Aggregation.MEDIAN),
]
STATES: list[FilterState] = [
    (clause("site", "in", "x", collection_id="samples"),),
    (clause("kind", "in", "a", None),),
    (clause("value", "between", 20.5, 200.25),),
    (clause("site", "in", "y", collection_id="samples"), clause("value", "between", None, 150.0)),
    (clause("kind", "in", "b"), clause("value", "between", 33.0, None)),
]


@pytest.fixture(autouse=True, scope="module")
def tables() -> None:
    """These tests open a cache of their own; they need not run three times."""


def sources(hot: HotTables) -> Sources:
    def source(name: str, data: pl.DataFrame) -> TableSource:
        columns = tuple(column_of(*item) for item in data.schema.items())
        return TableSource(name, columns, data.lazy, lambda: hot.open(name, lambda: name, data.lazy))

    return {COLLECTION: source("features", FEATURES), "samples": source("samples", SAMPLES)}


def stored(folder: Path) -> set[Path]:
    """What is kept of the large table, whose folder has more files than that of the small one."""
    return max((set(one.glob("*.column")) for one in folder.iterdir()), key=len)


def test_filters_that_were_expected_make_nothing_new(tmp_path: Path) -> None:
    """Values, ranges and both together, directly and through a link: every cube is there already."""
    hot = HotTables(tmp_path, disk=2**26, memory=2**24, cubes_from=1_000)
    for step in preparing.steps([*TILES, *FILTERS], sources(hot), LINKS, since=0.0):
        assert not isinstance(step(), Exception)
    made = stored(tmp_path)
    for state in STATES:
        found = answer(TILES, state, sources(hot), LINKS)
        assert all(isinstance(one, Frame) for one in found.values()), found
    assert stored(tmp_path) == made
    hot.close()


def test_what_controls_show_is_made_ready_too(tmp_path: Path) -> None:
    """The bars behind a slider count the whole table, which nobody who opens a dashboard is to wait for."""
    hot = HotTables(tmp_path, disk=2**26, memory=2**24, cubes_from=1_000)
    for step in preparing.steps([*TILES, *FILTERS], sources(hot), LINKS, since=0.0):
        assert not isinstance(step(), Exception)
    made = stored(tmp_path)
    found = answer(FILTERS, (), sources(hot), LINKS)
    assert all(isinstance(one, Frame) for one in found.values()), found
    assert stored(tmp_path) == made
    hot.close()


def test_the_density_of_a_scatter_is_made_ready_too(tmp_path: Path) -> None:
    """Whatever is chosen then, it is there at once; no index is made meanwhile, which would be new as well."""
    scatter = FigureTile(id="s", collection_id=COLLECTION, visu_type=Visu.SCATTER, x="value", y="rank", max_points=100)
    hot = HotTables(tmp_path, disk=2**26, memory=2**24, cubes_from=1_000)
    for step in preparing.steps([scatter, *FILTERS], sources(hot), LINKS, since=0.0):
        assert not isinstance(step(), Exception)
    hot.close()
    made = stored(tmp_path)
    hot = HotTables(tmp_path, disk=2**26, memory=2**24, cubes_from=1_000)
    hot.close()
    for state in STATES:
        found = answer([scatter], state, sources(hot), LINKS)["s"]
        assert isinstance(found, Frame)
        assert found.density is not None
        assert found.density.counts.sum() == found.of == found.rows_matched
    assert stored(tmp_path) == made


@pytest.mark.parametrize("state", STATES, ids=[" and ".join(one.column for one in state) for state in STATES])
def test_prepared_answers_are_those_of_the_rows(tmp_path: Path, state: tuple[Clause, ...]) -> None:
    """The card's median is that of the rows that pass, counted plainly."""
    hot = HotTables(tmp_path, disk=2**26, memory=2**24, cubes_from=1_000)
    for step in preparing.steps([*TILES, *FILTERS], sources(hot), LINKS, since=0.0):
        step()
    found = answer(TILES, state, sources(hot), LINKS)["card"]
    rows = FEATURES.join(SAMPLES, on="sample")
    for one in state:
        if one.op == "in":
            rows = rows.filter(pl.col(one.column).is_in(list(one.values), nulls_equal=True))
        else:
            low, high = (
                value if value is not None else sign for value, sign in zip(one.values, (-1, 1e9), strict=True)
            )
            rows = rows.filter(pl.col(one.column).is_between(low, high))
    assert isinstance(found, Frame)
    assert found.rows_matched == rows.height
    assert found.data["value"][0] == pytest.approx(rows["value"].median(), rel=1e-12)
    hot.close()


def test_small_tables_need_nothing(tmp_path: Path) -> None:
    """There rows are counted as fast as cubes are summed."""
    hot = HotTables(tmp_path, disk=2**26, memory=2**24)
    assert list(preparing.steps([*TILES, *FILTERS], sources(hot), LINKS, since=0.0)) == []
    hot.close()


def fill(hot: HotTables) -> None:
    with pytest.raises(FullError):
        deque((step() for step in preparing.steps([*TILES, *FILTERS], sources(hot), LINKS, since=0.0)), maxlen=0)


def test_a_full_cache_keeps_what_is_most_useful(tmp_path: Path) -> None:
    """Making ready ends there, and neither the next start nor who opens the dashboard makes anything again."""
    hot = HotTables(tmp_path, disk=3_000_000, memory=2**24, cubes_from=1_000)
    fill(hot)
    made = stored(tmp_path)
    hot.close()
    later = HotTables(tmp_path, disk=3_000_000, memory=2**24, cubes_from=1_000)
    fill(later)
    found = answer([*TILES, *FILTERS], (), sources(later), LINKS)
    assert all(isinstance(one, Frame) for one in found.values()), found
    assert stored(tmp_path) == made
    later.close()


@pytest.mark.parametrize("state", STATES, ids=[" and ".join(one.column for one in state) for state in STATES])
def test_answers_beyond_a_full_cache_are_exact(tmp_path: Path, state: tuple[Clause, ...]) -> None:
    """What is not ready is made for who asks."""
    hot = HotTables(tmp_path, disk=3_000_000, memory=2**24, cubes_from=1_000)
    fill(hot)
    roomy = HotTables(tmp_path / "roomy", disk=2**26, memory=2**24, cubes_from=1_000)
    tight, plain = (answer(TILES, state, sources(one), LINKS) for one in (hot, roomy))
    for tile in TILES:
        found, expected = tight[tile.id], plain[tile.id]
        assert isinstance(found, Frame)
        assert isinstance(expected, Frame)
        assert found.data.equals(expected.data)
    hot.close()
    roomy.close()
