"""The fields of figures: every parameter that a kind takes, typed, in groups that fold; from the form to options.

A field that is no property of a tile of its own is called `px_` and the parameter's name.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from dash.development.base_component import Component

from dash_views.fields import ANY, DATES, NUMERIC, ORDERED, Control, Field
from dash_views.fold import Fold
from domain.aggregations import Aggregation
from domain.errors import Invalid, Problem
from domain.express import SCALES, SEQUENCES, TEMPLATES
from domain.figure_parameters import FIELDS, REQUIRED, Parameter, parameters
from domain.figure_refusals import idle
from domain.tiles import Visu
from domain.wording import tr

PREFIX = "px_"
USUAL = "usual"
"""Stands in a choice for no word at all."""
FOLDS = {"common": tr("More columns and looks"), "specific": tr("For this kind"), "advanced": tr("Advanced")}
AGGREGATED = frozenset({Visu.BAR, Visu.LINE, Visu.AREA, Visu.FUNNEL, Visu.HEATMAP, Visu.LINE_POLAR, Visu.BAR_POLAR})
"""Kinds of one number a group."""
LABELS = {
    "x": "X", "y": "Y", "z": "Z", "color": tr("Colour"), "size": tr("Size"), "hover_data": tr("Shown on hover"),
    "nbins": tr("Bins"), "log_x": tr("Logarithmic x"), "log_y": tr("Logarithmic y"), "log_z": tr("Logarithmic z"),
    "log_r": tr("Logarithmic radius"), "r": tr("Radius"), "theta": tr("Angle"), "a": tr("A (top)"), "b": tr("B (left)"),
    "c": tr("C (right)"), "names": tr("Names"), "values": tr("Values"), "path": tr("Levels"),
    "dimensions": tr("Columns"), "x_start": tr("Start"), "x_end": tr("End"), "symbol": tr("Symbol"),
    "facet_row": tr("Panels in rows"), "facet_col": tr("Panels in columns"), "facet_col_wrap": tr("Panels in a row"),
    "labels": tr("Names of columns"), "template": tr("Template"), "category_orders": tr("Order of categories"),
    "color_discrete_sequence": tr("Colours of categories"), "color_discrete_map": tr("Colour of each category"),
    "color_continuous_scale": tr("Colour scale"), "range_color": tr("Ends of the colour scale"),
    "color_continuous_midpoint": tr("Middle of the colour scale"), "trendline": tr("Trend line"),
    "marginal_x": tr("Distribution along x"), "marginal_y": tr("Distribution along y"),
    "marginal": tr("Distribution above"), "barmode": tr("Bars"), "barnorm": tr("Bars as shares"),
    "histfunc": tr("Height of bars"), "histnorm": tr("Heights as"), "error_bars": tr("Error bars"),
    "text": tr("Words at the points"), "hover_name": tr("Heading on hover"), "hole": tr("Hole"),
    "nbinsx": tr("Bins along x"), "nbinsy": tr("Bins along y"), "line_group": tr("A line for each"),
    "line_dash": tr("Dashes"), "pattern_shape": tr("Pattern"), "box": tr("Box inside"),
    "text_auto": tr("Numbers in the marks"), "range_x": tr("Range of x"), "range_y": tr("Range of y"),
    "range_z": tr("Range of z"), "range_r": tr("Range of the radius"), "boxmode": tr("Boxes of groups"),
    "violinmode": tr("Violins of groups"), "stripmode": tr("Strips of groups"),
    "dimensions_max_cardinality": tr("Most categories of a column"), "ecdfmode": tr("Count from"),
    "ecdfnorm": tr("Heights as"), "error_x_minus": tr("Error x to the left"), "error_y_minus": tr("Error y downwards"),
    "facet_col_spacing": tr("Space between columns of panels"), "facet_row_spacing": tr("Space between rows of panels"),
    "groupnorm": tr("Areas as shares"), "line_close": tr("Closed line"), "line_dash_map": tr("Dashes of each category"),
    "line_dash_sequence": tr("Kinds of dashes"), "line_shape": tr("Shape of lines"), "maxdepth": tr("Levels shown"),
    "pattern_shape_map": tr("Pattern of each category"), "pattern_shape_sequence": tr("Kinds of patterns"),
    "points": tr("Points"), "render_mode": tr("Drawn with"), "size_max": tr("Largest size in pixels"),
    "start_angle": tr("First angle"), "symbol_map": tr("Symbol of each category"),
    "symbol_sequence": tr("Kinds of symbols"), "trendline_color_override": tr("Colour of the trend line"),
    "trendline_options": tr("Options of the trend line"), "trendline_scope": tr("A trend line for"),
}  # fmt: skip
"""What fields are called, where the name of the parameter says too little."""
AS_NAMED = {
    "opacity": tr("Opacity"), "error_x": tr("Error x"), "error_y": tr("Error y"), "orientation": tr("Orientation"),
    "markers": tr("Markers"), "lines": tr("Lines"), "cumulative": tr("Cumulative"), "notched": tr("Notched"),
    "direction": tr("Direction"),
}  # fmt: skip
"""What the others are called."""
HELP = {
    "points": tr("all: a point for each row; of very many rows a sample that keeps the ends."),
    "labels": tr("column: name; column: name"), "category_orders": tr("column: first, second; column: …"),
    "color_discrete_map": tr("category: #0072b2; category: …"), "symbol_map": tr("category: diamond; …"),
    "line_dash_map": tr("category: dash; …"), "pattern_shape_map": tr("category: /; …"), "range_x": tr("from, to"),
    "range_y": tr("from, to"), "range_z": tr("from, to"), "range_r": tr("from, to"), "range_color": tr("from, to"),
    "symbol_sequence": "circle, diamond, …", "line_dash_sequence": "solid, dot, …", "pattern_shape_sequence": "/, x, …",
    "trendline_options": "log_x: true", "text_auto": tr("yes, or a format as .2f"),
    "histfunc": tr("Of the values of Y in each bin; usual: rows are counted."),
    "path": tr("From the root to the leaves."), "values": tr("Empty: rows are counted."),
    "z": tr("Empty: rows are counted."), "opacity": tr("0 to 1"), "trendline_color_override": tr("as #0072b2"),
}  # fmt: skip
EMPTY_COUNTS = frozenset({Visu.HEATMAP})
NUMBERS = frozenset({"r", "a", "b", "c", "values", "size", "error_x", "error_x_minus", "error_y", "error_y_minus"})
NAMED: Mapping[str, Sequence[str]] = {
    "color_continuous_scale": tuple(SCALES),
    "color_discrete_sequence": tuple(SEQUENCES),
    "template": tuple(TEMPLATES.split()),
}
"""Parameters whose words have names to choose from."""
TRISTATE = frozenset({"markers", "lines"})
"""Switches that are on or off by what is drawn, unless somebody says otherwise."""
CONTROLS: dict[str, Control] = {
    "column": "column", "columns": "columns", "switch": "switch", "integer": "number", "number": "number",
    "choice": "choice",
}  # fmt: skip


def field_name(parameter: str) -> str:
    """What the form calls a parameter of Plotly Express."""
    return FIELDS.get(parameter, f"{PREFIX}{parameter}")


def figure_fields(visu: Visu, beside: Sequence[Field] = ()) -> tuple[Field, ...]:
    """The fields of a kind: `beside` first, which the form has for it already, then those of the other parameters."""
    known = {field.name for field in beside}
    made = [_field(visu, one) for one in parameters(visu).values() if field_name(one.name) not in known]
    core = [field for field in made if not field.group]
    aggregation = []
    if visu in AGGREGATED and "aggregation" not in known:
        aggregation = [Field("aggregation", tr("Aggregation"), "choice", choices=tuple(Aggregation))]
    later = sorted((field for field in made if field.group), key=lambda field: list(FOLDS.values()).index(field.group))
    return (*beside, *core, *aggregation, *later)


def _field(visu: Visu, parameter: Parameter) -> Field:
    name = parameter.name
    group = "" if parameter.group == "core" else FOLDS[parameter.group]
    label = LABELS.get(name) or AS_NAMED[name]
    if visu is Visu.HISTOGRAM and name == "y":
        # Its bars count rows, unless somebody wants their heights to be made of this column.
        group, label = FOLDS["specific"], tr("Heights from")
    control = CONTROLS.get(parameter.type, "text")
    choices: tuple[str, ...] = ()
    if parameter.type == "choice":
        choices = (USUAL, *parameter.words, *(("no",) if name == "points" else ()))
    elif name in NAMED:
        control, choices = "choice", (USUAL, *NAMED[name])
    elif name in TRISTATE:
        control, choices = "choice", (USUAL, "yes", "no")
    return Field(
        field_name(name), label, control, _kinds(visu, name), choices, required=name in REQUIRED.get(visu, ()),
        help=HELP.get(name, "") if name != "z" or visu in EMPTY_COUNTS else "", least=None, group=group,
        only_for=_only_for(visu, name),
    )  # fmt: skip


def _only_for(visu: Visu, name: str) -> tuple[str, tuple[str, ...]] | None:
    """What must be chosen before the parameter has an effect."""
    if visu in {Visu.BOX, Visu.VIOLIN} and name in {"hover_data", "hover_name"}:
        return f"{PREFIX}points", ("all",)
    lying = visu in {Visu.BOX, Visu.VIOLIN, Visu.STRIP, Visu.HISTOGRAM} and name == "log_x"
    return (f"{PREFIX}orientation", ("h",)) if lying else None


def _kinds(visu: Visu, name: str) -> Any:
    spread = (visu in {Visu.VIOLIN, Visu.STRIP} and name == "y") or (visu is Visu.ECDF and name == "x")
    if name in NUMBERS or spread or (visu is Visu.PARALLEL_COORDINATES and name == "dimensions"):
        return NUMERIC
    if name in {"x_start", "x_end"}:
        return DATES
    placed = visu in {Visu.SCATTER_3D, Visu.DENSITY_HEATMAP, Visu.DENSITY_CONTOUR} and name in {"x", "y", "z"}
    return ORDERED if placed or (visu is Visu.SCATTER_MATRIX and name == "dimensions") else ANY


def shown_options(visu: Visu, values: dict[str, Any]) -> dict[str, Any]:
    """The keys of a figure as the form shows them: each option in a field of its own."""
    found = {key: value for key, value in values.items() if key != "options"}
    for name, value in values.get("options", {}).items():
        parameter = parameters(visu).get(name)
        found[f"{PREFIX}{name}"] = _shown(parameter, value) if parameter else value
    return found


def own_options(visu: Visu, values: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of a figure from what the form holds.

    Raises:
        Invalid: naming the field whose text cannot be read.
    """
    found = {key: value for key, value in values.items() if not key.startswith(PREFIX) and key != "options"}
    options: dict[str, Any] = {}
    for name, parameter in parameters(visu).items():
        value = values.get(f"{PREFIX}{name}")
        if value in (None, "", [], USUAL, False):
            continue
        try:
            options[name] = _read(parameter, value)
        except (ValueError, msgspec.DecodeError):
            label = LABELS.get(name) or AS_NAMED[name]
            problem = Problem(label, HELP.get(name, tr("write it as shown")))
            raise Invalid(tr("{field} cannot be read.", field=label), (problem,)) from None
    given = options | {name: found.get(field) for name, field in FIELDS.items()}
    for name, _ in idle(visu, given):
        # What is hidden because something else was chosen must not keep the tile from being saved.
        if _only_for(visu, name):
            options.pop(name, None)
            found.pop(FIELDS.get(name, name), None)
    return {**found, **({"options": options} if options else {})}


def _shown(parameter: Parameter, value: Any) -> Any:
    """As one writes it; as JSON where that could be read otherwise."""
    if parameter.name in TRISTATE and isinstance(value, bool):
        return "yes" if value else "no"
    if parameter.name == "points" and value is False:
        return "no"
    if parameter.name == "text_auto" and value is True:
        return "yes"
    if CONTROLS.get(parameter.type) or isinstance(value, str):
        return value
    words = _written(value)
    try:
        same = _read(parameter, words) == value
    except (ValueError, msgspec.DecodeError):
        same = False
    return words if same else msgspec.json.encode(value).decode()


def _written(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "; ".join(f"{key}: {_written(one) if isinstance(one, list) else one}" for key, one in value.items())


def _read(parameter: Parameter, value: Any) -> Any:
    if not isinstance(value, str) or parameter.type in {"column", "columns"}:
        return _whole(parameter, value)
    text = value.strip()
    if text[:1] in {"[", "{"}:
        return msgspec.json.decode(text)
    if parameter.name in TRISTATE or parameter.name in {"points", "text_auto"}:
        return {"yes": True, "no": False}.get(text, text)
    match parameter.type:
        case "range":
            return [_end(one) for one in text.split(",")]
        case "words" if parameter.name not in NAMED or "," in text:
            return [one.strip() for one in text.split(",")]
        case "mapping":
            return dict(_pairs(text))
        case "orders":
            return {key: [one.strip() for one in words.split(",")] for key, words in _pairs(text)}
        case "options":
            return {key: {"true": True, "yes": True, "false": False, "no": False}[word] for key, word in _pairs(text)}
    return text


def _whole(parameter: Parameter, value: Any) -> Any:
    """Controls of numbers give floats where whole numbers are meant, too."""
    return int(value) if parameter.type == "integer" and isinstance(value, float) and value.is_integer() else value


def _end(text: str) -> float | str:
    try:
        number = float(text)
    except ValueError:
        return text.strip()
    return int(number) if number.is_integer() and "." not in text else number


def _pairs(text: str) -> list[tuple[str, str]]:
    """Keys and words; a key may hold a colon, its word cannot.

    Raises:
        ValueError: when a part has no colon.
    """
    parts = [one.rpartition(":") for one in text.split(";") if one.strip()]
    if not all(colon for _, colon, _ in parts):
        raise ValueError(text)
    return [(key.strip(), word.strip()) for key, _, word in parts]


def folded(fields: Sequence[Field], controls: Sequence[Component], values: Mapping[str, Any]) -> list[Component]:
    """The controls of these fields; those of a group in a fold, which is open when one of them holds something."""
    made = [control for field, control in zip(fields, controls, strict=True) if not field.group]
    for group in dict.fromkeys(field.group for field in fields if field.group):
        inside = [(field, one) for field, one in zip(fields, controls, strict=True) if field.group == group]
        is_used = any(values.get(field.name) not in (None, "", [], (), False) for field, _ in inside)
        made.append(Fold(group, [one for _, one in inside], is_open=is_used))
    return made
