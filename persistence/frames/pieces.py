"""Pieces of a card's answer: each asks for its own lazy frames and makes columns of one row of what they give."""

from collections.abc import Callable, Sequence

import msgspec
import polars as pl

from domain.aggregations import Aggregation
from domain.collections import Column
from persistence.frames import celled
from persistence.frames.aggregations import aggregated
from persistence.frames.plans import Plan, Rows, counted, whole

Series = list[pl.Series]


class Piece(msgspec.Struct, frozen=True, eq=False):
    """The lazy frames to collect, and the columns, each of one value, that are made of them."""

    lazy: Sequence[pl.LazyFrame]
    finish: Callable[[Sequence[pl.DataFrame]], Series]


def joined(pieces: Sequence[Piece]) -> Plan:
    """All columns side by side in one row."""

    def finish(results: Sequence[pl.DataFrame]) -> pl.DataFrame:
        left = iter(results)
        return pl.DataFrame([one for piece in pieces for one in piece.finish([next(left) for _ in piece.lazy])])

    lazy = [frame for piece in pieces for frame in piece.lazy]
    return Plan(lazy, lambda results: whole(finish(results)))


def known(columns: Series) -> Piece:
    """Columns that are there already."""
    return Piece([], lambda _: columns)


def of_plan(plan: Plan, make: Callable[[pl.DataFrame], Series]) -> Piece:
    """What `make` makes of the frame of another tile's plan."""
    return Piece(plan.lazy, lambda results: make(plan.finish(results).data))


def one(name: str, value: object, dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    """A column of one value."""
    return pl.Series(name, [value], dtype=dtype)


def value(rows: Rows, column: Column, aggregation: Aggregation, name: str, q: float = 0.5) -> Piece:
    """The aggregate of the column over the rows that match."""
    if rows.selection is not None:
        found = celled.aggregate(rows.selection, (), aggregation, column, q)
        if found is not None:
            return known([celled.series(name, found.ravel())])
        if aggregation is Aggregation.MODE:
            mode = celled.mode(rows, column, name)
            if mode is not None:
                return known([mode])
    answer = rows.matched.select(aggregated(rows.table, column, aggregation, q).alias(name))
    return Piece([answer], lambda results: results[0].get_columns())


def valid(rows: Rows, column: Column, name: str = "values") -> Piece:
    """How many values are not missing."""
    if rows.selection is not None:
        found = celled.valid(rows.selection, (), column)
        if found is not None:
            return known([celled.series(name, found.ravel())])
    values = rows.table.values(column)
    return Piece([rows.matched.select(counted(values.count()).alias(name))], lambda results: results[0].get_columns())
