"""Named API tokens: made, listed and revoked by the account that they belong to."""

import msgspec

from domain.access import Actor, Capability, Scope, permit
from domain.accounts import hash_of, new_secret
from domain.audit import ACCOUNT
from domain.errors import Invalid, NotFound, Problem, Unauthenticated
from domain.tokens import MOST_TOKENS, PREFIX, ApiToken, checked_scopes, checked_token_name, expiry
from domain.wording import tr
from persistence.tokens import ApiTokenRepository
from services.audit import Audit, recorded
from services.clock import Clock

HINT_LENGTH = 4
ADDRESS_LENGTH = 100


class NewToken(msgspec.Struct, frozen=True):
    """A token that was just made, and its secret, which is kept nowhere: it can be shown this once."""

    token: ApiToken
    secret: str


class ApiTokens:
    """The use cases of tokens. Whether their user is still there is asked by `People`."""

    def __init__(self, tokens: ApiTokenRepository, now: Clock, *, audit: Audit) -> None:
        self.audit = audit
        self._tokens = tokens
        self._now = now

    async def all(self, actor: Actor) -> list[ApiToken]:
        """The actor's tokens that have not expired, the newest first."""
        user_id = permit(actor, Capability.ACCOUNT_EDIT, tr("see the tokens of this account"))
        at = self._now()
        held = [token for token in await self._tokens.of_user(user_id) if at < token.expires_at]
        return sorted(held, key=lambda token: token.created_at, reverse=True)

    @recorded(ACCOUNT, "make an API token", "name", "scopes", "days")
    async def create(
        self, actor: Actor, name: str, scopes: tuple[str, ...], days: int, *, by: ApiToken | None = None
    ) -> NewToken:
        """Make a token; `by` is the one that asks for it, which it does not outlive.

        Raises:
            Invalid: when the name, the scopes or the time cannot be used, or there are too many tokens.
        """
        user_id = permit(actor, Capability.ACCOUNT_EDIT, tr("make tokens"))
        at = self._now()
        expires_at = expiry(at, days, None if by is None else by.expires_at)
        wanted, given_name = checked_scopes(scopes), checked_token_name(name)
        if len(await self._tokens.of_user(user_id)) >= MOST_TOKENS:
            problem = Problem(
                "name", tr("would be that of token {number}; revoke one that is not used", number=MOST_TOKENS + 1)
            )
            raise Invalid(tr("There are too many tokens."), (problem,))
        secret = new_secret(PREFIX)
        token = ApiToken(
            id=hash_of(secret),
            user_id=user_id,
            name=given_name,
            scopes=wanted,
            created_at=at,
            expires_at=expires_at,
            hint=secret[-HINT_LENGTH:],
        )
        return NewToken(await self._tokens.add(token), secret)

    @recorded(ACCOUNT, "revoke an API token", on="token:token_id")
    async def revoke(self, actor: Actor, token_id: str) -> None:
        """End one of the actor's tokens at once; `NotFound` when it is not theirs, or over."""
        user_id = permit(actor, Capability.ACCOUNT_EDIT, tr("revoke tokens"))
        token = await self._tokens.find(token_id)
        if token is None or token.user_id != user_id:
            raise NotFound(tr("There is no such token; it may be revoked already."))
        await self._tokens.remove(token.id)

    async def found(self, secret: str, *, address: str = "") -> tuple[ApiToken, frozenset[Scope]]:
        """The token with this secret, and its scopes; its use is noted at most once a minute.

        Raises:
            Unauthenticated: when there is none, or it has expired.
        """
        token = await self._tokens.find(hash_of(secret))
        at = self._now()
        if token is None or at >= token.expires_at:
            raise Unauthenticated(tr("This API token does not hold: it was revoked or has expired."))
        if token.uses_to_note(at):
            await self._tokens.note_use(token.id, at, address[:ADDRESS_LENGTH])
        return token, frozenset(token.scopes)

    async def give_back(self, secret: str) -> None:
        """End the token that somebody shows, whatever its scopes; one that is over already is no error."""
        await self._tokens.remove(hash_of(secret))

    async def end_all(self, user_id: str) -> int:
        """End all tokens of a user, who was closed or asked for it; how many there were."""
        return await self._tokens.remove_of_user(user_id)
