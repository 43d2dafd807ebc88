"""Tags of a project file: each declared once, and none used that is not declared."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from domain.collections import TECHNICAL_PREFIX
from domain.description import JoinDescription, ProjectDescription
from domain.errors import Problem
from domain.shape import nearest
from domain.wording import tr

Fitted = dict[str, Any]
UPLOADS = "uploads"
"""The workflow of the tables that people upload in the browser."""
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
        return tr(
            "{reference!r} is ambiguous; write one of {known}",
            reference=reference,
            known=", ".join(sorted(map(".".join, found))),
        )
    if not tags:
        return tr("{reference!r} is not the tag of a collection; there is none", reference=reference)
    return tr(
        "{reference!r} is not the tag of a collection; {nearest}",
        reference=reference,
        nearest=nearest(reference, {tag for _, tag in tags}),
    )


def meant(reference: str, tags: list[Tag], workflow: str | None = None) -> Tag | str:
    """As `resolved`; `uploads.tag` means a table of the browser, which no project file declares."""
    found = resolved(reference, tags, workflow)
    of, dot, tag = reference.partition(".")
    return (of, tag) if isinstance(found, str) and dot and of == UPLOADS and tag else found


def _workflow_of(join: Fitted, tags: list[Tag]) -> str | None:
    """The workflow that a join belongs to: the one it says, else that of its left side, or of the right one."""
    said = join.get("workflow_name")
    if isinstance(said, str):
        return said
    ends = [meant(end, tags) for key in ("left_dc", "right_dc") if isinstance(end := join.get(key), str)]
    found = [end[0] for end in ends if isinstance(end, tuple)]
    return next((name for name in found if name != UPLOADS), found[0] if found else None)


def joins_of(project: ProjectDescription) -> list[tuple[JoinDescription, Tag]]:
    """The joins with the collection that each makes; a join may be a side of a later one."""
    tags = [(workflow.name, one.data_collection_tag) for workflow, one in project.collections()]
    found = []
    for join in project.joins:
        said = {"workflow_name": join.workflow_name, "left_dc": join.left_dc, "right_dc": join.right_dc}
        workflow = _workflow_of(said, tags) or ""
        found.append((join, (workflow, join.name)))
        tags.append((workflow, join.name))
    return found


def declared(project: ProjectDescription) -> list[Tag]:
    """Every collection of a project file: those read from files, then those that joins make."""
    read = [(workflow.name, one.data_collection_tag) for workflow, one in project.collections()]
    return [*read, *(tag for _, tag in joins_of(project))]


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
    yield from _tree_problems(project, tags)
    for index, link in enumerate(_dicts(project.get("links"))):
        for key in ("source_dc_tag", "target_dc_tag"):
            yield from _unknown(link.get(key), f"links[{index}].{key}", tags, None)
        yield from _dropped_columns(link, f"links[{index}]", tags, project)
        yield from _other_type(link, f"links[{index}]", tags, project)


def _join_problems(join: Fitted, place: str, tags: list[Tag], project: Fitted) -> Iterator[Problem]:
    workflow = join.get("workflow_name")
    workflows = [name for name in _named(project.get("workflows"), "name") if name]
    if isinstance(workflow, str) and workflow not in workflows:
        yield Problem(
            f"{place}.workflow_name",
            tr("{workflow!r} is not a workflow; {nearest}", workflow=workflow, nearest=nearest(workflow, workflows)),
        )
    for key in ("left_dc", "right_dc"):
        yield from _unknown(join.get(key), f"{place}.{key}", tags, workflow)
    if any(tag in tags for tag in _tag_of(join, tags)):
        yield Problem(
            f"{place}.name", tr("{name!r} is the tag of another collection of that workflow", name=join["name"])
        )


def _dropped_columns(link: Fitted, place: str, tags: list[Tag], project: Fitted) -> Iterator[Problem]:
    """Columns of a link that its collections do not keep."""
    config = link.get("link_config")
    field = config.get("target_field") if isinstance(config, dict) else None
    source = ("source_dc_tag", "source_column", link.get("source_column"))
    target = ("target_dc_tag", "link_config.target_field", field or link.get("source_column"))
    for tag_key, key, column in (source, target):
        end = resolved(str(link.get(tag_key)), tags)
        kept = _kept_columns(project, end) if isinstance(end, tuple) else []
        if isinstance(column, str) and kept and column not in kept and not column.startswith(TECHNICAL_PREFIX):
            yield Problem(
                f"{place}.{key}",
                tr(
                    "{column!r} is not among the keep_columns of {other}; {nearest}",
                    column=column,
                    other=end[1],
                    nearest=nearest(column, kept),
                ),
            )


def _tree_problems(project: Fitted, tags: list[Tag]) -> Iterator[Problem]:
    """Trees whose metadata no collection is."""
    for index, workflow in enumerate(_dicts(project.get("workflows"))):
        for number, one in enumerate(_dicts(workflow.get("data_collections"))):
            config = one.get("config")
            properties = config.get("dc_specific_properties") if isinstance(config, dict) else None
            if isinstance(properties, dict):
                place = f"workflows[{index}].data_collections[{number}].config.dc_specific_properties.metadata_dc_tag"
                yield from _unknown(properties.get("metadata_dc_tag"), place, tags, workflow.get("name"))


def _other_type(link: Fitted, place: str, tags: list[Tag], project: Fitted) -> Iterator[Problem]:
    """A `target_type` that is not that of the target."""
    said, end = link.get("target_type"), resolved(str(link.get("target_dc_tag")), tags)
    if not isinstance(said, str) or not isinstance(end, tuple):
        return
    kinds = {
        (workflow.get("name"), one.get("data_collection_tag")): one["config"].get("type")
        for workflow in _dicts(project.get("workflows"))
        for one in _dicts(workflow.get("data_collections"))
        if isinstance(one.get("config"), dict)
    }
    kind = kinds.get(end, "table")
    if said.lower() != kind:
        yield Problem(
            f"{place}.target_type",
            tr("is {said}, and {other!r} is a collection of the type {kind}", said=said, other=end[1], kind=kind),
        )


def _kept_columns(project: Fitted, tag: Tag) -> list[str]:
    for workflow in _dicts(project.get("workflows")):
        for one in _dicts(workflow.get("data_collections")):
            if (workflow.get("name"), one.get("data_collection_tag")) == tag:
                config = one.get("config")
                properties = config.get("dc_specific_properties") if isinstance(config, dict) else None
                kept = properties.get("keep_columns") if isinstance(properties, dict) else None
                return [name for name in kept if isinstance(name, str)] if isinstance(kept, list) else []
    return []


def _tag_of(join: Fitted, tags: list[Tag]) -> list[Tag]:
    name, workflow = join.get("name"), _workflow_of(join, tags)
    return [(workflow, name)] if isinstance(name, str) and workflow is not None else []


def _unknown(reference: object, place: str, tags: list[Tag], workflow: str | None) -> Iterator[Problem]:
    if isinstance(reference, str):
        found = meant(reference, tags, workflow)
        if isinstance(found, str):
            yield Problem(place, found)


def _repeated(names: list[str], place: str) -> Iterator[Problem]:
    for name, count in Counter(filter(None, names)).items():
        if count > 1:
            places = [index for index, one in enumerate(names) if one == name]
            yield Problem(
                place.format(places[1]),
                tr("{name!r} occurs {count} times; each must be different", name=name, count=count),
            )


def _named(items: object, key: str) -> list[str]:
    return [name if isinstance(name := one.get(key), str) else "" for one in _dicts(items)]


def _dicts(items: object) -> list[Fitted]:
    return [one if isinstance(one, dict) else {} for one in items] if isinstance(items, list) else []
