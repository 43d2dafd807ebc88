"""What a saved view may say, and what it names that is gone."""

from datetime import UTC, datetime

import msgspec
import pytest

from domain.dashboards import Dashboard
from domain.errors import Invalid
from domain.filters import Wish
from domain.saved_views import Gone, ViewState, checked_name, checked_state, gone, key_of, labels_of
from domain.tabs import Tab
from domain.tiles import FilterTile, FilterWidget, TextTile

AT = datetime(2026, 1, 1, tzinfo=UTC)
SPECIES = FilterTile(
    id="species",
    title="Species",
    collection_id="c",
    column_name="species",
    interactive_component_type=FilterWidget.MULTI_SELECT,
)
BOARD = Dashboard(
    id="d",
    project_id="p",
    title="D",
    created_by="u",
    created_at=AT,
    updated_at=AT,
    tiles={"species": SPECIES, "text": TextTile(id="text", title="About")},
    tabs=(Tab(id="main", title="Main"), Tab(id="more", title="More")),
)
STATE = ViewState(filters={"species": (Wish("in", ("Gentoo",)),)}, tab="more", tile="text")


def test_blanks_and_case_of_a_name_do_not_tell_two_views_apart() -> None:
    assert checked_name("  Only   Gentoo ") == "Only Gentoo"
    assert key_of("only gentoo") == key_of(" Only  GENTOO")


@pytest.mark.parametrize("name", ["", "   ", "a" * 101, "a\x00b", "0123456789abcdef01234567"])
def test_a_name_that_no_link_can_carry_is_refused(name: str) -> None:
    """Empty, too long, unprintable, or what could be the id of another view."""
    with pytest.raises(Invalid, match="cannot be called so"):
        checked_name(name)


def test_a_state_keeps_what_the_dashboard_can_show() -> None:
    """Filters that wish nothing are left out; labels are those of its tiles and its tab."""
    idle = msgspec.structs.replace(STATE, filters={**STATE.filters, "text": ()})
    assert checked_state(BOARD, idle) == STATE
    assert labels_of(BOARD, STATE) == {"species": "Species", "text": "About", "more": "More"}
    assert gone(BOARD, STATE, {}) == []


@pytest.mark.parametrize(
    ("state", "place"),
    [
        (ViewState(filters={"island": (Wish("in", ("Biscoe",)),)}), "island"),
        (ViewState(filters={"species": (Wish("between", (1, 2)),)}), "species"),
        (ViewState(tab="third"), "third"),
        (ViewState(tile="figure"), "figure"),
        (ViewState(filters={"species": (Wish("in", tuple(f"value {n}" for n in range(9000))),)}), "state"),
    ],
)
def test_a_state_that_cannot_be_shown_is_refused_by_name(state: ViewState, place: str) -> None:
    """A missing filter, tab or tile, a filter of another kind, and one that is too large."""
    with pytest.raises(Invalid) as raised:
        checked_state(BOARD, state)
    assert [problem.place for problem in raised.value.problems] == [place]


def test_what_is_gone_keeps_the_name_it_had() -> None:
    """Filters first, then the tab, then the tile; without a kept name the id has to do."""
    bare = msgspec.structs.replace(BOARD, tiles={}, tabs=())
    labels = {"species": "Species", "more": "More"}
    assert gone(bare, STATE, labels) == [
        Gone("filter", "species", "Species"),
        Gone("tab", "more", "More"),
        Gone("tile", "text", "text"),
    ]
