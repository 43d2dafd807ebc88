"""Filter state: the clauses that are active on a dashboard, and their form in a link."""

import re
from collections.abc import Iterable
from typing import Literal

import msgspec

from domain.errors import Invalid, Problem
from domain.wording import tr

Scalar = str | int | float | bool | None
"""One value of a clause. Dates and times travel in ISO 8601; None stands for a missing value."""

Operator = Literal["in", "between", "contains", "within", "bins", "where", "marks"]

Bin = tuple[Scalar, Scalar]
"""An interval [low, high); None leaves a side open."""
Mark = tuple[Scalar | Bin, ...]
"""A bar, cell or sector of a figure: a value or a bin of each column that tells it from the others."""

WHERE = "*"
"""Under this key wishes hold a condition of the whole dashboard; no tile can be called so."""


class MarkPart(msgspec.Struct, frozen=True):
    """One column of a mark: its value is one of `values`, or lies in one of these `bins`, as in a clause."""

    column: str
    op: Literal["in", "bins"]
    values: tuple[Scalar, ...]


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """One condition on the rows of one collection.

    - `in`: the value of `column` is one of `values`; None among them matches missing values.
    - `between`: `values` is (lowest, highest), both included; None leaves that side open.
    - `contains`: `column`, as text, contains `values[0]`, ignoring case.
    - `within`: the point (`column`, `column_y`) lies inside the polygon `values` = x0, y0, x1, y1, …
    - `bins`: the value lies in one of the intervals [low, high) that `values` lists as low, high, low, high, …; None
      leaves a side open. Values that no histogram has a bin for, such as infinite ones, lie in none.
    - `where`: the condition `values[0]`, in the language of `filter_expr`, is true; `column` is empty.
    - `marks`: all parts of one of `marks` are true; `column` is that of their first parts, and `values` is empty.

    `source` is the tile that set the clause. A tile ignores its own clauses when `selection` is true, so that
    points can be re-selected among all that were there.
    """

    source: str
    collection_id: str
    column: str
    op: Operator
    values: tuple[Scalar, ...]
    column_y: str | None = None
    selection: bool = False
    marks: tuple[tuple[MarkPart, ...], ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the clause names, each once; a condition names its own."""
        own = (self.column, self.column_y or "", *(part.column for mark in self.marks for part in mark))
        return tuple(dict.fromkeys(name for name in own if name))


FilterState = tuple[Clause, ...]


def clauses_for(state: FilterState, collection_id: str, tile_id: str) -> FilterState:
    """The clauses that narrow this tile: those of its collection, without its own selection."""
    return tuple(
        clause
        for clause in state
        if clause.collection_id == collection_id and not (clause.selection and clause.source == tile_id)
    )


def parts(clause: Clause, mark: Iterable[MarkPart]) -> FilterState:
    """What must be true of a row that belongs to a mark, a clause for each column."""
    return tuple(
        msgspec.structs.replace(clause, column=one.column, op=one.op, values=one.values, marks=()) for one in mark
    )


def replace_source(state: FilterState, source: str, clauses: Iterable[Clause]) -> FilterState:
    """The state in which `source` has exactly these clauses."""
    return (*(clause for clause in state if clause.source != source), *clauses)


KEY = "f."
"""Begins the keys of an address that say what a tile wishes; wishes.js has the same."""
CONDITION_KEY = "where"
"""The key of an address that holds a condition of the whole dashboard, as it is written."""
MISSING = "(missing)"
"""Stands for a missing value in a link."""
BINS = "bin:"
"""Begins the intervals of a histogram in a link."""
MARKS = "mark:"
"""Begins the marks of a figure in a link."""
JOINT = "*"
"""Stands between the values of a mark there; addresses have it as it is."""
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?(e[+-][0-9]+)?")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)?")


class Wish(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """A clause as a link carries it: the source tile says which column and collection are meant."""

    op: Operator
    values: tuple[Scalar | Mark, ...]

    @property
    def scalars(self) -> tuple[Scalar, ...]:
        """The values of every operator but `marks`.

        Raises:
            Invalid: when a mark is among them.
        """
        found = tuple(value for value in self.values if not isinstance(value, tuple))
        if len(found) < len(self.values):
            raise Invalid(
                tr("A filter does not fit its tile."), (Problem("link", tr("{op} has no marks", op=self.op)),)
            )
        return found


def speaker_of(key: str) -> str | None:
    """Whose wishes a key of an address holds: a tile's, or WHERE; None of a key that holds something else."""
    if key == CONDITION_KEY:
        return WHERE
    return key.removeprefix(KEY) if key.startswith(KEY) else None


def said_by(key: str, text: str) -> tuple[Wish, ...]:
    """The wishes that this key of an address holds.

    Raises:
        Invalid: as `decode_wishes`.
    """
    return (Wish("where", (text,)),) if key == CONDITION_KEY else decode_wishes(text)


def decode_wishes(text: str) -> tuple[Wish, ...]:
    """Read the value of one tile's key in a link: JSON, or as people write it (see `_brief`).

    Raises:
        Invalid: when it is not a list of clauses.
    """
    if not text.startswith("["):
        return (_brief(text),)
    try:
        return msgspec.json.decode(text, type=tuple[Wish, ...])
    except msgspec.DecodeError as error:
        raise Invalid(tr("The link's filter cannot be read."), (Problem("link", str(error)),)) from None


def _brief(text: str) -> Wish:
    """A clause as people write it; wishes.js writes the same.

    `Gentoo,Adelie`, `4000..5000` or `4000..`, `~part`, for bins `bin:180..185,190..195`, for marks
    `mark:Biscoe*Adelie,180..185*Gentoo`.
    """
    if text.startswith(MARKS):
        return Wish("marks", tuple(_mark(part) for part in text.removeprefix(MARKS).split(",")))
    if text.startswith(BINS):
        return Wish("bins", tuple(end for pair in text.removeprefix(BINS).split(",") for end in _pair(pair)))
    low, dots, high = text.partition("..")
    if text.startswith("~"):
        return Wish("contains", (text[1:],))
    if dots:
        return Wish("between", (_side(low), _side(high)))
    if not text or text[0] in '{"':
        raise Invalid(
            tr("The link's filter cannot be read."), (Problem("link", tr("{text!r} is no value", text=text)),)
        )
    return Wish("in", tuple(_value(part) for part in text.split(",")))


def _mark(text: str) -> Mark:
    return tuple(_pair(part) if ".." in part else _value(part) for part in text.split(JOINT))


def _pair(text: str) -> Bin:
    low, dots, high = text.partition("..")
    if not dots:
        raise Invalid(tr("The link's filter cannot be read."), (Problem("link", tr("{text!r} is no bin", text=text)),))
    return _side(low), _side(high)


def _value(text: str) -> Scalar:
    if text in ("true", "false"):
        return text == "true"
    return None if text == MISSING else _number(text) if _NUMBER.fullmatch(text) else text


def _side(text: str) -> Scalar:
    if not text or _MOMENT.fullmatch(text):
        return text or None
    if _NUMBER.fullmatch(text):
        return _number(text)
    raise Invalid(
        tr("The link's filter cannot be read."), (Problem("link", tr("{text!r} is no number and no day", text=text)),)
    )


def _number(text: str) -> int | float:
    """As JavaScript has it in JSON: without a part after the point where there is none."""
    return float(text) if "." in text or "e" in text else int(text)
