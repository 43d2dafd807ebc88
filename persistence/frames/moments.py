"""Variance, standard deviation, skewness and kurtosis from cubes: powers of the distance from a fixed value, added up.

Powers of the values themselves would lose all digits where a mean is far from 0. So distances are taken from the mean
of the whole table, and moved to the mean of each cell afterwards. Where a cell lies so far from that mean that digits
would be lost all the same, nothing is said and the rows are asked.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from domain.aggregations import Aggregation
from persistence.frames import cubes
from persistence.frames.axes import Axis
from persistence.frames.cubes import Measure
from persistence.frames.selection import Selection

POWERS = {
    Aggregation.VARIANCE: 2,
    Aggregation.STD_DEV: 2,
    Aggregation.SKEWNESS: 3,
    Aggregation.KURTOSIS: 4,
}
FARTHEST = 1e4
"""How many times the moment about the table's mean may be that about the cell's own: so many digits are lost."""
FEWEST = 2
"""Fewer values do not vary."""

Array = np.ndarray


def spread(
    selection: Selection, axes: Sequence[Axis], column: str, aggregation: Aggregation, counts: Array
) -> Array | None:
    """The aggregate of each cell, NaN where there is none; None where cubes cannot say it with enough digits.

    `counts` are the values of each cell that are not missing.
    """
    about = _mean(selection, column)
    if about is None:
        return None
    found = [
        cubes.measured(selection, axes, Measure("sum", column, power, about))
        for power in range(1, POWERS[aggregation] + 1)
    ]
    sums = [one for one in found if one is not None]
    if len(sums) < len(found) or not all(np.isfinite(one).all() for one in sums):
        return None
    with np.errstate(invalid="ignore", divide="ignore"):
        raw = [one / counts for one in sums]
        return _moved(raw, aggregation, counts)


def _mean(selection: Selection, column: str) -> float | None:
    hot = selection.hot

    def find() -> pl.Series:
        return pl.Series("figures", [hot.column(column).cast(pl.Float64).mean()], dtype=pl.Float64)

    (mean,) = hot.lasting(f"mean {column!r}", 1, find)
    return mean if mean is not None and np.isfinite(mean) else None


def _moved(raw: Sequence[Array], aggregation: Aggregation, counts: Array) -> Array | None:
    """From the moments about the table's mean to the aggregate about each cell's own."""
    away = raw[0]
    second = raw[1] - away**2
    some = counts >= FEWEST
    # The fourth power loses as many digits as the second one squared.
    bound = FARTHEST if aggregation in {Aggregation.VARIANCE, Aggregation.STD_DEV} else FARTHEST**0.5
    if not ((raw[1] <= bound * second) & (second > 0) | ~some).all():
        return None
    match aggregation:
        case Aggregation.VARIANCE:
            found = second * counts / (counts - 1)
        case Aggregation.STD_DEV:
            found = np.sqrt(second * counts / (counts - 1))
        case Aggregation.SKEWNESS:
            found = (raw[2] - 3 * away * raw[1] + 2 * away**3) / second**1.5
        case _:
            found = (raw[3] - 4 * away * raw[2] + 6 * away**2 * raw[1] - 3 * away**4) / second**2 - 3
    return np.where(some, found, np.nan)
