"""The menu of the board on phones: what stands in the bar and above the board elsewhere (`menu.js`, `menu.css`)."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dash_views import ids
from dash_views.icons import Icon
from dash_views.parts import aria, data
from domain.dashboards import Dashboard
from domain.wording import tr

MENU_LABEL = tr("More of this dashboard")
HISTORY_LABEL = tr("History")
VERSIONS_LABEL = tr("Data versions")
LIVE_TITLE = tr("Live: show new data at once")


def menu_button() -> Component:
    """It opens the menu; it is seen on phones alone."""
    state: dict[str, Any] = {"aria-expanded": "false", "aria-controls": ids.MORE, **aria(MENU_LABEL)}
    look = "dp-button bar-menu"
    return html.Button(Icon("dots"), id=ids.MENU, className=look, type="button", title=MENU_LABEL, **state)


def menu_entries(dashboard: Dashboard) -> list[Component]:
    """What the editor's bar has no room for on phones; `data-press` names the button that an entry stands for."""
    base = f"/dashboards/{dashboard.id}"
    live = html.Button(
        [Icon("activity"), LIVE_TITLE], className="dp-button more-only", type="button",
        **data("kind", "quiet"), **data("press", ids.LIVE),
    )  # fmt: skip
    return [_link("pin", VERSIONS_LABEL, f"{base}/pins"), _link("history", HISTORY_LABEL, f"{base}/history"), live]


def _link(icon: str, label: str, href: str) -> Component:
    return html.A([Icon(icon), label], href=href, className="dp-button more-only", **data("kind", "quiet"))
