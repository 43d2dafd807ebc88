"""Cutting a list into pages of a list page."""

from collections.abc import Sequence
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")

PAGE_SIZE = 24


class Cut(msgspec.Struct, Generic[T], frozen=True):
    """One page of a list; pages count from 1."""

    items: Sequence[T]
    page: int
    pages: int
    total: int


def cut(items: Sequence[T], page: int, size: int = PAGE_SIZE) -> Cut[T]:
    """The page of that number, or the nearest there is."""
    pages = max(1, -(-len(items) // size))
    page = min(max(page, 1), pages)
    return Cut(items[(page - 1) * size : page * size], page, pages, len(items))


def matches(wanted: str, *texts: str) -> bool:
    """Whether every word of a search stands in one of the texts, ignoring case."""
    haystack = " ".join(texts).casefold()
    return all(word in haystack for word in wanted.casefold().split())
