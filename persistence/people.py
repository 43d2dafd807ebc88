"""Users and their browser sessions in the document store."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from domain.people import BrowserSession, Identity, User
from domain.text import search_key
from domain.wording import tr
from persistence.documents import Collection
from persistence.mongo import Documents


class UserRepository:
    """The accounts; `email` is unique and in normal form."""

    def __init__(self, documents: Documents) -> None:
        self._users = Collection(documents, "users", User, tr("user"))

    async def get(self, user_id: str) -> User:
        return await self._users.get(user_id)

    async def find(self, user_id: str) -> User | None:
        return await self._users.find({"_id": user_id})

    async def find_by_email(self, email: str) -> User | None:
        return await self._users.find({"email": email})

    async def with_ids(self, ids: Iterable[str]) -> list[User]:
        wanted = sorted(set(ids))
        return await self._users.many({"_id": {"$in": wanted}}) if wanted else []

    async def all(self) -> list[User]:
        return await self._users.many({})

    async def administrators(self) -> list[User]:
        """The active administrators."""
        return await self._users.many({"is_admin": True, "is_active": True})

    async def starting_with(self, address: str, key: str, limit: int) -> list[User]:
        """Those whose address begins so, or whose name or last name does by its `search_key`: `limit` of each."""
        asked = {"email": address, "name_key": key, "last_key": key}
        queries = [{field: {"$gte": text, "$lt": f"{text}\uffff"}} for field, text in asked.items()]
        found = [await self._users.many(query, limit=limit) for query in queries]
        return list({user.id: user for users in found for user in users}.values())

    async def add(self, user: User) -> User:
        user = _keyed(user)
        return await self._users.add(user, taken=tr("There is already an account for {email}.", email=user.email))

    async def replace(self, user: User) -> User:
        return await self._users.replace(_keyed(user))

    async def remove(self, user_id: str) -> None:
        await self._users.remove({"_id": user_id})


def _keyed(user: User) -> User:
    key = search_key(user.display_name)
    return msgspec.structs.replace(user, name_key=key, last_key=key.rpartition(" ")[2])


class SessionRepository:
    """The signed-in browsers; the store removes the expired ones by itself, some time after they expired."""

    def __init__(self, documents: Documents) -> None:
        self._sessions = Collection(documents, "sessions", BrowserSession, tr("browser session"))

    async def find(self, session_id: str) -> BrowserSession | None:
        return await self._sessions.find({"_id": session_id})

    async def of_user(self, user_id: str) -> list[BrowserSession]:
        return await self._sessions.many({"user_id": user_id})

    async def live(self, at: datetime) -> list[BrowserSession]:
        """Everybody's that are not over for their age; the unused ones may be."""
        return await self._sessions.many({"expires_at": {"$gt": at}})

    async def add(self, session: BrowserSession) -> BrowserSession:
        return await self._sessions.add(session, taken=tr("This browser session exists already."))

    async def renew(self, session_id: str, seen_at: datetime, idle_expires_at: datetime) -> None:
        """Note that the session is in use; one that was revoked meanwhile stays revoked."""
        change = {"last_seen_at": seen_at, "idle_expires_at": idle_expires_at}
        await self._sessions.update({"_id": session_id}, {"$set": change})

    async def remove(self, session_id: str) -> int:
        return await self._sessions.remove({"_id": session_id})

    async def remove_of_user(self, user_id: str, *, keep: str | None = None) -> int:
        """Remove the user's sessions but the one with the id `keep`; how many there were."""
        removed = [session.id for session in await self.of_user(user_id) if session.id != keep]
        return await self._sessions.remove({"_id": {"$in": removed}}) if removed else 0


class IdentityRepository:
    """Who is who at a sign-in provider; `id` is made of the provider's address and its name for the person."""

    def __init__(self, documents: Documents) -> None:
        self._identities = Collection(documents, "identities", Identity, tr("identity"))

    async def find(self, identity_id: str) -> Identity | None:
        return await self._identities.find({"_id": identity_id})

    async def of_user(self, user_id: str) -> list[Identity]:
        return await self._identities.many({"user_id": user_id})

    async def add(self, identity: Identity) -> Identity:
        return await self._identities.add(identity, taken=tr("This identity belongs to another account."))

    async def remove_of_user(self, user_id: str) -> int:
        return await self._identities.remove({"user_id": user_id})
