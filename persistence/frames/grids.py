"""Densities in two dimensions: how many rows lie in each cell of a grid over the whole table."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from domain.collections import ColumnKind
from domain.errors import Invalid
from domain.figure_roles import splits
from domain.tiles import FigureTile, Visu
from domain.wording import tr
from persistence.frames import density
from persistence.frames.bins import Bins
from persistence.frames.plans import Part, Plan, Rows, counted
from persistence.frames.shapes import Density
from persistence.frames.years import check_years

MOST = {Visu.DENSITY_HEATMAP: (60, 40), Visu.DENSITY_CONTOUR: (24, 18)}
"""Cells along x and y unless the tile says how many; contours of finer ones would follow chance."""
MOST_PARTS = 36
"""Colours times panels of a density; more could not be told apart."""
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
        raise Invalid(tr("A density has linear axes; turn the logarithmic ones off."))
    most = tuple(
        int(tile.options.get(name, usual))
        for name, usual in zip(("nbinsx", "nbinsy"), MOST[tile.visu_type], strict=True)
    )
    parts = _parts_of(tile, rows)
    if parts:
        return _parted(density.passes(sides, rows, most=(most[0], most[1]), by=parts), parts, timed)
    made = density.collected(sides, rows, most=(most[0], most[1]))

    def finish(results: Sequence[pl.DataFrame]) -> Part:
        found = made.finish(results)
        if found is not None:
            _check_years((found.x, found.y), timed)
        data = _by_the_clock(pl.DataFrame(schema=SCHEMA) if found is None else cells(found), timed)
        total = int(data["count"].cast(pl.UInt64).sum())
        return Part(data, total, total, found)

    return Plan(made.lazy, finish, any_year=True)


def _by_the_clock(data: pl.DataFrame, timed: Sequence[str]) -> pl.DataFrame:
    return data.with_columns(pl.col(ends).cast(pl.Int64).cast(pl.Datetime("us")) for ends in timed)


def _parts_of(tile: FigureTile, rows: Rows) -> dict[str, pl.Expr]:
    """What parts the rows, by role: contours by colour, panels by their facets.

    Raises:
        Invalid: when its column is unknown, or the colour has fractions, of which each would be a part.
    """
    roles = splits(tile)
    columns = {role: rows.table.column(name, use=role) for role, name in roles.items()}
    color = roles.get("color", "")
    if color and rows.table.types[color].is_float():
        raise Invalid(tr("Contours have a colour for each category, but {color!r} holds fractions.", color=color))
    keys = {role: rows.table.values(column) for role, column in columns.items()}
    if color and rows.table.types[color].is_integer():
        # As numbers they would be taken for a scale.
        keys["color"] = keys["color"].cast(pl.Int64).cast(pl.String)
    return keys


def _parted(lazy: Sequence[pl.LazyFrame], parts: Mapping[str, pl.Expr], timed: Sequence[str]) -> Plan:
    """The cells of each part, on the grid of all; `MOST_PARTS` parts, those with most rows."""
    roles = list(parts)

    def finish(results: Sequence[pl.DataFrame]) -> Part:
        grid, counts = density.grid_of(results[0]), results[1]
        total = int(counts["rows"].cast(pl.UInt64).sum())
        sizes = counts.group_by(roles).agg(size=pl.col("rows").cast(pl.UInt64).sum())
        largest = sizes.sort(["size", *roles], descending=[True, *(False for _ in roles)], nulls_last=True)
        kept = counts.join(largest.head(MOST_PARTS), on=roles, how="semi", nulls_equal=True)
        if grid is None:
            none = [pl.lit(None, kind).alias(name) for name, kind in SCHEMA.items()]
            return Part(_by_the_clock(kept.select(*roles, *none).clear(), timed), 0, 0)
        _check_years(grid, timed)
        kept = kept.sort([*roles, "cell"], nulls_last=True)
        ends = _edges(grid, kept["cell"].to_numpy())
        data = kept.select(*roles).with_columns(**ends, count=kept["rows"].cast(pl.UInt32))
        whole = np.bincount(kept["cell"], weights=kept["rows"], minlength=grid[0].count * grid[1].count)
        found = Density(x=grid[0], y=grid[1], counts=pl.Series("counts", whole).cast(pl.UInt32))
        return Part(_by_the_clock(data, timed), int(data["count"].cast(pl.UInt64).sum()), total, found)

    return Plan(lazy, finish, any_year=True)


def _check_years(grid: tuple[Bins, Bins], timed: Sequence[str]) -> None:
    """See that an axis can show the values; the outer edges of its cells may lie half a day beyond them.

    Raises:
        Invalid: as `check_years` does.
    """
    sides = [bins for bins, end in zip(grid, ("left", "bottom"), strict=True) if end in timed]
    values = [[bins.high, *bins.edges()[1:-1]] for bins in sides]
    check_years(pl.DataFrame({"at": one}).cast(pl.Int64).cast(pl.Datetime("us")) for one in values)


def _edges(grid: tuple[Bins, Bins], places: np.ndarray[Any, Any]) -> dict[str, pl.Series]:
    across, up = (bins.edges() for bins in grid)
    y, x = np.divmod(places, grid[0].count)
    ends = {"left": across[x], "right": across[x + 1], "bottom": up[y], "top": up[y + 1]}
    return {name: pl.Series(name, values) for name, values in ends.items()}


def cells(found: Density) -> pl.DataFrame:
    """The cells that are not empty, by their edges."""
    places = np.flatnonzero(found.counts.to_numpy())
    ends = _edges((found.x, found.y), places)
    return pl.DataFrame({**ends, "count": found.counts.gather(places)}).with_columns(counted(pl.col("count")))
