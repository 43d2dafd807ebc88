"""Single values beside a distribution: the points of boxes and violins, and rugs along an axis."""

from collections.abc import Sequence

import polars as pl

from domain.collections import Column, ColumnKind
from domain.tiles import FigureTile
from persistence.frames import groups, samples
from persistence.frames.plans import Part, Plan, Rows, counted, whole
from persistence.frames.points import SEED, TAIL_SHARE
from persistence.frames.shapes import MAX_BOXES
from persistence.frames.sources import ROW

MOST_ENDS = 50
"""So many values at each end of a group are kept at most."""
CELLS = 1_000
"""A rug has a mark in each of so many parts of its axis at most: narrower ones lie within a pixel of each other."""
MOST_MARKS = 20_000


def points(tile: FigureTile, rows: Rows) -> Plan:
    """Rows `x` (when the tile has a `y`) and what parts the groups, `y`, [`hover_0` …], [`hover_name`].

    Above `tile.max_points` the lowest and highest values of each group stay, together a tenth of the bound, and the
    rest is drawn by a hash of the row's position. Only groups that have a box have points.

    Raises:
        Invalid: naming the role, when its column is missing or of the wrong kind.
    """
    table = rows.table
    value = table.column(tile.y or tile.x, ColumnKind.NUMBER, use="y" if tile.y else "x")
    columns = _groups(tile, rows)
    keys = {role: table.values(column) for role, column in columns.items()} or {"x": pl.lit(None, dtype=pl.String)}
    hover = {role: table.values(table.column(name, use=role)) for role, name in samples.carried(tile).items()}
    carried = {role: one for role, one in hover.items() if role not in keys and role != "size"}
    finite = rows.matched.select(ROW, **keys, y=table.values(value), **carried).filter(pl.col("y").is_finite())
    roles = list(keys)
    sizes = finite.group_by(roles).agg(size=pl.len())
    largest = sizes.sort(["size", *roles], descending=[True, *(False for _ in roles)], nulls_last=True).head(MAX_BOXES)
    chosen = finite.join(largest.select(roles), on=roles, how="semi", nulls_equal=True)
    bound = max(tile.max_points, 1)
    sample = chosen.with_columns(_draw=rows.draw(SEED)).bottom_k(bound, by=["_draw", ROW]).drop("_draw")
    rest = [ROW, "y", *carried]
    ends = [_ends(chosen, roles, rest, lowest=lowest) for lowest in (True, False)]

    def finish(results: Sequence[pl.DataFrame]) -> Part:
        of, drawn, *tails = results
        count, groups_found = of.row(0)
        if count > bound:
            each = max(bound // TAIL_SHARE // max(groups_found, 1), 1)
            kept = [tail.filter(pl.col("_place") < each).drop("_place") for tail in tails]
            parts = [part.select(drawn.columns) for part in kept]
            drawn = pl.concat([*parts, drawn]).unique(ROW, keep="first", maintain_order=True).head(bound)
        data = drawn.sort(ROW).drop(ROW)
        return Part(data if columns else data.drop("x"), data.height, count)

    return Plan([largest.select(pl.col("size").sum(), pl.len()), sample, *ends], finish)


def _groups(tile: FigureTile, rows: Rows) -> dict[str, Column]:
    """The columns that part a tile into boxes, by role; one box of all rows stands at no x."""
    columns = groups.columns_of(tile, rows.table)
    return columns if tile.y else {role: column for role, column in columns.items() if role != "x"}


def _ends(chosen: pl.LazyFrame, roles: list[str], rest: list[str], *, lowest: bool) -> pl.LazyFrame:
    """The rows of the lowest or highest values of each group, and at which `_place` from its end they lie."""
    order = ["y", ROW]
    kept = pl.col(rest).bottom_k_by(order, MOST_ENDS) if lowest else pl.col(rest).top_k_by(order, MOST_ENDS)
    found = chosen.group_by(roles).agg(kept).explode(rest)
    return found.with_columns(_place=pl.col("y").rank("ordinal", descending=not lowest).over(roles) - 1)


def rug(tile: FigureTile, rows: Rows) -> Plan:
    """Rows `x` (when the tile has a `y`) and what parts the marks, `y`, `rows`: a mark for each place that has rows.

    The axis between the lowest and the highest value has `CELLS` places, on a logarithmic one of equal ratios; a mark
    stands at the lowest value of its place, and one at the highest of all. So no place is left out, however many rows
    there are. `tile.log_y` says whether the axis is logarithmic.

    Raises:
        Invalid: when the column is unknown or has no order.
    """
    table = rows.table
    kinds = (ColumnKind.NUMBER, ColumnKind.DATE, ColumnKind.DATETIME)
    column = table.column(tile.y or tile.x, *kinds, use="rug")
    is_number = column.kind is ColumnKind.NUMBER
    keys = {role: table.values(one) for role, one in _groups(tile, rows).items()}
    value = pl.col("y").is_finite() if is_number else pl.col("y").is_not_null()
    found = rows.matched.select(**keys, y=table.values(column)).filter(value)
    along = pl.col("y") if is_number else pl.col("y").to_physical().cast(pl.Float64)
    if tile.log_y and is_number:
        found, along = found.filter(pl.col("y") > 0), pl.col("y").log10()
    placed = found.with_columns(_at=along)
    ends = placed.select(_low=pl.col("_at").min(), _high=pl.col("_at").max())
    share = (pl.col("_at") - pl.col("_low")) / (pl.col("_high") - pl.col("_low"))
    # The highest value has a place of its own; of equal values all lie in the first one.
    cell = (share.fill_nan(0) * CELLS).floor().cast(pl.Int32)
    roles = [*keys, "_cell"]
    marks = placed.join(ends, how="cross").with_columns(_cell=cell).group_by(roles)
    counted_marks = marks.agg(y=pl.col("y").min(), rows=counted(pl.len()))

    def finish(results: Sequence[pl.DataFrame]) -> Part:
        data, width = _largest(results[0], list(keys)), 1
        while data.height > MOST_MARKS and width < CELLS:
            width *= 2
            data = data.with_columns(pl.col("_cell") // 2).group_by(roles).agg(pl.col("y").min(), pl.col("rows").sum())
        return whole(data.sort(roles, nulls_last=True).drop("_cell"))

    return Plan([counted_marks], finish)


def _largest(data: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The marks of the groups with most rows, as many groups as there may be boxes."""
    if not keys:
        return data
    sizes = data.group_by(keys).agg(pl.col("rows").sum())
    kept = sizes.sort("rows", *keys, descending=[True, *(False for _ in keys)], nulls_last=True).head(MAX_BOXES)
    return data.join(kept.select(keys), on=keys, how="semi", nulls_equal=True)
