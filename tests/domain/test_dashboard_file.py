"""Dashboard files: the examples are read whole, and every fault is named with its place."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from domain.dashboard_file import DashboardFile, component_tile, dashboard_file, written
from domain.dashboards import Dashboard
from domain.errors import Invalid
from domain.tabs import Division, Section, Tab
from domain.tile_rules import tile_problems
from domain.tiles import Aggregation, Box, CardTile, FigureTile, FilterTile, FilterWidget, TableTile, TextTile, Visu

EXAMPLES = Path(__file__).parents[2] / "examples"
COLLECTIONS = {"flowers": "c1"}
FIGURE = {
    "tag": "petals",
    "component_type": "figure",
    "visu_type": "scatter",
    "data_collection_tag": "flowers",
    "dict_kwargs": {"x": "length", "y": "width"},
}


def document(*components: object, **more: Any) -> dict[str, Any]:
    return {"title": "Board", "components": list(components), **more}


def faults(found: object) -> dict[str, str]:
    """The faults of a file by their place."""
    with pytest.raises(Invalid) as raised:
        dashboard_file(found, COLLECTIONS)
    return {problem.place: problem.message for problem in raised.value.problems}


@pytest.mark.parametrize(
    ("name", "tag", "count", "filters"), [("iris", "iris_table", 10, 2), ("penguins", "penguins_complete", 14, 4)]
)
def test_the_examples_are_read_whole(name: str, tag: str, count: int, filters: int) -> None:
    """Each component becomes one tile that keeps every rule and shows the collection of its tag."""
    written = yaml.safe_load((EXAMPLES / name / "dashboard.yaml").read_text("utf-8"))
    found = dashboard_file(written, {tag: "id-of-it"})
    assert (found.title, found.subtitle) == (written["title"], written["subtitle"])
    assert list(found.tiles) == [component["tag"] for component in written["components"]]
    assert len(found.tiles) == count
    assert sum(isinstance(tile, FilterTile) for tile in found.tiles.values()) == filters
    assert [tile_problems(tile) for tile in found.tiles.values()] == [[]] * count
    assert {tile.collection_id for tile in found.tiles.values() if not isinstance(tile, TextTile)} == {"id-of-it"}


def test_every_kind_keeps_what_the_file_says() -> None:
    """Bindings of a figure may stand under either name; `workflow_tag` is read and not needed."""
    layout = {"x": 1, "y": 2, "w": 3, "h": 4}
    of_flowers = {"data_collection_tag": "flowers", "workflow_tag": "flow", "layout": layout}
    found = dashboard_file(
        document(
            {**FIGURE, "layout": layout, "figure_params": {"color": "variety"}, "selection_column": "id"},
            {**of_flowers, "tag": "n", "component_type": "card", "column_name": "id", "aggregation": "count"},
            {**of_flowers, "tag": "rows", "component_type": "table", "columns": ["id"]},
            {**of_flowers, "tag": "pick", "component_type": "interactive", "column_name": "variety"}
            | {"interactive_component_type": "MultiSelect", "title": "Pick", "description": "One or more"},
            {"tag": "words", "component_type": "text", "body": "# Words"},
        ),
        COLLECTIONS,
    )
    box = Box(1, 2, 3, 4)
    shared = {"collection_id": "c1", "layout": box}
    assert list(found.tiles.values()) == [
        FigureTile(
            id="petals", visu_type=Visu.SCATTER, x="length", y="width", color="variety", selection_column="id", **shared
        ),
        CardTile(id="n", column_name="id", aggregation=Aggregation.COUNT, **shared),
        TableTile(id="rows", columns=("id",), **shared),
        FilterTile(
            id="pick",
            title="Pick",
            description="One or more",
            column_name="variety",
            interactive_component_type=FilterWidget.MULTI_SELECT,
            **shared,
        ),
        TextTile(id="words", body="# Words"),
    ]
    assert found.subtitle == ""


@pytest.mark.parametrize("written", [None, [], "title: x", 3, {}, {"title": 3}, {"title": None, "components": []}])
def test_a_file_without_a_title_says_so(written: object) -> None:
    assert list(faults(written)) == ["title"]


def test_unknown_keys_are_named_with_the_nearest_one() -> None:
    """In the head, in a component, and among a figure's bindings."""
    figure = {**FIGURE, "visu_typ": "bar", "dict_kwargs": {"x": "a", "y": "b", "colour": "c"}, "qqqq": 1}
    assert faults(document(figure, subtitel="x")) == {
        "subtitel": "is not known; did you mean subtitle?",
        "components[0].visu_typ": "is not known; did you mean visu_type?",
        "components[0].dict_kwargs.colour": "is not a parameter of scatter; did you mean color?",
        "components[0].qqqq": "is not known",
    }


def test_all_faults_are_named_at_once() -> None:
    """An unknown tag, a missing property, a wrong type, an unknown kind, and a tag that is used twice."""
    text = {"tag": "words", "component_type": "text"}
    found = faults(
        document(
            {**FIGURE, "data_collection_tag": "trees"},
            {**FIGURE, "tag": "no-x", "dict_kwargs": {}},
            {**FIGURE, "tag": "typed", "layout": {"x": "left"}},
            {**FIGURE, "tag": "sort", "visu_type": "cake"},
            {"tag": "globe", "component_type": "globe"},
            text,
            text,
            "words",
        )
    )
    assert list(found) == [
        "components[0].data_collection_tag",
        "components[1]",
        "components[2]",
        "components[3]",
        "components[4].component_type",
        "components[6].tag",
        "components[7].component_type",
    ]
    assert found["components[0].data_collection_tag"] == "the project has no data collection 'trees'"
    assert "`x`" in found["components[1]"]
    assert "$.layout.x" in found["components[2]"]
    assert "cake" in found["components[3]"]
    assert found["components[4].component_type"] == "must be one of card, figure, image, interactive, map, table, text"
    assert found["components[6].tag"] == "'words' is the tag of another component"


def test_a_component_without_a_tag_can_be_stored_all_the_same() -> None:
    """It is given an id that keeps the rules of ids."""
    (tile,) = dashboard_file(document({"component_type": "text"}), COLLECTIONS).tiles.values()
    assert tile_problems(tile) == []


@pytest.mark.parametrize(
    "written",
    [
        document(subtitle=3),
        document(components=3),
        document(components={"a": 1}),
        document(components="text"),
        document({"component_type": ["figure"]}),
        document({**FIGURE, "tag": 3}),
        document({**FIGURE, "tag": ["a"]}),
        document({**FIGURE, "data_collection_tag": ["flowers"]}),
        document({**FIGURE, "dict_kwargs": ["x"]}),
        document({**FIGURE, "dict_kwargs": "x"}),
        document({**FIGURE, "dict_kwargs": {"component_type": "map"}}),
        document({**FIGURE, 3: "x"}),
        document({**FIGURE, "layout": None}),
        document(None),
        {3: 4, "title": "Board"},
    ],
    ids=repr,
)
def test_a_value_of_a_wrong_type_is_a_named_fault(written: object) -> None:
    """Whatever YAML can hold is refused in words, never by a traceback."""
    assert faults(written)


def test_a_component_is_read_by_itself() -> None:
    """Its id is its tag, or a word of its own."""
    tile = FigureTile(id="petals", collection_id="c1", visu_type=Visu.SCATTER, x="length", y="width")
    assert component_tile(FIGURE, COLLECTIONS) == tile
    unnamed = {key: value for key, value in FIGURE.items() if key != "tag"}
    assert component_tile(unnamed, COLLECTIONS).id == "tile"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"component_type": "hologram"}, "component_type"),
        ({"data_collection_tag": "trees"}, "data_collection_tag"),
        ({"colour": "red"}, "colour"),
        ({"max_points": 0}, "max_points"),
        ({"dict_kwargs": "x"}, "dict_kwargs"),
        ({"visu_type": "cloud"}, ""),
    ],
    ids=str,
)
def test_the_faults_of_a_component_are_named(change: dict[str, Any], place: str) -> None:
    with pytest.raises(Invalid) as raised:
        component_tile({**FIGURE, **change}, COLLECTIONS)
    assert [problem.place for problem in raised.value.problems] == [place]


# -- families

FAMILY: dict[str, Any] = {
    "version": 1,
    "main_dashboard": {
        "title": "ATAC-seq",
        "subtitle": "six libraries",
        "main_tab_name": "Library QC",
        "tab_icon": "mdi:flask",
        "tab_icon_color": "orange",
        "icon": "/assets/images/workflows/nf-core.png",
        "workflow_system": "nf-core",
        "dashboard_id": "646b0f3c1e4a2d7f8e5b8ca2",
        "filter_sections": [
            {"name": "Samples", "icon": "mdi:filter-variant", "color": "teal", "persistent": True, "pin": "top"}
        ],
        "grid_sections": [
            {"name": "At a glance", "description": "What the libraries yielded"},
            {"name": "Tables", "collapsed": True, "persistent": True, "pin": "bottom"},
        ],
        "components": [
            {"tag": "intro", "component_type": "text", "section": "At a glance", "layout": {"x": 0, "y": 0, "w": 8}},
            {"tag": "pick", "component_type": "interactive", "section": "Samples", "data_collection_tag": "flowers",
             "column_name": "variety", "interactive_component_type": "MultiSelect"},
        ],
    },
    "tabs": [
        {"title": "Later", "tab_order": 2, "components": [{"component_type": "text"}]},
        {"title": "Community Analysis", "subtitle": "Taxa", "tab_order": 1, "tab_icon": "mdi:bacteria-outline",
         "tab_icon_color": "teal", "components": [{**FIGURE, "section": "gone"}]},
    ],
}  # fmt: skip


def test_looks_of_depictio_1_5_are_read_and_not_kept() -> None:
    """Colours and sizes stop no import, and mappings may be texts of JSON; programs are faults, in one line."""
    looks = {"index": "u", "title_size": "h3", "title_align": "left", "data_collection_tag": "flowers"}
    icon = {"column_name": "x", "column_type": "int64", "icon_name": "mdi:leaf"}
    sizes = {"icon_color": "red", "title_color": "#43A047", "title_font_size": "xl", "value_font_size": "xl"}
    card = {"tag": "c", "component_type": "card", **icon, **sizes}
    slider = {"interactive_component_type": "RangeSlider", "placement": "left", "group": "g", "show_marks": True}
    pick = {"tag": "f", "component_type": "interactive", "custom_color": "red", **icon, **slider}
    mapping = {"x": "x", "color": "g", "color_discrete_map": '{"Setosa": "#4C72B0"}'}
    bars = {**FIGURE, "tag": "b", "visu_type": "histogram", "mode": "ui", "font_scale": 1.2, "dict_kwargs": mapping}
    components = [{**one, **looks} for one in (card, pick, bars)]
    found = dashboard_file({"title": "T", "components": components}, COLLECTIONS)
    assert list(found.tiles) == ["c", "f", "b"]
    figure = found.tiles["b"]
    assert isinstance(figure, FigureTile)
    assert figure.options["color_discrete_map"] == {"Setosa": "#4C72B0"}
    program = {**FIGURE, "mode": "code", "code_content": "fig = 1", "dict_kwargs": {}}
    with pytest.raises(Invalid) as raised:
        dashboard_file({"title": "T", "components": [program]}, COLLECTIONS)
    assert [one.place for one in raised.value.problems] == ["components[0].mode"]


def test_a_family_of_depictio_1_5_is_read() -> None:
    """Tabs in their order, sections by tab, and each tile on its tab."""
    found = dashboard_file(FAMILY, COLLECTIONS)
    assert (found.title, found.subtitle) == ("ATAC-seq", "six libraries")
    assert found.division.tabs == (
        Tab(id="library-qc", title="Library QC", icon="mdi:flask", color="orange"),
        Tab(id="community-analysis", title="Community Analysis", subtitle="Taxa", icon="mdi:bacteria-outline",
            color="teal"),
        Tab(id="later", title="Later"),
    )  # fmt: skip
    assert [(one.tab, one.name, one.collapsed, one.pin) for one in found.division.grid_sections] == [
        ("library-qc", "At a glance", False, ""),
        ("library-qc", "Tables", True, "bottom"),
    ]
    assert [one.name for one in found.division.filter_sections] == ["Samples"]
    assert {key: (tile.tab, tile.section) for key, tile in found.tiles.items()} == {
        "intro": ("library-qc", "At a glance"),
        "pick": ("library-qc", "Samples"),
        "petals": ("community-analysis", "gone"),
        "tile-4": ("later", ""),
    }


def board(found: DashboardFile) -> Dashboard:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    head = {"id": "d", "project_id": "p", "created_by": "ada", "created_at": at, "updated_at": at}
    division = msgspec.structs.asdict(found.division)
    return Dashboard(title=found.title, subtitle=found.subtitle, tiles=found.tiles, **head, **division)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "source",
    [
        FAMILY,
        document(FIGURE),
        document(
            {**FIGURE, "section": "Reads"},
            grid_sections=[{"name": "Reads", "icon": "dna"}],
            filter_sections=[{"name": "More", "collapsed": True}],
            breakpoints=[{"width": 600, "columns": 8}, {"width": 0, "columns": 1}],
        ),
    ],
    ids=["family", "one tab", "sections"],
)
def test_what_is_written_is_read_to_the_same(source: dict[str, Any]) -> None:
    """Reading, writing and reading again gives the same tiles, tabs and sections, through YAML too."""
    found = dashboard_file(source, COLLECTIONS)
    document = written(board(found), {"c1": "flowers"})
    again = dashboard_file(yaml.safe_load(yaml.safe_dump(document)), COLLECTIONS)
    assert again.division == found.division
    assert again.tiles == found.tiles
    assert written(board(again), {"c1": "flowers"}) == document


@given(st.lists(st.tuples(st.text("ab ", min_size=1).filter(str.strip), st.booleans()), max_size=5), st.data())
def test_any_division_is_written_and_read_again(named: list[tuple[str, bool]], data: st.DataObject) -> None:
    """Random tabs with random sections and texts in them."""
    tabs = tuple(Tab(id=f"t{number}", title=title.strip()) for number, (title, _) in enumerate(named))
    sections = tuple(
        Section(name=f"s{number}", tab=tab.id, collapsed=folded, icon="dna" if folded else "")
        for tab, (_, folded) in zip(tabs, named, strict=True)
        for number in range(2)
    )
    tiles = {
        f"x{number}": TextTile(
            id=f"x{number}", tab=tab.id, section=data.draw(st.sampled_from(["", "s0", "s1", "gone"]))
        )
        for number, tab in enumerate(tabs)
    }
    division = Division(tabs=tabs, grid_sections=sections)
    first = board(DashboardFile("Board", "", tiles, division))  # type: ignore[arg-type]
    again = dashboard_file(written(first, {}), {})
    assert (again.division, again.tiles) == (division, tiles)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"main_dashboard": 3}, "title"),
        ({"main_dashboard": {"title": "x"}, "tabs": {}}, "tabs"),
        ({"main_dashboard": {"title": "x"}, "tabs": ["x"]}, "tabs[0]"),
        ({"main_dashboard": {"title": "x"}, "tabs": [{"titel": "x"}]}, "tabs[0].titel"),
        ({"main_dashboard": {"title": "x"}, "tabs": [{"title": 3}]}, "tabs[0]"),
        ({"main_dashboard": {"title": "x"}, "tabs": [{"title": "x", "tab_order": "1"}]}, "tabs[0].tab_order"),
        ({"main_dashboard": {"title": "x"}, "components": []}, "components"),
        (document(grid_sections=[{"name": "x", "colour": "red"}]), "grid_sections[0].colour"),
        (document(grid_sections=[{"icon": "x"}]), "grid_sections[0]"),
        (document(grid_sections=["x"]), "grid_sections[0]"),
        (document(grid_sections=[{"name": "x"}, {"name": "x"}]), "grid_sections[1].name"),
        (document(breakpoints=[{"width": 5, "columns": 3}]), "breakpoints"),
        (document({**FIGURE, "tab": "x"}), "components[0].tab"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_faults_of_a_family_are_named(change: dict[str, Any], place: str) -> None:
    assert place in faults(change)
