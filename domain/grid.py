"""Where tiles come to rest: the rules of the board's grid, the same as in `dash_views/grid/geometry.js`."""

from collections.abc import Mapping

import msgspec

from domain.tiles import Box

Boxes = Mapping[str, Box]
"""Places by the id of the tile."""


def overlap(a: Box, b: Box) -> bool:
    """Whether two places have a cell in common."""
    return a.x < b.x + b.w and b.x < a.x + a.w and a.y < b.y + b.h and b.y < a.y + a.h


def bottom(boxes: Boxes) -> int:
    """The first row below all of them."""
    return max((box.y + box.h for box in boxes.values()), default=0)


def compact(boxes: Boxes) -> dict[str, Box]:
    """All of them in their order, each fallen upward until it rests on another one."""
    placed: dict[str, Box] = {}
    for key, box in _in_order(boxes):
        resting = box
        while resting.y > 0 and not _hits(placed, _at_row(resting, resting.y - 1)):
            resting = _at_row(resting, resting.y - 1)
        placed[key] = resting
    return placed


def settle(boxes: Boxes, fixed: Boxes) -> dict[str, Box]:
    """`fixed` stay where they are put; what they cover is pushed down, and then everything falls upward."""
    placed = dict(fixed)
    for key, box in _in_order({key: box for key, box in boxes.items() if key not in fixed}):
        pushed = box
        while hit := next((one for one in placed.values() if overlap(one, pushed)), None):
            pushed = _at_row(pushed, hit.y + hit.h)
        placed[key] = pushed
    return compact(placed)


def _in_order(boxes: Boxes) -> list[tuple[str, Box]]:
    return sorted(boxes.items(), key=lambda pair: (pair[1].y, pair[1].x))


def _hits(placed: Boxes, box: Box) -> bool:
    return any(overlap(one, box) for one in placed.values())


def _at_row(box: Box, y: int) -> Box:
    return msgspec.structs.replace(box, y=y)
