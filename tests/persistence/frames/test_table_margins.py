"""Totals below the columns of a table, extremes for bars and scales, and the sort that a table begins with."""

import msgspec
import polars as pl
import pytest

from domain.aggregations import Aggregation
from domain.card_tile import CardTile
from domain.rows import ColumnFilter, Condition, SortKey
from domain.table_tile import ColumnFormat, TableTile
from persistence.frames.engine import table_page
from persistence.frames.shapes import Frame, Margins
from tests.persistence.frames.support import COLLECTION, clause, failure, frame, source

DATA = pl.DataFrame({"x": [3.0, None, 1.0, 2.0, 9.0], "s": ["a", "b", "a", "c", "a"], "i": [1, 2, 3, 4, 5]})
TILE = TableTile(
    id="t",
    collection_id=COLLECTION,
    sort=(SortKey("x", descending=True),),
    formats=(
        ColumnFormat(column="x", bar=True, total=Aggregation.SUM),
        ColumnFormat(column="s", total=Aggregation.MODE),
        ColumnFormat(column="i", scale="accent", low=0.0),
    ),
)


def test_totals_are_those_of_the_rows_that_match_and_extremes_those_of_all() -> None:
    found = frame(TILE, DATA, clause("i", "between", 2, 4))
    assert found.data["x"].to_list() == [2.0, 1.0, None]
    assert found.margins == Margins({"x": 3.0, "s": "a"}, {"x": (1.0, 9.0), "i": (1.0, 5.0)})


def test_extremes_are_those_of_the_rows_that_the_tile_is_made_of() -> None:
    """Rows that its condition leaves out stretch no scale; filters still change none."""
    own = msgspec.structs.replace(TILE, filter_expr="col('i') < 5")
    assert frame(own, DATA).margins == Margins({"x": 6.0, "s": "a"}, {"x": (1.0, 3.0), "i": (1.0, 4.0)})
    narrowed = frame(own, DATA, clause("i", "between", 2, 4)).margins
    assert narrowed == Margins({"x": 3.0, "s": "a"}, {"x": (1.0, 3.0), "i": (1.0, 4.0)})


def test_a_card_compares_with_the_rows_that_it_is_made_of() -> None:
    """Not with those that its condition leaves out."""
    card = CardTile(
        id="t", collection_id=COLLECTION, column_name="x", aggregation=Aggregation.MAX, compare=True,
        filter_expr="col('i') < 5",
    )  # fmt: skip
    row = frame(card, DATA, clause("s", "in", "c")).data.row(0, named=True)
    assert (row["value"], row["all"]) == (2.0, 3.0)


def test_totals_follow_the_filters_of_the_headers() -> None:
    """Extremes do not; only the first page has either."""
    header = [ColumnFilter("s", (Condition("equals", "a"),))]
    sources = {COLLECTION: source(DATA)}
    first = table_page(TILE, (), sources, offset=0, limit=2, filters=header)
    later = table_page(TILE, (), sources, offset=2, limit=2, filters=header)
    assert isinstance(first, Frame)
    assert isinstance(later, Frame)
    assert first.margins == Margins({"x": 13.0, "s": "a"}, {"x": (1.0, 9.0), "i": (1.0, 5.0)})
    assert (later.margins, later.data.height) == (None, 1)


def test_a_table_without_such_formats_asks_for_nothing_more() -> None:
    assert frame(TableTile(id="t", collection_id=COLLECTION), DATA).margins is None


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (ColumnFormat(column="gone", total=Aggregation.SUM), "'gone'"),
        (ColumnFormat(column="s", total=Aggregation.SUM), "'s' holds text"),
        (ColumnFormat(column="s", bar=True), "bars and colour scales needs numbers"),
    ],
)
def test_what_cannot_be_totalled_or_scaled_says_so(one: ColumnFormat, words: str) -> None:
    """The table fails and names the column; its totals would be nobody's."""
    assert words in failure(TableTile(id="t", collection_id=COLLECTION, formats=(one,)), DATA)
