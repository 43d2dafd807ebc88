"""An installation of its own for made-up requests, since an administrator's may change any part of it."""

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import msgspec
from argon2 import PasswordHasher

from domain.access import Principal, PrincipalKind, Role
from domain.people import User
from domain.saved_views import ViewState
from domain.settings import Settings
from domain.share_links import WantedLink
from domain.tiles import TableTile
from persistence.mongo import connect
from persistence.objects import open_objects
from persistence.tables import Tables
from services.opening import open_services
from tests.web.world import PASSWORD, World
from web.app import create_app

CALLERS = ("anonymous", "member", "administrator")


class Ground(NamedTuple):
    """The installation, its people by name, and ids that there are, by the name of their parameter."""

    world: World
    users: Mapping[str, User]
    ids: Mapping[str, str | int]

    async def client(self, who: str) -> httpx.AsyncClient:
        """A REST client of that caller; what an earlier request ended begins anew."""
        if who == "anonymous":
            return self.world.client()
        return await self.world.bearer(self.users[who])


@asynccontextmanager
async def a_ground(mongodb_url: str, folder: Path, **more: Any) -> AsyncIterator[Ground]:
    settings = Settings(
        data_dir=folder,
        mongodb_url=mongodb_url,
        mongodb_database=f"ground_{secrets.token_hex(6)}",
        storage_url=str(folder / "storage"),
        secret_key=secrets.token_hex(32),
        admin_password=PASSWORD,
        # As often as the same address signs in here, nobody does.
        sign_in_attempts=100_000,
        registration="open",
        upload_max_mib=1,
    )
    settings = msgspec.structs.replace(settings, **more)
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    async with open_services(settings, hasher=hasher) as services:
        documents = await connect(settings.mongodb_url, settings.mongodb_database)
        world = World(services, create_app(services), documents, Tables(open_objects(settings.storage_url)))
        yield await _filled(world)
        documents.close()


async def _filled(world: World) -> Ground:
    """A project of the administrator that the member edits, with one of everything that has an address."""
    services = world.services
    users = {"member": await world.user(), "administrator": await world.user(is_admin=True), "else": await world.user()}
    member, owner = users["member"].actor(), users["administrator"].actor()
    group = await services.groups.create(owner, f"Team {secrets.token_hex(4)}")
    await services.groups.add_user(await services.groups.open(owner, group.id), users["else"].id)
    access = await world.project(users["administrator"], editor=users["member"], viewer=users["else"])
    await services.sharing.share(access, Principal(PrincipalKind.GROUP, group.id), Role.VIEWER)
    collection = await world.collection(access)
    board = await services.dashboards.create(access, "Board")
    board = await services.dashboards.add_tile(access, board.id, TableTile(id="rows", collection_id=collection.id))
    opened = await services.dashboards.open(owner, board.id)
    thread = await services.discussions.start(opened, "rows", "Look.")
    await services.notes.write(opened, "# Notes", 0)
    view = await services.saved_views.add(opened, "Shared", ViewState(), shared=True)
    link = await services.share_links.create(opened, WantedLink())
    await services.invitations.invite_to(access, "waits@example.org", Role.VIEWER)
    made = await services.api_tokens.create(member, "Mine", ("read",), 7)
    return Ground(world, users, {
        "project_id": access.project.id, "dashboard_id": board.id, "collection_id": collection.id, "tile_id": "rows",
        "user_id": users["else"].id, "group_id": group.id, "link_id": link.link.id, "thread_id": thread.id,
        "remark_id": thread.remarks[0].id, "email": "waits@example.org", "sha256": "0" * 64, "number": 1,
        "session_id": "0" * 64, "token_id": made.token.id, "view": view.name,
    })  # fmt: skip
