"""Saved views: the filters, the tab and the full-screen tile of a dashboard under a name; structs and pure rules."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from domain.dashboards import Dashboard
from domain.errors import Conflict, Invalid, Problem
from domain.filters import WHERE, Wish
from domain.headings import heading
from domain.selections import filter_state
from domain.wording import tr

NAME_MAX_LENGTH = 100
MAX_VIEWS = 100
"""So many one dashboard has that are shared, and so many each person keeps beside them."""
STATE_MAX_BYTES = 64 * 1024
_LIKE_AN_ID = re.compile(r"[0-9a-f]{24}")


class ViewState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a reader looks at: the wishes of filters and selections by tile, the open tab, the full-screen tile."""

    filters: dict[str, tuple[Wish, ...]] = {}
    tab: str = ""
    tile: str = ""


class SavedView(msgspec.Struct, frozen=True, kw_only=True):
    """A view of one dashboard. `labels` are the names that its tiles and its tab had when it was saved."""

    id: str
    project_id: str
    dashboard_id: str
    name: str
    shared: bool
    owner_id: str
    owner_name: str
    created_at: datetime
    updated_at: datetime
    state: ViewState = ViewState()
    labels: dict[str, str] = {}
    version: int = 1


class DefaultView(msgspec.Struct, frozen=True, kw_only=True):
    """The view with which a dashboard opens for everybody or, with its own `user_id`, for one person.

    Of a person, an empty `view_id` says that it opens without a view.
    """

    id: str
    project_id: str
    dashboard_id: str
    user_id: str
    view_id: str


class Gone(msgspec.Struct, frozen=True):
    """Something that a view names and the dashboard no longer has."""

    kind: Literal["filter", "tab", "tile"]
    id: str
    label: str


def checked_name(name: str) -> str:
    """The name of a view, in which blanks count once; it stands in links.

    Raises:
        Invalid: when it is empty, too long, or looks like an id.
    """
    text = " ".join(name.split())
    problems = []
    if not 1 <= len(text) <= NAME_MAX_LENGTH:
        problems.append(
            Problem("name", tr("has {count} characters; write 1 to {most}", count=len(text), most=NAME_MAX_LENGTH))
        )
    if not text.isprintable():
        problems.append(Problem("name", tr("holds a control character; take it out")))
    if _LIKE_AN_ID.fullmatch(text):
        problems.append(Problem("name", tr("looks like the id of a view; choose a name that says something")))
    if problems:
        raise Invalid(tr("The view cannot be called so."), tuple(problems))
    return text


def key_of(name: str) -> str:
    """What two names share when they count as the same."""
    return " ".join(name.split()).casefold()


def checked_state(dashboard: Dashboard, state: ViewState) -> ViewState:
    """A state that the dashboard can show.

    Raises:
        Invalid: when it names a tile or a tab that is gone, a filter does not fit its tile, or it is too large.
    """
    filters = {tile_id: wishes for tile_id, wishes in state.filters.items() if wishes}
    kept = msgspec.structs.replace(state, filters=filters)
    missing = gone(dashboard, kept, {})
    if missing:
        problems = tuple(
            Problem(one.id, tr("no such {kind}; take it out of the view", kind=one.kind)) for one in missing
        )
        raise Invalid(tr("The view names something that the dashboard no longer has."), problems)
    filter_state(dashboard, filters, ())
    size = len(msgspec.json.encode(kept))
    if size > STATE_MAX_BYTES:
        problem = Problem(
            "state", tr("takes {size} bytes, at most {most} are kept; select less", size=size, most=STATE_MAX_BYTES)
        )
        raise Invalid(tr("The view is too large to be kept."), (problem,))
    return kept


def labels_of(dashboard: Dashboard, state: ViewState) -> dict[str, str]:
    """The names of what a view names, kept with it: should it go, it can still be called something."""
    tiles = {tile_id: heading(dashboard.tiles[tile_id]) for tile_id in _named(state)}
    tabs = {tab.id: tab.title for tab in dashboard.tabs if tab.id == state.tab}
    return tabs | tiles


def gone(dashboard: Dashboard, state: ViewState, labels: Mapping[str, str]) -> list[Gone]:
    """What the view names and the dashboard no longer has: filters first, then the tab, then the full-screen tile."""
    lost = sorted(one for one in _filtering(state) if one not in dashboard.tiles)
    found = [Gone("filter", one, labels.get(one, one)) for one in lost]
    # A dashboard that is not divided has one tab, which needs no name.
    if state.tab and state.tab not in {tab.id for tab in dashboard.tabs}:
        found.append(Gone("tab", state.tab, labels.get(state.tab, state.tab)))
    if state.tile and state.tile not in dashboard.tiles:
        found.append(Gone("tile", state.tile, labels.get(state.tile, state.tile)))
    return found


def check_version(view: SavedView, version: int) -> None:
    """Let pass who has seen the view as it is stored.

    Raises:
        Conflict: when it was saved since they read it.
    """
    if view.version != version:
        raise Conflict(
            tr("The view {name!r} was changed meanwhile. Open it again and look before you save.", name=view.name)
        )


def in_order(views: Iterable[SavedView]) -> list[SavedView]:
    """Shared ones first, each kind by name."""
    return sorted(views, key=lambda view: (not view.shared, key_of(view.name), view.id))


def _filtering(state: ViewState) -> list[str]:
    """The tiles that filter; a condition of the whole dashboard is none's."""
    return [one for one in state.filters if one != WHERE]


def _named(state: ViewState) -> list[str]:
    return [*_filtering(state), *([state.tile] if state.tile else [])]
