"""Queries through projects: who may ask, which tables they reach, what happens when these are not there."""

import math
from typing import Any

import msgspec
import polars as pl
import pytest

from domain.errors import DomainError, Forbidden, NotFound, Unavailable
from domain.filters import Clause
from domain.projects import Access
from domain.rows import ColumnFilter, Condition, SortKey
from domain.tiles import Aggregation, Box, CardTile, FigureTile, FilterTile, FilterWidget, TableTile, TextTile, Visu
from persistence.collections import CollectionRepository
from persistence.frames import engine
from persistence.tables import Tables
from services.queries import ColumnProfile, Failure, Frame, Queries

DATA = pl.DataFrame({"species": ["Adélie", "Gentoo", "Adélie", None], "mass": [3.5, 5.0, math.nan, 4.0]})


async def opened(world: Any, actor: str = "viewer") -> Access:
    """The proof that this actor may see the world's project."""
    return await world.services.projects.open(world.actors[actor], world.project_id)


def mean(collection_id: str, tile_id: str = "mean") -> CardTile:
    """A card of the mean mass."""
    return CardTile(id=tile_id, collection_id=collection_id, column_name="mass", aggregation=Aggregation.MEAN)


@pytest.mark.parametrize("actor", ["owner", "editor", "viewer", "admin"])
async def test_whoever_sees_the_project_reads_its_tiles(world: Any, actor: str) -> None:
    """All roles hold data:view."""
    collection = await world.add_collection(DATA)
    found = await world.services.queries.answer(await opened(world, actor), [mean(collection.id)], ())
    assert found["mean"].data["value"].item() == pytest.approx(12.5 / 3)
    assert (found["mean"].rows_total, found["mean"].rows_matched) == (4, 4)


async def test_without_the_capability_nothing_is_read(world: Any) -> None:
    """Each use case asks for data:view itself."""
    collection = await world.add_collection(DATA)
    bare = msgspec.structs.replace(await opened(world), capabilities=frozenset())
    queries: Queries = world.services.queries
    tile = TableTile(id="t", collection_id=collection.id)
    control = FilterTile(
        id="f", collection_id=collection.id, column_name="mass", interactive_component_type=FilterWidget.TEXT
    )
    for act in (
        queries.answer(bare, [mean(collection.id)], ()),
        queries.answer(bare, [], ()),
        queries.table_page(bare, tile, (), offset=0, limit=10),
        queries.filter_options(bare, control, ()),
        queries.profile(bare, collection.id),
        queries.categories(bare, collection.id, "species"),
    ):
        with pytest.raises(Forbidden, match="data:view"):
            await act


async def test_another_projects_collection_is_not_in_this_project(world: Any, new_world: Any) -> None:
    """An id from the browser proves nothing; the tiles beside it are answered."""
    other = await new_world()
    theirs, ours = await other.add_collection(DATA), await world.add_collection(DATA)
    access = await opened(world, "owner")
    queries: Queries = world.services.queries
    found = await queries.answer(access, [mean(theirs.id, "theirs"), mean(ours.id, "ours")], ())
    assert found["theirs"] == engine.MISSING
    assert isinstance(found["ours"], Frame)
    table = TableTile(id="t", collection_id=theirs.id)
    assert await queries.table_page(access, table, (), offset=0, limit=10) == engine.MISSING
    assert await queries.categories(access, theirs.id, "species") == []
    with pytest.raises(NotFound, match="not exist in this project"):
        await queries.profile(access, theirs.id)


async def test_a_collection_without_rows_says_so(world: Any) -> None:
    """It was registered, but no ingest has succeeded."""
    collection = await world.add_collection(tag="penguins")
    access = await opened(world)
    found = await world.services.queries.answer(access, [mean(collection.id)], ())
    assert isinstance(found["mean"], Failure)
    assert "'penguins'" in found["mean"].message
    with pytest.raises(NotFound, match="'penguins'"):
        await world.services.queries.profile(access, collection.id)
    assert await world.services.queries.categories(access, collection.id, "species") == []


async def test_a_deleted_collection_fails_its_tiles(world: Any) -> None:
    """As it happens when a dashboard outlives its data."""
    collection = await world.add_collection(DATA)
    await CollectionRepository(world.documents).remove(collection.id)
    found = await world.services.queries.answer(await opened(world), [mean(collection.id)], ())
    assert found == {"mean": engine.MISSING}


async def test_a_table_lost_from_storage_fails_its_tiles(world: Any) -> None:
    """The document names a table that is not there; the other collection answers."""
    lost, fine = await world.add_collection(DATA), await world.add_collection(DATA)
    repository = CollectionRepository(world.documents)
    await repository.replace(msgspec.structs.replace(lost, table_path="tables/elsewhere"))
    access = await opened(world)
    found = await world.services.queries.answer(access, [mean(lost.id, "lost"), mean(fine.id, "fine")], ())
    assert isinstance(found["lost"], Failure)
    assert isinstance(found["fine"], Frame)
    with pytest.raises(DomainError):
        await world.services.queries.profile(access, lost.id)
    assert await world.services.queries.categories(access, lost.id, "species") == []


async def test_a_new_version_is_read_once_the_document_names_it(world: Any) -> None:
    """Rows that an ingest is still committing are not seen."""
    collection = await world.add_collection(DATA)
    uri, options = world.objects.delta_location(collection.table_path)
    DATA.write_delta(uri, mode="append", storage_options=options or None)
    access, queries = await opened(world), world.services.queries
    before = await queries.answer(access, [mean(collection.id)], ())
    repository = CollectionRepository(world.documents)
    await repository.replace(msgspec.structs.replace(collection, table_version=1))
    after = await queries.answer(access, [mean(collection.id)], ())
    assert (before["mean"].rows_total, after["mean"].rows_total) == (4, 8)


async def test_tiles_of_several_collections_with_filters_in_one_request(world: Any) -> None:
    """A figure, a table, a filter and a text at once; the clause narrows its own collection only."""
    one, two = await world.add_collection(DATA), await world.add_collection(DATA)
    clause = Clause(source="s", collection_id=one.id, column="species", op="in", values=("Adélie",))
    tiles = [
        FigureTile(id="bar", collection_id=one.id, visu_type=Visu.BAR, x="species", y="mass"),
        TableTile(id="table", collection_id=two.id),
        FilterTile(
            id="s",
            collection_id=one.id,
            column_name="species",
            interactive_component_type=FilterWidget.MULTI_SELECT,
        ),
        TextTile(id="text", body="# Penguins"),
    ]
    found = await world.services.queries.answer(await opened(world), tiles, (clause,))
    assert found["bar"].data.rows() == [("Adélie", 3.5, 2)]
    assert found["table"].rows_matched == 4
    assert found["s"].data.rows() == [("Adélie", 2), ("Gentoo", 1), (None, 1)]
    assert found.keys() == {"bar", "table", "s"}


async def test_pages_options_profiles_and_categories(world: Any) -> None:
    """The other use cases reach the same table."""
    collection = await world.add_collection(DATA)
    access, queries = await opened(world), world.services.queries
    table = TableTile(id="t", collection_id=collection.id)
    page = await queries.table_page(
        access,
        table,
        (),
        offset=0,
        limit=2,
        sort=[SortKey("mass", descending=True)],
        filters=[ColumnFilter("species", (Condition("contains", "adé"), Condition("blank")), any_of=True)],
    )
    assert (page.data.rows(), page.of) == ([(None, 4.0), ("Adélie", 3.5)], 3)
    control = FilterTile(
        id="f", collection_id=collection.id, column_name="mass", interactive_component_type=FilterWidget.RANGE_SLIDER
    )
    options = await queries.filter_options(access, control, ())
    assert options.data.row(0, named=True) == {"min": 3.5, "max": 5.0, "lowest": 3.5, "highest": 5.0}
    assert await queries.profile(access, collection.id) == [
        ColumnProfile("species", 2, 1, "Adélie", "Gentoo"),
        ColumnProfile("mass", 3, 1, 3.5, 5.0),
    ]
    assert await queries.categories(access, collection.id, "species") == ["Adélie", "Gentoo"]
    assert await queries.categories(access, collection.id, "gone") == []


async def test_a_late_answer_is_a_failure_with_retry(world: Any) -> None:
    """The deadline yields error tiles; nothing hangs and nothing is shown as done."""
    collection = await world.add_collection(DATA)
    access = await opened(world)
    hasty = Queries(CollectionRepository(world.documents), Tables(world.objects), 0.0)
    found = await hasty.answer(access, [mean(collection.id)], ())
    late = found["mean"]
    assert isinstance(late, Failure)
    assert late.retry
    page = await hasty.table_page(access, TableTile(id="t", collection_id=collection.id), (), offset=0, limit=1)
    assert isinstance(page, Failure)
    with pytest.raises(Unavailable):
        await hasty.profile(access, collection.id)
    hasty.close()


async def test_answers_are_kept_for_the_same_question_only(world: Any) -> None:
    """A state asked for again gives the very same frame; another version, another clause or another tile does not."""
    collection = await world.add_collection(pl.DataFrame({"mass": [1.0, 2.0, 3.0]}))
    access, queries = await opened(world), world.services.queries
    card = mean(collection.id)

    async def value(tile: CardTile, *clauses: Clause) -> object:
        return (await queries.answer(access, [tile], clauses))[tile.id].data["value"].item()

    low = Clause(source="other", collection_id=collection.id, column="mass", op="between", values=(None, 2.0))
    first = await queries.answer(access, [card], (low,))
    moved = msgspec.structs.replace(card, layout=Box(x=4), title="Another title")
    assert (await queries.answer(access, [moved], (low,)))[card.id] is first[card.id]
    assert [await value(card), await value(card, low)] == [2.0, 1.5]
    assert await value(msgspec.structs.replace(card, aggregation=Aggregation.MAX), low) == 2.0
    uri, options = world.objects.delta_location(collection.table_path)
    pl.DataFrame({"mass": [10.0, 1.0]}).write_delta(uri, mode="overwrite", storage_options=options or None)
    newer = msgspec.structs.replace(collection, table_version=1, rows=2)
    await CollectionRepository(world.documents).replace(newer)
    assert [await value(card), await value(card, low)] == [5.5, 1.0]
