"""Cards: one number (or date) of one column, the same of all rows, and what the card's layout draws below it."""

from domain.card_tile import LISTS, CardTile
from persistence.frames import card_layouts, pieces
from persistence.frames.aggregations import aggregable
from persistence.frames.expressions import expression_tests
from persistence.frames.pieces import Piece
from persistence.frames.plans import Plan, Rows, rows_of


def plan(tile: CardTile, rows: Rows) -> Plan:
    """One row `value`, `values`, and the further columns that `shapes` lists."""
    column = aggregable(rows.table, tile.column_name, tile.aggregation)
    found: list[Piece] = [
        pieces.value(rows, column, tile.aggregation, "value", tile.q),
        pieces.valid(rows, column),
    ]
    if tile.compare:
        # All rows that the tile is made of: those that its author has left out are none of them.
        own = rows_of(rows.table, expression_tests(rows.table, tile.filter_expr))
        found.append(pieces.value(own, column, tile.aggregation, "all", tile.q))
    if tile.secondary_layout in LISTS:
        for aggregation in dict.fromkeys(tile.aggregations):
            other = aggregable(rows.table, tile.column_name, aggregation)
            found.append(pieces.value(rows, other, aggregation, aggregation.value, tile.q))
    else:
        found += card_layouts.pieces_of(tile, rows, column)
    return pieces.joined(found)
