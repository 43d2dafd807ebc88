"""Densities in two dimensions: how many rows lie in each cell of a grid over the whole table."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from domain.collections import ColumnKind
from domain.errors import Invalid
from domain.tiles import FigureTile, Visu
from persistence.frames import density
from persistence.frames.plans import Part, Plan, Rows, counted
from persistence.frames.shapes import Density

MOST = {Visu.DENSITY_HEATMAP: (60, 40), Visu.DENSITY_CONTOUR: (24, 18)}
"""Cells along x and y unless the tile says how many; contours of finer ones would follow chance."""
SCHEMA = {"left": pl.Float64, "right": pl.Float64, "bottom": pl.Float64, "top": pl.Float64, "count": pl.UInt32}


def plan(tile: FigureTile, rows: Rows) -> Plan:
    """Rows `left`, `right`, `bottom`, `top`, `count` of the cells that have rows, and all cells as `density`.

    Numbers and times only; the ends of times are by the clock on the wall.

    Raises:
        Invalid: naming the role, when its column is missing or of the wrong kind.
    """
    kinds = (ColumnKind.NUMBER, ColumnKind.DATE, ColumnKind.DATETIME)
    timed: list[str] = []
    for role, name, ends in (("x", tile.x, ("left", "right")), ("y", tile.y or "", ("bottom", "top"))):
        if rows.table.column(name, *kinds, use=role).kind is not ColumnKind.NUMBER:
            timed += ends
    sides = density.sides_of(tile, rows.table)
    if sides is None:
        raise Invalid("A density has linear axes; turn the logarithmic ones off.")
    most = tuple(
        int(tile.options.get(name, usual))
        for name, usual in zip(("nbinsx", "nbinsy"), MOST[tile.visu_type], strict=True)
    )
    made = density.collected(sides, rows, most=(most[0], most[1]))

    def finish(results: Sequence[pl.DataFrame]) -> Part:
        found = made.finish(results)
        data = (pl.DataFrame(schema=SCHEMA) if found is None else cells(found)).with_columns(
            pl.col(ends).cast(pl.Int64).cast(pl.Datetime("us")) for ends in timed
        )
        total = int(data["count"].cast(pl.UInt64).sum())
        return Part(data, total, total, found)

    return Plan(made.lazy, finish)


def cells(found: Density) -> pl.DataFrame:
    """The cells that are not empty, by their edges."""
    across, up = found.x.edges(), found.y.edges()
    places = np.flatnonzero(found.counts.to_numpy())
    y, x = np.divmod(places, found.x.count)
    ends = {"left": across[x], "right": across[x + 1], "bottom": up[y], "top": up[y + 1]}
    return pl.DataFrame({**ends, "count": found.counts.gather(places)}).with_columns(counted(pl.col("count")))
