"""Services on the shared document server, with a database of their own; one project with everybody who may ask."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl
import pytest
from argon2 import PasswordHasher

from domain.access import ANONYMOUS, Actor, Principal, PrincipalKind, Role
from domain.collections import DataCollection
from domain.settings import Settings
from persistence.collections import CollectionRepository
from persistence.frames.kinds import column_of
from persistence.mongo import Documents, connect, new_id, now
from persistence.objects import ObjectStore, open_objects
from services.opening import open_services
from services.system import Services

PASSWORD = "correct horse battery"
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
"""The same algorithm with little work, so that tests do not wait for what makes guessing slow."""

Opener = Callable[..., AbstractAsyncContextManager[Services]]
Actors = dict[str, Actor]


class Watch:
    """A clock that stands still until it is moved on."""

    def __init__(self) -> None:
        self.at = now()

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


class World(NamedTuple):
    """A project, one actor of each kind, and the open services on `documents` and `objects`."""

    services: Services
    actors: Actors
    project_id: str
    documents: Documents
    objects: ObjectStore

    async def add_collection(self, rows: pl.DataFrame | None = None, tag: str = "") -> DataCollection:
        """Store a collection of the project, with a table of one version when `rows` are given."""
        collection = DataCollection(
            id=new_id(), project_id=self.project_id, tag=tag or secrets.token_hex(4), workflow="flow"
        )
        if rows is not None:
            path = f"tables/{collection.id}"
            uri, options = self.objects.delta_location(path)
            rows.write_delta(uri, storage_options=options or None)
            columns = tuple(column_of(name, dtype) for name, dtype in rows.schema.items())
            collection = msgspec.structs.replace(
                collection, table_path=path, table_version=0, rows=rows.height, columns=columns
            )
        return await CollectionRepository(self.documents).add(collection)


def person(user_id: str | None) -> Principal:
    """Somebody, as projects are shared with them."""
    return Principal(PrincipalKind.USER, user_id or "")


@pytest.fixture(scope="session")
def watch_class() -> type[Watch]:
    return Watch


@pytest.fixture(scope="session")
def settings_for(mongodb_url: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Settings]:
    """Settings with a database and a directory of their own; keyword arguments replace fields."""

    def settings_for(**changes: object) -> Settings:
        folder: Path = tmp_path_factory.mktemp("services")
        values: dict[str, object] = {
            "data_dir": folder,
            "mongodb_url": mongodb_url,
            "mongodb_database": f"test_{secrets.token_hex(8)}",
            "storage_url": str(folder / "storage"),
            "secret_key": secrets.token_urlsafe(32),
            "admin_password": PASSWORD,
        }
        return Settings(**values | changes)

    return settings_for


@pytest.fixture(scope="session")
def open_quickly(settings_for: Callable[..., Settings]) -> Opener:
    """Services with cheap passwords; keyword arguments replace the clock and fields of the settings."""

    def open_quickly(*, now: Callable[[], datetime] = now, **changes: object) -> AbstractAsyncContextManager[Services]:
        return open_services(settings_for(**changes), now=now, hasher=QUICK)

    return open_quickly


@pytest.fixture(scope="module")
async def services(open_quickly: Opener) -> AsyncIterator[Services]:
    """Services that the tests of one module share."""
    async with open_quickly() as services:
        yield services


@pytest.fixture(scope="module")
async def actors(services: Services) -> Actors:
    """One actor of each kind; owner, editor and viewer get their roles in each `world`."""
    names = ("owner", "editor", "viewer", "outsider")
    users = {name: await services.people.create_user(f"{name}@example.org", PASSWORD, name.title()) for name in names}
    admin = await services.people.user_by_email(services.settings.admin_email)
    return {name: user.actor() for name, user in users.items()} | {"anonymous": ANONYMOUS, "admin": admin.actor()}


@pytest.fixture(scope="module")
async def module_documents(services: Services) -> AsyncIterator[Documents]:
    documents = await connect(services.settings.mongodb_url, services.settings.mongodb_database)
    yield documents
    documents.close()


@pytest.fixture(scope="module")
def new_world(services: Services, actors: Actors, module_documents: Documents) -> Callable[[], Awaitable[World]]:
    """Make a fresh private project that the owner shares with the editor and the viewer."""

    async def new_world() -> World:
        project = await services.projects.create(actors["owner"], f"Project {secrets.token_hex(4)}")
        access = await services.projects.open(actors["owner"], project.id)
        await services.projects.add_member(access, "editor@example.org", Role.EDITOR)
        await services.projects.add_member(access, "viewer@example.org", Role.VIEWER)
        return World(services, actors, project.id, module_documents, open_objects(services.settings.storage_url))

    return new_world


@pytest.fixture
async def world(new_world: Callable[[], Awaitable[World]]) -> World:
    return await new_world()
