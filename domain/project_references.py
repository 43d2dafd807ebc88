"""Tags of a project file: each declared once, and none used that is not declared."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from domain.errors import Problem
from domain.shape import nearest

Fitted = dict[str, Any]
Tag = tuple[str, str]
"""A workflow's name and a collection's tag."""


def resolved(reference: str, tags: list[Tag], workflow: str | None = None) -> Tag | str:
    """The collection that `tag` or `workflow.tag` means, or the end of a sentence saying why there is none."""
    exact = [tag for tag in tags if ".".join(tag) == reference]
    bare = [tag for tag in tags if tag[1] == reference]
    found = exact or [tag for tag in bare if tag[0] == workflow] or bare
    if len(found) == 1:
        return found[0]
    if found:
        return f"{reference!r} is ambiguous; write one of {', '.join(sorted(map('.'.join, found)))}"
    if not tags:
        return f"{reference!r} is not the tag of a collection; there is none"
    return f"{reference!r} is not the tag of a collection; {nearest(reference, {tag for _, tag in tags})}"


def reference_problems(project: Fitted) -> Iterator[Problem]:
    """The faults in the tags of a fitted project, parts of which may still be of a wrong shape."""
    yield from _repeated(_named(project.get("workflows"), "name"), "workflows[{}].name")
    tags: list[Tag] = []
    for index, workflow in enumerate(_dicts(project.get("workflows"))):
        own = _named(workflow.get("data_collections"), "data_collection_tag")
        yield from _repeated(own, f"workflows[{index}].data_collections[{{}}].data_collection_tag")
        tags += [(str(workflow.get("name")), tag) for tag in own if tag]
    for index, join in enumerate(_dicts(project.get("joins"))):
        yield from _join_problems(join, f"joins[{index}]", tags, project)
        tags += _tag_of(join, tags)
    for index, link in enumerate(_dicts(project.get("links"))):
        for key in ("source_dc_tag", "target_dc_tag"):
            yield from _unknown(link.get(key), f"links[{index}].{key}", tags, None)


def _join_problems(join: Fitted, place: str, tags: list[Tag], project: Fitted) -> Iterator[Problem]:
    workflow = join.get("workflow_name")
    workflows = [name for name in _named(project.get("workflows"), "name") if name]
    if isinstance(workflow, str) and workflow not in workflows:
        yield Problem(f"{place}.workflow_name", f"{workflow!r} is not a workflow; {nearest(workflow, workflows)}")
    for key in ("left_dc", "right_dc"):
        yield from _unknown(join.get(key), f"{place}.{key}", tags, workflow)
    if any(tag in tags for tag in _tag_of(join, tags)):
        yield Problem(f"{place}.name", f"{join['name']!r} is the tag of another collection of that workflow")


def _tag_of(join: Fitted, tags: list[Tag]) -> list[Tag]:
    name, workflow, left = join.get("name"), join.get("workflow_name"), join.get("left_dc")
    if not isinstance(name, str) or not isinstance(left, str):
        return []
    side = resolved(left, tags, workflow)
    return [] if isinstance(side, str) else [(workflow or side[0], name)]


def _unknown(reference: object, place: str, tags: list[Tag], workflow: str | None) -> Iterator[Problem]:
    if isinstance(reference, str):
        found = resolved(reference, tags, workflow)
        if isinstance(found, str):
            yield Problem(place, found)


def _repeated(names: list[str], place: str) -> Iterator[Problem]:
    for name, count in Counter(filter(None, names)).items():
        if count > 1:
            places = [index for index, one in enumerate(names) if one == name]
            yield Problem(place.format(places[1]), f"{name!r} occurs {count} times; each must be different")


def _named(items: object, key: str) -> list[str]:
    return [name if isinstance(name := one.get(key), str) else "" for one in _dicts(items)]


def _dicts(items: object) -> list[Fitted]:
    return [one if isinstance(one, dict) else {} for one in items] if isinstance(items, list) else []
