"""The small picture of each kind of tile, by its name in the gallery: what it looks like, not what is in the data.

A picture is strokes in a box of 64 by 40. An ink is `line` (a stroke), `dot` (round points), `fill` or `tint` (pale),
with the number of a colour, or `axis`; css/builder.css has their colours, light and dark.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

Stroke = tuple[str, str]
Drawing = tuple[Stroke, ...]
Point = tuple[float, float]
AXES: Stroke = ("axis", "M6 4V35H60")


def dots(*points: Point) -> str:
    """Points, drawn by the round ends of strokes without length."""
    return "".join(f"M{x:g} {y:g}h0" for x, y in points)


def line(*points: Point, closed: bool = False) -> str:
    """Straight strokes from point to point."""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + ("z" if closed else "")


def rect(x: float, y: float, w: float, h: float) -> str:
    """A rectangle."""
    return f"M{x:g} {y:g}h{w:g}v{h:g}h{-w:g}z"


def rects(boxes: Iterable[tuple[float, float, float, float]]) -> str:
    """Several of them."""
    return "".join(rect(*box) for box in boxes)


def bars(x: float, width: float, heights: Sequence[float], gap: float = 0.0) -> str:
    """Bars that stand on the axis."""
    return rects((x + place * (width + gap), 35 - height, width, height) for place, height in enumerate(heights))


def ellipse(x: float, y: float, rx: float, ry: float) -> str:
    """An ellipse around a point."""
    return f"M{x - rx:g} {y:g}a{rx:g} {ry:g} 0 1 0 {2 * rx:g} 0a{rx:g} {ry:g} 0 1 0 {-2 * rx:g} 0z"


def slice_of(start: float, end: float, outer: float = 16, inner: float = 0) -> str:
    """A part of a ring around the middle; `start` and `end` are shares of the whole turn."""

    def at(share: float, radius: float) -> str:
        turn = 2 * math.pi * share
        return f"{32 + radius * math.sin(turn):.1f} {20 - radius * math.cos(turn):.1f}"

    large = int(end - start > 0.5)  # noqa: PLR2004 -- more than half a turn
    outside = f"M{at(start, outer)}A{outer:g} {outer:g} 0 {large} 1 {at(end, outer)}"
    return f"{outside}L{at(end, inner)}" + (f"A{inner:g} {inner:g} 0 {large} 0 {at(start, inner)}z" if inner else "z")


def polygon(sides: int, radius: float, shares: Sequence[float] = ()) -> str:
    """A regular polygon around the middle, each corner at its share of the radius."""
    far = shares or (1.0,) * sides
    turns = [2 * math.pi * place / sides for place in range(sides)]
    points = [
        (round(32 + radius * share * math.sin(turn), 1), round(20 - radius * share * math.cos(turn), 1))
        for share, turn in zip(far, turns, strict=True)
    ]
    return line(*points, closed=True)


def _cells(shares: Sequence[Sequence[int]], x: float, y: float, w: float, h: float) -> Drawing:
    """Cells of a grid by how much is in them: 0 nothing, 1 pale, 2 full."""
    inks = {1: "tint-1", 2: "fill-1"}
    return tuple(
        (
            ink,
            rects(
                (x + column * w, y + row * h, w - 1, h - 1)
                for row, cells in enumerate(shares)
                for column, much in enumerate(cells)
                if much == wanted
            ),
        )
        for wanted, ink in inks.items()
    )


CLOUD, OTHER_CLOUD = (
    ((14, 28), (20, 24), (27, 26), (33, 19), (41, 20), (53, 9)),
    ((17, 14), (29, 10), (44, 29), (51, 24)),
)
RISING, FALLING = ((8, 30), (20, 21), (32, 24), (44, 12), (58, 8)), ((8, 14), (20, 17), (32, 11), (44, 24), (58, 21))
LAND = "M5 12C12 4 22 8 24 14S33 20 30 26S22 36 16 31S1 22 5 12zM36 10C44 3 58 8 59 17S50 33 43 30S31 18 36 10z"
TRIANGLE = line((32, 4), (54, 36), (10, 36), closed=True)
CUBE = "M8 12L26 4L56 10V28L38 36L8 30zM8 12L38 18L56 10M38 18V36"
TRACK = "M6 20H58"

FIGURES: Mapping[str, Drawing] = {
    "scatter": (AXES, ("dot-1", dots(*CLOUD)), ("dot-2", dots(*OTHER_CLOUD))),
    "bar": (AXES, ("fill-1", bars(11, 9, (16, 27, 11, 21), 3.5))),
    "line": (AXES, ("line-1", line(*RISING)), ("line-2", line(*FALLING))),
    "area": (AXES, ("tint-1", line(*RISING, (58, 35), (8, 35), closed=True)), ("line-1", line(*RISING))),
    "histogram": (AXES, ("fill-1", bars(9, 6, (4, 9, 17, 28, 23, 13, 7, 3)))),
    "box": (
        AXES,
        ("tint-1", rect(15, 13, 12, 12)),
        ("line-1", rect(15, 13, 12, 12) + "M15 18h12M21 13V7M21 25V31"),
        ("tint-2", rect(39, 10, 12, 14)),
        ("line-2", rect(39, 10, 12, 14) + "M39 19h12M45 10V5M45 24V29"),
    ),
    "violin": (
        AXES,
        ("tint-1", "M21 5C21 14 30 16 29 22S22 27 21 33C20 27 14 28 13 22S21 14 21 5z"),
        ("line-1", "M21 14V26"),
        ("tint-2", "M45 5C45 11 53 11 52 15S47 24 45 32C43 24 39 19 38 15S45 11 45 5z"),
        ("line-2", "M45 10V21"),
    ),
    "strip": (
        AXES,
        ("dot-1", dots((18, 10), (22, 16), (17, 20), (21, 24), (19, 29))),
        ("dot-2", dots((44, 7), (47, 12), (43, 17), (46, 20), (45, 27))),
    ),
    "ecdf": (AXES, ("line-1", "M8 33H14V29H21V22H27V14H36V9H47V6H58")),
    "density_heatmap": (
        AXES,
        *_cells(((0, 0, 0, 1, 0), (0, 0, 1, 2, 1), (1, 1, 2, 2, 0), (1, 2, 1, 0, 0), (0, 1, 0, 0, 0)), 9, 4, 10, 6),
    ),
    "density_contour": (
        AXES,
        ("line-1", ellipse(34, 19, 21, 13)),
        ("line-1", ellipse(35, 18, 14, 8.5)),
        ("line-1", ellipse(36, 17, 7, 4)),
    ),
    "heatmap": _cells(((2, 1, 1, 0, 1, 2), (1, 2, 1, 1, 0, 1), (0, 1, 2, 1, 1, 0), (1, 0, 1, 2, 2, 1)), 8, 4, 8, 8),
    "imshow": _cells(((1, 1, 2, 1, 0, 0), (1, 2, 2, 2, 1, 0), (0, 1, 2, 2, 2, 1), (0, 0, 1, 2, 1, 1)), 8, 4, 8, 8),
    "pie": (("fill-1", slice_of(0, 0.45)), ("fill-2", slice_of(0.46, 0.75)), ("fill-3", slice_of(0.76, 0.99))),
    "sunburst": (
        ("fill-1", slice_of(0, 0.5, 10, 4)),
        ("fill-2", slice_of(0.52, 0.98, 10, 4)),
        ("tint-1", slice_of(0, 0.28, 17, 11)),
        ("tint-1", slice_of(0.3, 0.5, 17, 11)),
        ("tint-2", slice_of(0.52, 0.7, 17, 11)),
    ),
    "treemap": (
        ("fill-1", rect(6, 4, 26, 32)),
        ("fill-2", rect(34, 4, 24, 18)),
        ("fill-3", rect(34, 24, 14, 12)),
        ("tint-1", rect(50, 24, 8, 12)),
    ),
    "icicle": (
        ("fill-1", rect(6, 4, 16, 32)),
        ("fill-2", rect(24, 4, 16, 18)),
        ("fill-2", rect(24, 24, 16, 12)),
        ("tint-2", rect(42, 4, 16, 10)),
        ("tint-2", rect(42, 16, 16, 6)),
        ("tint-2", rect(42, 24, 16, 12)),
    ),
    "funnel": (("fill-1", rects(((6, 4, 52, 9), (14, 15, 36, 9), (23, 26, 18, 9)))),),
    "funnel_area": (
        ("fill-1", line((6, 4), (58, 4), (50, 14), (14, 14), closed=True)),
        ("fill-2", line((15, 16), (49, 16), (41, 26), (23, 26), closed=True)),
        ("fill-3", line((24, 28), (40, 28), (36, 36), (28, 36), closed=True)),
    ),
    "timeline": (
        AXES,
        ("fill-1", rect(9, 6, 22, 6)),
        ("fill-2", rect(24, 15, 20, 6)),
        ("fill-3", rect(38, 24, 20, 6)),
    ),
    "scatter_matrix": (
        (
            "axis",
            rects(
                ((6, 4, 16, 15), (24, 4, 16, 15), (42, 4, 16, 15), (6, 21, 16, 15), (24, 21, 16, 15), (42, 21, 16, 15))
            ),
        ),
        (
            "dot-1",
            dots((11, 14), (15, 9), (29, 8), (34, 13), (47, 14), (53, 8), (10, 27), (17, 31), (46, 31), (53, 25)),
        ),
        ("dot-2", dots((18, 7), (28, 15), (49, 8), (13, 32), (29, 26), (35, 30), (50, 31))),
    ),
    "parallel_coordinates": (
        ("axis", "M8 4V36M24 4V36M40 4V36M56 4V36"),
        ("line-1", line((8, 10), (24, 22), (40, 14), (56, 28))),
        ("line-1", line((8, 15), (24, 27), (40, 9), (56, 33))),
        ("line-2", line((8, 30), (24, 9), (40, 31), (56, 11))),
    ),
    "parallel_categories": (
        ("tint-1", "M8 5C30 5 34 18 56 18V32C34 32 30 17 8 17z"),
        ("tint-2", "M8 21C30 21 34 6 56 6V15C34 15 30 35 8 35z"),
        ("line-1", "M8 5V17M56 18V32"),
        ("line-2", "M8 21V35M56 6V15"),
    ),
    "scatter_3d": (
        ("axis", CUBE),
        ("dot-1", dots((18, 24), (28, 20), (34, 27), (45, 22))),
        ("dot-2", dots((24, 14), (44, 15))),
    ),
    "line_3d": (("axis", CUBE), ("line-1", "M12 26C20 12 26 30 34 20S46 14 52 22")),
    "scatter_polar": (
        ("axis", ellipse(32, 20, 16, 16) + "M16 20H48M32 4V36"),
        ("dot-1", dots((36, 14), (42, 18), (27, 11), (38, 27))),
        ("dot-2", dots((24, 24), (29, 28))),
    ),
    "line_polar": (
        ("axis", polygon(6, 16)),
        ("tint-1", polygon(6, 15, (0.9, 0.5, 0.8, 0.4, 0.9, 0.6))),
        ("line-1", polygon(6, 15, (0.9, 0.5, 0.8, 0.4, 0.9, 0.6))),
    ),
    "bar_polar": (
        ("axis", ellipse(32, 20, 16, 16)),
        ("fill-1", slice_of(0, 0.12, 15)),
        ("fill-2", slice_of(0.2, 0.32, 9)),
        ("fill-1", slice_of(0.45, 0.57, 12)),
        ("fill-2", slice_of(0.7, 0.82, 14)),
    ),
    "scatter_ternary": (
        ("axis", TRIANGLE),
        ("dot-1", dots((30, 16), (35, 22), (27, 26))),
        ("dot-2", dots((39, 30), (45, 32))),
    ),
    "line_ternary": (("axis", TRIANGLE), ("line-1", "M18 33C28 30 26 18 33 18S40 28 45 31")),
}
MAPS: Mapping[str, Drawing] = {
    "scatter_map": (
        ("land", LAND),
        ("dot-1", dots((14, 14), (21, 20), (46, 13), (52, 20))),
        ("dot-2", dots((18, 28), (44, 24))),
    ),
    "density_map": (
        ("land", LAND),
        ("tint-1", ellipse(18, 19, 11, 9)),
        ("fill-1", ellipse(18, 19, 5, 4)),
        ("tint-2", ellipse(47, 17, 8, 7)),
        ("fill-2", ellipse(47, 17, 3, 2.5)),
    ),
    "choropleth_map": (
        ("fill-1", "M6 6H26L30 20H6z"),
        ("tint-1", "M28 6H58V16L32 20z"),
        ("fill-2", "M6 22H30L26 35H6z"),
        ("tint-2", "M32 22L58 18V35H28z"),
    ),
}
WORDS: Mapping[str, Drawing] = {
    "card": (
        ("frame", "M9 5H55V35H9z"),
        ("digit", "M23 24V12L15 21H26M31 14C33 11 39 11 38 16S31 21 31 24H39"),
        ("axis", "M15 30H40"),
    ),
    "table": (("tint-1", rect(7, 5, 50, 7)), ("axis", "M7 5H57V35H7zM7 12H57M7 20H57M7 28H57M24 5V35M41 5V35")),
    "text": (("digit", "M8 9H34"), ("axis", "M8 17H56M8 23H56M8 29H52M8 35H38")),
    "image": (
        ("frame", "M8 5H56V35H8z"),
        ("fill-2", ellipse(21, 14, 4, 4)),
        ("tint-1", "M9 34L25 21L34 28L44 16L55 28V34z"),
    ),
}
FILTERS: Mapping[str, Drawing] = {
    "MultiSelect": (
        ("frame", "M6 10H58V30H6z"),
        ("fill-1", rect(10, 15, 15, 10)),
        ("fill-2", rect(28, 15, 15, 10)),
        ("line-1", "M48 18L51 22L54 18"),
    ),
    "RangeSlider": (("axis", TRACK), ("line-1", "M18 20H44"), ("knob", dots((18, 20), (44, 20)))),
    "DateRangePicker": (
        ("frame", "M12 8H52V35H12z"),
        ("line-1", "M22 4V11M42 4V11"),
        ("axis", "M12 15H52"),
        ("dot-1", dots((24, 21), (32, 21), (40, 21))),
        ("dot-2", dots((24, 29), (32, 29))),
    ),
    "Select": (("frame", "M6 11H58V29H6z"), ("line-1", "M12 20H34M47 18L51 22L55 18")),
    "SegmentedControl": (("frame", "M6 11H58V29H6z"), ("fill-1", rect(8, 13, 16, 14)), ("axis", "M41 12V28")),
    "Checkbox": (
        ("frame", "M10 6H20V16H10zM10 24H20V34H10z"),
        ("line-1", "M12 11L14.5 13.5L19 8"),
        ("axis", "M27 11H52M27 29H44"),
    ),
    "Switch": (("fill-1", "M22 11H42A9 9 0 0 1 42 29H22A9 9 0 0 1 22 11z"), ("knob", dots((42, 20)))),
    "Slider": (("axis", TRACK), ("line-1", "M6 20H36"), ("knob", dots((36, 20)))),
    "TextInput": (
        ("frame", "M6 11H58V29H6z"),
        ("line-1", ellipse(15, 19, 3.5, 3.5) + "M18 22L21 25"),
        ("axis", "M27 20H48"),
    ),
    "Timeline": (
        ("axis", TRACK),
        ("fill-1", rects(((18, 11, 4, 8), (25, 6, 4, 13), (32, 9, 4, 10), (39, 13, 4, 6)))),
        ("knob", dots((16, 20), (45, 20))),
    ),
}
PICTURES: Mapping[str, Drawing] = {**FIGURES, **MAPS, **WORDS, **FILTERS}
