"""Whose account a provider's person gets into: the linked one, the one of their proven address, or a new one."""

import msgspec

from domain.access import ANONYMOUS, Actor
from domain.accounts import Registration, check_registration
from domain.audit import SIGN_IN
from domain.errors import Conflict, Forbidden, Invalid, Unauthenticated
from domain.people import Identity, User, checked_display_name
from domain.providers import ProviderClaims, proven_email
from domain.wording import tr
from persistence.people import IdentityRepository, UserRepository
from services.accounts import Accounts
from services.audit import Audit, recorded
from services.clock import Clock
from services.invitations import Invitations
from services.oidc import Provider, Returned
from services.people import People
from services.throttle import SignInThrottle

CLOSED = tr("This account is closed.")
TAKEN = tr("This account is linked with another sign-in of the provider. Ask an administrator.")


class ProviderSignIn:
    """The use cases of signing in with the configured provider; `provider` is None when there is none."""

    def __init__(
        self,
        provider: Provider | None,
        users: UserRepository,
        identities: IdentityRepository,
        people: People,
        accounts: Accounts,
        invitations: Invitations,
        throttle: SignInThrottle,
        now: Clock,
        *,
        audit: Audit,
    ) -> None:
        self.audit = audit
        self._provider = provider
        self._users = users
        self._identities = identities
        self._people = people
        self._accounts = accounts
        self._invitations = invitations
        self._throttle = throttle
        self._now = now

    async def begin(self, target: str) -> tuple[str, str]:
        """Where to go, and what the browser remembers until it is back; errors as for `Provider.begin`."""
        return await self._configured().begin(target)

    @recorded(SIGN_IN, "sign in with the provider")
    async def finish(
        self,
        remembered: str,
        returned: Returned,
        *,
        address: str,
        user_agent: str,
        by: Actor = ANONYMOUS,  # noqa: ARG002 -- the audit's.
    ) -> tuple[str, User, str]:
        """Begin a browser session of who came back: its token, the user, and where they wanted to go.

        Raises:
            Unauthenticated: when the provider's answer does not hold, or the account is closed.
            Forbidden: when the address is not proven, or may not have an account here.
            Unavailable: when the provider does not answer; with `retry_after` after too many failures.
        """
        provider = self._configured()
        attempt = await self._throttle.count("provider sign-in", address)
        claims, target = await provider.finish(remembered, returned)
        user = await self._user_of(claims)
        token, user = await self._people.begin_session(user, address, user_agent)
        await self._throttle.undo(attempt)
        return token, user, target

    def _configured(self) -> Provider:
        if self._provider is None:
            raise Forbidden(tr("This site has no sign-in provider."))
        return self._provider

    async def _user_of(self, claims: ProviderClaims) -> User:
        known = await self._identities.find(claims.id)
        if known is not None:
            user = await self._users.find(known.user_id)
            if user is None or not user.is_active:
                raise Unauthenticated(CLOSED)
            return user
        email = proven_email(claims)
        existing = await self._users.find_by_email(email)
        user = await self._open(email, claims) if existing is None else await self._checked(existing, claims)
        await self._link(claims, user)
        # From now on the address is known to be theirs, also when the account was there before.
        await self._invitations.accept_all(user)
        return user

    async def _checked(self, user: User, claims: ProviderClaims) -> User:
        """An account that is there already, if the person may be let into it.

        The address may have been somebody else's at the provider before: a second person does not get in by it.
        """
        if not user.is_active:
            raise Unauthenticated(CLOSED)
        if any(identity.issuer == claims.issuer for identity in await self._identities.of_user(user.id)):
            raise Forbidden(TAKEN)
        return user if user.email_verified else await self._taken_over(user)

    async def _taken_over(self, user: User) -> User:
        """An account for whose address nobody vouched, now that its owner has come.

        Whoever opened it may be another person who waits for just that: their password and all that is signed in end.
        """
        await self._people.replace_password(user.id, "")
        await self._people.end_tokens(user.id)
        stored = await self._users.get(user.id)
        return await self._users.replace(msgspec.structs.replace(stored, email_verified=True))

    async def _open(self, email: str, claims: ProviderClaims) -> User:
        """A new account, without a password; an invitation that waits for the address lets it in."""
        found = await self._accounts.admission()
        is_invited = found.rule is Registration.INVITATION and await self._invitations.wait_for(email)
        if not is_invited:
            check_registration(found.rule, found.domains, email, is_proven=True)
        try:
            name = checked_display_name(claims.name)
        except Invalid:
            name = email.partition("@")[0]
        return await self._people.create_proven(email, name)

    async def _link(self, claims: ProviderClaims, user: User) -> None:
        identity = Identity(
            id=claims.id, issuer=claims.issuer, subject=claims.subject, user_id=user.id, linked_at=self._now()
        )
        try:
            await self._identities.add(identity)
        except Conflict:
            raise Unauthenticated(tr("Signing in happened twice at the same moment. Try again.")) from None
