"""`depictio run` and `depictio ingest`: ingest a project, or some of its data collections."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from cli.environment import environment, read_settings
from cli.failures import FAILED
from cli.printing import json_option, print_json
from cli.server_options import server_of, server_options
from cli.variables import variable_option, variables_of


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """What both commands are told."""
    for option in (server_options("A running server to send the data to."), json_option, variable_option):
        command = option(command)
    return click.argument("project_file", type=click.Path(path_type=Path))(command)


@click.command()
@_options
def run(
    project_file: Path,
    variables: tuple[str, ...],
    as_json: bool,  # noqa: FBT001 -- click passes flags by name.
    server: str | None,
    token: str | None,
) -> None:
    """Ingest what PROJECT_FILE describes: new and changed files are read, vanished ones are taken out.

    Without --server this works directly on the data directory, while no server runs on it. A data collection that
    fails keeps its old table and does not stop the others.
    """
    _ingest(project_file, variables, None, server, token, as_json=as_json)


@click.command()
@_options
@click.argument("collections", nargs=-1)
def ingest(
    project_file: Path,
    collections: tuple[str, ...],
    variables: tuple[str, ...],
    as_json: bool,  # noqa: FBT001
    server: str | None,
    token: str | None,
) -> None:
    """Ingest the data COLLECTIONS of PROJECT_FILE, each its tag or `workflow.tag`; all of them when none is named.

    Joins that are made of them follow. Unlike `depictio run` it makes no dashboards.
    """
    _ingest(project_file, variables, collections, server, token, as_json=as_json)


def _ingest(
    project_file: Path,
    variables: Sequence[str],
    only: Sequence[str] | None,
    server: str | None,
    token: str | None,
    *,
    as_json: bool,
) -> None:
    import asyncio  # noqa: PLC0415 -- loaded when called, for a fast --help.

    import msgspec  # noqa: PLC0415

    from cli.ingest import ingest_directly, ingest_remotely  # noqa: PLC0415
    from cli.progress import shown_progress  # noqa: PLC0415
    from cli.summary import show_reports  # noqa: PLC0415
    from services.project_files import narrowed, read_project_file  # noqa: PLC0415

    remote = server_of(server, token)
    file = read_project_file(project_file, variables_of(variables))
    if only is not None:
        file = narrowed(file, only)
    with shown_progress() as progress:
        if remote is not None:
            result = asyncio.run(ingest_remotely(file, environment(), *remote, progress))
        else:
            result = asyncio.run(ingest_directly(file, environment(), read_settings(), progress))
    if as_json:
        print_json({"project": file.description.name, **msgspec.structs.asdict(result)})
    else:
        show_reports(file.description.name, result)
    if any(report.outcome == "failed" for report in result.reports) or any(one.message for one in result.dashboards):
        click.get_current_context().exit(FAILED)
