"""Which column plays which role in a figure, the same for every kind: what the engine and the drawings go by.

Bars that lie on their side are asked for and computed like those that stand; so are angles and radii like x and y.
"""

import msgspec

from domain.errors import Problem
from domain.figure_parameters import FIELDS, columns_of, is_horizontal, parameters, required
from domain.tiles import FigureTile, Visu
from domain.wording import tr

SPLITS = ("facet_row", "facet_col", "pattern_shape", "line_dash", "line_group", "symbol")
"""Parameters that part the groups of a figure further than its colour, in the order of the frames' columns."""
FACETS = ("facet_row", "facet_col")
_RENAMED: dict[Visu, tuple[str, ...]] = {
    Visu.SCATTER_POLAR: ("theta", "r"),
    Visu.LINE_POLAR: ("theta", "r"),
    Visu.BAR_POLAR: ("theta", "r"),
    Visu.SCATTER_TERNARY: ("a", "b"),
    Visu.TIMELINE: ("x_start", "y"),
    Visu.PIE: ("names", "values"),
    Visu.FUNNEL_AREA: ("names", "values"),
}
LYING = frozenset({Visu.BAR, Visu.HISTOGRAM, Visu.BOX, Visu.VIOLIN, Visu.STRIP, Visu.FUNNEL})
"""Kinds that may lie on their side."""


def bound(tile: FigureTile, name: str) -> str | None:
    """The column that a parameter of Plotly Express names, if it names one."""
    found = getattr(tile, name) if name in {"x", "y", "color", "size"} else tile.options.get(name)
    return found if isinstance(found, str) and found else None


def several(tile: FigureTile, name: str) -> list[str]:
    """The columns that a parameter names."""
    found = tile.options.get(name)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list | tuple) else []


def lies(tile: FigureTile) -> bool:
    """Whether its groups stand along the y axis."""
    return tile.visu_type in LYING and is_horizontal(tile.visu_type, tile.options)


def canonical(tile: FigureTile) -> FigureTile:
    """The tile with what groups it, or the first coordinate, as `x`, and the number or the second one as `y`."""
    if lies(tile):
        turned = msgspec.structs.replace(tile, x=tile.y or "", y=tile.x or None, log_x=tile.log_y, log_y=tile.log_x)
        return _of_one(turned) if not turned.x else turned
    names = _RENAMED.get(tile.visu_type)
    if names is None:
        return _of_one(tile) if not tile.x else tile
    x, y = (bound(tile, name) for name in names)
    return msgspec.structs.replace(tile, x=x or "", y=y)


def _of_one(tile: FigureTile) -> FigureTile:
    """Values without a column that groups them: theirs is the first one."""
    return msgspec.structs.replace(tile, x=tile.y or "", y=None)


def splits(tile: FigureTile) -> dict[str, str]:
    """The columns that part a figure of groups, by role: its colour and `SPLITS`."""
    roles = {"color": tile.color} | {name: bound(tile, name) for name in SPLITS}
    return {role: name for role, name in roles.items() if name}


def facets(tile: FigureTile) -> dict[str, str]:
    """The columns that part a figure into panels, by role."""
    return {role: name for role in FACETS if (name := bound(tile, role))}


def levels(tile: FigureTile) -> list[str]:
    """The columns of a hierarchy, from root to leaf."""
    name = bound(tile, "names")
    return several(tile, "path") or ([name] if name else [])


def coloured_by(tile: FigureTile) -> str | None:
    """The column whose categories have the colours of the figure."""
    match tile.visu_type:
        case Visu.PIE | Visu.FUNNEL_AREA:
            return tile.color or bound(tile, "names")
        case Visu.SUNBURST | Visu.TREEMAP | Visu.ICICLE:
            return tile.color or next(iter(levels(tile)), None)
    return tile.color


def missing_role(tile: FigureTile) -> str | None:
    """The parameter that a figure of this kind begins with, when it names no column; the engine asks for the others."""
    name = required(tile.visu_type, tile.options)[0]
    return None if bound(tile, name) or several(tile, name) else name


def figure_columns(tile: FigureTile) -> tuple[str | None, ...]:
    """Every column that a figure reads, some of them twice or missing."""
    own = (tile.x, tile.y, tile.color, tile.size, tile.selection_column, *tile.hover)
    return (*own, *columns_of(tile.visu_type, tile.options))


def marginals(tile: FigureTile) -> dict[str, str]:
    """The kind of each distribution that stands along an axis, as `marginal_x` and `marginal_y`."""
    found = {"marginal_x": tile.options.get("marginal_x") or tile.options.get("marginal"),
             "marginal_y": tile.options.get("marginal_y")}  # fmt: skip
    return {name: str(kind) for name, kind in found.items() if kind}


def marginal_tile(tile: FigureTile, name: str, kind: str, *, grouped: bool) -> FigureTile:
    """The figure that a marginal of a canonical tile is by itself, with its panels; `grouped`: by the tile's colour."""
    column, by_color = (tile.x if name == "marginal_x" else tile.y or ""), grouped and tile.color is not None
    stands = by_color and kind != "histogram"
    is_rug = kind == "rug"
    is_log = tile.log_x if name == "marginal_x" else tile.log_y
    return msgspec.structs.replace(
        tile,
        # A rug is a strip of marks, along an axis that it shares.
        visu_type=Visu.STRIP if is_rug else Visu(kind),
        x=(tile.color or "") if stands else column,
        y=column if stands else None,
        color=tile.color if by_color else None,
        size=None,
        hover=(),
        log_y=is_log if is_rug else tile.log_y,
        options={role: tile.options[role] for role in FACETS if role in tile.options},
    )


def has_points(tile: FigureTile) -> bool:
    """Whether its rows are drawn as points beside its boxes or violins."""
    return tile.visu_type in {Visu.BOX, Visu.VIOLIN} and tile.options.get("points") == "all"


LENIENT = frozenset({Visu.SCATTER, Visu.BAR, Visu.LINE, Visu.HISTOGRAM, Visu.BOX})
"""Kinds of which tiles have been stored with fields that they do not use; these are still taken."""


def unused_fields(tile: FigureTile) -> list[Problem]:
    """The fields that are set although the kind cannot honour them."""
    if tile.visu_type in LENIENT:
        return []
    known = parameters(tile.visu_type)
    given = [(name, field) for name, field in FIELDS.items() if getattr(tile, field) and name not in known]
    return [Problem(field, tr("{kind} does not use it; leave it out", kind=tile.visu_type.value)) for _, field in given]
