"""Named API tokens, and the rotation of refresh tokens with the end of the family when one is used twice."""

import asyncio
from typing import Any

import pytest

from domain.access import Scope
from domain.accounts import hash_of
from domain.audit import AuditFilter, Outcome
from domain.errors import Invalid, NotFound, Unauthenticated
from domain.people import User
from domain.tokens import MOST_TOKENS
from services.people import USED_TWICE
from services.system import Services
from tests.services.conftest import PASSWORD, Opener

NEW = "another horse battery"


@pytest.fixture(scope="module")
def watch(watch_class: Any) -> Any:
    return watch_class()


@pytest.fixture(scope="module")
async def timed(open_quickly: Opener, watch: Any) -> Any:
    async with open_quickly(now=watch) as services:
        yield services


@pytest.fixture
async def ada(timed: Services) -> User:
    number = len(await timed.people.everyone((await timed.people.user_by_email(timed.settings.admin_email)).actor()))
    return await timed.people.create_user(f"ada{number}@example.org", PASSWORD, "Ada")


async def test_a_token_is_its_user_narrowed_to_its_scopes(timed: Services, ada: User) -> None:
    """What is stored is a hash, from which the token cannot be made."""
    made = await timed.api_tokens.create(ada.actor(), " nightly ", ("ingest", "read", "read"), 30)
    assert made.secret.startswith("dpt_")
    assert (made.token.id, made.token.name) == (hash_of(made.secret), "nightly")
    assert made.token.scopes == (Scope.READ, Scope.INGEST)
    actor = await timed.people.actor_of_token(made.secret)
    assert (actor.user_id, actor.scopes) == (ada.id, {Scope.READ, Scope.INGEST})
    assert made.secret not in str(await timed.api_tokens.all(ada.actor()))


async def test_a_token_expires_and_is_revoked(timed: Services, ada: User, watch: Any) -> None:
    """By its time, by its owner, and by nobody else."""
    short = await timed.api_tokens.create(ada.actor(), "short", ("read",), 1)
    long = await timed.api_tokens.create(ada.actor(), "long", ("read",), 366)
    other = await timed.people.create_user(f"other-{ada.id}@example.org", PASSWORD, "Other")
    with pytest.raises(NotFound):
        await timed.api_tokens.revoke(other.actor(), long.token.id)
    watch.move(days=1)
    with pytest.raises(Unauthenticated):
        await timed.people.actor_of_token(short.secret)
    assert [token.name for token in await timed.api_tokens.all(ada.actor())] == ["long"]
    await timed.api_tokens.revoke(ada.actor(), long.token.id)
    with pytest.raises(Unauthenticated):
        await timed.people.actor_of_token(long.secret)


async def test_the_last_use_is_noted_once_a_minute(timed: Services, ada: User, watch: Any) -> None:
    made = await timed.api_tokens.create(ada.actor(), "noted", ("read",), 7)

    async def used() -> Any:
        await timed.people.actor_of_token(made.secret, address="192.0.2.9")
        [token] = await timed.api_tokens.all(ada.actor())
        return token.last_used_at

    first = await used()
    watch.move(seconds=59)
    assert await used() == first == watch.at.replace() - (watch.at - first)
    watch.move(seconds=1)
    assert await used() == watch.at
    assert (await timed.api_tokens.all(ada.actor()))[0].last_address == "192.0.2.9"


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [("", ("read",), 7), ("x" * 81, ("read",), 7), ("x", (), 7), ("x", ("write",), 7), ("x", ("read",), 0),
     ("x", ("read",), 367)],
)  # fmt: skip
async def test_a_token_that_cannot_be_is_refused(
    name: str, scopes: tuple[str, ...], days: int, timed: Services, ada: User
) -> None:
    with pytest.raises(Invalid):
        await timed.api_tokens.create(ada.actor(), name, scopes, days)


async def test_an_account_has_a_bounded_number_of_tokens(timed: Services, ada: User) -> None:
    for number in range(MOST_TOKENS):
        await timed.api_tokens.create(ada.actor(), f"{number}", ("read",), 7)
    with pytest.raises(Invalid, match="too many"):
        await timed.api_tokens.create(ada.actor(), "one more", ("read",), 7)


async def test_a_token_made_by_a_token_does_not_outlive_it(timed: Services, ada: User) -> None:
    parent = await timed.api_tokens.create(ada.actor(), "parent", ("admin",), 2)
    child = await timed.api_tokens.create(ada.actor(), "child", ("admin",), 366, by=parent.token)
    assert child.token.expires_at == parent.token.expires_at


async def test_a_refresh_token_renews_once(timed: Services, ada: User) -> None:
    """Each step gives the next; the access token of a step before still holds until it expires."""
    first = await timed.people.issue_pair(ada.email, PASSWORD, address="192.0.2.1")
    second = await timed.people.refresh(first.refresh_token)
    third = await timed.people.refresh(second.refresh_token)
    for pair in (first, second, third):
        assert (await timed.people.actor_of_token(pair.access_token)).user_id == ada.id
    assert len({first.refresh_token, second.refresh_token, third.refresh_token}) == 3


async def test_a_refresh_token_that_comes_back_ends_its_family(timed: Services, ada: User) -> None:
    """Whoever copied it and whoever it was copied from are both signed out; another sign-in is not."""
    stolen = await timed.people.issue_pair(ada.email, PASSWORD, address="192.0.2.1")
    other = await timed.people.issue_pair(ada.email, PASSWORD, address="192.0.2.1")
    renewed = await timed.people.refresh(stolen.refresh_token)
    with pytest.raises(Unauthenticated, match="used before"):
        await timed.people.refresh(stolen.refresh_token)
    for refused in (
        timed.people.refresh(renewed.refresh_token),
        timed.people.actor_of_token(renewed.access_token),
        timed.people.actor_of_token(stolen.access_token),
    ):
        with pytest.raises(Unauthenticated):
            await refused
    assert (await timed.people.actor_of_token(other.access_token)).user_id == ada.id


async def test_a_used_refresh_token_that_comes_back_is_in_the_audit(timed: Services, ada: User) -> None:
    """As refused, with whose sign-in it was, and by nobody: who has the copy is not known. A renewal is no row."""
    pair = await timed.people.issue_pair(ada.email, PASSWORD, address="192.0.2.1")
    renewed = await timed.people.refresh(pair.refresh_token)
    for ended in (pair, renewed):
        with pytest.raises(Unauthenticated):
            await timed.people.refresh(ended.refresh_token)
    admin = (await timed.people.user_by_email(timed.settings.admin_email)).actor()
    rows = (await timed.audit.page(admin, AuditFilter(actor=ada.email))).rows
    assert {(row.act, row.outcome, row.actor_id, row.object) for row in rows} == {
        (USED_TWICE, Outcome.REFUSED, "", f"account:{ada.email}"),
        ("sign in for an access token", Outcome.DONE, "", f"account:{ada.email}"),
    }


async def test_of_two_renewals_at_once_one_succeeds_at_most(timed: Services, ada: User) -> None:
    pair = await timed.people.issue_pair(ada.email, PASSWORD, address="192.0.2.1")
    tries = (timed.people.refresh(pair.refresh_token) for _ in range(8))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(not isinstance(one, Unauthenticated) for one in outcomes) <= 1


@pytest.mark.parametrize("text", ["", "dpr_", "dpr_x", "dpr_x.y", "x.y", "dpt_x", "\ud800.\ud800"])
async def test_what_is_no_refresh_token_is_refused(text: str, timed: Services) -> None:
    with pytest.raises(Unauthenticated):
        await timed.people.refresh(text)


async def test_a_new_password_ends_the_sign_ins_over_rest(timed: Services, ada: User) -> None:
    pair = await timed.people.issue_pair(ada.email, PASSWORD, address="192.0.2.1")
    await timed.people.change_password(ada.actor(), PASSWORD, NEW, keep_token="")
    with pytest.raises(Unauthenticated):
        await timed.people.refresh(pair.refresh_token)


async def test_what_is_given_back_holds_no_more(timed: Services, ada: User) -> None:
    """An API token and a sign-in over REST, without any scope for it."""
    made = await timed.api_tokens.create(ada.actor(), "back", ("read",), 7)
    pair = await timed.people.issue_pair(ada.email, PASSWORD, address="192.0.2.1")
    for token in (made.secret, pair.access_token):
        await timed.people.give_back(token)
        with pytest.raises(Unauthenticated):
            await timed.people.actor_of_token(token)
    with pytest.raises(Unauthenticated):
        await timed.people.refresh(pair.refresh_token)
