"""Marks of figures: what a bar, a cell or a sector stands for, when several columns tell it from the others.

A mark is a value or a bin of each of these columns. Several marks are a union, which is exact: nobody sees a bar that
the selection has beyond those that were picked.
"""

from collections.abc import Iterable, Sequence

import msgspec

from domain.errors import Invalid, Problem
from domain.figure_roles import canonical, facets, levels, splits
from domain.filters import Mark, MarkPart, Scalar, Wish
from domain.tiles import FigureTile, Visu
from domain.wording import tr

MAX_MARKS = 1_000
"""Marks of one selection, far more than people pick or a box holds; each is a test of every row."""
TREES = (Visu.SUNBURST, Visu.TREEMAP, Visu.ICICLE)
"""Kinds whose marks stand for a path: the values of the first levels, or of all."""
CELLED = (Visu.HEATMAP, Visu.DENSITY_HEATMAP)
"""Kinds whose marks are cells: a value, or a bin, of both axes."""

Marks = tuple[tuple[MarkPart, ...], ...]


def picked_column(tile: FigureTile) -> str | None:
    """The column of which a click on a mark (a bar, a slice, a stage, a box) picks a value; None where it picks none.

    A new kind of figure whose marks stand for values of a column is named here; `clicks.js` needs to know nothing of it
    as long as its points carry the value as `x` or `label`.
    """
    asked = canonical(tile)
    match tile.visu_type:
        case Visu.BAR | Visu.HISTOGRAM | Visu.PIE | Visu.FUNNEL | Visu.FUNNEL_AREA:
            return asked.x or None
        case Visu.BOX | Visu.VIOLIN | Visu.STRIP if asked.y is not None:
            return asked.x or None
    return None


def parting(tile: FigureTile) -> dict[str, str]:
    """The columns that part marks further than the one that is picked, by role: colour, facets, patterns; each once."""
    first = picked_column(tile)
    if first is None or tile.visu_type in {Visu.PIE, Visu.FUNNEL_AREA}:
        return {}
    found: dict[str, str] = {}
    for role, name in splits(canonical(tile)).items():
        if name != first and name not in found.values():
            found[role] = name
    return found


def mark_columns(tile: FigureTile) -> tuple[str, ...]:
    """The columns that tell the marks of a figure apart, in the order in which a wish names their values."""
    if tile.visu_type in TREES:
        return tuple(levels(tile))
    if tile.visu_type in CELLED:
        return (tile.x, tile.y, *facets(tile).values()) if tile.x and tile.y else ()
    first = picked_column(tile)
    return (first, *parting(tile).values()) if first is not None else ()


def has_marks(tile: FigureTile) -> bool:
    """Whether a click on the figure picks a mark."""
    return bool(mark_columns(tile))


def meant(tile: FigureTile, wish: Wish) -> Marks:
    """What the marks of a wish stand for, by as few as say the same.

    Raises:
        Invalid: when there are too many, or one has not a value for each column of the tile.
    """
    if len(wish.values) > MAX_MARKS:
        problem = Problem(
            tile.id, tr("{count} marks are selected; select at most {most}", count=len(wish.values), most=MAX_MARKS)
        )
        raise Invalid(tr("The selection has too many marks."), (problem,))
    columns = mark_columns(tile)
    return merged([_parts(tile, columns, value) for value in wish.values])


def _parts(tile: FigureTile, columns: Sequence[str], mark: Scalar | Mark) -> tuple[MarkPart, ...]:
    is_whole = isinstance(mark, tuple) and len(mark) == len(columns)
    is_path = isinstance(mark, tuple) and tile.visu_type in TREES and 0 < len(mark) < len(columns)
    if not isinstance(mark, tuple) or not (is_whole or is_path):
        problem = Problem(
            tile.id, tr("a mark has a value of each of {columns}. Reset it to go on", columns=", ".join(columns))
        )
        raise Invalid(tr("A filter does not fit its tile."), (problem,))
    return tuple(
        MarkPart(name, "bins", one) if isinstance(one, tuple) else MarkPart(name, "in", (one,))
        for name, one in zip(columns, mark, strict=False)
    )


def merged(marks: Iterable[tuple[MarkPart, ...]]) -> Marks:
    """The same rows by fewer marks: those that differ in one place only are one, with all values that they have there.

    Of bars that fill a rectangle one is left, which is no more than a condition on each column.
    """
    left = list(marks)
    for place in range(max(map(len, left), default=0)):
        groups: dict[str, list[tuple[MarkPart, ...]]] = {}
        for mark in left:
            groups.setdefault(_but_for(mark, place), []).append(mark)
        left = [_joined(group, place) for group in groups.values()]
    return tuple(left)


def _but_for(mark: tuple[MarkPart, ...], place: int) -> str:
    """What marks have in common that differ in one place only; written out, because 1 == True but not here."""
    if place >= len(mark):
        return repr(mark)
    return repr((*mark[:place], mark[place].op, *mark[place + 1 :]))


def _joined(group: Sequence[tuple[MarkPart, ...]], place: int) -> tuple[MarkPart, ...]:
    first = group[0]
    if place >= len(first) or len(group) == 1:
        return first
    values = tuple(value for mark in group for value in mark[place].values)
    return (*first[:place], msgspec.structs.replace(first[place], values=values), *first[place + 1 :])
