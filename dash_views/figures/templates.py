"""Templates of Plotly, read from the files of its package: to import plotly.io would take half a second."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from dash_views.figures.layout import CLEAR

PARTS = ("colorway", "colorscale", "plot_bgcolor", "xaxis", "yaxis", "polar", "ternary", "scene", "coloraxis")
"""What a figure takes of a template: the page's own colours hold around it, in light and dark."""


@cache
def template(name: str) -> dict[str, Any]:
    """The template of these names, with `+` between them; later ones go before earlier ones."""
    layout: dict[str, Any] = {}
    data: dict[str, Any] = {}
    for one in name.split("+"):
        if one == "none":
            continue
        found = msgspec.json.decode((_folder() / f"{one}.json").read_bytes())
        layout |= {key: value for key, value in found.get("layout", {}).items() if key in PARTS}
        data |= found.get("data", {})
    return _tupled({"layout": {**layout, "paper_bgcolor": CLEAR}, "data": data})  # type: ignore[no-any-return]


def _folder() -> Path:
    spec = find_spec("plotly")
    assert spec is not None and spec.origin is not None  # noqa: PT018, S101 -- it is a dependency.
    return Path(spec.origin).parent / "package_data" / "templates"


def _tupled(node: Any) -> Any:
    """Lists count as columns (see `wire`), which are sent each time."""
    match node:
        case dict():
            return {key: _tupled(value) for key, value in node.items()}
        case list():
            return tuple(_tupled(one) for one in node)
    return node
