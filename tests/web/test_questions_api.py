"""REST: the data of single tiles, as different people ask for it."""

from typing import Any, NamedTuple

import httpx
import pytest

from domain.people import User
from domain.tiles import TableTile
from tests.web.test_rest import _problem
from tests.web.world import PENGUINS, World

CARD = {"component_type": "card", "data_collection_tag": "penguins", "column_name": "bill_mm", "aggregation": "max"}
HEAVY = {"column": "bill_mm", "op": "between", "values": [40, None]}


class Place(NamedTuple):
    """A shared project with a dashboard of one table, and the two addresses that answer."""

    owner: User
    viewer: User
    tile: str
    project: str


@pytest.fixture
async def place(world: World) -> Place:
    owner, viewer = await world.user(), await world.user()
    access = await world.project(owner, viewer=viewer)
    collection = await world.collection(access)
    dashboard = await world.services.dashboards.create(access, "Birds")
    await world.services.dashboards.add_tile(access, dashboard.id, TableTile(id="rows", collection_id=collection.id))
    tile = f"/api/v1/dashboards/{dashboard.id}/tiles/rows/answer"
    return Place(owner, viewer, tile, f"/api/v1/projects/{access.project.id}/query")


async def test_a_viewer_gets_the_rows_of_a_tile(world: World, place: Place) -> None:
    """A page, sorted and filtered, with its counts."""
    async with await world.bearer(place.viewer) as http:
        asked = {"filters": [HEAVY], "sort": [{"column": "count", "descending": True}], "limit": 2}
        answer = await http.post(place.tile, json=asked)
    assert answer.status_code == 200
    expected = PENGUINS.filter(PENGUINS["bill_mm"] >= 40).sort("count", descending=True)
    assert answer.json() == {
        "tile": "rows",
        "rows_total": 4,
        "rows_matched": 3,
        "shown": 2,
        "of": 3,
        "columns": [
            {"name": "species", "dtype": "String"},
            {"name": "bill_mm", "dtype": "Float64"},
            {"name": "count", "dtype": "Int64"},
        ],
        "rows": expected.head(2).to_dicts(),
    }


async def test_a_viewer_asks_a_component(world: World, place: Place) -> None:
    async with await world.bearer(place.viewer) as http:
        answer = await http.post(place.project, json={"component": CARD, "filters": [HEAVY]})
    assert (answer.status_code, answer.json()["rows"]) == (200, [{"value": 50.0, "values": 3}])


async def test_strangers_and_visitors_get_nothing(world: World, place: Place) -> None:
    """404 for an account that may not see the project, 401 without one, by token or by session."""
    bodies: dict[str, Any] = {place.tile: {}, place.project: {"component": CARD}}
    async with await world.bearer(await world.user()) as stranger, world.client() as visitor:
        for path, body in bodies.items():
            _problem(await stranger.post(path, json=body), 404)
            _problem(await visitor.post(path, json=body), 401)
            forged = {"authorization": "Bearer x.y.z"}
            _problem(await visitor.post(path, json=body, headers=forged), 401)


async def test_an_unknown_dashboard_tile_or_project_is_not_found(world: World, place: Place) -> None:
    async with await world.bearer(place.owner) as http:
        _problem(await http.post(place.tile.replace("/rows/", "/gone/"), json={}), 404)
        _problem(await http.post(f"/api/v1/dashboards/{'0' * 24}/tiles/rows/answer", json={}), 404)
        _problem(await http.post(f"/api/v1/projects/{'0' * 24}/query", json={"component": CARD}), 404)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"filter": []}, "filter"),
        ({"filters": [{"column": "species", "op": "like", "values": []}]}, "like"),
        ({"filters": [{"column": "species", "op": "in", "values": [["a"]]}]}, "values"),
        ({"filters": [{"column": "specis", "op": "in", "values": ["a"]}]}, "did you mean species?"),
        ({"filters": [{"column": "count", "op": "in", "values": ["many"]}]}, "'many' is not a number"),
        ({"wishes": {"gone": [["in", ["a"]]]}}, "gone"),
        ({"wishes": {"rows": [["in"]]}}, "wishes"),
        ({"offset": -1}, "starting at 0"),
        ({"offset": 2**62}, "starting at 0"),
        ({"limit": 1001}, "1 to 1000 rows"),
        ({"limit": "all"}, "limit"),
        ({"sort": [{"column": "count", "desc": True}]}, "desc"),
        ({"sort": [{"column": "weight"}]}, "weight"),
    ],
    ids=str,
)
async def test_bad_questions_name_what_is_wrong(world: World, place: Place, body: dict[str, Any], named: str) -> None:
    async with await world.bearer(place.viewer) as http:
        fault = _problem(await http.post(place.tile, json=body), 422)
    assert named in f"{fault['detail']} {fault.get('errors')}"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"component_type": "hologram"}, "component_type"),
        ({"data_collection_tag": "trees"}, "'trees'"),
        ({"column_name": "weight"}, "'weight'"),
        ({"colour": "red"}, "colour"),
    ],
    ids=str,
)
async def test_bad_components_name_what_is_wrong(
    world: World, place: Place, change: dict[str, Any], named: str
) -> None:
    async with await world.bearer(place.viewer) as http:
        fault = _problem(await http.post(place.project, json={"component": {**CARD, **change}}), 422)
        missing = _problem(await http.post(place.project, json={}), 422)
    assert named in f"{fault['detail']} {fault.get('errors')}"
    assert "component" in str(missing["errors"])


async def test_a_component_reaches_no_other_project(world: World, place: Place) -> None:
    """The id of another project's collection proves nothing."""
    foreign = await world.collection(await world.project(await world.user()))
    card = {key: value for key, value in CARD.items() if key != "data_collection_tag"}
    async with await world.bearer(place.owner) as http:
        answer: httpx.Response = await http.post(
            place.project, json={"component": {**card, "collection_id": foreign.id}}
        )
    assert "does not exist in this project" in _problem(answer, 422)["detail"]
