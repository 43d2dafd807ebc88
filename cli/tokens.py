"""`depictio token`: the API tokens of an account on a server."""

import click

from cli.login import SCOPES
from cli.printing import json_option, print_json, print_rows
from cli.server_options import Server, server_of, server_options


@click.group()
def token() -> None:
    """List, make and revoke the API tokens of your account on a server.

    The token that asks needs the scope admin: `depictio login --scope admin`.
    """


@token.command("list")
@json_option
@server_options("The server.")
def list_tokens(as_json: bool, server: str | None, token: str | None) -> None:  # noqa: FBT001 -- as click gives it.
    """List your API tokens: id, name, scopes, how they end, when they expire, and when they were last used."""
    import asyncio  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from cli.accounts import tokens  # noqa: PLC0415

    found = asyncio.run(tokens(*_server(server, token)))
    if as_json:
        print_json(found)
        return
    lines = []
    for one in found:
        used = "never used" if one.last_used_at is None else f"used {one.last_used_at:%Y-%m-%d %H:%M}"
        lines.append((one.id, one.name, ",".join(one.scopes), one.hint, f"{one.expires_at:%Y-%m-%d}", used))
    print_rows(("id", "name", "scopes", "ends in", "expires", "used"), lines)


@token.command()
@click.argument("name")
@click.option("--scope", "scopes", type=click.Choice(SCOPES), multiple=True, required=True, help="Repeatable.")
@click.option("--days", type=click.IntRange(1, 366), default=90, help="How long it holds; 90 days otherwise.")
@json_option
@server_options("The server.")
def create(
    name: str,
    scopes: tuple[str, ...],
    days: int,
    as_json: bool,  # noqa: FBT001
    server: str | None,
    token: str | None,
) -> None:
    """Make an API token called NAME and print it: it is shown this once."""
    import asyncio  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from cli.accounts import create as make  # noqa: PLC0415

    secret = asyncio.run(make(*_server(server, token), name, scopes, days))
    if as_json:
        print_json({"name": name, "token": secret})
    else:
        click.echo(secret)


@token.command()
@click.argument("wanted", metavar="ID")
@json_option
@server_options("The server.")
def revoke(wanted: str, as_json: bool, server: str | None, token: str | None) -> None:  # noqa: FBT001
    """End the API token with this ID, or with this name when only one has it."""
    import asyncio  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from cli.accounts import revoke as end  # noqa: PLC0415
    from cli.accounts import tokens  # noqa: PLC0415
    from cli.ways import chosen  # noqa: PLC0415

    there = _server(server, token)
    names = {one.id: one.name for one in asyncio.run(tokens(*there))}
    token_id = chosen(wanted, names, "token")
    asyncio.run(end(*there, token_id))
    if as_json:
        print_json({"id": token_id, "name": names[token_id]})
    else:
        click.echo(f"The token {names[token_id]} has ended.")


def _server(server: str | None, token: str | None) -> Server:
    there = server_of(server, token)
    if there is None:
        raise click.UsageError("--server is missing.")
    return there
