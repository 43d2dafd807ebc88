"""Opening accounts for others, with a link to their first password."""

import secrets

import msgspec

from domain.access import Actor
from domain.people import User
from services.accounts import Accounts
from services.invitations import Invitations
from services.people import People

UNKNOWN_PASSWORD_BYTES = 30


class OpenedAccount(msgspec.Struct, frozen=True):
    """A new account; `secret` is that of the link with which its first password is set, empty when it has one."""

    user: User
    secret: str = ""


class Administrators:
    """For administrators only; everybody else is `Forbidden`."""

    def __init__(self, people: People, accounts: Accounts, invitations: Invitations) -> None:
        self._people = people
        self._accounts = accounts
        self._invitations = invitations

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
        await self._invitations.accept_all(user)
        if password:
            return OpenedAccount(user)
        _, secret = await self._accounts.make_reset_link(actor, user.id)
        return OpenedAccount(user, secret)
