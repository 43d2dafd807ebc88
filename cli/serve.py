"""`depictio serve`: the server, until it is told to stop."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from cli.environment import read_settings
from cli.failures import unusable

if TYPE_CHECKING:
    from services.system import Services


def address_options(command: Callable[..., None]) -> Callable[..., None]:
    """Where to listen, for every command that starts the server."""
    host = click.option("--host", help="The address to listen on; DEPICTIO_HOST otherwise.")
    port = click.option("--port", type=click.IntRange(1, 65_535), help="The port; DEPICTIO_PORT otherwise.")
    return host(port(command))


@click.command("serve")
@address_options
def serve_command(**given: str | int | None) -> None:
    """Serve pages, dashboards and the REST interface until the process is told to stop."""
    run_server(show_first_password, given)


def run_server(prepare: "Callable[[Services], Any]", given: dict[str, str | int | None]) -> None:
    """Start the server with the settings and the options that were given; returns when it has stopped."""
    import msgspec  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from web.server import serve  # noqa: PLC0415

    chosen = {name: value for name, value in given.items() if value is not None}
    settings = msgspec.structs.replace(read_settings(), **chosen)
    with unusable():
        serve(settings, prepare=prepare, on_ready=lambda _: click.echo(f"Depictio is at {settings.address}"))


async def show_first_password(services: "Services") -> None:
    """At the very first start, how to sign in: said at once, since nothing can say it again."""
    if services.settings.single_user:
        click.echo("There is no sign-in: whoever uses this machine is the administrator.")
    elif services.first_password:
        click.echo(f"Sign in as {services.settings.admin_email} with the password {services.first_password}")
        click.echo("It is shown only this once; change it under Profile.")
