"""The scale of a slider: its ends, its step, and how many decimals these have; the bars behind it."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import ceil, floor, isfinite, isinf
from typing import NamedTuple

from services.queries import Frame

MOST_PARTS = 200
"""About as many steps as a slider in the panel has pixels; a slider over whole numbers has no more, if it can."""
LEAST_PARTS = 100
"""A slider over fractions has at least so many steps, and at most two and a half times as many."""
MANY_PARTS = 1_000
"""A slider over whole numbers that cannot be divided evenly steps by one, but not through more of them than these."""
TENTHS_FROM = 10
"""A logarithmic slider over more powers of ten than these steps by tenths of one, others by hundredths."""
FEW = 10
"""Below this span fractions may lie between whole ends."""


class Scale(NamedTuple):
    """From `low` to `high` in steps of `step`; all three have at most `decimals` decimals.

    With `log` they are decimal logarithms of the values.
    """

    low: float
    high: float
    step: float
    decimals: int
    log: bool = False


class Bar(NamedTuple):
    """A part of the values: where it lies along the slider and how many are there, in parts of the whole."""

    left: float
    width: float
    height: float


def scale_of(frame: Frame) -> Scale | None:
    """The scale that covers the finite values of the whole table; none when they have no ends."""
    spread = frame.extra.get("spread")
    if spread is not None and spread["log"][0]:
        return _logarithmic(spread["low"][0], spread["high"][0])
    low, high = frame.data["lowest"][0], frame.data["highest"][0]
    if low is None or high is None or not isfinite(high - low):
        return None
    is_whole = isinstance(low, int) or (float(low).is_integer() and float(high).is_integer() and high - low >= FEW)
    if is_whole or low == high:
        step = whole_step(int(high - low))
        if high - low <= MANY_PARTS * step:
            return Scale(float(low), float(high), step, decimals(low))
    return _rounded(low, high)


def _logarithmic(low: float, high: float) -> Scale:
    parts = 100 if high - low <= TENTHS_FROM else 10
    return Scale(floor(low * parts) / parts, ceil(high * parts) / parts, 1 / parts, 2)._replace(log=True)


def value_at(scale: Scale, place: float) -> float:
    """The value at a place where the slider can stand; of logarithmic ones with three digits, as in wishes.js."""
    return float(f"{10**place:.2e}") if scale.log else place


def bars_of(frame: Frame, scale: Scale) -> list[Bar]:
    """The counts of the whole table along the scale, without the parts that have none."""
    spread = frame.extra.get("spread")
    if spread is None or spread["low"][0] is None or scale.high == scale.low:
        return []
    low, high, counts = spread["low"][0], spread["high"][0], spread["counts"][0].to_list()
    span, most, width = scale.high - scale.low, max(counts), (high - low) / len(counts)
    return [
        Bar(round((low + width * at - scale.low) / span, 4), round(width / span, 4), round(count / most, 4))
        for at, count in enumerate(counts)
        if count
    ]


def hides_some(frame: Frame, scale: Scale) -> bool:
    """Whether there are values that a logarithmic scale has no place for."""
    lowest = frame.data["lowest"][0]
    return scale.log and lowest is not None and lowest <= 0


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
