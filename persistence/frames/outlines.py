"""Regions whose boundaries the rows have themselves: one row a region, with its outline and where it lies."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from domain.collections import Column, ColumnKind
from domain.map_tile import GEOMETRY_COLUMN
from domain.regions import EXAMPLES
from domain.tiles import Aggregation
from domain.wording import tr, trn
from persistence.frames.aggregations import aggregated
from persistence.frames.plans import Part, Plan, Rows, counted
from persistence.frames.shapes import Extent

MAX_BYTES = 8 * 1024 * 1024
"""Of all outlines together: they are sent to the browser with each answer."""


def outlined(region: Column, value: Column | None, aggregation: Aggregation, rows: Rows) -> Plan:
    """The regions that `region` names, each with the first outline that its rows have.

    Raises:
        Invalid: when the rows have no column of outlines.
    """
    table = rows.table
    outline = table.column(GEOMETRY_COLUMN, ColumnKind.TEXT, use="boundaries: geometry")
    y = counted(pl.len()) if value is None else aggregated(table, value, aggregation)
    found = (
        rows.matched.group_by(depictio_region=table.values(region).cast(pl.String))
        .agg(
            depictio_y=y,
            depictio_rows=counted(pl.len()),
            depictio_outline=table.values(outline).cast(pl.String).drop_nulls().first(),
        )
        .select(region="depictio_region", y="depictio_y", rows="depictio_rows", geometry="depictio_outline")
    )
    return Plan([found], _finished)


def _finished(results: Sequence[pl.DataFrame]) -> Part:
    (found,) = results
    named = found.drop_nulls("region").sort("region")
    drawn = named.drop_nulls("geometry")
    size = int(drawn["geometry"].str.len_bytes().sum())
    if size > MAX_BYTES:
        note = tr(
            "the outlines have {size} MiB and may have {most}; simplify them, or filter",
            size=size >> 20,
            most=MAX_BYTES >> 20,
        )
        return Part(drawn.clear(), 0, drawn.height, note=note)
    data = drawn.select("region", "y", "rows", "geometry", name="region", values=pl.concat_list("region"))
    without = named.filter(pl.col("geometry").is_null())["region"].to_list()
    return Part(data, data.height, data.height, note=_said(without, named.height), extent=_extent(data["geometry"]))


def _said(without: list[str], of: int) -> str:
    """What is said of regions without an outline; nothing when there is none."""
    if not without:
        return ""
    examples = ", ".join(without[:EXAMPLES]) + (", …" if len(without) > EXAMPLES else "")
    return trn(
        "{n} of {of} regions has no outline: {examples}",
        "{n} of {of} regions have no outline: {examples}",
        len(without),
        of=of,
        examples=examples,
    )


def _extent(outlines: pl.Series) -> Extent | None:
    """The rectangle around all outlines."""
    places = [place for text in outlines for place in _places(json.loads(text))]
    if not places:
        return None
    east, north = ([place[axis] for place in places] for axis in (0, 1))
    return Extent(west=min(east), south=min(north), east=max(east), north=max(north))


def _places(geometry: dict[str, Any] | None) -> Iterator[Sequence[float]]:
    if geometry is None:
        return
    for inner in geometry.get("geometries", ()):
        yield from _places(inner)
    waiting: list[Any] = [geometry.get("coordinates", [])]
    while waiting:
        one = waiting.pop()
        if one and isinstance(one[0], int | float):
            yield one
        else:
            waiting += one
