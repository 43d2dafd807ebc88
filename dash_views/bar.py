"""The line above the board: what the dashboard is called, and how to get from looking to editing and back."""

from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dash_views import ids
from dash_views.board_menu import HISTORY_LABEL, LIVE_TITLE, menu_button
from dash_views.icons import Icon
from dash_views.parts import aria, data
from dash_views.pins import versions_link
from dash_views.presses import tells
from domain.access import Capability
from domain.dashboards import Dashboard
from domain.projects import Access
from domain.wording import tr

LIVE_LABEL = tr("Live")
COPY_LABEL = tr("Copy link")
COPY_TITLE = tr("Copy link to this view")
SHARE_LABEL = tr("Share")
SHARE_TITLE = tr("Share this view by a link")
ADD_LABEL = tr("Add a tile")
VIEW_LABEL = tr("View")
LIVE: dict[str, Any] = {"aria-live": "polite"}


def bar(access: Access, dashboard: Dashboard, *, editable: bool) -> Component:
    """The bar of the viewer or of the editor."""
    heading, actions = _editing(dashboard) if editable else _viewing(access, dashboard)
    return html.Div([html.Div([*_crumbs(access), heading], className="bar-names"), actions], className="bar")


def _crumbs(access: Access) -> list[Component]:
    """The way to the project; who comes by a share link is not told where the dashboard belongs."""
    if access.only is not None:
        return []
    project = html.A(access.project.name, href=f"/projects/{access.project.id}", className="dp-link bar-project")
    return [html.Div([project, html.Span("/", className="dp-soft")], className="bar-crumbs")]


def names(dashboard: Dashboard) -> list[Component]:
    """Title and subtitle where they cannot be edited."""
    subtitle = [html.P(dashboard.subtitle, className="dp-soft bar-subtitle")] if dashboard.subtitle else []
    return [html.H1(dashboard.title, className="bar-title"), *subtitle]


def _viewing(access: Access, dashboard: Dashboard) -> tuple[Component, Component]:
    edit = html.A([Icon("pencil"), tr("Edit")], href=f"/dashboards/{dashboard.id}/edit", className="dp-button")
    actions = [copy_link(), *share_link(access, dashboard), live_switch()]
    actions += [edit] if access.may(Capability.DASHBOARD_EDIT) else []
    return html.Div(names(dashboard), id=ids.NAMES), html.Div([*actions, menu_button()], className="bar-actions")


def live_switch() -> Component:
    """Whether new data are shown at once; `pulse.js` keeps the choice in the browser and says what it is."""
    return html.Button(
        [Icon("activity"), html.Span(LIVE_LABEL, className="bar-word")],
        id=ids.LIVE,
        className="dp-button bar-live",
        type="button",
        title=LIVE_TITLE,
        **aria(LIVE_TITLE),
    )


def copy_link() -> Component:
    """It puts the address of the view, filters and all, on the clipboard (`visits.js`)."""
    word = html.Span(COPY_LABEL, className="bar-word")
    name = {"title": COPY_TITLE, **aria(COPY_TITLE)}
    return html.Button([Icon("link"), word], id=ids.COPY_LINK, className="dp-button", type="button", **name)


def share_link(access: Access, dashboard: Dashboard) -> list[Component]:
    """To the links by which others see the dashboard; `sharing.js` brings the filters of the view along."""
    if not access.may(Capability.DASHBOARD_PUBLISH):
        return []
    word = html.Span(SHARE_LABEL, className="bar-word")
    href = f"/dashboards/{dashboard.id}/links"
    return [html.A([Icon("share"), word], id=ids.SHARE_LINK, href=href, className="dp-button", **aria(SHARE_TITLE))]


def _undo_buttons() -> list[Component]:
    """What they would do now is said by `undo.js`."""
    found = (("arrow-back-up", ids.UNDO, tr("Undo")), ("arrow-forward-up", ids.REDO, tr("Redo")))
    return [
        html.Button(
            Icon(icon), id=name, className="tile-tool bar-tool", type="button", disabled=True, title=word, **aria(word)
        )
        for icon, name, word in found
    ]


def _worded(icon: str, word: str) -> list[Component]:
    """An icon with a word that phones have no room for."""
    return [Icon(icon), html.Span(word, className="bar-wide")]


def _editing(dashboard: Dashboard) -> tuple[Component, Component]:
    heading = html.H1(tr("Edit {title}", title=dashboard.title), className="dp-hidden")
    title = dmc.TextInput(
        id=ids.TITLE,
        value=dashboard.title,
        variant="unstyled",
        debounce=200,
        className="bar-title-input",
        attributes={"input": aria(tr("Title of the dashboard"))},
    )
    subtitle = dmc.TextInput(
        id=ids.SUBTITLE,
        value=dashboard.subtitle,
        variant="unstyled",
        debounce=200,
        placeholder=tr("Add a subtitle"),
        className="bar-subtitle-input",
        attributes={"input": aria(tr("Subtitle of the dashboard"))},
    )
    saved = html.Span(
        [
            html.Span(id=ids.SAVING, className="bar-saving", **LIVE),
            html.Span(tr("Version {version}", version=dashboard.version), id=ids.SAVED, className="bar-saved", **LIVE),
            html.Span(id=ids.SAVED_AT, className="bar-saved-at"),
        ],
        className="bar-state",
    )
    present = html.Ul(id=ids.EDITORS, className="bar-present", **aria(tr("Also editing")))
    history = html.A(
        [Icon("history"), html.Span(HISTORY_LABEL, className="bar-word")],
        href=f"/dashboards/{dashboard.id}/history",
        className="dp-button bar-wide",
        **aria(HISTORY_LABEL),
    )
    versions = versions_link(dashboard)
    view = html.A(
        _worded("eye", VIEW_LABEL), href=f"/dashboards/{dashboard.id}", className="dp-button", **aria(VIEW_LABEL)
    )
    add = html.Button(
        _worded("plus", ADD_LABEL), id=ids.ADD, className="dp-button", type="button",
        **data("kind", "primary"), **aria(ADD_LABEL), **tells(ids.OPENING),
    )  # fmt: skip
    actions = html.Div(
        [present, saved, *_undo_buttons(), add, versions, history, live_switch(), view, menu_button()],
        className="bar-actions",
    )
    return html.Div([heading, title, subtitle]), actions
