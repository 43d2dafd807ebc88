"""What `granularity` does before a join: the finer side is aggregated to one row for each group."""

import polars as pl

from domain.collections import FILE_COLUMN, RUN_COLUMN
from domain.description import Granularity
from domain.errors import Invalid, Problem
from domain.wording import tr

OF_NUMBERS = ("mean", "median", "sum")


def reduced(sides: list[pl.DataFrame], keys: list[str], granularity: Granularity | None) -> list[pl.DataFrame]:
    """Aggregate the side that has more rows for each group, when it has more than one.

    Raises:
        Invalid: for a column that no side has, and one that is no number where numbers are asked for.
    """
    if granularity is None:
        return sides
    named = [granularity.aggregate_to, *(one.column for one in granularity.column_overrides)]
    unknown = [name for name in named if not any(name in side.columns for side in sides)]
    if unknown:
        problems = tuple(Problem(name, tr("is a column of no side")) for name in unknown)
        raise Invalid(tr("A join cannot be aggregated."), problems)
    groups = [[*keys, *({granularity.aggregate_to} & set(side.columns) - set(keys))] for side in sides]
    ratios = [
        side.height / max(side.select(columns).n_unique(), 1) for side, columns in zip(sides, groups, strict=True)
    ]
    finer = ratios.index(max(ratios))
    if ratios[finer] > 1:
        sides = list(sides)
        sides[finer] = _aggregated(sides[finer], groups[finer], granularity)
    return sides


def _aggregated(side: pl.DataFrame, by: list[str], granularity: Granularity) -> pl.DataFrame:
    said = {one.column: one.function for one in granularity.column_overrides}
    values = []
    for name, dtype in side.drop(by).schema.items():
        column = pl.col(name)
        if name == FILE_COLUMN:
            continue
        if name == RUN_COLUMN:
            values.append(pl.when(column.n_unique() == 1).then(column.first()).alias(name))
            continue
        default = granularity.numeric_default if dtype.is_numeric() else granularity.categorical_default
        values.append(_value(name, dtype, said.get(name, default)))
    return side.group_by(by, maintain_order=True).agg(values)


def _value(name: str, dtype: pl.DataType, function: str) -> pl.Expr:
    if function in OF_NUMBERS and not (dtype.is_numeric() or dtype == pl.Boolean):
        message = tr(
            "is {dtype} and has no {function}; write another function in column_overrides",
            dtype=dtype,
            function=function,
        )
        raise Invalid(tr("A join cannot be aggregated."), (Problem(name, message),))
    if function == "mode":
        return pl.col(name).drop_nulls().mode().sort().first()
    value: pl.Expr = getattr(pl.col(name), function)()
    return value
