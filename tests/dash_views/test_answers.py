"""What stands on a tile beside its figure: numbers for people, notices, badges, pages of rows."""

from datetime import date, datetime
from typing import Any

import orjson
import polars as pl
import pytest

from dash_views import answers
from dash_views.answers import BLANK, Notice, Number
from dash_views.figures.colours import Palette
from dash_views.texts import number_text
from domain.filters import Clause
from domain.tiles import Aggregation, CardTile, TableTile, Visu
from services.queries import Failure
from tests.dash_views.test_figures import GENTOO, engine_frame, frame, tile

SPACE = "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (342, 2, "342"),
        (12_011_000, 2, f"12{SPACE}011{SPACE}000"),
        (4201.754386, 0, f"4{SPACE}202"),
        (4201.754386, 2, f"4{SPACE}201.75"),
        (0.0, 2, "0.00"),
        (-1234.5, 1, f"-1{SPACE}234.5"),
        (0.00012, 2, "1.20e-04"),
        (0.00012, 0, "1.20e-04"),
        (1.5e9, 3, "1.500e+09"),
        (999_999_999.4, 0, f"999{SPACE}999{SPACE}999"),
        (True, 2, "true"),
        ("Adelie", 2, "Adelie"),
        (date(2007, 1, 2), 2, "2007-01-02"),
        (datetime(2007, 1, 2, 3, 4, 5), 2, "2007-01-02 03:04"),  # noqa: DTZ001
    ],
)
def test_numbers_are_written_for_people(value: object, decimals: int, expected: str) -> None:
    assert number_text(value, decimals) == expected


def card(**more: Any) -> CardTile:
    return CardTile(id="t", collection_id="c", **more)


def test_a_card_says_its_number_and_what_it_is_made_of() -> None:
    mean = card(column_name="bill", decimals=2, unit="mm")
    assert answers.number_of(mean, engine_frame(mean)) == Number("45.00", "mm", "mean of bill · 7 values")
    kinds = card(column_name="species", aggregation=Aggregation.NUNIQUE)
    assert answers.number_of(kinds, engine_frame(kinds)) == Number("3", "", "different values of species · 7 values")


def test_a_card_without_values_says_so_and_not_zero() -> None:
    """The mean of nothing is not a number; neither is the unit shown."""
    mean = card(column_name="bill", unit="mm")
    none = Clause(source="f", collection_id="c", column="species", op="in", values=())
    found = engine_frame(mean, none)
    assert answers.number_of(mean, found) == Number("—", "", "mean of bill · 0 values")
    assert answers.badge_of(mean, found) == "0 of 8 rows"


def test_a_failure_is_shown_in_place_of_the_tile() -> None:
    """No stale figure, number or page under it."""
    failure = Failure("The table cannot be read.")
    assert answers.figure_of(tile(Visu.SCATTER, "bill", "mass"), failure, Palette()) == BLANK
    assert answers.number_of(card(column_name="bill"), failure) is None
    assert answers.page_of(failure) == {"rowData": [], "rowCount": 0}
    assert answers.badge_of(card(column_name="bill"), failure) == ""
    assert answers.notice_of(failure) == Notice("The table cannot be read.", failed=True)


def test_an_empty_tile_says_why() -> None:
    """Filters that leave nothing are not the same as a table without rows."""
    asked = tile(Visu.SCATTER, "bill", "mass")
    none = frame(pl.DataFrame({"x": [], "y": []}), rows_total=8)
    assert answers.figure_of(asked, none, Palette()) == BLANK
    assert answers.notice_of(none) == Notice("No rows match the filters.")
    bare = frame(pl.DataFrame({"x": [], "y": []}))
    assert answers.notice_of(bare) == Notice("The table has no rows yet.")
    assert answers.notice_of(frame(pl.DataFrame({"x": [1.0], "y": [1.0]}))) is None


@pytest.mark.parametrize(
    ("visu", "words"),
    [
        (Visu.SCATTER, "points"),
        (Visu.LINE, "points"),
        (Visu.BAR, "bars"),
        (Visu.HISTOGRAM, "bars"),
        (Visu.BOX, "boxes"),
    ],
)
def test_a_badge_says_what_was_left_out(visu: Visu, words: str) -> None:
    found = frame(pl.DataFrame(), shown=9_900, of=12_011_000, rows_total=12_011_000, rows_matched=12_011_000)
    said = answers.badge_of(tile(visu, "a", "b"), found)
    assert said == f"9{SPACE}900 of 12{SPACE}011{SPACE}000 {words}"


def test_a_sample_of_the_engine_says_that_it_is_one() -> None:
    asked = tile(Visu.SCATTER, "bill", "mass", max_points=4)
    assert answers.badge_of(asked, engine_frame(asked)) == "4 of 7 points"


def test_a_badge_counts_the_rows_that_filters_leave() -> None:
    """Silent as long as nothing is filtered."""
    asked = tile(Visu.HISTOGRAM, "mass")
    assert answers.badge_of(asked, engine_frame(asked)) == ""
    assert answers.badge_of(asked, engine_frame(asked, GENTOO)) == "3 of 8 rows"


def test_a_page_holds_its_rows_as_json_and_counts_all() -> None:
    asked = TableTile(id="t", collection_id="c", columns=("species", "male", "seen"), page_size=2)
    found = answers.page_of(engine_frame(asked))
    assert found == {
        "rowData": [
            {"species": "Adelie", "male": "true", "seen": "2007-01-01"},
            {"species": "Adelie", "male": "false", "seen": "2007-01-02"},
        ],
        "rowCount": 8,
    }
    assert orjson.loads(orjson.dumps(found)) == found
