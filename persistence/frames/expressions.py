"""Expressions of `filter_expr` as tests of rows: numbers compute as floats, a comparison with a missing value is none.

A condition on a single column, and ranges, become tests that cubes and orders answer; see `selection`. Aggregates are
of the whole table, whatever filters leave, so that a tile's rows do not depend on the order in which filters are set.
"""

import hashlib
from collections.abc import Callable, Sequence

import polars as pl
from polars.exceptions import ComputeError

from domain.collections import Column, ColumnKind
from domain.expression_kinds import check_condition, kind_of
from domain.expressions import (
    AGGREGATES,
    COMPARISONS,
    Apply,
    Field,
    Listed,
    Literal,
    Node,
    conjuncts,
    fields_of,
    is_rowwise,
    parse,
    refuse,
    spelled,
)
from domain.filters import Scalar
from domain.wording import tr
from persistence.frames import values
from persistence.frames.masks import Span, Test
from persistence.frames.sources import Table

ORDERED = (ColumnKind.NUMBER, ColumnKind.DATE, ColumnKind.DATETIME)
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
MICROSECONDS = pl.Datetime("us")


def expression_tests(table: Table, text: str) -> list[Test]:
    """What a row must fulfil to pass the expression, in parts that must all hold; none of an empty one.

    Raises:
        Invalid: naming the place, when the expression cannot be read or does not fit the table.
    """
    if not text.strip():
        return []
    tree = parse(text)
    for name in sorted(fields_of(tree) - set(table.columns)):
        table.refuse_lost(name)
    check_condition(tree, {name: column.kind for name, column in table.columns.items() if name in table.types})
    compiler = _Compiler(table)
    return [compiler.test(part) for part in conjuncts(tree)]


class _Compiler:
    """One table's columns under the expressions."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._kinds = {name: column.kind for name, column in table.columns.items()}

    def test(self, node: Node) -> Test:
        """One condition with its key and, if it is a range of one column, its span."""
        key = f"expression {hashlib.sha256(spelled(node).encode()).hexdigest()}"
        expr = self.condition(node)
        return Test(key, expr, self._span(node), is_rowwise=is_rowwise(node))

    def _span(self, node: Node) -> Span | None:
        match node:
            case Apply(name="is_between", operands=(Field() as field, Literal() as low, Literal() as high)):
                return self._spanned(field, (">=", low), ("<=", high))
            case Apply(name="<" | "<=" | ">" | ">=" as name, operands=(Field() as field, Literal() as bound)):
                return self._spanned(field, (name, bound))
            case Apply(name="<" | "<=" | ">" | ">=" as name, operands=(Literal() as bound, Field() as field)):
                return self._spanned(field, (MIRRORED[name], bound))
        return None

    def _spanned(self, field: Field, *sides: tuple[str, Literal]) -> Span | None:
        column = self._table.columns[field.name]
        if column.kind not in ORDERED:
            return None
        tests = {name[0]: self._against(column, name, bound.value) for name, bound in sides}
        return Span(column.name, tests.get(">"), tests.get("<"))

    def condition(self, node: Node) -> pl.Expr:
        """A part that is true, false or, where a value is missing, neither."""
        match node:
            case Apply(name="&", operands=(left, right)):
                return self.condition(left) & self.condition(right)
            case Apply(name="|", operands=(left, right)):
                return self.condition(left) | self.condition(right)
            case Apply(name="~", operands=(one,)):
                return ~self.condition(one)
            case Apply(name=name, operands=(left, right)) if name in COMPARISONS:
                return self._compared(name, left, right)
            case Apply(name="is_between", operands=(one, low, high)):
                return self._compared(">=", one, low) & self._compared("<=", one, high)
            case Apply(name="is_in", operands=(one, Listed() as listed)):
                return self._listed(one, listed.values)
            case Apply(name="is_null", operands=(one,)):
                return self.value(one).is_null()
            case Apply(name="is_not_null", operands=(one,)):
                return self.value(one).is_not_null()
        return self.value(node)

    def _compared(self, name: str, left: Node, right: Node) -> pl.Expr:
        if not fields_of(left) and fields_of(right):
            # Always to the right: polars 2.1 makes one row of a value compared with a column of nothing but nulls.
            return self._compared(MIRRORED[name], right, left)
        if isinstance(left, Field) and isinstance(right, Literal) and self._kinds[left.name] in ORDERED:
            return self._against(self._table.columns[left.name], name, right.value)
        if isinstance(right, Literal) and kind_of(left, self._kinds) in (ColumnKind.DATE, ColumnKind.DATETIME):
            return self._against_time(self.value(left), kind_of(left, self._kinds), name, right)
        return _OPERATORS[name](self.value(left), self.value(right))

    def _against(self, column: Column, name: str, value: Scalar) -> pl.Expr:
        """A column compared with a written value, exactly; a day among times means all of it."""
        cell, dtype = pl.col(column.name), self._table.types[column.name]

        def bound(*, upper: bool) -> pl.Expr:
            return values.bound(column, dtype, value, upper=upper)

        match name:
            case "==":
                return (cell >= bound(upper=False)) & (cell <= bound(upper=True))
            case "!=":
                return (cell < bound(upper=False)) | (cell > bound(upper=True))
            case ">=":
                return cell >= bound(upper=False)
            case "<=":
                return cell <= bound(upper=True)
            case ">":
                return cell > bound(upper=True)
        return cell < bound(upper=False)

    def _against_time(self, cell: pl.Expr, kind: ColumnKind, name: str, written: Literal) -> pl.Expr:
        column = Column(tr("the value"), "Date" if kind is ColumnKind.DATE else "Datetime", kind)
        dtype: pl.DataType = pl.Date() if kind is ColumnKind.DATE else MICROSECONDS
        first = values.bound(column, dtype, written.value, upper=False)
        last = values.bound(column, dtype, written.value, upper=True)
        match name:
            case "==":
                return (cell >= first) & (cell <= last)
            case "!=":
                return (cell < first) | (cell > last)
            case ">" | "<=":
                return cell > last if name == ">" else cell <= last
        return cell >= first if name == ">=" else cell < first

    def _listed(self, subject: Node, wanted: Sequence[Scalar]) -> pl.Expr:
        present = tuple(value for value in wanted if value is not None)
        if isinstance(subject, Field):
            column = self._table.columns[subject.name]
            hit = values.equal_to_any(column, self._table.types[column.name], present)
        else:
            parts = [self._compared("==", subject, Literal(subject.at, value)) for value in present]
            hit = pl.any_horizontal(parts) if parts else self.value(subject).is_not_null() & pl.lit(value=False)
        return hit if len(present) == len(wanted) else hit.fill_null(value=False) | self.value(subject).is_null()

    def value(self, node: Node) -> pl.Expr:
        """A part as values: numbers as floats without NaN, text as text, times in microseconds of their zone."""
        match node:
            case Field(name=name):
                return self._cell(name)
            case Literal(value=bool() | str() as value):
                return pl.lit(value)
            case Literal(value=value):
                return pl.lit(float(value or 0))
            case Apply(name=name) if name in AGGREGATES:
                return self._aggregate(node)
            case Apply(name=name, operands=(one,)) if name == "neg":
                return -self.value(one)
            case Apply(name=name, operands=(left, right)) if name in _OPERATORS and name not in COMPARISONS:
                return _OPERATORS[name](self.value(left), self.value(right)).fill_nan(None)
            case Apply(name=name, operands=(one, *arguments)) if name in _METHODS:
                given = [argument.value for argument in arguments if isinstance(argument, Literal)]
                return self._method(node, name, self.value(one), given)
        return self.condition(node)

    def _cell(self, name: str) -> pl.Expr:
        cell, dtype = pl.col(name), self._table.types[name]
        match self._kinds[name]:
            case ColumnKind.NUMBER:
                return cell.cast(pl.Float64).fill_nan(None)
            case ColumnKind.TEXT:
                return cell.cast(pl.String)
            case ColumnKind.DATETIME if isinstance(dtype, pl.Datetime):
                return cell.dt.cast_time_unit("us").dt.replace_time_zone(None)
        return cell

    def _aggregate(self, node: Apply) -> pl.Expr:
        subject = self.value(node.operands[0])
        if node.name not in ("count", "n_unique", "min", "max"):
            subject = subject.cast(pl.Float64)
        share = node.operands[1] if node.name == "quantile" else None
        found = _AGGREGATES[node.name](subject, share.value if isinstance(share, Literal) else None)
        keys = [self._cell(name) for name in node.over] or [pl.lit(1)]
        found = found.over(keys)
        return found if kind_of(node, self._kinds) is not ColumnKind.NUMBER else found.cast(pl.Float64).fill_nan(None)

    def _method(self, node: Apply, name: str, subject: pl.Expr, given: Sequence[Scalar]) -> pl.Expr:
        if name == "str.contains":
            _check_pattern(node, str(given[0]))
        found = _METHODS[name](subject, *given)
        if kind_of(node, self._kinds) is ColumnKind.NUMBER:
            return found.cast(pl.Float64).fill_nan(None)
        return found


def _check_pattern(node: Apply, pattern: str) -> None:
    try:
        pl.select(pl.lit("").str.contains(pattern))
    except ComputeError as error:
        refuse(
            node.at,
            tr("{pattern!r} is no regular expression: {reason}", pattern=pattern, reason=str(error).splitlines()[0]),
        )


_OPERATORS: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    "//": lambda a, b: a // b, "%": lambda a, b: a % b, "**": lambda a, b: a.pow(b),
}  # fmt: skip
_AGGREGATES: dict[str, Callable[[pl.Expr, Scalar], pl.Expr]] = {
    "count": lambda a, _: a.count(), "n_unique": lambda a, _: a.drop_nulls().n_unique(), "sum": lambda a, _: a.sum(),
    "mean": lambda a, _: a.mean(), "median": lambda a, _: a.median(), "min": lambda a, _: a.min(),
    "max": lambda a, _: a.max(), "std": lambda a, _: a.std(), "var": lambda a, _: a.var(),
    "quantile": lambda a, share: a.quantile(float(share or 0), "linear"),
}  # fmt: skip
_METHODS: dict[str, Callable[..., pl.Expr]] = {
    "fill_null": lambda a, value: a.fill_null(float(value) if _is_number(value) else value),
    "abs": lambda a: a.abs(), "round": lambda a, digits=0: a.round(digits), "floor": lambda a: a.floor(),
    "ceil": lambda a: a.ceil(), "sqrt": lambda a: a.sqrt(), "exp": lambda a: a.exp(), "log": lambda a: a.log(),
    "log10": lambda a: a.log10(),
    "str.contains": lambda a, pattern: a.str.contains(pattern),
    "str.starts_with": lambda a, part: a.str.starts_with(part), "str.ends_with": lambda a, part: a.str.ends_with(part),
    "str.to_lowercase": lambda a: a.str.to_lowercase(), "str.to_uppercase": lambda a: a.str.to_uppercase(),
    "str.strip_chars": lambda a: a.str.strip_chars(), "str.len_chars": lambda a: a.str.len_chars(),
    "str.slice": lambda a, start, length=None: a.str.slice(start, length),
    "dt.year": lambda a: a.dt.year(), "dt.quarter": lambda a: a.dt.quarter(), "dt.month": lambda a: a.dt.month(),
    "dt.week": lambda a: a.dt.week(), "dt.day": lambda a: a.dt.day(), "dt.weekday": lambda a: a.dt.weekday(),
    "dt.ordinal_day": lambda a: a.dt.ordinal_day(), "dt.hour": lambda a: a.dt.hour(),
    "dt.minute": lambda a: a.dt.minute(), "dt.second": lambda a: a.dt.second(), "dt.date": lambda a: a.dt.date(),
}  # fmt: skip


def _is_number(value: Scalar) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
