"""Another column for one that a table has lost: which tiles use it, what may stand for it, and the tiles afterwards."""

import difflib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from domain.collections import Column, ColumnKind, DataCollection
from domain.copies import used_columns
from domain.dashboards import Dashboard
from domain.errors import Invalid, NotFound, Problem
from domain.expressions import Apply, Field, Node, fields_of, parse, spelled
from domain.figure_parameters import parameters
from domain.headings import heading
from domain.live_values import live_of
from domain.tiles import DataTile, FigureTile, TextTile, Tile
from domain.wording import tr

ONE = (
    "x", "y", "color", "size", "selection_column", "column_name", "breakdown_col", "trend_col", "image_column",
    "lat_column", "lon_column", "color_column", "size_column", "z_column", "locations_column",
)  # fmt: skip
"""The properties of tiles that name a column."""
SEVERAL = ("hover", "columns", "attrition_cols", "hover_columns", "caption_columns")
"""Those that name several; a gallery's `columns` is a number."""
ABOUT = ("formats", "sort")
"""Those that hold entries about a column each."""
KEYED = ("category_orders", "labels")
"""The options of figures whose keys are columns."""
LIKE_ENOUGH = 0.5
KINDS: dict[str, ColumnKind] = {
    "string": ColumnKind.TEXT,
    "boolean": ColumnKind.BOOLEAN,
    "date": ColumnKind.DATE,
    "timestamp": ColumnKind.DATETIME,
    "timestamp_ntz": ColumnKind.DATETIME,
    **dict.fromkeys(("byte", "short", "integer", "long", "float", "double"), ColumnKind.NUMBER),
}
"""What Delta's types are to tiles."""
_NAME = r'(?:"(?:[^"\\]|\\.)*"|[^\W\d][\w.]*)'
_PLAIN = re.compile(r"[^\W\d][\w.]*")
Rename = Callable[[str], str]


class Lost(msgspec.Struct, frozen=True, kw_only=True):
    """A column that tiles use and the table lacks: since when, and what may stand for it, the likeliest first.

    Of a column that no version is known to have had, `version` is None.
    """

    collection_id: str
    tag: str
    name: str
    tiles: tuple[str, ...]
    offers: tuple[Column, ...]
    suggested: str = ""
    version: int | None = None
    since: str = ""
    in_condition: bool = False
    """Whether the condition of the whole dashboard names it, and no other collection has it."""


class Rewritten(msgspec.Struct, frozen=True):
    """A property of a tile that a new name changes, with both values."""

    tile_id: str
    title: str
    property: str
    before: Any
    after: Any


def lost_of(dashboard: Dashboard, collections: Sequence[DataCollection]) -> list[Lost]:
    """Every column that a tile uses and its table lacks, by collection and name."""
    found = []
    asked = _condition_columns(dashboard, collections)
    for collection in collections:
        if collection.table_version is None or collection.table_version in collection.gone:
            continue
        users: dict[str, list[str]] = {}
        for tile in (*dashboard.filters, *dashboard.grid_tiles):
            if tile.collection_id == collection.id:
                for name in used_columns(tile):
                    if collection.column(name) is None:
                        users.setdefault(name, []).append(tile.id)
        conditional = {one.name for one in collection.lost if one.name in asked}
        named = {name: users.get(name, []) for name in sorted({*users, *conditional})}
        found += [_lost(collection, name, tiles, in_condition=name in conditional) for name, tiles in named.items()]
    return found


def _condition_columns(dashboard: Dashboard, collections: Sequence[DataCollection]) -> frozenset[str]:
    """The columns that the condition of the whole dashboard names and no collection has."""
    try:
        named = fields_of(parse(dashboard.filter_expr)) if dashboard.filter_expr.strip() else frozenset()
    except Invalid:
        return frozenset()
    return frozenset(name for name in named if not any(one.column(name) for one in collections))


def _lost(collection: DataCollection, name: str, tiles: Iterable[str], *, in_condition: bool) -> Lost:
    known = next((one for one in collection.lost if one.name == name), None)
    kind = None if known is None else KINDS.get(known.dtype, ColumnKind.NUMBER if "decimal" in known.dtype else None)
    offers = sorted(
        (column for column in collection.columns if column.kind is not ColumnKind.OTHER),
        key=lambda column: (kind is not None and column.kind is not kind, -_likeness(name, column.name), column.name),
    )
    best = next((one for one in offers if kind is None or one.kind is kind), None)
    return Lost(
        collection_id=collection.id,
        tag=collection.tag,
        name=name,
        tiles=tuple(tiles),
        offers=tuple(offers),
        suggested=best.name if best and _likeness(name, best.name) >= LIKE_ENOUGH else "",
        version=None if known is None else known.version,
        since="" if known is None else f"{known.at.day} {known.at:%b %Y}",
        in_condition=in_condition,
    )


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one.casefold(), other.casefold()).ratio()


def remapped(
    dashboard: Dashboard, collection: DataCollection, names: Mapping[str, str], others: Sequence[DataCollection] = ()
) -> Dashboard:
    """The dashboard in which every tile of the collection uses the new columns for the old ones.

    The condition of the whole dashboard does too, but for columns that one of the `others` has.

    Filters, selections, saved views and links that are passed on say which tile they come from, and so follow it.

    Raises:
        Invalid: naming each new column that the collection has not.
        NotFound: when no tile uses an old one.
    """
    problems = [
        Problem(new, tr("is no column of {tag!r}", tag=collection.tag))
        for new in names.values()
        if not collection.column(new)
    ]
    if problems:
        raise Invalid(tr("These columns cannot be chosen."), tuple(problems))
    tiles = {
        key: renamed(tile, names) if tile.collection_id == collection.id else tile
        for key, tile in dashboard.tiles.items()
    }
    alone = {old: new for old, new in names.items() if not any(one.column(old) for one in others)}
    condition = expression_renamed(dashboard.filter_expr, alone) if dashboard.filter_expr.strip() else ""
    if tiles == dashboard.tiles and condition == dashboard.filter_expr:
        raise NotFound(
            tr(
                "No tile uses {names} any more; somebody may have changed that already.",
                names=", ".join(map(repr, names)),
            )
        )
    counted = {
        key: msgspec.structs.replace(tile, version=tile.version + (tile != dashboard.tiles[key]))
        for key, tile in tiles.items()
    }
    return msgspec.structs.replace(dashboard, tiles=counted, filter_expr=condition)


def rewritten(before: Dashboard, after: Dashboard) -> list[Rewritten]:
    """What a remapping changes, property by property, in the order of the dashboard."""
    found = []
    for tile in (*before.filters, *before.grid_tiles):
        old, new = msgspec.to_builtins(tile), msgspec.to_builtins(after.tiles[tile.id])
        found += [
            Rewritten(tile.id, heading(tile), name, old.get(name), new.get(name))
            for name in new
            if name != "version" and old.get(name) != new.get(name)
        ]
    if before.filter_expr != after.filter_expr:
        found.append(Rewritten("", tr("The whole dashboard"), "filter_expr", before.filter_expr, after.filter_expr))
    return found


def renamed(tile: Tile, names: Mapping[str, str]) -> Tile:
    """The tile with new names for old columns, wherever it names one."""

    def rename(name: str) -> str:
        return names.get(name, name)

    changed = {field: _value(field, getattr(tile, field), rename) for field in tile.__struct_fields__}
    if isinstance(tile, FigureTile):
        changed["options"] = _options(tile, rename)
    if isinstance(tile, DataTile) and tile.filter_expr.strip():
        changed["filter_expr"] = expression_renamed(tile.filter_expr, names)
    if isinstance(tile, TextTile):
        changed["body"] = text_renamed(tile.body, names)
    return msgspec.structs.replace(tile, **changed)


def _value(field: str, value: Any, rename: Rename) -> Any:
    """The value of a tile's property under the new names."""
    if field in ONE and isinstance(value, str):
        return rename(value)
    if field in SEVERAL and isinstance(value, tuple):
        return tuple(dict.fromkeys(map(rename, value)))
    if field in ABOUT and value:
        return tuple(msgspec.structs.replace(one, column=rename(one.column)) for one in value)
    return value


def _options(tile: FigureTile, rename: Rename) -> dict[str, Any]:
    types = {name: parameter.type for name, parameter in parameters(tile.visu_type).items()}
    found: dict[str, Any] = {}
    for name, value in tile.options.items():
        if types.get(name) == "column" and isinstance(value, str):
            found[name] = rename(value)
        elif types.get(name) == "columns" and isinstance(value, list | tuple):
            found[name] = [rename(one) if isinstance(one, str) else one for one in value]
        elif name in KEYED and isinstance(value, dict):
            found[name] = {rename(key): entry for key, entry in value.items()}
        else:
            found[name] = value
    return found


def expression_renamed(text: str, names: Mapping[str, str]) -> str:
    """The expression about the new columns, as it was written where that is possible; one that is broken stays."""
    try:
        meant = spelled(_node_renamed(parse(text), names))
    except Invalid:
        return text
    if meant == spelled(parse(text)):
        return text

    def quoted(found: re.Match[str]) -> str:
        name = names.get(found[3], found[3])
        return found[0] if name == found[3] else f"{found[1]}{name!r}"

    kept = re.sub(r"((?:col|over)\(\s*)(['\"])([^'\"\\]*)\2", quoted, text)
    try:
        return kept if spelled(parse(kept)) == meant else meant
    except Invalid:
        return meant


def _node_renamed(node: Node, names: Mapping[str, str]) -> Node:
    match node:
        case Field(name=name):
            return msgspec.structs.replace(node, name=names.get(name, name))
        case Apply(operands=operands, over=over):
            return msgspec.structs.replace(
                node,
                operands=tuple(_node_renamed(one, names) for one in operands),
                over=tuple(names.get(one, one) for one in over),
            )
    return node


def text_renamed(body: str, names: Mapping[str, str]) -> str:
    """The text with live values of the new columns; all else stays letter for letter."""
    for live in live_of(body):
        if live.column not in names and live.by not in names:
            continue
        body = re.sub(rf"(?<!\\){re.escape(live.written)}", _replacing(_live_renamed(live.written, names)), body)
    return body


def _live_renamed(written: str, names: Mapping[str, str]) -> str:
    def name(found: re.Match[str]) -> str:
        return found[1] + _live_name(found[2], names)

    called = re.sub(rf"(\(\s*)({_NAME})", name, written, count=1)
    return re.sub(rf"(\)\s*by\s*)({_NAME})", name, called, count=1)


def _replacing(text: str) -> Callable[[re.Match[str]], str]:
    """The text as it is: in a template of `re` a backslash would mean something."""
    return lambda _: text


def _live_name(written: str, names: Mapping[str, str]) -> str:
    old = str(json.loads(written, strict=False)) if written.startswith('"') else written
    new = names.get(old, old)
    if new == old:
        return written
    return new if _PLAIN.fullmatch(new) else json.dumps(new, ensure_ascii=False)
