"""Filters, sort keys and links as people write them."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.filters import Scalar, Wish
from domain.questions import Restriction
from domain.rows import SortKey
from domain.written import restriction, sort_key, wishes_of_link


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("species in Gentoo,Adelie", Restriction("species", "in", ("Gentoo", "Adelie"))),
        (" species  in  Gentoo , null ", Restriction("species", "in", ("Gentoo", None))),
        ("chr in 1,2.5,-3e2", Restriction("chr", "in", (1, 2.5, -300.0))),
        ('chr in "1","null"', Restriction("chr", "in", ("1", "null"))),
        ("alive in true", Restriction("alive", "in", (True,))),
        ('place in "Rothera, south",Palmer Station', Restriction("place", "in", ("Rothera, south", "Palmer Station"))),
        ('size in 5" pipe', Restriction("size", "in", ('5" pipe',))),
        ("mass between 4000,null", Restriction("mass", "between", (4000, None))),
        ("day between 2024-05-01,2024-05-31", Restriction("day", "between", ("2024-05-01", "2024-05-31"))),
        ("name contains a, b", Restriction("name", "contains", ("a, b",))),
        ("name contains 12", Restriction("name", "contains", ("12",))),
        ('name contains " 12"', Restriction("name", "contains", (" 12",))),
        ("sites.habitat in reef", Restriction("sites.habitat", "in", ("reef",))),
        ("time of day in noon", Restriction("time of day", "in", ("noon",))),
        ('"kept in" in a', Restriction("kept in", "in", ("a",))),
        ("code in 007,NaN,[1]", Restriction("code", "in", ("007", "NaN", "[1]"))),
    ],
)
def test_a_filter_is_read(text: str, expected: Restriction) -> None:
    found = restriction(text)
    assert found == expected
    assert list(map(type, found.values)) == list(map(type, expected.values))


@pytest.mark.parametrize(
    "text", ["", "species", "species is Gentoo", "species in", "in a", "x in a,,b", "x in a,", 'x in "a" b', 'x in "a']
)
def test_what_is_no_filter_is_refused(text: str) -> None:
    """With what was written."""
    with pytest.raises(Invalid) as raised:
        restriction(text)
    assert [problem.place for problem in raised.value.problems] == [text]


SCALARS = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(SCALARS | st.text(), min_size=1), st.text(min_size=1))
def test_every_value_and_column_can_be_written(values: list[Scalar], column: str) -> None:
    """As JSON, whatever it holds."""
    written = f"{json.dumps(column)} in {','.join(map(json.dumps, values))}"
    assert restriction(written) == Restriction(column, "in", tuple(values))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mass", SortKey("mass")),
        ("mass asc", SortKey("mass")),
        (" body mass  desc ", SortKey("body mass", descending=True)),
        ("desc", SortKey("desc")),
        ('"mass desc"', SortKey("mass desc")),
    ],
)
def test_a_sort_key_is_read(text: str, expected: SortKey) -> None:
    assert sort_key(text) == expected


def test_an_empty_sort_key_is_refused() -> None:
    with pytest.raises(Invalid):
        sort_key(" ")


IN = '[["in",["Gentoo",null]]]'
SPECIES = {"species": (Wish("in", ("Gentoo", None)),)}


@pytest.mark.parametrize(
    "link",
    [
        f"?f.species={IN}",
        f"f.species={IN}",
        f"/dashboards/1?f.species={quote(IN)}",
        f"https://depictio.example.org/dashboards/1?f.species={quote(IN)}#top",
    ],
)
def test_a_link_is_read_from_any_part_of_an_address(link: str) -> None:
    assert wishes_of_link(link) == SPECIES


@pytest.mark.parametrize(
    ("link", "place"),
    [
        ("?f.species=[x", "f.species"),
        ('?f.species=[["like",["a"]]]', "f.species"),
        (f"?species={IN}", "species"),
        (f"?f.species={IN}&f.species={IN}", "f.species"),
        ("https://depictio.example.org/dashboards/1?", "https://depictio.example.org/dashboards/1?"),
        ("/dashboards/1", "/dashboards/1"),
    ],
)
def test_no_filter_of_a_link_is_left_out(link: str, place: str) -> None:
    """What cannot be read is an error that names it."""
    with pytest.raises(Invalid) as raised:
        wishes_of_link(link)
    assert [problem.place for problem in raised.value.problems] == [place]
