"""The rules by which tabs, sections and breakpoints of a dashboard change: pure functions from one to the next."""

from collections.abc import Sequence
from typing import Literal, TypeVar

import msgspec

from domain.dashboards import Dashboard, check_division, division_of
from domain.errors import Conflict, Invalid, NotFound, Problem
from domain.grid import bottom
from domain.tabs import Breakpoint, Home, Section, Tab
from domain.tiles import FilterTile, Tile
from domain.wording import tr

T = TypeVar("T")
Where = Literal["grid_sections", "filter_sections"]
"""Which sections are meant: those of the grid, or those of the filter panel."""
FIRST_TAB = Tab(id="main", title=tr("Main"))
"""What the only tab is called once there is another one."""


def add_tab(dashboard: Dashboard, tab: Tab) -> Dashboard:
    """The dashboard with one more tab, after the others; without any, its tiles are now those of `FIRST_TAB`.

    Raises:
        Conflict: when the id is taken.
        Invalid: when the tab breaks a rule, or there are too many.
    """
    named = _named(dashboard)
    if any(one.id == tab.id for one in named.tabs):
        raise Conflict(tr("The dashboard already has a tab {id!r}.", id=tab.id))
    return _checked(msgspec.structs.replace(named, tabs=(*named.tabs, tab)))


def set_tab(dashboard: Dashboard, tab: Tab) -> Dashboard:
    """The dashboard in which the tab of that id is called and looks like this.

    Raises:
        NotFound: when it is gone.
        Invalid: when it breaks a rule.
    """
    _tab_index(dashboard, tab.id)
    tabs = tuple(tab if one.id == tab.id else one for one in dashboard.tabs)
    return _checked(msgspec.structs.replace(dashboard, tabs=tabs))


def move_tab(dashboard: Dashboard, tab_id: str, index: int) -> Dashboard:
    """The dashboard with that tab at another place among the tabs; `NotFound` when it is gone."""
    tab = dashboard.tabs[_tab_index(dashboard, tab_id)]
    return msgspec.structs.replace(_rooted(dashboard), tabs=_inserted(dashboard.tabs, tab, index))


def remove_tab(dashboard: Dashboard, tab_id: str) -> Dashboard:
    """The dashboard without that tab, its sections and its tiles; filters stay, for all tabs share them.

    Raises:
        NotFound: when it is gone.
        Invalid: when it is the last one.
    """
    _tab_index(dashboard, tab_id)
    tabs = tuple(one for one in dashboard.tabs if one.id != tab_id)
    if not tabs:
        raise Invalid(tr("A dashboard keeps at least one tab."), (Problem("tabs", tr("add another one first")),))
    first = tabs[0].id
    tiles: dict[str, Tile] = {}
    for key, tile in dashboard.tiles.items():
        place = dashboard.home(tile)
        if place.tab != tab_id:
            tiles[key] = tile
        elif isinstance(tile, FilterTile):
            tiles[key] = msgspec.structs.replace(tile, tab=first)
    taken = {one.name for one in dashboard.filter_sections if one.tab == first}
    kept = [one for one in dashboard.filter_sections if one.tab != tab_id or one.name not in taken]
    panel = tuple(msgspec.structs.replace(one, tab=first) if one.tab == tab_id else one for one in kept)
    grid = tuple(one for one in dashboard.grid_sections if one.tab != tab_id)
    return msgspec.structs.replace(dashboard, tabs=tabs, tiles=tiles, grid_sections=grid, filter_sections=panel)


def add_section(dashboard: Dashboard, where: Where, section: Section) -> Dashboard:
    """The dashboard with one more section, after the others of its tab.

    Raises:
        Invalid: when it breaks a rule or the tab has one of that name.
    """
    return _with_sections(dashboard, where, (*_sections(dashboard, where), section))


def set_section(dashboard: Dashboard, where: Where, place: Home, section: Section) -> Dashboard:
    """The dashboard in which the section at `place` is called and looks like this; its tiles stay in it.

    Raises:
        NotFound: when it is gone.
        Invalid: when it breaks a rule or the tab has another one of that name.
    """
    before = _section(dashboard, where, place)
    after = msgspec.structs.replace(section, tab=before.tab)
    changed = _with_sections(
        dashboard, where, tuple(after if one == before else one for one in _sections(dashboard, where))
    )
    return _rehomed(dashboard, changed, where, place, Home(place.tab, after.name))


def move_section(dashboard: Dashboard, where: Where, place: Home, index: int) -> Dashboard:
    """The dashboard with that section at another place among those of its tab; `NotFound` when it is gone."""
    section = _section(dashboard, where, place)
    sections = _sections(dashboard, where)
    own = iter(_inserted([one for one in sections if one.tab == place.tab], section, index))
    return _with_sections(dashboard, where, tuple(next(own) if one.tab == place.tab else one for one in sections))


def remove_section(dashboard: Dashboard, where: Where, place: Home) -> Dashboard:
    """The dashboard without that section; its tiles follow those of the first one. `NotFound` when it is gone."""
    section = _section(dashboard, where, place)
    without = _with_sections(dashboard, where, tuple(one for one in _sections(dashboard, where) if one != section))
    return _rehomed(dashboard, without, where, place, Home(place.tab), below=_rows(dashboard, where, Home(place.tab)))


def set_breakpoints(dashboard: Dashboard, steps: Sequence[Breakpoint]) -> Dashboard:
    """The dashboard with these breakpoints; none means the usual ones.

    Raises:
        Invalid: when they are not listed from the widest down to 0, with ever fewer columns.
    """
    return _checked(msgspec.structs.replace(dashboard, breakpoints=tuple(steps)))


def _named(dashboard: Dashboard) -> Dashboard:
    """The dashboard with its only tab as one that has a name."""
    if dashboard.tabs:
        return _rooted(dashboard)
    return _rooted(
        msgspec.structs.replace(
            dashboard,
            tabs=(FIRST_TAB,),
            grid_sections=tuple(msgspec.structs.replace(one, tab=FIRST_TAB.id) for one in dashboard.grid_sections),
            filter_sections=tuple(msgspec.structs.replace(one, tab=FIRST_TAB.id) for one in dashboard.filter_sections),
        )
    )


def _rooted(dashboard: Dashboard) -> Dashboard:
    """The dashboard whose tiles all say where they stand, so that another first tab does not take them over."""
    homes = {key: dashboard.home(tile) for key, tile in dashboard.tiles.items()}
    tiles = {
        key: msgspec.structs.replace(tile, tab=homes[key].tab, section=homes[key].section)
        for key, tile in dashboard.tiles.items()
    }
    return msgspec.structs.replace(dashboard, tiles=tiles)


def _rehomed(before: Dashboard, after: Dashboard, where: Where, old: Home, new: Home, *, below: int = 0) -> Dashboard:
    """`after` with the tiles that stood at `old` standing at `new`, `below` rows further down."""
    tiles = dict(after.tiles)
    for key, tile in before.tiles.items():
        if isinstance(tile, FilterTile) == (where == "filter_sections") and before.home(tile) == old:
            box = msgspec.structs.replace(tile.layout, y=tile.layout.y + below)
            tiles[key] = msgspec.structs.replace(tile, tab=new.tab, section=new.section, layout=box)
    return msgspec.structs.replace(after, tiles=tiles)


def _rows(dashboard: Dashboard, where: Where, place: Home) -> int:
    if where == "grid_sections":
        return bottom({tile.id: tile.layout for tile in dashboard.at(place)})
    return max((one.layout.y + 1 for one in dashboard.filters if dashboard.home(one) == place), default=0)


def _sections(dashboard: Dashboard, where: Where) -> tuple[Section, ...]:
    return dashboard.grid_sections if where == "grid_sections" else dashboard.filter_sections


def _with_sections(dashboard: Dashboard, where: Where, sections: tuple[Section, ...]) -> Dashboard:
    return _checked(
        msgspec.structs.replace(dashboard, grid_sections=sections)
        if where == "grid_sections"
        else msgspec.structs.replace(dashboard, filter_sections=sections)
    )


def _section(dashboard: Dashboard, where: Where, place: Home) -> Section:
    for one in _sections(dashboard, where):
        if (one.tab, one.name) == (place.tab, place.section):
            return one
    raise NotFound(
        tr(
            "The dashboard has no section {section!r} there; it may have been renamed or deleted.",
            section=place.section,
        )
    )


def _tab_index(dashboard: Dashboard, tab_id: str) -> int:
    for index, tab in enumerate(dashboard.tabs):
        if tab.id == tab_id:
            return index
    raise NotFound(tr("The dashboard has no tab {tab_id!r}; it may have been deleted.", tab_id=tab_id))


def _inserted(entries: Sequence[T], entry: T, index: int) -> tuple[T, ...]:
    others = [one for one in entries if one != entry]
    at = min(max(index, 0), len(others))
    return (*others[:at], entry, *others[at:])


def _checked(dashboard: Dashboard) -> Dashboard:
    check_division(division_of(dashboard))
    return dashboard
