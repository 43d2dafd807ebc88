"""Small pieces that look as they do on the pages: buttons in the classes of `web/static/css/parts.css`."""

import re
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dash_views.icons import Icon
from domain.wording import tr


def aria(label: str) -> dict[str, Any]:
    """The accessible name of a component, as keyword arguments."""
    return {"aria-label": label}


def data(name: str, value: str) -> dict[str, Any]:
    """A data attribute, as keyword arguments."""
    return {f"data-{name}": value}


def sentence(text: str, **inside: Component) -> list[Component | str]:
    """A text in which components stand at the places that `{name}` marks."""
    pieces = re.split(r"\{(\w+)\}", text)
    return [inside[piece] if place % 2 else piece for place, piece in enumerate(pieces) if piece]


def button(
    component_id: str | dict[str, Any], icon: str, label: str, *, kind: str = "", idle: bool = False, **more: Any
) -> Component:
    """A button with a word; `kind` is primary, danger or quiet, `more` are attributes."""
    look = data("kind", kind) if kind else {}
    name = "dp-button is-idle" if idle else "dp-button"
    return html.Button([Icon(icon), label], id=component_id, className=name, type="button", **look, **more)


def tool(component_id: str | dict[str, Any], icon: str, label: str, *, idle: bool = False, **more: Any) -> Component:
    """A button with an icon alone; `idle` hides it as long as it would do nothing, `more` are attributes."""
    name = "tile-tool is-idle" if idle else "tile-tool"
    return html.Button(Icon(icon), id=component_id, className=name, type="button", title=label, **aria(label), **more)


def saved_as(version: int, at: datetime) -> list[Component]:
    """What stands in the bar of an editor after a save; saving.js says the time of the reader."""
    return [Icon("check"), html.Span(tr("Saved · version {version}", version=version), title=at.isoformat())]


def plain(node: Any) -> Any:
    """Components as JSON has them."""
    if isinstance(node, Component):
        return plain(node.to_plotly_json())  # type: ignore[no-untyped-call]
    if isinstance(node, dict):
        return {key: plain(value) for key, value in node.items()}
    return [plain(one) for one in node] if isinstance(node, list) else node
