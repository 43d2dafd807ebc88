"""The options of commands that work on the data directory, or through a running server."""

from collections.abc import Callable
from typing import NamedTuple

import click

from cli.environment import SERVER, TOKEN

Command = Callable[..., None]


class Server(NamedTuple):
    """A running server, and an access token of it."""

    url: str
    token: str


def server_options(purpose: str) -> Callable[[Command], Command]:
    """Add `--server`, whose help says the purpose, and `--token`."""
    server = click.option("--server", metavar="URL", envvar=SERVER, help=purpose)
    token = click.option("--token", metavar="TOKEN", envvar=TOKEN, help="An access token of that server.")
    return lambda command: server(token(command))


def server_of(server: str | None, token: str | None) -> Server | None:
    """The server that was named, None for the data directory.

    Raises:
        click.UsageError: when one of the two is missing.
    """
    if server is not None and token is not None:
        return Server(server, token)
    if server is None and token is None:
        return None
    missing = f"--token (or {TOKEN})" if token is None else f"--server (or {SERVER})"
    raise click.UsageError(f"{missing} is missing; the two belong together.")
