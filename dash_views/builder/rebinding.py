"""Which columns go onto which fields of a form: of a kind chosen for them, or of one that takes another's place."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from dash_views.fields import Field
from dash_views.forms import Kind, suggested
from domain.collections import Column, DataCollection

APART = frozenset({"selection_column"})
"""Fields of a column that nothing is shown of: they are filled by people alone."""
EVERYWHERE = ("title", "collection_id", "filter_expr")
"""What every form has."""


class Rebound(msgspec.Struct, frozen=True):
    """The values for the new kind, and the bindings that it has no place for: the field's label and the column."""

    values: dict[str, Any]
    dropped: tuple[tuple[str, str], ...]


def bound(fields: Sequence[Field], columns: Sequence[Column]) -> dict[str, Any]:
    """Columns on the fields that take them, in their order: required fields first, the rest where several have room."""
    left = list(columns)
    # What stands in a fold is for those who look for it.
    fields = [field for field in fields if not field.group]
    found: dict[str, Any] = {}
    for field in sorted(_roles(fields, "column"), key=lambda field: not field.required):
        fitting = next((column for column in left if column.kind in field.kinds), None)
        if fitting is not None:
            found[field.name] = fitting.name
            left.remove(fitting)
    for field in _roles(fields, "columns"):
        several = [column for column in left if column.kind in field.kinds]
        if several:
            found[field.name] = [column.name for column in several]
            left = [column for column in left if column not in several]
    return found


def rebound(
    old: Kind, values: Mapping[str, Any], new: Kind, collection: DataCollection, distinct: Mapping[str, int]
) -> Rebound:
    """What `values` of one kind become as another: what fits stays, other bindings move to fields that take them.

    Required fields that are still empty are filled as for a new tile.
    """
    before = {field.name: field for field in old.fields}
    kept = {name: values[name] for name in EVERYWHERE if values.get(name)}
    for field in new.fields:
        value = values.get(field.name)
        if field.name in before and _fits(field, before[field.name], value, collection):
            kept[field.name] = value
    # An optional field gets no column that nobody put there: a number would colour boxes, say.
    free = [one for one in new.fields if one.name not in kept and (one.required or one.control == "columns")]
    moving = [name for name in _columns_of(old.fields, values) if name not in set(_columns_of(new.fields, kept))]
    known = [column for name in moving if (column := collection.column(name))]
    kept |= bound(free, known)
    proposed = suggested(new, collection, distinct)
    optional = {field.name for field in new.fields if field.control in {"column", "columns"} and not field.required}
    filled = {**{name: value for name, value in proposed.items() if name not in optional}, **kept}
    shown = set(_columns_of(new.fields, filled))
    dropped = tuple(
        (field.label, name) for field in old.fields for name in _columns_of([field], values) if name not in shown
    )
    return Rebound(filled, dropped)


def columns_of(kind: Kind, values: Mapping[str, Any]) -> list[str]:
    """The columns that the form's values show, each once."""
    return _columns_of([field for field in kind.fields if field.name not in APART], values)


def _columns_of(fields: Iterable[Field], values: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for field in fields:
        value = values.get(field.name)
        if field.control == "column" and isinstance(value, str) and value:
            found.append(value)
        elif field.control == "columns" and isinstance(value, list | tuple):
            found += value
    return list(dict.fromkeys(found))


def _roles(fields: Sequence[Field], control: str) -> list[Field]:
    return [one for one in fields if one.control == control and one.only_for is None and one.name not in APART]


def _fits(field: Field, before: Field, value: object, collection: DataCollection) -> bool:
    if value in (None, "", [], ()) or field.control != before.control:
        return False
    match field.control:
        case "column":
            names: Sequence[Any] = [value]
        case "columns" if isinstance(value, list | tuple):
            names = value
        case "choice":
            return value in field.choices
        case "choices" if isinstance(value, list | tuple):
            return set(value) <= set(field.choices)
        case _:
            return True
    columns = [collection.column(str(name)) for name in names]
    return all(column is not None and column.kind in field.kinds for column in columns)
