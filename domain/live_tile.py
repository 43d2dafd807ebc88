"""A live value of a text as the query engine is asked for it: a tile that no dashboard stores."""

from domain.aggregations import Aggregation
from domain.live_values import live_of
from domain.text_tile import TextTile
from domain.tile_base import DataTile


class LiveTile(DataTile, frozen=True, kw_only=True, tag="live"):
    """One value, or with `by` one for each of its values. No `column_name` counts rows."""

    aggregation: Aggregation = Aggregation.COUNT
    column_name: str = ""
    q: float = 0.5
    by: str = ""


def live_tiles(tile: TextTile) -> list[LiveTile]:
    """What the text asks for, each value by a name of its own; nothing as long as it has no data."""
    if not tile.collection_id:
        return []
    return [
        LiveTile(
            id=name_of(tile, number),
            collection_id=tile.collection_id,
            aggregation=live.aggregation,
            column_name=live.column,
            q=live.q,
            by=live.by,
        )
        for number, live in enumerate(live_of(tile.body))
    ]


def name_of(tile: TextTile, number: int) -> str:
    """The name of a text's live value; no tile can have it."""
    return f"{tile.id}\0{number}"


def asked_for(tile: TextTile) -> LiveTile | None:
    """What stands for all live values of a text where only its version, its data and its clauses matter."""
    if not live_tiles(tile):
        return None
    return LiveTile(id=tile.id, collection_id=tile.collection_id, version=tile.version)
