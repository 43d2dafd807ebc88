"""Dashboard files: the examples are read whole, and every fault is named with its place."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from domain.dashboard_file import component_tile, dashboard_file
from domain.errors import Invalid
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
        "components[0].colour": "is not known; did you mean color?",
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
            {**FIGURE, "tag": "sort", "visu_type": "pie"},
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
    assert "pie" in found["components[3]"]
    assert found["components[4].component_type"] == "must be one of card, figure, interactive, map, table, text"
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
