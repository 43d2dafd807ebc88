"""Tables under the fixed filters of a share link: nothing of them tells of the rows that are not left."""

import polars as pl
import pytest

from domain.tiles import Aggregation, CardTile, FilterTile, FilterWidget
from persistence.frames.engine import answer, categories
from persistence.frames.narrowed import narrowed
from persistence.frames.shapes import Failure, Frame
from tests.persistence.frames.support import source
from tests.persistence.frames.test_frames_links import clause, failed, link, rows_of

SITES = pl.DataFrame({"site": ["a", "b", "c"], "coast": ["east", "west", "east"]})
CATCHES = pl.DataFrame({"site": ["a", "b", "c", "d", None], "weight": [1.0, 200.0, 3.0, 400.0, 500.0]})
SOURCES = {"sites": source(SITES), "catches": source(CATCHES)}
LINKS = (link("sites", "catches", "site"),)
EAST = (clause("sites", "coast", "east"),)


def test_the_table_of_the_clause_and_those_behind_links_have_only_these_rows() -> None:
    """And what a visitor filters besides can only take away."""
    left = narrowed(EAST, SOURCES, LINKS)
    assert rows_of("sites", (), left, LINKS) == [("a", "east"), ("c", "east")]
    assert rows_of("catches", (), left, LINKS) == [("a", 1.0), ("c", 3.0)]
    assert rows_of("catches", (clause("sites", "coast", "west"),), left, LINKS) == []
    assert rows_of("catches", (clause("sites", "site", "c", "b"),), left, LINKS) == [("c", 3.0)]


def test_choices_ranges_totals_and_comparisons_know_no_others() -> None:
    """A value that a visitor has chosen is not offered for being somewhere in the table."""
    left = narrowed(EAST, SOURCES, LINKS)
    choice = FilterTile(
        id="choice", collection_id="catches", column_name="site", interactive_component_type=FilterWidget.MULTI_SELECT
    )
    slider = FilterTile(
        id="slider", collection_id="catches", column_name="weight",
        interactive_component_type=FilterWidget.RANGE_SLIDER,
    )  # fmt: skip
    card = CardTile(id="card", collection_id="catches", column_name="weight", aggregation=Aggregation.MAX, compare=True)
    state = (clause("catches", "site", "a", "b", source="choice"),)
    found = answer([choice, slider, card], state, left, LINKS)
    offered, ends, number = found["choice"], found["slider"], found["card"]
    assert isinstance(offered, Frame)
    assert isinstance(ends, Frame)
    assert isinstance(number, Frame)
    assert sorted(offered.data["value"].to_list()) == ["a", "c"]
    assert ends.data.select("lowest", "highest").row(0) == (1.0, 3.0)
    assert (number.data["value"][0], number.data["all"][0], number.rows_total) == (1.0, 3.0, 2)
    catches = left["catches"]
    assert not isinstance(catches, Failure)
    assert categories(catches, "site") == ["a", "c"]


@pytest.mark.parametrize("clauses", [(clause("sites", "gone", "x"),), (clause("catches", "weight", "heavy"),)])
def test_a_clause_that_does_not_hold_shows_nothing(clauses: tuple[object, ...]) -> None:
    """A column that is gone, a value of another type: every tile that it reaches says so."""
    left = narrowed(clauses, SOURCES, LINKS)  # type: ignore[arg-type]
    assert "The rows that this link shows cannot be found." in failed("catches", (), left, LINKS).message
