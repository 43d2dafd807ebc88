"""`depictio query`: the data of one tile, directly or through a running server."""

from pathlib import Path
from typing import Literal

import click

from cli.environment import read_settings
from cli.server_options import server_of, server_options


@click.command()
@click.argument("tile")
@click.option("--project", metavar="NAME", help="The project, by its name or id.")
@click.option("--dashboard", metavar="TITLE", help="The dashboard that has the tile, by its title or id.")
@click.option("--filter", "filters", metavar="FILTER", multiple=True, help="Such as 'species in Gentoo'; repeatable.")
@click.option("--link", metavar="ADDRESS", help="The filters of a dashboard's address: all of it, or from its ? on.")
@click.option("--offset", type=int, default=0, help="Of a table: how many rows to skip.")
@click.option("--limit", type=int, help="Of a table: how many rows; its page size otherwise.")
@click.option("--sort", "sorts", metavar="COLUMN", multiple=True, help="Of a table: 'mass' or 'mass desc'; repeatable.")
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", help="JSON otherwise.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, as without --format.")
@click.option("--output", type=click.Path(path_type=Path), help="The file to write; standard output otherwise.")
@server_options("A running server to ask.")
def query(
    tile: str,
    project: str | None,
    dashboard: str | None,
    filters: tuple[str, ...],
    link: str | None,
    offset: int,
    limit: int | None,
    sorts: tuple[str, ...],
    form: Literal["json", "csv"],
    as_json: bool,  # noqa: FBT001 -- as click gives it.
    output: Path | None,
    server: str | None,
    token: str | None,
) -> None:
    """Print the data of TILE under filters.

    With --dashboard, TILE is the id of one of its tiles. Without, it is a component as in a dashboard file, or the
    name of a file that holds one, and --project says whose data collections it shows. Without --server this works
    directly on the data directory, while no server runs on it.
    """
    import asyncio  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from cli.answers import write_answer  # noqa: PLC0415
    from cli.asking import Wanted, ask_directly, ask_remotely, read_component  # noqa: PLC0415
    from domain.questions import Question  # noqa: PLC0415
    from domain.written import restriction, sort_key, wishes_of_link  # noqa: PLC0415

    remote = server_of(server, token)
    if as_json and form == "csv":
        raise click.UsageError("--json and --format csv exclude each other.")
    if project is None and dashboard is None:
        raise click.UsageError("--dashboard is missing, or --project for a component.")
    if link is not None and dashboard is None:
        raise click.UsageError("--link needs --dashboard: its filters are those of a dashboard's tiles.")
    restrictions, keys = tuple(map(restriction, filters)), tuple(map(sort_key, sorts))
    wanted = Wanted(
        tile=tile,
        component=read_component(tile) if dashboard is None else None,
        project=project,
        dashboard=dashboard,
        question=Question(filters=restrictions, offset=offset, limit=limit, sort=keys),
        wishes={} if link is None else wishes_of_link(link),
    )
    asked = ask_directly(wanted, read_settings()) if remote is None else ask_remotely(wanted, remote)
    write_answer(asyncio.run(asked), form, output)
