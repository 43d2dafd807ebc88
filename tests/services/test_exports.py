"""Exports as people take them along: whose they are, what they are called, and what a failure on the way does."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from domain.errors import Invalid, NotFound
from domain.exports import Wanted, file_name
from domain.filters import Clause
from domain.tiles import CardTile, TableTile, TextTile
from services.dashboards import DashboardAccess

DATA = pl.DataFrame({"species": ["Adélie", "Gentoo", "Adélie", None], "mass": [3.5, 5.0, 4.5, 1.0]})


@pytest.fixture
async def opened(world: Any) -> DashboardAccess:
    """A dashboard with a table, a card and a text, as its viewer opens it."""
    collection = await world.add_collection(DATA)
    access = await world.services.projects.open(world.actors["owner"], world.project_id)
    dashboard = await world.services.dashboards.create(access, "Birds / 2024")
    for tile in (
        TableTile(id="rows", title="All birds", collection_id=collection.id),
        CardTile(id="mean", column_name="mass", collection_id=collection.id),
        CardTile(id="broken", column_name="gone", collection_id=collection.id),
        TextTile(id="words", body="Birds"),
    ):
        await world.services.dashboards.add_tile(access, dashboard.id, tile)
    found: DashboardAccess = await world.services.dashboards.open(world.actors["viewer"], dashboard.id)
    return found


async def taken(world: Any, opened: DashboardAccess, tile_id: str, wanted: Wanted) -> tuple[str, str, bytes]:
    download = await world.services.exports.of_tile(opened, tile_id, wanted)
    return download.name, download.media_type, b"".join([piece async for piece in download.pieces])


async def test_a_viewer_takes_the_rows_that_match(world: Any, opened: DashboardAccess) -> None:
    """As CSV and as Parquet, under a name that says what it is."""
    collection = opened.dashboard.tile("rows").collection_id  # type: ignore[union-attr]
    state = (Clause(source="f", collection_id=collection, column="species", op="in", values=("Adélie",)),)
    day = opened.dashboard.updated_at.date()
    name, media, content = await taken(world, opened, "rows", Wanted(state=state))
    assert (name, media) == (f"Birds-2024-All-birds-{day}.csv", "text/csv")
    assert content.decode() == "species,mass\nAdélie,3.5\nAdélie,4.5\n"
    name, media, content = await taken(world, opened, "rows", Wanted(state=state, format="parquet"))
    assert name.endswith(".parquet")
    assert pl.read_parquet(content).equals(DATA.filter(pl.col("species") == "Adélie"))


async def test_a_card_gives_its_number_or_the_rows_behind_it(world: Any, opened: DashboardAccess) -> None:
    """`shown` is what stands on the tile."""
    *_, number = await taken(world, opened, "mean", Wanted(content="shown"))
    assert number.decode() == "value,values\n3.5,4\n"
    *_, rows = await taken(world, opened, "mean", Wanted())
    assert rows.decode().splitlines()[0] == "species,mass"


async def test_what_cannot_be_exported_is_an_error_and_no_file(world: Any, opened: DashboardAccess) -> None:
    """A text, a tile that is not there, and one that cannot be computed."""
    with pytest.raises(Invalid, match="no data"):
        await world.services.exports.of_tile(opened, "words", Wanted())
    with pytest.raises(NotFound):
        await world.services.exports.of_tile(opened, "gone", Wanted())
    with pytest.raises(Invalid, match="'gone'"):
        await world.services.exports.of_tile(opened, "broken", Wanted(content="shown"))


async def test_an_export_that_nobody_reads_any_more_stops(world: Any, opened: DashboardAccess) -> None:
    """Its thread is free for the next one."""
    for _ in range(5):
        download = await world.services.exports.of_tile(opened, "rows", Wanted())
        assert await anext(download.pieces) == b"species,mass\n"
        await download.pieces.aclose()
    *_, rows = await taken(world, opened, "rows", Wanted())
    assert len(rows.splitlines()) == 5


@pytest.mark.parametrize(
    ("titles", "name"),
    [
        (("Größe: 1/2", "A  b"), "Größe-1-2-A-b-2024-05-01.csv"),
        (("../../etc", ""), "etc-2024-05-01.csv"),
        (("", "'\"\n"), "export-2024-05-01.csv"),
        (("x" * 300, "y"), f"{'x' * 80}-2024-05-01.csv"),
    ],
)
def test_a_file_is_called_what_every_system_takes(titles: tuple[str, str], name: str) -> None:
    """Letters of every script, digits and hyphens."""
    assert file_name(titles, date(2024, 5, 1), "csv") == name
