"""Making thumbnails when somebody looks at a list: in the background, one dashboard at a time, and kept."""

import asyncio
import logging

from dash_views.answering import palettes_of
from dash_views.thumbnails.drawing import Scheme, shown, thumbnails
from domain.errors import DomainError
from domain.selections import filter_state
from services.dashboards import DashboardAccess
from services.system import Services

WAIT = 1.5
"""Seconds that a request waits for a picture that is being made; after that the list shows it the next time."""

log = logging.getLogger(__name__)


class Thumbnailer:
    """The pictures of dashboards, each made anew when its tiles or its tables have changed."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._turn = asyncio.Semaphore(1)
        self._made: dict[str, asyncio.Task[None]] = {}

    async def picture(self, opened: DashboardAccess, scheme: Scheme) -> tuple[str, bytes | None]:
        """The name of the dashboard's present picture, and the picture (SVG) if it is there by now.

        Raises:
            Forbidden: without `data:view`.
        """
        name = await self._services.pictures.name(opened)
        found = await self._services.pictures.find(opened, name, scheme)
        if found is not None:
            return name, found
        task = self._made.get(name)
        if task is None:
            task = self._made[name] = asyncio.create_task(self._make(opened, name))
            task.add_done_callback(lambda _: self._made.pop(name, None))
        await asyncio.wait([task], timeout=WAIT)
        return name, await self._services.pictures.find(opened, name, scheme)

    async def _make(self, opened: DashboardAccess, name: str) -> None:
        async with self._turn:
            try:
                await self._drawn(opened, name)
            except DomainError as error:
                log.info("No picture of the dashboard %s: %s", opened.dashboard.id, error)

    async def _drawn(self, opened: DashboardAccess, name: str) -> None:
        use = self._services
        tiles = shown(opened.dashboard.cover)
        collections = await use.collections.all(opened.access)
        state = filter_state(opened.dashboard, {}, collections)
        answers = await use.queries.answer(opened.access, tiles, state, collections)
        palettes = await palettes_of(use, opened.access, tiles)
        for scheme, picture in (await asyncio.to_thread(thumbnails, tiles, answers, palettes)).items():
            await use.pictures.keep(opened, name, scheme, picture.encode())
