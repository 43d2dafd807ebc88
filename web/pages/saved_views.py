"""What the page of a dashboard says about saved views: the one that its address names, or the default one."""

from typing import Any

import msgspec

from services.dashboards import AT, DashboardAccess
from services.system import Services
from web.render import PageRequest

STATE_KEYS = ("f", "tab", "tile", "where")
"""Keys of an address that say what is looked at; web/static/dash/saved_views.js has the same."""
FILTER_KEY = "f."


async def opening_of(
    request: PageRequest, services: Services, opened: DashboardAccess, *, dashboard_id: str, editable: bool
) -> dict[str, Any] | None:
    """The view to begin with, as the page's script reads it; None for an old version, which has no views.

    The editor opens with a view only when its address names one: an author edits the dashboard, not a view of it.
    """
    if AT in dashboard_id:
        return None
    query = request.query_params
    says_state = any(key in STATE_KEYS or key.startswith(FILTER_KEY) for key in query)
    found = await services.saved_views.opening(opened, query.get("view"))
    if not found.name or (found.is_default and (says_state or editable)):
        found = msgspec.structs.replace(found, name="", view=None, is_default=False)
    if editable:
        found = msgspec.structs.replace(found, has_default=False)
    tabs = [tab.id for tab in opened.dashboard.tabs]
    built: dict[str, Any] = msgspec.to_builtins(found)
    return built | {"tabs": tabs}
