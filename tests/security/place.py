"""A private project with everything in it, and everybody who may ask for it, by every way in."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple

import httpx

from domain.access import ANONYMOUS, Actor, Principal, PrincipalKind, Role, Scope
from domain.dashboards import Dashboard
from domain.people import User
from domain.projects import Access
from domain.share_links import WantedLink
from domain.tiles import TableTile
from tests.dash_views.conftest import Town
from tests.web.world import Browser

WHO = (
    "owner", "editor", "viewer", "member", "visitor", "anonymous", "outsider", "deactivated", "admin",
    "read token", "ingest token", "admin token", "site token",
)  # fmt: skip
"""The first three tokens are the owner's, by their scope; the last is an administrator's with the scope `admin`."""


class Caller(NamedTuple):
    """Somebody with a browser, a REST client and, for what the command line does directly, as an actor."""

    browser: Browser
    rest: httpx.AsyncClient
    actor: Actor
    boards: str = "/dashboards"
    """Where the pages of dashboards begin: for a visitor by link, with its secret."""
    token: str = ""
    """The bearer token that the actor is found by anew, each time."""


class Place(NamedTuple):
    """What is asked for. `group` is one that the owner administers; the member edits the project through another."""

    town: Town
    access: Access
    dashboard: Dashboard
    collection_id: str
    group: str
    link: str
    thread: str
    remark: str
    viewer: User
    callers: dict[str, Caller]

    async def actor(self, caller: Caller) -> Actor:
        """Whom the command line takes the caller for; `Unauthenticated` when their token does not hold any more."""
        if not caller.token:
            return caller.actor
        services = self.town.world.services
        return await services.groups.joined(await services.people.actor_of_token(caller.token))

    async def throwaway(self) -> str:
        """A dashboard that may be deleted."""
        made = await self.town.world.services.dashboards.create(self.access, f"Gone {secrets.token_hex(3)}")
        return made.id


@asynccontextmanager
async def a_place(town: Town) -> AsyncIterator[Place]:
    world, services = town.world, town.world.services
    users = {name: await world.user() for name in ("owner", "editor", "viewer", "member", "outsider")}
    users["admin"] = await world.user(is_admin=True)
    leaver = await world.user()
    access = await world.project(users["owner"], editor=users["editor"], viewer=users["viewer"])
    await services.projects.add_member(access, leaver.email, Role.OWNER)
    own, team = await _group(town, users["owner"]), await _group(town, users["owner"], users["member"])
    await services.sharing.share(access, Principal(PrincipalKind.GROUP, team), Role.EDITOR)
    access = await services.projects.open(users["owner"].actor(), access.project.id)
    collection = await world.collection(access)
    dashboard = await services.dashboards.create(access, "Private")
    table = TableTile(id="rows", collection_id=collection.id)
    dashboard = await services.dashboards.add_tile(access, dashboard.id, table)
    opened = await services.dashboards.open(users["owner"].actor(), dashboard.id)
    made = await services.share_links.create(opened, WantedLink())
    thread = await services.discussions.start(opened, "rows", "Look.")
    async with AsyncExitStack() as stack:
        callers = {}
        for name, user in users.items():
            rest = await stack.enter_async_context(await world.bearer(user))
            callers[name] = Caller(await world.browser(user), rest, await services.groups.joined(user.actor()))
        for name, boards in (("anonymous", "/dashboards"), ("visitor", f"/shared/{made.secret}")):
            rest = await stack.enter_async_context(world.client())
            callers[name] = Caller(await world.browser(), rest, ANONYMOUS, boards)
        holders = {"read token": users["owner"], "ingest token": users["owner"], "admin token": users["owner"],
                   "site token": users["admin"], "deactivated": leaver}  # fmt: skip
        for name, user in holders.items():
            callers[name] = await _by_token(town, stack, name, user)
        await services.people.set_active(users["admin"].actor(), leaver.id, is_active=False)
        yield Place(
            town, access, dashboard, collection.id, own, made.link.id, thread.id, thread.remarks[0].id,
            users["viewer"], callers,
        )  # fmt: skip


async def _by_token(town: Town, stack: AsyncExitStack, name: str, user: User) -> Caller:
    """A token of the scope that the name says, which asks for pages too; who leaves has a signed-in browser there."""
    scope = name.partition(" ")[0]
    scope = scope if scope in set(Scope) else "admin"
    token = await town.world.services.api_tokens.create(user.actor(), name, (scope,), 7)
    bearer = {"authorization": f"Bearer {token.secret}"}
    browser = await town.world.browser(user if name == "deactivated" else None)
    if name != "deactivated":
        browser.http.headers.update(bearer)
    rest = await stack.enter_async_context(town.world.client(bearer))
    return Caller(browser, rest, user.actor(), token=token.secret)


async def _group(town: Town, *users: User) -> str:
    groups = town.world.services.groups
    group = await groups.create(users[0].actor(), f"Team {secrets.token_hex(4)}")
    for user in users[1:]:
        await groups.add_user(await groups.open(users[0].actor(), group.id), user.id)
    return group.id
