"""Which parameters of Plotly Express a kind of figure takes, typed and grouped, and what is wrong with those given.

Names, types and words are those of `express`, which is made of Plotly's own signatures; this module says which of
them are honoured here. What is not is an error, never ignored.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal

import msgspec

from domain.errors import Problem
from domain.express import PARAMETERS, SCALES, SEQUENCES, SIGNATURES, TEMPLATES
from domain.figure_refusals import idle, reason
from domain.shape import kind_of, nearest
from domain.tiles import Visu
from domain.wording import tr

Group = Literal["core", "common", "specific", "advanced"]
GROUPS: tuple[Group, ...] = ("core", "common", "specific", "advanced")

FIELDS = {
    "x": "x", "y": "y", "color": "color", "size": "size", "hover_data": "hover", "nbins": "nbins", "log_x": "log_x",
    "log_y": "log_y",
}  # fmt: skip
"""Parameters that are fields of a tile of their own."""
_FACETS = "facet_row facet_col facet_col_wrap facet_row_spacing facet_col_spacing"
_LOOKS = "labels color_discrete_sequence color_discrete_map template"
_ORDERED = f"category_orders {_LOOKS}"
_SCALE = "color_continuous_scale range_color color_continuous_midpoint"
_AXES = "log_x log_y range_x range_y"
_SYMBOLS = "symbol symbol_sequence symbol_map"
_PATTERNS = "pattern_shape pattern_shape_sequence pattern_shape_map"
_DASHES = "line_dash line_dash_sequence line_dash_map"
_POINTS = f"color {_SYMBOLS} hover_name hover_data {_ORDERED} {_SCALE} opacity"
_POLAR = "r theta direction start_angle range_r log_r"
_CELLS = f"x y labels template {_SCALE} text_auto range_x range_y"
_DENSITY = "x y labels template nbinsx nbinsy histnorm text_auto range_x range_y"
_TREE = f"path names values maxdepth {_LOOKS}"

_HONOURED: dict[Visu, str] = {
    Visu.SCATTER: (
        f"x y size text {_POINTS} {_FACETS} error_x error_x_minus error_y error_y_minus size_max marginal_x marginal_y "
        f"trendline trendline_options trendline_color_override trendline_scope render_mode {_AXES}"
    ),
    Visu.LINE: f"x y color line_group {_DASHES} {_FACETS} {_ORDERED} markers line_shape {_AXES}",
    Visu.AREA: f"x y color {_PATTERNS} {_FACETS} {_ORDERED} markers line_shape groupnorm {_AXES}",
    Visu.BAR: f"x y color {_PATTERNS} {_FACETS} {_ORDERED} opacity orientation barmode text_auto {_AXES}",
    Visu.HISTOGRAM: (
        f"x y color {_PATTERNS} {_FACETS} {_ORDERED} marginal opacity orientation barmode barnorm histnorm histfunc "
        f"cumulative nbins text_auto log_x log_y range_x range_y"
    ),
    Visu.BOX: f"x y color {_FACETS} {_ORDERED} orientation boxmode notched points hover_name hover_data {_AXES}",
    Visu.VIOLIN: f"x y color {_FACETS} {_ORDERED} orientation violinmode box points hover_name hover_data {_AXES}",
    Visu.STRIP: f"x y color {_FACETS} {_ORDERED} orientation stripmode hover_name hover_data {_AXES}",
    Visu.ECDF: f"x color {_DASHES} {_FACETS} {_ORDERED} markers lines marginal ecdfnorm ecdfmode {_AXES}",
    Visu.DENSITY_HEATMAP: f"{_DENSITY} {_SCALE} {_FACETS} category_orders marginal_x marginal_y",
    Visu.DENSITY_CONTOUR: (
        f"{_DENSITY} color {_FACETS} category_orders color_discrete_sequence color_discrete_map marginal_x marginal_y"
    ),
    Visu.HEATMAP: f"{_CELLS} z {_FACETS} category_orders",
    Visu.PIE: f"names values hole opacity {_ORDERED}",
    Visu.SUNBURST: _TREE,
    Visu.TREEMAP: _TREE,
    Visu.ICICLE: _TREE,
    Visu.FUNNEL: f"x y color {_FACETS} {_ORDERED} opacity orientation",
    Visu.FUNNEL_AREA: f"names values opacity {_LOOKS}",
    Visu.SCATTER_3D: f"x y z size text {_POINTS} size_max {_AXES} log_z range_z",
    Visu.SCATTER_MATRIX: f"dimensions {_POINTS}",
    Visu.PARALLEL_COORDINATES: f"dimensions color labels template {_SCALE}",
    Visu.PARALLEL_CATEGORIES: "dimensions color dimensions_max_cardinality labels template",
    Visu.SCATTER_POLAR: f"{_POLAR} size size_max text {_POINTS}",
    Visu.LINE_POLAR: f"{_POLAR} color {_DASHES} line_close markers {_ORDERED}",
    Visu.BAR_POLAR: f"{_POLAR} color barmode {_ORDERED}".replace(" log_r", ""),
    Visu.SCATTER_TERNARY: f"a b c size size_max text {_POINTS}",
    Visu.TIMELINE: f"x_start x_end y color {_FACETS} hover_name hover_data {_ORDERED} opacity",
}
_OWN = {"error_bars": ("choice", ("sd", "sem", "ci95"))}
"""Parameters that Plotly Express does not have: it draws a bar a row, where here a bar is the mean of many."""
_HONOURED[Visu.BAR] += " error_bars"
_HONOURED[Visu.LINE] += " error_bars"

_NAMESAKE = {Visu.HEATMAP: "density_heatmap"}
"""The function whose signature stands for a kind that Plotly Express makes of matrices."""
_REFUSED_WORDS = {
    "trendline": frozenset({"rolling", "expanding", "ewm"}),
    "violin.points": frozenset({"outliers", "suspectedoutliers"}),
}
"""What would need every row in the browser, by the parameter or one function's."""
_CORE = frozenset(["x", "y", "z", "r", "theta", "a", "b", "c", "names", "values", "path", "dimensions", "x_start",
                   "x_end", "color"])  # fmt: skip
_COMMON = frozenset(f"size symbol {_FACETS} hover_data hover_name labels template log_x log_y opacity".split())
_ADVANCED = re.compile(
    r"_(spacing|sequence|map|options|override|midpoint|minus)$|^(render_mode|category_orders|range_)"
)

REQUIRED: dict[Visu, tuple[str, ...]] = {
    Visu.SCATTER: ("x", "y"),
    Visu.HEATMAP: ("x", "y"),
    Visu.DENSITY_HEATMAP: ("x", "y"),
    Visu.DENSITY_CONTOUR: ("x", "y"),
    Visu.STRIP: ("y",),
    Visu.PIE: ("names",),
    Visu.FUNNEL_AREA: ("names",),
    Visu.SUNBURST: ("path",),
    Visu.TREEMAP: ("path",),
    Visu.ICICLE: ("path",),
    Visu.FUNNEL: ("y",),
    Visu.SCATTER_3D: ("x", "y", "z"),
    Visu.SCATTER_MATRIX: ("dimensions",),
    Visu.PARALLEL_COORDINATES: ("dimensions",),
    Visu.PARALLEL_CATEGORIES: ("dimensions",),
    Visu.SCATTER_POLAR: ("r", "theta"),
    Visu.LINE_POLAR: ("theta",),
    Visu.BAR_POLAR: ("theta",),
    Visu.SCATTER_TERNARY: ("a", "b", "c"),
    Visu.TIMELINE: ("x_start", "x_end", "y"),
}
"""Without these a kind cannot be drawn; of all others `x`, or `y` when they lie on their side."""

MAX_TEXT, MAX_ENTRIES = 500, 1_000
MAX_COLUMNS: dict[str, int] = {"path": 6, "dimensions": 12}
_BOUNDS: dict[str, tuple[float, float]] = {
    "opacity": (0, 1), "hole": (0, 0.95), "facet_row_spacing": (0, 0.5), "facet_col_spacing": (0, 0.5),
    "facet_col_wrap": (0, 12), "size_max": (1, 200), "nbinsx": (1, 500), "nbinsy": (1, 500), "maxdepth": (-1, 12),
    "start_angle": (-360, 360), "dimensions_max_cardinality": (1, 100),
}  # fmt: skip
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|(?:rgb|hsl|hsv)a?\(\s*[\d.]+%?\s*(?:,\s*[\d.]+%?\s*){2,3}\)|[a-zA-Z]{3,24}")
"""Colours as plotly.js reads them."""


class Parameter(msgspec.Struct, frozen=True):
    """One parameter: its type in the words of `express`, the words of a choice, and where a form shows it."""

    name: str
    type: str
    words: tuple[str, ...]
    group: Group
    required: bool = False

    @property
    def binds(self) -> bool:
        """Whether it names one column or several."""
        return self.type in {"column", "columns"}


@cache
def parameters(visu: Visu) -> Mapping[str, Parameter]:
    """What a kind of figure takes, by name, in the order in which a form shows it."""
    function = function_of(visu)
    signature = [*SIGNATURES[function].split(), *_OWN]
    honoured = dict.fromkeys(_HONOURED[visu].split())
    found = [_parameter(name, function, visu) for name in sorted(honoured, key=signature.index)]
    # A form begins with what must be chosen.
    ordered = sorted(found, key=lambda one: (GROUPS.index(one.group), not one.required))
    return {one.name: one for one in ordered}


def function_of(visu: Visu) -> str:
    """The Plotly Express function whose signature a kind has."""
    return _NAMESAKE.get(visu, visu.value)


def _parameter(name: str, function: str, visu: Visu) -> Parameter:
    type_, words = _OWN.get(name) or _said(PARAMETERS.get(f"{function}.{name}") or PARAMETERS[name])
    refused = _REFUSED_WORDS.get(name) or _REFUSED_WORDS.get(f"{function}.{name}") or frozenset()
    group: Group = "core" if name in _CORE else "common" if name in _COMMON else "specific"
    if _ADVANCED.search(name):
        group = "advanced"
    return Parameter(name, type_, tuple(word for word in words if word not in refused), group,
                     name in REQUIRED.get(visu, ()))  # fmt: skip


def _said(text: str) -> tuple[str, tuple[str, ...]]:
    type_, _, words = text.partition(" ")
    return type_, tuple(words.split("|")) if words else ()


def is_horizontal(visu: Visu, options: Mapping[str, Any]) -> bool:
    """Whether groups stand along the y axis."""
    default = "h" if visu is Visu.FUNNEL else "v"
    return bool(options.get("orientation", default) == "h")


def required(visu: Visu, options: Mapping[str, Any]) -> tuple[str, ...]:
    """The parameters without which such a figure cannot be drawn."""
    if visu is Visu.FUNNEL:
        return ("y",) if is_horizontal(visu, options) else ("x",)
    if visu in {Visu.SUNBURST, Visu.TREEMAP, Visu.ICICLE} and options.get("names"):
        return ("names",)
    if visu is Visu.STRIP:
        return ("x",) if is_horizontal(visu, options) else ("y",)
    return REQUIRED.get(visu) or (("y",) if is_horizontal(visu, options) else ("x",))


def columns_of(visu: Visu, options: Mapping[str, Any]) -> Iterator[str]:
    """The columns that the options name; also those of a tile that does not hold."""
    for name, parameter in parameters(visu).items():
        value = options.get(name)
        if parameter.type == "column" and isinstance(value, str):
            yield value
        elif parameter.type == "columns" and isinstance(value, list | tuple):
            yield from (one for one in value if isinstance(one, str))


def unknown(visu: Visu, name: str, also: tuple[str, ...] = ()) -> str | None:
    """What is wrong with a name; nothing when the kind takes it. `also` are other names that could be meant."""
    known = parameters(visu)
    if name in known:
        return None
    if name in SIGNATURES[function_of(visu)].split():
        return tr(
            "belongs to plotly.express.{function}, but dashboards do not use it; {reason}",
            function=function_of(visu),
            reason=reason(visu, name),
        )
    return tr("is not a parameter of {kind}; {nearest}", kind=visu.value, nearest=nearest(name, [*known, *also]))


def problems(visu: Visu, options: Mapping[str, Any], place: str = "options") -> list[Problem]:
    """Every fault of these options: names that the kind does not take, and values that do not fit."""
    found = []
    for name, value in options.items():
        own = FIELDS.get(name)
        said = tr("is the tile's own `{field}`; write it there", field=own) if own else unknown(visu, name)
        said = said or _wrong(parameters(visu)[name], value)
        if said:
            found.append(Problem(f"{place}.{name}", said))
    return found + [Problem(f"{place}.{name}", said) for name, said in idle(visu, options) if name not in FIELDS]


def _wrong(parameter: Parameter, value: Any) -> str | None:  # noqa: C901 -- one case a type.
    match parameter.type:
        case "column":
            return None if _is_text(value) else tr("is {kind}; name one column", kind=kind_of(value))
        case "columns":
            most = MAX_COLUMNS.get(parameter.name, MAX_ENTRIES)
            fits = isinstance(value, list) and 0 < len(value) <= most and all(map(_is_text, value))
            return None if fits else tr("must be a list of 1 to {most} columns", most=most)
        case "choice":
            return _wrong_choice(parameter, value)
        case "switch":
            return None if isinstance(value, bool) else tr("is {kind}; write true or false", kind=kind_of(value))
        case "integer" | "number":
            return _wrong_number(parameter, value)
        case "range":
            fits = isinstance(value, list) and len(value) == 2 and all(map(_is_end, value))  # noqa: PLR2004 -- both ends.
            return None if fits else tr("must be two ends, as in [0, 10]")
        case "words":
            return _wrong_words(parameter.name, value)
        case "mapping":
            return _wrong_mapping(parameter.name, value)
        case "orders":
            fits = isinstance(value, dict) and all(isinstance(one, list) and _texts(one) for one in value.values())
            return None if fits else tr("must give a list of categories for each column")
        case "options":
            return _wrong_trend(value)
    return _wrong_text(parameter.name, value)


def _wrong_choice(parameter: Parameter, value: Any) -> str | None:
    if value in parameter.words or (parameter.name == "points" and value is False):
        return None
    return tr("is {value!r}; {nearest}", value=value, nearest=nearest(str(value), parameter.words))


def _wrong_number(parameter: Parameter, value: Any) -> str | None:
    low, high = _BOUNDS.get(parameter.name, (-1e300, 1e300))
    kinds = int if parameter.type == "integer" else int | float
    if isinstance(value, bool) or not isinstance(value, kinds):
        if parameter.type == "integer":
            return tr("is {kind}; write a whole number", kind=kind_of(value))
        return tr("is {kind}; write a number", kind=kind_of(value))
    if low <= value <= high:
        return None
    return tr("is {value}; must be {low:g} to {high:g}", value=value, low=low, high=high)


def _wrong_words(name: str, value: Any) -> str | None:
    known = {"color_discrete_sequence": SEQUENCES, "color_continuous_scale": SCALES}.get(name)
    if known is not None and isinstance(value, str):
        if _known_case(value, known):
            return None
        return tr("is {value!r}; {nearest}", value=value, nearest=nearest(value, known))
    if not isinstance(value, list) or not value or not _texts(value):
        return tr("must be a list of words or the name of a sequence") if known else tr("must be a list of words")
    wrong = next((one for one in value if "color" in name and not is_colour(one)), None)
    return None if wrong is None else tr("{value!r} is not a colour; write one as #0072b2", value=wrong)


def _known_case(word: str, known: Mapping[str, str]) -> bool:
    return scale_name(word, known) is not None


def scale_name(word: str, known: Mapping[str, str]) -> str | None:
    """The name of a scale or sequence, whatever case it is written in; `_r` at its end turns it round."""
    bare = word.removesuffix("_r").lower()
    return next((name for name in known if name.lower() == bare), None)


def _wrong_mapping(name: str, value: Any) -> str | None:
    if not isinstance(value, dict) or not _texts([*value, *value.values()]):
        return tr("must give one word for each of them, as in {Adelie: '#0072b2'}")
    wrong = next((one for one in value.values() if name.startswith("color") and not is_colour(one)), None)
    return None if wrong is None else tr("{value!r} is not a colour; write one as #0072b2", value=wrong)


def _wrong_trend(value: Any) -> str | None:
    if not isinstance(value, dict):
        return tr("is {kind}; write a mapping", kind=kind_of(value))
    known = ("log_x", "log_y")
    bad = next((key for key in value if key not in known), None)
    if bad is not None:
        return tr("{bad!r} is not an option of ols; {nearest}", bad=bad, nearest=nearest(str(bad), known))
    return None if all(isinstance(one, bool) for one in value.values()) else tr("log_x and log_y are true or false")


def _wrong_text(name: str, value: Any) -> str | None:
    if name == "text_auto":
        fits = isinstance(value, bool) or (isinstance(value, str) and re.fullmatch(r"[-+.,~$%\w]{0,12}", value))
        return None if fits else tr("must be true, or a format such as .2f")
    if not _is_text(value):
        return tr("is {kind}; write text", kind=kind_of(value))
    if name == "template":
        parts = value.split("+")
        wrong = next((one for one in parts if one not in TEMPLATES.split()), None)
        if wrong is None:
            return None
        return tr("is {value!r}; {nearest}", value=wrong, nearest=nearest(wrong, TEMPLATES.split()))
    return None if is_colour(value) else tr("{value!r} is not a colour; write one as #0072b2", value=value)


def is_colour(value: str) -> bool:
    """Whether plotly.js can read it as a colour; a name is not looked up."""
    return bool(_COLOUR.fullmatch(value.strip()))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_TEXT


def _texts(values: list[Any]) -> bool:
    return len(values) <= MAX_ENTRIES and all(isinstance(one, str) and len(one) <= MAX_TEXT for one in values)


def _is_end(value: Any) -> bool:
    return isinstance(value, int | float | str) and not isinstance(value, bool)
