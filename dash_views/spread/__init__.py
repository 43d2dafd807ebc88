"""What stands around a slider, as a Dash component: bars of how the values are spread, and inputs for exact bounds.

The slider itself is Mantine's and next to it in the page; spread.js reads where it stands and sets it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dash_views.component import VERSION, OwnComponent, own_files

__version__ = VERSION
__all__ = ["Spread"]

_js_dist = own_files(__name__, "spread.js")


class Spread(OwnComponent):
    """Bars from `low` to `high` and one input for each of the `sides` of the slider whose id is `target`.

    With `log` low and high are decimal logarithms of the values.
    """

    properties = ("target", "label", "bars", "low", "high", "log", "sides")

    def __init__(
        self,
        *,
        target: Mapping[str, Any],
        label: str,
        bars: Sequence[Sequence[float]],
        low: float,
        high: float,
        log: bool,
        sides: int,
    ) -> None:
        super().__init__(target=target, label=label, bars=bars, low=low, high=high, log=log, sides=sides)
