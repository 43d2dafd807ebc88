"""The rules by which dashboards change, over random sequences of changes."""

from datetime import UTC, datetime
from itertools import combinations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dashboards import (
    MAX_TILES,
    Dashboard,
    add_tile,
    duplicate_tile,
    place_tiles,
    remove_tile,
    replace_tile,
    retitle,
    revise,
)
from domain.errors import Conflict, Invalid, NotFound
from domain.tiles import GRID_COLUMNS, Box, FilterTile, FilterWidget, TextTile, Tile

AT = datetime(2026, 1, 1, tzinfo=UTC)
EMPTY = Dashboard(id="d", project_id="p", title="D", created_by="ada", created_at=AT, updated_at=AT)


def a_text(tile_id: str, title: str = "", layout: Box | None = None) -> TextTile:
    return TextTile(id=tile_id, title=title, layout=layout or Box())


def a_filter(tile_id: str) -> FilterTile:
    return FilterTile(
        id=tile_id, collection_id="c", column_name="x", interactive_component_type=FilterWidget.MULTI_SELECT
    )


def a_dashboard(*tiles: Tile) -> Dashboard:
    dashboard = EMPTY
    for tile in tiles:
        dashboard = add_tile(dashboard, tile)
    return dashboard


def overlap(a: Box, b: Box) -> bool:
    return a.x < b.x + b.w and b.x < a.x + a.w and a.y < b.y + b.h and b.y < a.y + a.h


boxes = st.builds(Box, st.integers(-3, 12), st.integers(-3, 30), st.integers(-1, 12), st.integers(-1, 9))
new_tiles = st.lists(st.one_of(boxes.map(lambda box: a_text("", layout=box)), st.just(a_filter(""))), max_size=12).map(
    lambda tiles: [msgspec.structs.replace(tile, id=f"t{i}") for i, tile in enumerate(tiles)]
)


@given(new_tiles)
def test_added_tiles_lie_on_the_grid_and_never_overlap(tiles: list[Tile]) -> None:
    """Whatever size is asked for; filters stand below each other in their panel."""
    dashboard = a_dashboard(*tiles)
    grid = [tile.layout for tile in dashboard.grid_tiles]
    assert all(
        box.x >= 0 and box.y >= 0 and box.w >= 1 and box.h >= 1 and box.x + box.w <= GRID_COLUMNS for box in grid
    )
    assert not any(overlap(a, b) for a, b in combinations(grid, 2))
    assert [tile.layout.y for tile in dashboard.filters] == list(range(len(dashboard.filters)))
    assert set(dashboard.tiles) == {tile.id for tile in tiles}
    assert {tile.version for tile in dashboard.tiles.values()} <= {1}


def test_a_new_tile_lies_below_what_has_fallen_into_a_gap() -> None:
    """A reader sees the tiles without the gaps that are stored; what is there already is not pushed away."""
    stored = place_tiles(a_dashboard(a_text("a", layout=Box(w=6, h=4))), {"a": Box(0, 9, 6, 4)})
    found = add_tile(stored, a_text("b", layout=Box(w=4, h=4))).tiles
    assert (found["a"].layout, found["b"].layout) == (Box(0, 0, 6, 4), Box(0, 4, 4, 4))


def test_a_taken_id_and_a_full_dashboard_are_refused() -> None:
    with pytest.raises(Conflict, match="already has a tile 'a'"):
        a_dashboard(a_text("a"), a_text("a"))
    full = msgspec.structs.replace(EMPTY, tiles={f"t{i}": a_text(f"t{i}") for i in range(MAX_TILES)})
    with pytest.raises(Invalid, match="at most 200"):
        add_tile(full, a_text("one more"))


def test_a_saved_tile_keeps_its_place_and_counts_a_version() -> None:
    dashboard = a_dashboard(a_text("a"), a_text("b"))
    saved = replace_tile(dashboard, a_text("b", "new", layout=Box(0, 9, 8, 8)))
    expected = msgspec.structs.replace(dashboard.tiles["b"], title="new", version=2)
    assert saved.tiles == {"a": dashboard.tiles["a"], "b": expected}


def test_a_stale_tile_and_a_missing_one_are_told_apart() -> None:
    """Somebody else saved it, or somebody else removed it."""
    dashboard = replace_tile(a_dashboard(a_text("a")), a_text("a", "theirs"))
    with pytest.raises(Conflict, match="'theirs' was changed by somebody else"):
        replace_tile(dashboard, a_text("a", "mine"))
    with pytest.raises(NotFound):
        replace_tile(remove_tile(dashboard, "a"), a_text("a", "mine"))


@given(st.permutations(["a", "b", "c"]))
def test_saves_of_different_tiles_commute(order: list[str]) -> None:
    """In whatever order they arrive, each tile says what its author wrote: that is why they merge."""
    dashboard = a_dashboard(*(a_text(name) for name in "abc"))
    for name in order:
        dashboard = replace_tile(dashboard, a_text(name, f"by {name}"))
    assert {tile.id: (tile.title, tile.version) for tile in dashboard.tiles.values()} == {
        name: (f"by {name}", 2) for name in "abc"
    }


def test_removing_leaves_the_others() -> None:
    dashboard = a_dashboard(a_text("a"), a_filter("f"))
    assert remove_tile(dashboard, "a").tiles == {"f": dashboard.tiles["f"]}
    with pytest.raises(NotFound, match="no tile 'x'"):
        remove_tile(dashboard, "x")


@given(boxes)
def test_a_tile_is_placed_within_the_grid_or_not_at_all(box: Box) -> None:
    dashboard = a_dashboard(a_text("a"))
    fits = box.x >= 0 and box.y >= 0 and box.w >= 1 and box.h >= 1 and box.x + box.w <= GRID_COLUMNS
    if fits:
        moved = place_tiles(dashboard, {"a": box})
        assert moved.tiles == {"a": msgspec.structs.replace(dashboard.tiles["a"], layout=box)}
    else:
        with pytest.raises(Invalid) as raised:
            place_tiles(dashboard, {"a": box})
        assert raised.value.problems[0].place == "tiles.a.layout"


def test_placing_a_missing_tile_moves_nothing() -> None:
    with pytest.raises(NotFound):
        place_tiles(a_dashboard(a_text("a")), {"a": Box(0, 5, 1, 1), "gone": Box()})


def test_a_copy_says_the_same_elsewhere() -> None:
    dashboard = duplicate_tile(replace_tile(a_dashboard(a_text("a")), a_text("a", "A")), "a", "b")
    copy = dashboard.tiles["b"]
    assert copy == msgspec.structs.replace(dashboard.tiles["a"], id="b", layout=copy.layout, version=1)
    assert not overlap(copy.layout, dashboard.tiles["a"].layout)


def test_a_revision_counts_versions_of_what_changed_only() -> None:
    """A moved tile keeps its version, a changed one counts, a new one starts, a missing one goes."""
    stored = a_dashboard(a_text("moved"), a_text("changed"), a_text("gone"))
    moved = msgspec.structs.replace(stored.tiles["moved"], layout=Box(0, 40, 2, 2))
    changed = msgspec.structs.replace(stored.tiles["changed"], title="new", version=77)
    added = msgspec.structs.replace(a_text("added"), version=9)
    wanted = msgspec.structs.replace(
        stored, title=" E ", project_id="other", created_by="eve", tiles={t.id: t for t in (moved, changed, added)}
    )
    tiles = {
        "moved": moved,
        "changed": msgspec.structs.replace(changed, version=2),
        "added": msgspec.structs.replace(added, version=1),
    }
    assert revise(stored, wanted) == msgspec.structs.replace(stored, title="E", tiles=tiles)


def test_a_revision_of_an_old_version_is_a_conflict() -> None:
    stored = msgspec.structs.replace(EMPTY, version=3)
    with pytest.raises(Conflict, match=r"version 3, yours was 2"):
        revise(stored, msgspec.structs.replace(EMPTY, version=2))


@pytest.mark.parametrize(
    "tiles",
    [
        {"a": a_text("b")},
        {"a": a_text("a", layout=Box(5, 0, 4, 4))},
        {f"t{i}": a_text(f"t{i}") for i in range(MAX_TILES + 1)},
    ],
    ids=["another id", "outside", "too many"],
)
def test_a_broken_revision_is_invalid(tiles: dict[str, Tile]) -> None:
    with pytest.raises(Invalid):
        revise(EMPTY, msgspec.structs.replace(EMPTY, tiles=tiles))


@pytest.mark.parametrize(("title", "subtitle"), [("", ""), (" ", ""), ("x" * 201, ""), ("a\nb", ""), ("a", "x" * 4001)])
def test_titles_are_bounded(title: str, subtitle: str) -> None:
    with pytest.raises(Invalid):
        retitle(EMPTY, title, subtitle)
