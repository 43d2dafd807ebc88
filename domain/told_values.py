"""Values of dashboards and tiles in words, for who compares two versions: no braces, no ids."""

from collections.abc import Mapping
from typing import Any

from domain.pins import Pin
from domain.wording import tr

NAMES = ("title", "name", "column", "tag")
"""What an entry of a list is called by, the first that it has."""
UNSAID = {*NAMES, "id"}


def in_words(value: Any, names: Mapping[str, str]) -> str:
    """The value as people read it, empty when there is nothing; `names` are the tags of collections by their ids."""
    if value is None or value in ("", [], (), {}):
        return ""
    match value:
        case bool():
            return tr("yes") if value else tr("no")
        case Mapping():
            return _of_mapping(value, names)
        case list() | tuple():
            return ", ".join(in_words(one, names) or tr("nothing") for one in value)
    return names.get(str(value), str(value))


def _of_mapping(value: Mapping[Any, Any], names: Mapping[str, str]) -> str:
    if "version" in value and set(value) <= {"version", "day"}:
        return Pin(**value).said
    name = next((str(value[key]) for key in NAMES if value.get(key)), "")
    kept = {key: in_words(one, names) for key, one in value.items() if not (name and key in UNSAID)}
    rest = ", ".join(f"{names.get(key, str(key).replace('_', ' '))}: {text}" for key, text in kept.items() if text)
    return f"{name} ({rest})" if name and rest else name or rest
