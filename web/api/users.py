"""REST: opening accounts for others; for administrators."""

from typing import Any

import msgspec
from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from domain.access import Actor
from domain.people import User
from services.system import Services
from web.api.accounts import Account
from web.api.problems import WRITING
from web.pages.account import reset_link
from web.security.identity import MAX_CREDENTIALS_BYTES, signed_in


class WantedAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An account to open. Without a password the answer has a link with which one is set."""

    email: str
    display_name: str = ""
    password: str = ""
    is_admin: bool = False


class MadeAccount(Account, frozen=True, kw_only=True):
    """A new account. `link` sets its first password, once, within 24 hours; empty when it has one."""

    link: str


class NewUsersApi(Controller):
    """`/users`."""

    path = "/users"
    tags = ["Administration"]  # noqa: RUF012 -- Litestar reads class attributes.
    guards = [signed_in]  # noqa: RUF012

    @post("/", summary="Open an account", responses=WRITING, request_max_body_size=MAX_CREDENTIALS_BYTES)
    async def add(
        self, data: JSONBody[WantedAccount], services: NamedDependency[Services], actor: NamedDependency[Actor]
    ) -> MadeAccount:
        """Open an account for somebody."""
        made = await services.administrators.open_account(
            actor, data.email, data.display_name, data.password, is_admin=data.is_admin
        )
        link = reset_link(services, made.secret) if made.secret else ""
        return MadeAccount(**_fields(made.user), link=link)


def _fields(user: User) -> dict[str, Any]:
    return {name: getattr(user, name) for name in Account.__struct_fields__}
