"""Figures that draw rows one by one: a bounded sample of them, the same rows in every answer for one table version."""

from collections.abc import Mapping, Sequence

import polars as pl

from domain.collections import ColumnKind
from domain.figure_roles import several, splits
from domain.tiles import FigureTile, Visu
from persistence.frames.plans import Part, Plan, Rows
from persistence.frames.points import SEED
from persistence.frames.sources import ROW

NUMBER = (ColumnKind.NUMBER,)
ORDERED = (ColumnKind.NUMBER, ColumnKind.DATE, ColumnKind.DATETIME)
TIMES = (ColumnKind.DATE, ColumnKind.DATETIME)
ANY = tuple(kind for kind in ColumnKind if kind is not ColumnKind.OTHER)
PLACES: dict[Visu, Mapping[str, tuple[ColumnKind, ...]]] = {
    Visu.STRIP: {"x": ANY, "y": NUMBER},
    Visu.SCATTER_3D: {"x": ORDERED, "y": ORDERED, "z": ORDERED},
    Visu.SCATTER_POLAR: {"x": ANY, "y": NUMBER},
    Visu.SCATTER_TERNARY: {"a": NUMBER, "b": NUMBER, "c": NUMBER},
    Visu.TIMELINE: {"x_start": TIMES, "x_end": TIMES, "y": ANY},
}
"""What a row must have to be drawn, by role, and of which kinds."""
DIMENSIONS = {Visu.SCATTER_MATRIX: ORDERED, Visu.PARALLEL_COORDINATES: NUMBER}


def plan(tile: FigureTile, rows: Rows) -> Plan:
    """One row a mark, in the table's order: the roles of `PLACES` or `dim_0` …, and those that every mark carries.

    Above `tile.max_points` a sample is drawn by a hash of the row's position. Rows without one of their places are left
    out, infinite numbers too.

    Raises:
        Invalid: naming the role, when its column is missing or of the wrong kind.
    """
    table, found = rows.table, {}
    places = places_of(tile)
    for role, (name, kinds) in places.items():
        found[role] = table.values(table.column(name, *kinds, use=role))
    for role, name in carried(tile).items():
        found[role] = table.values(table.column(name, *(NUMBER if role == "size" else ANY), use=role))
    tests = [_drawable(role, table.columns[name].kind) for role, (name, _) in places.items()]
    marks = rows.matched.select(ROW, **found).filter(tests)
    bound = max(tile.max_points, 1)
    sample = marks.with_columns(_draw=rows.draw(SEED)).bottom_k(bound, by=["_draw", ROW]).drop("_draw")

    def finish(results: Sequence[pl.DataFrame]) -> Part:
        data = results[1].sort(ROW).drop(ROW)
        return Part(data, data.height, results[0].item())

    return Plan([marks.select(pl.len()), sample], finish)


def places_of(tile: FigureTile) -> dict[str, tuple[str, tuple[ColumnKind, ...]]]:
    """The column of each place, and the kinds that it may have."""
    if tile.visu_type in DIMENSIONS:
        kinds = DIMENSIONS[tile.visu_type]
        return {f"dim_{number}": (name, kinds) for number, name in enumerate(several(tile, "dimensions"))}
    own = {"x": tile.x, "y": tile.y or ""}
    named = {role: own.get(role) or str(tile.options.get(role) or "") for role in PLACES[tile.visu_type]}
    if tile.visu_type is Visu.STRIP and not tile.y:
        # One strip of all rows stands at no x.
        return {"y": (tile.x, NUMBER)}
    return {role: (name, PLACES[tile.visu_type][role]) for role, name in named.items()}


def carried(tile: FigureTile) -> dict[str, str]:
    """The columns that every mark carries beside its place, by role."""
    one = {"size": tile.size, **{name: tile.options.get(name) for name in ("text", "hover_name")}}
    hover = {f"hover_{number}": name for number, name in enumerate(tile.hover)}
    return splits(tile) | {role: str(name) for role, name in one.items() if name} | hover


def _drawable(role: str, kind: ColumnKind) -> pl.Expr:
    return pl.col(role).is_finite() if kind is ColumnKind.NUMBER else pl.col(role).is_not_null()
