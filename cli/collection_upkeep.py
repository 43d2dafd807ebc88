"""`depictio collection restore`, `optimize` and `vacuum`: the upkeep of tables."""

from typing import TYPE_CHECKING

import click

from cli.desk_options import at_desk
from cli.printing import json_option, print_json
from cli.server_options import server_options

if TYPE_CHECKING:
    from cli.desks import Desk
    from domain.upkeep import Optimizing, Restoring, Vacuuming

KIBI = 1024


@click.command("restore")
@click.argument("project")
@click.argument("wanted", metavar="COLLECTION")
@click.argument("version", type=int)
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@server_options("A running server whose tables are meant.")
def restore_version(
    project: str,
    wanted: str,
    version: int,
    dry_run: bool,  # noqa: FBT001 -- as click gives it.
    yes: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
    server: str | None,
    token: str | None,
) -> None:
    """Make the table of COLLECTION what it was in VERSION, as a new version."""
    from cli.desks import collection_of  # noqa: PLC0415 -- loaded when called, for a fast --help.

    async def question(desk: "Desk") -> "Restoring":
        collection = await collection_of(desk, project, wanted)
        if dry_run:
            return await desk.restore(collection, version, dry_run=True)
        if not yes:
            click.echo(_restoring(await desk.restore(collection, version, dry_run=True)), err=True)
            click.confirm(f"Restore version {version} of {wanted}?", abort=True, err=True)
        return await desk.restore(collection, version, dry_run=False)

    found = at_desk(server, token, question)
    if as_json:
        print_json(found)
    elif dry_run:
        click.echo(_restoring(found))
    else:
        click.echo(f"Version {version} is restored, as version {found.table_version}.")


@click.command("optimize")
@click.argument("project")
@click.argument("wanted", metavar="COLLECTION")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@json_option
@server_options("A running server whose tables are meant.")
def optimize(
    project: str,
    wanted: str,
    dry_run: bool,  # noqa: FBT001 -- as click gives it.
    as_json: bool,  # noqa: FBT001
    server: str | None,
    token: str | None,
) -> None:
    """Put the small files of COLLECTION's table together; rows and their order stay."""
    from cli.desks import collection_of  # noqa: PLC0415 -- loaded when called, for a fast --help.

    async def ask(desk: "Desk") -> "Optimizing":
        return await desk.optimize(await collection_of(desk, project, wanted), dry_run=dry_run)

    found = at_desk(server, token, ask)
    if as_json:
        print_json(found)
        return
    if not found.files:
        click.echo("There are no small files: nothing is to be done.")
        return
    will = "would become" if dry_run else "became"
    made = "" if found.table_version is None else f", in version {found.table_version}"
    click.echo(f"{found.files} small files ({_size(found.bytes)}) {will} {found.into}{made}.")


@click.command("vacuum")
@click.argument("project")
@click.argument("wanted", metavar="COLLECTION")
@click.option("--retention", default="7d", help="Keep what was replaced less than that ago: 36h, 7d, 2w; 7d otherwise.")
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@json_option
@server_options("A running server whose tables are meant.")
def vacuum(
    project: str,
    wanted: str,
    retention: str,
    dry_run: bool,  # noqa: FBT001 -- as click gives it.
    as_json: bool,  # noqa: FBT001
    server: str | None,
    token: str | None,
) -> None:
    """Remove the files that only old versions of COLLECTION's table need, but for versions that are pinned."""
    from cli.desks import collection_of  # noqa: PLC0415 -- loaded when called, for a fast --help.

    async def ask(desk: "Desk") -> "Vacuuming":
        return await desk.vacuum(await collection_of(desk, project, wanted), retention, dry_run=dry_run)

    found = at_desk(server, token, ask)
    if as_json:
        print_json(found)
        return
    did = "would be removed" if dry_run else "were removed"
    click.echo(f"{found.files} files ({_size(found.bytes)}) {did}.")
    if found.versions:
        click.echo(f"Not to be read any more: version {', '.join(map(str, found.versions))}.")
    if found.pinned:
        click.echo(f"Kept, because dashboards are pinned to it: version {', '.join(map(str, found.pinned))}.")


def _restoring(found: "Restoring") -> str:
    lines = [
        f"A new version has the rows of version {found.version}: {found.rows} instead of {found.rows_now}.",
        f"{found.rows_added} rows come back and {found.rows_removed} go.",
        _named("Columns that come back", [column.name for column in found.columns_added]),
        _named("Columns that go", [column.name for column in found.columns_removed]),
        _named("Files that count as new or changed at the next ingest", found.files_again),
        _named("Joins that are made anew", found.joins),
    ]
    return "\n".join(line for line in lines if line)


def _named(what: str, names: "list[str] | tuple[str, ...]") -> str:
    return f"{what}: {', '.join(names)}." if names else ""


def _size(count: int) -> str:
    """Bytes for people."""
    size, unit = float(count), "B"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if size < KIBI:
            break
        size, unit = size / KIBI, larger
    return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
