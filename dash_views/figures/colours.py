"""Which colour a category has: the same in every tile, whatever the filters leave."""

from collections.abc import Mapping, Sequence

import msgspec

CATEGORICAL = (
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8a6fd1", "#7f8a99", "#b8a300", "#a3485f",
)  # fmt: skip
"""Okabe and Ito's palette for all kinds of colour vision (jfly.uni-koeln.de/color), without black and yellow."""
MISSING = "#9aa0a6"
SCALE = "Viridis"


class Palette(msgspec.Struct, frozen=True):
    """The colours of one column's categories, given by their order in the whole table."""

    colours: Mapping[str, str] = {}
    sequence: tuple[str, ...] = CATEGORICAL
    """What categories without a colour of their own take in turn."""

    def colour(self, category: str, position: int = 0) -> str:
        """The colour of a category; by its position where the table has too many to have their own."""
        return self.colours.get(category, MISSING if category == "missing" else nth(position, self.sequence))


def palette(categories: Sequence[str]) -> Palette:
    """Give the categories of a table their colours in this order."""
    return Palette({category: nth(position) for position, category in enumerate(categories)})


def nth(position: int, sequence: Sequence[str] = CATEGORICAL) -> str:
    """The colour at a position; after the last one they repeat."""
    return sequence[position % len(sequence)]
