"""The application with the example projects, and everybody who may open their dashboards."""

import secrets
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl
import pytest
from argon2 import PasswordHasher
from dash.development.base_component import ComponentRegistry

from domain.access import Role
from domain.collections import DataCollection
from domain.dashboards import Dashboard
from domain.people import User
from domain.projects import Access
from domain.settings import Settings
from domain.tiles import Tile
from persistence.frames.kinds import column_of
from persistence.mongo import connect, new_id
from persistence.objects import open_objects
from persistence.tables import Change, Tables
from services.examples import install_examples
from services.opening import open_services
from tests.dash_views.page import DashPage
from tests.web.world import PASSWORD, Browser, World
from web.app import create_app
from web.pages.boards import board_routes

RUNS = Path(__file__).parents[2] / "examples" / "penguins" / "runs"


class Town(NamedTuple):
    """Iris is public; the penguins belong to the owner, who shares them with the editor and the viewer."""

    world: World
    users: Mapping[str, User]
    browsers: Mapping[str, Browser]
    penguins: Access
    dashboard: Dashboard
    iris: Dashboard
    collection: DataCollection
    rows: pl.DataFrame
    """The joined penguins, computed here from the files, in the order in which the stored table has them."""

    async def page(self, who: str = "viewer", app: str = "view", dashboard: Dashboard | None = None) -> DashPage:
        """The page as this person has it open."""
        return await DashPage(self.browsers[who], (dashboard or self.dashboard).id, app).load()

    async def copy(self, title: str = "") -> Dashboard:
        """A dashboard of its own for a test that changes it, with the tiles of the example."""
        services = self.world.services
        empty = await services.dashboards.create(self.penguins, title or f"Copy {secrets.token_hex(4)}")
        return await self.save(empty, self.dashboard.tiles)

    async def save(self, dashboard: Dashboard, tiles: Mapping[str, Tile], access: Access | None = None) -> Dashboard:
        changed = msgspec.structs.replace(dashboard, tiles=dict(tiles))
        return await self.world.services.dashboards.replace(access or self.penguins, changed)

    async def add_table(self, access: Access, tag: str, rows: pl.DataFrame) -> DataCollection:
        """A collection of that project, with these rows."""
        path = f"tables/{new_id()}"
        change = Change(schema=rows.schema, frames=[rows], stored={}, rows_added=rows.height, replaces_all=True)
        self.world.tables.commit(path, None, change)
        columns = tuple(column_of(name, dtype) for name, dtype in rows.schema.items())
        collection = DataCollection(
            id=new_id(), project_id=access.project.id, tag=tag, workflow="w", columns=columns, rows=rows.height,
            table_version=0, table_path=path,
        )  # fmt: skip
        return await self.world.collections.add(collection)

    async def stored(self, dashboard: Dashboard) -> Dashboard:
        opened = await self.world.services.dashboards.open(self.users["owner"].actor(), dashboard.id)
        return opened.dashboard


def joined_penguins(order: list[str]) -> pl.DataFrame:
    """The join of the example, by plain polars, with its rows in this order."""
    runs = sorted(RUNS.iterdir())
    names = ("physical_features", "demographic_data")
    physical, people = (pl.concat([pl.read_csv(run / f"{name}.csv") for run in runs]) for name in names)
    joined = physical.join(people, on="individual_id", how="inner")
    assert sorted(order) == sorted(joined["individual_id"])
    return pl.DataFrame({"individual_id": order}).join(joined, on="individual_id", how="left", maintain_order="left")


@pytest.fixture(scope="module", autouse=True)
def component_packages(request: pytest.FixtureRequest) -> Iterator[None]:
    """Dash links the scripts of every imported package to every app; the backend's own apps want none of Depictio's."""
    known = list(ComponentRegistry.registry)
    if "backend" in request.node.name:
        for name in known:
            if name.startswith("dash_views"):
                ComponentRegistry.registry.discard(name)
    yield
    for name in known:
        ComponentRegistry.registry.add(name)


@pytest.fixture(scope="session")
async def town(mongodb_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    settings = Settings(
        data_dir=folder,
        mongodb_url=mongodb_url,
        mongodb_database=f"town_{secrets.token_hex(6)}",
        storage_url=str(folder / "storage"),
        secret_key=secrets.token_hex(32),
        admin_password=PASSWORD,
    )
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    async with open_services(settings, hasher=hasher) as services:
        documents = await connect(settings.mongodb_url, settings.mongodb_database)
        tables = Tables(open_objects(settings.storage_url))
        world = World(services, create_app(services, board_routes(services)), documents, tables)
        yield await _settled(world)
        documents.close()


async def _settled(world: World) -> Town:
    services = world.services
    users = {name: await world.user(name) for name in ("owner", "editor", "viewer", "outsider")}
    await install_examples(services, users["owner"].actor(), lambda _: None)
    opened = await services.dashboards.visible(users["owner"].actor())
    boards = {dashboard.title: (project, dashboard) for project, dashboard in opened}
    project, dashboard = boards["Palmer penguins"]
    owner = users["owner"].actor()
    await services.projects.set_public(await services.projects.open(owner, project.id), is_public=False)
    for name, role in (("editor", Role.EDITOR), ("viewer", Role.VIEWER)):
        access = await services.projects.open(owner, project.id)
        await services.projects.add_member(access, users[name].email, role)
    access = await services.projects.open(owner, project.id)
    joined = next(one for one in await services.collections.all(access) if one.tag == "penguins_complete")
    stored = await services.collections.rows(access, joined.id, limit=1000)
    browsers = {name: await world.browser(user) for name, user in users.items()}
    return Town(
        world,
        users,
        browsers | {"anonymous": await world.browser()},
        access,
        dashboard,
        boards["Iris"][1],
        joined,
        joined_penguins([str(row["individual_id"]) for row in stored.rows]),
    )


@pytest.fixture
async def board(town: Town) -> Dashboard:
    """A dashboard that a test may change."""
    return await town.copy()
