"""What an author does to tabs, sections and several tiles at once: each act is one save, and the board follows."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

import msgspec
from dash import Input, Output
from dash.exceptions import PreventUpdate

from dash_views import ids, redraw
from dash_views.answering import parse
from dash_views.backend import PageDash
from dash_views.board import actor, dashboard_id, open_board, services
from dash_views.saves import refused, saved
from domain.dashboards import Dashboard
from domain.errors import DomainError, Invalid
from domain.group_rules import Side
from domain.tab_rules import Where
from domain.tabs import Breakpoint, Home, Section, Tab
from domain.wording import tr
from services.arrangement import Arrangement
from services.dashboards import DashboardAccess


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One act as the browser tells it; which of the fields are needed depends on its name."""

    name: Literal[
        "add_tab", "set_tab", "move_tab", "remove_tab", "add_section", "set_section", "move_section", "remove_section",
        "set_breakpoints", "move_tiles", "remove_tiles", "duplicate_tiles", "align_tiles", "distribute_tiles",
        "arrange_section", "paste_tiles",
    ]  # fmt: skip
    title: str = ""
    tab: Tab | None = None
    tab_id: str = ""
    index: int = 0
    where: Where = "grid_sections"
    place: Home = Home()
    section: Section | None = None
    breakpoints: tuple[Breakpoint, ...] = ()
    tiles: tuple[str, ...] = ()
    at: tuple[int, int] | None = None
    side: Side = "left"
    dashboard: str = ""


async def paste(use: Arrangement, opened: DashboardAccess, act: Act) -> Dashboard:
    """Tiles of the dashboard that the clipboard names, as the actor may see it."""
    source = await services().dashboards.open(actor(), act.dashboard)
    return await use.paste_tiles(opened, source, act.tiles, act.place)


Use = Callable[[Arrangement, DashboardAccess, Act], Awaitable[Dashboard]]
ACTS: dict[str, Use] = {
    "add_tab": lambda use, opened, act: use.add_tab(opened, act.title),
    "set_tab": lambda use, opened, act: use.set_tab(opened, _given(act.tab)),
    "move_tab": lambda use, opened, act: use.move_tab(opened, act.tab_id, act.index),
    "remove_tab": lambda use, opened, act: use.remove_tab(opened, act.tab_id),
    "add_section": lambda use, opened, act: use.add_section(opened, act.where, _given(act.section)),
    "set_section": lambda use, opened, act: use.set_section(opened, act.where, act.place, _given(act.section)),
    "move_section": lambda use, opened, act: use.move_section(opened, act.where, act.place, act.index),
    "remove_section": lambda use, opened, act: use.remove_section(opened, act.where, act.place),
    "set_breakpoints": lambda use, opened, act: use.set_breakpoints(opened, act.breakpoints),
    "move_tiles": lambda use, opened, act: use.move_tiles(opened, act.tiles, act.place, act.at),
    "remove_tiles": lambda use, opened, act: use.remove_tiles(opened, act.tiles),
    "duplicate_tiles": lambda use, opened, act: use.duplicate_tiles(opened, act.tiles),
    "align_tiles": lambda use, opened, act: use.align_tiles(opened, act.tiles, act.side),
    "distribute_tiles": lambda use, opened, act: use.distribute_tiles(opened, act.tiles),
    "arrange_section": lambda use, opened, act: use.arrange_section(opened, act.place),
    "paste_tiles": paste,
}


def register(app: PageDash) -> None:
    """Add the callback of all acts."""

    @app.callback(
        *redraw.outputs(),
        Output(ids.SAVED, "children", allow_duplicate=True),
        Input(ids.ACT, "data"),
        *redraw.STATES,
        prevent_initial_call=True,
    )
    async def arrange(told: object, *drawn_there: object) -> tuple[Any, ...]:
        if told is None:
            raise PreventUpdate
        before, act = redraw.drawn_before(*drawn_there), parse(told, Act)
        try:
            opened = await services().dashboards.open(actor(), dashboard_id())
            dashboard = await ACTS[act.name](services().arrangement, opened, act)
        except DomainError as error:
            return (*redraw.NOTHING, refused(named(error)))
        has_panel = opened.dashboard.filter_sections != dashboard.filter_sections
        drawn = redraw.redrawn(await open_board(), before, places=True, panel=has_panel)
        return (*drawn, saved(dashboard))


def named(error: DomainError) -> DomainError:
    """The error with its problems in its sentence, for a line that has room for one."""
    if isinstance(error, Invalid) and error.problems:
        return Invalid(f"{error.message} {'; '.join(map(str, error.problems))}.", error.problems)
    return error


def _given(value: Any) -> Any:
    if value is None:
        raise Invalid(tr("The request cannot be read. Reload the page."))
    return value
