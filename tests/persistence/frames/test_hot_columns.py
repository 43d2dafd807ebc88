"""The column cache: exact values, damage, eviction, several processes, restarts, and how little is read."""

import gc
import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal, assert_series_equal

from domain.errors import Unavailable
from domain.filters import Clause
from domain.rows import SortKey
from domain.tiles import Aggregation, CardTile, FigureTile, TableTile, Visu
from persistence.frames.cache_folder import UNUSED_AFTER, CacheFolder
from persistence.frames.column_files import DamagedError, read_column, write_column
from persistence.frames.engine import answer, table_page
from persistence.frames.hot import HotTables, as_text
from persistence.frames.kinds import column_of
from persistence.frames.memory import MOST, Memory
from persistence.frames.shapes import Frame
from persistence.frames.sources import TableSource
from persistence.frames.workers import Workers
from tests.persistence.frames.support import COLLECTION, clause

MIB = 2**20


@pytest.fixture(autouse=True, scope="module")
def tables() -> None:
    """These tests open caches of their own; they need not run twice."""


COLUMNS = [
    pl.Series("f64", [1.5, None, float("inf"), -0.0]),
    pl.Series("f32", [1.5, None, 0.1, 2.0], dtype=pl.Float32),
    pl.Series("i8", [1, None, -128, 127], dtype=pl.Int8),
    pl.Series("u64", [0, 1, 2**64 - 1, None], dtype=pl.UInt64),
    pl.Series("i128", [0, 1, 2**100, None], dtype=pl.Int128),
    pl.Series("text", ["ß", None, "", "Ω"]),
    pl.Series("nothing", [None] * 4, dtype=pl.String),
    pl.Series("bool", [True, None, False, True]),
    pl.Series("day", [date(1, 1, 1), None, date(9999, 12, 31), date(1970, 1, 1)]),
    pl.Series("zone", [datetime(2024, 3, 31, tzinfo=UTC), None, None, None]).dt.convert_time_zone("Europe/Paris"),
    pl.Series("ns", [1, None, -1, 0], dtype=pl.Int64).cast(pl.Datetime("ns")),
    pl.Series("span", [timedelta(1), None, timedelta(0), timedelta(-1)]),
    pl.Series("list", [[1, None], None, [], [2]]),
    pl.Series("struct", [{"a": 1}, {"a": None}, None, {"a": 2}]),
]


@pytest.mark.parametrize("column", [*COLUMNS, *(column.clear() for column in COLUMNS)], ids=lambda one: one.name)
def test_a_column_comes_back_as_it_was(column: pl.Series, tmp_path: Path) -> None:
    """Values, missing ones, type and time zone; text perhaps as an Enum in the text's own order."""
    write_column(tmp_path / "c", column)
    found = read_column(tmp_path / "c", column.name, column.dtype, column.len())
    assert_series_equal(as_text(found.to_frame()).to_series(), column)
    if column.name == "text" and column.len():
        assert found.dtype == pl.Enum(["", "ß", "Ω"])


@given(st.lists(st.none() | st.text(max_size=3)), st.lists(st.none() | st.floats(allow_nan=False)))
@settings(max_examples=50, deadline=None)
def test_any_text_and_numbers_come_back(
    tmp_path_factory: pytest.TempPathFactory, text: list[str | None], numbers: list[float | None]
) -> None:
    """Sorting the codes sorts the text."""
    folder = tmp_path_factory.getbasetemp()
    for column in (pl.Series("s", text, dtype=pl.String), pl.Series("n", numbers, dtype=pl.Float64)):
        write_column(folder / "c", column)
        found = read_column(folder / "c", column.name, column.dtype, column.len())
        assert_series_equal(as_text(found.to_frame()).to_series(), column)
        assert_series_equal(as_text(found.sort().to_frame()).to_series(), column.sort())


@pytest.mark.parametrize("column", [COLUMNS[0], COLUMNS[5], COLUMNS[7]], ids=lambda one: one.name)
def test_no_damage_passes_for_data(column: pl.Series, tmp_path: Path) -> None:
    """Whichever byte is altered, wherever the file is cut: the column is right, or the damage is seen."""
    path = tmp_path / "c"
    write_column(path, column)
    whole = path.read_bytes()
    damaged = [whole[:length] for length in range(len(whole))]
    damaged += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(len(whole))]
    for content in damaged:
        path.unlink()
        path.write_bytes(content)
        try:
            found = read_column(path, column.name, column.dtype, column.len())
        except DamagedError:
            continue
        # What was altered is padding.
        assert_series_equal(as_text(found.to_frame()).to_series(), column)
    write_column(path, column)
    for dtype, rows in ((pl.Int64(), 4), (column.dtype, 5)):
        with pytest.raises(DamagedError):
            read_column(path, column.name, dtype, rows)


class Read:
    """A table that notes which of its columns are read."""

    def __init__(self, data: pl.DataFrame) -> None:
        self.data = data
        self.columns: list[str] = []

    def noted(self, name: str) -> Callable[[pl.Series], pl.Series]:
        def note(values: pl.Series) -> pl.Series:
            self.columns.append(name)
            return values

        return note

    def scan(self) -> pl.LazyFrame:
        """The rows; counting them reads no column."""
        exprs = [
            pl.col(name).map_batches(self.noted(name), return_dtype=dtype) for name, dtype in self.data.schema.items()
        ]
        return self.data.lazy().with_columns(exprs)


DATA = pl.DataFrame({"g": ["a", "b", None, "a"], "x": [1.0, 2.0, 3.0, None], "y": [4, 3, 2, 1], "z": ["p"] * 4})
MEAN = CardTile(id="mean", collection_id=COLLECTION, column_name="x", aggregation=Aggregation.MEAN)


def opened(folder: Path, disk: int = 64 * MIB, memory: int = MIB) -> HotTables:
    return HotTables(folder, disk=disk, memory=memory)


def hot_source(hot: HotTables, scan: Callable[[], pl.LazyFrame], version: str = "1") -> TableSource:
    columns = tuple(column_of(*item) for item in scan().collect_schema().items())
    return TableSource("t", columns, scan, lambda: hot.open(version, lambda: version, scan))


def mean(source: TableSource, *clauses: Clause) -> float:
    found = answer([MEAN], clauses, {COLLECTION: source})["mean"]
    assert isinstance(found, Frame), found
    value: float = found.data["value"].item()
    return value


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*.column"))


def test_only_the_columns_used_are_read_and_each_once(tmp_path: Path) -> None:
    """Neither another tile, nor another filter, nor a restart reads them again."""
    read = Read(DATA)
    source = hot_source(opened(tmp_path), read.scan)
    assert mean(source, clause("g", "in", "a")) == 1.0
    assert mean(source, clause("g", "in", "b", None)) == 2.5
    assert sorted(read.columns) == ["g", "x"]
    assert mean(hot_source(opened(tmp_path), read.scan), clause("g", "in", "b")) == 2.0
    assert sorted(read.columns) == ["g", "x"]
    assert len(files(tmp_path)) == 2


def test_a_new_version_is_never_answered_from_an_old_one(tmp_path: Path) -> None:
    """Each version has its own files."""
    hot = opened(tmp_path)
    assert mean(hot_source(hot, DATA.lazy, "1")) == 2.0
    assert mean(hot_source(hot, DATA.with_columns(x=pl.col("x") * 2).lazy, "2")) == 4.0
    assert mean(hot_source(hot, DATA.lazy, "1")) == 2.0


def test_a_damaged_file_is_made_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The next start finds the damage and mends it."""
    read = Read(DATA)
    assert mean(hot_source(opened(tmp_path), read.scan)) == 2.0
    (file,) = files(tmp_path)
    whole = file.read_bytes()
    file.unlink()
    file.write_bytes(whole[:-64])
    with caplog.at_level(logging.WARNING):
        assert mean(hot_source(opened(tmp_path), read.scan)) == 2.0
    assert "damaged" in caplog.text
    assert file.read_bytes() == whole
    assert read.columns == ["x", "x"]


@pytest.mark.parametrize("damage", [b"\1", bytes(4_096)], ids=["a turned bit", "a page that was never written"])
@pytest.mark.parametrize("at", [8_192, 79_992])
def test_damage_anywhere_in_a_column_is_found(tmp_path: Path, at: int, damage: bytes) -> None:
    """In what the words of a block add up to, and in the bytes behind the last block."""
    column = pl.Series("n", range(10_000))
    path = tmp_path / "n.column"
    write_column(path, column)
    whole = path.read_bytes()
    start = len(whole) - 80_000 + at
    broken = bytearray(whole)
    broken[start : start + len(damage)] = damage[: len(whole) - start]
    assert bytes(broken) != whole
    path.write_bytes(broken)
    with pytest.raises(DamagedError):
        read_column(path, "n", pl.Int64(), 10_000)


def test_a_folder_that_cannot_be_written_costs_no_answer(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "cache").write_text("")
    assert mean(hot_source(opened(tmp_path / "cache"), DATA.lazy), clause("g", "in", "a", None)) == 2.0


def test_the_folder_stays_within_its_bound_and_loses_the_longest_unused(tmp_path: Path) -> None:
    """What is mapped stays readable after its file is gone."""
    folder = CacheFolder(tmp_path, 40_000)
    made: list[str] = []

    def column(name: str) -> pl.Series:
        def make() -> pl.Series:
            made.append(name)
            return pl.Series(name, range(1000))

        return folder.column("t", name, pl.Int64(), 1000, make)

    first = column("0")
    for number in range(1, 20):
        column(str(number))
        assert sum(file.stat().st_size for file in files(tmp_path)) <= 40_000
    assert first.sum() == 499_500
    made.clear()
    assert column("19").sum() == column("0").sum() == 499_500
    assert made == ["0"]


def kept_in(folder: CacheFolder, name: str, rows: int) -> None:
    folder.column("t", name, pl.Int64(), rows, lambda: pl.Series(name, range(rows)))


def age(folder: CacheFolder, name: str, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(folder._path("t", name), (then, then))


def test_small_files_outlive_large_ones_that_were_used_later(tmp_path: Path) -> None:
    """To make either again costs a look at all rows, and the small one hardly takes room."""
    folder = CacheFolder(tmp_path, 60_000)
    kept_in(folder, "cube", 10)
    kept_in(folder, "codes", 5_000)
    age(folder, "cube", 1_000)
    age(folder, "codes", 300)
    kept_in(folder, "more", 5_000)
    assert [folder.has("t", name) for name in ("cube", "codes", "more")] == [True, False, True]


def test_what_nobody_used_for_a_month_goes_first(tmp_path: Path) -> None:
    """However small it is: else the files of versions long gone would stay for ever."""
    folder = CacheFolder(tmp_path, 60_000)
    kept_in(folder, "cube", 10)
    kept_in(folder, "codes", 4_000)
    age(folder, "cube", UNUSED_AFTER + 60)
    age(folder, "codes", 3_600)
    kept_in(folder, "more", 3_440)
    assert [folder.has("t", name) for name in ("cube", "codes", "more")] == [False, True, True]


def test_a_column_in_memory_is_marked_as_used(tmp_path: Path) -> None:
    """Its file is not opened again, and must not be taken for one that nobody wants."""
    tables = opened(tmp_path)
    source = hot_source(tables, DATA.lazy)
    mean(source)
    (file,) = files(tmp_path)
    for marked in (False, True):
        os.utime(file, (1.0, 1.0))
        if marked:
            tables._folder._used.clear()
        mean(source)
        assert (file.stat().st_atime > 1.0) is marked, "at most once a minute"


def test_a_table_too_large_for_the_cache_is_read_where_it_lies(tmp_path: Path) -> None:
    """Slower, but right."""
    source = hot_source(opened(tmp_path, disk=100), DATA.lazy)
    assert source.hot is not None
    assert source.hot() is None
    assert mean(source, clause("g", "in", "a", None)) == 2.0
    assert not files(tmp_path)


def test_tiles_of_a_vast_table_are_computed_one_after_the_other_and_alike(tmp_path: Path) -> None:
    """Each reads the table for itself, whatever the others read, and shows what it shows of a cached one."""
    read = Read(DATA)
    box = FigureTile(id="box", collection_id=COLLECTION, visu_type=Visu.BOX, x="g", y="x")
    tiles = [MEAN, box, msgspec.structs.replace(MEAN, id="again")]
    vast = answer(tiles, (), {COLLECTION: hot_source(opened(tmp_path, disk=100), read.scan)})
    together = len(read.columns)
    for tile in tiles:
        answer([tile], (), {COLLECTION: hot_source(opened(tmp_path, disk=100), read.scan)})
    assert len(read.columns) == 2 * together
    cached = answer(tiles, (), {COLLECTION: hot_source(opened(tmp_path / "cache"), DATA.lazy)})
    for tile in tiles:
        one, other = vast[tile.id], cached[tile.id]
        assert isinstance(one, Frame)
        assert isinstance(other, Frame)
        assert_frame_equal(one.data, other.data)


def _answer_in_a_process(folder: Path, results: "multiprocessing.Queue[float]") -> None:
    results.put(mean(hot_source(opened(folder), DATA.lazy), clause("g", "in", "a", None)))


def test_processes_share_one_folder(tmp_path: Path) -> None:
    """All start at once on nothing; each answers, and there is one file a column."""
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[float] = context.Queue()
    processes = [context.Process(target=_answer_in_a_process, args=(tmp_path, results)) for _ in range(3)]
    for process in processes:
        process.start()
    assert [results.get(timeout=60) for _ in processes] == [2.0] * 3
    for process in processes:
        process.join()
    assert len(files(tmp_path)) == 2
    assert not list(tmp_path.glob("*/*.new"))


def test_memory_forgets_the_longest_unused_and_keeps_its_bound() -> None:
    """What is too large for it is handed out all the same."""
    memory = Memory(100)
    for key in "abcda":
        memory.get(key, lambda key=key: key * 2, lambda _: 25)  # type: ignore[misc]
    memory.get("e", lambda: "ee", lambda _: 25)
    assert [memory.find(key) for key in "abcde"] == ["aa", None, "cc", "dd", "ee"]
    assert memory.get("large", lambda: "large", lambda _: 26) == "large"
    assert memory.find("large") is None
    assert memory.used == 100


def test_memory_keeps_no_more_values_than_files_may_be_open() -> None:
    """Those that take no room of their own count as well; a cache that is closed keeps none."""
    memory = Memory(100)
    for key in range(MOST + 2):
        memory.get(key, lambda: "mapped", lambda _: 0)
    assert [memory.find(key) for key in (0, 1, 2, MOST + 1)] == [None, None, "mapped", "mapped"]
    memory.clear()
    assert memory.find(2) is None


def test_a_closed_cache_lets_go_of_its_files(tmp_path: Path) -> None:
    """As soon as nobody uses the table any more."""

    def files() -> int:
        gc.collect()
        return sum(os.fspath(tmp_path) in os.path.realpath(one) for one in Path("/proc/self/fd").iterdir())

    hot = HotTables(tmp_path, disk=2**26, memory=2**24)
    table = hot.open("t", lambda: "t", DATA.lazy)
    assert table
    table.load(table.types)
    assert files() > 0
    del table
    hot.close()
    assert files() == 0


def test_memory_lends_what_is_too_large_while_somebody_uses_it() -> None:
    """Two who need it at once share one; nobody keeps it afterwards."""
    memory = Memory(100)
    first = memory.get("large", lambda: pl.Series([1, 2, 3]), lambda _: 26)
    assert memory.get("large", lambda: pl.Series([4]), lambda _: 26) is first
    assert memory.used == 0
    del first
    assert memory.find("large") is None


@pytest.mark.parametrize(("rows", "words", "is_coded"), [(600_000, 70_000, True), (200_000, 70_000, False)])
def test_text_is_coded_when_codes_save_memory(tmp_path: Path, rows: int, words: int, *, is_coded: bool) -> None:
    """Many different texts are worth their codes where each stands in many rows."""
    text = pl.Series("t", [f"feature {number % words}" for number in range(rows)])
    write_column(tmp_path / "t.column", text)
    read = read_column(tmp_path / "t.column", "t", pl.String(), rows)
    assert isinstance(read.dtype, pl.Enum) is is_coded
    assert read.cast(pl.String).equals(text)


def test_only_what_is_mapped_counts_as_mapped(tmp_path: Path) -> None:
    """Columns with missing values, and those whose file could not be written, lie in memory and count there."""
    tables = opened(tmp_path)
    table = hot_source(tables, pl.DataFrame({"n": [1.0, None] * 5_000, "full": [1.0, 2.0] * 5_000}).lazy).hot()
    assert table is not None
    table.load(["full"])
    assert tables.kept_bytes < 10_000
    table.load(["n"])
    assert tables.kept_bytes > 80_000


@pytest.fixture(scope="module")
def sorted_table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[pl.DataFrame, TableSource, HotTables]]:
    """Six thousand rows with many ties and missing values."""
    data = pl.DataFrame(
        {
            "row": range(6_000),
            "n": [None if number % 7 == 0 else float(number * 7919 % 101) for number in range(6_000)],
            "s": [None if number % 5 == 0 else f"w{number * 31 % 13}" for number in range(6_000)],
            "b": [None if number % 3 == 0 else number % 2 == 0 for number in range(6_000)],
        },
    )
    hot = opened(tmp_path_factory.mktemp("sorted"))
    yield data, hot_source(hot, data.lazy), hot
    hot.close()


SORTS = [
    [SortKey("n")],
    [SortKey("n", descending=True)],
    [SortKey("s", descending=True), SortKey("n")],
    [SortKey("b"), SortKey("s"), SortKey("n", descending=True)],
    [],
]


@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: ",".join(key.column for key in sort))
@pytest.mark.parametrize("clauses", [(), (clause("s", "in", "w1", None),), (clause("n", "between", 3, 60),)])
def test_any_page_is_that_of_the_sorted_rows(
    sorted_table: tuple[pl.DataFrame, TableSource, HotTables], sort: list[SortKey], clauses: tuple[Clause, ...]
) -> None:
    """Before the index stands, while it is made, and after; near the start, deep, at the end and beyond."""
    data, source, _ = sorted_table
    tile = TableTile(id="t", collection_id=COLLECTION)
    rows = data
    for one in clauses:
        wanted = pl.col("s").is_in(["w1"]) | pl.col("s").is_null() if one.op == "in" else pl.col("n").is_between(3, 60)
        rows = rows.filter(wanted)
    by, descending = [*(key.column for key in sort), "row"], [*(key.descending for key in sort), False]
    expected = rows.sort(by, descending=descending, nulls_last=True)
    ends = (0, 5, 1_990, rows.height - 3, rows.height, 50_000)
    for offset in (*ends, *ends):
        found = table_page(tile, clauses, {COLLECTION: source}, offset=offset, limit=50, sort=sort)
        assert isinstance(found, Frame), found
        assert found.data["row"].to_list() == expected["row"].slice(offset, 50).to_list()
        assert found.of == rows.height


@pytest.mark.parametrize("axes", [("n", "m"), ("m", "i"), ("i", "i")], ids=",".join)
@pytest.mark.parametrize("clauses", [(), (clause("s", "in", "w1", None),), (clause("s", "in", "gone"),)])
def test_points_are_those_of_the_plain_computation(
    tmp_path: Path, axes: tuple[str, str], clauses: tuple[Clause, ...]
) -> None:
    """With many ties at the ends and values that cannot be drawn, before the indexes stand and after."""
    data = pl.DataFrame(
        {
            "n": [None if number % 7 == 0 else float(number * 7919 % 11) for number in range(6_000)],
            "m": [float("inf") if number % 50 == 0 else number * 31 % 1_000 / 8 for number in range(6_000)],
            "i": [number % 3 for number in range(6_000)],
            "s": [None if number % 5 == 0 else f"w{number * 31 % 13}" for number in range(6_000)],
        },
    )
    hot = opened(tmp_path)
    sources = {COLLECTION: hot_source(hot, data.lazy)}
    plain = {COLLECTION: msgspec.structs.replace(sources[COLLECTION], hot=None)}
    tile = FigureTile(
        id="p", collection_id=COLLECTION, visu_type=Visu.SCATTER, x=axes[0], y=axes[1], color="s", max_points=100
    )
    expected = answer([tile], clauses, plain)["p"]
    assert isinstance(expected, Frame)
    for _ in range(2):
        found = answer([tile], clauses, sources)["p"]
        assert isinstance(found, Frame), found
        assert_frame_equal(found.data, expected.data)
        assert (found.shown, found.of, found.rows_matched) == (expected.shown, expected.of, expected.rows_matched)
        hot.close()


async def test_a_query_that_nobody_waits_for_stops_before_its_next_column(tmp_path: Path) -> None:
    """The deadline passes while the first column is read: the second is left alone, and the thread is free."""
    started, release = threading.Event(), threading.Event()
    columns: list[str] = []

    def slow(values: pl.Series) -> pl.Series:
        columns.append(values.name)
        started.set()
        release.wait(30)
        return values

    hot = opened(tmp_path)
    rows = DATA.lazy().with_columns(
        [pl.col("g").map_batches(slow, return_dtype=pl.String), pl.col("x").map_batches(slow, return_dtype=pl.Float64)]
    )
    source = hot_source(hot, lambda: rows)
    workers = Workers(1.0, threads=1)
    try:
        with pytest.raises(Unavailable):
            await workers.run(answer, [MEAN], (clause("g", "in", "a"),), {COLLECTION: source})
        assert started.is_set()
    finally:
        release.set()
    assert await workers.run(lambda: "free") == "free"
    assert len(columns) == 1
    workers.close()
    hot.close()
