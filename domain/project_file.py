"""From a decoded project file to a `ProjectDescription`: every fault at once, each with its place and its remedy."""

from collections.abc import Iterator
from typing import Any

import msgspec

from domain.description import ProjectDescription
from domain.errors import Invalid, Problem
from domain.former_files import in_todays_words
from domain.project_references import reference_problems
from domain.project_rules import RULES
from domain.shape import fitted, kind_of
from domain.wording import tr, trn

TYPES_TO_COME = ("jbrowse2",)
NO_RECIPES = tr(
    "recipes are programs, which an ingest never runs; let the workflow write the table, or join collections and use "
    "expressions in tiles"
)


def project_description(decoded: object) -> ProjectDescription:
    """The description that a project file's decoded YAML (mappings, lists, scalars) stands for.

    Raises:
        Invalid: with one problem per fault: unknown keys with the nearest known one, wrong types, unknown words,
            patterns that do not compile, tags that occur twice or are not declared.
    """
    if not isinstance(decoded, dict):
        raise _invalid(
            [Problem("", tr("the file is {kind}; it must be a mapping that has name: and more", kind=kind_of(decoded)))]
        )
    former = in_todays_words(decoded)
    fit, problems = fitted(former.decoded, ProjectDescription, RULES)
    problems = [*_instead(problems, list(_not_yet_readable(decoded))), *reference_problems(fit)]
    problems = [*map(former.placed, problems), *former.problems]
    if problems:
        raise _invalid(problems)
    description: ProjectDescription = msgspec.convert(fit, ProjectDescription)
    return description


def _invalid(problems: list[Problem]) -> Invalid:
    message = trn("The project file has a fault.", "The project file has {n} faults.", len(problems))
    return Invalid(message, tuple(problems))


def _instead(problems: list[Problem], unreadable: list[Problem]) -> list[Problem]:
    """Parts that cannot be read yet have keys of their own: their one problem stands for all of theirs."""
    places = tuple(problem.place.partition(".config.")[0] + ".config" for problem in unreadable)
    return [*(problem for problem in problems if not problem.place.startswith(places)), *unreadable]


def _not_yet_readable(decoded: dict[Any, Any]) -> Iterator[Problem]:
    for place, config in _configs(decoded):
        kind = str(config.get("type")).lower()
        if kind in TYPES_TO_COME:
            yield Problem(f"{place}.type", tr("{kind} collections cannot be read yet", kind=kind))
        elif config.get("transform") is not None or config.get("source") == "transformed":
            yield Problem(f"{place}.transform", NO_RECIPES)


def _configs(decoded: dict[Any, Any]) -> Iterator[tuple[str, dict[Any, Any]]]:
    for i, workflow in enumerate(_items(decoded.get("workflows"))):
        for j, collection in enumerate(_items(workflow.get("data_collections"))):
            config = collection.get("config")
            if isinstance(config, dict):
                yield f"workflows[{i}].data_collections[{j}].config", config


def _items(value: object) -> list[dict[Any, Any]]:
    return [one if isinstance(one, dict) else {} for one in value] if isinstance(value, list) else []
