"""From a map tile and its frame to traces of plotly.js that MapLibre draws."""

import json
import math
from collections.abc import Iterator, Mapping
from html import escape
from textwrap import wrap
from typing import Any

import numpy as np
import polars as pl

from dash_views.figures.arrays import Rows, array, categories, labels, packed
from dash_views.figures.build import by_colour
from dash_views.figures.colours import SCALE, Palette
from dash_views.figures.drawn import Names
from dash_views.figures.ground import BOUNDARIES_AT, Ground, style
from dash_views.figures.layout import CLEAR, FONT, LEGEND, LEGEND_ABOVE
from dash_views.figures.views import pixels_per_degree, view
from domain.map_tile import Boundaries, MapKind, MapTile
from domain.maps import as_scatter, can_select, value_said
from domain.wording import tr
from services.queries import Density, Frame

Figure = dict[str, Any]
Numbers = np.ndarray[Any, Any]
MARKER, SMALL_MARKER = 9, 6
MANY = 2_000
"""Points from which they are drawn small."""
BELOW_RADIUS = 14
SHADE = ((0, "rgba(70, 100, 140, 0)"), (0.2, "rgba(70, 100, 140, 0.15)"), (1, "rgba(70, 100, 140, 0.6)"))
"""Tuples, since lists count as columns (see `wire`), which are sent each time."""
KERNEL = 1 / math.sqrt(2 * math.pi)
"""A point's share of the density at its own place: MapLibre draws a normal distribution whose deviation is a third of
the radius (its heatmap shaders)."""
BINS = (96, 64)
TOOLS: dict[str, Any] = {
    "type": "scattermap",
    "mode": "markers",
    "lon": (None,),
    "lat": (None,),
    "hoverinfo": "skip",
    "showlegend": False,
    "meta": {"tools": True},
}
"""Points that are nowhere: only beside points plotly.js shows the tools that draw a box or a lasso. See maps.js."""
GAP = 4
"""Pixels between the legend and the map."""
LETTERS = 20
"""Of a caption, in the width of a column of the grid."""


def map_figure(tile: MapTile, frame: Frame, palette: Palette, ground: Ground, titles: Mapping[str, str] = {}) -> Figure:
    """The map as Plotly has it: `data` and `layout`, with columns as `arrays` has them.

    `titles` name columns along colour scales and, where they are short, elsewhere.
    """
    names = Names(titles=titles)
    match tile.map_type:
        case MapKind.SCATTER:
            traces, legend = _scatter(tile, frame, palette, names)
        case MapKind.DENSITY:
            traces, legend = [_density(tile, frame, names), *([TOOLS] if can_select(tile) else [])], None
        case MapKind.CHOROPLETH:
            traces, legend = [_regions(tile, frame.data, names)], None
    return {"data": traces, "layout": layout(tile, frame, ground, legend)}


def layout(tile: MapTile, frame: Frame, ground: Ground, legend: str | None) -> dict[str, Any]:
    """The frame around the map. Clicks select, the toolbar has box and lasso; a drag moves the map."""
    selectable = can_select(tile)
    return {
        "autosize": True,
        "paper_bgcolor": CLEAR,
        "font": FONT,
        "margin": {"l": 0, "r": 0, "t": 0 if legend is None else LEGEND_ABOVE, "b": 0},
        **({} if legend is None else {"meta": {"titles": GAP, "top": LEGEND_ABOVE}}),
        "map": {"style": style(tile, ground), **view(tile, frame.extent)},
        "showlegend": legend is not None,
        "legend": {**LEGEND, "title": {"text": legend or ""}},
        "hovermode": "closest",
        "hoverlabel": {"font": FONT, "align": "left"},
        "dragmode": "pan",
        "clickmode": "event+select" if selectable else "event",
        "modebar": {"orientation": "v", "remove": () if selectable else ("select2d", "lasso2d")},
        "annotations": [_caption(tile, frame.note)] if frame.note else [],
        "uirevision": "kept",
        "selectionrevision": "kept",
    }


def _caption(tile: MapTile, note: str) -> dict[str, Any]:
    """What has no place on the map, said in its corner; plotly.js reads tags in it, and values may hold some."""
    lines = wrap(note, max(int(tile.layout.w * LETTERS), LETTERS))
    corner = {"xref": "paper", "yref": "paper", "x": 0, "y": 0, "xanchor": "left", "yanchor": "bottom"}
    look = {"align": "left", "font": {"size": 11}, "bgcolor": "rgba(128, 138, 150, 0.25)", "borderpad": 3}
    return {"text": "<br>".join(map(escape, lines)), "showarrow": False, **corner, **look}


def colour_bar(title: str) -> dict[str, Any]:
    """The legend of a colour scale."""
    return {"title": {"text": title, "side": "right"}, "thickness": 12, "outlinewidth": 0}


def _ends(tile: MapTile, low: str, high: str) -> dict[str, float]:
    return {} if tile.range_color is None else dict(zip((low, high), tile.range_color, strict=True))


# -- points


def _scatter(tile: MapTile, frame: Frame, palette: Palette, names: Names) -> tuple[list[dict[str, Any]], str | None]:
    data, title = frame.data, tile.color_column
    is_scale = title is not None and data["color"].dtype == pl.Float64
    if title is not None and is_scale:
        scale = {"colorscale": tile.color_continuous_scale or SCALE, "showscale": True, **_ends(tile, "cmin", "cmax")}
        marker = {"color": packed(data["color"]), **scale, "colorbar": colour_bar(names.axis(title))}
        parts: Iterator[tuple[pl.DataFrame, dict[str, Any]]] = iter([(data, {"name": "", "marker": marker})])
    else:
        parts = by_colour(as_scatter(tile), data, palette)
    below = [] if frame.density is None else [_shade(frame.density)]
    largest = data["size"].max() if tile.size_column else None
    points = [_points(tile, part, look, largest, frame.shown, names) for part, look in parts]
    return [*below, *points], None if is_scale or title is None else names.short(title)


def _points(
    tile: MapTile, part: pl.DataFrame, look: dict[str, Any], largest: Any, shown: int, names: Names
) -> dict[str, Any]:
    marker = {"size": SMALL_MARKER if shown > MANY else MARKER, "opacity": tile.opacity, **look["marker"]}
    if tile.size_column and largest:
        # Areas are proportional to the values; see sizeref in Plotly's reference of scatter markers.
        scale = {"sizemode": "area", "sizeref": 2 * largest / tile.size_max**2, "sizemin": 2}
        marker |= {"size": packed(part["size"].clip(0).fill_null(0)), **scale}
    hover = [f"hover_{position}" for position, _ in enumerate(tile.hover_columns)]
    # The selected value comes last: the browser counts on it (see board.browser_tile).
    shows = [*hover, *(["selection"] if "selection" in part.columns else [])]
    custom = {"customdata": Rows(tuple(labels(part[column]) for column in shows))} if shows else {}
    words = [f"{names.short(name)} %{{customdata[{place}]}}" for place, name in enumerate(tile.hover_columns)]
    coloured = "color" in part.columns and part["color"].dtype == pl.Float64
    words += [f"{names.short(tile.color_column)} %{{marker.color}}"] if coloured else []
    return {
        **look,
        "type": "scattermap",
        "mode": "markers",
        "lon": packed(part["x"]),
        "lat": packed(part["y"]),
        "marker": marker,
        **custom,
        "unselected": {"marker": {"opacity": 0.15}},
        "hovertemplate": "<br>".join([*words, "%{lat:.5~f}°, %{lon:.5~f}°"]),
    }


# -- density


def _density(tile: MapTile, frame: Frame, names: Names) -> dict[str, Any]:
    """The density so that its highest place has the end of the colour scale at the zoom that is shown at first."""
    if frame.density is None:
        lon, lat = (frame.data[name].to_numpy() for name in ("x", "y"))
        weights = frame.data["size"].fill_null(0).to_numpy() if tile.z_column else np.ones(len(lon))
    else:
        lon, lat, weights = cells_of(frame.density)
    zoom = float(view(tile, frame.extent)["zoom"])
    said = f"{names.short(tile.z_column)} %{{z}}" if tile.z_column else tr("{count} rows", count="%{z}")
    return {
        "type": "densitymap",
        "name": "",
        "lon": array(lon),
        "lat": array(lat),
        "z": array(weights),
        "radius": tile.radius,
        "zmin": 0,
        "zmax": highest(lon, lat, weights, tile.radius / pixels_per_degree(zoom)),
        "opacity": tile.opacity,
        "colorscale": tile.color_continuous_scale or SCALE,
        "showscale": False,
        "hovertemplate": f"{said}<br>%{{lat:.4~f}}°, %{{lon:.4~f}}°",
    }


def _shade(density: Density) -> dict[str, Any]:
    """Where all points lie of which only some are drawn, the darker the more, by the logarithm of their number."""
    lon, lat, counts = cells_of(density)
    logs = np.log1p(counts)
    return {
        "type": "densitymap",
        "name": "density",
        "lon": array(lon),
        "lat": array(lat),
        "z": array(logs),
        "radius": BELOW_RADIUS,
        "zmin": 0,
        "zmax": float(2 * max(logs.max(initial=0.0), 1.0)),
        "colorscale": SHADE,
        "showscale": False,
        "showlegend": False,
        "hoverinfo": "skip",
    }


def cells_of(density: Density) -> tuple[Numbers, Numbers, Numbers]:
    """Longitude and latitude of the middle of each cell that is not empty, and its count or sum."""
    counts = density.counts.to_numpy().astype(np.float64)
    (places,) = np.nonzero(counts)
    up, across = np.divmod(places, density.x.count)
    x, y = density.x, density.y
    return x.start + x.step * (across + 0.5), y.start + y.step * (up + 0.5), counts[places]


def highest(lon: Numbers, lat: Numbers, weights: Numbers, radius: float) -> float:
    """The highest sum of kernels anywhere, on a grid; `radius` in degrees of longitude at the equator."""
    if not len(lon) or not (total := np.abs(weights).sum()):
        return 1.0
    stretched = lat / max(math.cos(math.radians(float(np.median(lat)))), 0.1)
    counts, east, north = np.histogram2d(lon, stretched, bins=BINS, weights=weights)
    for axis, edges in ((0, east), (1, north)):
        counts = np.apply_along_axis(np.convolve, axis, counts, _kernel(edges[1] - edges[0], radius), mode="same")
    return float(min(max(counts.max() * KERNEL, weights.max() * KERNEL), total)) or 1.0


def _kernel(step: float, radius: float) -> Numbers:
    reach = min(int(radius / step), min(BINS) // 2 - 1)
    kernel: Numbers = np.exp(-0.5 * (3 * step / radius * np.arange(-reach, reach + 1)) ** 2)
    return kernel


# -- regions


def _outlines(data: pl.DataFrame) -> dict[str, Any]:
    """The outlines that the rows have, as plotly.js takes them; tuples, since lists count as columns (see `wire`)."""
    features = (
        {"type": "Feature", "id": region, "properties": {}, "geometry": json.loads(outline)}
        for region, outline in data.select("region", "geometry").rows()
    )
    return {"type": "FeatureCollection", "features": tuple(features)}


def _regions(tile: MapTile, data: pl.DataFrame, names: Names) -> dict[str, Any]:
    column = tile.color_column
    said, title = (value_said(tile, called) for called in (names.short(column), names.axis(column)))
    own = tile.boundaries is Boundaries.GEOMETRY
    counted = tr("{count} rows", count="%{customdata[1]}")
    shown = f"{said} %{{z}}<br>{counted}" if column else tr("{count} rows", count="%{z}")
    custom = Rows((labels(data["name"]), packed(data["rows"]), data["values"].to_list()))
    return {
        "type": "choroplethmap",
        "name": "",
        "geojson": _outlines(data) if own else BOUNDARIES_AT[tile.boundaries],
        "featureidkey": "id",
        "locations": categories(data["region"]),
        "z": packed(data["y"]),
        "customdata": custom,
        "colorscale": tile.color_continuous_scale or SCALE,
        "colorbar": colour_bar(title),
        **_ends(tile, "zmin", "zmax"),
        "marker": {"opacity": tile.opacity, "line": {"width": 0.7, "color": "rgba(120, 130, 142, 0.9)"}},
        "unselected": {"marker": {"opacity": 0.2}},
        "hovertemplate": f"<b>%{{customdata[0]}}</b><br>{shown}",
    }
