"""The form of a tile: from the form to the tile and back, what is missing, first suggestions, ids of new tiles."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash_views.builder.gallery_view import gallery
from dash_views.fold import Fold
from dash_views.form_view import form, question
from dash_views.forms import BY_NAME, KINDS, Field, Kind, kind_name, kind_named, moved, suggested, tile_of, values_of
from dash_views.ids import part
from dash_views.saves import tile_id_for
from domain.collections import Column, ColumnKind, DataCollection
from domain.errors import Invalid
from domain.figure_parameters import parameters
from domain.map_tile import Boundaries, MapAggregation, MapKind, MapStyle
from domain.rows import SortKey
from domain.text import IDENTIFIER
from domain.tile_rules import tile_problems
from domain.tiles import (
    Aggregation,
    Box,
    CardTile,
    FigureTile,
    FilterTile,
    FilterWidget,
    ImageTile,
    MapTile,
    TableTile,
    TextTile,
    Tile,
    Visu,
)

NUMBERS = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
PENGUINS = DataCollection(
    id="penguins",
    project_id="p",
    tag="penguins_complete",
    workflow="survey",
    rows=342,
    columns=(
        Column("depictio_run_id", "String", ColumnKind.TEXT),
        Column("individual_id", "String", ColumnKind.TEXT),
        *(Column(name, "Float64", ColumnKind.NUMBER) for name in NUMBERS),
        Column("island", "String", ColumnKind.TEXT),
        Column("sex", "String", ColumnKind.TEXT),
        Column("year", "Int64", ColumnKind.NUMBER),
        Column("species", "String", ColumnKind.TEXT),
        Column("seen", "Date", ColumnKind.DATE),
    ),
)
DISTINCT = {"individual_id": 342, "island": 3, "sex": 2, "year": 3, "species": 3, "seen": 100}
BOX = {"x": 1, "y": 2, "w": 3, "h": 4}
BASE = {"id": "t", "version": 7, "layout": BOX, "section": "", "description": "kept"}

FIGURE = {"collection_id": "c", "title": "T", "x": "bill_length_mm"}
STORED = {"id": "t", "version": 7, "layout": Box(**BOX), "description": "kept", "title": "T", "collection_id": "c"}
PLACES = {"collection_id": "c", "title": "T", "lat_column": "lat", "lon_column": "lon"}
FILLED: list[tuple[str, dict[str, Any], Tile]] = [
    (
        "scatter",
        FIGURE
        | {"y": "bill_depth_mm", "color": "species", "size": "body_mass_g", "hover": ["sex"], "log_x": True}
        | {"log_y": False, "selection_enabled": False, "selection_column": "individual_id"},
        FigureTile(
            visu_type=Visu.SCATTER, x="bill_length_mm", y="bill_depth_mm", color="species", size="body_mass_g",
            hover=("sex",), log_x=True, selection_enabled=False, selection_column="individual_id", **STORED,
        ),
    ),
    (
        "bar",
        FIGURE | {"y": "body_mass_g", "aggregation": "sum", "color": "sex", "log_y": True},
        FigureTile(
            visu_type=Visu.BAR, x="bill_length_mm", y="body_mass_g", aggregation=Aggregation.SUM, color="sex",
            log_y=True, **STORED,
        ),
    ),
    (
        "line",
        FIGURE | {"y": None, "aggregation": "count", "color": "", "log_x": True},
        FigureTile(visu_type=Visu.LINE, x="bill_length_mm", aggregation=Aggregation.COUNT, log_x=True, **STORED),
    ),
    (
        "histogram",
        FIGURE | {"nbins": 20, "color": None},
        FigureTile(visu_type=Visu.HISTOGRAM, x="bill_length_mm", nbins=20, **STORED),
    ),
    (
        "box",
        FIGURE | {"x": "species", "y": "body_mass_g"},
        FigureTile(visu_type=Visu.BOX, x="species", y="body_mass_g", **STORED),
    ),
    (
        "scatter_map",
        PLACES
        | {"color_column": "sex", "size_column": "year", "hover_columns": ["sex"], "selection_enabled": False}
        | {"selection_column": "sex", "size_max": 9, "opacity": 0.5, "default_zoom": 3, "map_style": "boundaries"},
        MapTile(
            lat_column="lat", lon_column="lon", color_column="sex", size_column="year", hover_columns=("sex",),
            selection_enabled=False, selection_column="sex", size_max=9, opacity=0.5, default_zoom=3.0,
            map_style=MapStyle.BOUNDARIES, **STORED,
        ),
    ),
    (
        "density_map",
        PLACES | {"z_column": "year", "radius": 5, "color_continuous_scale": "Hot"},
        MapTile(
            map_type=MapKind.DENSITY, lat_column="lat", lon_column="lon", z_column="year", radius=5,
            color_continuous_scale="Hot", **STORED,
        ),
    ),
    (
        "choropleth_map",
        {"collection_id": "c", "title": "T", "locations_column": "land", "boundaries": "us-states"}
        | {"color_column": "year", "choropleth_aggregation": "max"},
        MapTile(
            map_type=MapKind.CHOROPLETH, locations_column="land", boundaries=Boundaries.US_STATES, color_column="year",
            choropleth_aggregation=MapAggregation.MAX, **STORED,
        ),
    ),
    (
        "card",
        {"collection_id": "c", "title": "T", "column_name": "year", "aggregation": "max", "decimals": 0, "unit": "a"},
        CardTile(column_name="year", aggregation=Aggregation.MAX, decimals=0, unit="a", **STORED),
    ),
    (
        "table",
        {"collection_id": "c", "title": "T", "columns": ["sex", "year"], "selection_column": "year"},
        TableTile(columns=("sex", "year"), selection_column="year", **STORED),
    ),
    (
        "image",
        {"collection_id": "c", "title": "T", "image_column": "sex", "caption_columns": ["year"], "columns": 3}
        | {"sort": ["-year"], "selection_enabled": False, "max_images": 9},
        ImageTile(
            image_column="sex", caption_columns=("year",), columns=3, sort=(SortKey("year", descending=True),),
            selection_enabled=False, max_images=9, **STORED,
        ),
    ),
    (
        "text",
        {"title": "T", "body": "# Words"},
        TextTile(body="# Words", **{key: value for key, value in STORED.items() if key != "collection_id"}),
    ),
    *(
        (
            widget.value,
            {"collection_id": "c", "title": "T", "column_name": "sex"},
            FilterTile(column_name="sex", interactive_component_type=widget, **STORED),
        )
        for widget in FilterWidget
    ),
]  # fmt: skip


BOUND: dict[Visu, tuple[dict[str, Any], dict[str, Any]]] = {
    Visu.AREA: ({"x": "seen", "y": "year"}, {"groupnorm": "percent"}),
    Visu.VIOLIN: ({"x": "sex", "y": "year"}, {"box": True, "orientation": "v"}),
    Visu.STRIP: ({"x": "sex", "y": "year"}, {"stripmode": "overlay"}),
    Visu.ECDF: ({"x": "year"}, {"lines": False, "ecdfnorm": "percent"}),
    Visu.DENSITY_HEATMAP: ({"x": "year", "y": "seen"}, {"nbinsx": 12, "range_x": [0, 9.5]}),
    Visu.DENSITY_CONTOUR: ({"x": "year", "y": "seen"}, {"histnorm": "percent"}),
    Visu.HEATMAP: ({"x": "sex", "y": "island"}, {"z": "year", "text_auto": ".2f", "color_continuous_scale": "Plasma"}),
    Visu.PIE: ({}, {"names": "sex", "hole": 0.4}),
    Visu.SUNBURST: ({}, {"path": ["island", "sex"], "values": "year"}),
    Visu.TREEMAP: ({}, {"path": ["island"], "maxdepth": 2}),
    Visu.ICICLE: ({}, {"path": ["island"], "labels": {"island": "Place: where"}}),
    Visu.FUNNEL: ({"y": "island", "x": "year"}, {"category_orders": {"island": ["b", "a"], "sex": ["f"]}}),
    Visu.FUNNEL_AREA: ({}, {"names": "sex", "color_discrete_map": {"f": "#112233", "m": "red"}}),
    Visu.SCATTER_3D: ({"x": "year", "y": "seen"}, {"z": "year", "log_z": True}),
    Visu.SCATTER_MATRIX: ({"color": "sex"}, {"dimensions": ["year", "seen"]}),
    Visu.PARALLEL_COORDINATES: ({"color": "year"}, {"dimensions": ["year"], "range_color": [1, 2]}),
    Visu.PARALLEL_CATEGORIES: ({}, {"dimensions": ["sex", "island"], "dimensions_max_cardinality": 9}),
    Visu.SCATTER_POLAR: ({}, {"r": "year", "theta": "sex", "symbol": "sex"}),
    Visu.LINE_POLAR: ({}, {"r": "year", "theta": "sex", "markers": True}),
    Visu.BAR_POLAR: ({}, {"r": "year", "theta": "sex", "template": "plotly_white"}),
    Visu.SCATTER_TERNARY: ({}, {"a": "year", "b": "year", "c": "year", "symbol_sequence": ["x", "cross"]}),
    Visu.TIMELINE: ({"y": "sex"}, {"x_start": "seen", "x_end": "seen", "color_discrete_sequence": ["#112233"]}),
}
"""Fields and options of the kinds whose forms are made of their parameters."""
WRITTEN: dict[str, Any] = {
    "lines": "no", "markers": "yes", "range_x": "0, 9.5", "range_color": "1, 2", "labels": '{"island":"Place: where"}',
    "category_orders": "island: b, a; sex: f", "color_discrete_map": "f: #112233; m: red",
    "symbol_sequence": "x, cross", "color_discrete_sequence": '["#112233"]',
}  # fmt: skip
"""How the form shows options that no control has a type for."""
FILLED += [
    (
        visu.value,
        {"collection_id": "c", "title": "T"}
        | fields
        | {f"px_{key}": WRITTEN.get(key, one) for key, one in options.items()},
        FigureTile(visu_type=visu, **fields, options=options, **STORED),
    )
    for visu, (fields, options) in BOUND.items()
]  # fmt: skip


def names(values: list[Field] | tuple[Field, ...]) -> list[str]:
    return [field.name for field in values]


def test_the_gallery_offers_every_kind_of_tile() -> None:
    """Every figure, every map, every filter, cards, tables, images and text, each under a name of its own."""
    expected = {visu.value for visu in Visu} | {widget.value for widget in FilterWidget} | {"card", "table", "text"}
    expected |= {"image"}
    expected |= {kind.value for kind in MapKind}
    assert set(BY_NAME) == expected
    assert len(KINDS) == len(expected) == len(FILLED)
    entries = [one.id["name"] for one in within(gallery([PENGUINS]), "gallery-entry")]
    assert entries == [kind.name for kind in KINDS]


def within(node: Any, name: str) -> list[Any]:
    """The components of that class, in their order."""
    if isinstance(node, list | tuple):
        return [one for part in node for one in within(part, name)]
    found = [node] if name in str(getattr(node, "className", "") or "").split() else []
    return found + within(getattr(node, "children", None) or [], name) if hasattr(node, "to_plotly_json") else []


@pytest.mark.parametrize(("name", "values", "expected"), FILLED, ids=[name for name, _, _ in FILLED])
def test_a_form_becomes_its_tile_and_the_tile_its_form(name: str, values: dict[str, Any], expected: Tile) -> None:
    """What the form does not show (id, version, place, description) stays as it was stored."""
    kind = kind_named(name)
    tile = tile_of(kind, values, BASE)
    assert tile == expected
    assert kind_name(tile) == name
    stored: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(values_of(tile)))
    shown = {*names(kind.fields), "title", "collection_id"}
    base = {key: value for key, value in stored.items() if key not in shown}
    assert tile_of(kind, stored, base) == tile
    assert {key: stored.get(key) for key in values if values[key] not in (None, "")} == {
        key: value for key, value in values.items() if value not in (None, "")
    }


@pytest.mark.parametrize("name", BY_NAME)
def test_every_field_of_a_form_is_a_property_of_its_tile(name: str) -> None:
    """A field that no tile has would lose what is typed into it."""
    tile = next(expected for known, _, expected in FILLED if known == name)
    own = {field.name for field in msgspec.structs.fields(tile)}
    own |= {f"px_{one}" for one in parameters(tile.visu_type)} if isinstance(tile, FigureTile) else set()
    assert set(names(BY_NAME[name].fields)) <= own


@pytest.mark.parametrize("name", BY_NAME)
def test_an_empty_form_says_which_fields_it_needs(name: str) -> None:
    """By their labels, all at once; a text needs nothing."""
    kind = BY_NAME[name]
    if name == "text":
        assert tile_of(kind, {}, {}) == TextTile()
        return
    required = ["Data", *(field.label for field in kind.fields if field.required)]
    with pytest.raises(Invalid) as raised:
        tile_of(kind, {}, {})
    assert [problem.place for problem in raised.value.problems] == required
    assert raised.value.message == f"Choose {', '.join(required)}."


@pytest.mark.parametrize("emptied", [None, "", []])
def test_an_emptied_control_means_the_default(emptied: object) -> None:
    """Though something stood there before; zero and off are values."""
    kind = kind_named("card")
    values = {"collection_id": "c", "column_name": "year", "decimals": emptied, "unit": emptied, "title": emptied}
    assert tile_of(kind, values, {}) == CardTile(collection_id="c", column_name="year")
    off = tile_of(
        kind_named("scatter"), {"collection_id": "c", "x": "a", "y": "b", "selection_enabled": False}, {"id": "t"}
    )
    assert isinstance(off, FigureTile)
    assert not off.selection_enabled


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("histogram", {"nbins": "many"}),
        ("bar", {"aggregation": "modus"}),
        ("card", {"decimals": 1.5}),
        ("scatter", {"hover": "sex"}),
        ("scatter", {"x": 3}),
        ("table", {"columns": [1]}),
        ("table", {"layout": "left"}),
    ],
)
def test_a_value_that_does_not_fit_is_named(name: str, change: dict[str, Any]) -> None:
    """The browser may send anything; the message names the property."""
    values = next(values for known, values, _ in FILLED if known == name)
    with pytest.raises(Invalid, match="cannot be made") as raised:
        tile_of(kind_named(name), values | change, {})
    (problem,) = raised.value.problems
    assert next(iter(change)) in problem.message


def test_a_form_cannot_change_the_kind_of_its_tile() -> None:
    """Not by what the browser sends for the properties that the gallery fixed."""
    sent = {"component_type": "text", "visu_type": "pie", "collection_id": "c", "x": "a", "y": "b"}
    assert tile_of(kind_named("scatter"), sent, sent) == FigureTile(
        collection_id="c", visu_type=Visu.SCATTER, x="a", y="b"
    )


def test_a_kind_that_is_not_in_the_gallery_is_refused() -> None:
    with pytest.raises(Invalid, match="no such kind"):
        kind_named("cake")


def test_a_table_that_selects_holds_the_selected_column() -> None:
    """The browser reads the value from the ticked row; with all columns shown it is there anyway."""
    table = kind_named("table")
    some = tile_of(table, {"collection_id": "c", "columns": ["sex"], "selection_column": "year"}, {})
    everything = tile_of(table, {"collection_id": "c", "columns": [], "selection_column": "year"}, {})
    assert isinstance(some, TableTile)
    assert isinstance(everything, TableTile)
    assert (some.columns, everything.columns) == (("sex", "year"), ())


SUGGESTIONS: dict[str, dict[str, Any]] = {
    "violin": {"x": "island", "y": "bill_length_mm", "color": "sex", "selection_enabled": True},
    "heatmap": {"x": "island", "y": "sex", "px_z": "bill_length_mm", "aggregation": "mean"},
    "funnel": {"x": "bill_length_mm", "y": "island", "color": "sex", "aggregation": "mean", "selection_enabled": True},
    "pie": {"px_names": "island", "selection_enabled": True},
    "sunburst": {"px_path": ["island", "sex"]},
    "scatter_matrix": {"px_dimensions": list(NUMBERS), "color": "island"},
    "bar_polar": {"px_theta": "island", "px_r": "bill_length_mm", "color": "sex", "aggregation": "mean"},
    "scatter": {"x": "bill_length_mm", "y": "bill_depth_mm", "color": "island", "selection_enabled": True},
    "bar": {"x": "island", "y": "bill_length_mm", "aggregation": "mean", "color": "sex", "selection_enabled": True},
    "line": {"x": "seen", "y": "bill_length_mm", "aggregation": "mean", "color": "island"},
    "histogram": {"x": "bill_length_mm", "color": "island", "selection_enabled": True},
    "box": {"x": "island", "y": "bill_length_mm", "color": "sex", "selection_enabled": True},
    "card": {"column_name": "bill_length_mm", "aggregation": "mean"},
    "table": {"sortable": True, "filterable": True},
    "MultiSelect": {"column_name": "island"},
    "RangeSlider": {"column_name": "bill_length_mm"},
    "DateRangePicker": {"column_name": "seen"},
    "Timeline": {"column_name": "seen"},
    "TextInput": {"column_name": "individual_id"},
}


@pytest.mark.parametrize("name", SUGGESTIONS)
def test_the_first_suggestion_for_penguins_is_a_sensible_tile(name: str) -> None:
    """Measures as numbers, few-valued text as groups, never a technical column; the tile can be saved as it is."""
    kind = BY_NAME[name]
    values = suggested(kind, PENGUINS, DISTINCT)
    assert values == {"collection_id": "penguins", **SUGGESTIONS[name]}
    tile = tile_of(kind, values, {"id": "t"})
    assert tile_problems(tile) == []


def test_nothing_is_suggested_that_the_table_lacks() -> None:
    """The form then says what is missing."""
    bare = msgspec.structs.replace(PENGUINS, columns=PENGUINS.columns[:2])
    assert suggested(kind_named("RangeSlider"), bare, {}) == {"collection_id": "penguins"}
    with pytest.raises(Invalid, match="Choose X, Y"):
        tile_of(kind_named("scatter"), suggested(kind_named("scatter"), bare, {}), {})


def test_a_gallery_takes_no_text_that_is_not_called_like_an_image() -> None:
    """Names of individuals are no files."""
    assert suggested(kind_named("image"), PENGUINS, DISTINCT) == {
        "collection_id": "penguins",
        "selection_enabled": True,
    }


def test_on_another_table_the_columns_that_both_have_stay() -> None:
    """The others are suggested anew; what is no column stays."""
    other = DataCollection(
        id="other",
        project_id="p",
        tag="other",
        workflow="w",
        columns=(
            Column("weight", "Float64", ColumnKind.NUMBER),
            Column("bill_depth_mm", "Float64", ColumnKind.NUMBER),
            Column("sex", "String", ColumnKind.TEXT),
        ),
    )
    values = {"collection_id": "penguins", "title": "T", "x": "bill_length_mm", "y": "bill_depth_mm", "log_y": True}
    values |= {"color": "species", "hover": ["sex", "island"], "selection_enabled": False}
    found = moved(kind_named("scatter"), values, other, {"sex": 2})
    assert found == {
        "collection_id": "other",
        "title": "T",
        "x": "weight",
        "y": "bill_depth_mm",
        "color": "sex",
        "hover": ["sex"],
        "log_y": True,
        "selection_enabled": False,
    }


def unfolded(places: list[Any]) -> list[Any]:
    """The places of controls, also of those that stand in folds."""
    return [one for place in places for one in (place.children if isinstance(place, Fold) else [place])]


def control_in(place: Any) -> Any:
    """The control itself; some stand in a place that can be hidden, or beside what a script makes of them."""
    if "id" in place.to_plotly_json()["props"]:
        return place
    return place.children[-1] if isinstance(place.children, list) else place.children


def controls_by_name(made: list[Any]) -> dict[str, Any]:
    """The controls of a form, by the field that they edit."""
    (fields,) = within(made, "form-fields")
    return {one.id["name"]: one for one in map(control_in, unfolded(fields.children))}


@pytest.mark.parametrize("name", BY_NAME)
def test_a_form_has_one_control_for_each_field_and_its_value(name: str) -> None:
    """In the order of the kind, with the title and the table before them."""
    values = next(values for known, values, _ in FILLED if known == name) | {"collection_id": "penguins"}
    kind = BY_NAME[name]
    made = form(kind, values, [PENGUINS], {}, is_new=False)
    (fields,) = within(made, "form-fields")
    controls = [control_in(place) for place in unfolded(fields.children)]
    expected = ["title", "collection_id", *names(kind.fields)]
    expected += [] if name == "text" else ["filter_expr"]
    assert [control.id["name"] for control in controls] == expected
    typed = {control.id["name"]: getattr(control, "value", getattr(control, "checked", None)) for control in controls}
    assert {key: typed[key] for key in typed if key in values and "log" not in key and values[key]} == {
        key: values[key] for key in typed if key in values and "log" not in key and values[key]
    }


def test_what_a_field_holds_is_offered_though_the_table_has_it_no_more() -> None:
    """Also where it is of another type by now: Mantine takes off a value that is not among the options."""
    values = {"collection_id": "penguins", "x": "bill_depth", "size": "species"}
    made = form(kind_named("scatter"), values, [PENGUINS], {}, is_new=False)
    controls = controls_by_name(made)
    x, y, size = [[option["label"] for option in controls[name].data] for name in ("x", "y", "size")]
    assert x == [*y, "bill_depth (not in the table)"]
    assert size[-1] == "species (text)"
    sorted_by = {"collection_id": "penguins", "sort": ["+gone", "-species"]}
    sorts = controls_by_name(form(kind_named("table"), sorted_by, [PENGUINS], {}, is_new=False))["sort"]
    assert [one["label"] for one in sorts.data if "not in" in one["label"]] == ["+gone (not in the table)"]


def test_a_column_field_offers_the_kinds_that_it_can_take() -> None:
    """A size is a number; with the technical columns, which some want to see."""
    made = form(kind_named("scatter"), {"collection_id": "penguins"}, [PENGUINS], {}, is_new=True)
    size = controls_by_name(made)["size"]
    assert [option["value"] for option in size.data] == [*NUMBERS, "year"]
    assert size.placeholder == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Switch", "This data has no column of true and false"),
        ("timeline", "This data has no column of dates"),
        ("RangeSlider", "This data has no column of numbers"),
    ],
)
def test_a_field_that_nothing_fits_says_what_is_missing(name: str, said: str) -> None:
    """An empty list would not say why it is empty."""
    bare = msgspec.structs.replace(PENGUINS, columns=PENGUINS.columns[:2])
    made = form(kind_named(name), {"collection_id": "penguins"}, [bare], {}, is_new=True)
    (fields,) = within(made, "form-fields")
    controls = map(control_in, unfolded(fields.children))
    assert said in [getattr(one, "placeholder", "") for one in controls]


def test_deletion_asks_for_the_tile_by_its_name() -> None:
    """And the buttons that confirm or cancel it belong to that tile alone."""
    _, body = question(CardTile(id="n", title="Flowers", collection_id="c", column_name="x"))
    words, foot = body.children
    assert words.children[1].children == "Flowers"
    assert [button.id for button in foot.children] == [part("confirm", "n"), part("cancel", "n")]


# -- ids of new tiles


@pytest.mark.parametrize(
    ("tile", "taken", "expected"),
    [
        (FilterTile(collection_id="c", column_name="body_mass_g", interactive_component_type=FilterWidget.TEXT),
         (), "body-mass-g"),
        (FilterTile(title="Mass", collection_id="c", column_name="a.b", interactive_component_type=FilterWidget.TEXT),
         (), "a-b"),
        (CardTile(title="Mean body mass", collection_id="c", column_name="m"), (), "mean-body-mass"),
        (CardTile(title="Größe", collection_id="c", column_name="m"), (), "gr-e"),
        (CardTile(title="体重", collection_id="c", column_name="m"), (), "tile"),
        (TextTile(), (), "text"),
        (TextTile(), ("text", "text-2"), "text-3"),
        (TextTile(title="x" * 39 + "  y"), (), "x" * 39),
    ],
)  # fmt: skip
def test_an_id_says_what_the_tile_is(tile: Tile, taken: tuple[str, ...], expected: str) -> None:
    """It stands in links."""
    assert tile_id_for(tile, taken) == expected


@given(st.lists(st.text(max_size=60), max_size=12))
def test_ids_are_always_usable_and_never_taken(titles: list[str]) -> None:
    """Whatever people write as titles."""
    taken: list[str] = []
    for title in titles:
        found = tile_id_for(TextTile(title=title), taken)
        assert IDENTIFIER.fullmatch(found)
        assert found not in taken
        taken.append(found)


def test_kinds_say_what_they_fix() -> None:
    """Each makes tiles of its own type only."""
    types: dict[str, type] = {kind.name: type(tile_of(kind, dict(values), {})) for kind, values in _filled_kinds()}
    assert {name for name, type_ in types.items() if type_ is FilterTile} == {widget.value for widget in FilterWidget}
    assert {name for name, type_ in types.items() if type_ is FigureTile} == {visu.value for visu in Visu}


def _filled_kinds() -> list[tuple[Kind, dict[str, Any]]]:
    return [(BY_NAME[name], values) for name, values, _ in FILLED]


LAKES = DataCollection(
    id="lakes",
    project_id="p",
    tag="lakes",
    workflow="w",
    rows=9,
    columns=(
        Column("depth", "Float64", ColumnKind.NUMBER),
        Column("plate", "Float64", ColumnKind.NUMBER),
        Column("Latitude", "Float64", ColumnKind.NUMBER),
        Column("site_lon", "Float64", ColumnKind.NUMBER),
        Column("kind", "String", ColumnKind.TEXT),
        Column("country_code", "String", ColumnKind.TEXT),
    ),
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("scatter_map", {"lat_column": "Latitude", "lon_column": "site_lon", "color_column": "kind"}),
        ("density_map", {"lat_column": "Latitude", "lon_column": "site_lon"}),
        ("choropleth_map", {"locations_column": "country_code", "choropleth_aggregation": "mean"}),
    ],
)
def test_a_map_is_suggested_by_the_names_of_columns(name: str, expected: dict[str, str]) -> None:
    found = suggested(kind_named(name), LAKES, {"kind": 3, "country_code": 20})
    assert found.items() >= expected.items()
    assert tile_problems(tile_of(kind_named(name), found, {"id": "t"})) == []
