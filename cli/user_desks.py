"""Accounts from the command line: on this installation's stores, or on a server."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

import msgspec

from cli.client import Client
from cli.failures import unusable
from cli.operator import operator
from cli.server_options import Server
from cli.ways import chosen
from domain.access import Actor
from domain.accounts import reset_address
from domain.people import User
from domain.settings import Settings
from services.opening import open_services

if TYPE_CHECKING:
    from services.system import Services


class AccountLine(msgspec.Struct, frozen=True, kw_only=True):
    """An account in a list."""

    id: str
    email: str
    display_name: str
    is_admin: bool
    is_active: bool
    created_at: datetime


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A new account; `link` sets its first password, and is empty when it has one."""

    id: str
    email: str
    display_name: str
    is_admin: bool
    link: str


class NewAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account to open."""

    email: str
    display_name: str
    password: str
    is_admin: bool


class ResetLink(msgspec.Struct, frozen=True):
    """With it somebody sets a new password."""

    link: str


class UserDesk(Protocol):
    """Where accounts are looked after."""

    async def users(self) -> list[AccountLine]: ...
    async def add(self, wanted: NewAccount) -> Opened: ...
    async def set_active(self, user_id: str, *, is_active: bool) -> AccountLine: ...
    async def set_admin(self, user_id: str, *, is_admin: bool) -> AccountLine: ...
    async def reset_link(self, user_id: str) -> str: ...
    async def delete(self, user_id: str, heir: str) -> None: ...


class UsersHere:
    """The accounts of this installation, as its administrator."""

    def __init__(self, services: "Services", actor: Actor) -> None:
        self._services = services
        self._actor = actor

    async def users(self) -> list[AccountLine]:
        return [_line(user) for user in await self._services.people.everyone(self._actor)]

    async def add(self, wanted: NewAccount) -> Opened:
        made = await self._services.administrators.open_account(
            self._actor, wanted.email, wanted.display_name, wanted.password, is_admin=wanted.is_admin
        )
        user, link = made.user, self._link(made.secret) if made.secret else ""
        return Opened(id=user.id, email=user.email, display_name=user.display_name, is_admin=user.is_admin, link=link)

    async def set_active(self, user_id: str, *, is_active: bool) -> AccountLine:
        return _line(await self._services.people.set_active(self._actor, user_id, is_active=is_active))

    async def set_admin(self, user_id: str, *, is_admin: bool) -> AccountLine:
        return _line(await self._services.accounts.set_administrator(self._actor, user_id, is_admin=is_admin))

    async def reset_link(self, user_id: str) -> str:
        _, secret = await self._services.accounts.make_reset_link(self._actor, user_id)
        return self._link(secret)

    async def delete(self, user_id: str, heir: str) -> None:
        await self._services.accounts.delete(self._actor, user_id, heir)

    def _link(self, secret: str) -> str:
        return reset_address(self._services.settings.address, secret)


class UsersThere:
    """The accounts of a server, by its REST interface."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def users(self) -> list[AccountLine]:
        return await self._client.everything("/admin/users", AccountLine)

    async def add(self, wanted: NewAccount) -> Opened:
        return await self._client.post("/users", wanted, Opened)

    async def set_active(self, user_id: str, *, is_active: bool) -> AccountLine:
        return await self._client.put(f"{_place(user_id)}/active", {"is_active": is_active}, AccountLine)

    async def set_admin(self, user_id: str, *, is_admin: bool) -> AccountLine:
        return await self._client.put(f"{_place(user_id)}/administrator", {"is_admin": is_admin}, AccountLine)

    async def reset_link(self, user_id: str) -> str:
        return (await self._client.post(f"{_place(user_id)}/reset-link", None, ResetLink)).link

    async def delete(self, user_id: str, heir: str) -> None:
        await self._client.delete(f"{_place(user_id)}?heir={quote(heir, safe='')}")


@asynccontextmanager
async def opened_user_desk(remote: Server | None, settings: Settings | None) -> AsyncIterator[UserDesk]:
    """A server, or without one the stores of these settings, as an administrator of the installation."""
    async with AsyncExitStack() as stack:
        if remote is not None:
            yield UsersThere(await stack.enter_async_context(Client(*remote)))
            return
        if settings is None:
            raise ValueError("Either a server or settings are needed.")
        with unusable():
            services = await stack.enter_async_context(open_services(settings))
        yield UsersHere(services, await operator(services, settings))


async def account_of(desk: UserDesk, wanted: str) -> AccountLine:
    """The account with that address, in any case, or that id."""
    found = {one.id: one for one in await desk.users()}
    names = {key: one.email for key, one in found.items()}
    return found[chosen(wanted if wanted in found else wanted.strip().lower(), names, "account")]


def _line(user: User) -> AccountLine:
    return msgspec.convert(user, AccountLine, from_attributes=True)


def _place(user_id: str) -> str:
    return f"/users/{quote(user_id, safe='')}"
