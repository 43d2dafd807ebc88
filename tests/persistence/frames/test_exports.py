"""Exports: all rows under clauses, in order, in batches; as CSV that is safe to open and as Parquet."""

import csv
import io
from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from domain.filters import Clause
from domain.rows import ColumnFilter, Condition, SortKey
from domain.tiles import CardTile, TableTile
from persistence.frames import exports, written
from persistence.frames.exports import Export, export, of_frame
from persistence.frames.shapes import Failure
from tests.persistence.frames.support import COLLECTION, clause, source

ROWS = 1_000
DATA = pl.DataFrame(
    {
        "g": [None if n % 11 == 0 else f"w{n * 7 % 5}" for n in range(ROWS)],
        "x": [None if n % 7 == 0 else float(n * 7919 % 101) for n in range(ROWS)],
        "n": range(ROWS),
        "day": [date(2024, 1, 1 + n % 28) for n in range(ROWS)],
        "at": [datetime(2024, 5, 1, n % 24, tzinfo=UTC) for n in range(ROWS)],
        "depictio_run_id": ["r"] * ROWS,
    }
)
TABLE = TableTile(id="t", collection_id=COLLECTION, columns=("x", "g", "n"))


def exported(*clauses: Clause, data: pl.DataFrame = DATA, tile: TableTile = TABLE, **rest: object) -> Export:
    found = export(tile, clauses, {COLLECTION: source(data)}, **rest)  # type: ignore[arg-type]
    assert isinstance(found, Export), found
    return found


def cells(text: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.decode(), newline="")))


def rows_of(found: Export) -> pl.DataFrame:
    return pl.concat([found.empty, *found.batches()])


@pytest.fixture
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "BATCH", 64)


@pytest.mark.usefixtures("_small_batches")
@pytest.mark.parametrize("descending", [False, True])
def test_rows_are_those_that_match_sorted_with_ties_in_the_tables_order(*, descending: bool) -> None:
    """Clauses and header filters narrow together; missing values come last either way."""
    header = ColumnFilter("n", (Condition("greaterThan", 100),))
    sort = [SortKey("x", descending)]
    found = exported(clause("g", "in", "w1", "w2", None), sort=sort, filters=[header])
    kept = DATA.filter((pl.col("g").is_in(["w1", "w2"]) | pl.col("g").is_null()) & (pl.col("n") > 100))
    expected = kept.sort("x", descending=descending, nulls_last=True, maintain_order=True).select("x", "g", "n")
    assert_frame_equal(rows_of(found), expected)
    assert next(found.batches()).height == 64


@pytest.mark.usefixtures("_small_batches")
def test_without_a_sort_rows_keep_the_tables_order() -> None:
    """A tile of another kind exports every column that is not technical."""
    card = CardTile(id="c", collection_id=COLLECTION, column_name="x")
    found = export(card, (clause("x", "between", 10, 50),), {COLLECTION: source(DATA)})
    assert isinstance(found, Export)
    expected = DATA.filter(pl.col("x").is_between(10, 50)).drop("depictio_run_id")
    assert_frame_equal(rows_of(found), expected)


def test_parquet_is_read_as_it_was_and_csv_alike() -> None:
    """Types come back from Parquet; CSV has a heading even without rows."""
    found = exported(tile=TableTile(id="t", collection_id=COLLECTION))
    file = io.BytesIO()
    written.parquet(found, file)
    assert_frame_equal(pl.read_parquet(file.getvalue()), DATA.drop("depictio_run_id"))
    text = b"".join(written.csv(found))
    assert_frame_equal(
        pl.read_csv(text, try_parse_dates=True).select("g", "x", "n", "day"), DATA.select("g", "x", "n", "day")
    )
    nothing = exported(clause("g", "in", "nobody"))
    assert b"".join(written.csv(nothing)) == b"x,g,n\n"
    empty = io.BytesIO()
    written.parquet(nothing, empty)
    assert_frame_equal(pl.read_parquet(empty.getvalue()), DATA.select("x", "g", "n").clear())


def test_what_cannot_be_exported_says_why_before_the_first_row() -> None:
    """An unknown column of the tile, of the sort or of a clause."""
    for tile, clauses, sort in (
        (TableTile(id="t", collection_id=COLLECTION, columns=("gone",)), (), ()),
        (TABLE, (), (SortKey("gone"),)),
        (TABLE, (clause("gone", "in", 1),), ()),
    ):
        found = export(tile, clauses, {COLLECTION: source(DATA)}, sort=sort)
        assert isinstance(found, Failure)
        assert "'gone'" in found.message


FORMULAS = ("=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "=")
PLAIN = ("-5", "+1.5e-3", "-.5", "a=b", "", " =1", "5-3", "ß")


def test_no_text_of_a_csv_is_a_formula() -> None:
    """An apostrophe stands before what a spreadsheet would compute, in headings too; numbers stay as they are."""
    frame = pl.DataFrame({"=cmd": [*FORMULAS, *PLAIN], "n": [-float(n) for n in range(len(FORMULAS) + len(PLAIN))]})
    text = b"".join(written.csv(of_frame(frame)))
    heading, *rows = cells(text)
    assert heading == ["'=cmd", "n"]
    assert [row[0] for row in rows] == [*(f"'{one}" for one in FORMULAS), *PLAIN]
    assert [float(row[1]) for row in rows] == frame["n"].to_list()


@given(st.lists(st.text(max_size=8), min_size=1, max_size=20))
def test_any_text_comes_back_from_a_csv(texts: list[str]) -> None:
    """Quotes, commas, line ends and every script; without the apostrophe that was set before a formula."""
    frame = pl.DataFrame({"t": texts, "n": range(len(texts))})
    read = [row[0] for row in cells(b"".join(written.csv(of_frame(frame))))[1:]]
    assert [one if one == kept else one.removeprefix("'") for one, kept in zip(read, texts, strict=True)] == texts
    assert not any(one.startswith(("=", "@", "\t", "\r")) for one in read)


def test_what_a_tile_shows_becomes_one_batch() -> None:
    """Lists, such as the outliers of a box, are written as text."""
    found = of_frame(pl.DataFrame({"x": ["a"], "outliers": [[1.0, 2.0]]}))
    assert b"".join(written.csv(found)) == b'x,outliers\na,"[1.0, 2.0]"\n'
