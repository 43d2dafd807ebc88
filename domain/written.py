"""Filters, sort keys and links as people write them on a command line, read into typed values."""

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlsplit

import msgspec

from domain.errors import Invalid, Problem
from domain.filters import CONDITION_KEY, KEY, Scalar, Wish, said_by, speaker_of
from domain.questions import Restriction
from domain.rows import SortKey
from domain.selections import Wishes
from domain.wording import tr

VIEW = frozenset({"tab", "tile", "present"})
"""Keys that say what of a dashboard is looked at: they narrow nothing."""
FORMS = tr("write COLUMN in VALUE,VALUE… or COLUMN between LOW,HIGH or COLUMN contains TEXT")

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_FILTER = re.compile(rf"\s*({_QUOTED}|.+?)\s+(in|between|contains)\s+(\S.*)", re.DOTALL)
_VALUE = rf'(?:{_QUOTED}|[^",\s](?:[^,]*[^,\s])?)'
_VALUES = re.compile(rf"{_VALUE}(?:\s*,\s*{_VALUE})*\s*")
_SORT = re.compile(r"(.+?)(?:\s+(asc|desc))?", re.DOTALL)


def restriction(text: str) -> Restriction:
    """Read a filter such as `species in Gentoo,Adelie`.

    Values are numbers, true, false and null (a missing value, an open side) where they look like it, and text
    otherwise. In double quotes, as in JSON, everything is text, commas too; so may a column be written.

    Raises:
        Invalid: when it has no such form.
    """
    found = _FILTER.fullmatch(text)
    if found is None:
        raise _unreadable(text, FORMS)
    column, op, rest = found.groups()
    values = [_text(rest.strip())] if op == "contains" else _values(text, rest)
    return msgspec.convert({"column": _text(column), "op": op, "values": values}, Restriction)


def sort_key(text: str) -> SortKey:
    """Read a column to sort by: `mass`, `mass asc` or `mass desc`.

    Raises:
        Invalid: when nothing is written.
    """
    found = _SORT.fullmatch(text.strip())
    if found is None:
        raise Invalid(tr("The sort cannot be read."), (Problem(text, tr("write COLUMN or COLUMN desc")),))
    return SortKey(_text(found[1]), descending=found[2] == "desc")


def wishes_of_link(address: str) -> Wishes:
    """The filters and selections that the address of a dashboard carries, or the part of it that begins with `?`.

    Raises:
        Invalid: naming a key that is no filter, occurs twice, or whose value cannot be read; none is left out.
    """
    query = urlsplit(address if "?" in address else f"?{address}").query
    wishes: dict[str, tuple[Wish, ...]] = {}
    for key, value in parse_qsl(query, keep_blank_values=True):
        if key in VIEW:
            continue
        tile = speaker_of(key)
        if tile is None or tile in wishes:
            message = (
                tr("occurs twice")
                if tile
                else tr(
                    "is no filter; its keys are {condition_key} or begin with {key}",
                    condition_key=CONDITION_KEY,
                    key=KEY,
                )
            )
            raise Invalid(tr("The link cannot be read."), (Problem(key, message),))
        try:
            wishes[tile] = said_by(key, value)
        except Invalid as error:
            raise Invalid(error.message, tuple(Problem(key, one.message) for one in error.problems)) from None
    if not wishes:
        problem = Problem(
            address, tr("its keys are {condition_key} or begin with {key}", condition_key=CONDITION_KEY, key=KEY)
        )
        raise Invalid(tr("The link carries no filter."), (problem,))
    return wishes


def _values(text: str, rest: str) -> Sequence[Scalar]:
    if not _VALUES.fullmatch(rest):
        raise _unreadable(text, tr("separate values by one comma each; write null for a missing one"))
    return [_typed(value) for value in re.findall(_VALUE, rest)]


def _typed(text: str) -> Scalar:
    try:
        value: Scalar = msgspec.json.decode(text, type=Scalar)
    except msgspec.DecodeError:
        return text
    return value


def _text(text: str) -> str:
    """What stands in quotes, or the text as it is."""
    found = _typed(text)
    return found if isinstance(found, str) else text


def _unreadable(text: str, message: str) -> Invalid:
    return Invalid(tr("The filter cannot be read."), (Problem(text, message),))
