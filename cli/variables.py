"""The variables of templates, as the command line takes them."""

from collections.abc import Iterable

import click

variable_option = click.option(
    "--var",
    "variables",
    multiple=True,
    metavar="NAME=VALUE",
    help="A variable of the project file, in place of {NAME}; can be given several times.",
)


def variables_of(written: Iterable[str]) -> dict[str, str]:
    """The values by name.

    Raises:
        BadParameter: for one without a name, or given twice.
    """
    values: dict[str, str] = {}
    for text in written:
        name, sign, value = text.partition("=")
        if not sign or not name.isidentifier():
            raise click.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="--var")
        if name in values:
            raise click.BadParameter(f"{name} is given twice", param_hint="--var")
        values[name] = value
    return values
