"""The density of a sampled scatter as a quiet heatmap below its points: where the points are that are not drawn."""

from typing import Any

import numpy as np

from dash_views.figures.arrays import Grid, array
from services.queries import Bins, Density

LEVELS = 255
"""By the logarithm of the count, so that sparse places can be seen beside crowded ones; empty cells are 0."""
INK = "23, 32, 46"
"""board.css inverts it on dark pages."""
SCALE = ((0, f"rgba({INK}, 0)"), (1 / LEVELS, f"rgba({INK}, 0.06)"), (1, f"rgba({INK}, 0.5)"))
"""Tuples, since lists count as columns (see `wire`), which are sent each time."""


def raster(density: Density, *, x_is_date: bool, y_is_date: bool) -> dict[str, Any]:
    """The trace; it takes no part in hovering, selecting and the legend."""
    return {
        "type": "heatmap",
        "name": "density",
        **side("x", density.x, is_date=x_is_date),
        **side("y", density.y, is_date=y_is_date),
        "z": Grid(array(levels(density)), density.x.count),
        "zmin": 0,
        "zmax": LEVELS,
        "colorscale": SCALE,
        "showscale": False,
        "showlegend": False,
        "hoverinfo": "skip",
    }


def levels(density: Density) -> np.ndarray[Any, Any]:
    """How dark each cell is, from 0 where there is no point to `LEVELS` where there are most."""
    logs = np.log1p(density.counts.to_numpy())
    found: np.ndarray[Any, Any] = np.ceil(logs * (LEVELS / max(logs.max(), 1.0))).clip(0, LEVELS).astype(np.uint8)
    return found


def side(axis: str, bins: Bins, *, is_date: bool) -> dict[str, float]:
    """The middle of the first cell and the width of each; on axes of dates in milliseconds."""
    scale = 1000 if is_date else 1
    return {f"{axis}0": (bins.start + bins.step / 2) / scale, f"d{axis}": bins.step / scale}
