"""A dashboard file (DESIGN.md chapter 6), already decoded, as a title and tiles; every fault is named."""

from collections.abc import Callable, Mapping
from typing import Any, get_args

import msgspec

from domain import card_tile, image_tile, table_tile
from domain.dashboards import Dashboard, division_of
from domain.depictio_file import IS_CODE, is_code, without_looks
from domain.division_file import divided, head_of, undivided
from domain.division_file import unknown_keys as _unknown
from domain.errors import Invalid, Problem
from domain.figure_file import bindings, figure_values, used
from domain.figure_roles import missing_role
from domain.pins import Pin, pins_in, written_pins
from domain.tabs import Division
from domain.tile_rules import tile_problems
from domain.tiles import FigureTile, Tile
from domain.wording import tr

NAMED = ("title", "subtitle", "project_tag")
HEAD = (*NAMED, "filter_sections", "grid_sections", "breakpoints", "pins", "filter_expr", "components")
OPTIONS = ("dict_kwargs", "figure_params")
"""Where a figure's bindings may stand: `figure_params` is another name for `dict_kwargs`."""
AS_COMPONENT: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "card": card_tile.as_component,
    "image": image_tile.as_component,
    "table": table_tile.as_component,
}
"""What makes this version's keys of those of Depictio 1.5."""
TAGS: dict[str, type] = {str(kind.__struct_config__.tag): kind for kind in get_args(Tile)}


class DashboardFile(msgspec.Struct, frozen=True):
    """What a dashboard file says; tiles keep their place and are keyed by their tag."""

    title: str
    subtitle: str
    tiles: dict[str, Tile]
    division: Division = Division()
    pins: dict[str, Pin] = {}


def dashboard_file(document: object, collections: Mapping[str, str]) -> DashboardFile:
    """Read a dashboard file; `collections` gives the id of each data collection by its tag.

    Raises:
        Invalid: naming every unknown key, unknown tag and value of a wrong type, with its place.
    """
    problems: list[Problem] = []
    head = head_of(document) if isinstance(document, Mapping) else None
    if not isinstance(document, Mapping) or not isinstance(head, Mapping) or not isinstance(head.get("title"), str):
        raise Invalid(tr("The dashboard file cannot be read."), (Problem("title", tr("write the dashboard's title")),))
    division, parts = divided(document, HEAD, problems)
    subtitle = head.get("subtitle") or ""
    if not isinstance(subtitle, str):
        problems.append(Problem("subtitle", tr("must be text")))
    pins = pins_in(head.get("pins"), collections, problems)
    tiles: dict[str, Tile] = {}
    for part in parts:
        components = part.components
        if not isinstance(components, list):
            problems.append(Problem(f"{part.place}components", tr("must be a list")))
            continue
        for number, component in enumerate(components):
            place = f"{part.place}components[{number}]"
            tile = _tile(component, collections, problems, f"{place}.", f"tile-{len(tiles) + 1}")
            if tile is not None and tile.id in tiles:
                problems.append(Problem(f"{place}.tag", tr("{id!r} is the tag of another component", id=tile.id)))
            elif tile is not None:
                tiles[tile.id] = msgspec.structs.replace(tile, tab=part.tab)
    if problems:
        raise Invalid(tr("The dashboard file cannot be used."), tuple(problems))
    return DashboardFile(head["title"], subtitle, tiles, division, pins)


def written(dashboard: Dashboard, names: Mapping[str, str]) -> dict[str, Any]:
    """The dashboard as a file, which `dashboard_file` reads to the same tiles and tabs; defaults are left out.

    `names` gives the tag of each data collection by its id; one that is gone stands there by its id.
    """
    head: dict[str, Any] = {"title": dashboard.title} | ({"subtitle": dashboard.subtitle} if dashboard.subtitle else {})
    head |= {"pins": written_pins(dashboard.pins, names)} if dashboard.pins else {}
    components: dict[str, list[object]] = {}
    for tile in (*dashboard.filters, *dashboard.grid_tiles):
        components.setdefault(dashboard.home(tile).tab, []).append(_component(tile, names))
    return undivided(head, division_of(dashboard), components)


def _component(tile: Tile, names: Mapping[str, str]) -> dict[str, Any]:
    kind = type(tile)
    tile = used(tile) if isinstance(tile, FigureTile) else tile
    defaults = {field.name: field.default for field in msgspec.structs.fields(kind)}
    values = {name: value for name, value in msgspec.structs.asdict(tile).items() if value != defaults[name]}
    component: dict[str, Any] = {"tag": values.pop("id"), "component_type": str(kind.__struct_config__.tag)}
    if "collection_id" in values:
        component["data_collection_tag"] = names.get(values["collection_id"], values["collection_id"])
    for name in ("id", "tab", "version", "collection_id", "layout"):
        values.pop(name, None)
    bound = bindings(values) if isinstance(tile, FigureTile) else {}
    component |= values | ({"dict_kwargs": bound} if bound else {}) | {"layout": tile.layout}
    # Through JSON, which has lists where structs have tuples.
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(component))
    return plain


def component_tile(component: object, collections: Mapping[str, str]) -> Tile:
    """Read one component by itself; without a tag its id is `tile`.

    Raises:
        Invalid: as `dashboard_file` does; places begin at the component.
    """
    problems: list[Problem] = []
    tile = _tile(component, collections, problems, "", "tile")
    problems += [] if tile is None or problems else tile_problems(tile)
    if tile is None or problems:
        raise Invalid(tr("The component cannot be used."), tuple(problems))
    return tile


def _tile(
    component: object, collections: Mapping[str, str], problems: list[Problem], prefix: str, default_id: str
) -> Tile | None:
    """The tile, or None; what is wrong is added to `problems`, each place after `prefix`."""
    if not isinstance(component, Mapping) or str(component.get("component_type")) not in TAGS:
        problems.append(Problem(f"{prefix}component_type", tr("must be one of {known}", known=", ".join(sorted(TAGS)))))
        return None
    if is_code(component):
        problems.append(Problem(f"{prefix}mode", IS_CODE))
        return None
    component = without_looks(component)
    values: dict[str, Any] = {key: value for key, value in component.items() if key not in OPTIONS}
    for key in OPTIONS:
        given = component.get(key) or {}
        if not isinstance(given, Mapping):
            problems.append(Problem(f"{prefix}{key}", tr("must be a mapping of properties to columns")))
            return None
        if component["component_type"] == "figure":
            given = figure_values(component, given, problems, f"{prefix}{key}.")
        # A binding never changes what kind of tile it belongs to.
        options = {**values.get("options", {}), **given.get("options", {})}
        values |= {**given, **({"options": options} if options else {}), "component_type": component["component_type"]}
    values["id"] = values.pop("tag", "") or default_id
    values.pop("workflow_tag", None)
    values = AS_COMPONENT.get(str(values["component_type"]), dict)(values)
    if "data_collection_tag" in values:
        tag = str(values.pop("data_collection_tag"))
        values["collection_id"] = collections.get(tag, "")
        if tag not in collections:
            problems.append(
                Problem(f"{prefix}data_collection_tag", tr("the project has no data collection {tag!r}", tag=tag))
            )
    # The tab is the one under which the component stands.
    known = [field.name for field in _fields(values) if field.name != "tab"]
    found = _unknown(prefix, values, [*known, "component_type"])
    problems += found
    try:
        tile: Tile = msgspec.convert(values, Tile)
    except msgspec.ValidationError as error:
        problems.append(Problem(prefix.rstrip("."), str(error)))
        return None
    missing = missing_role(tile) if isinstance(tile, FigureTile) else None
    if missing:
        problems.append(
            Problem(prefix.rstrip("."), tr("names no column for `{missing}` in its dict_kwargs", missing=missing))
        )
        return None
    return tile


def _fields(values: Mapping[str, Any]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(TAGS[str(values["component_type"])])
