"""`depictio token`: the API tokens of an account on a server."""

import click

from cli.login import SCOPES
from cli.server_options import Server, server_of, server_options


@click.group()
def token() -> None:
    """List, make and revoke the API tokens of your account on a server.

    The token that asks needs the scope admin: `depictio login --scope admin`.
    """


@token.command("list")
@server_options("The server.")
def list_tokens(server: str | None, token: str | None) -> None:
    """List your API tokens: id, name, scopes, how they end, when they expire, and when they were last used."""
    import asyncio  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from cli.accounts import tokens  # noqa: PLC0415

    for one in asyncio.run(tokens(*_server(server, token))):
        used = "never used" if one.last_used_at is None else f"used {one.last_used_at:%Y-%m-%d %H:%M}"
        click.echo("\t".join((one.id, one.name, ",".join(one.scopes), one.hint, f"{one.expires_at:%Y-%m-%d}", used)))


@token.command()
@click.argument("name")
@click.option("--scope", "scopes", type=click.Choice(SCOPES), multiple=True, required=True, help="Repeatable.")
@click.option("--days", type=click.IntRange(1, 366), default=90, help="How long it holds; 90 days otherwise.")
@server_options("The server.")
def create(name: str, scopes: tuple[str, ...], days: int, server: str | None, token: str | None) -> None:
    """Make an API token called NAME and print it: it is shown this once."""
    import asyncio  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from cli.accounts import create as make  # noqa: PLC0415

    click.echo(asyncio.run(make(*_server(server, token), name, scopes, days)))


@token.command()
@click.argument("wanted", metavar="ID")
@server_options("The server.")
def revoke(wanted: str, server: str | None, token: str | None) -> None:
    """End the API token with this ID, or with this name when only one has it."""
    import asyncio  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from cli.accounts import revoke as end  # noqa: PLC0415
    from cli.accounts import tokens  # noqa: PLC0415
    from cli.ways import chosen  # noqa: PLC0415

    there = _server(server, token)
    names = {one.id: one.name for one in asyncio.run(tokens(*there))}
    token_id = chosen(wanted, names, "token")
    asyncio.run(end(*there, token_id))
    click.echo(f"The token {names[token_id]} has ended.")


def _server(server: str | None, token: str | None) -> Server:
    there = server_of(server, token)
    if there is None:
        raise click.UsageError("--server is missing.")
    return there
