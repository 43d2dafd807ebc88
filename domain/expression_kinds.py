"""What the parts of an expression are, numbers, texts, truths, days or times, checked against a table's columns."""

import difflib
from collections.abc import Mapping
from datetime import datetime

from domain.collections import ColumnKind
from domain.expressions import (
    AGGREGATES,
    ARITHMETIC,
    COMPARISONS,
    Apply,
    Field,
    Listed,
    Literal,
    Node,
    fields_of,
    refuse,
)
from domain.filters import Scalar
from domain.wording import tr

NUMBER, TEXT, BOOLEAN = ColumnKind.NUMBER, ColumnKind.TEXT, ColumnKind.BOOLEAN
DATE, DATETIME, OTHER = ColumnKind.DATE, ColumnKind.DATETIME, ColumnKind.OTHER
TIMES = (DATE, DATETIME)
CLOCK = ("dt.hour", "dt.minute", "dt.second")
TEXT_RESULTS = ("str.to_lowercase", "str.to_uppercase", "str.strip_chars", "str.slice")
WORDS = {
    NUMBER: tr("a number"),
    TEXT: tr("text"),
    BOOLEAN: tr("true or false"),
    DATE: tr("a day"),
    DATETIME: tr("a time"),
    OTHER: tr("else"),
}

Kinds = Mapping[str, ColumnKind]


def check_condition(node: Node, kinds: Kinds) -> None:
    """Let pass an expression that says of each row whether it is kept; `kinds` are those of the table's columns.

    Raises:
        Invalid: naming the place, what does not fit there, and what may be meant.
    """
    found = kind_of(node, kinds)
    if found is not BOOLEAN:
        refuse(node.at, tr("this is {found}, not a condition; compare it, as in … > 3 or … == 'a'", found=WORDS[found]))
    _need_column(node)


def kind_of(node: Node, kinds: Kinds) -> ColumnKind:
    """The kind of a part.

    Raises:
        Invalid: when operands do not fit, a column is unknown, or a condition names none.
    """
    found = _kind(node, kinds)
    if found is BOOLEAN and isinstance(node, Apply):
        _need_column(node)
    return found


def _need_column(node: Node) -> None:
    """Refuse what is the same for every row: it keeps all of them or none, which is never what was meant."""
    if not fields_of(node):
        refuse(node.at, tr("this names no column; write a condition such as col('x') > 3"))


def _kind(node: Node, kinds: Kinds) -> ColumnKind:
    match node:
        case Field(name=name):
            return _column(name, node.at, kinds)
        case Literal(value=value):
            return _literal(value, node.at)
        case Apply(name="&" | "|" | "~" as name):
            for operand in node.operands:
                _need(operand, kinds, (BOOLEAN,), name)
                _need_column(operand)
            return BOOLEAN
        case Apply(name=name) if name in COMPARISONS:
            return _compared(node, kinds)
        case Apply(name=name) if name in ARITHMETIC or name == "neg":
            for operand in node.operands:
                _need(operand, kinds, (NUMBER,), "-" if name == "neg" else name)
            return NUMBER
        case Apply(name=name) if name in AGGREGATES:
            return _aggregate(node, kinds)
        case Apply():
            return _method(node, kinds)
    return refuse(node.at, tr("a list has its place in .is_in()"))


def _column(name: str, at: int, kinds: Kinds) -> ColumnKind:
    if name not in kinds:
        near = difflib.get_close_matches(name, kinds, n=1)
        hint = tr("; did you mean {near!r}?", near=near[0]) if near else ""
        refuse(at, tr("the table has no column {name!r}{hint}", name=name, hint=hint))
    if kinds[name] is OTHER:
        refuse(at, tr("the values of the column {name!r} cannot be compared", name=name))
    return kinds[name]


def _literal(value: Scalar, at: int) -> ColumnKind:
    match value:
        case bool():
            return BOOLEAN
        case int() | float():
            return NUMBER
        case str():
            return TEXT
    return refuse(at, tr("None has its place in .is_in(); use .is_null() to look for missing values"))


def _need(node: Node, kinds: Kinds, wanted: tuple[ColumnKind, ...], name: str) -> ColumnKind:
    found = kind_of(node, kinds)
    if found not in wanted:
        words = tr(" or ").join(WORDS[one] for one in wanted)
        hint = tr("; put comparisons on both sides of it") if name in ("&", "|") else ""
        refuse(
            node.at,
            tr(
                "{name} needs {words}, but this is {found}{hint}", name=name, words=words, found=WORDS[found], hint=hint
            ),
        )
    return found


def _compared(node: Apply, kinds: Kinds) -> ColumnKind:
    left, right = node.operands
    _match(left, right, kinds)
    _match(right, left, kinds)
    if kind_of(left, kinds) is BOOLEAN and node.name not in ("==", "!="):
        refuse(node.at, tr("true and false have no order; {name} needs other values", name=node.name))
    return BOOLEAN


def _match(one: Node, other: Node, kinds: Kinds) -> None:
    """Let pass what can be compared; a text that is written out may stand for a day or a time."""
    mine, theirs = kind_of(one, kinds), kind_of(other, kinds)
    if mine is theirs:
        return
    if mine in TIMES and theirs is TEXT and isinstance(other, Literal) and not isinstance(one, Literal):
        _moment(other)
    elif not (theirs in TIMES and mine is TEXT and isinstance(one, Literal)):
        refuse(other.at, tr("{mine} is compared with {theirs}", mine=WORDS[mine], theirs=WORDS[theirs]))


def _moment(node: Literal) -> None:
    try:
        datetime.fromisoformat(str(node.value))
    except ValueError:
        refuse(
            node.at, tr("{value!r} is no day or time; write it as '2024-03-31' or '2024-03-31T12:00'", value=node.value)
        )


def _aggregate(node: Apply, kinds: Kinds) -> ColumnKind:
    for name in node.over:
        _column(name, node.at, kinds)
    subject = node.operands[0]
    _need_column(subject)
    if node.name in ("count", "n_unique"):
        kind_of(subject, kinds)
        return NUMBER
    if node.name in ("min", "max"):
        return _need(subject, kinds, (NUMBER, *TIMES), f".{node.name}()")
    _need(subject, kinds, (NUMBER, BOOLEAN), f".{node.name}()")
    if node.name == "quantile":
        _share(node.operands[1])
    return NUMBER


def _share(node: Node) -> None:
    value = node.value if isinstance(node, Literal) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        refuse(node.at, tr(".quantile() takes a share from 0 to 1"))


def _method(node: Apply, kinds: Kinds) -> ColumnKind:
    name, (subject, *arguments) = node.name, node.operands
    label = f".{name}()"
    if name in ("is_null", "is_not_null"):
        kind_of(subject, kinds)
        return BOOLEAN
    if name == "is_in":
        _listed(subject, arguments[0], kinds)
        return BOOLEAN
    if name == "is_between":
        for bound in arguments:
            _match(subject, bound, kinds)
        _need(subject, kinds, (NUMBER, TEXT, *TIMES), label)
        return BOOLEAN
    if name == "fill_null":
        found = _need(subject, kinds, (NUMBER, TEXT, BOOLEAN), label)
        _match(subject, arguments[0], kinds)
        return found
    if name.startswith("str."):
        return _text_method(node, kinds, label)
    if name.startswith("dt."):
        found = _need(subject, kinds, (DATETIME,) if name in CLOCK else TIMES, label)
        return DATE if name == "dt.date" and found else NUMBER
    _need(subject, kinds, (NUMBER,), label)
    for argument in arguments:
        _whole(argument, label, 0, 15)
    return NUMBER


def _listed(subject: Node, listed: Node, kinds: Kinds) -> None:
    found = kind_of(subject, kinds)
    for value in listed.values if isinstance(listed, Listed) else ():
        if value is not None:
            one = Literal(listed.at, value)
            if found in TIMES:
                _moment(one)
            elif kind_of(one, kinds) is not found:
                refuse(listed.at, tr("{found} is compared with {value!r}", found=WORDS[found], value=value))


def _text_method(node: Apply, kinds: Kinds, label: str) -> ColumnKind:
    subject, *arguments = node.operands
    _need(subject, kinds, (TEXT,), label)
    for argument in arguments:
        if node.name == "str.slice":
            _whole(argument, label, -(10**6), 10**6)
        else:
            _need(argument, kinds, (TEXT,), label)
    if node.name in TEXT_RESULTS:
        return TEXT
    return NUMBER if node.name == "str.len_chars" else BOOLEAN


def _whole(node: Node, label: str, least: int, most: int) -> None:
    value = node.value if isinstance(node, Literal) else None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        refuse(node.at, tr("{label} takes a whole number from {least} to {most}", label=label, least=least, most=most))
