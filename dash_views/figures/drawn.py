"""What every kind of figure is drawn with: its tile, the whole frame, colours, and how columns are named."""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

import msgspec
import polars as pl

from dash_views.figures.arrays import categories, packed
from dash_views.figures.colours import SCALE, Palette, nth
from dash_views.figures.layout import Axes
from domain.express import SCALES, SEQUENCES
from domain.figure_parameters import scale_name
from domain.figure_roles import bound
from domain.tiles import FigureTile, Visu
from services.queries import Frame

Figure = dict[str, Any]
Trace = dict[str, Any]
SYMBOLS = ("circle", "diamond", "square", "x", "cross", "triangle-up", "star")
DASHES = ("solid", "dot", "dash", "longdash", "dashdot", "longdashdot")
PATTERNS = ("", "/", "\\", "x", "+", ".")
STYLES = {"symbol": SYMBOLS, "line_dash": DASHES, "pattern_shape": PATTERNS}
"""Roles that part traces further than their colour, and what their categories take in turn."""
PARTED = (Visu.BAR, Visu.HISTOGRAM, Visu.BOX, Visu.VIOLIN, Visu.STRIP, Visu.FUNNEL)
"""Kinds of which a click picks a mark of one trace, and not of another one at the same place."""
FEW_NUMBERS = 36
"""So many colours can stand beside each other, though hardly be told apart."""
UNNAMED = ("line_group",)
"""Those that part traces without a name of their own."""
LONGEST_TITLE = 60
LONGEST_SHORT = 24
"""Letters of a description that is said in place of the column's name where there is little room."""
WHOLE = 2.0**53
"""Numbers below it are written without a fraction where they have none."""


class Names(msgspec.Struct, frozen=True):
    """How columns are called: by the tile's labels, else by their descriptions, where these have room."""

    labels: Mapping[str, str] = {}
    titles: Mapping[str, str] = {}

    def short(self, column: str | None) -> str:
        """In legends and where the pointer rests."""
        title = self.titles.get(column or "", "")
        return self.labels.get(column or "") or (title if len(title) <= LONGEST_SHORT else "") or column or ""

    def axis(self, column: str | None) -> str:
        """Along an axis, where there is room for a description with its unit."""
        return self.labels.get(column or "") or self.titles.get(column or "") or column or ""


def title_of(description: str) -> str:
    """A description as the title of an axis; empty when it is too long for one."""
    said = description.strip().removesuffix(".")
    return said if len(said) <= LONGEST_TITLE and "\n" not in said else ""


class Drawing(msgspec.Struct, frozen=True):
    """A canonical tile with all that its traces need; `whole` is the frame of all its panels."""

    tile: FigureTile
    whole: Frame
    palette: Palette
    names: Names

    def option(self, name: str, default: Any = None) -> Any:
        """What the tile says of a parameter."""
        return self.tile.options.get(name, default)

    def says(self, name: str) -> bool:
        """Whether the tile turns a parameter on."""
        return bool(self.tile.options.get(name))

    def column(self, role: str) -> str | None:
        """The column of a role."""
        return bound(self.tile, role)

    def order(self, column: str | None, found: list[str]) -> list[str]:
        """Categories as `category_orders` has them, then the others by name."""
        first = [str(one) for one in self.option("category_orders", {}).get(column or "", ())]
        return [one for one in first if one in found] + sorted(set(found) - set(first))

    def axes(self, x: str | None, y: str | None, *, said: Mapping[str, str] | None = None, **more: Any) -> Axes:
        """The axes of two columns; `said` are the titles of those that show something else."""
        own = {"x": self.names.axis(x), "y": self.names.axis(y), "log_x": self.tile.log_x, "log_y": self.tile.log_y}
        own |= said or {}
        return Axes(**{**own, **more})

    def said(self, **values: str) -> str:
        """Hover texts: a line for each name, `template` in the words of Plotly."""
        return "<br>".join(f"{name} {value}" for name, value in values.items())

    def parts(self, data: pl.DataFrame) -> Iterator[tuple[pl.DataFrame, Trace]]:
        """The parts of a frame that are one trace each, with name, colour and other styles."""
        roles = [role for role in ("color", *STYLES, *UNNAMED) if role in data.columns and not self.is_scale(role)]
        if not roles:
            yield data, {"name": "", "marker": {"color": self.palette.colour("")}}
            return
        words = [_words(data, role) for role in roles]
        every = words if data is self.whole.data else [_words(self.whole.data, role) for role in roles]
        all_words = {
            role: self.order(self.column(role), one.unique().to_list()) for role, one in zip(roles, every, strict=True)
        }
        ranks = [{word: place for place, word in enumerate(all_words[role])} for role in roles]
        columns = [f"depictio_{role}" for role in roles]
        worded = data.with_columns(one.alias(name) for name, one in zip(columns, words, strict=True))
        keys = worded.select(columns).unique(maintain_order=True).rows()
        split = dict(zip(keys, worded.partition_by(columns, include_key=False), strict=True))
        for key in sorted(split, key=lambda key: [rank[word] for rank, word in zip(ranks, key, strict=True)]):
            style = self._style(dict(zip(roles, key, strict=True)), all_words)
            places = [(rank[word], len(rank)) for rank, word in zip(ranks, key, strict=True)]
            said = self._said_of_marks(dict(zip(roles, key, strict=True)))
            yield split[key], style | self._place_in_legend(places) | said

    def _said_of_marks(self, words: Mapping[str, str]) -> Trace:
        """What clicks.js asks of the traces of figures whose marks are picked."""
        return {"meta": {"parts": dict(words)}} if self.tile.selection_enabled and self.tile.visu_type in PARTED else {}

    def _place_in_legend(self, places: Sequence[tuple[int, int]]) -> Trace:
        """The same order in all panels, the first of which may lack a category."""
        if not {"facet_row", "facet_col"} & set(self.whole.data.columns):
            return {}
        return {"legendrank": reduce(lambda before, one: before * one[1] + one[0], places, 0) + 1}

    def _style(self, words: dict[str, str], all_words: dict[str, list[str]]) -> Trace:
        color = words.get("color", "")
        place = all_words["color"].index(color) if "color" in words else 0
        columns: dict[str | None, str] = {}
        for role, word in words.items():
            if role not in UNNAMED:
                columns.setdefault(self.column(role), word)
        name = ", ".join(columns.values())
        style: Trace = {"name": name, "marker": {"color": self.palette.colour(color, place)}}
        style |= {"legendgroup": name} if name else {}
        for role in set(words) & set(STYLES):
            known = self.option(f"{role}_map", {})
            usual = tuple(self.option(f"{role}_sequence") or STYLES[role])
            look = known.get(words[role]) or usual[all_words[role].index(words[role]) % len(usual)]
            match role:
                case "symbol":
                    style["marker"]["symbol"] = look
                case "pattern_shape":
                    style["marker"]["pattern"] = {"shape": look}
                case _:
                    style["line"] = {"dash": look}
        return style

    @property
    def legend(self) -> str | None:
        """The title of the legend; None when there is nothing to tell apart."""
        roles = [role for role in ("color", *STYLES) if role in self.whole.data.columns]
        columns = dict.fromkeys(self.names.short(self.column(role)) for role in roles if not self.is_scale(role))
        return ", ".join(columns) if columns else None

    def is_scale(self, role: str = "color") -> bool:
        """Whether the colour shows numbers on a scale; a few of them part bars and lines as categories do."""
        if role != "color" or "color" not in self.whole.data.columns:
            return False
        values = self.whole.data["color"]
        is_few = self.tile.visu_type in (*PARTED, Visu.LINE, Visu.AREA) and values.n_unique() <= FEW_NUMBERS
        return values.dtype == pl.Float64 and not is_few

    def scaled(self, values: pl.Series, *, coarse: bool = False) -> Trace:
        """A marker whose colour shows numbers."""
        bar = {
            "title": {"text": self.names.axis(self.tile.color), "side": "right"},
            "thickness": 12,
            "outlinewidth": 0,
        }
        looks = {
            "colorscale": self.scale,
            "showscale": True,
            "colorbar": bar,
            **self.ends("c", self.whole.data["color"]),
        }
        return {"color": packed(values, coarse=coarse), **looks}

    @property
    def scale(self) -> Any:
        """The colour scale, as Plotly has it."""
        given = self.option("color_continuous_scale")
        if given is None:
            return SCALE
        colours = list(given) if isinstance(given, list | tuple) else _known(given, SCALES)
        last = max(len(colours) - 1, 1)
        # Tuples, since lists count as columns (see `wire`), which are sent each time.
        return tuple(
            (place / last, colour) for place, colour in enumerate(colours if len(colours) > 1 else colours * 2)
        )

    def ends(self, letter: str, values: pl.Series) -> Trace:
        """The numbers at the ends of a colour scale, the same in all panels: those of `range_color` or of the data."""
        given, middle = self.option("range_color"), self.option("color_continuous_midpoint")
        low, high = given or (values.min(), values.max())
        if low is None or high is None:
            return {}
        if middle is not None and not given:
            reach = max(abs(high - middle), abs(low - middle))
            low, high = middle - reach, middle + reach
        return {f"{letter}min": low, f"{letter}max": high}

    def opacity(self, usual: float) -> float:
        """How opaque marks are."""
        return float(self.option("opacity", usual))


def palette_of(tile: FigureTile, palette: Palette) -> Palette:
    """The colours of the categories as the tile wants them: its own sequence and map before those of the column."""
    given, known = tile.options.get("color_discrete_sequence"), tile.options.get("color_discrete_map", {})
    if given is not None:
        sequence = tuple(given) if isinstance(given, list | tuple) else tuple(_known(given, SEQUENCES))
        own = {category: nth(place, sequence) for place, category in enumerate(palette.colours)}
        palette = Palette(own, sequence)
    return msgspec.structs.replace(palette, colours={**palette.colours, **known}) if known else palette


def _known(word: str, known: Mapping[str, str]) -> list[str]:
    """The colours of a scale or sequence; `_r` turns it round."""
    colours = [f"#{one}" for one in known[scale_name(word, known) or next(iter(known))].split()]
    return colours[::-1] if word.endswith("_r") else colours


def _words(data: pl.DataFrame, role: str) -> pl.Series:
    values = data[role]
    if values.dtype == pl.Float64 and (values == values.round()).all() and (values.abs() < WHOLE).all():
        values = values.cast(pl.Int64)
    return pl.Series(role, categories(values), dtype=pl.String)
