"""Filters: what a control offers, narrowed by every other clause but never by its own, and by what is searched for."""

import msgspec
import polars as pl

from domain.collections import Column, ColumnKind
from domain.filters import Clause, FilterState
from domain.tiles import FilterTile, FilterWidget
from domain.wording import tr
from persistence.frames import along, celled, cubes, found
from persistence.frames.clauses import ORDERED, contains, one_of
from persistence.frames.plans import Part, Plan, Rows, beside, counted, whole
from persistence.frames.shapes import MAX_OPTIONS

SPREADING = frozenset({FilterWidget.RANGE_SLIDER, FilterWidget.SLIDER, FilterWidget.TIMELINE})
"""Controls that show how the values are spread."""
TIMES = (ColumnKind.DATE, ColumnKind.DATETIME)
RANGE = ("min", "max", "lowest", "highest")


MISSING = "missing"
"""The word by which missing values are found."""


def plan(tile: FilterTile, rows: Rows, own: FilterState, search: str = "") -> Plan:
    """The choices or the range; `own` are the clauses that this control has set, whose values stay on offer.

    Of choices only those with `search` in them, ignoring case, beside the chosen ones.
    """
    match tile.interactive_component_type:
        case FilterWidget.RANGE_SLIDER | FilterWidget.SLIDER | FilterWidget.TIMELINE:
            return _spread_range(tile, rows)
        case FilterWidget.DATE_RANGE:
            return _range(tile, rows)
        case FilterWidget.SWITCH:
            rows.table.column(tile.column_name, ColumnKind.BOOLEAN, use=tr("the switch"))
            return _choices(tile, rows, own, search)
        case FilterWidget.MULTI_SELECT | FilterWidget.SELECT | FilterWidget.SEGMENTED | FilterWidget.CHECKBOX:
            return _choices(tile, rows, own, search)
        case FilterWidget.TEXT:
            rows.table.column(tile.column_name, use=tr("the filter"))
            return Plan([], lambda _: whole(pl.DataFrame()))


def foresee(tile: FilterTile, rows: Rows) -> None:
    """Make what the control shows of the whole table before somebody opens its dashboard."""
    if tile.interactive_component_type in SPREADING:
        along.foresee(rows, _spread_column(tile, rows), tile.scale)


def _choices(tile: FilterTile, rows: Rows, own: tuple[Clause, ...], search: str) -> Plan:
    column = rows.table.column(tile.column_name, use=tr("the filter"))
    found = _found(column, search)
    wanted = tuple(value for clause in own if clause.op == "in" for value in clause.values)
    is_chosen = one_of(rows.table, column, wanted)
    cells = _over_cells(rows, column, is_chosen)
    if cells is not None:
        offered, held = cells
        return Plan([], lambda _: _ranked(offered if found is None else offered.filter(found), held))
    rows.table.values(column)
    values = pl.col(column.name).alias("value")
    options = rows.matched.select(values).group_by("value").agg(count=counted(pl.len()))
    options = options if found is None else options.filter(found)
    chosen = rows.all.filter(is_chosen).select(values).unique()
    return Plan([options, chosen], lambda results: _ranked(*results))


def _found(column: Column, search: str) -> pl.Expr | None:
    """Whether an option, in the column `value`, is searched for; None where all are."""
    if not search:
        return None
    hit = contains(msgspec.structs.replace(column, name="value"), search)
    return hit.fill_null(search.lower() in MISSING)


def _over_cells(rows: Rows, column: Column, is_chosen: pl.Expr) -> tuple[pl.DataFrame, pl.DataFrame] | None:
    axes = celled.axes_of(rows, [column])
    sizes = None if axes is None or rows.selection is None else cubes.measured(rows.selection, axes)
    if axes is None or sizes is None:
        return None
    options = pl.DataFrame([axes[0].words.alias("value"), pl.Series("count", sizes).cast(pl.UInt32)])
    chosen = axes[0].words.to_frame().filter(is_chosen).rename({column.name: "value"})
    return options.filter(pl.col("count") > 0), chosen


def _ranked(offered: pl.DataFrame, held: pl.DataFrame) -> Part:
    """Most frequent first, and beyond the bound those that are chosen now."""
    missing = held.join(offered, on="value", how="anti", nulls_equal=True)
    everything = pl.concat([offered, missing.with_columns(count=pl.lit(0, dtype=pl.UInt32))])
    ranked = everything.sort("count", "value", descending=[True, False], nulls_last=True)
    beyond = ranked.slice(MAX_OPTIONS).join(held, on="value", how="semi", nulls_equal=True, maintain_order="left")
    data = pl.concat([ranked.head(MAX_OPTIONS), beyond])
    return Part(data, data.height, everything.height)


def _spread_range(tile: FilterTile, rows: Rows) -> Plan:
    """The range, and in `extra` how the values of the whole table are spread over it."""
    column = _spread_column(tile, rows)
    return beside(_range(tile, rows), {along.SPREAD: along.plan(rows, column, tile.scale)})


def _spread_column(tile: FilterTile, rows: Rows) -> Column:
    kinds = TIMES if tile.interactive_component_type is FilterWidget.TIMELINE else ORDERED
    return rows.table.column(tile.column_name, *kinds, use=tr("the range"))


def _range(tile: FilterTile, rows: Rows) -> Plan:
    """The ends of the rows that pass, then the finite ends of all."""
    column = rows.table.column(tile.column_name, *ORDERED, use=tr("the range"))
    values = rows.table.values(column)
    ends = None if rows.selection is None else found.range_of(rows.selection, column.name)
    if ends is not None:
        shown = ends.to_frame().select(values).to_series()
        data = pl.DataFrame([shown.slice(place, 1).alias(name) for place, name in enumerate(RANGE)])
        return Plan([], lambda _: whole(data))
    narrowed = rows.matched.select(min=values.min(), max=values.max())
    finite = values.filter(values.is_finite()) if column.kind is ColumnKind.NUMBER else values
    full = rows.all.select(lowest=finite.min(), highest=finite.max())
    return Plan([narrowed, full], lambda results: whole(pl.concat(results, how="horizontal")))
