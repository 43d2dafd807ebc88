"""What the browser is told of cells that can be picked."""

from typing import Any, cast

import pytest

from dash_views.board import Board, said_of_figure
from domain.collections import Column, ColumnKind, DataCollection
from domain.tiles import FigureTile, Visu

COLUMNS = (
    Column("mass", "Float64", ColumnKind.NUMBER),
    Column("local", "Datetime(time_unit='us', time_zone='Europe/Paris')", ColumnKind.DATETIME),
    Column("utc", "Datetime(time_unit='us', time_zone='UTC')", ColumnKind.DATETIME),
)
COLLECTION = DataCollection(id="c", project_id="p", tag="seen", workflow="w", columns=COLUMNS)


def told(x: str) -> dict[str, Any]:
    board = Board(cast("Any", None), cast("Any", None), (COLLECTION,), {})
    return said_of_figure(FigureTile(id="f", collection_id="c", visu_type=Visu.DENSITY_HEATMAP, x=x, y="mass"), board)


@pytest.mark.parametrize("x", ["mass", "local", "utc"])
def test_cells_of_a_density_can_be_picked_whatever_the_zone(x: str) -> None:
    """Both sides are named with their kinds."""
    column = COLLECTION.column(x)
    assert column
    also = [{"role": "y", "name": "mass", "kind": ColumnKind.NUMBER}]
    assert told(x) == {"by": x, "kind": column.kind, "pick": "grid", "also": also}


def test_nothing_can_be_picked_by_a_column_that_is_gone() -> None:
    assert told("gone") == {}
