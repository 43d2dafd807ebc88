"""Sign-in attempts in the document store, so that every server process counts the same ones."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from domain.wording import tr
from persistence.documents import Collection
from persistence.mongo import Documents


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One try to sign in, counted under one key: an account or an address. `expires_at` is when it stops counting."""

    id: str
    key: str
    at: datetime
    expires_at: datetime


class AttemptRepository:
    """The attempts of the last minutes, one document each: exact windows, and no document that everybody writes to.

    Who is over a limit adds nothing that stays, so a key never has more than its limit (and those at work just now).
    """

    def __init__(self, documents: Documents) -> None:
        self._attempts = Collection(documents, "throttles", Attempt, tr("sign-in attempt"))

    async def add(self, attempt: Attempt) -> Attempt:
        return await self._attempts.add(attempt, taken=tr("This attempt is counted already."))

    async def counting(self, key: str, at: datetime) -> list[Attempt]:
        """Those under `key` that still count at the time `at`, the first to expire first."""
        query = {"key": key, "expires_at": {"$gt": at}}
        return sorted(await self._attempts.many(query), key=lambda attempt: (attempt.at, attempt.id))

    async def remove(self, attempts: Iterable[Attempt]) -> None:
        ids = [attempt.id for attempt in attempts]
        if ids:
            await self._attempts.remove({"_id": {"$in": ids}})

    async def forget(self, key: str) -> None:
        """Remove all under `key`."""
        await self._attempts.remove({"key": key})
