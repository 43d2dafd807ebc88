"""Copies in other projects: what stands for what, and what would be missed."""

from datetime import UTC, datetime

import msgspec
import pytest

from domain.collections import Column, ColumnKind, DataCollection
from domain.copies import Match, matches, remapped, used_columns
from domain.dashboards import Dashboard
from domain.errors import Invalid
from domain.tiles import CardTile, DataTile, FigureTile, FilterTile, FilterWidget, TableTile, TextTile, Tile, Visu

NUMBER, TEXT = ColumnKind.NUMBER, ColumnKind.TEXT


def collection(key: str, tag: str, workflow: str = "flow", **columns: ColumnKind) -> DataCollection:
    found = tuple(Column(name, "", kind) for name, kind in columns.items())
    return DataCollection(id=key, project_id="p", tag=tag, workflow=workflow, columns=found)


SOURCE = collection("s", "rows", x=NUMBER, g=TEXT)
CARD = CardTile(id="card", collection_id="s", column_name="x")
AT = datetime(2024, 5, 1, tzinfo=UTC)


def board(*tiles: Tile) -> Dashboard:
    return Dashboard(
        id="d", project_id="p", title="T", created_by="", created_at=AT, updated_at=AT,
        tiles={tile.id: tile for tile in tiles},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tile", "columns"),
    [
        (
            FigureTile(collection_id="s", visu_type=Visu.SCATTER, x="a", y="b", color="a", hover=("c", "b")),
            ("a", "b", "c"),
        ),
        (FigureTile(collection_id="s", visu_type=Visu.SCATTER, x="a", size="d", selection_column="e"), ("a", "d", "e")),
        (CARD, ("x",)),
        (FilterTile(collection_id="s", column_name="f", interactive_component_type=FilterWidget.TEXT), ("f",)),
        (TableTile(collection_id="s", columns=("a", "b"), selection_column="b"), ("b", "a")),
        (TextTile(), ()),
    ],
)
def test_the_columns_of_a_tile_are_known(tile: Tile, columns: tuple[str, ...]) -> None:
    """Each once, whatever reads it."""
    assert used_columns(tile) == columns


def test_collections_are_matched_by_workflow_and_tag_then_by_tag_alone() -> None:
    """Where two have the tag, and none of the workflow, nobody guesses."""
    same, other = collection("1", "rows", x=NUMBER), collection("2", "rows", "else", x=NUMBER)
    third = collection("3", "rows", "third", x=NUMBER)
    expected = [Match("s", "rows", 1, ("x",), "1")]
    assert matches(board(CARD), [SOURCE], [other, same]) == expected
    assert [one.target_id for one in matches(board(CARD), [SOURCE], [other])] == ["2"]
    assert [one.target_id for one in matches(board(CARD), [SOURCE], [other, third])] == [None]
    assert [one.target_id for one in matches(board(CARD), [SOURCE], [other, third], {"s": "3"})] == ["3"]
    assert [one.target_id for one in matches(board(CARD), [], [same])] == [None]


def test_where_no_collection_has_the_tag_the_only_one_with_all_columns_is_found() -> None:
    """It is said that the columns decided; where two have them, or one has the tag without them, nobody guesses."""
    fits, lacks = collection("1", "birds", x=NUMBER, y=TEXT), collection("2", "narrow", x=TEXT)
    assert matches(board(CARD), [SOURCE], [lacks, fits]) == [Match("s", "rows", 1, ("x",), "1", by_columns=True)]
    assert matches(board(CARD), [SOURCE], [lacks, fits], {"s": "2"}) == [Match("s", "rows", 1, ("x",), "2", ("x",))]
    images = msgspec.structs.replace(collection("3", "photos", x=NUMBER, y=TEXT), kind="image")
    assert [one.target_id for one in matches(board(CARD), [SOURCE], [images, fits])] == ["1"]
    assert [one.target_id for one in matches(board(CARD), [SOURCE], [images])] == [None]
    for others in ([fits, collection("3", "more", x=NUMBER)], [lacks], [fits, collection("3", "rows"), SOURCE]):
        assert not any(one.by_columns for one in matches(board(CARD), [SOURCE], others))


def test_what_a_collection_lacks_is_named() -> None:
    """A column that is not there, and one that holds another kind of values."""
    text = TableTile(id="table", collection_id="s", columns=("x", "g"))
    found = matches(board(CARD, text), [SOURCE], [collection("1", "rows", x=TEXT)])
    assert found == [Match("s", "rows", 2, ("x", "g"), "1", ("x", "g"))]
    with pytest.raises(Invalid) as raised:
        remapped(board(CARD, text).tiles, found)
    assert [(one.place, "x, g" in one.message) for one in raised.value.problems] == [("rows", True)]


def test_tiles_stand_on_what_stands_for_theirs() -> None:
    """Texts come along as they are."""
    words = TextTile(id="words", body="hello")
    tiles = board(CARD, words).tiles
    found = remapped(tiles, matches(board(CARD, words), [SOURCE], [collection("1", "rows", x=NUMBER)]))
    assert list(found) == ["card", "words"]
    assert found["words"] == words
    card = found["card"]
    assert isinstance(card, DataTile)
    assert card.collection_id == "1"
