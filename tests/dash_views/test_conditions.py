"""A tile's condition in the form: checked while it is typed, saved with the tile, and what the tile is made of."""

from typing import Any

import polars as pl
import pytest

from dash_views import ids
from domain.dashboards import Dashboard
from domain.tiles import CardTile
from tests.dash_views.conftest import Town
from tests.dash_views.page import DashPage, key
from tests.dash_views.test_board_saves import SAVE, new_form, typed


def words(node: Any) -> str:
    """The text of what is shown."""
    if isinstance(node, list):
        return "".join(map(words, node))
    if isinstance(node, dict):
        return words(node.get("props", {}).get("children"))
    return "" if node is None else str(node)


async def said(page: DashPage, text: str) -> str:
    """What the form says of this condition."""
    field = ids.field("filter_expr")
    page.props(field)["value"] = text
    answer = await page.call(f"{ids.CONDITION}.children", {f"{key(field)}.value": text})
    return words(answer[ids.CONDITION]["children"])


@pytest.fixture
async def page(town: Town, board: Dashboard) -> DashPage:
    """The editor with the form of a new card."""
    page = await town.page("editor", "edit", board)
    await new_form(page, "card")
    return page


async def test_the_form_says_how_a_condition_is_understood_and_how_many_rows_it_keeps(page: DashPage) -> None:
    """With all parentheses, so that nobody has to know which sign binds more tightly."""
    found = await said(page, "col('body_mass_g') > 4000 & col('species') == 'Gentoo'")
    assert found.startswith("Understood as (col('body_mass_g') > 4000) & (col('species') == 'Gentoo')")
    assert found.endswith("of 342 rows.")
    assert await said(page, "  ") == ""


async def test_the_form_names_the_place_of_a_fault_and_a_remedy(page: DashPage) -> None:
    """While somebody types; the place is marked in the text."""
    assert await said(page, "col('spezies') == 'a'") == (
        "col('spezies') == 'a'Character 1: the table has no column 'spezies'; did you mean 'species'?"
    )
    assert "something is missing at the end" in await said(page, "col('species') ==")


async def test_a_tile_is_saved_with_its_condition_and_shows_those_rows(
    town: Town, board: Dashboard, page: DashPage
) -> None:
    """The number is that of plain polars; a condition that cannot be read is not stored."""
    text = "col('body_mass_g') > col('body_mass_g').mean().over('species')"
    await typed(page, column_name="body_mass_g", aggregation="count", filter_expr="col('body_mass_g') >")
    refused = await page.act(SAVE, {f"{ids.SAVE}.n_clicks": 1})
    assert "cannot be saved" in refused[ids.FORM_ERROR]["children"]
    await typed(page, column_name="body_mass_g", aggregation="count", filter_expr=text)
    await page.act(SAVE, {f"{ids.SAVE}.n_clicks": 1})
    stored = await town.stored(board)
    (tile,) = [one for one in stored.tiles.values() if isinstance(one, CardTile) and one.filter_expr]
    assert tile.filter_expr == text
    kept = town.rows.filter(pl.col("body_mass_g") > pl.col("body_mass_g").mean().over("species"))
    answer = await page.ask()
    assert answer["tiles"][tile.id]["number"]["value"] == str(kept.height)
