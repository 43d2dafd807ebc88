"""Where questions of the command line go: to this installation's services, or to a server's REST interface."""

import difflib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

import msgspec

from cli.client import Client
from domain.access import Actor
from domain.errors import Invalid, NotFound, Problem
from domain.questions import DashboardQuestion, ProjectQuestion, TileAnswer

if TYPE_CHECKING:
    from services.system import Services


class Named(msgspec.Struct, frozen=True):
    """A project in a list."""

    id: str
    name: str


class Titled(msgspec.Struct, frozen=True):
    """A dashboard in a list."""

    id: str
    title: str
    project_id: str


class Way(Protocol):
    """Where questions go."""

    async def projects(self) -> list[Named]: ...
    async def dashboards(self) -> list[Titled]: ...
    async def ask_tile(self, dashboard_id: str, tile_id: str, question: DashboardQuestion) -> TileAnswer: ...
    async def ask_component(self, project_id: str, question: ProjectQuestion) -> TileAnswer: ...


class Directly:
    """To the stores of this installation, as one of its users."""

    def __init__(self, services: "Services", actor: Actor) -> None:
        self._services = services
        self._actor = actor

    async def projects(self) -> list[Named]:
        return [Named(project.id, project.name) for project in await self._services.projects.visible(self._actor)]

    async def dashboards(self) -> list[Titled]:
        found = await self._services.dashboards.visible(self._actor)
        return [Titled(dashboard.id, dashboard.title, project.id) for project, dashboard in found]

    async def ask_tile(self, dashboard_id: str, tile_id: str, question: DashboardQuestion) -> TileAnswer:
        opened = await self._services.dashboards.open(self._actor, dashboard_id)
        return await self._services.questions.of_dashboard(opened, tile_id, question)

    async def ask_component(self, project_id: str, question: ProjectQuestion) -> TileAnswer:
        access = await self._services.projects.open(self._actor, project_id)
        return await self._services.questions.of_project(access, question)


class Remotely:
    """To a server's REST interface."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def projects(self) -> list[Named]:
        return await self._client.everything("/projects/", Named)

    async def dashboards(self) -> list[Titled]:
        return await self._client.everything("/dashboards/", Titled)

    async def ask_tile(self, dashboard_id: str, tile_id: str, question: DashboardQuestion) -> TileAnswer:
        place = f"/dashboards/{dashboard_id}/tiles/{quote(tile_id, safe='')}/answer"
        return await self._client.post(place, question, TileAnswer)

    async def ask_component(self, project_id: str, question: ProjectQuestion) -> TileAnswer:
        return await self._client.post(f"/projects/{project_id}/query", question, TileAnswer)


def chosen(wanted: str, names: Mapping[str, str], noun: str) -> str:
    """The id that is wanted, or that of the only one with the name that is wanted; `names` are by id.

    Raises:
        NotFound: when there is none.
        Invalid: when several have that name.
    """
    if wanted in names:
        return wanted
    found = [key for key, name in names.items() if name == wanted]
    if len(found) > 1:
        problem = Problem(wanted, f"say which by its id: {', '.join(found)}")
        raise Invalid(f"More than one {noun} has that name.", (problem,))
    if not found:
        raise NotFound(f"There is no {noun} {wanted!r} that is visible to you{_hint(wanted, names.values())}")
    return found[0]


def _hint(wanted: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(wanted, names, n=1)
    return f"; did you mean {near[0]!r}?" if near else "."
