"""Accounts and signing in: with a browser session, or with an access token for REST."""

from collections.abc import Iterable
from contextlib import suppress

import msgspec

from domain.access import ANONYMOUS, Actor, Capability, by_token, permit
from domain.audit import ACCOUNT, SIGN_IN, Entry
from domain.errors import Conflict, Invalid, NotFound, Problem, Unauthenticated
from domain.people import BrowserSession, User, check_password, checked_display_name, normal_email
from domain.tokens import PREFIX, ApiToken
from domain.wording import tr
from persistence.mongo import new_id
from persistence.people import UserRepository
from services.api_tokens import ApiTokens
from services.audit import Audit, recorded
from services.clock import Clock
from services.families import Families
from services.passwords import Passwords
from services.saving import save
from services.sessions import Sessions
from services.throttle import SignInThrottle
from services.tokens import Tokens

WRONG = tr("The e-mail address or the password is wrong.")
USED_TWICE = "renew a sign-in with a used refresh token"


class TokenPair(msgspec.Struct, frozen=True):
    """What a sign-in over REST is given; `seconds` is how long the access token lives."""

    access_token: str
    refresh_token: str
    seconds: int


class People:
    """The use cases of accounts. An actor acts on their own account; on others' only as an administrator."""

    def __init__(
        self,
        users: UserRepository,
        sessions: Sessions,
        throttle: SignInThrottle,
        passwords: Passwords,
        tokens: Tokens,
        families: Families,
        api_tokens: ApiTokens,
        now: Clock,
        *,
        audit: Audit,
    ) -> None:
        self.audit = audit
        self._users = users
        self._sessions = sessions
        self._throttle = throttle
        self._passwords = passwords
        self._tokens = tokens
        self._families = families
        self._api_tokens = api_tokens
        self._now = now

    @recorded(SIGN_IN, "sign in")
    async def sign_in(
        self,
        email: str,
        password: str,
        *,
        address: str,
        user_agent: str,
        by: Actor = ANONYMOUS,  # noqa: ARG002 -- the audit's.
    ) -> tuple[str, User]:
        """Begin a browser session; the random token is for the cookie and kept nowhere else.

        Raises:
            Unauthenticated: for an unknown address, a wrong password and a closed account alike, after the same work.
            Unavailable: with `retry_after`, after too many failures.
        """
        return await self.begin_session(await self._verified(email, password, address), address, user_agent)

    async def begin_session(self, user: User, address: str, user_agent: str) -> tuple[str, User]:
        """Begin a browser session of somebody who has just proved who they are; errors as for `sign_in`."""
        token = await self._sessions.begin(user, address=address, user_agent=user_agent)
        stored = await self._users.get(user.id)
        if stored.credentials != user.credentials or not stored.is_active:
            # The password was changed, or the account closed, too late for `verify` and too early to end this session.
            await self._sessions.end(token)
            raise Unauthenticated(WRONG)
        return token, stored

    async def sign_out(self, token: str) -> None:
        """End the session of this cookie; one that is over already is no error."""
        await self._sessions.end(token)

    async def actor_of_session(self, token: str, *, renew: bool = True) -> Actor | None:
        """Who the browser with this cookie is, or None when it is not, or no longer, signed in.

        Without `renew` this does not count as use of the session.
        """
        session = await self._sessions.current(token, renew=renew)
        user = None if session is None else await self._users.find(session.user_id)
        return user.actor() if user is not None and user.is_active else None

    async def sessions(self, actor: Actor) -> list[BrowserSession]:
        """The actor's signed-in browsers, the last used first."""
        return await self._sessions.of_user(permit(actor, Capability.ACCOUNT_EDIT, tr("see its sessions")))

    @recorded(ACCOUNT, "end one of the own sessions", "session_id")
    async def revoke_session(self, actor: Actor, session_id: str) -> None:
        """Sign out one of the actor's browsers.

        Raises:
            NotFound: when it is not theirs, or over already.
        """
        await self._sessions.revoke(permit(actor, Capability.ACCOUNT_EDIT, tr("end its sessions")), session_id)

    @recorded(ACCOUNT, "end all other sessions of one's own")
    async def revoke_other_sessions(self, actor: Actor, token: str) -> int:
        """Sign out all of the actor's browsers but the one with this cookie; how many there were."""
        user_id = permit(actor, Capability.ACCOUNT_EDIT, tr("end its sessions"))
        return await self._sessions.revoke_all(user_id, keep_token=token)

    @recorded(ACCOUNT, "sign out everywhere")
    async def sign_out_everywhere(self, actor: Actor) -> None:
        """End every browser session of the actor and every sign-in over REST; API tokens stay."""
        user_id = permit(actor, Capability.ACCOUNT_EDIT, tr("end its sessions"))
        await self._families.end_all(user_id)
        await self._sessions.revoke_all(user_id)

    @recorded(ACCOUNT, "change the own password")
    async def change_password(self, actor: Actor, current: str, new: str, *, keep_token: str) -> None:
        """Replace the actor's password; every other browser is signed out and every access token ends.

        Raises:
            Invalid: when `current` is wrong or `new` breaks the rules.
            Unavailable: with `retry_after`, after too many wrong ones.
        """
        user = await self._users.get(permit(actor, Capability.ACCOUNT_EDIT, tr("change its password")))
        ticket = await self._throttle.enter(user.email, f"password change of {user.id}")
        if not await self._passwords.verify(current, user.password_hash or None):
            raise Invalid(tr("The current password is wrong."), (Problem("current", tr("is not your password")),))
        await self._throttle.passed(ticket)
        await self.replace_password(user.id, await self.hashed(new, user.email), keep_token=keep_token)

    async def hashed(self, password: str, email: str) -> str:
        """The hash of a new password; `Invalid` when it breaks the rules."""
        check_password(password, email)
        return await self._passwords.hash(password)

    async def replace_password(self, user_id: str, password_hash: str, *, keep_token: str | None = None) -> User:
        """Keep a new password's hash, and end every session but one, and every sign-in over REST.

        Asks for no actor: whoever calls this has seen the old password, or a link for it.
        """

        async def read() -> User:
            return await self._users.get(user_id)

        def changed(user: User) -> User:
            return msgspec.structs.replace(user, password_hash=password_hash, credentials=user.credentials + 1)

        user = await save(read, changed, self._users.replace)
        await self._families.end_all(user_id)
        await self._sessions.revoke_all(user_id, keep_token=keep_token)
        return user

    async def issue_token(self, email: str, password: str, *, address: str, by: Actor = ANONYMOUS) -> tuple[str, int]:
        """An access token and the seconds it lives; errors as for `sign_in`."""
        pair = await self.issue_pair(email, password, address=address, by=by)
        return pair.access_token, pair.seconds

    @recorded(SIGN_IN, "sign in for an access token")
    async def issue_pair(
        self,
        email: str,
        password: str,
        *,
        address: str,
        by: Actor = ANONYMOUS,  # noqa: ARG002 -- the audit's.
    ) -> TokenPair:
        """An access token and what renews it; errors as for `sign_in`."""
        user = await self._verified(email, password, address)
        family, refresh_token = await self._families.begin(user, address)
        return TokenPair(self._tokens.issue(user, family.id), refresh_token, self._tokens.seconds)

    async def refresh(self, refresh_token: str) -> TokenPair:
        """The next pair; the refresh token that was given is used up.

        Raises:
            Unauthenticated: when it does not hold, was used before, or its user was closed or has a new password.
        """
        family = await self._families.of(refresh_token)
        user = await self._users.find(family.user_id)
        if user is None or not user.is_active or user.credentials != family.credentials:
            await self._families.end(family.id)
            raise Unauthenticated(tr("This sign-in has been revoked. Sign in again."))
        following = await self._families.renew(family, refresh_token)
        if following is None:
            error = Unauthenticated(tr("The refresh token was used before, so this sign-in has ended. Sign in again."))
            # Who has the copy is not known; whose sign-in it is, an administrator will want to know.
            of = msgspec.structs.replace(ANONYMOUS, email=user.email)
            entry = Entry(actor=of, capability=SIGN_IN, act=USED_TWICE, object=f"account:{user.email}", name=user.email)
            await self.audit.write(entry, error)
            raise error
        return TokenPair(self._tokens.issue(user, family.id), following, self._tokens.seconds)

    async def actor_of_token(self, token: str, *, address: str = "") -> Actor:
        """Who shows this access token or API token; the latter narrows what they may do to its scopes.

        Raises:
            Unauthenticated: when it is not ours, has expired, or its user was closed or has a new password.
        """
        if token.startswith(PREFIX):
            held, scopes = await self._api_tokens.found(token, address=address)
            user = await self._users.find(held.user_id)
            if user is None or not user.is_active:
                raise Unauthenticated(tr("The account of this API token is closed."))
            return by_token(user.actor(), scopes)
        claims = self._tokens.read(token)
        user, family = await self._users.find(claims.sub), await self._families.find(claims.fam)
        if user is None or not user.is_active or user.credentials != claims.cred or family is None:
            raise Unauthenticated(tr("The access token has been revoked. Sign in for a new one."))
        return user.actor()

    async def api_token_of(self, token: str) -> ApiToken | None:
        """The API token that somebody shows; None for an access token."""
        return (await self._api_tokens.found(token))[0] if token.startswith(PREFIX) else None

    @recorded(ACCOUNT, "give a token back")
    async def give_back(self, token: str, *, by: Actor = ANONYMOUS) -> None:  # noqa: ARG002 -- the audit's.
        """End the API token, or the sign-in over REST, that somebody shows, whatever else they may do."""
        if token.startswith(PREFIX):
            await self._api_tokens.give_back(token)
        else:
            await self._families.end(self._tokens.read(token).fam)

    async def create_proven(self, email: str, display_name: str) -> User:
        """Open an account without a password, for an address in normal form that a sign-in provider vouches for."""
        user = User(id=new_id(), email=email, display_name=display_name, password_hash="", created_at=self._now())
        return await self._users.add(user)

    async def end_tokens(self, user_id: str) -> None:
        """End the API tokens of a user. Asks for no actor: whoever calls this has seen that they are not theirs."""
        await self._api_tokens.end_all(user_id)

    async def single_user(self) -> Actor:
        """The one user of a site without sign-in: its first administrator. Asks for nothing: the address does."""
        administrators = await self._users.administrators()
        if not administrators:
            raise NotFound(tr("There is no administrator."))
        return min(administrators, key=lambda user: (user.created_at, user.id)).actor()

    async def actor_of_user(self, user_id: str) -> Actor:
        """The actor that a user would be if they asked now; `NotFound` when their account is closed or deleted."""
        user = await self._users.find(user_id)
        if user is None or not user.is_active:
            raise NotFound(tr("That account is closed."))
        return user.actor()

    async def has_account(self, email: str) -> bool:
        """Whether there is an account for an address in normal form, be it open or closed."""
        return await self._users.find_by_email(email) is not None

    async def create_user(
        self, email: str, password: str, display_name: str, *, is_admin: bool = False, email_verified: bool = True
    ) -> User:
        """Open an account. Asks for no actor: this is the operator's, who holds the data directory.

        Raises:
            Invalid: when the address, the password or the name breaks the rules.
            Conflict: when there is an account for the address.
        """
        email = normal_email(email)
        if await self.has_account(email):
            raise Conflict(tr("There is already an account for {email}.", email=email))
        user = User(
            id=new_id(),
            email=email,
            display_name=checked_display_name(display_name),
            password_hash=await self.hashed(password, email),
            created_at=self._now(),
            is_admin=is_admin,
            email_verified=email_verified,
        )
        return await self._users.add(user)

    @recorded(Capability.ADMIN_USERS, "open an account", "email", "is_admin")
    async def open_account(
        self, actor: Actor, email: str, password: str, display_name: str, *, is_admin: bool = False
    ) -> User:
        """Open an account for somebody; `Forbidden` for all but administrators, else as `create_user`."""
        permit(actor, Capability.ADMIN_USERS, tr("open accounts"))
        return await self.create_user(email, password, display_name, is_admin=is_admin)

    @recorded(ACCOUNT, "change the own name", "display_name")
    async def rename(self, actor: Actor, display_name: str) -> User:
        """Change the name that others see of the actor; `Invalid` when it cannot be used."""
        user = await self._users.get(permit(actor, Capability.ACCOUNT_EDIT, tr("change its name")))
        return await self._users.replace(msgspec.structs.replace(user, display_name=checked_display_name(display_name)))

    async def everyone(self, actor: Actor) -> list[User]:
        """All accounts by address, for administrators; `Forbidden` for everybody else."""
        permit(actor, Capability.ADMIN_USERS, tr("list the accounts"))
        return sorted(await self._users.all(), key=lambda user: user.email)

    @recorded(Capability.ADMIN_USERS, "close or reopen an account", "is_active", on="user:user_id")
    async def set_active(self, actor: Actor, user_id: str, *, is_active: bool) -> User:
        """Close or reopen an account; closing signs out its browsers and ends its tokens at once.

        Raises:
            Forbidden: when the actor is no administrator.
            Conflict: when it is the last administrator's.
        """
        permit(actor, Capability.ADMIN_USERS, tr("close or reopen accounts"))
        user = await self._users.get(user_id)
        if not is_active:
            return await self.close(user)
        return user if user.is_active else await self._users.replace(msgspec.structs.replace(user, is_active=True))

    async def close(self, user: User) -> User:
        """Close an account: whoever calls this has seen that the actor may. Its tokens do not come back with it.

        Raises:
            Conflict: when it is the last administrator's.
        """
        if [admin.id for admin in await self._users.administrators()] == [user.id]:
            raise Conflict(tr("A site keeps at least one administrator. Make somebody else one first."))
        if user.is_active:
            closed = msgspec.structs.replace(user, is_active=False, credentials=user.credentials + 1)
            user = await self._users.replace(closed)
        await self._end_everything(user.id)
        return user

    @recorded(Capability.ADMIN_USERS, "end all access of an account", on="user:user_id")
    async def revoke_access(self, actor: Actor, user_id: str) -> User:
        """End every session, sign-in and API token of somebody, for administrators; the account stays open."""
        permit(actor, Capability.ADMIN_USERS, tr("end others' sessions and tokens"))
        user = await self._users.get(user_id)
        await self._end_everything(user.id)
        return user

    async def account(self, actor: Actor, user_id: str) -> User:
        """Somebody's account, for administrators; `NotFound` when there is none."""
        permit(actor, Capability.ADMIN_USERS, tr("look at others' accounts"))
        return await self._users.get(user_id)

    async def user_by_email(self, email: str) -> User:
        """The account of that address.

        Raises:
            NotFound: when there is none that is open.
        """
        user = await self._users.find_by_email(normal_email(email))
        if user is None or not user.is_active:
            raise NotFound(tr("Nobody has an account under {email}.", email=email.strip()))
        return user

    async def users(self, ids: Iterable[str]) -> dict[str, User]:
        """The accounts with these ids; ids that nobody has are left out."""
        return {user.id: user for user in await self._users.with_ids(ids)}

    async def _end_everything(self, user_id: str) -> None:
        await self._api_tokens.end_all(user_id)
        await self._families.end_all(user_id)
        await self._sessions.revoke_all(user_id)

    async def _verified(self, email: str, password: str, address: str) -> User:
        ticket = await self._throttle.enter(email, address)
        user = await self._find(email)
        good = await self._passwords.verify(password, None if user is None else user.password_hash or None)
        if user is None or not good or not user.is_active:
            raise Unauthenticated(WRONG)
        await self._throttle.passed(ticket)
        if self._passwords.is_outdated(user.password_hash):
            password_hash = await self._passwords.hash(password)
            with suppress(Conflict):  # Another sign-in was faster, with this same password or with a new one.
                user = await self._users.replace(msgspec.structs.replace(user, password_hash=password_hash))
        return user

    async def _find(self, email: str) -> User | None:
        try:
            return await self._users.find_by_email(normal_email(email))
        except Invalid:
            return None
