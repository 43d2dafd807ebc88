"""What a tile may say."""

from typing import Any

import msgspec
import pytest

from domain.errors import Invalid
from domain.tile_rules import check_tile, tile_problems
from domain.tiles import CardTile, FigureTile, FilterTile, FilterWidget, TableTile, TextTile, Tile, Visu

FIGURE = FigureTile(id="f", collection_id="c", visu_type=Visu.SCATTER, x="x")
CARD = CardTile(id="k", collection_id="c", column_name="x")
TABLE = TableTile(id="t", collection_id="c")
TEXT = TextTile(id="m", body="# Markdown\n\n<script>stays text</script>")
FILTER = FilterTile(id="i", collection_id="c", column_name="x", interactive_component_type=FilterWidget.TEXT)


@pytest.mark.parametrize("tile", [FIGURE, CARD, TABLE, TEXT, FILTER], ids=lambda tile: type(tile).__name__)
def test_plain_tiles_are_accepted_as_they_are(tile: Tile) -> None:
    assert tile_problems(tile) == []


@pytest.mark.parametrize(
    ("tile", "change"),
    [
        (FIGURE, {"id": ""}),
        (FIGURE, {"id": "a.b"}),
        (FIGURE, {"id": "$a"}),
        (FIGURE, {"title": "x" * 201}),
        (FIGURE, {"title": "two\nlines"}),
        (FIGURE, {"section": "x" * 201}),
        (FIGURE, {"description": "x" * 4001}),
        (FIGURE, {"x": "x" * 501}),
        (FIGURE, {"color": "c\0"}),
        (FIGURE, {"hover": ("h",) * 31}),
        (FIGURE, {"nbins": 0}),
        (FIGURE, {"max_points": 0}),
        (FIGURE, {"max_points": 10**9}),
        (CARD, {"decimals": -1}),
        (CARD, {"unit": "u" * 41}),
        (TABLE, {"columns": ("c",) * 1001}),
        (TABLE, {"page_size": 0}),
        (TABLE, {"page_size": 1001}),
        (TEXT, {"body": "x" * 100_001}),
        (TEXT, {"body": "nul \0"}),
        (FILTER, {"column_name": "x" * 501}),
    ],
)
def test_a_fault_names_its_field(tile: Tile, change: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as raised:
        check_tile(msgspec.structs.replace(tile, **change))
    assert [problem.place for problem in raised.value.problems] == list(change)
