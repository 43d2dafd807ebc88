"""Days and times that Python has not: tables show them in words, other tiles say that they cannot."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from domain.aggregations import Aggregation
from domain.filters import Clause
from domain.table_tile import ColumnFormat
from domain.tiles import CardTile, DataTile, FigureTile, FilterTile, FilterWidget, TableTile, Visu
from persistence.frames.engine import categories, profile
from persistence.frames.shapes import Failure
from persistence.frames.years import FIRST, LAST, readable, written
from tests.persistence.frames.support import COLLECTION, clause, failure, frame, source

SLIP = 3_670_000
"""The day 12018-02-13, counted from 1970."""
TYPES = [pl.Date(), pl.Datetime("ms"), pl.Datetime("us", "Europe/Paris")]
SAID = "Only tables can show days outside the years 1 to 9999, such as +12018-02-1"
WITHIN = clause("n", "between", 1, 1)


def table(dtype: Any) -> pl.DataFrame:
    """Two days of which one is a slip of the pen."""
    days = pl.Series("d", [19_000, SLIP, None]).cast(pl.Date)
    return pl.DataFrame(
        [days.cast(pl.Datetime("us")).cast(dtype), pl.Series("n", [1, 2, 3]), pl.Series("g", list("aba"))]
    )


def figure(visu: Visu, x: str = "d", **roles: Any) -> FigureTile:
    return FigureTile(id="f", collection_id=COLLECTION, visu_type=visu, x=x, **roles)


ASKED: list[DataTile] = [
    figure(Visu.HISTOGRAM), figure(Visu.HISTOGRAM, "n", color="d"), figure(Visu.SCATTER, y="n"),
    figure(Visu.SCATTER, "n", y="n", hover=("d",)), figure(Visu.LINE, y="n"), figure(Visu.BOX, y="n"),
    figure(Visu.DENSITY_HEATMAP, y="n"), figure(Visu.DENSITY_CONTOUR, y="n", color="g"), figure(Visu.HEATMAP, y="g"),
    CardTile(id="k", collection_id=COLLECTION, column_name="d", aggregation=Aggregation.MAX),
    FilterTile(
        id="q", collection_id=COLLECTION, column_name="d", interactive_component_type=FilterWidget("DateRangePicker")
    ),
    TableTile(
        id="t", collection_id=COLLECTION, formats=(ColumnFormat(column="d", total=Aggregation.MAX),)
    ),
]  # fmt: skip


@pytest.mark.parametrize("dtype", TYPES, ids=str)
@pytest.mark.parametrize("tile", ASKED, ids=lambda tile: getattr(tile, "visu_type", tile.id))
def test_what_cannot_show_them_says_so(tile: DataTile, dtype: Any) -> None:
    """With one of them, so that it can be looked for; other tiles of the same pass are not touched."""
    assert failure(tile, table(dtype)).startswith(SAID)


@pytest.mark.parametrize("dtype", TYPES, ids=str)
@pytest.mark.parametrize("clauses", [(), (WITHIN,)], ids=["all", "filtered"])
def test_a_table_shows_them_in_words(dtype: Any, clauses: tuple[Clause, ...]) -> None:
    """As ISO 8601 writes long years; whatever can be counted is counted."""
    shown = frame(TableTile(id="t", collection_id=COLLECTION), table(dtype), *clauses)
    words = written(shown.data["d"])
    assert words[0] is not None
    assert words[0].startswith("2022-01-08")
    if not clauses:
        assert [str(word)[:12] for word in words[1:]] == ["+12018-02-13", "None"]
        assert readable(shown.data)["d"].to_list() == words
    count = CardTile(id="k", collection_id=COLLECTION, column_name="d", aggregation=Aggregation.COUNT)
    assert frame(count, table(dtype), *clauses).data["value"].item() == (1 if clauses else 2)


@pytest.mark.parametrize("dtype", TYPES, ids=str)
def test_a_column_that_has_them_can_be_chosen_in_the_editor(dtype: Any) -> None:
    """Its highest value is not known there."""
    there = source(table(dtype))
    found = profile(there)
    assert not isinstance(found, Failure)
    (described, *_) = found
    assert (described.distinct, described.nulls, described.max) == (2, 1, None)
    assert described.min is not None
    words = categories(there, "d")
    assert not isinstance(words, Failure)
    assert words[1].startswith("+12018-02-13")


def test_the_last_days_that_there_are_can_be_shown() -> None:
    """Bins and cells may end beyond them, where no value lies."""
    days = [date(1, 1, 1), date(9999, 12, 31), date(9999, 12, 31)]
    data = pl.DataFrame({"d": days, "n": [1, 2, 3], "g": list("aba")})
    counted = frame(figure(Visu.HISTOGRAM), data).data
    assert counted["count"].sum() == 3
    assert counted["left"].to_list()[0].year == 1
    assert counted["right"].to_list()[-1].year == 9999
    for tile in ASKED:
        assert frame(tile, data).shown
    assert written(pl.Series([FIRST, LAST]).cast(pl.Datetime("us"))) == [
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59.999999",
    ]
