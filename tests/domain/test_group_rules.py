"""Several tiles at once: nothing is lost, nothing covers anything, and what was asked for has happened."""

from itertools import combinations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dashboards import MAX_TILES, Dashboard
from domain.errors import Conflict, Invalid, NotFound
from domain.grid import compact, overlap, settle
from domain.group_rules import (
    align_tiles,
    arrange_section,
    distribute_tiles,
    duplicate_tiles,
    move_tiles,
    paste_tiles,
    remove_tiles,
)
from domain.tab_rules import add_section, add_tab
from domain.tabs import Home, Section, Tab
from domain.tiles import GRID_COLUMNS, Box
from tests.domain.test_dashboards import EMPTY, a_filter, a_text

BOXES = st.builds(
    lambda x, y, w, h: Box(min(x, GRID_COLUMNS - w), y, w, h),
    st.integers(0, 7), st.integers(0, 9), st.integers(1, 8), st.integers(1, 4),
)  # fmt: skip
MANY = st.dictionaries(st.sampled_from("abcdefgh"), BOXES, max_size=8)


def of(boxes: dict[str, Box]) -> Dashboard:
    """A dashboard with texts at these places, and another tab that has a section."""
    dashboard = add_section(
        add_tab(EMPTY, Tab(id="other", title="Other")), "grid_sections", Section(name="S", tab="other")
    )
    tiles = {key: msgspec.structs.replace(a_text(key, layout=box), tab="main") for key, box in boxes.items()}
    return msgspec.structs.replace(dashboard, tiles={**tiles, "filter": a_filter("filter")})


def layouts(dashboard: Dashboard) -> dict[str, Box]:
    return {key: tile.layout for key, tile in dashboard.tiles.items() if key != "filter"}


def is_at_rest(boxes: dict[str, Box]) -> bool:
    """Nothing covers anything, and nothing can fall."""
    return not any(overlap(a, b) for a, b in combinations(boxes.values(), 2)) and compact(boxes) == boxes


ROW = {"a": Box(0, 0, 2, 2), "b": Box(2, 0, 2, 3), "c": Box(4, 0, 4, 2), "d": Box(0, 3, 8, 1)}


@given(MANY, BOXES)
def test_what_is_put_somewhere_stays_and_the_others_make_room(boxes: dict[str, Box], fixed: Box) -> None:
    """After settling all are at rest, with their sizes; the fixed one has its columns."""
    found = settle(boxes, {"fixed": fixed})
    assert is_at_rest(found)
    assert {key: (box.w, box.h) for key, box in found.items()} == {
        key: (box.w, box.h) for key, box in {**boxes, "fixed": fixed}.items()
    }
    assert (found["fixed"].x, found["fixed"].y <= fixed.y) == (fixed.x, True)


@given(
    MANY, st.sets(st.sampled_from("abcdefgh"), min_size=1), st.none() | st.tuples(st.integers(0, 7), st.integers(0, 9))
)
def test_tiles_move_together_to_another_section(
    boxes: dict[str, Box], chosen: set[str], at: tuple[int, int] | None
) -> None:
    """They stand there without covering anything; what stays where it was stays as it was."""
    ids = sorted(chosen & boxes.keys())
    dashboard = of(compact(settle(boxes, {})))
    if not ids:
        return
    moved = move_tiles(dashboard, ids, Home("other", "S"), at)
    assert [moved.home(moved.tiles[key]) for key in ids] == [Home("other", "S")] * len(ids)
    assert is_at_rest({key: moved.tiles[key].layout for key in ids})
    assert {key: moved.tiles[key] for key in boxes if key not in ids} == {
        key: dashboard.tiles[key] for key in boxes if key not in ids
    }


def test_a_tile_is_dropped_between_others() -> None:
    """It is where it was dropped, and what was there is below."""
    moved = move_tiles(of(ROW), ["d"], Home("main", ""), (0, 0))
    assert layouts(moved) == {"d": Box(0, 0, 8, 1), "a": Box(0, 1, 2, 2), "b": Box(2, 1, 2, 3), "c": Box(4, 1, 4, 2)}


def test_copies_stand_below_together_as_they_were() -> None:
    """Their ids are the given ones, and their versions begin anew."""
    copied = duplicate_tiles(of(ROW), {"a": "a2", "c": "c2"})
    assert (copied.tiles["a2"].layout, copied.tiles["c2"].layout) == (Box(0, 4, 2, 2), Box(4, 4, 4, 2))
    assert {key: copied.tiles[key] for key in ROW} == {key: of(ROW).tiles[key] for key in ROW}
    with pytest.raises(Conflict):
        duplicate_tiles(copied, {"a": "a2"})


def test_pasted_filters_go_to_the_panel() -> None:
    """They come last there; tiles go where they are pasted."""
    pasted = paste_tiles(of(ROW), [a_filter("f2"), a_text("t", layout=Box(1, 7, 2, 2))], Home("other", "S"))
    assert [one.id for one in pasted.filters] == ["filter", "f2"]
    assert (pasted.home(pasted.tiles["t"]), pasted.tiles["t"].layout) == (Home("other", "S"), Box(1, 0, 2, 2))
    many = [a_text(f"n{number}") for number in range(MAX_TILES)]
    with pytest.raises(Invalid):
        paste_tiles(pasted, many, Home("main", ""))


def test_what_is_pasted_covers_nothing_where_there_was_a_gap() -> None:
    """Tiles above which there was one fall with those that come, which rest on them."""
    gap = of({"high": Box(0, 0, 4, 1), "low": Box(0, 5, 6, 4)})
    pasted = layouts(paste_tiles(gap, [a_text("new", layout=Box(4, 3, 2, 1))], Home("main")))
    assert pasted == {"high": Box(0, 0, 4, 1), "low": Box(0, 1, 6, 4), "new": Box(4, 5, 2, 1)}


def test_tiles_are_deleted_together() -> None:
    assert list(remove_tiles(of(ROW), ["a", "c", "filter"]).tiles) == ["b", "d"]
    with pytest.raises(NotFound):
        remove_tiles(of(ROW), ["a", "gone"])


def test_tiles_are_lined_up() -> None:
    """At an edge they stand below each other where they would cover each other; sizes are those of the first."""
    left = layouts(align_tiles(of(ROW), ["b", "c"], "left"))
    assert (left["b"].x, left["c"].x, overlap(left["b"], left["c"])) == (2, 2, False)
    right = layouts(align_tiles(of(ROW), ["a", "b"], "right"))
    assert (right["a"].x, right["b"].x) == (2, 2)
    assert layouts(align_tiles(of(ROW), ["b", "a", "c"], "height"))["c"].h == 3
    assert layouts(align_tiles(of(ROW), ["c", "a"], "width"))["a"] == Box(0, 0, 4, 2)
    assert layouts(
        align_tiles(of({"a": Box(0, 0, 4, 2), "b": Box(4, 0, 4, 1), "c": Box(4, 1, 4, 1)}), ["a", "c"], "top")
    )["c"] == Box(4, 0, 4, 1)


def test_tiles_are_spread_over_the_width() -> None:
    """Three leave two to a row, for eight columns have no third."""
    assert layouts(distribute_tiles(of(ROW), ["a", "b"])) | {"a": 0, "b": 0} == {
        "a": 0, "b": 0, "c": Box(4, 3, 4, 2), "d": Box(0, 5, 8, 1),
    }  # fmt: skip
    three = layouts(distribute_tiles(of(ROW), ["a", "b", "c"]))
    assert (three["a"], three["b"], three["c"].x, three["c"].w) == (Box(0, 0, 4, 2), Box(4, 0, 4, 3), 0, 4)


@given(MANY.filter(bool), st.sampled_from(["left", "right", "top", "width", "height"]))
def test_lining_up_covers_nothing(boxes: dict[str, Box], side: str) -> None:
    """Whatever is chosen, on any grid at rest."""
    dashboard = of(settle(boxes, {}))
    ids = sorted(boxes)[:4]
    for changed in (align_tiles(dashboard, ids, side), distribute_tiles(dashboard, ids)):  # type: ignore[arg-type]
        assert is_at_rest(layouts(changed))
        assert all(box.x >= 0 and box.x + box.w <= GRID_COLUMNS for box in layouts(changed).values())


def test_a_section_is_arranged_without_gaps() -> None:
    """Tiles of a later row fill what is free in an earlier one."""
    boxes = {"a": Box(0, 0, 5, 2), "b": Box(0, 2, 4, 1), "c": Box(0, 3, 3, 1)}
    found = layouts(arrange_section(of(boxes), Home("main", "")))
    assert found == {"a": Box(0, 0, 5, 2), "b": Box(0, 2, 4, 1), "c": Box(5, 0, 3, 1)}


def test_only_tiles_of_one_section_of_the_grid_line_up() -> None:
    """Filters, tiles that are gone, places that are gone and tiles of different sections are refused."""
    apart = move_tiles(of(ROW), ["a"], Home("other", "S"))
    with pytest.raises(Invalid, match="one section"):
        align_tiles(apart, ["a", "b"], "left")
    with pytest.raises(Invalid, match="panel"):
        move_tiles(apart, ["filter"], Home("other", "S"))
    with pytest.raises(NotFound):
        move_tiles(apart, ["a"], Home("other", "gone"))
    with pytest.raises(Invalid, match="No tile"):
        distribute_tiles(apart, [])
