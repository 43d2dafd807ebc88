"""`depictio collection`: list data collections, show one, read its rows, and look after its table."""

from typing import TYPE_CHECKING

import click

from cli.collection_upkeep import optimize, restore_version, vacuum
from cli.desk_options import at_desk
from cli.printing import json_option, print_json, print_rows
from cli.server_options import server_options

if TYPE_CHECKING:
    from cli.desks import Desk
    from domain.collections import DataCollection, RowsPage


@click.group()
def collection() -> None:
    """List data collections, show one, read its rows, and look after its table."""


for command in (restore_version, optimize, vacuum):
    collection.add_command(command)


@collection.command("list")
@click.argument("project")
@json_option
@server_options("A running server to ask.")
def list_collections(project: str, as_json: bool, server: str | None, token: str | None) -> None:  # noqa: FBT001
    """List the data collections of PROJECT, which is its name or id."""
    from cli.desks import project_of  # noqa: PLC0415 -- loaded when called, for a fast --help.

    async def question(desk: "Desk") -> "list[DataCollection]":
        return await desk.collections((await project_of(desk, project)).id)

    found = at_desk(server, token, question)
    if as_json:
        print_json(found)
        return
    lines = [(one.id, f"{one.workflow}.{one.tag}", one.origin, one.kind, one.rows, one.table_version) for one in found]
    print_rows(("id", "collection", "origin", "kind", "rows", "version"), lines)


@collection.command("show")
@click.argument("project")
@click.argument("wanted", metavar="COLLECTION")
@json_option
@server_options("A running server to ask.")
def show_collection(
    project: str,
    wanted: str,
    as_json: bool,  # noqa: FBT001 -- as click gives it.
    server: str | None,
    token: str | None,
) -> None:
    """Show the columns of COLLECTION, which is its tag, `workflow.tag` or id."""
    from cli.desks import collection_of  # noqa: PLC0415 -- loaded when called, for a fast --help.

    found = at_desk(server, token, lambda desk: collection_of(desk, project, wanted))
    if as_json:
        print_json(found)
        return
    print_rows(
        ("column", "type", "kind", "description"),
        [(one.name, one.dtype, one.kind, one.description) for one in found.columns],
    )


@collection.command("rows")
@click.argument("project")
@click.argument("wanted", metavar="COLLECTION")
@click.option("--offset", type=int, default=0, help="How many rows to skip.")
@click.option("--limit", type=int, default=100, help="How many rows, at most 10000; 100 otherwise.")
@click.option("--version", type=int, help="The table version; the one that everybody reads otherwise.")
@json_option
@server_options("A running server to ask.")
def show_rows(
    project: str,
    wanted: str,
    offset: int,
    limit: int,
    version: int | None,
    as_json: bool,  # noqa: FBT001 -- as click gives it.
    server: str | None,
    token: str | None,
) -> None:
    """Print rows of COLLECTION, which is its tag, `workflow.tag` or id."""
    from cli.desks import collection_of  # noqa: PLC0415 -- loaded when called, for a fast --help.

    async def question(desk: "Desk") -> "RowsPage":
        return await desk.rows(await collection_of(desk, project, wanted), offset, limit, version)

    page = at_desk(server, token, question)
    if as_json:
        print_json(page)
        return
    names = [column.name for column in page.columns]
    print_rows(names, [[row[name] for name in names] for row in page.rows])
