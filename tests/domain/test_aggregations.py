"""The aggregations, and the kinds of column that they make sense for."""

import msgspec
import pytest

from domain.aggregations import WORDS, Aggregation, fits, said
from domain.collections import ColumnKind

ANY = set(ColumnKind) - {ColumnKind.OTHER}
NUMBER = {ColumnKind.NUMBER}
FITTING = {
    Aggregation.COUNT: ANY,
    Aggregation.NUNIQUE: ANY,
    Aggregation.MIN: ANY,
    Aggregation.MAX: ANY,
    Aggregation.MODE: ANY,
    Aggregation.SUM: NUMBER | {ColumnKind.BOOLEAN},
    Aggregation.MEAN: NUMBER | {ColumnKind.BOOLEAN},
}


@pytest.mark.parametrize("aggregation", Aggregation)
def test_each_fits_its_kinds(aggregation: Aggregation) -> None:
    """What counts or picks fits all that have values, the rest numbers; booleans have sums and shares."""
    assert {kind for kind in ColumnKind if fits(aggregation, kind)} == FITTING.get(aggregation, NUMBER)
    assert WORDS[aggregation]


def test_average_is_read_as_mean() -> None:
    """Wherever an aggregation is decoded; other words are not."""
    assert msgspec.convert("average", Aggregation) is Aggregation.MEAN
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert("avrage", Aggregation)


def test_a_percentile_says_its_share() -> None:
    assert (said(Aggregation.PERCENTILE, 0.975), said(Aggregation.MEAN, 0.975)) == ("97.5th percentile", "mean")
