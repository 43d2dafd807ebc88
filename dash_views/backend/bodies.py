"""What a callback's request must look like: the components that the callback names, in its order, and no others.

Dash takes the lists of a request as they come, so that a made-up one fails somewhere inside it. Values are not looked
at here: the browser may send any, and each callback reads its own.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dash._utils import stringify_id
from litestar.exceptions import ClientException

WILDCARDS = (["ALL"], ["ALLSMALLER"])
MATCH = ["MATCH"]
UNFIT = "The request does not fit its callback; reload the page"


def checked_body(spec: Mapping[str, Any], body: Mapping[str, Any]) -> Any:
    """The request of the callback `spec`, reduced to what Dash reads.

    Of the changed properties, those stay that are among the inputs.

    Raises:
        ClientException: when a list names other components or properties than the callback does.
    """
    inputs = _groups(body.get("inputs"), [_named(one) for one in spec["inputs"]])
    state = _groups(body.get("state") or [], [_named(one) for one in spec["state"]])
    changed = body.get("changedPropIds") or []
    if not isinstance(changed, list):
        raise ClientException(UNFIT)
    known = {f"{stringify_id(one['id'])}.{one['property']}" for one in _entries(inputs)}
    return {
        "output": body["output"],
        "outputs": _outputs(spec, body),
        "inputs": inputs,
        "state": state,
        "changedPropIds": [name for name in changed if isinstance(name, str) and name in known],
    }


def _outputs(spec: Mapping[str, Any], body: Mapping[str, Any]) -> Any:
    wanted = spec["output"]
    if spec.get("no_output"):
        return []
    if isinstance(wanted, list):
        return _groups(body.get("outputs"), [(one.component_id, one.component_property) for one in wanted])
    return _groups([body.get("outputs")], [(wanted.component_id, wanted.component_property)])[0]


def _named(dependency: Mapping[str, str]) -> tuple[Any, str]:
    """Id and property as Dash keeps them of a callback; ids of several parts are JSON there."""
    name = dependency["id"]
    return json.loads(name) if name.startswith("{") else name, dependency["property"]


def _groups(given: object, wanted: Sequence[tuple[Any, str]]) -> list[Any]:
    """For each component that is named its entry, for each wildcard a list of them."""
    if not isinstance(given, list) or len(given) != len(wanted):
        raise ClientException(UNFIT)
    for group, (name, prop) in zip(given, wanted, strict=True):
        entries = group if _is_several(name) else [group]
        if not isinstance(entries, list) or not all(_fits(one, name, prop) for one in entries):
            raise ClientException(UNFIT)
    return given


def _is_several(name: object) -> bool:
    parts = name.values() if isinstance(name, dict) else ()
    return any(_plain(part) in WILDCARDS for part in parts)


def _fits(entry: object, name: object, prop: str) -> bool:
    # The mark behind @ tells apart the callbacks of one output.
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("property"), str)
        and entry["property"].partition("@")[0] == prop
        and _is_one_of(entry.get("id"), name)
    )


def _is_one_of(given: object, name: object) -> bool:
    if not isinstance(name, dict):
        return isinstance(given, str) and given == name
    if not isinstance(given, dict) or given.keys() != name.keys():
        return False
    return all(
        isinstance(given[key], str | int) if _plain(part) in (*WILDCARDS, MATCH) else given[key] == part
        for key, part in name.items()
    )


def _plain(part: object) -> object:
    """A wildcard as JSON has it; outputs hold Dash's own objects."""
    return json.loads(part.to_json()) if hasattr(part, "to_json") else part


def _entries(groups: Sequence[Any]) -> Iterator[dict[str, Any]]:
    for group in groups:
        yield from group if isinstance(group, list) else [group]
