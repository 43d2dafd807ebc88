"""The scale of a range slider: its ends, its step, and how many decimals these have."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import isfinite, isinf
from typing import NamedTuple

from services.queries import Frame

MOST_PARTS = 200
"""About as many steps as a slider in the panel has pixels; a slider over whole numbers has no more, if it can."""
LEAST_PARTS = 100
"""A slider over fractions has at least so many steps, and at most two and a half times as many."""
MANY_PARTS = 1_000
"""A slider over whole numbers that cannot be divided evenly steps by one, but not through more of them than these."""
FEW = 10
"""Below this span fractions may lie between whole ends."""


class Scale(NamedTuple):
    """From `low` to `high` in steps of `step`; all three have at most `decimals` decimals."""

    low: float
    high: float
    step: float
    decimals: int


def scale_of(frame: Frame) -> Scale | None:
    """The scale that covers the finite values of the whole table; none when they have no ends."""
    low, high = frame.data["lowest"][0], frame.data["highest"][0]
    if low is None or high is None or not isfinite(high - low):
        return None
    is_whole = isinstance(low, int) or (float(low).is_integer() and float(high).is_integer() and high - low >= FEW)
    if is_whole or low == high:
        step = whole_step(int(high - low))
        if high - low <= MANY_PARTS * step:
            return Scale(float(low), float(high), step, decimals(low))
    return _rounded(low, high)


def is_endless(frame: Frame) -> bool:
    """Whether there are infinite values, which lie beyond the ends of any scale."""
    return any(isinstance(end, float) and isinf(end) for end in frame.data.select("min", "max").row(0))


def whole_step(span: int) -> float:
    """The roundest step that divides the span into at most 200 parts, neither too few; 1 where there is none."""
    least = max(span // MOST_PARTS, 1)
    # Steps with more than three digits before their zeros are not round, and too many to try.
    grain = 10 ** max(0, len(str(least)) - 3)
    fitting = [step for step in range(-(-least // grain) * grain, 4 * least, grain) if not span % step]
    return float(min(fitting, key=_digits, default=1))


def _digits(step: int) -> tuple[int, int]:
    """What makes a whole number round: few digits before its zeros."""
    return len(str(step).rstrip("0")), step


def _rounded(low: float, high: float) -> Scale:
    """A step of 1, 2 or 5 in the last decimal, with the ends moved outwards to its multiples."""
    widest = Decimal(repr(high - low)) / LEAST_PARTS
    power = Decimal(1).scaleb(widest.adjusted())
    step = next(power * digit for digit in (5, 2, 1) if power * digit <= widest)
    least = (Decimal(repr(low)) / step).to_integral_value(ROUND_FLOOR) * step
    most = (Decimal(repr(high)) / step).to_integral_value(ROUND_CEILING) * step
    return Scale(float(least), float(most), float(step), max(0, -power.adjusted()))


def decimals(value: float) -> int:
    """How many decimals a number has, in the shortest way to write it."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
