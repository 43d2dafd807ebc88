"""Reading data collections: schema, rows, versions, and what is said when it cannot be."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import polars as pl
import pytest

from domain.collections import Column, ColumnKind, RowsPage
from domain.errors import Invalid, NotFound, Unavailable
from persistence.collections import CollectionRepository

ROWS = pl.DataFrame(
    {
        "sample": ["a", "b", "c", None],
        "value": [1.5, float("nan"), None, -2.0],
        "day": [date(2026, 1, 1), None, date(2026, 1, 3), date(2026, 1, 4)],
        "at": pl.Series([datetime(2026, 1, 1, 12, tzinfo=UTC)] * 4, dtype=pl.Datetime("us", "UTC")),
    }
)
COLUMNS = (
    Column("sample", "String", ColumnKind.TEXT),
    Column("value", "Float64", ColumnKind.NUMBER),
    Column("day", "Date", ColumnKind.DATE),
    Column("at", "Datetime(time_unit='us', time_zone='UTC')", ColumnKind.DATETIME),
)


async def viewer(world: Any) -> Any:
    return await world.services.projects.open(world.actors["viewer"], world.project_id)


async def test_rows_are_read_in_pages(world: Any) -> None:
    """Values keep their types, NaN is missing, and the page says what it was cut from."""
    collection = await world.add_collection(ROWS)
    page = await world.services.collections.rows(await viewer(world), collection.id, offset=1, limit=2)
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    rows: list[dict[str, object]] = [
        {"sample": "b", "value": None, "day": None, "at": at},
        {"sample": "c", "value": None, "day": date(2026, 1, 3), "at": at},
    ]
    assert page == RowsPage(COLUMNS, rows, 1, 4)


async def test_all_are_listed_and_one_is_got(world: Any) -> None:
    collections = [await world.add_collection(ROWS, tag=tag) for tag in ("b", "a")]
    service, access = world.services.collections, await viewer(world)
    assert await service.all(access) == collections[::-1]
    assert await service.get(access, collections[0].id) == collections[0]
    assert await service.get(access, collections[0].id) != collections[1]


async def test_an_older_version_is_read_with_its_own_columns(world: Any) -> None:
    """What readers see is the version in the document; a newer commit that no ingest has completed is not there yet."""
    collection = await world.add_collection(ROWS.select("sample"))
    uri, _ = world.objects.delta_location(collection.table_path)
    ROWS.write_delta(uri, mode="overwrite", delta_write_options={"schema_mode": "overwrite"})
    service, access = world.services.collections, await viewer(world)
    with pytest.raises(NotFound, match="no version 1"):
        await service.rows(access, collection.id, version=1)
    assert [version.version for version in await service.versions(access, collection.id)] == [0]

    described = Column("sample", "String", ColumnKind.TEXT, "Whose it is")
    newer = msgspec.structs.replace(collection, table_version=1, rows=4, columns=(described, *COLUMNS[1:]))
    await CollectionRepository(world.documents).replace(newer)
    old = await service.rows(access, collection.id, version=0, limit=1)
    assert old == RowsPage((described,), [{"sample": "a"}], 0, 4)
    now = await service.rows(access, collection.id)
    assert ([column.name for column in now.columns], len(now.rows), now.total) == (ROWS.columns, 4, 4)
    assert [version.version for version in await service.versions(access, collection.id)] == [1, 0]


async def test_nothing_ingested_is_nothing_to_show(world: Any) -> None:
    collection = await world.add_collection()
    service, access = world.services.collections, await viewer(world)
    assert await service.rows(access, collection.id) == RowsPage((), [], 0, 0)
    assert await service.versions(access, collection.id) == []
    with pytest.raises(NotFound):
        await service.rows(access, collection.id, version=0)


@pytest.mark.parametrize("given", [{"offset": -1}, {"limit": -1}, {"limit": 10_001}])
async def test_limits_are_kept(world: Any, given: dict[str, int]) -> None:
    collection = await world.add_collection(ROWS)
    with pytest.raises(Invalid) as raised:
        await world.services.collections.rows(await viewer(world), collection.id, **given)
    assert [problem.place for problem in raised.value.problems] == list(given)


async def test_a_lost_table_is_a_failure_and_not_an_empty_one(world: Any) -> None:
    """Its data files are gone, or all of it."""
    collection = await world.add_collection(ROWS)
    service, access = world.services.collections, await viewer(world)
    stored = await world.objects.list(collection.table_path)
    await world.objects.delete(*(one.path for one in stored if one.path.endswith(".parquet")))
    with pytest.raises(Unavailable):
        await service.rows(access, collection.id)
    await world.objects.delete_folder(collection.table_path)
    with pytest.raises((NotFound, Unavailable)):
        await service.rows(access, collection.id)
