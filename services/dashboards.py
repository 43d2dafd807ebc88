"""Dashboards: finding and changing them, one tile at a time or as a whole."""

from collections.abc import Mapping

import msgspec

from domain.access import VIEWING, Actor, Capability
from domain.dashboards import (
    Dashboard,
    add_tile,
    check_version,
    division_of,
    duplicate_tile,
    place_tiles,
    remove_tile,
    replace_tile,
    retitle,
    revise,
)
from domain.errors import Conflict, Invalid, NotFound, Problem
from domain.headings import heading
from domain.history import UNSTAMPED, Stamp, as_it_was
from domain.pins import Pin
from domain.projects import Access, Project
from domain.tabs import Division
from domain.tile_rules import check_tile
from domain.tiles import Box, TextTile, Tile
from domain.upkeep import check_pins
from domain.wording import tr
from persistence.collections import CollectionRepository
from persistence.dashboards import DashboardRepository
from persistence.mongo import new_id
from services.audit import Audit, recorded
from services.clock import Clock
from services.dashboard_saves import INVISIBLE, DashboardSaves
from services.pin_checks import lost_meanwhile
from services.projects import Projects

AT = "@"
"""Between the id of a dashboard and a version of it, where an old one is to be looked at."""


class DashboardAccess(msgspec.Struct, frozen=True):
    """A dashboard and the proof that the actor may see its project."""

    access: Access
    dashboard: Dashboard


class Dashboards(DashboardSaves):
    """The use cases of dashboards; every change is a rule that `edit` applies to what is stored.

    So different tiles merge, and only a stale version of the same tile is a `Conflict`.
    """

    def __init__(
        self,
        dashboards: DashboardRepository,
        collections: CollectionRepository,
        projects: Projects,
        now: Clock,
        stamp: Stamp = UNSTAMPED,
        *,
        audit: Audit,
    ) -> None:
        super().__init__(dashboards, now, stamp)
        self.audit = audit
        self._collections = collections
        self._projects = projects

    def stamped(self, stamp: Stamp) -> "Dashboards":
        """The same use cases; every save bears this stamp, and one whose key was seen before changes nothing."""
        return Dashboards(self._dashboards, self._collections, self._projects, self._now, stamp, audit=self.audit)

    async def open(self, actor: Actor, dashboard_id: str) -> DashboardAccess:
        """The dashboard, with the proof that the actor may see it.

        `ID@N` is its version N, for those who may edit the dashboard; it can be looked at, and nothing else.

        Raises:
            NotFound: when there is none, or it is not theirs to see; the two are not told apart.
        """
        plain_id, at, number = dashboard_id.partition(AT)
        if not at:
            return await self._open(actor, dashboard_id)
        opened = await self._open(actor, plain_id)
        if not (number.isascii() and number.isdigit()):
            raise NotFound(INVISIBLE)
        old = await self.at(opened.access, plain_id, int(number))
        held = opened.access.capabilities & VIEWING
        looking = msgspec.structs.replace(opened.access, capabilities=held, pins=old.pins)
        return DashboardAccess(looking, old)

    async def at(self, access: Access, dashboard_id: str, number: int) -> Dashboard:
        """The dashboard in its version `number`, for those who may edit it: others see what is published now.

        Raises:
            NotFound: when that version is no longer kept, or has never been.
        """
        access.require(Capability.DASHBOARD_EDIT)
        stored = await self.stored(access, dashboard_id)
        await self._dashboards.complete_log(stored.id, stored.version)
        edits = await self._dashboards.edits.between(stored.id, number, stored.version)
        return as_it_was(stored, edits, number)

    async def _open(self, actor: Actor, dashboard_id: str) -> DashboardAccess:
        dashboard = await self._dashboards.find(dashboard_id)
        if dashboard is None:
            raise NotFound(INVISIBLE)
        try:
            access = await self._projects.open_dashboard(actor, dashboard.project_id, dashboard.id)
        except NotFound:
            raise NotFound(INVISIBLE) from None
        access.require(Capability.DASHBOARD_VIEW)
        return DashboardAccess(msgspec.structs.replace(access, pins=dashboard.pins), dashboard)

    async def of_project(self, access: Access) -> list[Dashboard]:
        """The project's dashboards, by title."""
        access.require(Capability.DASHBOARD_VIEW)
        found = await self._dashboards.of_projects([access.project.id])
        if access.only is not None:
            found = [dashboard for dashboard in found if dashboard.id == access.only.dashboard_id]
        return sorted(found, key=lambda dashboard: (dashboard.title.casefold(), dashboard.id))

    async def visible(self, actor: Actor) -> list[tuple[Project, Dashboard]]:
        """All dashboards that the actor may see with their projects, the last changed first; none by share link."""
        projects = {project.id: project for project in await self._projects.visible(actor)}
        found = await self._dashboards.of_projects(projects)
        found.sort(key=lambda dashboard: (dashboard.updated_at, dashboard.id), reverse=True)
        return [(projects[dashboard.project_id], dashboard) for dashboard in found]

    async def create(
        self,
        access: Access,
        title: str,
        subtitle: str = "",
        tiles: Mapping[str, Tile] | None = None,
        division: Division = Division(),  # noqa: B008 -- frozen.
        pins: Mapping[str, Pin] | None = None,
    ) -> Dashboard:
        """A new dashboard, with these tiles where they stand on these tabs, and pinned like that.

        Raises:
            Invalid: when the title is empty or too long, a tile or a tab breaks a rule, a tile shows another
                project's collection, or a pin a version that cannot be read.
            Conflict: when a vacuum removes such a version at this moment; nothing is made then.
        """
        return await self._create(access, title, subtitle, tiles or {}, {}, division, pins or {})

    async def duplicate(self, access: Access, dashboard_id: str, title: str) -> Dashboard:
        """A copy under another title; tiles whose collection is gone come along.

        Raises:
            Forbidden: without `dashboard:duplicate`.
            Invalid: when the title is empty or too long.
            Conflict: as for `create`.
        """
        access.require(Capability.DASHBOARD_DUPLICATE)
        found = await self.stored(access, dashboard_id)
        kept = (found.tiles, found.tiles, division_of(found), found.pins)
        return await self._create(access, title, found.subtitle, *kept)

    async def _create(
        self,
        access: Access,
        title: str,
        subtitle: str,
        tiles: Mapping[str, Tile],
        stored: Mapping[str, Tile],
        division: Division,
        pins: Mapping[str, Pin],
    ) -> Dashboard:
        access.require(Capability.DASHBOARD_CREATE)
        at = self._now()
        dashboard = Dashboard(
            id=new_id(),
            project_id=access.project.id,
            title=title,
            created_by=access.actor.user_id or "",
            created_at=at,
            updated_at=at,
        )
        titled = retitle(dashboard, title, subtitle)
        if tiles or pins or division != Division():
            divided = msgspec.structs.asdict(division)
            whole = msgspec.structs.replace(titled, tiles=dict(tiles), pins=dict(pins), **divided)
            titled = revise(titled, whole)
            collections = await self._collections.of_project(access.project.id)
            known = frozenset(one.id for one in collections)
            check_pins(pins, {}, collections)
            for tile in titled.tiles.values():
                _check(tile, stored.get(tile.id), known)
        added = await self._dashboards.add(titled)
        lost = await lost_meanwhile(self._collections, access.project.id, pins)
        if lost is not None:
            await self._dashboards.remove(added.id)
            raise lost
        return added

    async def rename(self, access: Access, dashboard_id: str, title: str, subtitle: str, version: int) -> Dashboard:
        """Give the dashboard, seen in its `version`, another title; `Conflict` when it was saved since."""

        def rule(dashboard: Dashboard) -> Dashboard:
            check_version(dashboard, version)
            return retitle(dashboard, title, subtitle)

        return await self.edit(access, dashboard_id, rule)

    @recorded(Capability.DASHBOARD_DELETE, "delete the dashboard", on="dashboard:dashboard_id")
    async def delete(self, access: Access, dashboard_id: str) -> None:
        """Delete the dashboard."""
        access.require(Capability.DASHBOARD_DELETE)
        stored = await self.stored(access, dashboard_id)
        await self._dashboards.remove(stored.id)

    async def replace(self, access: Access, dashboard: Dashboard) -> Dashboard:
        """Save a whole dashboard, made from the version that it names.

        Raises:
            Conflict: when it was saved since that version, or a vacuum removes just now what it is newly pinned to;
                then it is saved with the pins that it had.
            Invalid: when a tile breaks a rule or shows another project's collection.
        """
        known = await self._known(access)
        collections = await self._collections.of_project(access.project.id) if dashboard.pins else []
        before: Mapping[str, Pin] = {}

        def rule(stored: Dashboard) -> Dashboard:
            nonlocal before
            before = stored.pins
            revised = revise(stored, dashboard)
            check_pins(revised.pins, stored.pins, collections)
            for tile in revised.tiles.values():
                _check(tile, stored.tiles.get(tile.id), known)
            return revised

        saved = await self.edit(access, dashboard.id, rule)
        lost = await lost_meanwhile(self._collections, access.project.id, saved.pins, before)
        if lost is not None:
            await self.edit(access, saved.id, lambda stored: msgspec.structs.replace(stored, pins=dict(before)))
            raise lost
        return saved

    async def add_tile(self, access: Access, dashboard_id: str, tile: Tile) -> Dashboard:
        """Add a tile where there is room; one without an id is given one.

        Raises:
            Invalid: when the tile breaks a rule, or shows a collection that is not of this project.
            Conflict: when its id is taken.
        """
        new = msgspec.structs.replace(tile, id=tile.id or new_id())
        known = await self._known(access)
        _check(new, None, known)
        return await self.edit(access, dashboard_id, lambda dashboard: add_tile(dashboard, new))

    async def replace_tile(self, access: Access, dashboard_id: str, tile: Tile) -> Dashboard:
        """Save a tile, made from the version that it names; its place stays.

        What only the same opened editor has saved since is no conflict: without a connection several changes of one
        tile wait there, each made from the version that was seen last.

        Raises:
            Conflict: when somebody saved that tile since.
            NotFound: when it was removed.
            Invalid: when it breaks a rule or shows a collection that is not of this project.
        """
        known = await self._known(access)

        def rule(dashboard: Dashboard, wanted: Tile) -> Dashboard:
            _check(wanted, dashboard.tile(tile.id), known)
            return replace_tile(dashboard, wanted)

        try:
            return await self.edit(access, dashboard_id, lambda stored: rule(stored, tile))
        except Conflict:
            version = await self._own_version(access, dashboard_id, tile)
            if version is None:
                raise
        own = msgspec.structs.replace(tile, version=version)
        return await self.edit(access, dashboard_id, lambda stored: rule(stored, own))

    async def remove_tile(self, access: Access, dashboard_id: str, tile_id: str) -> Dashboard:
        """Take a tile out; `NotFound` when there is none of that id."""
        return await self.edit(access, dashboard_id, lambda dashboard: remove_tile(dashboard, tile_id))

    async def duplicate_tile(self, access: Access, dashboard_id: str, tile_id: str) -> Dashboard:
        """Add a copy of a tile where there is room."""
        copy_id = new_id()
        return await self.edit(access, dashboard_id, lambda dashboard: duplicate_tile(dashboard, tile_id, copy_id))

    async def place_tiles(self, access: Access, dashboard_id: str, places: Mapping[str, Box]) -> Dashboard:
        """Move and resize tiles; the last mover wins."""
        return await self.edit(access, dashboard_id, lambda dashboard: place_tiles(dashboard, places))

    async def _known(self, access: Access) -> frozenset[str]:
        """The ids of the project's collections, asked for once the actor may edit its dashboards."""
        access.require(Capability.DASHBOARD_EDIT)
        return frozenset(collection.id for collection in await self._collections.of_project(access.project.id))


def _check(tile: Tile, stored: Tile | None, known: frozenset[str]) -> None:
    """Let pass a tile that keeps the rules and shows a collection of the project, or the deleted one it showed before.

    Raises:
        Invalid: naming each fault.
    """
    check_tile(tile)
    if tile.collection_id in known or (isinstance(tile, TextTile) and not tile.collection_id):
        return
    if stored is None or stored.collection_id != tile.collection_id:
        problem = Problem(
            "collection_id",
            tr("{collection_id!r} is no data collection of this project", collection_id=tile.collection_id),
        )
        raise Invalid(tr("The tile {title!r} cannot be saved.", title=heading(tile)), (problem,))
