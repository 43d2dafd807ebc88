"""`depictio login` and `depictio logout`: a token of a server, kept for the commands that follow."""

import sys
from urllib.parse import urlsplit

import click

from cli.environment import SERVER, credentials_path
from cli.printing import json_option, print_json

LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
SCOPES = ("read", "ingest", "admin")


@click.command()
@click.option("--server", metavar="URL", envvar=SERVER, required=True, help="The server to sign in to.")
@click.option("--email", metavar="EMAIL", help="The address of your account; asked for otherwise.")
@click.option("--name", default="command line", help="What the token is called; 'command line' otherwise.")
@click.option(
    "--scope", "scopes", type=click.Choice(SCOPES), multiple=True, help="What it may; read and ingest otherwise."
)
@click.option("--days", type=click.IntRange(1, 366), default=90, help="How long it holds; 90 days otherwise.")
@click.option("--with-token", is_flag=True, help="Keep a token that was made in the browser; it is asked for.")
@json_option
def login(
    server: str, email: str | None, name: str, scopes: tuple[str, ...], days: int, *, with_token: bool, as_json: bool
) -> None:
    """Sign in to a server and keep a token of it for later commands.

    The password is asked for, never kept, and given to the server once. Without a terminal it is read from standard
    input, as is the token with --with-token.
    """
    import asyncio  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from cli import credentials  # noqa: PLC0415
    from cli.accounts import made_token, whose  # noqa: PLC0415

    _warn_of_plain_http(server)
    if with_token:
        token = _secret("Token")
        address = asyncio.run(whose(server, token))
    else:
        address = email or click.prompt("E-mail address", err=True)
        wanted = scopes or ("read", "ingest")
        token = asyncio.run(made_token(server, address, _secret("Password"), name, wanted, days))
    path = credentials_path()
    kept = credentials.with_login(credentials.read(path), server, credentials.Login(token, address))
    credentials.keep(path, kept)
    url = credentials.normal(server)
    if as_json:
        print_json({"server": url, "email": address, "credentials": str(path)})
    else:
        click.echo(f"Signed in to {url} as {address}. The token is in {path}.")


@click.command()
@click.option("--server", metavar="URL", envvar=SERVER, help="The server to sign out of; the only one otherwise.")
@json_option
def logout(server: str | None, *, as_json: bool) -> None:
    """End the token that `depictio login` has kept, on the server and here."""
    import asyncio  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from cli import credentials  # noqa: PLC0415
    from cli.accounts import give_back  # noqa: PLC0415
    from domain.errors import Unauthenticated, Unavailable  # noqa: PLC0415

    path = credentials_path()
    kept = credentials.read(path)
    url = credentials.normal(server) if server else _only(list(kept.servers))
    if url not in kept.servers:
        raise click.UsageError(f"You are not signed in to {url}.")
    try:
        asyncio.run(give_back(url, kept.servers[url].token))
    except Unauthenticated:
        click.echo("The token had ended already.", err=True)
    except Unavailable as error:
        click.echo(f"{error.message} The token holds there until it expires or is revoked under Profile.", err=True)
    credentials.keep(path, credentials.without_login(kept, url))
    if as_json:
        print_json({"server": url})
    else:
        click.echo(f"Signed out of {url}.")


def _only(servers: list[str]) -> str:
    if len(servers) != 1:
        known = f"; one of {', '.join(sorted(servers))}" if servers else ""
        raise click.UsageError(f"--server is missing{known}.")
    return servers[0]


def _secret(what: str) -> str:
    """What is typed without being shown, or comes through a pipe."""
    if sys.stdin.isatty():
        return str(click.prompt(what, hide_input=True, err=True))
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise click.UsageError(f"{what}: nothing came through standard input.")
    return line


def _warn_of_plain_http(server: str) -> None:
    address = urlsplit(server)
    if address.scheme == "http" and address.hostname not in LOCAL:
        click.echo("Warning: http:// sends your password and token in the clear; use https://.", err=True)
