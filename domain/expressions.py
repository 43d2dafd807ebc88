"""The expression language of `filter_expr`: text to a tree by an allow-list of Python's own syntax, never run.

parse("col('x') > 3 & col('species').is_in(['Gentoo'])")

`and`, `or` and `not` mean the same as `&`, `|` and `~`. Comparisons bind more tightly than `&` and `|`, as people read
them; `spelled` writes out how a text was understood. `domain/expression_kinds.py` checks a tree against columns.
"""

import ast
import difflib
import io
import re
import tokenize
from collections.abc import Iterator
from typing import NoReturn

import msgspec

from domain.errors import Invalid, Problem
from domain.filters import Scalar
from domain.wording import tr

MAX_LENGTH = 2_000
MAX_DEPTH = 40
MAX_LISTED = 1_000
LARGEST = 2**127

METHODS: dict[str, tuple[int, int]] = {
    "is_null": (0, 0), "is_not_null": (0, 0), "is_in": (1, 1), "is_between": (2, 2), "fill_null": (1, 1),
    "abs": (0, 0), "round": (0, 1), "floor": (0, 0), "ceil": (0, 0), "sqrt": (0, 0), "exp": (0, 0),
    "log": (0, 0), "log10": (0, 0),
    "str.contains": (1, 1), "str.starts_with": (1, 1), "str.ends_with": (1, 1), "str.to_lowercase": (0, 0),
    "str.to_uppercase": (0, 0), "str.strip_chars": (0, 0), "str.len_chars": (0, 0), "str.slice": (1, 2),
    "dt.year": (0, 0), "dt.quarter": (0, 0), "dt.month": (0, 0), "dt.week": (0, 0), "dt.day": (0, 0),
    "dt.weekday": (0, 0), "dt.ordinal_day": (0, 0), "dt.hour": (0, 0), "dt.minute": (0, 0), "dt.second": (0, 0),
    "dt.date": (0, 0),
    "count": (0, 0), "n_unique": (0, 0), "sum": (0, 0), "mean": (0, 0), "median": (0, 0), "min": (0, 0),
    "max": (0, 0), "std": (0, 0), "var": (0, 0), "quantile": (1, 1),
}  # fmt: skip
"""What may be called on a value, with the least and the most arguments."""
AGGREGATES = frozenset({"count", "n_unique", "sum", "mean", "median", "min", "max", "std", "var", "quantile"})
NAMESPACES = ("str", "dt")

_ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
}  # fmt: skip
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
ARITHMETIC = frozenset(_ARITHMETIC.values())
COMPARISONS = frozenset(_COMPARISONS.values())


class Node(msgspec.Struct, frozen=True, tag=True):
    """A part of an expression; `at` is where it begins in the text, counted from 1."""

    at: int


class Field(Node, frozen=True):
    """The value of a column."""

    name: str


class Literal(Node, frozen=True):
    """A value that is written out."""

    value: Scalar


class Listed(Node, frozen=True):
    """The values of `is_in`; None among them matches missing values."""

    values: tuple[Scalar, ...]


class Apply(Node, frozen=True):
    """An operator or a method on operands. Aggregates are of all rows of the table, or of those alike in `over`."""

    name: str
    operands: tuple[Node, ...]
    over: tuple[str, ...] = ()


def parse(text: str) -> Node:
    """The tree of an expression.

    Raises:
        Invalid: naming the place, what is wrong there, and what may be meant.
    """
    if len(text) > MAX_LENGTH:
        refuse(MAX_LENGTH, tr("the expression is longer than {most} characters", most=MAX_LENGTH))
    plain = "".join(" " if one.isspace() else one for one in text)
    if not plain.strip():
        refuse(1, tr("write a condition such as col('x') > 3"))
    return _Reader(plain).tree()


def conjuncts(node: Node) -> list[Node]:
    """The conditions that must all hold for the whole to hold."""
    if isinstance(node, Apply) and node.name == "&":
        return [part for operand in node.operands for part in conjuncts(operand)]
    return [node]


def condition_problem(text: str) -> Problem | None:
    """Why the text of a `filter_expr` cannot be read; None when it can, or is empty."""
    if not text.strip():
        return None
    try:
        parse(text)
    except Invalid as error:
        return Problem("filter_expr", "; ".join(f"{one.place}: {one.message}" for one in error.problems))
    return None


def fields_of(node: Node) -> frozenset[str]:
    """The columns that the expression reads."""
    return frozenset(
        name
        for one in walk(node)
        for name in ((one.name,) if isinstance(one, Field) else one.over if isinstance(one, Apply) else ())
    )


def is_rowwise(node: Node) -> bool:
    """Whether each row can be decided by itself: without aggregates."""
    return not any(isinstance(one, Apply) and one.name in AGGREGATES for one in walk(node))


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    if isinstance(node, Apply):
        for operand in node.operands:
            yield from walk(operand)


def spelled(node: Node) -> str:
    """The expression written out with every pair of parentheses that it was understood with."""
    match node:
        case Field(name=name):
            return f"col({name!r})"
        case Literal(value=value):
            return repr(value)
        case Listed(values=values):
            return repr(list(values))
        case Apply(name="~" | "neg" as name, operands=(one,)):
            return f"{'-' if name == 'neg' else name}{_enclosed(one)}"
        case Apply(name=name, operands=(left, right)) if name not in METHODS:
            return f"{_enclosed(left)} {name} {_enclosed(right)}"
        case Apply(name=name, operands=(one, *arguments), over=over):
            called = f"{_enclosed(one)}.{name}({', '.join(map(spelled, arguments))})"
            return f"{called}.over({', '.join(map(repr, over))})" if over else called
    raise TypeError(node)


def _enclosed(node: Node) -> str:
    is_plain = not isinstance(node, Apply) or node.name in METHODS
    is_negative = isinstance(node, Literal) and isinstance(node.value, int | float) and node.value < 0
    return spelled(node) if is_plain and not is_negative else f"({spelled(node)})"


def refuse(at: int, message: str) -> NoReturn:
    """Say what is wrong at a place of the text.

    Raises:
        Invalid: always.
    """
    raise Invalid(tr("The filter expression cannot be used."), (Problem(f"character {at}", message),))


class _Reader:
    """Python's tree of a text into ours. `&` and `|` are read with the weight of `and` and `or`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._source, self._places = _with_words(text)

    def tree(self) -> Node:
        lead = len(self._source) - len(self._source.lstrip())
        self._lead = lead
        try:
            body = ast.parse(self._source[lead:], mode="eval").body
        except SyntaxError as error:
            place = self._place((error.offset or len(self._source) + 1) - 1)
            refuse(place, _said(error, self._text[place - 1 :]))
        except (RecursionError, MemoryError, ValueError):
            refuse(1, tr("the expression is nested too deeply, or has characters that no text has"))
        return self._node(body, 0)

    def _place(self, offset: int) -> int:
        """Where in the given text that is, counted from 1."""
        return self._places[min(offset + self._lead, len(self._places) - 1)] + 1

    def _at(self, node: ast.expr) -> int:
        # Python counts bytes of UTF-8.
        line = self._source[self._lead :].encode()
        return self._place(len(line[: node.col_offset].decode(errors="ignore")))

    def _end(self, node: ast.expr) -> int:
        line = self._source[self._lead :].encode()
        return self._place(len(line[: node.end_col_offset].decode(errors="ignore")))

    @staticmethod
    def _is_column(function: ast.Attribute) -> bool:
        """Whether it is `pl.col`, as polars writes columns."""
        return isinstance(function.value, ast.Name) and (function.value.id, function.attr) == ("pl", "col")

    def _node(self, node: ast.expr, depth: int) -> Node:
        at = self._at(node)
        if depth > MAX_DEPTH:
            refuse(at, tr("parts are nested more than {most} deep", most=MAX_DEPTH))
        below = depth + 1
        match node:
            case ast.Constant(value=value):
                return Literal(at, self._scalar(value, at))
            case ast.UnaryOp(op=ast.USub() | ast.Not() | ast.Invert() as op, operand=operand):
                return _signed(at, "neg" if isinstance(op, ast.USub) else "~", self._node(operand, below))
            case ast.BoolOp(op=op, values=values):
                return _chained("&" if isinstance(op, ast.And) else "|", [self._node(one, below) for one in values])
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                return Apply(at, _ARITHMETIC[type(op)], (self._node(left, below), self._node(right, below)))
            case ast.Compare(left=left, ops=ops, comparators=others):
                return self._compared(at, [left, *others], ops, below)
            case ast.Call():
                return self._call(node, at, below)
        return self._unknown(node, at)

    def _unknown(self, node: ast.expr, at: int) -> NoReturn:
        match node:
            case ast.Name(id=name):
                refuse(at, tr("{name} is not known; a column is written col({name!r}), a text {name!r}", name=name))
            case ast.Attribute(attr=name):
                refuse(at, tr(".{name} is not called; write .{name}()", name=name))
        refuse(at, tr("{part} is not part of the language", part=self._cut(node)))

    def _compared(self, at: int, sides: list[ast.expr], ops: list[ast.cmpop], below: int) -> Node:
        if any(type(op) not in _COMPARISONS for op in ops):
            refuse(at, tr("use .is_in([…]) to look for one of several values, and .is_null() for missing ones"))
        nodes = [self._node(one, below) for one in sides]
        parts: list[Node] = []
        for op, left, right in zip(ops, nodes, nodes[1:], strict=False):
            for side in (left, right):
                if isinstance(side, Literal) and side.value is None:
                    refuse(side.at, tr("nothing equals None; use .is_null() or .is_not_null()"))
            parts.append(Apply(left.at, _COMPARISONS[type(op)], (left, right)))
        return _chained("&", parts)

    def _call(self, node: ast.Call, at: int, below: int) -> Node:
        if node.keywords:
            refuse(at, tr("arguments are given by their place, without names"))
        if isinstance(node.func, ast.Attribute) and not self._is_column(node.func):
            at = self._end(node.func) - len(node.func.attr)
        match node.func:
            case ast.Name(id="col") | ast.Attribute(value=ast.Name(id="pl"), attr="col"):
                return Field(at, self._name(node.args, at))
            case ast.Name(id=name):
                refuse(at, tr("{name}() is not known; a column is written col('name')", name=name))
            case ast.Attribute(value=value, attr="over"):
                return self._over(self._node(value, below), node.args, at)
            case ast.Attribute(value=ast.Attribute(value=value, attr=space), attr=name) if space in NAMESPACES:
                return self._method(f"{space}.{name}", value, node.args, at, below)
            case ast.Attribute(value=value, attr=name):
                return self._method(name, value, node.args, at, below)
        refuse(at, tr("{part} cannot be called", part=self._cut(node)))

    def _method(self, name: str, value: ast.expr, given: list[ast.expr], at: int, below: int) -> Node:
        if name not in METHODS:
            wanted = {other.rpartition(".")[2]: other for other in METHODS}
            short = name.rpartition(".")[2]
            near = difflib.get_close_matches(short, wanted, n=1)
            hint = (
                tr("; did you mean .{near}()?", near=wanted[near[0]])
                if near
                else tr("; there are {known}", known=", ".join(METHODS))
            )
            refuse(at, tr(".{name}() is not known{hint}", name=name, hint=hint))
        least, most = METHODS[name]
        if not least <= len(given) <= most:
            wants = f"{least}" if least == most else tr("{least} to {most}", least=least, most=most)
            refuse(at, tr(".{name}() takes {wants} arguments, not {count}", name=name, wants=wants, count=len(given)))
        subject = self._node(value, below)
        if name == "is_in":
            return Apply(at, name, (subject, self._listed(given[0])))
        arguments = tuple(self._node(one, below) for one in given)
        for one in arguments:
            if name != "is_between" and not isinstance(one, Literal):
                refuse(one.at, tr(".{name}() takes a value that is written out", name=name))
        return Apply(at, name, (subject, *arguments))

    def _over(self, subject: Node, given: list[ast.expr], at: int) -> Node:
        if not isinstance(subject, Apply) or subject.name not in AGGREGATES or subject.over:
            refuse(at, tr(".over() follows an aggregate: one of {known}", known=", ".join(sorted(AGGREGATES))))
        names = tuple(self._name([one], at) for one in given)
        if not names:
            refuse(at, tr(".over() names the columns whose rows belong together, such as .over('species')"))
        return msgspec.structs.replace(subject, over=names)

    def _name(self, given: list[ast.expr], at: int) -> str:
        match given:
            case [ast.Constant(value=str() as name)]:
                return name
            case [ast.Call()]:
                found = self._node(given[0], 0)
                if isinstance(found, Field):
                    return found.name
        refuse(at, tr("a column is named by one text, such as col('species')"))

    def _listed(self, node: ast.expr) -> Listed:
        at = self._at(node)
        if not isinstance(node, ast.List | ast.Tuple | ast.Set):
            refuse(at, tr(".is_in() takes a list, such as ['a', 'b']"))
        if len(node.elts) > MAX_LISTED:
            refuse(at, tr("the list has more than {most} values", most=MAX_LISTED))
        found = [self._node(one, 0) for one in node.elts]
        for one in found:
            if not isinstance(one, Literal):
                refuse(one.at, tr("a list holds values that are written out"))
        return Listed(at, tuple(one.value for one in found if isinstance(one, Literal)))

    def _scalar(self, value: object, at: int) -> Scalar:
        if isinstance(value, int) and abs(value) > LARGEST:
            refuse(at, tr("the number is too large"))
        if value is None or isinstance(value, bool | int | float | str):
            return value
        refuse(at, tr("{value!r} is no text, number, True, False or None", value=value))

    def _cut(self, node: ast.expr) -> str:
        found = ast.get_source_segment(self._source[self._lead :], node) or type(node).__name__
        return found if len(found) <= 40 else f"{found[:39]}…"  # noqa: PLR2004 -- as much as a message has room for.


def _signed(at: int, name: str, operand: Node) -> Node:
    """A negative number that is written out is one value."""
    if name == "neg" and isinstance(operand, Literal) and isinstance(operand.value, int | float):
        return Literal(at, -operand.value)
    return Apply(at, name, (operand,))


def _chained(name: str, parts: list[Node]) -> Node:
    whole = parts[0]
    for part in parts[1:]:
        whole = Apply(whole.at, name, (whole, part))
    return whole


def _with_words(text: str) -> tuple[str, list[int]]:
    """The text with `and` for `&` and `or` for `|`, and where each of its characters stood before."""
    marks = _marks(text)
    pieces: list[str] = []
    places: list[int] = []
    for at, one in enumerate(text):
        piece = {"&": " and ", "|": " or "}[one] if at in marks else one
        pieces.append(piece)
        places += [at] * len(piece)
    return "".join(pieces), [*places, len(text)]


def _marks(text: str) -> set[int]:
    """The places of operators `&` and `|`, not of those within texts."""
    found: set[int] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(text.lstrip()).readline):
            if token.type == tokenize.OP and token.string in ("&", "|"):
                found.add(token.start[1] + len(text) - len(text.lstrip()))
    except (tokenize.TokenError, SyntaxError):
        # What is not finished is said by the parser.
        return found
    return found


def _said(error: SyntaxError, rest: str) -> str:
    if re.match(r"=(?!=)", rest) or "'=='" in (error.msg or ""):
        return tr("compare with == instead of =")
    if not rest.strip():
        return tr("something is missing at the end")
    return tr("it cannot be read from here on ({reason})", reason=error.msg)
