"""Exactness of tables that grew: what is made of an earlier version's cache equals what is made anew.

Only cubes have much to keep, so each test makes a column cache of its own, in which every table has them.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from domain.filters import FilterState
from domain.tiles import Aggregation, CardTile, DataTile, FigureTile, FilterTile, FilterWidget, TableTile, Visu
from persistence.frames import grown, sortindex
from persistence.frames.cache_folder import Base
from persistence.frames.engine import answer
from persistence.frames.hot import HotTable, HotTables
from persistence.frames.kinds import column_of
from persistence.frames.shapes import Frame
from persistence.frames.sources import TableSource
from tests.persistence.frames.plain_tiles import check
from tests.persistence.frames.support import COLLECTION, clause
from tests.persistence.frames.test_exact_tiles import Asked, dashboards, many_cards


@pytest.fixture(params=["grown"], autouse=True, scope="module")
def tables() -> None:
    """In place of those of the other tests of the engine."""


def version(hot: HotTables, number: int, data: pl.DataFrame, scan: pl.LazyFrame, bases: Sequence[Base]) -> TableSource:
    """One version of a table, which grew from others."""
    key = str(number)
    columns = tuple(column_of(*item) for item in data.schema.items())
    return TableSource("t", columns, lambda: scan, lambda: hot.open(key, lambda: key, lambda: scan, lambda: bases))


def checked(folder: str, asked: Asked, sizes: Sequence[int]) -> None:
    """Ask each of the versions, which have so many of the last rows, and compare the answers of the last one."""
    data, tiles, states = asked
    hot = HotTables(Path(folder), disk=2**26, memory=2**24, cubes_from=0)
    bases: list[Base] = []
    for number, size in enumerate([*sizes, data.height]):
        rows = data.tail(size)
        sources = {COLLECTION: version(hot, number, rows, rows.lazy(), bases)}
        # An earlier version need not have been asked for everything.
        some = tiles if number != 1 or size == data.height else tiles[::2]
        for state in states:
            found = answer(some, state, sources)
            if size == data.height:
                for tile in some:
                    check(tile, state, data, found[tile.id])
        bases = [Base(str(number), size), *bases]
    hot.close()


@st.composite
def sizes_of(draw: st.DrawFn, asked: Asked) -> tuple[Asked, list[int]]:
    """And of how many rows earlier versions were."""
    most = asked[0].height
    return asked, sorted(draw(st.lists(st.integers(0, most), min_size=1, max_size=3)))


@given(dashboards().flatmap(sizes_of))
@settings(max_examples=25, deadline=None, phases=[Phase.generate])
def test_dashboards(asked: tuple[Asked, list[int]]) -> None:
    """Tiles of all kinds under filters."""
    with TemporaryDirectory() as folder:
        checked(folder, *asked)


@given(many_cards().flatmap(sizes_of))
@settings(max_examples=8, deadline=None)
def test_cards(asked: tuple[Asked, list[int]]) -> None:
    """Every aggregation of every type of column."""
    with TemporaryDirectory() as folder:
        checked(folder, *asked)


ROWS, ADDED = 5_000, 40
rng = np.random.default_rng(7)
DATA = pl.DataFrame(
    {
        "row": pl.int_range(ROWS, eager=True),
        "n": rng.normal(size=ROWS),
        "whole": rng.integers(0, 30, ROWS),
        "word": pl.Series(rng.choice(["red", "green", "blue"], ROWS)),
        "gap": pl.Series(rng.choice([1.5, 2.5, np.nan], ROWS)).fill_nan(None),
    }
)
TILES: list[DataTile] = [
    CardTile(id="mean", collection_id=COLLECTION, column_name="n", aggregation=Aggregation.MEAN),
    CardTile(id="spread", collection_id=COLLECTION, column_name="n", aggregation=Aggregation.STD_DEV),
    CardTile(id="gap", collection_id=COLLECTION, column_name="gap", aggregation=Aggregation.COUNT),
    FigureTile(id="bars", collection_id=COLLECTION, visu_type=Visu.BAR, x="word", y="n", color="whole"),
    FigureTile(id="bins", collection_id=COLLECTION, visu_type=Visu.HISTOGRAM, x="n", color="word"),
    FigureTile(
        id="points",
        collection_id=COLLECTION,
        visu_type=Visu.SCATTER,
        x="n",
        y="whole",
        max_points=200,
        selection_column="row",
    ),
    TableTile(id="table", collection_id=COLLECTION, page_size=50),
    FilterTile(
        id="words", collection_id=COLLECTION, column_name="word", interactive_component_type=FilterWidget.MULTI_SELECT
    ),
]
STATES: list[FilterState] = [(), (clause("word", "in", "red"),), (clause("whole", "between", 3, 20),)]


@pytest.fixture
def hot(tmp_path: Path) -> Iterator[HotTables]:
    found = HotTables(tmp_path, disk=2**26, memory=2**24, cubes_from=0)
    yield found
    found.close()


def test_only_added_rows_are_read(hot: HotTables) -> None:
    """Everything else comes from what the earlier version kept."""
    base = DATA.tail(ROWS - ADDED)
    for state in STATES:
        answer(TILES, state, {COLLECTION: version(hot, 0, base, base.lazy(), [])})
    lost = pl.concat([DATA.head(ADDED), DATA.tail(base.height).select(pl.all().sample(fraction=1, shuffle=True))])
    later = {COLLECTION: version(hot, 1, DATA, lost.lazy(), [Base("0", base.height)])}
    for state in STATES:
        for tile_id, found in answer(TILES, state, later).items():
            check(next(tile for tile in TILES if tile.id == tile_id), state, DATA, found)


def test_a_sample_stays_when_rows_are_added(hot: HotTables) -> None:
    """Points do not jump: those that are drawn anew were added, or make room for these."""
    points = FigureTile(
        id="p", collection_id=COLLECTION, visu_type=Visu.SCATTER, x="n", y="n", max_points=200, hover=("n",)
    )
    base = DATA.tail(ROWS - ADDED)
    before = answer([points], (), {COLLECTION: version(hot, 0, base, base.lazy(), [])})["p"]
    after = answer([points], (), {COLLECTION: version(hot, 1, DATA, DATA.lazy(), [Base("0", base.height)])})["p"]
    assert isinstance(before, Frame)
    assert isinstance(after, Frame)
    drawn, still = set(before.data["x"]), set(after.data["x"])
    assert still - drawn <= set(DATA["n"].head(ADDED))
    assert len(still & drawn) >= 200 - ADDED


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_orders_are_those_of_all_rows(data: st.DataObject) -> None:
    """By any columns, either way, with values that are missing or equal."""
    rows = data.draw(st.integers(1, 60))
    values = st.lists(st.none() | st.integers(0, 4), min_size=rows, max_size=rows)
    one = pl.Series("one", data.draw(values), dtype=pl.Int64)
    other = pl.Series("other", data.draw(values)).cast(pl.Float64)
    text = pl.Series("text", data.draw(values)).cast(pl.String).cast(pl.Enum(["0", "1", "2", "3", "4"]))
    names = data.draw(st.lists(st.sampled_from(["one", "other", "text"]), min_size=1, max_size=3, unique=True))
    keys = {name: data.draw(st.booleans()) for name in names}
    frame = pl.DataFrame([one, other, text])
    columns = [frame[name] for name in names]
    size = data.draw(st.integers(0, rows))
    kept = sortindex.order_of([column.tail(size) for column in columns], keys)
    found = grown.order(kept, columns, keys)
    assert found is not None
    assert found.to_list() == sortindex.order_of(columns, keys).to_list()
    drawn = grown.drawn(sortindex.drawn(size, 2), rows, 2)
    assert drawn.to_list() == sortindex.drawn(rows, 2).to_list()


def test_text_gets_new_words_and_is_compared_by_them(hot: HotTables) -> None:
    """Codes are those of all words, sorted; missing values stay missing."""
    base = pl.DataFrame({"word": ["pear", None, "apple", "pear"]})
    data = pl.concat([pl.DataFrame({"word": ["fig", None, "zucchini"]}), base])

    def opened(key: str, rows: pl.DataFrame, bases: list[Base]) -> HotTable:
        found = hot.open(key, lambda: key, rows.lazy, lambda: bases)
        assert found is not None
        return found

    opened("0", base, []).column("word")
    found = opened("1", data, [Base("0", 4)]).column("word")
    assert found.cast(pl.String).to_list() == data["word"].to_list()
    assert isinstance(found.dtype, pl.Enum)
    assert found.dtype.categories.to_list() == ["apple", "fig", "pear", "zucchini"]
    assert found.to_physical().to_list() == [1, None, 3, 2, None, 0, 2]
