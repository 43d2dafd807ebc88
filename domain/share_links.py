"""Share links: one dashboard for whoever has the address, without an account; what they hold, and until when."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode

import msgspec

from domain.access import LinkScope
from domain.collections import DataCollection
from domain.conditions import OWN, reached, shown_collections
from domain.dashboards import Dashboard
from domain.errors import Invalid, Problem
from domain.filters import MISSING, WHERE, Clause, FilterState, Scalar, Wish, parts, said_by, speaker_of
from domain.live_tile import live_tiles
from domain.selections import filter_state
from domain.text import line
from domain.tiles import DataTile, TextTile
from domain.wording import tr

NAME_MAX_LENGTH = 120
SEARCH_MAX_LENGTH = 8_000
MAX_LINKS = 100
MAX_ORIGINS = 10
MAX_DAYS = 3_650
SECRET_BYTES = 32
TAB = "tab"
ORIGIN = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::[0-9]{1,5})?")
"""A whole origin and nothing that a policy would read as more: no path, no wildcard, no blank."""


class ShareLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link document. `token_hash` is the SHA-256 of the secret in its address, which is stored nowhere.

    `search` are the filters with which it opens; `fixed` are clauses that no visitor can lift. `origins` are the sites
    that may show it in a frame. The id manages the link and opens nothing.
    """

    id: str
    token_hash: str
    project_id: str
    dashboard_id: str
    name: str
    created_by: str
    created_by_name: str
    created_at: datetime
    expires_at: datetime | None = None
    password_hash: str = ""
    search: str = ""
    fixed: tuple[Clause, ...] = ()
    may_export: bool = True
    origins: tuple[str, ...] = ()
    uses: int = 0
    last_used_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether the link opens anything at that time."""
        return self.expires_at is None or at < self.expires_at


class WantedLink(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asks of a new link. `search` is the query of the address whose filters it takes along."""

    name: str = ""
    days: int | None = 30
    password: str = ""
    search: str = ""
    is_fixed: bool = False
    may_export: bool = True
    origins: tuple[str, ...] = ()


def wishes_of(search: str) -> Mapping[str, tuple[Wish, ...]]:
    """The filters in the query of an address.

    Raises:
        Invalid: when it is too long, or one of them cannot be read.
    """
    if len(search) > SEARCH_MAX_LENGTH:
        raise Invalid(tr("The filters are too long for a link."), (Problem("search", tr("take some of them back")),))
    found = parse_qsl(search.lstrip("?"), keep_blank_values=True)
    return {speaker: said_by(key, text) for key, text in found if (speaker := speaker_of(key)) is not None}


def search_of(search: str) -> str:
    """The query of an address with its filters and its tab, and nothing else, fit for an address."""
    found = parse_qsl(search.lstrip("?"), keep_blank_values=True)
    return urlencode([(key, text) for key, text in found if speaker_of(key) is not None or key == TAB])


def clauses_of_search(dashboard: Dashboard, search: str, collections: Iterable[DataCollection]) -> FilterState:
    """The clauses that the query of an address means on the dashboard, without the dashboard's own condition.

    Errors as for `wishes_of` and `filter_state`.
    """
    state = filter_state(dashboard, wishes_of(search), collections)
    return tuple(clause for clause in state if clause.source != OWN)


def checked_link_name(name: str) -> str:
    """What a link is for, in a few words; `Invalid` when it cannot be used."""
    return line(name, "name", most=NAME_MAX_LENGTH) or tr("Link")


def expiry(at: datetime, days: int | None) -> datetime | None:
    """When a link that is made now ends.

    Raises:
        Invalid: for no days, or more than ten years of them.
    """
    if days is None:
        return None
    if not 1 <= days <= MAX_DAYS:
        problem = Problem(
            "days", tr("is {days}; use 1 to {most}, or let the link have no end", days=days, most=MAX_DAYS)
        )
        raise Invalid(tr("The link cannot be made."), (problem,))
    return at + timedelta(days=days)


def checked_origins(texts: Iterable[str]) -> tuple[str, ...]:
    """The sites that may show the link in a frame, each as `https://host` or `https://host:port`.

    Raises:
        Invalid: naming what is no origin, or when there are too many.
    """
    wanted = tuple(dict.fromkeys(text.strip().lower().rstrip("/") for text in texts if text.strip()))
    problems = [
        Problem("origins", tr("{one!r} is no site; write it as https://lab.example.org, without a path", one=one))
        for one in wanted
        if not ORIGIN.fullmatch(one)
    ]
    if len(wanted) > MAX_ORIGINS:
        problems.append(
            Problem("origins", tr("are {count} sites; use at most {most}", count=len(wanted), most=MAX_ORIGINS))
        )
    if problems:
        raise Invalid(tr("The link cannot be made."), tuple(problems))
    return wanted


def has_condition(link: ShareLink) -> bool:
    """Whether a condition of the whole dashboard is among the fixed filters."""
    return any(clause.source == WHERE for clause in link.fixed)


def scope_of(link: ShareLink, dashboard: Dashboard, collections: Iterable[DataCollection] = ()) -> LinkScope:
    """What a visitor by this link may see: the dashboard, and the tables that its tiles and the fixed filters name.

    A fixed condition holds on all of `collections` that the dashboard shows now and that have its columns.
    """
    texts = [tile for tile in dashboard.tiles.values() if isinstance(tile, TextTile)]
    shown = {tile.collection_id for tile in dashboard.tiles.values() if isinstance(tile, DataTile)}
    shown |= {live.collection_id for text in texts for live in live_tiles(text)}
    return LinkScope(
        link_id=link.id,
        project_id=link.project_id,
        dashboard_id=link.dashboard_id,
        collections=frozenset(shown | {clause.collection_id for clause in link.fixed}),
        fixed=_fixed_on(link, shown_collections(dashboard, collections)),
        may_export=link.may_export,
    )


def _fixed_on(link: ShareLink, shown: Sequence[DataCollection]) -> FilterState:
    """The fixed clauses, and each fixed condition on collections that it did not name when the link was made."""
    fixed = link.fixed
    for clause in (one for one in link.fixed if one.source == WHERE):
        found = [one.collection.id for one in reached(str(clause.values[0]), shown) if one.holds]
        named = {one.collection_id for one in fixed if one.source == WHERE}
        fixed += tuple(msgspec.structs.replace(clause, collection_id=one) for one in found if one not in named)
    return fixed


def said_of(clause: Clause) -> str:
    """The clause in words, for the visitor whom it binds and for the author who has fixed it."""
    match clause.op:
        case "in":
            values = tr(" or ").join(map(_written, clause.values)) or tr("nothing")
            return tr("{column} is {values}", column=clause.column, values=values)
        case "between":
            return _said_between(clause.column, *clause.values)
        case "contains":
            return tr("{column} contains {value}", column=clause.column, value=_written(clause.values[0]))
        case "where":
            return str(clause.values[0])
        case "bins":
            pairs = zip(clause.values[::2], clause.values[1::2], strict=True)
            ranges = tr(" or ").join(f"[{_end(low)}, {_end(high)})" for low, high in pairs)
            return tr("{column} is in {ranges}", column=clause.column, ranges=ranges)
        case "marks":
            marks = (tr(" and ").join(said_of(part) for part in parts(clause, mark)) for mark in clause.marks)
            return tr(", or ").join(marks)
    return tr("{column} and {other} lie in an area", column=clause.column, other=clause.column_y)


def _said_between(column: str, low: Scalar, high: Scalar) -> str:
    if low is None and high is None:
        return tr("{column} is anything", column=column)
    if high is None:
        return tr("{column} is at least {low}", column=column, low=low)
    if low is None:
        return tr("{column} is at most {high}", column=column, high=high)
    return tr("{column} is at least {low} and at most {high}", column=column, low=low, high=high)


def _end(value: Scalar) -> str:
    """An end of a bin; an open one is not written."""
    return "" if value is None else str(value)


def _written(value: Scalar) -> str:
    return MISSING if value is None else str(value)
