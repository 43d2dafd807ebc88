"""The address of a page that shows a saved view, run in Node: in as few words as say the same, and back."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.dash_views.test_wishes_js import Node

GENTOO = {"filters": {"species": [["in", ["Gentoo"]]], "mass": [["between", [4000, None]]]}, "tab": "more", "tile": ""}
WHOLE = "?view=Only+Gentoo&tab=more&f.mass=4000..&f.species=Gentoo"
BRIEF = "?view=Only+Gentoo"


@pytest.fixture
def address() -> Iterator[Any]:
    """The functions of view_address.js by name; a view is known, and there are two tabs."""
    node = Node("wishes.js", "view_address.js")
    node("depictio.viewAddress.set", {"firstTab": "main", "hasDefault": False})
    node("depictio.viewAddress.learn", "Only Gentoo", GENTOO)
    yield lambda name, *args: node(f"depictio.viewAddress.{name}", *args)
    node.close()


def test_the_name_of_a_view_stands_for_all_that_it_says(address: Any) -> None:
    """There and back; other keys of the address stay."""
    assert address("expand", BRIEF) == WHOLE
    assert address("contract", WHOLE) == BRIEF
    assert address("contract", "?present=1&" + WHOLE[1:]) == "?present=1&view=Only+Gentoo"
    assert address("filters", BRIEF) == GENTOO["filters"]
    assert not address("isChanged", WHOLE)
    assert not address("isChanged", BRIEF)
    assert address("write", "Only Gentoo", GENTOO, "?present=1&f.species=Adelie") == "?present=1&view=Only+Gentoo"


@pytest.mark.parametrize(
    "search",
    [
        WHOLE.replace("Gentoo", "Adelie").replace("Only+Adelie", "Only+Gentoo"),
        WHOLE.replace("tab=more", "tab=main"),
        WHOLE + "&tile=t",
        "?view=Only+Gentoo&f.species={",
    ],
)
def test_what_was_changed_since_is_said_as_a_whole(address: Any, search: str) -> None:
    """So that the link shows the same when the view is updated later."""
    assert address("contract", search) == address("expand", search) == search
    assert address("isChanged", search)


def test_a_view_without_its_filters_is_told_from_the_view(address: Any) -> None:
    """`f=none` says that all were removed, and goes when there are some again."""
    bare = "?view=Only+Gentoo&f=none"
    assert address("contract", BRIEF) == address("contract", bare) == bare
    assert address("write", "Only Gentoo", {"filters": {}, "tab": "", "tile": ""}) == bare
    assert (address("expand", bare), address("filters", bare), address("isChanged", bare)) == (bare, {}, True)
    assert address("contract", bare + "&f.species=Adelie") == "?view=Only+Gentoo&f.species=Adelie"


def test_the_first_tab_needs_no_name(address: Any) -> None:
    address("learn", "Main", {"filters": {}, "tab": "main"})
    assert address("contract", "?view=Main&f=none") == "?view=Main"
    assert address("contract", "?view=Main&tab=main") == "?view=Main"
    assert address("contract", "?view=Main&tab=more") == "?view=Main&tab=more"


def test_where_a_default_view_would_open_no_filters_are_said(address: Any) -> None:
    """Else the address of a board without filters would come back with those of the view."""
    assert address("contract", "") == ""
    address("set", {"hasDefault": True})
    assert address("contract", "") == "?f=none"
    assert address("contract", "?tab=more") == "?tab=more"


def test_an_unknown_view_shows_no_rows_as_if_they_were_meant(address: Any) -> None:
    """A filter that no tile can have stands in its place until somebody clears it."""
    lost = "?view=Nobody's"
    assert address("isLost", lost)
    assert address("filters", lost) == {"?": [["in", []]]}
    assert address("contract", 'view=Nobody%27s&f.%3F=[["in",[]]]') == "?view=Nobody%27s"
    assert address("contract", lost) == ""
    assert address("contract", lost + "&f.species=Gentoo") == "?f.species=Gentoo"
    assert not address("isLost", lost + "&f.species=Gentoo")
