"""Refresh tokens: each renews a sign-in over REST once; one that comes back a second time ends the whole sign-in."""

from datetime import timedelta

from domain.accounts import hash_of, new_secret
from domain.errors import Unauthenticated
from domain.people import User
from domain.text import IDENTIFIER
from domain.tokens import REFRESH_PREFIX, TokenFamily
from domain.wording import tr
from persistence.mongo import new_id
from persistence.tokens import TokenFamilyRepository
from services.clock import Clock

OVER = tr("The refresh token does not hold. Sign in again.")


class Families:
    """Begins, renews and ends what one sign-in over REST has issued; a refresh token is `dpr_FAMILY.SECRET`."""

    def __init__(self, families: TokenFamilyRepository, *, life: timedelta, now: Clock) -> None:
        self._families = families
        self._life = life
        self._now = now

    async def begin(self, user: User, address: str) -> tuple[TokenFamily, str]:
        """A new family of this user, and its first refresh token."""
        family_id, secret, at = new_id(), new_secret(), self._now()
        family = TokenFamily(
            id=family_id,
            user_id=user.id,
            credentials=user.credentials,
            current=hash_of(secret),
            created_at=at,
            last_used_at=at,
            expires_at=at + self._life,
            address=address[:100],
        )
        return await self._families.add(family), f"{REFRESH_PREFIX}{family_id}.{secret}"

    async def of(self, refresh_token: str) -> TokenFamily:
        """The family of a refresh token; `Unauthenticated` when there is none, or it is over."""
        family_id = refresh_token.removeprefix(REFRESH_PREFIX).partition(".")[0]
        is_one = refresh_token.startswith(REFRESH_PREFIX) and IDENTIFIER.fullmatch(family_id)
        family = await self.find(family_id) if is_one else None
        if family is None:
            raise Unauthenticated(OVER)
        return family

    async def renew(self, family: TokenFamily, refresh_token: str) -> str | None:
        """The next refresh token of the family; the one given is used up.

        None when it was used before: somebody has a copy, so the family ends, and with it every access token of it.
        """
        secret, following = refresh_token.partition(".")[2], new_secret()
        if not await self._families.rotate(family.id, hash_of(secret), hash_of(following), self._now()):
            await self._families.remove(family.id)
            return None
        return f"{REFRESH_PREFIX}{family.id}.{following}"

    async def find(self, family_id: str) -> TokenFamily | None:
        """The family, unless it is over."""
        family = await self._families.find(family_id)
        return family if family is not None and self._now() < family.expires_at else None

    async def end(self, family_id: str) -> None:
        await self._families.remove(family_id)

    async def end_all(self, user_id: str) -> int:
        return await self._families.remove_of_user(user_id)
