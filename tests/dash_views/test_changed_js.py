"""Which tiles new data have changed, run in Node."""

from collections.abc import Iterator

import pytest

from tests.dash_views.test_wishes_js import Node

NUMBER = {"notice": None, "badge": "", "number": {"value": "12", "unit": "g", "note": "mean of mass · 3 values"}}
FIGURE = {"notice": None, "badge": "", "figure": {"mark": "a", "arrays": [[1, 2]]}}
ALL, SOME = "no filters", "some filters"


@pytest.fixture
def page() -> Iterator[Node]:
    """A dashboard whose card and scatter are shown without filters."""
    found = Node("changed.js")
    assert not found("depictio.changed.answered", "mass", ALL, NUMBER, False)
    assert not found("depictio.changed.answered", "bills", ALL, FIGURE, True)
    found("depictio.changed.begin", {"mass": "3 → 4 rows"})
    yield found
    found.close()


@pytest.mark.parametrize("change", [{"badge": "3 of 4 rows"}, {"number": None}, {"notice": {"text": "No rows."}}])
def test_whatever_a_tile_shows_counts(page: Node, change: dict[str, object]) -> None:
    """Its number with what it is made of, its badge, and why it is empty."""
    assert page("depictio.changed.answered", "mass", ALL, NUMBER | change, False)
    assert page("depictio.changed.count") == 1


def test_a_tile_that_shows_the_same_has_not_changed(page: Node) -> None:
    """Also a figure whose arrays were sent once more, or without the mould that the browser has."""
    assert not page("depictio.changed.answered", "mass", ALL, NUMBER, False)
    assert not page("depictio.changed.answered", "bills", ALL, FIGURE | {"figure": {"mark": "a"}}, False)
    assert page("depictio.changed.count") == 0


def test_another_figure_is_a_change_and_counts_once(page: Node) -> None:
    for arrays in ([[1, 3]], [[1, 4]]):
        assert page("depictio.changed.answered", "bills", ALL, FIGURE | {"figure": {"arrays": arrays}}, True)
    assert page("depictio.changed.count") == 1


def test_other_filters_are_no_news(page: Node) -> None:
    """What somebody filters meanwhile changes tiles, and that is known; what comes under the same filters is news."""
    other = NUMBER | {"badge": "2 of 4 rows"}
    assert not page("depictio.changed.answered", "mass", SOME, other, False)
    assert page("depictio.changed.answered", "mass", SOME, NUMBER, False)


def test_a_tile_that_was_drawn_anew_has_not_changed(page: Node) -> None:
    """An edit empties it, so there is nothing to compare with."""
    page("depictio.changed.forget", "mass")
    assert not page("depictio.changed.answered", "mass", ALL, NUMBER | {"number": None}, False)


def test_nothing_is_marked_once_the_news_are_closed(page: Node) -> None:
    page("depictio.changed.answered", "mass", ALL, NUMBER | {"number": None}, False)
    page("depictio.changed.end")
    assert page("depictio.changed.count") == 0
    page("depictio.changed.answered", "mass", ALL, NUMBER, False)
    assert page("depictio.changed.count") == 0
