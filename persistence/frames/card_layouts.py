"""What the layouts of cards draw below the number, from the rows that match: see `shapes` for the columns."""

import math
from collections.abc import Sequence
from datetime import date, datetime

import polars as pl

from domain.card_tile import PARTS, CardLayout, CardTile
from domain.collections import Column, ColumnKind
from domain.errors import Invalid
from domain.filters import Clause
from domain.tiles import Aggregation, FigureTile, Visu
from domain.wording import tr
from persistence.frames import boxes, celled, clauses, cubes, histograms, pieces, trends
from persistence.frames.aggregations import aggregable
from persistence.frames.pieces import Piece, Series, one
from persistence.frames.plans import Rows, counted

BINS = 30
PART = pl.Struct({"name": pl.String(), "count": pl.UInt32()})
STAGE = pl.Struct({"name": pl.String(), "value": pl.Float64()})
BOX = ("min", "lower", "q1", "median", "q3", "upper", "max")


def pieces_of(tile: CardTile, rows: Rows, column: Column) -> list[Piece]:
    """The columns of the tile's layout.

    Raises:
        Invalid: when a column is unknown or of the wrong kind, or the layout lacks what it needs.
    """
    match tile.secondary_layout:
        case _ if tile.secondary_layout in PARTS:
            return [_parts(tile, rows)]
        case CardLayout.BOX_PLOT:
            return [_box(tile, rows)]
        case CardLayout.HISTOGRAM:
            return [_histogram(tile, rows, column)]
        case CardLayout.THRESHOLD:
            return [_threshold(tile, rows, column)]
        case CardLayout.ATTRITION:
            return [_attrition(tile, rows)]
        case CardLayout.TREND:
            return [trends.piece(rows, tile.trend_col or "", column, tile.aggregation, tile.q)]
        case CardLayout.UNIQUENESS:
            return [pieces.value(rows, column, Aggregation.NUNIQUE, "distinct")]
        case CardLayout.COVERAGE | CardLayout.GAUGE:
            _check_level(tile, column)
    return []


def _check_level(tile: CardTile, column: Column) -> None:
    """A share of `coverage_max` is only that of a number."""
    if tile.coverage_max is None:
        raise Invalid(tr("Write the number that means everything (coverage_max)."))
    is_own = tile.aggregation in {Aggregation.MIN, Aggregation.MAX, Aggregation.MODE}
    if is_own and column.kind is not ColumnKind.NUMBER:
        raise Invalid(
            tr(
                "The {aggregation} of {name!r} is no number, and has no share of the whole.",
                aggregation=tile.aggregation,
                name=column.name,
            )
        )


def _parts(tile: CardTile, rows: Rows) -> Piece:
    """The most frequent values of a column, how many different ones there are, and how evenly they are spread."""
    column = rows.table.column(tile.breakdown_col or tile.column_name, use=tr("the breakdown"))
    cells = celled.counted(rows, {"x": column})
    if cells is not None:
        return pieces.known(_ranked(cells, tile.top_n_count))
    values = rows.matched.select(x=rows.table.values(column))
    groups = values.group_by("x").agg(rows=counted(pl.len()))
    return Piece([groups], lambda results: _ranked(results[0], tile.top_n_count))


def _ranked(groups: pl.DataFrame, most: int) -> Series:
    """Evenness is J of E. C. Pielou, "The measurement of diversity in different types of biological collections",
    J. Theoretical Biology 13 (1966) 131: entropy over its maximum, the logarithm of the number of values.
    """  # noqa: D205 -- the source needs both lines.
    present = groups.drop_nulls("x").sort(["rows", "x"], descending=[True, False])
    total, distinct = int(present["rows"].sum()), present.height
    shares = present["rows"].cast(pl.Float64) / max(total, 1)
    entropy = -float((shares * shares.log()).sum()) if total else 0.0
    top = [{"name": word(name), "count": count} for name, count in present.head(most).select("x", "rows").rows()]
    return [
        one("parts", top, pl.List(PART)),
        one("parts_total", total, pl.UInt32),
        one("parts_distinct", distinct, pl.UInt32),
        one("parts_evenness", entropy / math.log(distinct) if distinct > 1 else None, pl.Float64),
    ]


def word(value: object) -> str:
    """A value as it is named beside its bar."""
    match value:
        case bool():
            return str(value).lower()
        case float():
            return f"{value:.15g}"
        case datetime():
            return value.isoformat(sep=" ", timespec="minutes")
        case date():
            return value.isoformat()
    return str(value)


def _box(tile: CardTile, rows: Rows) -> Piece:
    figure = FigureTile(collection_id=tile.collection_id, visu_type=Visu.BOX, x=tile.column_name)

    def make(data: pl.DataFrame) -> Series:
        row = data.row(0, named=True) if data.height else {}
        numbers = [one(f"box_{name}", row.get(name), pl.Float64) for name in BOX]
        return [*numbers, one("box_outliers", row.get("outlier_count", 0), pl.UInt32)]

    return pieces.of_plan(boxes.plan(figure, rows), make)


def _histogram(tile: CardTile, rows: Rows, column: Column) -> Piece:
    if column.kind in {ColumnKind.TEXT, ColumnKind.BOOLEAN}:
        raise Invalid(
            tr(
                "The column {name!r} has no order to draw a histogram along; use top_n or composition.",
                name=column.name,
            )
        )
    figure = FigureTile(collection_id=tile.collection_id, visu_type=Visu.HISTOGRAM, x=tile.column_name, nbins=BINS)

    def make(data: pl.DataFrame) -> Series:
        return [pl.Series("bins", [data.select("left", "right", "count").to_struct("bins")])]

    return pieces.of_plan(histograms.plan(figure, rows), make)


def _threshold(tile: CardTile, rows: Rows, column: Column) -> Piece:
    """How many values pass, are worth a warning, and fail; a warning lies on the failing side of the limit."""
    limit, warn = tile.threshold_value, tile.threshold_warn
    if limit is None:
        raise Invalid(tr("Write the limit that values are compared with (threshold_value)."))
    rows.table.column(column.name, ColumnKind.NUMBER, use=tr("the threshold"))
    is_least = tile.threshold_direction == "min"
    has_warning = warn is not None and (warn < limit if is_least else warn > limit)
    ends = [limit, warn] if has_warning else [limit]
    found = [_reaching(rows, column, end, is_least=is_least) for end in ends]
    found.append(pieces.valid(rows, column))

    def finish(results: Sequence[pl.DataFrame]) -> Series:
        left = iter(results)
        numbers = [piece.finish([next(left) for _ in piece.lazy])[0].item() for piece in found]
        passed, reached, total = numbers[0], numbers[-2], numbers[-1]
        counts = {"passed": passed, "warned": reached - passed, "failed": total - reached}
        return [one(name, count, pl.UInt32) for name, count in counts.items()]

    return Piece([frame for piece in found for frame in piece.lazy], finish)


def _reaching(rows: Rows, column: Column, end: float | None, *, is_least: bool) -> Piece:
    """How many values are at least, or at most, so large."""
    values = (end, None) if is_least else (None, end)
    clause = Clause(source="", collection_id="", column=column.name, op="between", values=values)
    tests = clauses.tests(rows.table, [clause])
    if rows.selection is not None:
        return pieces.known([one("reached", cubes.count(rows.selection.narrowed(tests)), pl.UInt32)])
    counted_rows = rows.matched.filter(test.expr for test in tests).select(reached=counted(pl.len()))
    return Piece([counted_rows], lambda results: results[0].get_columns())


def _attrition(tile: CardTile, rows: Rows) -> Piece:
    """The card's aggregate of each stage's column, in the order of the stages."""
    names = [tile.column_name, *tile.attrition_cols]
    stages = [
        pieces.value(rows, aggregable(rows.table, name, tile.aggregation), tile.aggregation, "stage", tile.q)
        for name in names
    ]

    def finish(results: Sequence[pl.DataFrame]) -> Series:
        left = iter(results)
        values = [stage.finish([next(left) for _ in stage.lazy])[0] for stage in stages]
        if any(not value.dtype.is_numeric() for value in values):
            raise Invalid(tr("The {aggregation} of a stage is no number.", aggregation=tile.aggregation))
        told = [{"name": name, "value": value.item()} for name, value in zip(names, values, strict=True)]
        return [one("stages", told, pl.List(STAGE))]

    return Piece([frame for stage in stages for frame in stage.lazy], finish)
