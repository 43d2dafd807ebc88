"""Galleries of images as specifications: files, bounds, selections and copies."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.copies import used_columns
from domain.dashboard_file import component_tile, dashboard_file, written
from domain.dashboards import Dashboard
from domain.errors import Invalid
from domain.filters import Clause, Wish
from domain.image_tile import ImageTile, as_table
from domain.rows import SortKey
from domain.selections import can_select, filter_state
from domain.tile_rules import tile_problems
from domain.tiles import Tile, kind_of

AT = datetime(2026, 1, 1, tzinfo=UTC)
PLAIN = ImageTile(id="g", collection_id="c1", image_column="file")


def of(**values: Any) -> ImageTile:
    return ImageTile(id="g", collection_id="c1", **{"image_column": "file", **values})


def of_tiles(*tiles: Tile) -> Dashboard:
    return Dashboard(
        id="d",
        project_id="p",
        title="T",
        created_by="u",
        created_at=AT,
        updated_at=AT,
        tiles={one.id: one for one in tiles},
    )


@pytest.mark.parametrize(
    "tile",
    [
        PLAIN,
        of(caption_columns=("well", "day"), columns=2, max_images=6, thumbnail_size=300, title="Wells"),
        of(sort=(SortKey("day", descending=True),), selection_column="well", filter_expr="col('day') > 3"),
        of(selection_enabled=False),
    ],
)
def test_a_gallery_comes_back_from_its_file(tile: ImageTile) -> None:
    document = written(of_tiles(tile), {"c1": "wells"})
    assert document["components"][0]["component_type"] == kind_of(tile) == "image"
    assert dashboard_file(document, {"wells": "c1"}).tiles == {"g": tile}


def test_a_gallery_of_depictio_1_5_is_read() -> None:
    """Its images lie with their collection here, wherever they were."""
    component = {
        "tag": "image-gallery-1", "component_type": "image", "workflow_tag": "python/image_workflow",
        "data_collection_tag": "image_table", "image_column": "image_path", "s3_base_folder": "s3://bucket/images",
        "thumbnail_size": 120, "columns": 3, "max_images": 30,
    }  # fmt: skip
    found = component_tile(component, {"image_table": "c1"})
    expected = ImageTile(
        id="image-gallery-1", collection_id="c1", image_column="image_path", thumbnail_size=120, columns=3,
        max_images=30,
    )  # fmt: skip
    assert found == expected
    with pytest.raises(Invalid) as refused:
        component_tile({**component, "thumbnail_sise": 1}, {"image_table": "c1"})
    assert "thumbnail_size" in refused.value.problems[0].message


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"image_column": ""}, "image_column"),
        ({"thumbnail_size": 20}, "thumbnail_size"),
        ({"columns": 0}, "columns"),
        ({"max_images": 1000}, "max_images"),
        ({"caption_columns": tuple("abcdefghi")}, "caption_columns"),
        ({"sort": tuple(map(SortKey, "abcdefghi"))}, "sort"),
        ({"selection_column": "x" * 501}, "selection_column"),
    ],
)
def test_what_cannot_be_shown_is_named(values: dict[str, Any], place: str) -> None:
    assert [one.place for one in tile_problems(of(**values))] == [place]
    assert tile_problems(PLAIN) == []


def test_picked_images_select_by_a_column_or_by_their_names() -> None:
    """Only values, and only where it is allowed."""
    dashboard = of_tiles(PLAIN, ImageTile(id="h", collection_id="c1", image_column="file", selection_column="well"))
    state = filter_state(dashboard, {"g": (Wish("in", ("a.png",)),), "h": (Wish("in", (1, 2)),)}, ())
    assert state == (
        Clause(source="g", collection_id="c1", column="file", op="in", values=("a.png",), selection=True),
        Clause(source="h", collection_id="c1", column="well", op="in", values=(1, 2), selection=True),
    )
    with pytest.raises(Invalid, match="does not fit"):
        filter_state(dashboard, {"g": (Wish("between", (1, 2)),)}, ())
    fixed = of(selection_enabled=False)
    assert (can_select(PLAIN), can_select(fixed)) == (True, False)
    with pytest.raises(Invalid, match="does not fit"):
        filter_state(of_tiles(fixed), {"g": (Wish("in", ("a.png",)),)}, ())


def test_the_columns_of_a_gallery_are_known() -> None:
    """Each once: its table shows them, and copies look for them."""
    tile = of(caption_columns=("well", "file"), selection_column="plate", sort=(SortKey("day"),))
    assert used_columns(tile) == ("file", "well", "plate", "day")
    assert as_table(tile).columns == ("file", "well", "plate")
