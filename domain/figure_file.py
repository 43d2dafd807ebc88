"""A figure's `dict_kwargs` in a dashboard file: the parameters of Plotly Express by their names, as Depictio 1.5 has
them, and the bindings of the tile itself.
"""  # noqa: D205 -- the sentence needs both lines.

from collections.abc import Mapping
from typing import Any

import msgspec

from domain.depictio_file import plain
from domain.errors import Problem
from domain.figure_parameters import FIELDS, parameters, problems, unknown
from domain.figure_refusals import idle
from domain.tiles import FigureTile, TileBase, Visu

BINDINGS = ("x", "y", "color", "size", "hover")
"""The fields of the tile that are written into `dict_kwargs`; its options are, too."""
_OWN = tuple({field.name for field in msgspec.structs.fields(FigureTile)}
             - {field.name for field in msgspec.structs.fields(TileBase)} - {"options"})  # fmt: skip


def bindings(values: dict[str, Any]) -> dict[str, Any]:
    """What stands in `dict_kwargs`; it is taken out of the tile's values."""
    bound = {name: values.pop(name) for name in BINDINGS if name in values}
    return {**bound, **values.pop("options", {})}


def used(tile: FigureTile) -> FigureTile:
    """The tile without fields that its kind leaves without effect; tiles have been stored with them."""
    known = parameters(tile.visu_type)
    by_express = {**tile.options, **{name: getattr(tile, field) for name, field in FIELDS.items()}}
    left = {name for name in FIELDS if name not in known} | {name for name, _ in idle(tile.visu_type, by_express)}
    defaults = {field.name: field.default for field in msgspec.structs.fields(FigureTile)}
    fields = {FIELDS[name]: defaults[FIELDS[name]] for name in left & set(FIELDS)}
    options = {name: value for name, value in tile.options.items() if name not in left}
    return msgspec.structs.replace(tile, **fields, options=options)


def figure_values(
    component: Mapping[str, Any], given: Mapping[str, Any], found: list[Problem], prefix: str
) -> dict[str, Any]:
    """The values of a tile that `given` means: fields, and `options`. What is wrong is added to `found`."""
    kind = component.get("visu_type")
    if kind not in {one.value for one in Visu}:
        # The tile itself says which kinds there are.
        return {key: value for key, value in given.items() if key in _OWN}
    visu = Visu(str(kind))
    values: dict[str, Any] = {}
    options: dict[str, Any] = {}
    for key, written in given.items():
        value = plain(written)
        name = FIELDS.get(str(key), str(key))
        said = None if name in _OWN and key not in FIELDS else unknown(visu, str(key), _OWN)
        if name in _OWN and (not said or value in (None, False)):
            values[name] = _columns(value) if key == "hover_data" else value
            continue
        if said:
            found.append(Problem(f"{prefix}{key}", said))
        elif value is not None:
            options[str(key)] = value
    found += [Problem(f"{prefix}{one.place.removeprefix('options.')}", one.message) for one in problems(visu, options)]
    found += [Problem(f"{prefix}{name}", said) for name, said in idle(visu, given) if name in FIELDS]
    return {**values, "options": options} if options else values


def _columns(value: Any) -> Any:
    """The columns that Plotly Express shows on hover: a list, one name, or a mapping of which some are off."""
    if isinstance(value, Mapping):
        return [name for name, shown in value.items() if shown is not False]
    return [value] if isinstance(value, str) else value
