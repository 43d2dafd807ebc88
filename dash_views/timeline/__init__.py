"""A strip of time with counts over it, as a Dash component: a range is brushed on it by pointer, touch and keyboard."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash_views.component import VERSION, OwnComponent, own_files

__version__ = VERSION
__all__ = ["Timeline"]

_js_dist = own_files(__name__, "timeline.js")


class Timeline(OwnComponent):
    """From the moment `first` to the end of `last`, both in ISO 8601 and multiples of `step` minutes.

    `value` holds the first and the last step of the brushed range, both included; two nulls when nothing is brushed.
    """

    properties = ("label", "bars", "first", "last", "step", "value")

    def __init__(
        self,
        id: Mapping[str, Any],  # noqa: A002 -- Dash's own name.
        *,
        label: str,
        bars: Sequence[Sequence[float]],
        first: str,
        last: str,
        step: int,
    ) -> None:
        super().__init__(id=id, label=label, bars=bars, first=first, last=last, step=step, value=[None, None])
