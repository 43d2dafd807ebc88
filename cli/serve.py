"""`depictio serve`: the server, until it is told to stop."""

from typing import TYPE_CHECKING

import click

from cli.environment import read_settings
from cli.failures import unusable

if TYPE_CHECKING:
    from services.system import Services


@click.command("serve")
@click.option("--host", help="The address to listen on; DEPICTIO_HOST otherwise.")
@click.option("--port", type=click.IntRange(1, 65_535), help="The port to listen on; DEPICTIO_PORT otherwise.")
def serve_command(host: str | None, port: int | None) -> None:
    """Serve pages, dashboards and the REST interface until the process is told to stop."""
    import msgspec  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from web.server import serve  # noqa: PLC0415

    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = msgspec.structs.replace(read_settings(), **given)
    with unusable():
        serve(settings, on_ready=announce)


def announce(services: "Services") -> None:
    """Say where the server is, and at the very first start how to sign in."""
    click.echo(f"Depictio is at {services.settings.address}")
    if services.first_password:
        click.echo(f"Sign in as {services.settings.admin_email} with the password {services.first_password}")
        click.echo("It is shown only this once; change it under Profile.")
