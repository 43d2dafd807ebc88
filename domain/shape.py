"""Checks decoded YAML against structs and reports every fault with its place, where msgspec stops at the first."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from msgspec import inspect

from domain.errors import Problem
from domain.wording import tr

NAMES = {
    inspect.StrType: tr("text"),
    inspect.IntType: tr("a whole number"),
    inspect.BoolType: tr("true or false"),
    inspect.VarTupleType: tr("a list"),
    inspect.ListType: tr("a list"),
    inspect.DictType: tr("a mapping"),
    inspect.StructType: tr("a mapping"),
}
Rules = Mapping[type, Callable[[Any, str], Iterable[Problem]]]
"""What must hold inside a struct of that type, given the struct and its place; asked where its shape is right."""
KINDS = (
    (bool, tr("true or false")),
    (str, tr("text")),
    (int | float, tr("a number")),
    (list, tr("a list")),
    (dict, tr("a mapping")),
)
PLAIN: dict[type, type] = {inspect.StrType: str, inspect.IntType: int, inspect.BoolType: bool}


def fitted(value: object, of: Any, rules: Rules) -> tuple[Any, list[Problem]]:
    """The value in the shape that `msgspec.convert` takes for the type `of`, and every fault.

    Unknown keys are left out. Keys without a value count as absent where the field has a default; one of a few words
    may have any case.
    """
    fit = _Fit(rules)
    return fit.value(value, inspect.type_info(of), ""), fit.problems


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown word: the nearest known one, or all of them."""
    known = sorted(known)
    near = closest(word, known)
    if near:
        return tr("did you mean {near}?", near=near)
    return tr("known are {known}", known=", ".join(known)) if known else tr("none is known")


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like an unknown one, if any is."""
    return next(iter(difflib.get_close_matches(word.lower(), sorted(known), n=1)), None)


def kind_of(value: object) -> str:
    """What people call the type of a decoded value."""
    if value is None:
        return tr("empty")
    return next((name for kind, name in KINDS if isinstance(value, kind)), f"a {type(value).__name__}")


class _Fit:
    """One walk through a value, gathering problems."""

    def __init__(self, rules: Rules) -> None:
        self.problems: list[Problem] = []
        self._rules = rules

    def value(self, value: object, expected: inspect.Type, place: str) -> Any:
        match expected:
            case inspect.UnionType(types=types):
                return None if value is None else self.value(value, _without_none(types), place)
            case inspect.LiteralType(values=values):
                return self._word(value, [str(one) for one in values], place)
            case inspect.AnyType():
                return value
            case inspect.StructType() if isinstance(value, dict):
                return self._struct(value, expected, place)
            case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item) if isinstance(value, list):
                return [self.value(one, item, f"{place}[{index}]") for index, one in enumerate(value)]
            case inspect.DictType(value_type=item) if isinstance(value, dict):
                return {str(key): self.value(one, item, f"{place}.{key}") for key, one in value.items()}
        plain = PLAIN.get(type(expected))
        if plain is None or not isinstance(value, plain) or (plain is int and isinstance(value, bool)):
            self.problems.append(Problem(place, _mismatch(value, expected)))
        return value

    def _struct(self, value: dict[Any, Any], expected: inspect.StructType, place: str) -> dict[str, Any]:
        fields = {field.encode_name: field for field in expected.fields}
        prefix = f"{place}." if place else ""
        fit: dict[str, Any] = {}
        for key, one in value.items():
            field = fields.get(key) if isinstance(key, str) else None
            if field is None:
                self.problems.append(
                    Problem(f"{prefix}{key}", tr("is not a known key; {nearest}", nearest=nearest(str(key), fields)))
                )
            elif one is not None or field.required:
                fit[field.encode_name] = self.value(one, field.type, f"{prefix}{key}")
        for name, field in fields.items():
            if field.required and name not in value:
                self.problems.append(Problem(f"{prefix}{name}", tr("is required and missing")))
        self._ask_rule(fit, expected.cls, place)
        return fit

    def _ask_rule(self, fit: dict[str, Any], of: type, place: str) -> None:
        rule = self._rules.get(of)
        if rule is None:
            return
        try:
            struct: Any = msgspec.convert(fit, of)
        except msgspec.ValidationError:
            return  # The fault stands among the problems already.
        self.problems += rule(struct, place)

    def _word(self, value: object, words: list[str], place: str) -> object:
        if not isinstance(value, str):
            self.problems.append(
                Problem(place, tr("is {kind}; write one of {known}", kind=kind_of(value), known=", ".join(words)))
            )
            return value
        if value.lower() not in words:
            self.problems.append(
                Problem(place, tr("{value!r} is not one of {known}", value=value, known=", ".join(words)))
            )
        return value.lower()


def _mismatch(value: object, expected: inspect.Type) -> str:
    wanted = NAMES[type(expected)]
    if isinstance(expected, inspect.StrType) and isinstance(value, int | float):
        return tr("is {kind} and must be text; write it in quotes", kind=kind_of(value))
    return tr("is {kind} and must be {wanted}", kind=kind_of(value), wanted=wanted)


def _without_none(types: tuple[inspect.Type, ...]) -> inspect.Type:
    (only,) = (one for one in types if not isinstance(one, inspect.NoneType))
    return only
