from datetime import UTC, datetime, timedelta
from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access import Actor, Capability, Origin
from domain.audit import (
    FIELDS,
    HEADINGS,
    AuditFilter,
    Entry,
    Outcome,
    keys,
    order_at,
    row_of,
    spans,
    spreadsheet_text,
    time_of,
)
from domain.errors import Forbidden, Invalid, NotFound

AT = datetime(2026, 11, 26, 3, 4, 5, 678000, tzinfo=UTC)
ACTOR = Actor("u1", "ada@example.org", "Ada", origin=Origin("10.0.0.1", "r1"))
ENTRY = Entry(actor=ACTOR, capability=Capability.PROJECT_SHARE, act="add a member", object="project:p", name="Fish")
ROW = row_of(ENTRY, None, AT, "ab" * 12)


def test_a_row_says_who_what_from_where_and_how_it_ended() -> None:
    """A refusal has its reason; an unforeseen error its kind only, for it may hold secrets."""
    assert (ROW.actor, ROW.actor_id, ROW.address, ROW.request_id) == ("ada@example.org", "u1", "10.0.0.1", "r1")
    assert (ROW.outcome, ROW.reason) == (Outcome.DONE, "")
    refused = row_of(ENTRY, Forbidden("no"), AT, "ab" * 12)
    assert (refused.outcome, refused.reason) == (Outcome.REFUSED, "no")
    assert row_of(ENTRY, NotFound("gone"), AT, "ab" * 12).outcome is Outcome.FAILED
    assert row_of(ENTRY, ValueError("hunter2"), AT, "ab" * 12).reason == "ValueError"


def test_every_set_of_filters_is_one_key_of_the_row() -> None:
    """Each filter whose fields are the row's finds it, and one with any other value does not."""
    own = {name: str(getattr(ROW, name)) for name in FIELDS}
    for chosen in product([True, False], repeat=len(FIELDS)):
        fields = {name: own[name] for name, wanted in zip(FIELDS, chosen, strict=True) if wanted}
        assert AuditFilter(**fields).key in keys(ROW)
        for name in fields:
            assert AuditFilter(**{**fields, name: "other"}).key not in keys(ROW)


@given(st.datetimes(datetime(1980, 1, 1), datetime(2200, 1, 1)), st.timedeltas(timedelta(0), timedelta(days=3650)))  # noqa: DTZ001 -- made aware below.
def test_the_spans_of_a_page_leave_nothing_out(before: datetime, length: timedelta) -> None:
    """They adjoin, begin at the page's place, end where the audit does, and are few."""
    before = before.replace(tzinfo=UTC)
    since = before - length
    found = spans(before, since)
    edges = [before, *(start for start, _ in found)]
    assert [end for _, end in found] == edges[:-1]
    assert edges[-1] == since
    assert len(found) <= 16


@given(st.datetimes(datetime(1980, 1, 1), datetime(2200, 1, 1)))  # noqa: DTZ001 -- made aware below.
def test_an_order_keeps_the_time_to_the_millisecond(at: datetime) -> None:
    """And sorts as text as the times do."""
    at = at.replace(tzinfo=UTC, microsecond=at.microsecond // 1000 * 1000)
    assert time_of(order_at(at, "0" * 12)) == at
    assert order_at(at) < order_at(at + timedelta(milliseconds=1))


@pytest.mark.parametrize("order", ["", "x" * 24, "f" * 24, "0" * 23, "../../etc/passwd"])
def test_a_place_that_no_page_gave_is_refused(order: str) -> None:
    """It is a fault of the input, and no failure of the server."""
    with pytest.raises(Invalid):
        time_of(order)


def test_a_filter_names_only_what_there_is() -> None:
    """A capability or an outcome that does not exist is an error and no empty page."""
    with pytest.raises(Invalid) as failure:
        AuditFilter(capability="project:fly", outcome="odd").check()
    assert [problem.place for problem in failure.value.problems] == ["capability", "outcome"]


def test_no_cell_is_a_formula() -> None:
    """Whatever somebody calls a project, a spreadsheet shows it and does not compute it."""
    for start in ("=", "+", "-", "@", "\t", "\r"):
        assert spreadsheet_text(f"{start}1") == f"'{start}1"
    row = msgspec.structs.replace(ROW, name="=HYPERLINK(1)")
    assert row.cells()[HEADINGS.index("name")] == "'=HYPERLINK(1)"
    assert row_of(msgspec.structs.replace(ENTRY, name="a\r\n=1"), None, AT, "ab" * 12).name == "a  =1"
