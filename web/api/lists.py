"""REST: the one convention of lists. `limit` and `after` are asked, `items`, `total` and `next` are answered."""

from collections.abc import Sequence
from typing import Generic, TypeVar

import msgspec
from litestar.params import FromQuery

from domain.errors import Invalid, Problem
from domain.listing import PAGE_LENGTH, Listing, Wanted, listing
from domain.wording import tr

T = TypeVar("T")
LONGEST_PLACE = 9
"""Digits of a place in a list; what has more is none, and would take long to read."""


class Part(msgspec.Struct, Generic[T], frozen=True):
    """Part of a list. `next` is the `after` of the part that follows, null on the last.

    `total` counts what matches; null where nobody counts, in logs that grow while they are read.
    """

    items: list[T]
    total: int | None
    next: str | None


def provide_asked(q: FromQuery[str] = "", after: FromQuery[str] = "", limit: FromQuery[int] = PAGE_LENGTH) -> Wanted:
    """The part that is asked for, of a list that has one order."""
    return Wanted(q=q, offset=_place(after), limit=limit)


def provide_ordered(
    q: FromQuery[str] = "", sort: FromQuery[str] = "", after: FromQuery[str] = "", limit: FromQuery[int] = PAGE_LENGTH
) -> Wanted:
    """The part that is asked for, of a list that has several."""
    return Wanted(q=q, sort=sort, offset=_place(after), limit=limit)


def part_of(found: Sequence[T], wanted: Wanted) -> Part[T]:
    """The part that is wanted of a list in its own order; `q` looks into the texts of each thing, but not into ids.

    Raises:
        Invalid: for a part that there cannot be.
    """
    return as_part(listing(found, wanted, _texts, {"": lambda _: 0}))


def as_part(found: Listing[T]) -> Part[T]:
    """What a service has found, as REST answers it."""
    return Part(list(found.items), found.total, None if found.next is None else str(found.next))


def _place(after: str) -> int:
    if not after:
        return 0
    if not (after.isascii() and after.isdigit()) or len(after) > LONGEST_PLACE:
        problem = Problem("after", tr("take it from the field `next` of an answer"))
        raise Invalid(tr("There is no such part of the list."), (problem,))
    return int(after)


def _texts(one: object) -> str:
    fields = getattr(one, "__struct_fields__", ())
    values = [getattr(one, name) for name in fields if name != "id" and not name.endswith("_id")]
    return " ".join(value for value in values if isinstance(value, str))
