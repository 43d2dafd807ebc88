"""Scales of controls over numbers: whether equal steps are equal differences or equal ratios."""

from enum import StrEnum

MAGNITUDES = 3
"""Values that span more powers of ten than these are told apart on a logarithmic scale only."""


class FilterScale(StrEnum):
    """How a slider's values lie along it."""

    AUTO = "auto"
    LINEAR = "linear"
    LOG = "log10"


def is_logarithmic(wanted: FilterScale, lowest: float, common: float, highest: float) -> bool:
    """Whether a slider over these values is logarithmic.

    `common` is what 99 of 100 positive values reach, which a single tiny value does not move; not a number, as
    `highest`, where no value is positive: then no scale but the linear one can show anything.
    """
    if not highest > 0 or not common > 0 or wanted is FilterScale.LINEAR:
        return False
    return wanted is FilterScale.LOG or (lowest >= 0 and highest > common * 10**MAGNITUDES)
