"""How tiles are put together without gaps."""

from itertools import combinations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.grid import bottom, compact, overlap
from domain.packing import packed
from domain.tiles import GRID_COLUMNS, Box


def boxes(widths: st.SearchStrategy[int], heights: st.SearchStrategy[int]) -> st.SearchStrategy[dict[str, Box]]:
    """Places that may cover each other and have gaps."""
    box = st.builds(
        lambda x, y, w, h: Box(min(x, GRID_COLUMNS - w), y, w, h), st.integers(0, 7), st.integers(0, 9), widths, heights
    )
    return st.lists(box, max_size=8).map(lambda many: {str(number): one for number, one in enumerate(many)})


def holes(found: dict[str, Box]) -> int:
    """Free cells that have a tile somewhere below them."""
    taken = {(x, y) for box in found.values() for x in range(box.x, box.x + box.w) for y in range(box.y, box.y + box.h)}
    ends = {x: max((y for column, y in taken if column == x), default=-1) for x in range(GRID_COLUMNS)}
    return sum((x, y) not in taken for x, end in ends.items() for y in range(end))


@settings(max_examples=40)
@given(boxes(st.integers(1, 8), st.integers(1, 4)))
def test_no_tile_could_move_up_or_left_into_free_room(given: dict[str, Box]) -> None:
    """Nothing is covered, sizes stay, and every place before that of a tile is taken, its own cells aside."""
    found = packed(given.items())
    assert {key: (box.w, box.h) for key, box in found.items()} == {key: (box.w, box.h) for key, box in given.items()}
    assert not any(overlap(a, b) for a, b in combinations(found.values(), 2))
    assert compact(found) == found
    for key, box in found.items():
        others = [other for name, other in found.items() if name != key]
        for y in range(box.y + 1):
            for x in range(GRID_COLUMNS - box.w + 1 if y < box.y else box.x):
                place = msgspec.structs.replace(box, x=x, y=y)
                assert any(overlap(place, other) for other in others), (key, place)


@settings(max_examples=40)
@given(boxes(st.sampled_from([2, 4, 8]), st.sampled_from([2, 4])))
def test_tiles_of_usual_sizes_leave_no_hole(given: dict[str, Box]) -> None:
    """Quarters, halves and whole rows, in two heights of which one is twice the other."""
    assert holes(packed(given.items())) == 0


def test_reading_order_stays_where_it_leaves_no_hole() -> None:
    """Another order is taken only where it closes more."""
    rows = {"a": Box(0, 1, 4, 2), "b": Box(4, 1, 4, 2), "c": Box(0, 7, 8, 3)}
    assert packed(rows.items()) == {"a": Box(0, 0, 4, 2), "b": Box(4, 0, 4, 2), "c": Box(0, 2, 8, 3)}
    gaps = {
        "a": Box(0, 0, 2, 2),
        "b": Box(0, 2, 8, 2),
        "c": Box(0, 4, 4, 2),
        "d": Box(0, 6, 6, 2),
        "e": Box(0, 8, 4, 2),
    }
    assert holes(packed(gaps.items())) == 0
    assert packed([]) == {}


@pytest.mark.parametrize("many", [200])
def test_a_full_dashboard_is_packed_in_few_rows(many: int) -> None:
    """As many tiles as a dashboard may have."""
    found = packed((f"{number}", Box(0, number, 1 + number % 5, 1 + number % 3)) for number in range(many))
    area = sum(box.w * box.h for box in found.values())
    assert bottom(found) * GRID_COLUMNS < area * 1.1
