"""Exports over REST and from a dashboard's page: files for those who may see the data, problems for what is wrong."""

import json
from typing import NamedTuple

import polars as pl
import pytest

from domain.people import User
from domain.tiles import FilterTile, FilterWidget, TableTile
from tests.web.test_rest import _problem
from tests.web.world import PENGUINS, World


class Place(NamedTuple):
    owner: User
    viewer: User
    rest: str
    page: str


@pytest.fixture
async def place(world: World) -> Place:
    """A shared dashboard with a table and a filter."""
    owner, viewer = await world.user(), await world.user()
    access = await world.project(owner, viewer=viewer)
    collection = await world.collection(access)
    dashboard = await world.services.dashboards.create(access, "Birds")
    await world.services.dashboards.add_tile(access, dashboard.id, TableTile(id="rows", collection_id=collection.id))
    choice = FilterTile(
        id="species",
        collection_id=collection.id,
        column_name="species",
        interactive_component_type=FilterWidget.MULTI_SELECT,
    )
    await world.services.dashboards.add_tile(access, dashboard.id, choice)
    end = f"dashboards/{dashboard.id}/tiles/rows/export"
    return Place(owner, viewer, f"/api/v1/{end}", f"/{end}")


async def test_a_viewer_exports_over_rest(world: World, place: Place) -> None:
    """Filtered and sorted, as Parquet with its types and as CSV with a file name."""
    heavy = {"column": "bill_mm", "op": "between", "values": [40, None]}
    asked = {"filters": [heavy], "sort": [{"column": "count", "descending": True}]}
    async with await world.bearer(place.viewer) as http:
        parquet = await http.post(place.rest, json={**asked, "format": "parquet"})
        csv = await http.post(place.rest, json=asked)
    assert (parquet.status_code, csv.status_code) == (200, 200)
    expected = PENGUINS.filter(pl.col("bill_mm") >= 40).sort("count", descending=True)
    assert pl.read_parquet(parquet.content).equals(expected)
    assert csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert csv.headers["content-disposition"].startswith('attachment; filename="Birds-Table-')
    assert csv.text == expected.write_csv()


async def test_what_is_wrong_is_a_problem_and_no_file(world: World, place: Place) -> None:
    """A stranger, a tile that is gone, a column that is none, a format that is none."""
    async with await world.bearer(await world.user()) as http:
        _problem(await http.post(place.rest, json={}), 404)
    async with await world.bearer(place.viewer) as http:
        _problem(await http.post(place.rest.replace("/rows/", "/gone/"), json={}), 404)
        gone = {"column": "gone", "op": "in", "values": [1]}
        assert "gone" in json.dumps(_problem(await http.post(place.rest, json={"filters": [gone]}), 422))
        _problem(await http.post(place.rest, json={"format": "xlsx"}), 422)
        _problem(await http.post(place.rest, json={"sort": [{"column": "gone"}]}), 422)


async def test_the_page_exports_what_its_filters_and_headings_leave(world: World, place: Place) -> None:
    """By a form, for a browser writes its answer to a file as it comes."""
    browser = await world.browser(place.viewer)
    table = {
        "sortModel": [{"colId": "count", "sort": "desc"}],
        "filterModel": {"count": {"type": "greaterThan", "filter": 1}},
    }
    asked = {"content": "rows", "format": "csv", "wishes": {"species": [["in", ["Gentoo", None]]]}, "table": table}
    answer = await browser.post(place.page, asked=json.dumps(asked))
    expected = PENGUINS.filter(pl.col("count").is_in([2, 3])).sort("count", descending=True)
    assert (answer.status_code, answer.text) == (200, expected.write_csv())


async def test_the_page_refuses_what_no_menu_sends(world: World, place: Place) -> None:
    """Strangers see nothing, other sites cannot ask, and what cannot be read says so."""
    fine = json.dumps({"content": "rows", "format": "csv"})
    stranger = await world.browser(await world.user())
    assert (await stranger.post(place.page, asked=fine)).status_code == 404
    browser = await world.browser(place.viewer)
    assert (await browser.post(place.page, asked="{")).status_code == 422
    assert (await browser.http.post(place.page, data={"asked": fine})).status_code == 403
