"""Maps: points on Earth, where all of them lie, and regions by what their rows add up to."""

from collections.abc import Sequence
from functools import partial

import msgspec
import polars as pl

from domain.collections import Column, ColumnKind
from domain.map_tile import Boundaries, MapKind, MapTile
from domain.maps import aggregation_of, as_scatter
from domain.regions import regions_of, unknown_said
from domain.tiles import Aggregation, FigureTile
from domain.wording import tr, trn
from persistence.frames import celled, density, points
from persistence.frames.aggregations import aggregable, aggregated
from persistence.frames.density import Raster, Side
from persistence.frames.masks import Test
from persistence.frames.outlines import outlined
from persistence.frames.plans import Part, Plan, Rows, counted
from persistence.frames.shapes import Extent
from persistence.frames.sources import Table

FARTHEST = {"lat": 90, "lon": 180}
"""Degrees from the equator and from the meridian of Greenwich."""
EXTREMES = (Aggregation.MIN, Aggregation.MAX)


def plan(tile: MapTile, rows: Rows) -> Plan:
    """The rows of a scatter, or one row a region: see `shapes`.

    Raises:
        Invalid: when a column is unknown or of the wrong kind.
    """
    match tile.map_type:
        case MapKind.SCATTER:
            return _points(tile, rows)
        case MapKind.DENSITY:
            return _density(tile, rows)
        case MapKind.CHOROPLETH:
            return _regions(tile, rows)


# -- points and their density


def _points(tile: MapTile, rows: Rows) -> Plan:
    """The points that lie on Earth, bounded as those of a scatter; how many do not is said."""
    figure = as_scatter(tile)
    sides = _sides(figure, rows.table)
    here, lost = _on_earth(figure, rows)
    raster = density.over(sides, here, max(tile.max_points, 1))
    return _placed(points.plan(figure, here, raster), sides, rows, lost)


def _density(tile: MapTile, rows: Rows) -> Plan:
    """The same with counts in any case, however long they take: a bounded sample alone would show a wrong density.

    With a column of weights these are added up instead.
    """
    figure = as_scatter(tile)
    sides = _sides(figure, rows.table)
    here, lost = _on_earth(figure, rows)
    base = points.plan(figure, here, Raster())
    raster = _counts(figure, sides, here)
    first = len(base.lazy)

    def finish(results: Sequence[pl.DataFrame]) -> Part:
        part = base.finish(results[:first])
        found = raster.finish(results[first:]) if part.of > part.shown else None
        return msgspec.structs.replace(part, density=found)

    return _placed(Plan([*base.lazy, *raster.lazy], finish), sides, rows, lost)


def _counts(figure: FigureTile, sides: tuple[Side, Side], rows: Rows) -> Raster:
    table = rows.table
    if figure.size:
        return density.collected(
            sides, rows, table.values(table.column(figure.size, ColumnKind.NUMBER, use=tr("weights")))
        )
    found = None if rows.selection is None else density.counted(sides, rows.selection)
    return density.collected(sides, rows) if found is None else Raster(finish=lambda _: found)


def _sides(figure: FigureTile, table: Table) -> tuple[Side, Side]:
    """Longitude and latitude; what lies beyond the Earth has no value."""
    return _side(table, figure.x, "lon"), _side(table, figure.y or "", "lat")


def _side(table: Table, name: str, role: str) -> Side:
    column = table.column(name, ColumnKind.NUMBER, use=f"{role}_column")
    values = table.values(column)
    return Side(name, pl.when(values.abs() <= FARTHEST[role]).then(values), 0.0, "on Earth")


def _on_earth(figure: FigureTile, rows: Rows) -> tuple[Rows, pl.LazyFrame | None]:
    """The rows that have no place beyond the Earth, and the number of the others; None where a table has no such rows.

    Infinite values and missing ones are not drawn in any scatter.
    """
    ends = {figure.x: FARTHEST["lon"], figure.y or "": FARTHEST["lat"]}
    hot = rows.table.hot
    if hot is not None and all(points.largest(hot, name) <= end for name, end in ends.items()):
        return rows, None
    beyond = [pl.col(name).cast(pl.Float64).abs() > end for name, end in ends.items()]
    outside = pl.any_horizontal(beyond).fill_null(value=False)
    count = rows.matched.select(lost=counted(outside.sum()))
    if rows.selection is None:
        return Rows(rows.table, rows.matched.filter(~outside)), count
    tests = [Test(f"on Earth {figure.x!r} {figure.y!r}", ~outside)]
    return Rows(rows.table, selection=rows.selection.narrowed(tests)), count


def _placed(base: Plan, sides: tuple[Side, Side], rows: Rows, lost: pl.LazyFrame | None) -> Plan:
    """With the extent of the whole table, so that the map holds still under filters, and the number of lost rows."""
    more = [] if lost is None else [lost]
    hot = rows.table.hot
    known = None if hot is None else [end for side in sides for end in density.ends_of(hot, side)]
    if known is None:
        parts = [part for side in sides for part in (density.lowest(side), density.highest(side))]
        more.append(rows.all.select(part.alias(str(place)) for place, part in enumerate(parts)))

    def finish(results: Sequence[pl.DataFrame]) -> Part:
        part, rest = base.finish(results[: len(base.lazy)]), results[len(base.lazy) :]
        count = 0 if lost is None else rest[0].item()
        ends = rest[-1].row(0) if known is None else known
        return msgspec.structs.replace(part, extent=_extent(ends), note=_lost_said(count))

    return Plan([*base.lazy, *more], finish, base.sorts)


def _extent(ends: Sequence[float | None]) -> Extent | None:
    west, east, south, north = ends
    if west is None or east is None or south is None or north is None:
        return None
    return Extent(west=west, south=south, east=east, north=north)


def _lost_said(count: int) -> str:
    if not count:
        return ""
    return trn("{n} row lies at no place on Earth", "{n} rows lie at no place on Earth", count)


# -- regions


def _regions(tile: MapTile, rows: Rows) -> Plan:
    """One row a region that has rows, by cubes where each region has one spelling, otherwise by the rows."""
    table, aggregation = rows.table, aggregation_of(tile)
    column = table.column(tile.locations_column or "", ColumnKind.TEXT, use="locations_column")
    value = None if tile.color_column is None else _measured(table, tile.color_column, aggregation)
    if tile.boundaries is Boundaries.GEOMETRY:
        return outlined(column, value, aggregation, rows)
    cells = celled.aggregated(rows, {"value": column}, aggregation, value)
    if cells is not None:
        named = cells.with_columns(region=region_of(cells["value"], tile.boundaries))
        drawn = named.drop_nulls("region")
        if drawn["region"].is_unique().all():
            values = cells.select("value", "rows")
            regions = drawn.select("region", y="rows" if value is None else "y", rows="rows")
            return Plan([], lambda _: _finish(tile.boundaries, [regions, values]))
    words = table.values(column).cast(pl.String)
    key = words.map_batches(partial(region_of, boundaries=tile.boundaries), return_dtype=pl.String, is_elementwise=True)
    y = counted(pl.len()) if value is None else aggregated(table, value, aggregation)
    regions_lazy = (
        rows.matched.with_columns(depictio_region=key)
        .filter(pl.col("depictio_region").is_not_null())
        .group_by("depictio_region")
        .agg(depictio_y=y, depictio_rows=counted(pl.len()))
        .select(region="depictio_region", y="depictio_y", rows="depictio_rows")
    )
    values_lazy = rows.matched.select(value=words).group_by("value").agg(rows=counted(pl.len()))
    return Plan([regions_lazy, values_lazy], partial(_finish, tile.boundaries))


def _measured(table: Table, name: str, aggregation: Aggregation) -> Column:
    """The column that gives the colours: the extremes of text or times have none."""
    column = aggregable(table, name, aggregation)
    return (
        table.column(name, ColumnKind.NUMBER, use=tr("the {aggregation}", aggregation=aggregation))
        if aggregation in EXTREMES
        else column
    )


def region_of(values: pl.Series, boundaries: Boundaries) -> pl.Series:
    """The id of the region that each value names; null where there is none."""
    words = values.cast(pl.String).rename("word").to_frame()
    different = words.unique().drop_nulls()
    regions = regions_of(boundaries)
    ids = [regions.region(word) for word in different["word"]]
    found = different.with_columns(region=pl.Series(ids, dtype=pl.String))
    return words.join(found, on="word", how="left", maintain_order="left")["region"]


def _finish(boundaries: Boundaries, results: Sequence[pl.DataFrame]) -> Part:
    regions, values = results
    named = values.select(value=pl.col("value").cast(pl.String)).drop_nulls().sort("value")
    named = named.with_columns(region=region_of(named["value"], boundaries))
    unknown = named.filter(pl.col("region").is_null())["value"].to_list()
    note = unknown_said(unknown, named.height - len(unknown), boundaries)
    names = regions_of(boundaries).names
    spelled = named.drop_nulls("region").group_by("region", maintain_order=True).agg(values="value")
    data = (
        regions.join(spelled, on="region", how="left")
        .with_columns(name=pl.col("region").replace_strict(names, return_dtype=pl.String))
        .select("region", "name", "y", "rows", "values")
        .sort("region")
    )
    return Part(data, data.height, data.height, note=note)
