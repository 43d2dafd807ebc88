"""Looking after accounts without a browser: opening one with a link to its first password, and who administers."""

import secrets

import msgspec

from domain.access import Actor, Capability, permit
from domain.errors import Conflict
from domain.people import User
from persistence.people import UserRepository
from services.accounts import Accounts
from services.audit import Audit, recorded
from services.people import People
from services.projects import Projects
from services.saving import save

UNKNOWN_PASSWORD_BYTES = 30


class OpenedAccount(msgspec.Struct, frozen=True):
    """A new account; `secret` is that of the link with which its first password is set, empty when it has one."""

    user: User
    secret: str = ""


class Administrators:
    """For administrators only; everybody else is `Forbidden`."""

    def __init__(
        self, users: UserRepository, people: People, accounts: Accounts, projects: Projects, *, audit: Audit
    ) -> None:
        self.audit = audit
        self._users = users
        self._people = people
        self._accounts = accounts
        self._projects = projects

    async def open_account(
        self, actor: Actor, email: str, display_name: str, password: str = "", *, is_admin: bool = False
    ) -> OpenedAccount:
        """Open an account. Without a password nobody knows it, and a link to set one is made.

        Raises:
            Invalid: when the address, the password or the name breaks the rules.
            Conflict: when there is an account for the address.
        """
        name = display_name.strip() or email.partition("@")[0]
        first = password or secrets.token_urlsafe(UNKNOWN_PASSWORD_BYTES)
        user = await self._people.open_account(actor, email, first, name, is_admin=is_admin)
        # An administrator vouches for the address: what waits for it is theirs.
        await self._projects.welcome(user)
        if password:
            return OpenedAccount(user)
        _, secret = await self._accounts.make_reset_link(actor, user.id)
        return OpenedAccount(user, secret)

    @recorded(Capability.ADMIN_USERS, "set whether somebody administers", "is_admin", on="user:user_id")
    async def set_admin(self, actor: Actor, user_id: str, *, is_admin: bool) -> User:
        """Make somebody an administrator, or take that from them; what they have open follows at once.

        Raises:
            NotFound: when there is no such account.
            Conflict: when it is closed, or the last administrator's.
        """
        permit(actor, Capability.ADMIN_USERS, "say who administers")
        user = await self._users.get(user_id)
        if is_admin and not user.is_active:
            raise Conflict(f"The account of {user.email} is closed. Reopen it first.")
        if not is_admin and [admin.id for admin in await self._users.administrators()] == [user_id]:
            raise Conflict("A site keeps at least one administrator. Make somebody else one first.")

        async def read() -> User:
            return await self._users.get(user_id)

        def changed(stored: User) -> User:
            return msgspec.structs.replace(stored, is_admin=is_admin)

        return await save(read, changed, self._users.replace)
