"""Copies of dashboards in other projects: which collection stands for which, and what a tile would miss there."""

from collections.abc import Mapping, Sequence

import msgspec

from domain import image_tile, maps
from domain.collections import Column, DataCollection
from domain.dashboards import Dashboard
from domain.errors import Invalid, Problem
from domain.expressions import fields_of, parse
from domain.figure_roles import figure_columns
from domain.live_values import live_of
from domain.tiles import CardTile, DataTile, FigureTile, FilterTile, ImageTile, MapTile, TableTile, TextTile, Tile
from domain.wording import tr

UNMATCHED = tr("choose a data collection that stands for it")


class Match(msgspec.Struct, frozen=True):
    """One collection of the dashboard and the one that would stand for it, if there is one.

    `used` are the columns that its tiles read; `lost` those that the other lacks or holds another kind of values in.
    """

    source_id: str
    source_name: str
    tiles: int
    used: tuple[str, ...]
    target_id: str | None = None
    lost: tuple[str, ...] = ()
    by_columns: bool = False
    """Whether it was found by its columns, for none has the tag."""

    @property
    def is_complete(self) -> bool:
        """Whether every tile would find all its columns."""
        return self.target_id is not None and not self.lost


def used_columns(tile: Tile) -> tuple[str, ...]:
    """The columns that a tile reads, each once."""
    names: tuple[str | None, ...]
    match tile:
        case FigureTile():
            names = figure_columns(tile)
        case CardTile():
            names = tile.columns
        case FilterTile():
            names = (tile.column_name,)
        case TableTile():
            others = (*(one.column for one in tile.formats), *(one.column for one in tile.sort))
            names = (tile.selection_column, *tile.columns, *others)
        case TextTile():
            names = tuple(name for one in live_of(tile.body) for name in (one.column, one.by))
        case MapTile():
            names = maps.used_columns(tile)
        case ImageTile():
            names = image_tile.used_columns(tile)
        case _:
            names = ()
    names = (*names, *_compared_columns(tile))
    return tuple(dict.fromkeys(name for name in names if name))


def _compared_columns(tile: Tile) -> tuple[str, ...]:
    """The columns of the tile's `filter_expr`; none of one that cannot be read, which the tile says itself."""
    if not isinstance(tile, DataTile) or not tile.filter_expr.strip():
        return ()
    try:
        return tuple(sorted(fields_of(parse(tile.filter_expr))))
    except Invalid:
        return ()


def matches(
    dashboard: Dashboard,
    sources: Sequence[DataCollection],
    targets: Sequence[DataCollection],
    chosen: Mapping[str, str] | None = None,
) -> list[Match]:
    """One match for each collection that the dashboard shows, by its tag.

    What is not `chosen` (source id → target id) is matched by workflow and tag, then by the tag alone where one
    collection has it, and where none has it by the columns that are used, if all are in one collection of the same
    type and in no other; the same collection stands for itself.
    """
    known = {one.id: one for one in sources}
    shown: dict[str, list[Tile]] = {}
    for tile in dashboard.tiles.values():
        if tile.collection_id:
            shown.setdefault(tile.collection_id, []).append(tile)
    found = [_match(one, tiles, known.get(one), targets, (chosen or {}).get(one)) for one, tiles in shown.items()]
    return sorted(found, key=lambda match: (match.source_name.casefold(), match.source_id))


def _match(
    source_id: str,
    tiles: Sequence[Tile],
    source: DataCollection | None,
    targets: Sequence[DataCollection],
    chosen: str | None,
) -> Match:
    used = tuple(dict.fromkeys(name for tile in tiles for name in used_columns(tile)))
    target = next((one for one in targets if one.id == chosen), None) if chosen else _standing_for(source, targets)
    by_columns = target is None and not chosen
    if by_columns:
        target = _alike(used, source, targets)
    lost = () if target is None else lost_columns(used, source, target)
    name = source.tag if source else tr("a deleted collection")
    found = None if target is None else target.id
    return Match(source_id, name, len(tiles), used, found, lost, by_columns and target is not None)


def _standing_for(source: DataCollection | None, targets: Sequence[DataCollection]) -> DataCollection | None:
    if source is None:
        return None
    same = [one for one in targets if one.id == source.id or (one.workflow, one.tag) == (source.workflow, source.tag)]
    named = [one for one in targets if one.tag == source.tag]
    return same[0] if same else named[0] if len(named) == 1 else None


def _alike(
    used: Sequence[str], source: DataCollection | None, targets: Sequence[DataCollection]
) -> DataCollection | None:
    """The only one of its type that has all columns; None where the tag is taken, where several have them, or none.

    A table and the set of its images have the same columns, so the type tells which of two is meant.
    """
    if source is None or not used or any(one.tag == source.tag for one in targets):
        return None
    found = [one for one in targets if one.kind == source.kind and not lost_columns(used, source, one)]
    return found[0] if len(found) == 1 else None


def lost_columns(used: Sequence[str], source: DataCollection | None, target: DataCollection) -> tuple[str, ...]:
    """Which of the columns the target lacks, or holds another kind of values in."""
    return tuple(name for name in used if not _is_alike(name, source, target))


def _is_alike(name: str, source: DataCollection | None, target: DataCollection) -> bool:
    """Whether the target has the column, with values of the kind that the source's has."""
    here: Column | None = target.column(name)
    there = source.column(name) if source else None
    return here is not None and (there is None or there.kind is here.kind)


def remapped(tiles: Mapping[str, Tile], found: Sequence[Match]) -> dict[str, Tile]:
    """The tiles on the collections that stand for theirs.

    Raises:
        Invalid: naming each collection for which nothing stands, and the columns that a tile would miss.
    """
    problems = [Problem(one.source_name, _wrong(one)) for one in found if not one.is_complete]
    if problems:
        raise Invalid(tr("The dashboard cannot be copied there."), tuple(problems))
    ids = {one.source_id: one.target_id for one in found}
    return {
        key: msgspec.structs.replace(tile, collection_id=ids[tile.collection_id]) if tile.collection_id else tile
        for key, tile in tiles.items()
    }


def _wrong(match: Match) -> str:
    if match.target_id is None:
        return UNMATCHED
    return tr("the chosen collection lacks {columns}, or holds other values there", columns=", ".join(match.lost))
