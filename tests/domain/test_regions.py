"""Which region a value names, and what is said of values that name none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.map_tile import Boundaries
from domain.regions import plain, regions_of, unknown_said

COUNTRIES = regions_of(Boundaries.COUNTRIES)
STATES = regions_of(Boundaries.US_STATES)


@pytest.mark.parametrize(
    ("value", "region"),
    [
        ("de", "DEU"), ("DEU", "DEU"), ("276", "DEU"), (" germany ", "DEU"), ("United States", "USA"), ("U.S.", "USA"),
        ("UK", "GBR"), ("The Gambia", "GMB"), ("Côte d\N{RIGHT SINGLE QUOTATION MARK}Ivoire", "CIV"),
        ("cote d'ivoire", "CIV"), ("Czechia", "CZE"),
        ("Trinidad & Tobago", "TTO"), ("Congo", "COG"), ("DR Congo", "COD"), ("Turkey", "TUR"), ("Kosovo", "XKX"),
        ("Republic of Korea", "KOR"), ("Viet Nam", "VNM"), ("NA", "NAM"), ("Atlantis", None), ("", None), ("-", None),
    ],
)  # fmt: skip
def test_a_country_is_named_by_codes_and_names(value: str, region: str | None) -> None:
    assert COUNTRIES.region(value) == region


@pytest.mark.parametrize(("value", "region"), [("ca", "CA"), ("06", "CA"), ("California", "CA"), ("Bavaria", None)])
def test_a_state_is_named_by_codes_and_names(value: str, region: str | None) -> None:
    assert STATES.region(value) == region


@pytest.mark.parametrize("boundaries", Boundaries)
def test_every_spelling_names_one_region(boundaries: Boundaries) -> None:
    """Every region has a name that leads back to it."""
    regions = regions_of(boundaries)
    assert {regions.region(name) for name in regions.names.values()} == set(regions.names)
    assert {regions.region(code) for code in regions.names} == set(regions.names)
    assert set(regions.spellings.values()) == set(regions.names)


@given(st.text())
def test_spelling_plainly_twice_changes_nothing_more(text: str) -> None:
    """But for a second `the`, only letters, digits and single blanks are left."""
    found = plain(text)
    assert all(letter.isascii() and (letter.isalnum() or letter == " ") for letter in found)
    assert plain(found) in {found, found.removeprefix("the ")}


def test_unknown_values_are_counted_and_said() -> None:
    """The first five of many; nothing when there are none."""
    assert unknown_said([], 3, Boundaries.COUNTRIES) == ""
    assert unknown_said(["Mu"], 3, Boundaries.COUNTRIES) == "1 of 4 values is no country: Mu"
    said = unknown_said(list("fedcba"), 4, Boundaries.US_STATES)
    assert said == "6 of 10 values are no states of the United States: a, b, c, d, e, …"
