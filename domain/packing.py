"""How tiles are put together without gaps: of several orders that which leaves the fewest holes is taken."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from domain.tiles import GRID_COLUMNS, Box

Entry = tuple[str, Box]
Order = Callable[[Entry], tuple[int, ...]]
FEW = 20
"""Of so many tiles each is also tried at every other place of the order."""
FULL = (1 << GRID_COLUMNS) - 1

ORDERS: tuple[Order, ...] = (
    lambda entry: (entry[1].y, entry[1].x),
    lambda entry: (-entry[1].h,),
    lambda entry: (-entry[1].w,),
    lambda entry: (-entry[1].w * entry[1].h,),
    lambda entry: (-entry[1].h, -entry[1].w),
)
"""Reading order, and those that fill more: the highest first, the widest, the largest. Equal ones stay in order."""


class Cells:
    """Which cells of the grid are taken: a number for each row, whose bits are its columns."""

    def __init__(self) -> None:
        self.rows: list[int] = []

    def first(self, box: Box) -> Box:
        """The first place where it fits, row by row."""
        narrow = (1 << box.w) - 1
        y = 0
        while True:
            taken = 0
            for row in self.rows[y : y + box.h]:
                taken |= row
            for x in range(GRID_COLUMNS - box.w + 1):
                if not taken & (narrow << x):
                    return _at(box, x, y)
            y += 1

    def take(self, box: Box) -> None:
        """Take the cells of the place."""
        self.rows += [0] * (box.y + box.h - len(self.rows))
        for y in range(box.y, box.y + box.h):
            self.rows[y] |= ((1 << box.w) - 1) << box.x

    def room(self, x: int, y: int) -> int:
        """How many columns are free from a cell to the right."""
        row = self.rows[y] if y < len(self.rows) else 0
        return next((n for n in range(GRID_COLUMNS - x) if row >> (x + n) & 1), GRID_COLUMNS - x)

    def holes(self) -> int:
        """How many free cells have a taken one below them."""
        below, found = 0, 0
        for row in reversed(self.rows):
            found += (below & ~row & FULL).bit_count()
            below |= row
        return found


def packed(boxes: Iterable[Entry]) -> dict[str, Box]:
    """All of them with the fewest holes that are found, and of such ways that which keeps most of their reading order.

    No tile could be moved up, or to the left, into room that is left.
    """
    entries = sorted(boxes, key=ORDERS[0])
    if not entries:
        return {}
    ways = [way(order) for order in _orders(entries) for way in (_first, _filling)]
    keys = [key for key, _ in entries]
    return min(ways, key=lambda one: (one[0].holes(), _turned(keys, one[1])))[1]


def _orders(entries: list[Entry]) -> Iterator[list[Entry]]:
    """Reading order, with a single tile elsewhere, and the others."""
    yield entries
    if len(entries) <= FEW:
        for number, entry in enumerate(entries):
            rest = entries[:number] + entries[number + 1 :]
            yield from ([*rest[:at], entry, *rest[at:]] for at in range(len(entries)) if at != number)
    yield from (sorted(entries, key=order) for order in ORDERS[1:])


def _turned(keys: Sequence[str], placed: dict[str, Box]) -> int:
    """How many pairs of tiles have changed their order."""
    places = [(placed[key].y, placed[key].x) for key in keys]
    return sum(before > after for number, after in enumerate(places) for before in places[:number])


def _first(entries: Sequence[Entry]) -> tuple[Cells, dict[str, Box]]:
    """Each at the first place where it fits."""
    cells, placed = Cells(), dict[str, Box]()
    for key, box in entries:
        placed[key] = cells.first(box)
        cells.take(placed[key])
    return cells, placed


def _filling(entries: Sequence[Entry]) -> tuple[Cells, dict[str, Box]]:
    """Cell by cell the first one that is as wide as the room there, else the first one that fits."""
    cells, placed, rest = Cells(), dict[str, Box](), list(entries)
    y = 0
    while rest:
        for x in range(GRID_COLUMNS):
            room = cells.room(x, y)
            fitting = [entry for entry in rest if entry[1].w <= room]
            if not room or not fitting:
                continue
            chosen = next((entry for entry in fitting if entry[1].w == room), fitting[0])
            rest.remove(chosen)
            placed[chosen[0]] = _at(chosen[1], x, y)
            cells.take(placed[chosen[0]])
        y += 1
    return cells, placed


def _at(box: Box, x: int, y: int) -> Box:
    return msgspec.structs.replace(box, x=x, y=y)
