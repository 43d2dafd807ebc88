r"""Live values in a text: `{{mean(mass) by species : 1 g}}`, read strictly into what is asked of the table.

    live     = "{{" call [ "by" column ] [ ":" style ] "}}"
    call     = aggregation "(" [ column [ "," share ] ] ")"
    column   = a name of letters, digits, _ and . · or any text in double quotes, as in JSON
    style    = decimals [ "%" ] [ unit ]
    decimals = how many, such as 2 · or a number that has so many, such as 0.00

`count()` counts rows and needs no column. `share` is the q of a percentile. `\{{` writes two braces.
"""

import difflib
import json
import re

import msgspec

from domain.aggregations import Aggregation
from domain.wording import tr

OPEN, CLOSE = "{{", "}}"
MAX_LIVE = 50
"""Live values of one text at most: each is a query."""
MAX_DECIMALS = 12
MAX_UNIT = 40
_PIECES = re.compile(r"\\\{\{|\{\{((?:\"(?:[^\"\\]|\\.)*\"|(?!\}\}).)*)(\}\}|\Z)", re.DOTALL)
_LIKE = re.compile(r"0\.0+")
_TOKENS = re.compile(r"\s*(?:(\"(?:[^\"\\]|\\.)*\")|([^\W\d][\w.]*)|([+-]?\d+(?:\.\d+)?)|([(),:%]))", re.DOTALL)


class Live(msgspec.Struct, frozen=True):
    """A value that is asked of the table. No `column` counts rows; `by` groups; None decimals are chosen by kind."""

    written: str
    aggregation: Aggregation
    column: str = ""
    q: float = 0.5
    by: str = ""
    decimals: int | None = None
    percent: bool = False
    unit: str = ""


class Fault(msgspec.Struct, frozen=True):
    """What stands between braces and cannot be read, and why."""

    written: str
    message: str


Part = str | Live | Fault


def parts_of(body: str) -> tuple[Part, ...]:
    """The text cut at its live values; what cannot be read is a fault in its place."""
    found: list[Part] = []
    at, count = 0, 0
    for piece in _PIECES.finditer(body):
        found.append(body[at : piece.start()])
        at = piece.end()
        if piece[1] is None:
            found.append(OPEN)
            continue
        count += 1
        found.append(_read(piece[1], is_closed=bool(piece[2]), count=count))
    found.append(body[at:])
    return tuple(part for part in found if part != "")


def live_of(body: str) -> tuple[Live, ...]:
    """The live values alone, in their order."""
    return tuple(part for part in parts_of(body) if isinstance(part, Live))


def _read(text: str, *, is_closed: bool, count: int) -> Live | Fault:
    written = OPEN + text + (CLOSE if is_closed else "")
    if not is_closed:
        return Fault(written[:80], tr("is never closed; write }} after it"))
    if count > MAX_LIVE:
        return Fault(written, tr("is one too many; a text has at most {most} live values", most=MAX_LIVE))
    try:
        return _Reader(text, written).live()
    except _Unreadable as error:
        return Fault(written, str(error))


class _Unreadable(Exception):  # noqa: N818 -- it never leaves this module.
    pass


class _Reader:
    """One pass over the tokens."""

    def __init__(self, text: str, written: str) -> None:
        self._written = written
        self._text = text
        self._at = 0

    def live(self) -> Live:
        aggregation = self._aggregation()
        self._sign("(", tr("after {aggregation}", aggregation=aggregation))
        column, q = self._arguments(aggregation)
        by = self._column(tr("after by")) if self._takes("by") else ""
        decimals, percent, unit = self._style() if self._takes(":") else (None, False, "")
        if self._rest():
            raise _Unreadable(
                tr("ends unexpectedly at {rest!r}; known are by and : after the brackets", rest=self._rest())
            )
        return Live(self._written, aggregation, column, q, by, decimals, percent, unit)

    def _aggregation(self) -> Aggregation:
        word = self._next()
        known = [*Aggregation, "average"]
        if word is None or not word[0].isalpha():
            raise _Unreadable(tr("begins with no aggregation; write count(), or mean(column)"))
        if word not in known:
            near = difflib.get_close_matches(word, known, n=1)
            hint = tr("did you mean {near}?", near=near[0]) if near else tr("known are {known}", known=", ".join(known))
            raise _Unreadable(tr("there is no aggregation {word!r}; {hint}", word=word, hint=hint))
        return Aggregation(word)

    def _arguments(self, aggregation: Aggregation) -> tuple[str, float]:
        if self._takes(")"):
            if aggregation is not Aggregation.COUNT:
                raise _Unreadable(
                    tr("{aggregation} needs a column; write {aggregation}(column)", aggregation=aggregation)
                )
            return "", 0.5
        column, q = self._column(tr("within the brackets")), 0.5
        if self._takes(","):
            q = self._share(aggregation)
        elif aggregation is Aggregation.PERCENTILE:
            raise _Unreadable(tr("percentile needs a share; write percentile(column, 0.9)"))
        self._sign(")", tr("after {column!r}", column=column))
        return column, q

    def _share(self, aggregation: Aggregation) -> float:
        if aggregation is not Aggregation.PERCENTILE:
            raise _Unreadable(tr("{aggregation} has one column and nothing after it", aggregation=aggregation))
        word = self._next()
        try:
            q = float(word or "")
        except ValueError:
            raise _Unreadable(tr("the share of a percentile is a number from 0 to 1")) from None
        if not 0 <= q <= 1:
            raise _Unreadable(tr("the share of a percentile is {q:g}; it must be 0 to 1", q=q))
        return q

    def _style(self) -> tuple[int | None, bool, str]:
        decimals = None
        word = self._peek()
        if word is not None and word.isdigit():
            decimals = int(self._next() or "")
        elif word is not None and _LIKE.fullmatch(word):
            decimals = len((self._next() or "").partition(".")[2])
        elif word is not None and word[0] in "+-0123456789":
            raise _Unreadable(tr("{word} is no number of decimals; write 2 or 0.00", word=word))
        if decimals is not None and decimals > MAX_DECIMALS:
            raise _Unreadable(
                tr("{decimals} decimals are too many; at most {most}", decimals=decimals, most=MAX_DECIMALS)
            )
        percent = self._takes("%")
        unit = self._rest()
        self._at = len(self._text)
        if len(unit) > MAX_UNIT:
            raise _Unreadable(tr("the unit is too long; at most {most} characters", most=MAX_UNIT))
        if decimals is None and not percent and not unit:
            raise _Unreadable(tr("nothing follows the colon; write decimals, % or a unit"))
        return decimals, percent, unit

    def _column(self, where: str) -> str:
        word = self._next()
        if word is None or not (word[0] in '"_' or word[0].isalpha()):
            raise _Unreadable(tr("a column is missing {where}; put names with blanks in double quotes", where=where))
        if word[0] != '"':
            return word
        try:
            return str(json.loads(word, strict=False))
        except ValueError:
            raise _Unreadable(tr("the name {word} cannot be read; write it as in JSON", word=word)) from None

    def _sign(self, sign: str, where: str) -> None:
        if not self._takes(sign):
            raise _Unreadable(tr("{sign} is missing {where}", sign=sign, where=where))

    def _takes(self, word: str) -> bool:
        if self._peek() != word:
            return False
        self._next()
        return True

    def _rest(self) -> str:
        return self._text[self._at :].strip()

    def _peek(self) -> str | None:
        found = _TOKENS.match(self._text, self._at)
        return None if found is None else found[0].strip()

    def _next(self) -> str | None:
        found = _TOKENS.match(self._text, self._at)
        if found is None:
            if self._rest():
                raise _Unreadable(tr("{sign!r} cannot stand there", sign=self._rest()[0]))
            return None
        self._at = found.end()
        return found[0].strip()
