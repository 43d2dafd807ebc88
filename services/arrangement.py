"""How dashboards are divided and arranged: tabs, sections, and several tiles at once."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from domain.access import Capability
from domain.collections import DataCollection
from domain.copies import UNMATCHED, matches, remapped
from domain.dashboards import Dashboard
from domain.division_file import tab_id_for
from domain.errors import Invalid, Problem
from domain.group_rules import (
    Side,
    align_tiles,
    arrange_section,
    distribute_tiles,
    duplicate_tiles,
    move_tiles,
    paste_tiles,
    remove_tiles,
)
from domain.projects import Access
from domain.tab_rules import (
    FIRST_TAB,
    Where,
    add_section,
    add_tab,
    move_section,
    move_tab,
    remove_section,
    remove_tab,
    set_breakpoints,
    set_section,
    set_tab,
)
from domain.tabs import Breakpoint, Home, Section, Tab
from domain.tile_rules import check_tile
from domain.tiles import Tile
from domain.wording import tr
from persistence.collections import CollectionRepository
from persistence.mongo import new_id
from services.dashboards import DashboardAccess, Dashboards

Rule = Callable[[Dashboard], Dashboard]
WORDS = {
    UNMATCHED: tr("no data collection of this project has that tag; copy the whole dashboard to choose another one")
}
"""Where tiles are pasted nobody is asked which collection stands for theirs."""


class Arrangement:
    """Each act applies one rule to the dashboard as it is stored, and needs `dashboard:edit` there."""

    def __init__(self, dashboards: Dashboards, collections: CollectionRepository) -> None:
        self._dashboards = dashboards
        self._collections = collections

    def stamped(self, dashboards: Dashboards) -> "Arrangement":
        """The same use cases, saving through these dashboards."""
        return Arrangement(dashboards, self._collections)

    async def add_tab(self, opened: DashboardAccess, title: str, icon: str = "") -> Dashboard:
        """Add a tab after the others; its id is made from the title."""

        def rule(dashboard: Dashboard) -> Dashboard:
            taken = {FIRST_TAB.id, *(tab.id for tab in dashboard.tabs)}
            return add_tab(dashboard, Tab(id=tab_id_for(title, taken), title=title.strip(), icon=icon))

        return await self._edit(opened, rule)

    async def set_tab(self, opened: DashboardAccess, tab: Tab) -> Dashboard:
        """Give the tab of that id another title or look."""
        return await self._edit(opened, lambda dashboard: set_tab(dashboard, tab))

    async def move_tab(self, opened: DashboardAccess, tab_id: str, index: int) -> Dashboard:
        """Put a tab at another place among the tabs."""
        return await self._edit(opened, lambda dashboard: move_tab(dashboard, tab_id, index))

    async def remove_tab(self, opened: DashboardAccess, tab_id: str) -> Dashboard:
        """Take a tab out, with its sections and tiles; not the last one."""
        return await self._edit(opened, lambda dashboard: remove_tab(dashboard, tab_id))

    async def add_section(self, opened: DashboardAccess, where: Where, section: Section) -> Dashboard:
        """Add a section after the others of its tab."""
        return await self._edit(opened, lambda dashboard: add_section(dashboard, where, section))

    async def set_section(self, opened: DashboardAccess, where: Where, place: Home, section: Section) -> Dashboard:
        """Give a section another name or look; its tiles stay in it."""
        return await self._edit(opened, lambda dashboard: set_section(dashboard, where, place, section))

    async def move_section(self, opened: DashboardAccess, where: Where, place: Home, index: int) -> Dashboard:
        """Put a section at another place among those of its tab."""
        return await self._edit(opened, lambda dashboard: move_section(dashboard, where, place, index))

    async def remove_section(self, opened: DashboardAccess, where: Where, place: Home) -> Dashboard:
        """Take a section out; its tiles stay, in the first one."""
        return await self._edit(opened, lambda dashboard: remove_section(dashboard, where, place))

    async def set_breakpoints(self, opened: DashboardAccess, steps: Sequence[Breakpoint]) -> Dashboard:
        """Say at which widths the grid has fewer columns; none means the usual ones."""
        return await self._edit(opened, lambda dashboard: set_breakpoints(dashboard, steps))

    async def move_tiles(
        self, opened: DashboardAccess, ids: Sequence[str], place: Home, at: tuple[int, int] | None = None
    ) -> Dashboard:
        """Put tiles into another section or tab, together as they were."""
        return await self._edit(opened, lambda dashboard: move_tiles(dashboard, ids, place, at))

    async def remove_tiles(self, opened: DashboardAccess, ids: Sequence[str]) -> Dashboard:
        """Take several tiles out at once."""
        return await self._edit(opened, lambda dashboard: remove_tiles(dashboard, ids))

    async def duplicate_tiles(self, opened: DashboardAccess, ids: Sequence[str]) -> Dashboard:
        """Add a copy of each of these tiles to its section."""
        copies = {tile_id: new_id() for tile_id in ids}
        return await self._edit(opened, lambda dashboard: duplicate_tiles(dashboard, copies))

    async def align_tiles(self, opened: DashboardAccess, ids: Sequence[str], side: Side) -> Dashboard:
        """Line tiles of one section up."""
        return await self._edit(opened, lambda dashboard: align_tiles(dashboard, ids, side))

    async def distribute_tiles(self, opened: DashboardAccess, ids: Sequence[str]) -> Dashboard:
        """Put tiles of one section side by side, equally wide."""
        return await self._edit(opened, lambda dashboard: distribute_tiles(dashboard, ids))

    async def arrange_section(self, opened: DashboardAccess, place: Home) -> Dashboard:
        """Close the gaps of a section."""
        return await self._edit(opened, lambda dashboard: arrange_section(dashboard, place))

    async def paste_tiles(
        self, opened: DashboardAccess, source: DashboardAccess, ids: Sequence[str], place: Home
    ) -> Dashboard:
        """Add copies of tiles of `source`, which may be of another project: collections are matched by their tags.

        Raises:
            Forbidden: without `dashboard:edit` here, or without `dashboard:duplicate` there.
            NotFound: when a tile is gone there.
            Invalid: naming each collection for which none stands here, and the columns that a tile would miss.
        """
        opened.access.require(Capability.DASHBOARD_EDIT)
        source.access.require(Capability.DASHBOARD_DUPLICATE)
        tiles = {tile_id: source.dashboard.tile(tile_id) for tile_id in ids}
        taken = await self._mapped(opened.access, source, tiles)
        copies = [msgspec.structs.replace(tile, id=new_id()) for tile in taken.values()]
        for tile in copies:
            check_tile(tile)
        return await self._edit(opened, lambda dashboard: paste_tiles(dashboard, copies, place))

    async def _mapped(self, target: Access, source: DashboardAccess, tiles: Mapping[str, Tile]) -> Mapping[str, Tile]:
        if target.project.id == source.access.project.id:
            return tiles
        own, theirs = await self._all(source.access), await self._all(target)
        chosen = msgspec.structs.replace(source.dashboard, tiles=dict(tiles))
        try:
            return remapped(tiles, matches(chosen, own, theirs))
        except Invalid as error:
            problems = (Problem(one.place, WORDS.get(one.message, one.message)) for one in error.problems)
            raise Invalid(tr("The tiles cannot be pasted here."), tuple(problems)) from None

    async def _all(self, access: Access) -> list[DataCollection]:
        return await self._collections.of_project(access.project.id)

    async def _edit(self, opened: DashboardAccess, rule: Rule) -> Dashboard:
        return await self._dashboards.edit(opened.access, opened.dashboard.id, rule)
