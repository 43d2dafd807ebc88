"""The condition of a whole dashboard over HTTP: checked while it is typed, exact on the tiles, kept by editors."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import polars as pl
import pytest

from dash_views import ids
from dash_views.whole_condition import ConditionAsk, unreached
from domain.collections import LostColumn
from domain.conditions import reached
from domain.dashboards import Dashboard
from domain.filters import WHERE
from domain.tiles import CardTile, Tile
from tests.dash_views.conftest import Town
from tests.dash_views.page import DashPage, answered
from tests.domain.test_conditions import SITES

HEAVY = "col('body_mass_g') > col('body_mass_g').mean() & col('species') != 'Adelie'"


async def said(page: DashPage, text: str) -> dict[str, Any]:
    """What the panel says of this condition."""
    answer = await page.post({"sequence": 1, "text": text}, name="_condition")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = msgspec.json.decode(answer.content[4 : 4 + int.from_bytes(answer.content[:4], "little")])
    return found


async def shown(page: DashPage, wishes: dict[str, Any]) -> dict[str, Any]:
    answer = await page.post_ask({"sequence": 1, "wishes": wishes})
    return answered(answer.content)


def matching(rows: pl.DataFrame) -> int:
    mass = pl.col("body_mass_g")
    return rows.filter((mass > mass.mean()) & (pl.col("species") != "Adelie")).height


async def test_a_condition_is_checked_and_counted_for_each_collection(town: Town, board: Dashboard) -> None:
    """Where it is wrong, how it is understood, and which data have none of its columns."""
    collections = await town.world.services.collections.all(town.penguins)
    other = next(one for one in collections if one.id != town.collection.id and one.column("body_mass_g") is None)
    card: Tile = CardTile(id="other", collection_id=other.id, column_name=other.columns[0].name)
    saved = await town.save(board, {**board.tiles, "other": card})
    page = await town.page("viewer", dashboard=saved)
    wrong = await said(page, "col('body_mass_g') > ")
    assert "".join(wrong["place"]).startswith("col('body_mass_g') >")
    assert "Character" in wrong["wrong"][0]
    assert (await said(page, "col('gone') == 1"))["wrong"] == ["No data of this dashboard have these columns."]
    [reach] = [one for one in (await said(page, "col('body_mas') > 1"))["reach"] if one["name"] == town.collection.tag]
    assert reach["words"] == "has no body_mas (did you mean body_mass_g?): not narrowed by it"
    right = await said(page, HEAVY)
    assert (right["wrong"], right["failure"]) == ([], None)
    assert right["read"].startswith("(col('body_mass_g') > ")
    left, total = matching(town.rows), town.rows.height
    assert {entry["name"]: (entry["words"], entry["holds"]) for entry in right["reach"]} == {
        town.collection.tag: (f"{left} of {total} rows", True),
        other.tag: ("has no body_mass_g: not narrowed by it", False),
    }


@pytest.mark.parametrize(
    ("own", "words"),
    [(False, "not narrowed by it"), (True, "its tiles fail until the condition is changed")],
)
def test_what_is_said_of_a_table_that_lost_its_column(own: bool, words: str) -> None:
    """A reader's condition leaves it alone; the dashboard's own one is not taken off its rows."""
    gone = LostColumn("mass", "double", 2, datetime(2026, 11, 1, tzinfo=UTC))
    visits = msgspec.structs.replace(SITES, tag="visits", lost=(gone,))
    [one] = reached("col('mass') > 1", [visits])
    said = unreached(one, ConditionAsk(1, "col('mass') > 1", own=own))
    assert said == {"name": "visits", "words": f"has lost mass: {words}", "holds": False}


async def test_a_condition_narrows_every_tile_exactly(town: Town, board: Dashboard) -> None:
    """As plain polars does; a broken one is a failure of the board, never all rows."""
    page = await town.page("viewer", dashboard=board)
    found = await shown(page, {WHERE: [["where", [HEAVY]]]})
    left = f"{matching(town.rows)} of {town.rows.height} rows"
    badges = {entry["badge"] for key, entry in found["tiles"].items() if board.tiles[key].collection_id}
    assert badges == {left}
    for text in ("col('gone') > 1", "col('body_mass_g') >"):
        refused = await shown(page, {WHERE: [["where", [text]]]})
        assert refused["failure"]
        assert refused["tiles"] == {}


async def test_editors_keep_a_condition_for_everybody(town: Town, board: Dashboard) -> None:
    """It narrows tiles and what filters offer, and says so; viewers cannot set it."""
    editor = await town.page("editor", "edit", board)
    answer = await editor.call(f"{ids.OWN_CONDITION}.value", {f"{ids.OWN_CONDITION}.value": HEAVY})
    assert answer[ids.TILES]["data"][WHERE]["own"] == HEAVY
    stored = await town.world.services.dashboards.stored(town.penguins, board.id)
    assert stored.filter_expr == HEAVY
    viewer = await town.page("viewer", dashboard=board)
    found = await shown(viewer, {})
    badges = {entry["badge"] for key, entry in found["tiles"].items() if board.tiles[key].collection_id}
    assert badges == {f"{matching(town.rows)} of {town.rows.height} rows"}
    species = viewer.props(ids.part("filter", "species"))["data"]
    assert {option["value"] for option in species} == {"Gentoo", "Chinstrap"}
    assert ids.OWN_CONDITION not in viewer.found
