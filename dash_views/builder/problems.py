"""Where in a form it is said what is wrong with it: by the name of the field."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dash_views.builder import words
from dash_views.builder.rebinding import columns_of
from dash_views.forms import Kind
from domain.errors import DomainError, Invalid

PROPERTY = re.compile(r"`\$\.(\w+)")
"""How a value of a wrong type is named."""


def placed(kind: Kind, values: Mapping[str, Any], error: DomainError) -> dict[str, str]:
    """What is wrong by field; what belongs to no field stands above the form alone."""
    problems = error.problems if isinstance(error, Invalid) else ()
    found: dict[str, str] = {}
    for problem in problems:
        name = _field(kind, problem.place, problem.message)
        if name:
            found.setdefault(name, problem.message.split(" - at")[0])
    return found or placed_by_message(kind, values, [error.message])


def said(kind: Kind, error: DomainError) -> str:
    """What stands above the form: the message, and what belongs to no field of it."""
    problems = error.problems if isinstance(error, Invalid) else ()
    return " ".join([error.message, *(str(one) for one in problems if not _field(kind, one.place, one.message))])


def placed_by_message(kind: Kind, values: Mapping[str, Any], messages: Sequence[str]) -> dict[str, str]:
    """The same for what the query engine refuses, which names columns: at each field that shows such a column."""
    found: dict[str, str] = {}
    for message in messages:
        for field in kind.fields:
            named = columns_of(kind, {field.name: values.get(field.name)})
            if any(repr(column) in message for column in named):
                found.setdefault(field.name, message)
    return found


def _field(kind: Kind, place: str, message: str) -> str:
    by_label = {field.label: field.name for field in kind.fields} | {words.DATA: "collection_id"}
    names = {*by_label.values(), "title", "filter_expr"}
    at = PROPERTY.search(message)
    for name in (by_label.get(place, ""), place, at[1] if at else ""):
        if name in names:
            return name
    return ""
