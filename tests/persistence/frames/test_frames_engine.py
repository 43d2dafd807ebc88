"""The one pass: what tiles share, how each fails alone, the deadline; on real Delta tables."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from domain.collections import Column, ColumnKind
from domain.errors import NotFound, Unavailable
from domain.filters import Clause, Scalar
from domain.tiles import (
    Aggregation,
    CardTile,
    DataTile,
    FigureTile,
    FilterTile,
    FilterWidget,
    TableTile,
    TextTile,
    Visu,
)
from persistence.frames.engine import MISSING, answer, profile, table_page
from persistence.frames.kinds import column_of, kind_of_dtype
from persistence.frames.recent import Recent
from persistence.frames.shapes import Failure, Frame
from persistence.frames.sources import TableSource
from persistence.frames.workers import Workers
from tests.persistence.frames.support import COLLECTION, cached, clause, source

DATA = pl.DataFrame({"g": ["a", "b", "a", None], "x": [1.0, 2.0, 3.0, 4.0], "y": [4, 3, 2, 1]})


def tiles(collection_id: str = COLLECTION, prefix: str = "") -> list[DataTile]:
    """One of each kind; of figures those that need no options (see `test_frames_kinds` for the others)."""
    figures = [
        FigureTile(
            id=f"{prefix}{visu}",
            collection_id=collection_id,
            visu_type=visu,
            x="g" if visu in {Visu.BAR, Visu.BOX} else "x",
            y=None if visu is Visu.HISTOGRAM else "y",
        )
        for visu in (Visu.SCATTER, Visu.BAR, Visu.LINE, Visu.HISTOGRAM, Visu.BOX)
    ]
    filters = [
        FilterTile(
            id=f"{prefix}{widget}",
            collection_id=collection_id,
            column_name="x",
            interactive_component_type=widget,
        )
        for widget in (FilterWidget.MULTI_SELECT, FilterWidget.RANGE_SLIDER, FilterWidget.TEXT)
    ]
    card = CardTile(id=f"{prefix}card", collection_id=collection_id, column_name="x", aggregation=Aggregation.SUM)
    return [*figures, card, TableTile(id=f"{prefix}table", collection_id=collection_id), *filters]


def delta(data: pl.DataFrame, folder: Path, name: str = "penguins") -> TableSource:
    """The first version of a new Delta table."""
    data.write_delta(folder)
    columns = tuple(column_of(*item) for item in data.schema.items())
    return cached(name, columns, lambda: pl.scan_delta(folder, version=0))


def test_every_kind_of_tile_is_answered_in_one_pass_over_a_delta_table(tmp_path: Path) -> None:
    """Each sees the same filtered rows; a text tile has no answer."""
    asked = [*tiles(), TextTile(id="text", body="# Hello")]
    found = answer(asked, (clause("g", "in", "a", None),), {COLLECTION: delta(DATA, tmp_path / "t")})
    assert found.keys() == {tile.id for tile in tiles()}
    for one in found.values():
        assert isinstance(one, Frame), one
        assert (one.rows_total, one.rows_matched) == (4, 3)
    card, table = found["card"], found["table"]
    assert isinstance(card, Frame)
    assert isinstance(table, Frame)
    assert card.data["value"].item() == 8.0
    assert_frame_equal(table.data, DATA[[0, 2, 3]])


def test_a_pinned_version_does_not_see_later_rows(tmp_path: Path) -> None:
    """Readers keep their version while an ingest commits the next."""
    pinned = delta(DATA, tmp_path / "t")
    DATA.write_delta(tmp_path / "t", mode="append")
    found = answer(tiles(), (), {COLLECTION: pinned})["card"]
    assert isinstance(found, Frame)
    assert found.rows_total == 4


def test_a_broken_tile_fails_alone() -> None:
    """Unknown columns, wrong kinds: the others keep their answers."""
    broken = [
        CardTile(id="gone", collection_id=COLLECTION, column_name="gone"),
        CardTile(id="text mean", collection_id=COLLECTION, column_name="g"),
        FigureTile(id="no y", collection_id=COLLECTION, visu_type=Visu.SCATTER, x="x"),
    ]
    found = answer([*broken, *tiles()], (), {COLLECTION: source(DATA)})
    failed = {tile_id for tile_id, one in found.items() if isinstance(one, Failure)}
    assert failed == {tile.id for tile in broken}


def test_a_broken_clause_fails_the_tiles_that_it_concerns() -> None:
    """The tile that set it as a selection, and those of other collections, are not concerned."""
    wrong = clause("x", "in", "text", source="scatter", selection=True)
    others = tiles("c2", "other ")
    found = answer([*tiles(), *others], (wrong,), {COLLECTION: source(DATA), "c2": source(DATA)})
    fine = {tile_id for tile_id, one in found.items() if isinstance(one, Frame)}
    assert fine == {"scatter", *(tile.id for tile in others)}


def test_a_wrong_value_is_not_taken_for_an_equal_right_one() -> None:
    """1 and true are equal in Python, but only one of them is a number here."""
    pair = [CardTile(id=name, collection_id=COLLECTION, column_name="x") for name in ("one", "two")]
    state = (
        clause("y", "in", 1, source="two", selection=True),
        clause("y", "in", True, source="one", selection=True),
    )
    found = answer(pair, state, {COLLECTION: source(DATA)})
    assert isinstance(found["one"], Frame)
    assert isinstance(found["two"], Failure)


def failing(error: Exception) -> Callable[[], pl.LazyFrame]:
    """A table that cannot be opened."""

    def fail() -> pl.LazyFrame:
        raise error

    return fail


@pytest.mark.parametrize(
    ("opened", "retry"),
    [
        (failing(NotFound("There is no table.")), False),
        (failing(Unavailable("Storage does not answer.")), True),
        (failing(OSError("disk")), True),
        (lambda: pl.scan_parquet("/nowhere/at/all/*.parquet"), True),
        (lambda: pl.scan_csv("/nowhere/at/all.csv", schema=DATA.schema), True),
    ],
)
def test_a_table_that_cannot_be_read_fails_its_tiles_only(opened: Callable[[], pl.LazyFrame], retry: bool) -> None:
    """Whether it shows when it is opened or only when it is read."""
    broken = cached("broken", source(DATA).columns, opened)
    found = answer([*tiles(), *tiles("c2", "other ")], (), {COLLECTION: broken, "c2": source(DATA)})
    for tile in tiles():
        failed = found[tile.id]
        assert isinstance(failed, Failure)
        assert failed.retry is retry
        assert isinstance(found[f"other {tile.id}"], Frame)
    assert isinstance(profile(broken), Failure)


def test_a_lost_data_file_fails_its_tiles(tmp_path: Path) -> None:
    """The log still names it, the storage has lost it."""
    lost = delta(DATA, tmp_path / "t")
    for file in (tmp_path / "t").glob("*.parquet"):
        file.unlink()
    found = answer(tiles(), (), {COLLECTION: lost})
    # Counting needs no data file: the log knows the rows. A control that offers nothing reads none either.
    assert {tile_id for tile_id, one in found.items() if isinstance(one, Frame)} <= {"TextInput"}
    assert isinstance(found["card"], Failure)


def test_a_missing_collection_and_one_without_a_table_fail_their_tiles() -> None:
    """Each with its own reason."""
    empty = Failure("Nothing was ingested.")
    found = answer([*tiles("a", "a "), *tiles("b", "b ")], (), {"b": empty})
    assert {found[f"a {tile.id}"] for tile in tiles()} == {MISSING}
    assert {found[f"b {tile.id}"] for tile in tiles()} == {empty}
    table = TableTile(id="t", collection_id="a")
    assert table_page(table, (), {}, offset=0, limit=1) == MISSING


def test_a_column_that_the_table_lost_is_unknown() -> None:
    """The description may lag behind the table, never the other way round unseen."""
    columns = (*source(DATA).columns, Column("old", "Float64", ColumnKind.NUMBER))
    stale = cached("penguins", columns, DATA.lazy)
    tile = CardTile(id="c", collection_id=COLLECTION, column_name="old")
    found = answer([tile, *tiles()], (), {COLLECTION: stale})
    assert isinstance(found["c"], Failure)
    assert "'old'" in found["c"].message
    assert isinstance(found["table"], Frame)


def test_an_empty_table_gives_empty_frames() -> None:
    """No rows is not an error."""
    found = answer(tiles(), (), {COLLECTION: source(DATA.clear())})
    for tile_id, one in found.items():
        assert isinstance(one, Frame), (tile_id, one)
        assert one.rows_total == 0
        assert one.data.height == (1 if tile_id in {"card", "RangeSlider"} else 0)


def test_kinds_of_types() -> None:
    """What ingest writes into documents."""
    kinds = {
        pl.Float32(): ColumnKind.NUMBER,
        pl.UInt8(): ColumnKind.NUMBER,
        pl.Decimal(10, 2): ColumnKind.NUMBER,
        pl.String(): ColumnKind.TEXT,
        pl.Categorical(): ColumnKind.TEXT,
        pl.Enum(["a"]): ColumnKind.TEXT,
        pl.Boolean(): ColumnKind.BOOLEAN,
        pl.Date(): ColumnKind.DATE,
        pl.Datetime("ns", "Asia/Tokyo"): ColumnKind.DATETIME,
        pl.Duration(): ColumnKind.OTHER,
        pl.Time(): ColumnKind.OTHER,
        pl.List(pl.Int8()): ColumnKind.OTHER,
        pl.Null(): ColumnKind.OTHER,
    }
    assert {dtype: kind_of_dtype(dtype) for dtype in kinds} == kinds
    assert column_of("x", pl.Float64(), "size") == Column("x", "Float64", ColumnKind.NUMBER, "size")


async def test_a_query_runs_beside_the_event_loop_and_ends_at_the_deadline() -> None:
    """The loop stays free, a late answer is an error that may be retried, a waiting query is dropped."""
    workers = Workers(0.1, threads=1)
    release = threading.Event()
    ran: list[str] = []
    assert await workers.run(lambda: threading.current_thread() is threading.main_thread()) is False
    late = asyncio.create_task(workers.run(release.wait))
    queued = asyncio.create_task(workers.run(ran.append, "queued"))
    try:
        for task in (late, queued):
            with pytest.raises(Unavailable, match="took longer than"):
                await task
    finally:
        release.set()
    assert await workers.run(lambda: "again") == "again"
    assert ran == []
    workers.close()


def test_recent_values_are_bounded_and_kept_by_use() -> None:
    """The longest unused goes first; what fails to be made is made again."""
    made: list[str] = []
    recent: Recent[str, str] = Recent(2)
    for key in "abacab":
        recent.get(key, lambda key=key: made.append(key) or key)  # type: ignore[func-returns-value, misc]
    assert made == ["a", "b", "c", "b"]
    with pytest.raises(NotFound):
        recent.get("z", failing(NotFound("z")))  # type: ignore[arg-type]
    assert recent.get("z", lambda: "z") == "z"


values = st.sampled_from(["a", "b", "ß", None])


@given(
    st.lists(st.tuples(values, st.none() | st.integers(0, 9)), max_size=30),
    st.lists(values, max_size=3),
    st.none() | st.integers(0, 9),
)
@settings(max_examples=60, deadline=None)
def test_tiles_together_answer_as_each_alone(
    table: list[tuple[str | None, int | None]],
    wanted: list[str | None],
    lowest: int | None,
) -> None:
    """One pass gives what separate passes give, under any filter state."""
    data = pl.DataFrame(table, schema={"g": pl.String, "x": pl.Int64}, orient="row").with_columns(y=pl.col("x") * 2)
    chosen: tuple[Scalar, ...] = tuple(wanted)
    state: tuple[Clause, ...] = (clause("g", "in", *chosen), clause("x", "between", lowest, None, source="MultiSelect"))
    sources = {COLLECTION: source(data)}
    together = answer(tiles(), state, sources)
    for tile in tiles():
        one, alone = together[tile.id], answer([tile], state, sources)[tile.id]
        assert isinstance(one, Frame), one
        assert isinstance(alone, Frame)
        assert_frame_equal(one.data, alone.data)
        assert (one.rows_matched, one.shown, one.of) == (alone.rows_matched, alone.shown, alone.of)
