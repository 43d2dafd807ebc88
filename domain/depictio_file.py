"""What components of files of Depictio 1.5 have beside the keys of this version."""

import json
from collections.abc import Mapping
from typing import Any

from domain.wording import tr

NOT_KEPT = {
    "": ("index", "title_size", "title_align"),
    "card": ("icon_name", "icon_color", "title_color", "title_font_size", "value_font_size"),
    "figure": ("font_scale",),
    "interactive": ("column_type", "custom_color", "icon_name", "placement", "group", "timescale", "show_marks"),
}
"""How a tile looks there and what is known of its column, by type of component: read without a word, and not kept."""
IS_CODE = tr("is code, which no dashboard runs here; choose a visu_type and name its columns in dict_kwargs")


def is_code(component: Mapping[str, Any]) -> bool:
    """Whether a figure is drawn by a program that stands in the file."""
    return component.get("component_type") == "figure" and component.get("mode") == "code"


def without_looks(component: Mapping[str, Any]) -> dict[str, Any]:
    """The component without the keys that are not kept; `mode` says nothing where it is not `code`."""
    kind = str(component["component_type"])
    left = {*NOT_KEPT[""], *NOT_KEPT.get(kind, ())}
    if kind == "figure" and component.get("mode") == "ui":
        left |= {"mode", "code_content"}
    return {key: value for key, value in component.items() if key not in left}


def plain(value: Any) -> Any:
    """A mapping or list that is written as a text of JSON, as `labels` often is; other values as they are."""
    if not isinstance(value, str) or not value.lstrip().startswith(("{", "[")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
