"""`depictio completion`: a script with which a shell completes commands, options and their choices."""

import click

VARIABLE = "_DEPICTIO_COMPLETE"
"""By which the script asks this program what fits; click answers before any command is run."""


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), metavar="SHELL")
def completion(shell: str) -> None:
    """Print what lets a shell complete commands and options: eval "$(depictio completion bash)"."""
    from click.shell_completion import get_completion_class  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from cli.main import main  # noqa: PLC0415 -- it knows this module.

    found = get_completion_class(shell)
    if found is None:
        raise click.BadParameter(f"{shell} is not known", param_hint="SHELL")
    click.echo(found(main, {}, "depictio", VARIABLE).source())
