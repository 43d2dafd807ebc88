"""Chips above the board: which data are shown at one version of their table, and where that is changed."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dash_views import ids
from dash_views.board_menu import VERSIONS_LABEL as VERSIONS
from dash_views.icons import Icon
from dash_views.parts import aria, data
from domain.access import Capability
from domain.collections import DataCollection
from domain.dashboards import Dashboard
from domain.pins import Pin
from domain.projects import Access
from domain.remap import Lost, lost_of
from domain.wording import tr

PINNED = tr("Pinned data")
CHANGE = tr("Change the pins")
CHOOSE = tr("Choose other columns")


def pin_chips(access: Access, dashboard: Dashboard, collections: Sequence[DataCollection]) -> Component:
    """The line of chips above the board; there is none without chips."""
    chips = listed(access, dashboard, collections)
    return html.Ul(chips, id=ids.PINS, className="pins", hidden=not chips, **aria(PINNED))


def listed(access: Access, dashboard: Dashboard, collections: Sequence[DataCollection]) -> list[Component]:
    """One chip for each pinned collection that the actor may see; for editors it leads to the pins."""
    tags = {one.id: one.tag for one in collections}
    shown = [(tags[key], pin) for key, pin in dashboard.pins.items() if key in tags]
    address = f"/dashboards/{dashboard.id}/pins" if access.may(Capability.DASHBOARD_EDIT) else ""
    chips: list[Component] = [html.Li(_chip(tag, pin, address)) for tag, pin in sorted(shown, key=lambda one: one[0])]
    if address and (lost := lost_of(dashboard, collections)):
        chips.append(html.Li(_lost_chip(dashboard, lost)))
    return chips


def _chip(tag: str, pin: Pin, address: str) -> Component:
    said: list[Component | str] = [Icon("pin"), tr("{table} at {version}", table=tag, version=pin.said)]
    if not address:
        return html.Span(said, className="pin")
    return html.A(said, href=address, className="pin", title=CHANGE)


def _lost_chip(dashboard: Dashboard, lost: Sequence[Lost]) -> Component:
    """For editors: which columns are gone, and the way to choose others."""
    names = ", ".join(sorted({one.name for one in lost}))
    said: list[Component | str] = [Icon("alert-triangle"), tr("Lost columns: {names}", names=names)]
    return html.A(
        said, href=f"/dashboards/{dashboard.id}/columns", className="pin", title=CHOOSE, **data("lost", "yes")
    )


def versions_link(dashboard: Dashboard) -> Component:
    """To where the dashboard is pinned to versions of its data."""
    word = html.Span(VERSIONS, className="bar-word")
    return html.A(
        [Icon("pin"), word], href=f"/dashboards/{dashboard.id}/pins", className="dp-button bar-wide", **aria(VERSIONS)
    )
