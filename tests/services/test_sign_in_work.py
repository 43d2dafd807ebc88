"""Signing in costs the same whether or not there is an account, counted in hashings: time tells nobody anything."""

import secrets
from typing import Any

import pytest
from argon2 import PasswordHasher

from domain.errors import Unauthenticated
from services.opening import open_services
from tests.services.conftest import PASSWORD


class Counting(PasswordHasher):
    """The real one with little work, which counts how often it works."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=64, parallelism=1)
        self.works = 0

    def hash(self, *args: Any, **kwargs: Any) -> str:
        self.works += 1
        return super().hash(*args, **kwargs)

    def verify(self, *args: Any, **kwargs: Any) -> Any:
        self.works += 1
        return super().verify(*args, **kwargs)


async def test_every_try_to_sign_in_is_one_hashing(settings_for: Any) -> None:
    """An unknown address, what is none, a wrong password, a closed account, one without a password, and success."""
    hasher = Counting()
    async with open_services(settings_for(), hasher=hasher) as services:
        people = services.people
        admin = (await people.user_by_email(services.settings.admin_email)).actor()
        await people.create_user("open@example.org", PASSWORD, "Open")
        closed = await people.create_user("closed@example.org", PASSWORD, "Closed")
        await people.set_active(admin, closed.id, is_active=False)
        await people.create_proven("provider@example.org", "Provider")
        tries = (
            ("nobody@example.org", PASSWORD),
            ("no address", PASSWORD),
            ("open@example.org", "wrong horse"),
            ("closed@example.org", PASSWORD),
            ("provider@example.org", ""),
            ("open@example.org", "x" * 5000),
        )
        costs: dict[tuple[str, ...], int] = {}
        for email, password in tries:
            hasher.works = 0
            with pytest.raises(Unauthenticated):
                await people.sign_in(email, password, address=secrets.token_hex(4), user_agent="")
            with pytest.raises(Unauthenticated):
                await people.issue_pair(email, password, address=secrets.token_hex(4))
            costs[email, password[:11]] = hasher.works
        hasher.works = 0
        await people.sign_in("open@example.org", PASSWORD, address="10.0.0.1", user_agent="")
        await people.issue_pair("open@example.org", PASSWORD, address="10.0.0.1")
        costs[("success",)] = hasher.works
    assert set(costs.values()) == {2}, costs
