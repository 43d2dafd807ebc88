"""Tabs and sections as the components of the board take them, and what stands in the line above it."""

from collections.abc import Mapping
from typing import Any

import msgspec
from dash import html
from dash.development.base_component import Component

from dash_views import ids
from dash_views.board_menu import menu_entries
from dash_views.grid import BoardTabs
from dash_views.grid.looks import CHOICES, symbol_of
from dash_views.icons import Icon
from dash_views.parts import aria, button, data
from domain.access import Capability
from domain.dashboards import Dashboard
from domain.projects import Access
from domain.tabs import Home, Section, Tab
from domain.wording import tr


def division_props(dashboard: Dashboard) -> dict[str, Any]:
    """The properties that `TileGrid` and `BoardTabs` share."""
    return {
        "tabs": [drawable(tab) for tab in dashboard.tabs],
        "sections": [drawable(section) for section in dashboard.grid_sections],
        "breakpoints": list(msgspec.to_builtins(dashboard.breakpoints)),
        "icons": list(CHOICES),
    }


def drawable(one: Tab | Section) -> dict[str, Any]:
    """A tab or a section with the symbol that stands for its icon."""
    return {**msgspec.structs.asdict(one), "symbol": symbol_of(one.icon)}


def grouped_filters(dashboard: Dashboard, cards: Mapping[str, Component]) -> list[Component]:
    """The filters of the panel by section, those of no section first; all tabs share them."""
    by_home: dict[Home, list[Component]] = {}
    for tile in dashboard.filters:
        by_home.setdefault(dashboard.home(tile), []).append(cards[tile.id])
    loose = [card for home, group in by_home.items() if not home.section for card in group]
    return [*loose, *(_filter_section(one, by_home.get(Home(one.tab, one.name), [])) for one in _in_order(dashboard))]


def _in_order(dashboard: Dashboard) -> list[Section]:
    """Those pinned to the top first, those pinned to the bottom last."""
    return sorted(dashboard.filter_sections, key=lambda one: {"top": 0, "bottom": 2}.get(one.pin, 1))


def _filter_section(section: Section, cards: list[Component]) -> Component:
    symbol = symbol_of(section.icon)
    icon = [Icon(symbol, className="dp-icon section-icon")] if symbol else []
    said = [html.P(section.description, className="filter-note")] if section.description else []
    summary = html.Summary([*icon, html.Span(section.name)], className="filter-section-name")
    body = html.Div([*said, *cards], className="filter-section-body")
    return html.Details([summary, body], open=not section.collapsed, className="filter-section")


def talk_panel(access: Access) -> Component:
    """Where notes.js and comments.js show what they have; it says what this reader may do there."""
    may = {
        "notes": access.may(Capability.DASHBOARD_EDIT) and access.actor.user_id is not None,
        "comments": access.may(Capability.COMMENT_WRITE) and access.actor.user_id is not None,
        "reading": access.may(Capability.COMMENT_VIEW),
    }
    attributes = data("me", access.actor.user_id or "")
    for name, allowed in may.items():
        attributes |= data(f"may-{name}", str(allowed))
    return html.Aside(
        [
            html.Div(className="talk-body"),
            html.Div(html.Div(id=ids.NOTES_TEXT, className="tile-text"), className="talk-notes"),
        ],
        id=ids.TALK,
        className="talk",
        hidden=True,
        **aria(tr("Notes and comments")),
        **attributes,
    )


def board_tabs(access: Access, dashboard: Dashboard, *, editable: bool) -> Component:
    """The line between the bar and the board."""
    tools = menu_entries(dashboard) if editable else [_quiet(ids.PRESENT, "presentation", tr("Present"))]
    if access.only is None:
        tools += [_quiet(ids.VIEWS, "bookmark", tr("Views")), _quiet(ids.NOTES, "notes", tr("Notes"))]
    if access.may(Capability.COMMENT_VIEW):
        tools.append(_quiet(ids.COMMENTS, "message", tr("Comments")))
    tools += [_quiet(ids.PRINT, "printer", tr("Print")), _quiet(ids.PICTURE, "photo", tr("Picture"))]
    tools.append(_quiet(ids.PDF, "file-text", "PDF"))
    return BoardTabs(tools, id=ids.TABS, editable=editable, **division_props(dashboard))


def _quiet(component_id: str, icon: str, label: str) -> Component:
    """A button that stage.js or printing.js listens to."""
    return button(component_id, icon, label, kind="quiet")
