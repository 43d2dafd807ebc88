"""What an act on several accounts does to which, worked out before it does."""

from datetime import UTC, datetime

import pytest

from domain.bulk import LAST, OWN, BulkAct, checked_ids, planned
from domain.errors import Invalid
from domain.people import User

AT = datetime(2026, 1, 1, tzinfo=UTC)


PEOPLE = [
    User(
        id=name,
        email=f"{name}@example.org",
        display_name=name,
        password_hash="",
        created_at=AT,
        is_active=name != "zoe",
    )
    for name in ("ann", "bob", "zoe")
]


@pytest.mark.parametrize(
    ("act", "own", "administrators", "reasons"),
    [
        (BulkAct.CLOSE, "root", ["root"], {"ann": "", "bob": "", "zoe": "is closed already"}),
        (BulkAct.CLOSE, "ann", ["ann", "bob"], {"ann": OWN, "bob": "", "zoe": "is closed already"}),
        (BulkAct.CLOSE, "ann", ["ann"], {"ann": LAST, "bob": "", "zoe": "is closed already"}),
        (BulkAct.CLOSE, "root", ["ann", "bob"], {"ann": "", "bob": LAST, "zoe": "is closed already"}),
        (BulkAct.REOPEN, "ann", ["ann"], {"ann": "is open", "bob": "is open", "zoe": ""}),
        (BulkAct.REVOKE, "bob", ["bob"], {"ann": "", "bob": OWN, "zoe": ""}),
    ],
)
def test_who_is_left_out_and_why(act: BulkAct, own: str, administrators: list[str], reasons: dict[str, str]) -> None:
    """One's own account, the last administrator's, and those that are so already."""
    plan = planned(act, PEOPLE[::-1], own, administrators)
    assert {one.id: one.reason for one in plan.people} == reasons
    assert [one.id for one in plan.done] == [name for name, reason in reasons.items() if not reason]
    assert [one.id for one in plan.refused] == [name for name, reason in reasons.items() if reason]


def test_an_act_is_on_one_to_two_hundred() -> None:
    assert checked_ids(["a", "b", "a"]) == ("a", "b")
    for ids in ([], [str(number) for number in range(201)]):
        with pytest.raises(Invalid):
            checked_ids(ids)
