"""Filter state: which clauses narrow which tile, and reading links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.filters import Clause, FilterState, Wish, clauses_for, decode_wishes, replace_source

clauses = st.builds(
    Clause,
    source=st.sampled_from(["a", "b", "c"]),
    collection_id=st.sampled_from(["iris", "penguins"]),
    column=st.sampled_from(["x", "y"]),
    op=st.just("in"),
    values=st.just(("v",)),
    selection=st.booleans(),
)
states = st.lists(clauses, max_size=8).map(tuple)


@given(states)
def test_a_tile_is_narrowed_by_its_collection_without_its_own_selection(state: FilterState) -> None:
    """Order is kept; a filter (no selection) that a tile sets narrows it too."""
    expected = [c for c in state if c.collection_id == "iris" and (c.source != "a" or not c.selection)]
    assert clauses_for(state, "iris", "a") == tuple(expected)


@given(states, st.sampled_from(["a", "b", "z"]), states)
def test_replacing_a_source_leaves_the_others(state: FilterState, source: str, clauses: FilterState) -> None:
    new = tuple(clause for clause in clauses if clause.source == source)
    replaced = replace_source(state, source, new)
    assert tuple(clause for clause in replaced if clause.source == source) == new
    assert [c for c in replaced if c.source != source] == [c for c in state if c.source != source]


def test_a_link_is_read() -> None:
    text = '[["in",["setosa",null]],["between",[1.5,null]]]'
    assert decode_wishes(text) == (Wish("in", ("setosa", None)), Wish("between", (1.5, None)))


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Gentoo,Adelie", Wish("in", ("Gentoo", "Adelie"))),
        ("(missing),1,-2.5,true", Wish("in", (None, 1, -2.5, True))),
        ("4000..5000", Wish("between", (4000, 5000))),
        ("2024-01-01..", Wish("between", ("2024-01-01", None))),
        ("..1.5", Wish("between", (None, 1.5))),
        ("~a,b", Wish("contains", ("a,b",))),
        ("007", Wish("in", ("007",))),
    ],
)
def test_a_link_can_be_written_by_hand(text: str, wish: Wish) -> None:
    assert decode_wishes(text) == (wish,)


BROKEN = ["", "[", "a..b", "1..x", '"in"', '{"op":"in"}', '[["eval",["1"]]]', '[["in",[{}]]]', '[["in"]]']


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_link_is_invalid(text: str) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        decode_wishes(text)
