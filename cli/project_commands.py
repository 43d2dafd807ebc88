"""`depictio project`: list, show and delete projects."""

from typing import TYPE_CHECKING

import click

from cli.desk_options import at_desk
from cli.printing import json_option, print_json, print_rows
from cli.server_options import server_options

if TYPE_CHECKING:
    from cli.desks import Desk, ProjectLine
    from domain.collections import DataCollection


@click.group()
def project() -> None:
    """List, show and delete projects."""


@project.command("list")
@json_option
@server_options("A running server to ask.")
def list_projects(as_json: bool, server: str | None, token: str | None) -> None:  # noqa: FBT001 -- as click gives it.
    """List the projects that you may see."""
    found = at_desk(server, token, lambda desk: desk.projects())
    if as_json:
        print_json(found)
        return
    columns = ("id", "name", "public", "updated")
    print_rows(columns, [(one.id, one.name, one.is_public, f"{one.updated_at:%Y-%m-%d %H:%M}") for one in found])


@project.command("show")
@click.argument("wanted", metavar="PROJECT")
@json_option
@server_options("A running server to ask.")
def show_project(wanted: str, as_json: bool, server: str | None, token: str | None) -> None:  # noqa: FBT001
    """Show what belongs to PROJECT, by its name or id: data collections and dashboards."""
    from cli.desks import DashboardLine, project_of  # noqa: PLC0415 -- loaded when called, for a fast --help.

    async def question(desk: "Desk") -> "tuple[ProjectLine, list[DataCollection], list[DashboardLine]]":
        found = await project_of(desk, wanted)
        dashboards = [one for one in await desk.dashboards() if one.project_id == found.id]
        return found, await desk.collections(found.id), dashboards

    found, collections, dashboards = at_desk(server, token, question)
    if as_json:
        print_json({"project": found, "collections": collections, "dashboards": dashboards})
        return
    lines: list[tuple[str | None, ...]] = [("project", found.id, found.name, None)]
    lines += [("data collection", one.id, f"{one.workflow}.{one.tag}", f"{one.rows} rows") for one in collections]
    lines += [("dashboard", one.id, one.title, f"{one.tiles} tiles") for one in dashboards]
    print_rows(("kind", "id", "name", "size"), lines)


@project.command("delete")
@click.argument("wanted", metavar="PROJECT")
@click.option("--yes", is_flag=True, help="Do not ask whether to.")
@json_option
@server_options("A running server to ask.")
def delete_project(wanted: str, yes: bool, as_json: bool, server: str | None, token: str | None) -> None:  # noqa: FBT001
    """Delete PROJECT, by its name or id, with its tables and dashboards; there is no way back."""
    from cli.desks import project_of  # noqa: PLC0415 -- loaded when called, for a fast --help.

    async def question(desk: "Desk") -> "ProjectLine":
        found = await project_of(desk, wanted)
        if not yes:
            click.confirm(f"Delete the project {found.name} with its tables and dashboards?", abort=True, err=True)
        await desk.delete_project(found.id)
        return found

    deleted = at_desk(server, token, question)
    if as_json:
        print_json(deleted)
    else:
        click.echo(f"The project {deleted.name} is deleted.")
