"""`depictio dashboard`: list dashboards, and take them along as files."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.desk_options import at_desk
from cli.printing import json_option, json_text, print_json, print_rows
from cli.server_options import server_options

if TYPE_CHECKING:
    from cli.desks import Desk, Made

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def dashboard() -> None:
    """List dashboards, write them as files, check such files, and make dashboards of them."""


@dashboard.command("list")
@json_option
@server_options("A running server to ask.")
def list_dashboards(as_json: bool, server: str | None, token: str | None) -> None:  # noqa: FBT001 -- as click gives it.
    """List the dashboards that you may see, the last changed first."""
    found = at_desk(server, token, lambda desk: desk.dashboards())
    if as_json:
        print_json(found)
        return
    lines = [(one.id, one.title, one.project_id, one.tiles, f"{one.updated_at:%Y-%m-%d %H:%M}") for one in found]
    print_rows(("id", "title", "project", "tiles", "updated"), lines)


@dashboard.command("export")
@click.argument("wanted", metavar="DASHBOARD")
@click.option("--project", metavar="NAME", help="Its project; needed where two have the same title.")
@click.option("--output", type=FILE, help="The file to write; standard output otherwise.")
@json_option
@server_options("A running server to ask.")
def export(
    wanted: str,
    project: str | None,
    output: Path | None,
    as_json: bool,  # noqa: FBT001 -- as click gives it.
    server: str | None,
    token: str | None,
) -> None:
    """Write DASHBOARD, by its title or id, as a dashboard file."""
    from cli.desks import dashboard_of  # noqa: PLC0415 -- loaded when called, for a fast --help.
    from domain.errors import Invalid  # noqa: PLC0415
    from services.yaml_text import yaml_of  # noqa: PLC0415

    async def question(desk: "Desk") -> str:
        return await desk.dashboard_file((await dashboard_of(desk, wanted, project)).id)

    text = at_desk(server, token, question)
    if as_json:
        text = json_text(yaml_of(text, "The dashboard file"))
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, "utf-8")
    except OSError as error:
        raise Invalid(f"{output} cannot be written: {error.strerror or error}.") from error


@dashboard.command("import")
@click.argument("file", type=FILE)
@click.option("--project", metavar="NAME", required=True, help="The project to make it in.")
@json_option
@server_options("A running server to ask.")
def import_file(file: Path, project: str, as_json: bool, server: str | None, token: str | None) -> None:  # noqa: FBT001
    """Make a dashboard of the dashboard file FILE; with a fault in it nothing is made."""
    from cli.dashboard_check import text_of  # noqa: PLC0415 -- loaded when called, for a fast --help.
    from cli.desks import project_of  # noqa: PLC0415

    text = text_of(file)

    async def question(desk: "Desk") -> "Made":
        return await desk.add_dashboard((await project_of(desk, project)).id, text)

    made = at_desk(server, token, question)
    if as_json:
        print_json(made)
    else:
        click.echo(f"The dashboard {made.title} is made: {made.id}")


@dashboard.command("validate")
@click.argument("file", type=FILE)
@click.option("--project", metavar="NAME", required=True, help="The project whose data collections it shows.")
@json_option
@server_options("A running server to ask.")
def validate_file(file: Path, project: str, as_json: bool, server: str | None, token: str | None) -> None:  # noqa: FBT001
    """Check the dashboard file FILE against a project, and make nothing."""
    from cli.dashboard_check import checked, text_of  # noqa: PLC0415 -- loaded when called, for a fast --help.
    from cli.desks import project_of  # noqa: PLC0415

    text = text_of(file)

    async def question(desk: "Desk") -> int:
        return checked(text, await desk.collections((await project_of(desk, project)).id))

    tiles = at_desk(server, token, question)
    if as_json:
        print_json({"file": str(file), "tiles": tiles})
    else:
        click.echo(f"{file} is valid: {tiles} tiles.")
