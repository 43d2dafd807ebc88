"""Blocks of a table over HTTP; and what is shown when a filter or a table cannot be had: never unfiltered data."""

from typing import Any

import polars as pl
import pytest

from domain.tiles import Aggregation, CardTile, FigureTile, FilterTile, FilterWidget, TableTile, TextTile, Tile, Visu
from tests.dash_views.conftest import Town
from tests.dash_views.test_board_http import CARDS, DIARY, FIGURES, SHOWN, TABLE_COLUMNS, known_after, notice, of, text


async def test_a_page_of_a_table_is_sorted_filtered_and_counted(town: Town) -> None:
    """By its headers, under the filters of the board; any block of it."""
    page = await town.page()
    sort = [{"colId": "species", "sort": "asc"}, {"colId": "body_mass_g", "sort": "desc"}]
    model = {
        "sex": {"filterType": "text", "type": "equals", "filter": "female"},
        "body_mass_g": {"filterType": "number", "type": "inRange", "filter": 3000, "filterTo": 4700},
    }
    found = await page.rows(
        "rows", {"island": [["in", ["Biscoe", "Dream"]]]}, startRow=10, endRow=30, sortModel=sort, filterModel=model
    )
    kept = pl.col("island").is_in(["Biscoe", "Dream"]) & (pl.col("sex") == "female")
    rows = town.rows.filter(kept & pl.col("body_mass_g").is_between(3000, 4700)).sort(
        "species", "body_mass_g", descending=[False, True], maintain_order=True
    )
    assert found["ticket"] == 1
    assert found["page"]["rowCount"] == rows.height > 30
    expected = rows.slice(10, 20).select(TABLE_COLUMNS).to_dicts()
    assert found["page"]["rowData"] == expected


@pytest.mark.parametrize(
    ("wishes", "request_", "message"),
    [
        ({"gone": [["in", ["x"]]]}, {}, "tile that is gone"),
        ({"species": [["between", [1, 2]]]}, {}, "does not fit"),
        ({}, {"sortModel": [{"colId": "nothing", "sort": "asc"}]}, "nothing"),
        ({}, {"filterModel": {"sex": {"type": "unheard"}}}, "filter cannot be read"),
    ],
)
async def test_rows_that_cannot_be_had_are_a_failure_and_never_unfiltered(
    town: Town, wishes: dict[str, Any], request_: dict[str, Any], message: str
) -> None:
    """The reason in words; no row."""
    found = await (await town.page()).rows("rows", wishes, **request_)
    assert message in found["failure"]
    assert "page" not in found


# -- failures


@pytest.mark.parametrize(
    "wishes",
    [
        {"gone": [["in", ["x"]]]},
        {"gone": []},
        {"species": [["between", [1, 2]]]},
        {"penguins": [["in", ["x"]]]},
        {"species": [["in", ["Adelie"]]], "gone": [["in", ["x"]]]},
    ],
)
async def test_a_wish_that_cannot_be_kept_shows_no_data(town: Town, wishes: dict[str, Any]) -> None:
    """A filter of a deleted tile, or one that does not fit: a message, and no tile is touched."""
    answer = await (await town.page()).ask(wishes)
    assert answer["failure"]
    assert answer["tiles"] == answer["signatures"] == {}


async def test_a_value_that_does_not_suit_its_column_fails_the_tiles_and_not_the_page(town: Town) -> None:
    """Each tile says so in its place; none shows unfiltered rows."""
    answer = await (await town.page()).ask({"body-mass": [["between", ["heavy", None]]]})
    assert known_after(answer) == {}
    notices = [of(answer, "notice", tile) for tile in SHOWN]
    assert all(one == notices[0] and one["text"] and one["failed"] for one in notices)
    assert {of(answer, "number", tile) for tile in CARDS} == {None}
    assert [of(answer, "figure", tile)["data"] for tile in FIGURES] == [[]] * 4
    assert of(answer, "page", "rows")["response"] == {"rowData": [], "rowCount": 0}


async def test_a_deleted_collection_fails_its_own_tiles_alone(town: Town) -> None:
    """Card, figure, table and filter on it say why; the board opens, and the others are right."""
    access = await town.world.project(town.users["owner"], viewer=town.users["viewer"])
    kept, gone = [await town.add_table(access, tag, DIARY) for tag in ("kept", "gone")]
    tiles: list[Tile] = [
        CardTile(id="whole", collection_id=kept.id, column_name="value", aggregation=Aggregation.SUM),
        CardTile(id="card", collection_id=gone.id, column_name="value", aggregation=Aggregation.SUM),
        FigureTile(id="points", collection_id=gone.id, visu_type=Visu.SCATTER, x="dose", y="value", color="where"),
        TableTile(id="table", collection_id=gone.id),
        TextTile(id="words", body="Words"),
        FilterTile(
            id="where", collection_id=gone.id, column_name="where", interactive_component_type=FilterWidget.MULTI_SELECT
        ),
    ]
    empty = await town.world.services.dashboards.create(access, "Half")
    board = await town.save(empty, {tile.id: tile for tile in tiles}, access)
    await town.world.collections.remove(gone.id)
    for app in ("view", "edit"):
        page = await town.page("owner", app, board)
        assert "deleted" in text(page.layout)
        answer = await page.ask({"where": [["in", ["a"]]]})
        assert of(answer, "number", "whole")["value"] == "21.00"
        assert notice(answer, "whole") == ""
        for tile in ("card", "points", "table"):
            assert "does not exist in this project; it may have been deleted" in notice(answer, tile)
        assert (of(answer, "number", "card"), of(answer, "figure", "points")["data"]) == (None, [])
        assert set(known_after(answer)) == {"whole"}
        assert "failure" in await page.rows("table")
