"""Asking a tile from the command line: the same steps on this installation's stores, or on a server."""

import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import msgspec

from cli.client import Client
from cli.failures import unusable
from cli.operator import operator
from cli.server_options import Server
from cli.ways import Directly, Remotely, Way, chosen
from domain.errors import Invalid, Problem
from domain.questions import DashboardQuestion, ProjectQuestion, Question, TileAnswer
from domain.selections import Wishes
from domain.settings import Settings
from services.opening import open_services
from services.yaml_text import yaml_of, yaml_of_file


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asks for: a tile of a dashboard or, without one, a component of a project."""

    tile: str
    component: dict[str, Any] | None
    project: str | None
    dashboard: str | None
    question: Question
    wishes: Wishes


async def ask_directly(wanted: Wanted, settings: Settings) -> TileAnswer:
    """Ask the stores of these settings, as the administrator of the installation."""
    async with AsyncExitStack() as stack:
        with unusable():
            services = await stack.enter_async_context(open_services(settings))
        if services.first_password is not None:
            sys.stderr.write(
                f"The first administrator is {settings.admin_email} with the password {services.first_password}\n"
            )
        actor = await operator(services, settings)
        return await ask(Directly(services, actor), wanted)


async def ask_remotely(wanted: Wanted, server: Server) -> TileAnswer:
    """Ask a server, as the account of the token."""
    async with Client(*server) as client:
        return await ask(Remotely(client), wanted)


async def ask(way: Way, wanted: Wanted) -> TileAnswer:
    """Find the dashboard or the project by its name or id, and ask the tile.

    Raises:
        NotFound: when there is no such project, dashboard or tile.
        Invalid: when several have the name, or the tile cannot be computed.
    """
    asked = msgspec.structs.asdict(wanted.question)
    project_id = None
    if wanted.project is not None:
        names = {project.id: project.name for project in await way.projects()}
        project_id = chosen(wanted.project, names, "project")
    if wanted.component is not None:
        return await way.ask_component(project_id or "", ProjectQuestion(**asked, component=wanted.component))
    titles = {one.id: one.title for one in await way.dashboards() if project_id in {None, one.project_id}}
    wishes = {tile: tuple((wish.op, wish.values) for wish in own) for tile, own in wanted.wishes.items()}
    question = DashboardQuestion(**asked, wishes=wishes)
    return await way.ask_tile(chosen(wanted.dashboard or "", titles, "dashboard"), wanted.tile, question)


def read_component(text: str) -> dict[str, Any]:
    """A component from YAML or JSON that begins with `{` or has several lines, or from the file that `text` names.

    Raises:
        Invalid: when it cannot be read, or is no mapping.
    """
    given = text.strip()
    is_text = given.startswith("{") or "\n" in given
    found = yaml_of(text, "The component") if is_text else yaml_of_file(Path(text), f"The component file {text}")
    if not isinstance(found, dict):
        raise Invalid("The component cannot be used.", (Problem("", "write a mapping with a component_type"),))
    return found
