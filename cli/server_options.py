"""The options of commands that work on the data directory, or through a running server."""

from collections.abc import Callable
from typing import NamedTuple

import click

from cli.credentials import normal, read
from cli.environment import SERVER, TOKEN, credentials_path
from domain.errors import Unauthenticated

Command = Callable[..., None]


class Server(NamedTuple):
    """A running server, and an access token of it."""

    url: str
    token: str


def server_options(purpose: str) -> Callable[[Command], Command]:
    """Add `--server`, whose help says the purpose, and `--token`."""
    server = click.option("--server", metavar="URL", envvar=SERVER, help=purpose)
    token = click.option(
        "--token", metavar="TOKEN", envvar=TOKEN, help="A token of that server; of `depictio login` otherwise."
    )
    return lambda command: server(token(command))


def server_of(server: str | None, token: str | None) -> Server | None:
    """The server that was named, with the token that was given or that `depictio login` keeps.

    None means the data directory.

    Raises:
        click.UsageError: when there is a token and no server.
        Unauthenticated: when there is no token of the server.
    """
    if server is not None and token is not None:
        return Server(server, token)
    if server is None and token is None:
        return None
    if server is None:
        raise click.UsageError(f"--server (or {SERVER}) is missing; the two belong together.")
    kept = read(credentials_path()).servers.get(normal(server))
    if kept is None:
        raise Unauthenticated(
            f"You are not signed in to {server}. Sign in once with `depictio login --server {server}`, or give --token"
            f" (or {TOKEN})."
        )
    return Server(server, kept.token)
