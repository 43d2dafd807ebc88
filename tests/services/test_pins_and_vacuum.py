"""Dashboards that are made or saved with pins at the moment at which a vacuum removes what they are pinned to."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import polars as pl
import pytest

from domain.dashboards import Dashboard
from domain.errors import Conflict
from domain.history import Edit
from domain.pins import Pin
from persistence.collections import CollectionRepository
from persistence.dashboards import DashboardRepository
from persistence.mongo import Documents, now
from services.dashboards import Dashboards


class MeanwhileRepository(DashboardRepository):
    """The repository, before whose next write something else happens: the worst moment for it."""

    def __init__(self, documents: Documents) -> None:
        super().__init__(documents)
        self.meanwhile: list[Callable[[], Awaitable[object]]] = []

    async def add(self, dashboard: Dashboard) -> Dashboard:
        await self._happen()
        return await super().add(dashboard)

    async def replace(self, dashboard: Dashboard, edit: Edit) -> Dashboard:
        await self._happen()
        return await super().replace(dashboard, edit)

    async def _happen(self) -> None:
        while self.meanwhile:
            await self.meanwhile.pop()()


async def test_a_pin_to_a_version_that_is_removed_meanwhile_is_none(world: Any) -> None:
    """No copy is left and no pin is kept that shows nothing; who asked is told why, and everything else was saved."""
    access = await world.services.projects.open(world.actors["owner"], world.project_id)
    collection = await world.add_collection(pl.DataFrame({"x": [1]}), tag="sites")
    collections = CollectionRepository(world.documents)
    collection = await collections.replace(msgspec.structs.replace(collection, table_version=3))
    repository = MeanwhileRepository(world.documents)
    dashboards = Dashboards(repository, collections, world.services.projects, now, audit=world.services.audit)

    async def mark(*gone: int) -> None:
        await collections.replace(msgspec.structs.replace(await collections.get(collection.id), gone=gone))

    pinned = await dashboards.create(access, "Pinned", pins={collection.id: Pin(1)})
    repository.meanwhile.append(lambda: mark(1))
    with pytest.raises(Conflict, match=r"being removed at this moment\. Version 1 of 'sites' cannot be read any more"):
        await dashboards.duplicate(access, pinned.id, "Copy")
    assert [one.title for one in await dashboards.of_project(access)] == ["Pinned"]
    repository.meanwhile.append(lambda: mark(1, 2))
    with pytest.raises(Conflict, match="Version 2 of 'sites'"):
        await dashboards.replace(access, msgspec.structs.replace(pinned, title="Renamed", pins={collection.id: Pin(2)}))
    saved = await dashboards.stored(access, pinned.id)
    assert (saved.title, saved.pins) == ("Renamed", {collection.id: Pin(1)})
    kept = await dashboards.replace(access, msgspec.structs.replace(saved, pins={collection.id: Pin(3)}))
    assert (await dashboards.duplicate(access, kept.id, "Copy")).pins == {collection.id: Pin(3)}
