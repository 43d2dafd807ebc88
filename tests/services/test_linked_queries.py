"""Links of a real project file: ingested, asked through the service, compared with joins of plain polars."""

from typing import Any

import msgspec
import polars as pl
import pytest

from domain.collections import DataCollection
from domain.filters import Clause
from domain.projects import Access
from domain.rows import SortKey
from domain.tiles import Aggregation, CardTile, FilterTile, FilterWidget, TableTile
from persistence.collections import CollectionRepository
from services.queries import Failure, Frame, Queries
from services.system import Services
from tests.services.conftest import Actors
from tests.survey import survey

CHOICES = [("reef",), ("kelp", "sand")]


@pytest.fixture(scope="module")
async def access(services: Services, actors: Actors) -> Access:
    return await survey.ingest(services, actors["owner"])


@pytest.fixture(scope="module")
async def held(services: Services, access: Access) -> dict[str, DataCollection]:
    return {one.tag: one for one in await services.collections.all(access)}


def clause(collection: DataCollection, column: str, *values: Any, op: Any = "in") -> Clause:
    return Clause(source="s", collection_id=collection.id, column=column, op=op, values=values)


def tables(held: dict[str, DataCollection]) -> list[TableTile]:
    return [TableTile(id=tag, collection_id=held[tag].id, page_size=1000) for tag in survey.TAGS]


def same_rows(found: object, expected: pl.DataFrame) -> None:
    """Rows in any order; dates are text in what polars has read."""
    assert isinstance(found, Frame), found
    data = found.data.with_columns(pl.col(pl.Date).cast(pl.String))
    assert sorted(map(str, data.rows())) == sorted(map(str, expected.rows()))
    assert found.rows_matched == expected.height


@pytest.mark.parametrize("values", CHOICES, ids=str)
async def test_a_filter_on_metadata_narrows_every_linked_collection(
    services: Services, access: Access, held: dict[str, DataCollection], values: tuple[str, ...]
) -> None:
    """Samples by one link, libraries and files by a second one; all in one request."""
    kept = pl.col("habitat").is_in(values)
    state = (clause(held["sites"], "habitat", *values),)
    found = await services.queries.answer(access, tables(held), state)
    for tag in survey.TAGS:
        expected = survey.of_sites(tag, kept)
        assert 0 < expected.height < survey.table(tag).height
        same_rows(found[tag], expected)


async def test_links_lead_one_way_and_a_disabled_one_nowhere(
    services: Services, access: Access, held: dict[str, DataCollection]
) -> None:
    """A filter on samples does not reach the sites; one on libraries reaches samples and, by these, the files."""
    found = await services.queries.answer(
        access, tables(held), (clause(held["diversity"], "shannon", 3, None, op="between"),)
    )
    libraries = survey.table("diversity").filter(pl.col("shannon") >= 3)
    kept = libraries["library"].str.head(5)
    same_rows(found["sites"], survey.table("sites"))
    same_rows(found["diversity"], libraries)
    same_rows(found["samples"], survey.table("samples").filter(pl.col("sample").is_in(kept.implode())))
    same_rows(found["taxa"], survey.table("taxa").filter(pl.col("table").str.head(5).is_in(kept.implode())))


async def test_pages_cards_and_controls_are_narrowed(
    services: Services, access: Access, held: dict[str, DataCollection]
) -> None:
    """Every way to ask for a collection's rows follows its links."""
    queries: Queries = services.queries
    kept = pl.col("protected") & (pl.col("depth_m") > 5)
    state = (clause(held["sites"], "protected", True), clause(held["sites"], "depth_m", 5.0001, None, op="between"))
    expected = survey.of_sites("diversity", kept)
    card = CardTile(id="card", collection_id=held["diversity"].id, column_name="richness", aggregation=Aggregation.SUM)
    [number] = (await queries.answer(access, [card], state)).values()
    assert isinstance(number, Frame)
    assert number.data["value"].item() == expected["richness"].sum()
    tile = TableTile(id="t", collection_id=held["diversity"].id)
    page = await queries.table_page(access, tile, state, offset=2, limit=3, sort=[SortKey("shannon")])
    assert isinstance(page, Frame)
    assert page.data["shannon"].to_list() == expected["shannon"].sort()[2:5].to_list()
    assert page.of == expected.height
    control = FilterTile(
        id="f",
        collection_id=held["taxa"].id,
        column_name="phylum",
        interactive_component_type=FilterWidget.MULTI_SELECT,
    )
    options = await queries.filter_options(access, control, state)
    assert isinstance(options, Frame)
    counts = survey.of_sites("taxa", kept).group_by("phylum").len()
    assert dict(options.data.iter_rows()) == dict(counts.iter_rows())


async def test_no_site_left_is_no_row_left(services: Services, access: Access, held: dict[str, DataCollection]) -> None:
    found = await services.queries.answer(access, tables(held), (clause(held["sites"], "habitat", "moon"),))
    assert {tag: one.rows_matched for tag, one in found.items() if isinstance(one, Frame)} == dict.fromkeys(
        survey.TAGS, 0
    )


async def test_a_column_that_is_gone_fails_the_linked_tiles(
    services: Services, access: Access, held: dict[str, DataCollection]
) -> None:
    """As after an ingest of other files: the tiles say which link, and the source's own tile answers."""
    assert access.project.source
    renamed = msgspec.structs.replace(access.project.source.links[0], source_column="place")
    source = msgspec.structs.replace(access.project.source, links=(renamed, *access.project.source.links[1:]))
    project = msgspec.structs.replace(access.project, source=source)
    changed = msgspec.structs.replace(access, project=project)
    found = await services.queries.answer(changed, tables(held), (clause(held["sites"], "habitat", "reef"),))
    assert isinstance(found["sites"], Frame)
    for tag in ("samples", "diversity", "taxa"):
        failure = found[tag]
        assert isinstance(failure, Failure)
        assert failure.message.startswith("The link sites.place → samples.place cannot be followed.")


async def test_a_linked_collection_without_rows_says_so(world: Any) -> None:
    """Registered and not ingested yet: its own tile and those behind it fail, once a filter reaches them."""
    assert await CollectionRepository(world.documents).of_project(world.project_id) == []
    access, collections = await world.services.ingestion.register(
        world.actors["editor"], survey.read_project_file(survey.PROJECT).description
    )
    held = {one.tag: one for one in collections}
    found = await world.services.queries.answer(access, tables(held), (clause(held["sites"], "habitat", "reef"),))
    assert all(isinstance(one, Failure) and "has no rows yet" in one.message for one in found.values())
