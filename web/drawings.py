"""Trees and boundaries as an own SVG drawing, as pages of data collections preview them: lines, places and words."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from domain.wording import grouped, tr, trn

WIDTH, HEIGHT = 640.0, 320.0
EDGE = 8.0
TIP = 18.0
"""Pixels from one tip of a tree to the next."""
LETTER = 7.0
LONGEST_NAME = 40
MOST_PLACES = 20_000
"""Of more places of outlines some are left out, evenly."""
NAMED = 5
"""So many names stand in the words for those who do not see the drawing."""

Row = Mapping[str, Any]
Place = tuple[float, float]


class Stroke(msgspec.Struct, frozen=True):
    """A line or an outline: the `d` of an SVG path, and what it stands for."""

    path: str
    title: str = ""
    is_area: bool = False


class Word(msgspec.Struct, frozen=True):
    """A name beside the end of a line."""

    x: float
    y: float
    text: str


class Drawing(msgspec.Struct, frozen=True):
    """What a template draws, in a box of `width` by `height`; `label` says it in words."""

    width: float
    height: float
    strokes: tuple[Stroke, ...]
    words: tuple[Word, ...] = ()
    label: str = ""


def tree(nodes: Sequence[Row]) -> Drawing:
    """One tree, from its root at the left to its tips at the right; lengths of branches are to scale if there are any.

    `nodes` are the rows of one tree (`node`, `parent`, `name`, `length`, `is_tip`), each after its parent.
    """
    tips = [node for node in nodes if node["is_tip"]]
    depths = _depths(nodes)
    heights = _heights(nodes, tips)
    names = [str(node["name"] or "") for node in tips]
    room = min(max(map(len, names), default=0), LONGEST_NAME) * LETTER + EDGE
    deepest = max(depths.values(), default=0) or 1
    places = {
        number: (EDGE + depth / deepest * (WIDTH - room - 2 * EDGE), heights[number])
        for number, depth in depths.items()
    }
    words = tuple(
        Word(round(places[tip["node"]][0] + 4, 1), round(places[tip["node"]][1] + 4, 1), name[:LONGEST_NAME])
        for tip, name in zip(tips, names, strict=True)
    )
    many = len(tips)
    label = trn("Tree of {n} tip: {names}", "Tree of {n} tips: {names}", many, n=grouped(many), names=_some(names))
    return Drawing(WIDTH, len(tips) * TIP + 2 * EDGE, tuple(_branches(nodes, places)), words, label)


def _depths(nodes: Sequence[Row]) -> dict[int, float]:
    to_scale = any(node["length"] for node in nodes)
    depths: dict[int, float] = {}
    for node in nodes:
        above = 0.0 if node["parent"] is None else depths[node["parent"]]
        step = max(node["length"] or 0.0, 0.0) if to_scale else float(node["parent"] is not None)
        depths[node["node"]] = above + step
    return depths


def _heights(nodes: Sequence[Row], tips: Sequence[Row]) -> dict[int, float]:
    """Tips one below the other, any other node in the middle of its children."""
    heights = {tip["node"]: EDGE + TIP * (place + 0.5) for place, tip in enumerate(tips)}
    below: dict[int, list[float]] = {}
    for node in reversed(nodes):
        number = node["node"]
        if number not in heights:
            heights[number] = (min(below[number]) + max(below[number])) / 2
        if node["parent"] is not None:
            below.setdefault(node["parent"], []).append(heights[number])
    return heights


def _branches(nodes: Sequence[Row], places: Mapping[int, Place]) -> Iterator[Stroke]:
    for node in nodes:
        if node["parent"] is None:
            continue
        (from_x, from_y), (x, y) = places[node["parent"]], places[node["node"]]
        length = "" if node["length"] is None else tr("length {length:g}", length=node["length"])
        title = ", ".join(filter(None, (str(node["name"] or ""), length)))
        yield Stroke(f"M{from_x:.1f} {from_y:.1f}V{y:.1f}H{x:.1f}", title)


def outlines(rows: Sequence[Row]) -> Drawing:
    """Boundaries where they lie on Earth, north up, each with the id of its feature."""
    found = [(str(row["feature_id"]), list(_lines(_decoded(row["geometry"])))) for row in rows]
    places = [place for _, lines in found for _, line in lines for place in line]
    many, names = len(found), _some([name for name, _ in found])
    label = trn("{n} feature: {names}", "{n} features: {names}", many, n=grouped(many), names=names)
    if not places:
        return Drawing(WIDTH, HEIGHT, (), label=label)
    west, east = min(x for x, _ in places), max(x for x, _ in places)
    south, north = min(y for _, y in places), max(y for _, y in places)
    squeezed = math.cos(math.radians((south + north) / 2)) or 1.0
    across, upwards = max((east - west) * squeezed, 1e-9), max(north - south, 1e-9)
    scale = min((WIDTH - 2 * EDGE) / across, (HEIGHT - 2 * EDGE) / upwards)
    every = max(len(places) // MOST_PLACES, 1)

    def path(line: Sequence[Place]) -> str:
        kept = [*line[::every], *line[-1:]]
        spots = (f"{EDGE + (x - west) * squeezed * scale:.1f} {EDGE + (north - y) * scale:.1f}" for x, y in kept)
        return f"M{'L'.join(spots)}"

    strokes = tuple(
        Stroke("".join(path(line) + "Z" * is_area for is_area, line in lines), name, any(area for area, _ in lines))
        for name, lines in found
        if lines
    )
    return Drawing(round(across * scale + 2 * EDGE, 1), round(upwards * scale + 2 * EDGE, 1), strokes, label=label)


def _decoded(geometry: object) -> Any:
    return json.loads(geometry) if isinstance(geometry, str) else None


def _lines(geometry: Any) -> Iterator[tuple[bool, list[Place]]]:
    """The rings and lines of a geometry, rings being areas; a point is a line of its own."""
    if not isinstance(geometry, dict):
        return
    for inner in geometry.get("geometries", ()):
        yield from _lines(inner)
    kind, found = geometry.get("type", ""), geometry.get("coordinates", [])
    if kind == "Point":
        found = [found]
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if one and isinstance(one[0], list | tuple) and one[0] and isinstance(one[0][0], int | float):
            yield "Polygon" in kind, [(float(place[0]), float(place[1])) for place in one]
        elif one:
            waiting += [inner for inner in one if isinstance(inner, list)]


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
