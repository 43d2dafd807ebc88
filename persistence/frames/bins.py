"""Bins of histograms: how many, how wide, and which one a value falls into, exactly as the edges say."""

import math
import sys

import msgspec
import numpy as np
import polars as pl

BINS_MIN, BINS_MAX = 5, 100
ASKED_MAX = 1_000
ROUNDING = 1e-9
LARGEST = 1e300
"""Values beyond it have no bin, like infinite ones: arithmetic with them would overflow."""
NARROWEST = sys.float_info.min
"""polars divides by a constant by multiplying with its inverse, which would be infinite for less."""


class Facts(msgspec.Struct, frozen=True):
    """What is known of the binnable values of a column; all but `n` are None when there are none."""

    n: int
    low: float | None
    high: float | None
    q1: float | None
    q3: float | None


class Bins(msgspec.Struct, frozen=True):
    """Edge number i lies at start + i * step; `high` is the highest value, which belongs to the last bin."""

    start: float
    step: float
    count: int
    high: float

    def edges(self) -> np.ndarray:
        """All count + 1 edges, ascending; the last one is `high` if that lies beyond it through rounding."""
        edges = self.start + np.arange(self.count + 1) * self.step
        edges[-1] = max(edges[-1], self.high)
        return edges


def bins_for(facts: Facts, asked: int | None, *, step_min: float, rounded: bool) -> Bins | None:
    """The bins for values like these; None when there are none.

    At most `asked` bins of one width from the lowest to the highest value. Without it the width follows D. Freedman and
    P. Diaconis, "On the histogram as a density estimator", Z. Wahrscheinlichkeitstheorie 57 (1981) 453: twice the
    interquartile range over the cube root of n (H. A. Sturges' count, 1926, when that range is 0), bounded to 5 to
    100 bins, and `rounded` to 1, 2 or 5 times a power of ten, with edges at its multiples. No bin is narrower than
    `step_min`, nor than the values' floating-point spacing.
    """
    if facts.low is None or facts.high is None or facts.q1 is None or facts.q3 is None:
        return None
    low, high = facts.low, facts.high
    finest = max(step_min, math.ulp(max(abs(low), abs(high))), NARROWEST)
    if low == high:
        # A single value stands in the middle of one bin.
        width = max(finest, 1.0)
        return Bins(low - math.floor(width / 2) if step_min else low - width / 2, width, 1, high)
    if asked is not None:
        step = max(high / _bounded(asked) - low / _bounded(asked), finest)
    else:
        step = max(_width(facts, low, high), finest)
        fitting = _rounded(low, high, step, finest) if rounded else None
        if fitting:
            return fitting
    step = math.ceil(step) if step_min else step
    return Bins(low, step, max(1, math.ceil(high / step - low / step - ROUNDING)), high)


def bins_over(low: float, high: float, most: int, unit: float) -> Bins:
    """At most so many bins of one width over values from `low` to `high`.

    Where values are multiples of a `unit` (else 0) each bin holds equally many of them, and its edges lie between them.
    """
    if not unit or low == high:
        bins = bins_for(Facts(1, low, high, low, high), most, step_min=0.0, rounded=False)
        assert bins is not None  # noqa: S101 -- there are values.
        return bins
    step = unit * math.ceil((high - low + unit) / unit / most)
    return Bins(low - unit / 2, step, max(1, math.ceil((high - low + unit) / step - ROUNDING)), high)


def _bounded(asked: int) -> int:
    return min(max(asked, 1), ASKED_MAX)


def _width(facts: Facts, low: float, high: float) -> float:
    spread = (facts.q3 or 0.0) - (facts.q1 or 0.0)
    width = 2 * spread / facts.n ** (1 / 3)
    count = (high / width - low / width) if width > 0 else math.ceil(math.log2(facts.n)) + 1
    count = min(max(count, BINS_MIN), BINS_MAX)
    return high / count - low / count


def _rounded(low: float, high: float, width: float, finest: float) -> Bins | None:
    """Bins at multiples of 1, 2 or 5 times a power of ten, as near to `width` as fits, or else of `width` itself.

    None when even those are too many: edges at multiples may need one bin more than edges from the lowest value.
    """
    power = 10.0 ** math.floor(math.log10(width))
    ladder = [power * factor for factor in (0.5, 1, 2, 5, 10, 20)]
    steps = [step for step in ladder if step >= finest and (high - low) / step >= BINS_MIN]
    fitting = [bins for step in steps or [width] if (bins := _at_multiples(low, high, step)).count <= BINS_MAX]
    return min(fitting, key=lambda bins: abs(math.log(bins.step / width)), default=None)


def _at_multiples(low: float, high: float, step: float) -> Bins:
    start = math.floor(low / step) * step
    start = start if start <= low else start - step
    return Bins(start, step, max(1, math.floor((high - start) / step) + 1), high)


def binnable(value: pl.Expr) -> pl.Expr:
    """Whether a value has a bin; null for a missing one."""
    return value.abs() <= LARGEST


def bin_of(axis: str = "") -> pl.Expr:
    """The number of the bin (UInt32) of each `value`, finite and within the bins `start`, `step`, `count` beside it.

    The names of all four end in `axis`. A division may round across an edge, so the quotient is put right by comparing
    with the edges themselves.
    """
    value, start, step, count = (pl.col(f"{name}{axis}") for name in ("value", "start", "step", "count"))
    last = count - 1
    guess = ((value - start) / step).floor().clip(0, last)
    below = (value < start + guess * step).cast(pl.Float64)
    beyond = (value >= start + (guess + 1) * step).cast(pl.Float64)
    return (guess - below + beyond).clip(0, last).cast(pl.UInt32)
