"""How many values become one: the aggregations of cards, bars, lines, live values and totals."""

from enum import StrEnum

from domain.collections import ColumnKind
from domain.wording import tr

NUMERIC = (ColumnKind.NUMBER, ColumnKind.BOOLEAN)
NUMBERS = (ColumnKind.NUMBER,)


class Aggregation(StrEnum):
    """How the rows of a group become one number. `average`, the name of Depictio 1.5, is read as `mean`."""

    COUNT = "count"
    NUNIQUE = "nunique"
    SUM = "sum"
    MEAN = "mean"
    MEDIAN = "median"
    MIN = "min"
    MAX = "max"
    RANGE = "range"
    VARIANCE = "variance"
    STD_DEV = "std_dev"
    SKEWNESS = "skewness"
    KURTOSIS = "kurtosis"
    PERCENTILE = "percentile"
    Q1 = "q1"
    Q3 = "q3"
    MODE = "mode"

    @classmethod
    def _missing_(cls, value: object) -> "Aggregation | None":
        return cls.MEAN if value == "average" else None


WORDS = {
    Aggregation.COUNT: tr("count"),
    Aggregation.NUNIQUE: tr("different values"),
    Aggregation.SUM: tr("sum"),
    Aggregation.MEAN: tr("mean"),
    Aggregation.MEDIAN: tr("median"),
    Aggregation.MIN: tr("min"),
    Aggregation.MAX: tr("max"),
    Aggregation.RANGE: tr("range"),
    Aggregation.VARIANCE: tr("variance"),
    Aggregation.STD_DEV: tr("standard deviation"),
    Aggregation.SKEWNESS: tr("skewness"),
    Aggregation.KURTOSIS: tr("kurtosis"),
    Aggregation.PERCENTILE: tr("percentile"),
    Aggregation.Q1: tr("lower quartile"),
    Aggregation.Q3: tr("upper quartile"),
    Aggregation.MODE: tr("most frequent value"),
}
"""What people call each of them."""
COUNTED = frozenset({Aggregation.COUNT, Aggregation.NUNIQUE})
"""Those that count: their results are whole numbers, whatever the column holds."""
OWN_KIND = frozenset({Aggregation.MIN, Aggregation.MAX, Aggregation.MODE})
"""Those that pick a value of the column: the result is of the column's kind."""


def kinds_for(aggregation: Aggregation) -> tuple[ColumnKind, ...]:
    """The kinds of column that the aggregation makes sense for; none means any but OTHER.

    Booleans count as 0 and 1 for sum and mean: how many hold, and which share.
    """
    match aggregation:
        case Aggregation.SUM | Aggregation.MEAN:
            return NUMERIC
        case _ if aggregation in COUNTED | OWN_KIND:
            return ()
    return NUMBERS


def fits(aggregation: Aggregation, kind: ColumnKind) -> bool:
    """Whether a column of this kind can be aggregated so."""
    kinds = kinds_for(aggregation)
    return kind in kinds if kinds else kind is not ColumnKind.OTHER


def said(aggregation: Aggregation, q: float) -> str:
    """The aggregation in words; `q` is the share of a percentile."""
    if aggregation is Aggregation.PERCENTILE:
        return tr("{percent:g}th percentile", percent=q * 100)
    return WORDS[aggregation]
