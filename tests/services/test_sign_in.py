"""Signing in and out with browser sessions: their ends, their revocation and the rate limit."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from argon2.exceptions import VerifyMismatchError

from domain.access import Actor
from domain.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated, Unavailable
from domain.people import User
from services.opening import open_services
from services.passwords import Passwords, nobodys_hash
from services.people import WRONG
from services.sessions import session_id
from services.system import Services
from services.throttle import address_key

ADA = "ada@example.org"
PASSWORD = "correct horse battery"
NEW = "a newer horse battery"
HERE: dict[str, Any] = {"address": "192.0.2.1", "user_agent": "Firefox"}


@pytest.fixture
def watch(watch_class: Any) -> Any:
    return watch_class()


@pytest.fixture
async def services(
    open_quickly: Callable[..., AbstractAsyncContextManager[Services]], watch: Any
) -> AsyncIterator[Services]:
    async with open_quickly(now=watch, sign_in_attempts=3) as services:
        yield services


@pytest.fixture
async def ada(services: Services) -> User:
    return await services.people.create_user(ADA, PASSWORD, "Ada")


async def fails(services: Services, email: str = ADA, password: str = WRONG, address: str = "192.0.2.1") -> str:
    with pytest.raises(Unauthenticated) as raised:
        await services.people.sign_in(email, password, address=address, user_agent="")
    return raised.value.message


async def test_a_cookie_says_who_it_is_until_signed_out(services: Services, ada: User) -> None:
    """The address may be written in any case; after signing out the same cookie is nobody's."""
    token, user = await services.people.sign_in(" ADA@example.org", PASSWORD, **HERE)
    assert user == ada
    assert await services.people.actor_of_session(token) == Actor(user_id=ada.id, email=ADA, display_name="Ada")
    await services.people.sign_out(token)
    assert await services.people.actor_of_session(token) is None
    await services.people.sign_out(token)


async def test_a_made_up_cookie_is_nobody(services: Services, ada: User) -> None:
    """Neither a random value, nor the id under which a session is stored, nor half a character."""
    token, _ = await services.people.sign_in(ADA, PASSWORD, **HERE)
    for made_up in ("", "x", session_id(token), token[:-1], "\ud800"):
        assert await services.people.actor_of_session(made_up) is None


async def test_only_the_hash_of_the_cookie_is_stored(services: Services, ada: User) -> None:
    token, _ = await services.people.sign_in(ADA, PASSWORD, **HERE)
    [session] = await services.people.sessions(ada.actor())
    assert session.id == session_id(token)
    assert token not in str(session)
    assert (session.address, session.user_agent) == ("192.0.2.1", "Firefox")
    assert len(token) >= 43


async def test_all_failures_say_the_same(services: Services, ada: User) -> None:
    """A wrong password, an unknown address, something that is no address, a closed account."""
    bea = await services.people.create_user("bea@example.org", PASSWORD, "Bea")
    admin = await services.people.user_by_email(services.settings.admin_email)
    await services.people.set_active(admin.actor(), bea.id, is_active=False)
    assert await fails(services) == WRONG
    assert await fails(services, "nobody@example.org", PASSWORD) == WRONG
    assert await fails(services, "no address \ud800", PASSWORD) == WRONG
    assert await fails(services, "bea@example.org", PASSWORD) == WRONG


async def test_an_unknown_address_takes_the_same_work() -> None:
    """Both verify one hash of the same parameters: the counted calls are the work, whatever the machine's speed."""
    verified: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002 -- the library's own name.
            verified.append(str(hash).rpartition("$")[0].rpartition("$")[0])
            return super().verify(hash, password)

    passwords = Passwords(Counting(time_cost=1, memory_cost=64, parallelism=1))
    stored = await passwords.hash(PASSWORD)
    assert await passwords.verify("wrong", stored) is False
    assert await passwords.verify("wrong", None) is False
    assert verified[0] == verified[1]


@pytest.mark.parametrize("kind", list(Type))
def test_nobodys_hash_is_verified_to_the_end(kind: Type) -> None:
    """It has the parameters of a computed one, and no password is its."""
    hasher = PasswordHasher(time_cost=2, memory_cost=64, parallelism=2, type=kind)
    drawn = nobodys_hash(hasher)
    assert extract_parameters(drawn) == extract_parameters(hasher.hash(PASSWORD))
    with pytest.raises(VerifyMismatchError):
        hasher.verify(drawn, PASSWORD)
    assert nobodys_hash(hasher) != drawn


async def test_passwords_are_argon2id_with_the_parameters_of_the_rfc() -> None:
    """RFC 9106, second choice: 64 MiB, three passes, four lanes."""
    passwords = Passwords()
    stored = await passwords.hash(PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert await passwords.verify(PASSWORD, stored)
    assert not passwords.is_outdated(stored)
    assert passwords.is_outdated(PasswordHasher(type=Type.I).hash(PASSWORD))
    assert not await passwords.verify(PASSWORD, "not a hash")


async def test_a_password_is_the_same_however_its_accents_are_typed() -> None:
    passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    assert await passwords.verify("cafe\u0301 au lait noir", await passwords.hash("caf\u00e9 au lait noir"))


async def test_a_password_is_hashed_anew_when_the_parameters_change(
    settings_for: Callable[..., Any], open_quickly: Any
) -> None:
    """Signing in with the same password leaves a hash of the new parameters, and access tokens go on."""
    settings = settings_for()
    old = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    new = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)
    async with open_services(settings, hasher=old) as services:
        before = await services.people.create_user(ADA, PASSWORD, "Ada")
        jwt, _ = await services.people.issue_token(ADA, PASSWORD, address="x")
    async with open_services(settings, hasher=new) as services:
        await services.people.sign_in(ADA, PASSWORD, **HERE)
        after = await services.people.user_by_email(ADA)
        assert (before.password_hash.split("$")[3], after.password_hash.split("$")[3]) == (
            "m=64,t=1,p=1",
            "m=64,t=2,p=1",
        )
        await services.people.sign_in(ADA, PASSWORD, **HERE)
        assert (await services.people.user_by_email(ADA)).version == after.version
        assert (await services.people.actor_of_token(jwt)).user_id == before.id


async def test_an_unused_session_ends(services: Services, ada: User, watch: Any) -> None:
    """Idle for 24 hours; use before that moves the end on."""
    token, _ = await services.people.sign_in(ADA, PASSWORD, **HERE)
    watch.move(hours=23, minutes=59)
    assert await services.people.actor_of_session(token) is not None
    watch.move(hours=23, minutes=59)
    assert await services.people.actor_of_session(token) is not None
    watch.move(hours=24)
    assert await services.people.actor_of_session(token) is None
    assert await services.people.sessions(ada.actor()) == []


async def test_a_used_session_ends_too(services: Services, ada: User, watch: Any) -> None:
    """After 14 days, however much it was used."""
    token, _ = await services.people.sign_in(ADA, PASSWORD, **HERE)
    for _ in range(14 * 24 - 1):
        watch.move(hours=1)
        assert await services.people.actor_of_session(token) is not None
    watch.move(hours=1)
    assert await services.people.actor_of_session(token) is None


async def test_a_session_is_renewed_at_most_once_a_minute(services: Services, ada: User, watch: Any) -> None:
    token, _ = await services.people.sign_in(ADA, PASSWORD, **HERE)
    [begun] = await services.people.sessions(ada.actor())
    watch.move(seconds=59)
    await services.people.actor_of_session(token)
    assert await services.people.sessions(ada.actor()) == [begun]
    watch.move(seconds=1)
    await services.people.actor_of_session(token)
    [renewed] = await services.people.sessions(ada.actor())
    assert renewed.last_seen_at - begun.last_seen_at == timedelta(minutes=1)
    assert renewed.idle_expires_at - begun.idle_expires_at == timedelta(minutes=1)
    assert renewed.expires_at == begun.expires_at


async def test_sessions_are_revoked_by_their_user_only(services: Services, ada: User) -> None:
    """Another's session is as if it were not there."""
    bea = await services.people.create_user("bea@example.org", PASSWORD, "Bea")
    tokens = [(await services.people.sign_in(ADA, PASSWORD, **HERE))[0] for _ in range(3)]
    with pytest.raises(NotFound):
        await services.people.revoke_session(bea.actor(), session_id(tokens[0]))
    await services.people.revoke_session(ada.actor(), session_id(tokens[0]))
    assert [await services.people.actor_of_session(token) is None for token in tokens] == [True, False, False]
    assert await services.people.revoke_other_sessions(ada.actor(), tokens[2]) == 1
    assert [await services.people.actor_of_session(token) is None for token in tokens] == [True, True, False]


async def test_a_visitor_has_no_sessions_and_no_password(services: Services) -> None:
    nobody = Actor()
    for question in (
        services.people.sessions(nobody),
        services.people.revoke_session(nobody, "x"),
        services.people.revoke_other_sessions(nobody, "x"),
        services.people.change_password(nobody, "x", NEW, keep_token="x"),
    ):
        with pytest.raises(Unauthenticated):
            await question


async def test_a_changed_password_ends_the_other_sessions_and_all_tokens(services: Services, ada: User) -> None:
    kept, _ = await services.people.sign_in(ADA, PASSWORD, **HERE)
    other, _ = await services.people.sign_in(ADA, PASSWORD, **HERE)
    jwt, _ = await services.people.issue_token(ADA, PASSWORD, address="x")
    await services.people.change_password(ada.actor(), PASSWORD, NEW, keep_token=kept)
    assert await services.people.actor_of_session(kept) is not None
    assert await services.people.actor_of_session(other) is None
    with pytest.raises(Unauthenticated):
        await services.people.actor_of_token(jwt)
    await fails(services, password=PASSWORD)
    await services.people.sign_in(ADA, NEW, **HERE)


async def test_a_password_changes_only_for_who_knows_it_and_to_a_good_one(services: Services, ada: User) -> None:
    token, _ = await services.people.sign_in(ADA, PASSWORD, **HERE)
    with pytest.raises(Invalid, match="current password is wrong"):
        await services.people.change_password(ada.actor(), "wrong", NEW, keep_token=token)
    with pytest.raises(Invalid, match="at least 12"):
        await services.people.change_password(ada.actor(), PASSWORD, "short", keep_token=token)
    assert await services.people.user_by_email(ADA) == ada


async def test_guessing_the_current_password_is_limited_too(services: Services, ada: User) -> None:
    for _ in range(3):
        with pytest.raises(Invalid):
            await services.people.change_password(ada.actor(), "wrong", NEW, keep_token="x")
    with pytest.raises(Unavailable):
        await services.people.change_password(ada.actor(), PASSWORD, NEW, keep_token="x")


async def test_a_closed_account_is_out_at_once_and_may_come_back(services: Services, ada: User) -> None:
    """Its cookies and tokens end; reopening brings none of the sessions back."""
    admin = (await services.people.user_by_email(services.settings.admin_email)).actor()
    token, _ = await services.people.sign_in(ADA, PASSWORD, **HERE)
    jwt, _ = await services.people.issue_token(ADA, PASSWORD, address="x")
    await services.people.set_active(admin, ada.id, is_active=False)
    assert await services.people.actor_of_session(token) is None
    with pytest.raises(Unauthenticated):
        await services.people.actor_of_token(jwt)
    with pytest.raises(NotFound):
        await services.people.user_by_email(ADA)
    await services.people.set_active(admin, ada.id, is_active=True)
    assert await services.people.actor_of_session(token) is None
    await services.people.sign_in(ADA, PASSWORD, **HERE)


async def test_accounts_are_closed_by_administrators_and_never_the_last_of_them(services: Services, ada: User) -> None:
    admin = await services.people.user_by_email(services.settings.admin_email)
    for actor in (ada.actor(), Actor()):
        with pytest.raises(Unauthenticated if actor.user_id is None else Forbidden):
            await services.people.set_active(actor, admin.id, is_active=False)
    with pytest.raises(Conflict, match="at least one administrator"):
        await services.people.set_active(admin.actor(), admin.id, is_active=False)
    await services.people.create_user("root@example.org", PASSWORD, "Root", is_admin=True)
    await services.people.set_active(admin.actor(), admin.id, is_active=False)


async def test_an_address_has_one_account(services: Services, ada: User) -> None:
    with pytest.raises(Conflict, match=r"already an account for ada@example\.org"):
        await services.people.create_user("Ada@Example.org", PASSWORD, "Other")


async def test_an_account_is_limited_and_opens_again(services: Services, ada: User, watch: Any) -> None:
    """Three failures from anywhere within 15 minutes; then not even the right password is looked at until they age."""
    for number in range(3):
        await fails(services, address=f"192.0.2.{number}")
        watch.move(minutes=2)
    for _ in range(2):
        with pytest.raises(Unavailable) as raised:
            await services.people.sign_in(ADA, PASSWORD, **HERE)
        assert raised.value.retry_after == 9 * 60
        assert raised.value.message == "Too many failed sign-ins. Try again in 9 minutes."
    with pytest.raises(Unavailable):
        await services.people.issue_token(ADA, PASSWORD, address="198.51.100.1")
    watch.move(minutes=9)
    await services.people.sign_in(ADA, PASSWORD, **HERE)


async def test_a_success_forgets_the_failures_of_the_account(services: Services, ada: User) -> None:
    for _ in range(3):
        await fails(services)
        await fails(services)
        await services.people.sign_in(ADA, PASSWORD, **HERE)


async def test_an_address_is_limited_over_all_accounts(services: Services, ada: User) -> None:
    """Five times the account's limit; a success in between gives no new tries, and other addresses are free."""
    for number in range(15):
        await fails(services, f"guess{number}@example.org")
        if number == 10:
            await services.people.sign_in(ADA, PASSWORD, **HERE)
    with pytest.raises(Unavailable):
        await services.people.sign_in(ADA, PASSWORD, **HERE)
    await services.people.sign_in(ADA, PASSWORD, address="198.51.100.7", user_agent="")


async def test_guesses_at_once_get_no_further_than_one_by_one(services: Services, ada: User) -> None:
    """Of 20 wrong passwords at the same moment at most three are looked at; all others are told to wait."""
    guesses = (services.people.sign_in(ADA, f"guess {n}", **HERE) for n in range(20))
    outcomes = [type(outcome) for outcome in await asyncio.gather(*guesses, return_exceptions=True)]
    assert outcomes.count(Unauthenticated) <= 3
    assert outcomes.count(Unauthenticated) + outcomes.count(Unavailable) == 20


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.1", "address:192.0.2.1"),
        ("::ffff:192.0.2.1", "address:192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "address:2001:db8:1:2::"),
        ("unix socket", "address:unix socket"),
    ],
)
def test_an_ipv6_network_counts_as_one(address: str, key: str) -> None:
    assert address_key(address) == key
