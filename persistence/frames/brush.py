"""Brushing: what tiles show under every range of one column at once, so that no server is asked while a slider moves.

The column is cut at *edges*: a row has a place below the first edge, at it, between it and the next, at that, and so
on; rows where the column has no value have the last place of all. A range includes both of its ends, so it is a run of
places and exact whenever its ends are edges: that is why values at an edge have a place of their own.
"""

import hashlib
from collections.abc import Sequence
from functools import partial

import msgspec
import numpy as np
import polars as pl

from domain.collections import ColumnKind
from domain.filters import FilterState, replace_source
from domain.links import Links
from domain.tiles import Aggregation, CardTile, DataTile, FigureTile, FilterTile, Visu
from domain.wording import tr
from persistence.frames import celled, cubes, groups, histograms
from persistence.frames.axes import Axis, cells_of, narrowest
from persistence.frames.cubes import Measure
from persistence.frames.engine import Request, Sources, collect, plan_of
from persistence.frames.faults import attempt
from persistence.frames.hot import HotTable
from persistence.frames.plans import Rows
from persistence.frames.shapes import Failure, Frame
from persistence.frames.sources import Table

MAX_EDGES = 256
MAX_BYTES = 2**21
"""What the numbers of all tiles take at most; those that would exceed it are left out."""
CHUNK = 2**19
EXACT = 2**53
"""Whole numbers up to it are the same as floats."""
WIDE = (pl.UInt64, pl.Int128, pl.UInt128)
ADDED = {Aggregation.COUNT, Aggregation.SUM, Aggregation.MEAN}

Array = np.ndarray


class Brushed(msgspec.Struct, frozen=True, eq=False):
    """One tile: its frame without the range, and what each place adds to each of the frame's rows.

    `rows` counts rows, `counts` the values that are not missing (None: as many), `sums` adds them up (None for counts);
    each an array of places by rows of the frame. A mean is `sums / counts` of the places of a range.
    """

    frame: Frame
    aggregation: Aggregation
    rows: Array
    counts: Array | None = None
    sums: Array | None = None

    @property
    def size(self) -> int:
        """Bytes on the wire before compression, at most."""
        return self.rows.size * (4 + 4 * (self.counts is not None) + 8 * (self.sums is not None))


class Brush(msgspec.Struct, frozen=True, eq=False):
    """The tiles that can be brushed, over those places that have rows.

    A range from `edges[i]` to `edges[j]` is the places from `starts[i]` to before `stops[j]`; open below it begins at
    0, open above it ends before `ranked`. Without any range all `places` count, those of missing values too.
    """

    edges: Array
    starts: Array
    stops: Array
    ranked: int
    places: int
    matched: Array
    """How many rows each place has."""
    rows_total: int
    tiles: dict[str, Brushed]


def brush(
    slider: FilterTile,
    edges: Sequence[float],
    tiles: Sequence[DataTile],
    state: FilterState,
    sources: Sources,
    links: Links = (),
) -> Brush | Failure:
    """The tiles under the state without the slider's own clauses, for every range between the edges (ascending).

    Only tiles of the slider's own collection whose numbers add up: histograms, and bars, lines and cards of counts,
    sums and means. Of these the first that fit into `MAX_BYTES`; none over a table that is read where it lies.
    """
    others = replace_source(state, slider.id, ())
    request = Request(others, sources, links)
    table = request.table(slider.collection_id)
    if isinstance(table, Failure):
        return table
    own = [tile for tile in tiles if tile.collection_id == slider.collection_id and _adds_up(tile)]
    found = {tile.id: request.planned(tile, partial(plan_of, tile, others)) for tile in own}
    planned = {key: one for key, one in found.items() if not isinstance(one, Failure) and one[0].selection is not None}
    frames = collect(planned)
    rows = {key: one for key, (one, _) in planned.items() if isinstance(frames[key], Frame)}
    return attempt(lambda: _brushed(slider, edges, table, [tile for tile in own if tile.id in rows], rows, frames))


def _adds_up(tile: DataTile) -> bool:
    if tile.filter_expr:
        return False  # It has rows of its own, which the places of the others do not count.
    if isinstance(tile, FigureTile) and tile.options:
        return False  # Other parameters may part, pile up or turn what the browser would add up.
    match tile:
        case FigureTile(visu_type=Visu.HISTOGRAM):
            return True
        case FigureTile(visu_type=Visu.BAR | Visu.LINE):
            return tile.aggregation in ADDED
        case CardTile():
            return tile.is_plain and tile.aggregation in ADDED
    return False


def _brushed(
    slider: FilterTile,
    edges: Sequence[float],
    table: Table,
    tiles: Sequence[DataTile],
    rows: dict[str, Rows],
    frames: dict[str, Frame | Failure],
) -> Brush:
    column = table.column(slider.column_name, ColumnKind.NUMBER, use=tr("the range"))
    selection = rows[tiles[0].id].selection if tiles else None
    axis = None if selection is None else places(selection.hot, column.name, edges)
    if selection is None or axis is None:
        return _Places(np.empty(0), 0).brush(edges, 0, {})
    counts = cubes.measured(selection, [axis])
    assert counts is not None  # noqa: S101 -- one axis is never too long.
    found, left, used = {}, MAX_BYTES, _Places(counts, axis.size)
    for tile in tiles:
        frame = frames[tile.id]
        # Tiles that share their clauses share their rows too; of those that are drawn of fewer groups, others may show.
        if rows[tile.id].selection is not selection or not isinstance(frame, Frame) or frame.sampled:
            continue
        one = _of_tile(tile, rows[tile.id], frame, axis, used.codes)
        if one is not None and one.size <= left:
            left -= one.size
            found[tile.id] = one
    return used.brush(edges, selection.hot.rows, found)


class _Places:
    """The places that have rows."""

    def __init__(self, counts: Array, size: int) -> None:
        self.codes = np.flatnonzero(counts)
        self._matched = counts[self.codes]
        self._missing = size - 1

    def brush(self, edges: Sequence[float], rows_total: int, tiles: dict[str, Brushed]) -> Brush:
        at = 2 * np.arange(len(edges)) + 1
        return Brush(
            edges=np.asarray(edges, dtype=np.float64),
            starts=np.searchsorted(self.codes, at),
            stops=np.searchsorted(self.codes, at, side="right"),
            ranked=int(np.searchsorted(self.codes, self._missing)),
            places=len(self.codes),
            matched=self._matched,
            rows_total=rows_total,
            tiles=tiles,
        )


def places(hot: HotTable, name: str, edges: Sequence[float]) -> Axis | None:
    """The place of each row: twice the edges below its value, and one more at an edge; missing ones come last.

    None when edges and values cannot be compared exactly, or there are too many edges.
    """
    bounds = np.asarray(edges, dtype=np.float64)
    dtype, largest = hot.types[name], np.abs(bounds).max(initial=0.0)
    if not 0 < len(bounds) <= MAX_EDGES or isinstance(dtype, WIDE) or not largest <= EXACT:
        return None
    low, high = (np.ceil(bounds), np.floor(bounds)) if dtype.is_integer() else (bounds, bounds)
    kind = np.int64 if dtype.is_integer() else np.float64
    size = 2 * len(bounds) + 2

    def make(table: HotTable) -> pl.Series:
        parts = []
        for start in range(0, table.rows, CHUNK):
            table.breathe()
            some = table.column(name).slice(start, CHUNK)
            values = some.fill_null(0).to_numpy().astype(kind)
            codes = np.searchsorted(low.astype(kind), values, side="right")
            codes += np.searchsorted(high.astype(kind), values, side="left")
            codes[some.is_null().to_numpy()] = size - 1
            parts.append(pl.Series("codes", codes).cast(narrowest(size)))
        return pl.concat(parts) if parts else pl.Series("codes", [], dtype=narrowest(size))

    mark = hashlib.blake2b(bounds.tobytes(), digest_size=12).hexdigest()
    return hot.coded(f"places {name!r} {mark}", size, make)


def _of_tile(tile: DataTile, rows: Rows, frame: Frame, axis: Axis, used: Array) -> Brushed | None:
    match tile:
        case CardTile():
            return _measured(tile, rows, frame, [axis], used, np.zeros(1, dtype=np.intp))
        case FigureTile():
            cells = _cells(tile, rows, frame, cubes.MAX_CELLS // axis.size)
            return None if cells is None else _measured(tile, rows, frame, [axis, *cells[0]], used, cells[1])
    return None


def _cells(tile: FigureTile, rows: Rows, frame: Frame, most: int) -> tuple[list[Axis], Array] | None:
    """The tile's axes, and the cell over them of each row of its frame; None where cubes do not help."""
    columns = groups.columns_of(tile, rows.table)
    binned = "left" in frame.data.columns
    keys = {role: column for role, column in columns.items() if not (binned and role == "x")}
    axes = histograms.axes_of(tile, rows) if binned else celled.axes_of(rows, list(keys.values()))
    if axes is None or cells_of(axes) > most:
        return None
    worded = axes[:-1] if binned else axes
    cells = np.arange(cells_of(worded))
    if keys:
        places_of = np.unravel_index(cells, [one.size for one in worded])
        labelled = celled.labelled(rows.table, keys, worded, places_of)
        known, roles = pl.DataFrame([*labelled, pl.Series("cell", cells)]), list(keys)
        joined = frame.data.select(roles).join(known, on=roles, how="left", nulls_equal=True, maintain_order="left")
        if joined.height != frame.data.height or joined["cell"].null_count():
            return None  # Values that look the same are several cells.
        cells = joined["cell"].to_numpy()
    if binned:
        size = axes[-1].size
        cells = cells * size + np.arange(frame.data.height) % size
    return axes, cells


def _measured(
    tile: FigureTile | CardTile, rows: Rows, frame: Frame, axes: Sequence[Axis], used: Array, cells: Array
) -> Brushed | None:
    selection = rows.selection
    assert selection is not None  # noqa: S101 -- only tiles over hot tables come here.
    aggregation = Aggregation.COUNT if _is_histogram(tile) else tile.aggregation
    name = tile.column_name if isinstance(tile, CardTile) else tile.y
    values = None if _is_histogram(tile) or not name else rows.table.column(name, use="y")

    def part(array: Array | None) -> Array | None:
        return None if array is None else array.reshape(len(array), -1)[used][:, cells]

    counted = part(cubes.measured(selection, axes))
    if counted is None or values is None:
        return None if counted is None else Brushed(frame, aggregation, counted)
    counts = part(celled.valid(selection, axes, values)) if selection.hot.missing(values.name) else None
    if aggregation is Aggregation.COUNT:
        return Brushed(frame, aggregation, counted, counts)
    sums = part(cubes.measured(selection, axes, Measure("sum", values.name)))
    is_finite = sums is not None and np.isfinite(sums).all()
    return Brushed(frame, aggregation, counted, counts, sums) if is_finite else None


def _is_histogram(tile: FigureTile | CardTile) -> bool:
    return isinstance(tile, FigureTile) and tile.visu_type is Visu.HISTOGRAM
