"""API tokens and families of tokens in the document store, which removes the expired ones by itself."""

from datetime import datetime

from domain.tokens import ApiToken, TokenFamily
from domain.wording import tr
from persistence.documents import Collection
from persistence.mongo import Documents


class ApiTokenRepository:
    """The API tokens, each under the hash of its secret."""

    def __init__(self, documents: Documents) -> None:
        self._tokens = Collection(documents, "api_tokens", ApiToken, tr("API token"))

    async def find(self, token_id: str) -> ApiToken | None:
        return await self._tokens.find({"_id": token_id})

    async def of_user(self, user_id: str) -> list[ApiToken]:
        return await self._tokens.many({"user_id": user_id})

    async def add(self, token: ApiToken) -> ApiToken:
        return await self._tokens.add(token, taken=tr("This token exists already."))

    async def note_use(self, token_id: str, at: datetime, address: str) -> None:
        """Write down the last use; a token that was revoked meanwhile stays revoked."""
        await self._tokens.update({"_id": token_id}, {"$set": {"last_used_at": at, "last_address": address}})

    async def remove(self, token_id: str) -> int:
        return await self._tokens.remove({"_id": token_id})

    async def remove_of_user(self, user_id: str) -> int:
        return await self._tokens.remove({"user_id": user_id})


class TokenFamilyRepository:
    """What sign-ins over REST have issued: one document each, however often it was renewed."""

    def __init__(self, documents: Documents) -> None:
        self._families = Collection(documents, "token_families", TokenFamily, tr("sign-in"))

    async def find(self, family_id: str) -> TokenFamily | None:
        return await self._families.find({"_id": family_id})

    async def of_user(self, user_id: str) -> list[TokenFamily]:
        return await self._families.many({"user_id": user_id})

    async def add(self, family: TokenFamily) -> TokenFamily:
        return await self._families.add(family, taken=tr("This sign-in exists already."))

    async def rotate(self, family_id: str, old: str, new: str, at: datetime) -> bool:
        """Let the token with the hash `new` hold instead of `old`; False when `old` does not hold any more."""
        change = {"$set": {"current": new, "last_used_at": at}}
        return bool(await self._families.update({"_id": family_id, "current": old}, change))

    async def remove(self, family_id: str) -> int:
        return await self._families.remove({"_id": family_id})

    async def remove_of_user(self, user_id: str) -> int:
        return await self._families.remove({"user_id": user_id})
