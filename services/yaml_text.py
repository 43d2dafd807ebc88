"""YAML that people write, decoded strictly; what is wrong with it is named with its line."""

from pathlib import Path
from typing import Any

import yaml

from domain.errors import Invalid, Problem
from domain.wording import tr

STRING_TAG = "tag:yaml.org,2002:str"


class _Loader(yaml.SafeLoader):
    """Refuses a key that a mapping has twice, of which YAML's own loader keeps the last in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        seen: set[str | None] = set()
        for key_node, _ in node.value:
            key = key_node.value if key_node.tag == STRING_TAG else None
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, tr("the key {key!r} occurs twice", key=key), key_node.start_mark
                )
            seen |= {key} - {None}
        return super().construct_mapping(node, deep)


def yaml_of_file(path: Path, name: str) -> object:
    """What a file holds; `name` is what errors call it.

    Raises:
        Invalid: when it cannot be read, is not UTF-8, or is not YAML.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise Invalid(tr("{name} cannot be read: {reason}.", name=name, reason=error.strerror or error)) from error
    except UnicodeDecodeError as error:
        raise Invalid(
            tr("{name} is not UTF-8 text: {reason} at byte {place}.", name=name, reason=error.reason, place=error.start)
        ) from None
    return yaml_of(text, name)


def yaml_of(text: str, name: str) -> object:
    """What the text holds; `name` is what errors call it.

    Raises:
        Invalid: when it is not YAML, with line and column.
    """
    try:
        return yaml.load(text, _Loader)  # noqa: S506 -- a safe loader that is stricter.
    except (yaml.YAMLError, RecursionError) as error:
        raise Invalid(tr("{name} is not YAML.", name=name), (_syntax_problem(error),)) from None


def _syntax_problem(error: Exception) -> Problem:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        mark = error.problem_mark
        return Problem(
            tr("line {line}, column {column}", line=mark.line + 1, column=mark.column + 1),
            str(error.problem or error.context),
        )
    return Problem("", str(error).strip().partition("\n")[0] or tr("is nested too deeply"))
