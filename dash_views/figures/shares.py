"""Parts of a whole: pies, funnels of areas, and hierarchies of levels."""

import polars as pl

from dash_views.figures.arrays import array, categories, packed
from dash_views.figures.drawn import Drawing, Figure, Trace
from dash_views.figures.layout import plain_layout
from domain.figure_roles import bound, levels
from domain.tiles import Visu
from domain.wording import tr
from services.queries import Frame

MOST_NAMED = 24
"""So many parts have room for their names and shares."""
LEAST_NAMED = 0.04
"""Of more parts, those of such a share of the whole."""
ROOT = "\x1e"
SEPARATOR = "\x1f"
"""Between the categories of a node's id; it stands in no category that people write."""


def pie(drawing: Drawing, frame: Frame) -> Figure:
    """One part for each name; colours are those of the names everywhere."""
    tile, names = drawing.tile, drawing.names
    data = frame.data.with_columns(pl.Series("label", categories(frame.data["x"]), dtype=pl.String))
    order = drawing.order(tile.x, data["label"].to_list())
    if not drawing.option("category_orders", {}).get(tile.x):
        order = data.sort(pl.col("y").cast(pl.Float64), descending=True, nulls_last=True)["label"].to_list()
    data = pl.DataFrame({"label": order}).join(data, on="label", maintain_order="left")
    places = {label: place for place, label in enumerate(sorted(order))}
    value = names.short(tile.y) if tile.y else tr("rows")
    trace: Trace = {
        "type": "pie" if tile.visu_type is Visu.PIE else "funnelarea",
        "labels": data["label"].to_list(),
        "values": packed(data["y"]),
        "marker": {"colors": [drawing.palette.colour(label, places[label]) for label in order]},
        "opacity": drawing.opacity(1.0),
        "hovertemplate": f"%{{label}}<br>{value} %{{value}}<br>%{{percent}}<extra></extra>",
        "textinfo": "percent" if tile.visu_type is Visu.PIE else "label+percent",
    }
    if tile.visu_type is Visu.PIE:
        trace |= {"hole": drawing.option("hole", 0), "sort": False, "direction": "clockwise"}
    if len(order) <= MOST_NAMED:
        return {"data": [trace], "layout": plain_layout(legend=names.short(tile.x))}
    # Of more parts only those are named that have room for it; where the pointer rests says the others.
    numbers = data["y"].cast(pl.Float64).fill_null(0.0)
    least, words = LEAST_NAMED * float(numbers.sum()), "%{label}<br>%{percent}"
    trace |= {"texttemplate": [words if number >= least else "" for number in numbers], "textposition": "inside"}
    return {"data": [trace], "layout": plain_layout()}


def tree(drawing: Drawing, frame: Frame) -> Figure:
    """A node for each category below its parents; all below one root have the colour of that root."""
    count = len(levels(drawing.tile))
    worded = frame.data.with_columns(
        pl.Series(f"level_{number}", categories(frame.data[f"level_{number}"]), dtype=pl.String)
        for number in range(count)
    )
    roots = sorted(set(worded["level_0"]))
    parts: dict[str, list[str]] = {"ids": [], "labels": [], "parents": [], "colors": []}
    values: list[pl.Series] = []
    if drawing.tile.visu_type is Visu.ICICLE:
        # Without a root that is named, a blank one takes as much room.
        parts = {"ids": [ROOT], "labels": [tr("all")], "parents": [""], "colors": ["#9aa0a6"]}
        values.append(pl.Series("y", [worded["y"].cast(pl.Float64).sum()]))
    top = "".join(parts["ids"])
    for depth in range(count):
        keys = [f"level_{number}" for number in range(depth + 1)]
        nodes = worded.group_by(keys, maintain_order=True).agg(pl.col("y").cast(pl.Float64).sum())
        paths = list(zip(*(nodes[key].to_list() for key in keys), strict=True))
        parts["ids"] += [SEPARATOR.join(path) for path in paths]
        parts["labels"] += [path[-1] for path in paths]
        parts["parents"] += [SEPARATOR.join(path[:-1]) or top for path in paths]
        parts["colors"] += [drawing.palette.colour(path[0], roots.index(path[0])) for path in paths]
        values.append(nodes["y"])
    value = bound(drawing.tile, "values")
    said = drawing.names.short(value) if value else tr("rows")
    share = tr("{share} of all", share="%{percentRoot:.1%}")
    trace: Trace = {
        "type": drawing.tile.visu_type.value,
        "ids": parts["ids"],
        "labels": parts["labels"],
        "parents": parts["parents"],
        "values": array(pl.concat(values).to_numpy()),
        "branchvalues": "total",
        "marker": {"colors": parts["colors"]},
        "hovertemplate": f"%{{label}}<br>{said} %{{value}}<br>{share}<extra></extra>",
        **({"maxdepth": drawing.option("maxdepth")} if drawing.option("maxdepth") is not None else {}),
    }
    return {"data": [trace], "layout": plain_layout(margin={"l": 4, "r": 4, "t": 4, "b": 4})}
