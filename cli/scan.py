"""`depictio scan`: what an ingest would read, without one."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.environment import environment, read_settings
from cli.failures import FAILED
from cli.printing import json_option, print_json, print_rows
from cli.server_options import server_of, server_options
from cli.variables import variable_option, variables_of

if TYPE_CHECKING:
    from domain.scans import CollectionScan


@click.command()
@click.argument("project_file", type=click.Path(path_type=Path))
@variable_option
@click.option("--dry-run", is_flag=True, help="Read new and changed files for a trial, and show every file.")
@json_option
@server_options("A running server to compare with.")
@click.pass_context
def scan(
    ctx: click.Context,
    project_file: Path,
    variables: tuple[str, ...],
    dry_run: bool,  # noqa: FBT001 -- click passes flags by name.
    as_json: bool,  # noqa: FBT001
    server: str | None,
    token: str | None,
) -> None:
    """Look for the files of PROJECT_FILE and say how many an ingest would read; nothing is stored or sent.

    Files of unknown content are hashed. With --dry-run each file is named, and those that an ingest would read are
    read, so that what it would refuse is refused here, with the reason.
    """
    import asyncio  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from cli.progress import shown_progress  # noqa: PLC0415
    from cli.scanning import scan_directly, scan_remotely  # noqa: PLC0415
    from domain.scans import FileState  # noqa: PLC0415
    from services.project_files import read_project_file  # noqa: PLC0415

    remote = server_of(server, token)
    file = read_project_file(project_file, variables_of(variables))
    with shown_progress() as progress:
        if remote is not None:
            scanning = scan_remotely(file, environment(), remote, progress, is_read=dry_run)
        else:
            scanning = scan_directly(file, environment(), read_settings(), progress, is_read=dry_run)
        scans = asyncio.run(scanning)
    if as_json:
        print_json(scans)
    elif dry_run:
        columns = ("collection", "state", "file", "reason")
        print_rows(columns, [(_name(one), file.state, file.path, file.reason) for one in scans for file in one.files])
    else:
        counts = [(_name(one), *(one.count(state) for state in FileState)) for one in scans]
        print_rows(("collection", *FileState), counts)
    for one in scans:
        if one.message:
            click.echo(f"Error: {_name(one)}: {one.message}", err=True)
    if any(one.message or one.count(FileState.REFUSED) for one in scans):
        ctx.exit(FAILED)


def _name(one: "CollectionScan") -> str:
    return f"{one.workflow}.{one.tag}"
