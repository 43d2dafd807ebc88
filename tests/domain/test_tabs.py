"""Tabs and sections: every tile has a home, whatever is renamed, moved or deleted around it."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dashboards import Dashboard, add_tile, revise
from domain.errors import Conflict, Invalid, NotFound
from domain.tab_rules import (
    FIRST_TAB,
    Where,
    add_section,
    add_tab,
    move_section,
    move_tab,
    remove_section,
    remove_tab,
    set_breakpoints,
    set_section,
    set_tab,
)
from domain.tabs import Breakpoint, Home, Section, Tab, sections_of
from domain.tiles import Box, Tile
from tests.domain.test_dashboards import EMPTY, a_filter, a_text

GRID: Where = "grid_sections"
MORE = Tab(id="more", title="More", icon="table", color="teal")


def a_family() -> Dashboard:
    """Two tabs; the first has tiles in a section and above it, and a filter."""
    dashboard = add_section(EMPTY, GRID, Section(name="Reads"))
    for tile in (a_text("top"), a_filter("pick"), msgspec.structs.replace(a_text("in"), section="Reads")):
        dashboard = add_tile(dashboard, tile)
    return add_tab(dashboard, MORE)


def homes(dashboard: Dashboard) -> dict[str, Home]:
    return {key: dashboard.home(tile) for key, tile in dashboard.tiles.items()}


def places(problems: Invalid) -> list[str]:
    return [problem.place for problem in problems.problems]


def test_a_dashboard_of_before_has_one_tab_and_one_section() -> None:
    """A document without the new keys is read, and a section that nobody declared does not hide its tile."""
    stored = msgspec.to_builtins(add_tile(EMPTY, msgspec.structs.replace(a_text("t"), section="x")))
    old: dict[str, Any] = {key: value for key, value in stored.items() if "sections" not in key and key != "tabs"}
    del old["breakpoints"], old["tiles"]["t"]["tab"]
    dashboard = msgspec.convert(old, Dashboard)
    assert homes(dashboard) == {"t": Home("", "")}
    assert [tile.id for tile in dashboard.at(Home("", ""))] == ["t"]


def test_the_second_tab_gives_the_first_a_name() -> None:
    """What stood on the only tab stands on the first one, in the same sections."""
    family = a_family()
    assert family.tabs == (FIRST_TAB, MORE)
    assert homes(family) == {"top": Home("main", ""), "pick": Home("main", ""), "in": Home("main", "Reads")}


def test_a_tab_that_comes_first_takes_no_tiles_over() -> None:
    """Tiles name their tab, so an order is only an order."""
    moved = move_tab(a_family(), "more", 0)
    assert [tab.id for tab in moved.tabs] == ["more", "main"]
    assert homes(moved) == homes(a_family())


def test_a_tab_goes_with_its_tiles_but_without_the_filters() -> None:
    """Filters are shared by the family; the last tab stays."""
    left = remove_tab(a_family(), "main")
    assert (homes(left), left.grid_sections, left.tabs) == ({"pick": Home("more", "")}, (), (MORE,))
    with pytest.raises(Invalid, match="at least one tab"):
        remove_tab(left, "more")


def test_a_tab_is_renamed_and_a_gone_one_is_said() -> None:
    """The same id with another title; an id that is taken or gone is refused."""
    named = set_tab(a_family(), Tab(id="more", title="Community"))
    assert [tab.title for tab in named.tabs] == ["Main", "Community"]
    with pytest.raises(NotFound):
        set_tab(named, Tab(id="gone", title="x"))
    with pytest.raises(Conflict):
        add_tab(named, MORE)


def test_a_section_is_renamed_with_its_tiles() -> None:
    """Tiles follow the name, and are not another version for it."""
    renamed = set_section(a_family(), GRID, Home("main", "Reads"), Section(name="Read quality", icon="dna"))
    assert homes(renamed)["in"] == Home("main", "Read quality")
    assert renamed.tiles["in"].version == 1
    assert renamed.grid_sections == (Section(name="Read quality", tab="main", icon="dna"),)
    with pytest.raises(NotFound):
        set_section(renamed, GRID, Home("main", "Reads"), Section(name="x"))


def test_the_tiles_of_a_deleted_section_follow_those_of_the_first() -> None:
    """They keep their order and cover nothing."""
    left = remove_section(a_family(), GRID, Home("main", "Reads"))
    assert homes(left)["in"] == Home("main", "")
    assert left.tiles["in"].layout == Box(0, left.tiles["top"].layout.h, 4, 4)


def test_sections_change_places_within_their_tab() -> None:
    """Those of other tabs keep theirs."""
    dashboard = add_section(a_family(), GRID, Section(name="Other", tab="more"))
    dashboard = add_section(dashboard, GRID, Section(name="Taxa", tab="main"))
    moved = move_section(dashboard, GRID, Home("main", "Taxa"), 0)
    assert [(one.tab, one.name) for one in moved.grid_sections] == [
        ("main", "Taxa"), ("more", "Other"), ("main", "Reads"),
    ]  # fmt: skip


def test_persistent_sections_show_on_every_tab() -> None:
    """Pinned ones come first or last; a pin means nothing to a section of one tab."""
    sections = [
        Section(name="own", tab="a", pin="top"),
        Section(name="last", tab="a", persistent=True, pin="bottom"),
        Section(name="other", tab="b"),
        Section(name="first", tab="b", persistent=True, pin="top"),
    ]
    assert [one.name for one in sections_of("a", sections)] == ["first", "own", "last"]
    assert [one.name for one in sections_of("b", sections)] == ["first", "other", "last"]


def test_the_cover_is_the_first_tab_as_it_opens() -> None:
    """Sections lie below each other; folded ones and other tabs are not part of it."""
    dashboard = add_section(a_family(), GRID, Section(name="Folded", tab="main", collapsed=True))
    for name, tab, section in (("low", "main", "Folded"), ("far", "more", "")):
        dashboard = add_tile(dashboard, msgspec.structs.replace(a_text(name), tab=tab, section=section))
    assert {tile.id: tile.layout for tile in dashboard.cover} == {"top": Box(0, 0, 4, 4), "in": Box(0, 4, 4, 4)}
    assert [tile.id for tile in dashboard.cover] == ["top", "in"]


@pytest.mark.parametrize(
    ("section", "place"),
    [
        (Section(name="Reads", tab="main"), "grid_sections[1].name"),
        (Section(name="", tab="main"), "grid_sections[1].name"),
        (Section(name="a\nb", tab="main"), "grid_sections[1].name"),
        (Section(name="x", tab="gone"), "grid_sections[1].tab"),
        (Section(name="x", tab="main", icon="i" * 201), "grid_sections[1].icon"),
    ],
    ids=str,
)
def test_a_section_that_breaks_a_rule_is_refused(section: Section, place: str) -> None:
    with pytest.raises(Invalid) as raised:
        add_section(a_family(), GRID, section)
    assert places(raised.value) == [place]


@pytest.mark.parametrize(
    ("steps", "good"),
    [
        ([], True),
        ([(700, 8), (0, 1)], True),
        ([(700, 8), (700, 4), (0, 1)], False),
        ([(700, 4), (500, 6), (0, 1)], False),
        ([(700, 9), (0, 1)], False),
        ([(700, 8)], False),
        ([(-1, 8), (0, 1)], False),
    ],
)
def test_breakpoints_are_listed_from_the_widest_down(steps: list[tuple[int, int]], good: bool) -> None:
    """Ever fewer columns, down to no width at all."""
    wanted = [Breakpoint(*step) for step in steps]
    if good:
        assert set_breakpoints(EMPTY, wanted).breakpoints == tuple(wanted)
        return
    with pytest.raises(Invalid):
        set_breakpoints(EMPTY, wanted)


def test_a_whole_dashboard_is_saved_with_its_tabs() -> None:
    """`revise` takes tabs and sections over; a tile that changes places is no new version of itself."""
    stored = a_family()
    there = msgspec.structs.replace(stored.tiles["top"], tab="more")
    wanted = msgspec.structs.replace(stored, tiles={**stored.tiles, "top": there}, breakpoints=(Breakpoint(0, 8),))
    saved = revise(stored, wanted)
    assert saved == wanted
    assert saved.tiles["top"].version == 1
    with pytest.raises(Invalid) as raised:
        revise(stored, msgspec.structs.replace(wanted, tabs=(MORE, MORE)))
    assert "tabs[1].id" in places(raised.value)


NAMES = st.sampled_from(["a", "b", "c"])
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("tab"), NAMES),
        st.tuples(st.just("move tab"), NAMES, st.integers(-1, 4)),
        st.tuples(st.just("no tab"), NAMES),
        st.tuples(st.just("section"), NAMES, NAMES),
        st.tuples(st.just("rename"), NAMES, NAMES, NAMES),
        st.tuples(st.just("no section"), NAMES, NAMES),
        st.tuples(st.just("tile"), NAMES, NAMES),
    ),
    max_size=25,
)


def acted(dashboard: Dashboard, act: tuple[Any, ...], number: int) -> Dashboard:
    match act:
        case ("tab", name):
            return add_tab(dashboard, Tab(id=name, title=name))
        case ("move tab", name, index):
            return move_tab(dashboard, name, index)
        case ("no tab", name):
            return remove_tab(dashboard, name)
        case ("section", tab, name):
            return add_section(dashboard, GRID, Section(name=name, tab=tab))
        case ("rename", tab, name, new):
            return set_section(dashboard, GRID, Home(tab, name), Section(name=new))
        case ("no section", tab, name):
            return remove_section(dashboard, GRID, Home(tab, name))
    tile: Tile = a_text(f"t{number}")
    return add_tile(dashboard, msgspec.structs.replace(tile, tab=act[1], section=act[2]))


@given(ACTS)
def test_every_tile_has_a_home_that_is_there(acts: list[tuple[Any, ...]]) -> None:
    """After any changes each tile stands on a tab and in a section that exist, and `at` finds each exactly once."""
    dashboard = EMPTY
    for number, act in enumerate(acts):
        try:
            dashboard = acted(dashboard, act, number)
        except (Conflict, Invalid, NotFound):
            continue
    tabs = [tab.id for tab in dashboard.tabs] or [""]
    there = [
        Home(tab, name) for tab in tabs for name in ["", *(s.name for s in dashboard.grid_sections if s.tab == tab)]
    ]
    found = [tile.id for place in there for tile in dashboard.at(place)]
    assert found == [tile.id for tile in dashboard.grid_tiles]
    assert sorted(found) == sorted(dashboard.tiles)
    assert revise(dashboard, dashboard) == dashboard
