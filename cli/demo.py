"""`depictio demo`: the example projects with a dashboard each, on a server of their own."""

from typing import TYPE_CHECKING

import click

from cli.serve import address_options, run_server, show_first_password

if TYPE_CHECKING:
    from services.system import Services


@click.command("demo")
@address_options
def demo(**given: str | int | None) -> None:
    """Ingest the example projects, give them dashboards and start the server.

    What is there already stays as it is, so a second start changes nothing.
    """
    run_server(prepare, given)


async def prepare(services: "Services") -> None:
    """Print how to sign in, then bring the examples in, as the administrator's own projects."""
    from services.examples import install_examples  # noqa: PLC0415 -- loaded when called, for a fast --help.

    await show_first_password(services)
    administrator = await services.people.user_by_email(services.settings.admin_email)
    await install_examples(services, administrator.actor(), click.echo)
    if not services.first_password:
        which = (
            "that DEPICTIO_ADMIN_PASSWORD gave it" if services.settings.admin_password else "printed at the first start"
        )
        click.echo(f"Sign in as {administrator.email} with the password {which}.")
