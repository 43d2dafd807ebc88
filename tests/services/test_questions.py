"""Questions to one tile: plain values that equal those of polars, and errors instead of failures."""

import math
from typing import Any

import msgspec
import polars as pl
import pytest

from domain.dashboards import Dashboard
from domain.errors import Forbidden, Invalid, NotFound, Unavailable
from domain.questions import AnswerColumn, DashboardQuestion, ProjectQuestion, Restriction
from domain.rows import SortKey
from domain.tiles import CardTile, FilterTile, FilterWidget, TableTile, TextTile
from persistence.collections import CollectionRepository
from persistence.tables import Tables
from services.dashboards import DashboardAccess
from services.queries import Queries
from services.questions import Questions
from tests.survey import survey

DATA = pl.DataFrame(
    {
        "species": ["Adélie", "Gentoo", "Adélie", None],
        "mass": [3.5, 5.0, math.nan, -math.inf],
        "day": pl.Series(["2024-05-01", None, "2024-05-03", "2024-05-04"]).str.to_date(),
    }
)
ADELIE = Restriction("species", "in", ("Adélie",))


@pytest.fixture
async def opened(world: Any) -> DashboardAccess:
    """A dashboard with one tile of each kind over one collection, as its viewer opens it."""
    collection = await world.add_collection(DATA, tag="birds")
    shown = {"collection_id": collection.id}
    control = FilterWidget.MULTI_SELECT
    tiles = [
        CardTile(id="mean", column_name="mass", **shown),
        TableTile(id="rows", page_size=2, selection_column="species", **shown),
        FilterTile(id="species", column_name="species", interactive_component_type=control, **shown),
        TextTile(id="words", body="Birds"),
    ]
    access = await world.services.projects.open(world.actors["owner"], world.project_id)
    dashboard: Dashboard = await world.services.dashboards.create(access, "Birds")
    for tile in tiles:
        await world.services.dashboards.add_tile(access, dashboard.id, tile)
    found: DashboardAccess = await world.services.dashboards.open(world.actors["viewer"], dashboard.id)
    return found


async def test_a_table_is_a_page_of_plain_values(world: Any, opened: DashboardAccess) -> None:
    """NaN is missing, infinity is a word, and the tile's page size holds unless another is asked for."""
    answer = await world.services.questions.of_dashboard(opened, "rows", DashboardQuestion())
    assert [row["species"] for row in answer.rows] == ["Adélie", "Gentoo"]
    assert answer.columns == (
        AnswerColumn("species", "String"),
        AnswerColumn("mass", "Float64"),
        AnswerColumn("day", "Date"),
    )
    assert (answer.rows_total, answer.rows_matched, answer.shown, answer.of) == (4, 4, 2, 4)
    asked = DashboardQuestion(offset=2, limit=3)
    last = msgspec.to_builtins(await world.services.questions.of_dashboard(opened, "rows", asked))
    assert last["rows"] == [
        {"species": "Adélie", "mass": None, "day": "2024-05-03"},
        {"species": None, "mass": "-inf", "day": "2024-05-04"},
    ]


async def test_filters_wishes_and_sorts_narrow_together(world: Any, opened: DashboardAccess) -> None:
    asked = DashboardQuestion(
        filters=(Restriction("day", "between", ("2024-05-02", None)),),
        wishes={"species": (("in", ("Adélie", None)),)},
        sort=(SortKey("day", descending=True),),
    )
    answer = await world.services.questions.of_dashboard(opened, "rows", asked)
    assert [row["species"] for row in answer.rows] == [None, "Adélie"]
    assert answer.rows_matched == 2


async def test_a_selection_of_the_tile_itself_does_not_narrow_it(world: Any, opened: DashboardAccess) -> None:
    """As on the dashboard, where another one can be selected."""
    asked = DashboardQuestion(wishes={"rows": (("in", ("Gentoo",)),)})
    own = await world.services.questions.of_dashboard(opened, "rows", asked)
    other = await world.services.questions.of_dashboard(opened, "mean", asked)
    assert (own.rows_matched, other.rows_matched, other.rows[0]["value"]) == (4, 1, 5.0)


async def test_a_control_offers_its_choices_under_a_filter(world: Any, opened: DashboardAccess) -> None:
    answer = await world.services.questions.of_dashboard(opened, "species", DashboardQuestion(filters=(ADELIE,)))
    assert answer.rows == [{"value": "Adélie", "count": 2}]


async def test_a_component_of_no_dashboard_is_answered(world: Any, opened: DashboardAccess) -> None:
    component = {"component_type": "card", "data_collection_tag": "birds", "column_name": "species"}
    asked = ProjectQuestion(component={**component, "aggregation": "nunique"}, filters=(ADELIE,))
    answer = await world.services.questions.of_project(opened.access, asked)
    assert (answer.tile, answer.rows) == ("tile", [{"value": 1, "values": 2}])


@pytest.mark.parametrize(
    ("tile", "asked", "message"),
    [
        ("words", {}, "text tile"),
        ("mean", {"limit": 1}, "Only tables"),
        ("rows", {"limit": 1001}, "1 to 1000 rows"),
        ("rows", {"offset": -1}, "starting at 0"),
        ("rows", {"sort": (SortKey("weight"),)}, "no column 'weight'"),
        ("mean", {"filters": (Restriction("weight", "in", ()),)}, "cannot be applied"),
        ("mean", {"filters": (Restriction("mass", "in", ("heavy",)),)}, "'heavy' is not a number"),
        ("mean", {"filters": (Restriction("mass", "between", (1,)),)}, "a lowest and a highest"),
        ("mean", {"wishes": {"gone": (("in", ()),)}}, "a tile that is gone"),
        ("mean", {"wishes": {"species": (("between", (1, 2)),)}}, "does not fit its tile"),
    ],
    ids=str,
)
async def test_what_cannot_be_asked_is_invalid(
    world: Any, opened: DashboardAccess, tile: str, asked: dict[str, Any], message: str
) -> None:
    with pytest.raises(Invalid, match=message):
        await world.services.questions.of_dashboard(opened, tile, DashboardQuestion(**asked))


async def test_an_unknown_tile_is_not_found(world: Any, opened: DashboardAccess) -> None:
    with pytest.raises(NotFound, match="no tile 'heaviest'"):
        await world.services.questions.of_dashboard(opened, "heaviest", DashboardQuestion())


async def test_a_failed_tile_is_an_error(world: Any, opened: DashboardAccess) -> None:
    """A table without rows, one that is gone from storage, and one that takes too long."""
    await world.add_collection(tag="empty")
    component = {"component_type": "table", "data_collection_tag": "empty"}
    with pytest.raises(Invalid, match="no rows yet"):
        await world.services.questions.of_project(opened.access, ProjectQuestion(component=component))
    repository = CollectionRepository(world.documents)
    lost = await world.add_collection(DATA, tag="lost")
    await repository.replace(msgspec.structs.replace(lost, table_path="tables/elsewhere"))
    component = {**component, "data_collection_tag": "lost"}
    with pytest.raises((Invalid, Unavailable)):
        await world.services.questions.of_project(opened.access, ProjectQuestion(component=component))
    hasty = Queries(repository, Tables(world.objects), 0.0)
    with pytest.raises(Unavailable, match="longer than"):
        await Questions(hasty, world.services.collections).of_dashboard(opened, "mean", DashboardQuestion())
    hasty.close()


async def test_without_the_capability_nothing_is_read(world: Any, opened: DashboardAccess) -> None:
    bare = msgspec.structs.replace(opened.access, capabilities=frozenset())
    component = {"component_type": "table", "data_collection_tag": "birds"}
    with pytest.raises(Forbidden, match="data:view"):
        await world.services.questions.of_project(bare, ProjectQuestion(component=component))
    without = msgspec.structs.replace(opened, access=bare)
    for tile in ("rows", "words"):
        with pytest.raises(Forbidden, match="data:view"):
            await world.services.questions.of_dashboard(without, tile, DashboardQuestion())


async def test_a_filter_on_a_linked_table_reaches_the_tile(world: Any) -> None:
    """The same rows as joins of plain polars leave; against the links' direction it is refused."""
    access = await survey.ingest(world.services, world.actors["editor"])
    table = {"component_type": "table", "data_collection_tag": "diversity", "page_size": 1000}
    reef = Restriction("sites.habitat", "in", ("reef",))
    answer = await world.services.questions.of_project(access, ProjectQuestion(component=table, filters=(reef,)))
    expected = survey.of_sites("diversity", pl.col("habitat") == "reef")
    assert 0 < expected.height < survey.table("diversity").height
    assert sorted(row["library"] for row in answer.rows) == sorted(expected["library"])
    back = ProjectQuestion(
        component={**table, "data_collection_tag": "sites"},
        filters=(Restriction("diversity.shannon", "between", (3, None)),),
    )
    with pytest.raises(Invalid) as raised:
        await world.services.questions.of_project(access, back)
    assert "no link leads from diversity to sites" in raised.value.problems[0].message
