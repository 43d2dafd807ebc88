"""The line above the board: what the dashboard is called, and how to get from looking to editing and back."""

from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dash_views import ids
from dash_views.icons import Icon
from dash_views.parts import aria, button
from domain.access import Capability
from domain.dashboards import Dashboard
from domain.projects import Access

LIVE: dict[str, Any] = {"aria-live": "polite"}


def bar(access: Access, dashboard: Dashboard, *, editable: bool) -> Component:
    """The bar of the viewer or of the editor."""
    project = html.A(access.project.name, href=f"/projects/{access.project.id}", className="dp-link bar-project")
    crumbs = html.Div([project, html.Span("/", className="dp-soft")], className="bar-crumbs")
    names, actions = _editing(dashboard) if editable else _viewing(access, dashboard)
    return html.Div([html.Div([crumbs, names], className="bar-names"), actions], className="bar")


def _viewing(access: Access, dashboard: Dashboard) -> tuple[Component, Component]:
    subtitle = [html.P(dashboard.subtitle, className="dp-soft bar-subtitle")] if dashboard.subtitle else []
    names = html.Div([html.H1(dashboard.title, className="bar-title"), *subtitle])
    edit = html.A([Icon("pencil"), "Edit"], href=f"/dashboards/{dashboard.id}/edit", className="dp-button")
    return names, html.Div([edit] if access.may(Capability.DASHBOARD_EDIT) else [], className="bar-actions")


def _editing(dashboard: Dashboard) -> tuple[Component, Component]:
    heading = html.H1(f"Edit {dashboard.title}", className="dp-hidden")
    title = dmc.TextInput(
        id=ids.TITLE,
        value=dashboard.title,
        variant="unstyled",
        debounce=200,
        className="bar-title-input",
        attributes={"input": aria("Title of the dashboard")},
    )
    subtitle = dmc.TextInput(
        id=ids.SUBTITLE,
        value=dashboard.subtitle,
        variant="unstyled",
        debounce=200,
        placeholder="Add a subtitle",
        className="bar-subtitle-input",
        attributes={"input": aria("Subtitle of the dashboard")},
    )
    saved = html.Span(f"Version {dashboard.version}", id=ids.SAVED, className="bar-saved", **LIVE)
    view = html.A([Icon("eye"), "View"], href=f"/dashboards/{dashboard.id}", className="dp-button")
    actions = html.Div([saved, button(ids.ADD, "plus", "Add a tile", kind="primary"), view], className="bar-actions")
    return html.Div([heading, title, subtitle]), actions
