"""Trees and boundaries as pages draw them."""

import json
from pathlib import Path
from typing import Any

import pytest

from domain.project_file import project_description
from services.local_ingest import LocalIngest, Scanner
from services.project_files import ProjectFile
from tests.ingest.lab import project
from tests.web.world import World
from web.drawings import Word, outlines, tree


def node(number: int, parent: int | None, name: str | None, length: float | None = None) -> dict[str, Any]:
    return {"node": number, "parent": parent, "name": name, "length": length, "is_tip": name in {"A", "B", "C"}}


def test_a_tree_is_to_scale() -> None:
    """Tips one below the other, each as far to the right as its branches are long; the root is in their middle."""
    drawn = tree(
        [node(0, None, None), node(1, 0, "A", 2.0), node(2, 0, None, 1.0), node(3, 2, "B", 1.0), node(4, 2, "C")]
    )
    ends = {word.text: (word.x, word.y) for word in drawn.words}
    assert [ends[tip][1] for tip in "ABC"] == [21.0, 39.0, 57.0]
    assert ends["A"][0] == ends["B"][0] > ends["C"][0] > 8
    assert [stroke.title for stroke in drawn.strokes] == ["A, length 2", "length 1", "B, length 1", "C"]
    assert drawn.label == "Tree of 3 tips: A, B, C"
    assert drawn.strokes[0].path.startswith("M8.0 30.5V17.0H")


def test_a_tree_without_lengths_has_levels() -> None:
    drawn = tree([node(0, None, "root"), node(1, 0, "A"), node(2, 0, None), node(3, 2, "B")])
    first, second = drawn.words
    assert (first.text, second.text, first.x < second.x) == ("A", "B", True)
    assert tree([{**node(0, None, "A"), "is_tip": True}]).words == (Word(12.0, 21.0, "A"),)


def test_boundaries_lie_where_they_are() -> None:
    """North up, rings as areas, lines and points as they are; what has no geometry is counted."""
    shapes = [
        {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 1], [0, 0]]]},
        {"type": "GeometryCollection", "geometries": [{"type": "LineString", "coordinates": [[0, 0], [2, 1]]}]},
        {"type": "Point", "coordinates": [2, 1, 40]},
        None,
    ]
    rows = [
        {"feature_id": name, "geometry": shape and json.dumps(shape)}
        for name, shape in zip("abcd", shapes, strict=True)
    ]
    drawn = outlines(rows)
    area, line, point = drawn.strokes
    assert (area.is_area, line.is_area, point.title, drawn.label) == (True, False, "c", "4 features: a, b, c, d")
    assert area.path.endswith("Z")
    right, top = f"{drawn.width - 8:.1f}", "8.0"
    assert point.path == f"M{right} {top}L{right} {top}"
    assert line.path == f"M8.0 {drawn.height - 8:.1f}L{right} {top}L{right} {top}"
    assert outlines(rows[3:]).strokes == ()


@pytest.mark.parametrize(
    ("kind", "name", "content", "label"),
    [
        ("phylogeny", "a.nwk", "((A:1,B:2)n:1,C:3)r;", "Tree of 3 tips: C, A, B"),
        ("geojson", "a.geojson", "", "1 feature: north"),
        ("table", "a.csv", "x\n1\n", None),
    ],
)
async def test_the_page_draws_them(
    world: World, tmp_path: Path, kind: str, name: str, content: str, label: str | None
) -> None:
    """A part of its own; a plain table has none."""
    ring = [[0, 0], [1, 0], [1, 1], [0, 0]]
    feature = {
        "type": "Feature",
        "id": "north",
        "properties": {},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    collection = json.dumps({"type": "FeatureCollection", "features": [feature]})
    (tmp_path / "runs/run_1").mkdir(parents=True)
    (tmp_path / "runs/run_1" / name).write_text(content or collection)
    scan = {"mode": "recursive", "scan_parameters": {"regex_config": {"pattern": name}}}
    said = {"type": kind, "scan": scan, "dc_specific_properties": {"format": "csv"} if kind == "table" else {}}
    description = project_description(project({"data_collection_tag": "shape", "config": said}, name=f"Shapes {kind}"))
    user = await world.user()
    access, (found,) = await world.services.ingestion.register(user.actor(), description)
    await LocalIngest(world.services.ingestion, access, Scanner(ProjectFile(description, tmp_path), {})).run(found)
    browser = await world.browser(user)
    place = f"/projects/{access.project.id}/collections/{found.id}"
    assert (len((await browser.page(place)).select(f'#drawing[hx-get="{place}/drawing"]')) == 1) == (label is not None)
    if label is None:
        assert (await browser.get(f"{place}/drawing")).status_code == 404
    else:
        (svg,) = (await browser.page(f"{place}/drawing")).select("#drawing svg")
        assert svg["aria-label"] == label
