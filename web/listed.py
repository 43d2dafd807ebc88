"""Which page of a list an address asks for, for the pages; REST has `web.api.lists`."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar.params import FromQuery, QueryParameter

from domain.listing import PAGE_LENGTH, Listing, Wanted

InState = Annotated[str, QueryParameter(name="state")]
"""Litestar means something else by the plain name."""


def provide_wanted(
    q: FromQuery[str] = "", sort: FromQuery[str] = "", offset: FromQuery[int] = 0, limit: FromQuery[int] = PAGE_LENGTH
) -> Wanted:
    """The page that `q`, `sort`, `offset` and `limit` ask for."""
    return Wanted(q=q, sort=sort, offset=offset, limit=limit)


def around(path: str, wanted: Wanted, part: Listing[Any], **asked: str) -> dict[str, str]:
    """The addresses of this page, of the one before and of the one after, which ask for the same; empty for none."""
    before = max(part.offset - wanted.limit, 0) if part.offset else None
    offsets = {"before": before, "after": part.next, "here": part.offset}
    return {name: _address(path, wanted, offset, asked) for name, offset in offsets.items()}


def _address(path: str, wanted: Wanted, offset: int | None, more: Mapping[str, str]) -> str:
    if offset is None:
        return ""
    asked = {"q": wanted.q, "sort": wanted.sort, "offset": offset, "limit": wanted.limit, **more}
    return f"{path}?{urlencode({name: value for name, value in asked.items() if value})}"
