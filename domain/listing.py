"""Pages of a list: which are wanted, in what order, and how many there are in all."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from domain.errors import Invalid, Problem
from domain.wording import tr

PAGE_LENGTH = 50
PAGE_MAX_LENGTH = 1000
T = TypeVar("T")
Key = Callable[[T], Any]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of a list: every word of `q` stands in it, by `sort` (`-` before it from the end), from `offset`."""

    q: str = ""
    sort: str = ""
    offset: int = 0
    limit: int = PAGE_LENGTH


class Listing(msgspec.Struct, Generic[T], frozen=True):
    """One page; `total` counts what matches, and `next` is the offset of the page that follows, None on the last."""

    items: tuple[T, ...]
    total: int
    offset: int
    next: int | None


def listing(found: Sequence[T], wanted: Wanted, text: Callable[[T], str], sorts: Mapping[str, Key[T]]) -> Listing[T]:
    """The page that is wanted; without `sort` by the first of `sorts`.

    Raises:
        Invalid: for an order that there is not, or a page that cannot be.
    """
    words = wanted.q.casefold().split()
    matching = [one for one in found if all(word in text(one).casefold() for word in words)]
    name = wanted.sort.removeprefix("-") if wanted.sort else next(iter(sorts))
    _check(wanted, name, sorts)
    ordered = sorted(matching, key=sorts[name], reverse=wanted.sort.startswith("-"))
    end = wanted.offset + wanted.limit
    return Listing(
        tuple(ordered[wanted.offset : end]), len(ordered), wanted.offset, end if end < len(ordered) else None
    )


def _check(wanted: Wanted, name: str, sorts: Mapping[str, Any]) -> None:
    problems = []
    if name not in sorts:
        problems.append(Problem("sort", tr("must be {known}, or one of them after a minus", known=", ".join(sorts))))
    if wanted.offset < 0:
        problems.append(Problem("offset", tr("must be 0 or more")))
    if not 1 <= wanted.limit <= PAGE_MAX_LENGTH:
        problems.append(Problem("limit", tr("must be 1 to {most}", most=PAGE_MAX_LENGTH)))
    if problems:
        raise Invalid(tr("There is no such page of the list."), tuple(problems))
