"""Which rows links leave, worked out in plain Python by comparing every row with every other: see `plainly`."""

import fnmatch
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import polars as pl

from domain.filters import FilterState
from domain.links import Link, Links
from domain.tiles import DataTile
from tests.persistence.frames.plain_tiles import heard
from tests.persistence.frames.plainly import cells_of, kept, kind_of

SUFFIXES = re.compile(r"(?:_R[12]|_L\d{3}|_REP\d+|_TECH\d+)*", re.IGNORECASE)
Data = Mapping[str, pl.DataFrame]


def shortest(links: Links, start: str, end: str) -> list[tuple[Link, ...]]:
    """All paths of the least number of links, at most three, from one collection to another."""
    for length in (1, 2, 3):
        chains = product(links, repeat=length)
        found = [chain for chain in chains if _leads(chain, start, end)]
        if found:
            return found
    return []


def _leads(chain: Sequence[Link], start: str, end: str) -> bool:
    places = [start, *(link.target for link in chain)]
    return places[-1] == end and all(link.source == place for link, place in zip(chain, places, strict=False))


def reaching(tile: DataTile, state: FilterState, links: Links) -> list[tuple[FilterState, tuple[Link, ...]]]:
    """The clauses of each other collection that the tile hears, with each of the paths by which they reach it."""
    clauses = heard(tile, state)
    others = {clause.collection_id for clause in clauses} - {tile.collection_id}
    return [
        (tuple(clause for clause in clauses if clause.collection_id == other), path)
        for other in others
        for path in shortest(links, other, tile.collection_id)
    ]


def left(tile: DataTile, state: FilterState, data: Data, links: Links) -> list[int]:
    """The positions of the tile's rows that its own clauses and the linked ones leave."""
    own = tuple(clause for clause in heard(tile, state) if clause.collection_id == tile.collection_id)
    rows = set(kept(data[tile.collection_id], own))
    for clauses, path in reaching(tile, state, links):
        current = kept(data[path[0].source], clauses)
        for link in path:
            current = followed(link, data, current)
        rows &= set(current)
    return sorted(rows)


def followed(link: Link, data: Data, rows: Sequence[int]) -> list[int]:
    """The rows of the link's target that some of these rows of its source find."""
    found = cells_of(data[link.source][link.source_column])
    given = {found[row] for row in rows} - {None}
    cells = cells_of(data[link.target][link.target_column])
    finds = finder(link)
    hits = {cell for cell in set(cells) - {None} if any(finds(one, cell) for one in given)}
    return [row for row, cell in enumerate(cells) if cell in hits]


def finder(link: Link) -> Callable[[Any, Any], bool]:
    """Whether a value of the source column finds one of the target's."""
    config = link.config

    def folded(value: Any) -> str:
        return str(value) if config.case_sensitive else str(value).lower()

    def finds(one: Any, other: Any) -> bool:
        if config.resolver == "direct" and not isinstance(one, str):
            return bool(one == other)
        return _named_alike(link, folded(one), folded(other), folded)

    return finds


def _named_alike(link: Link, one: str, other: str, folded: Callable[[Any], str]) -> bool:
    pattern = link.config.pattern or ""
    flags = re.NOFLAG if link.config.case_sensitive else re.IGNORECASE
    match link.config.resolver:
        case "direct":
            return one == other
        case "sample_mapping" if link.config.mappings:
            groups = {folded(name): {folded(v) for v in kin} for name, kin in link.config.mappings.items()}
            return one == other or other in groups.get(one, ()) or one in groups.get(other, ())
        case "sample_mapping":
            longer, shorter = sorted((one, other), key=len, reverse=True)
            return longer.startswith(shorter) and SUFFIXES.fullmatch(longer[len(shorter) :]) is not None
        case "pattern":
            return folded(pattern.replace("{sample}", one)) == other
        case "wildcard":
            escaped = re.sub(r"([*?[])", r"[\1]", one)
            return fnmatch.fnmatchcase(other, folded(pattern).replace("{sample}", escaped))
        case "regex" if "{sample}" in pattern:
            return re.fullmatch(pattern.replace("{sample}", re.escape(one)), other, flags) is not None
        case "regex":
            captured = re.fullmatch(pattern, other, flags)
            return captured is not None and captured["sample"] == one


def can_be_followed(link: Link, data: Data) -> bool:
    """Whether both columns are there and hold values that the resolver can compare."""
    ends = [(data.get(link.source), link.source_column), (data.get(link.target), link.target_column)]
    types = [table.schema.get(name) for table, name in ends if table is not None]
    known = [dtype for dtype in types if dtype is not None]
    if len(known) < len(ends):
        return False
    if link.config.resolver != "direct":
        return all(kind_of(dtype) == "text" or dtype.is_integer() for dtype in known)
    zoned = {dtype.time_zone is not None for dtype in known if isinstance(dtype, pl.Datetime)}
    return len({kind_of(dtype) for dtype in known}) == 1 and len(zoned) < 2
