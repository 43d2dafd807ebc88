"""The rules for addresses, names and passwords."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.people import check_password, checked_display_name, normal_email


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("ada@example.org", "ada@example.org"),
        ("  Ada.Lovelace@Example.ORG \n", "ada.lovelace@example.org"),
        ("admin@localhost", "admin@localhost"),
        ("a+b@x.y.z", "a+b@x.y.z"),
    ],
)
def test_an_address_is_kept_in_one_form(text: str, email: str) -> None:
    assert normal_email(text) == email


@pytest.mark.parametrize(
    "text",
    ["", "ada", "@example.org", "ada@", "ada@@x.y", "a b@x.y", "ada@x..y", "ada@.x", f"{'a' * 251}@x.y", "a\0@x.y"],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as raised:
        normal_email(text)
    assert [problem.place for problem in raised.value.problems] == ["email"]


@given(st.emails())
def test_the_form_of_an_address_is_final(email: str) -> None:
    """Bringing an address into its form twice is the same as once."""
    try:
        normal = normal_email(email)
    except Invalid:
        return
    assert normal_email(normal) == normal


@pytest.mark.parametrize(
    "password", ["correct horse battery", "zwölf Zeichen", "x" * 3 + "yz1" + "w" * 250, "Tr0ub4dor&3xyz"]
)
def test_a_long_password_is_accepted(password: str) -> None:
    check_password(password, "ada@example.org")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("elevenchars", "11 characters; use at least 12"),
        ("ab" * 129, "258 characters; use at most 256"),
        ("password1234", "most used"),
        ("PASSWORD123456", "most used"),
        ("adminadmin2026", "most used"),
        ("aaaaaaaaaaaaaaa", "most used"),
        ("121212121212", "most used"),
        ("ada@example.org", "e-mail address"),
        ("ADA@example.org", "e-mail address"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        check_password(password, "ada@example.org")


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "a\nb", "a\0b", "half \ud800"])
def test_a_name_is_one_line_of_120_characters(name: str) -> None:
    with pytest.raises(Invalid):
        checked_display_name(name)
    assert checked_display_name("  Zoë 👩‍🔬 ") == "Zoë 👩‍🔬"
