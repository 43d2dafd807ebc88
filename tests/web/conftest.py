"""The real application over the real services."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest
from argon2 import PasswordHasher

from domain.access import Actor
from domain.settings import Settings
from persistence.mongo import connect
from persistence.objects import open_objects
from persistence.tables import Tables
from services.opening import open_services
from tests.web.world import PASSWORD, World
from web.app import create_app


def fast_hasher() -> PasswordHasher:
    """Argon2 at its least work: tests sign in often."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session")
async def web_settings(mongodb_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("web")
    return Settings(
        data_dir=folder,
        mongodb_url=mongodb_url,
        mongodb_database=f"web_{secrets.token_hex(6)}",
        storage_url=str(folder / "storage"),
        secret_key=secrets.token_hex(32),
        admin_email="admin@example.org",
        admin_password=PASSWORD,
    )


@pytest.fixture(scope="session")
async def world(web_settings: Settings) -> AsyncIterator[World]:
    async with opened(web_settings) as world:
        yield world


@pytest.fixture
async def empty_world(web_settings: Settings) -> AsyncIterator[World]:
    """A site in which no other test has left anything."""
    async with opened(msgspec.structs.replace(web_settings, mongodb_database=f"web_{secrets.token_hex(6)}")) as world:
        yield world


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[World]:
    async with open_services(settings, hasher=fast_hasher()) as services, services.runner.running():
        documents = await connect(settings.mongodb_url, settings.mongodb_database)
        yield World(services, create_app(services), documents, Tables(open_objects(settings.storage_url)))
        documents.close()


@pytest.fixture
async def admin(world: World) -> Actor:
    return (await world.services.people.user_by_email("admin@example.org")).actor()
