"""`depictio migrate` and `depictio doctor`: for the operator, on the machine of an installation."""

import click

from cli.environment import read_settings
from cli.failures import FAILED, Stopped
from cli.printing import json_option, print_json, print_rows


@click.group()
def migrate() -> None:
    """Show and run the migrations of the documents; a server that starts runs them itself."""


@migrate.command()
@json_option
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:  # noqa: FBT001 -- as click gives it.
    """List the migrations and when each ran; the exit code is 1 when one is still to run."""
    import asyncio  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from services.migrating import state  # noqa: PLC0415

    found = asyncio.run(state(read_settings()))
    if as_json:
        print_json(found)
    else:
        lines = [(one.name, "pending" if one.ran_at is None else f"{one.ran_at:%Y-%m-%d %H:%M}") for one in found]
        print_rows(("migration", "ran"), lines)
    if any(one.ran_at is None for one in found):
        ctx.exit(FAILED)


@migrate.command("apply")
@json_option
def apply_pending(as_json: bool) -> None:  # noqa: FBT001
    """Run the migrations that are still to run; they go forward only, so make a backup first."""
    import asyncio  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from services.migrating import apply  # noqa: PLC0415

    ran = asyncio.run(apply(read_settings()))
    if as_json:
        print_json(ran)
        return
    for name in ran:
        click.echo(name)
    click.echo(f"{len(ran)} ran." if ran else "Nothing is to be done.", err=True)


@click.command()
@click.option("--remove-orphans", is_flag=True, help="Remove tables and images that belong to no data collection.")
@json_option
@click.pass_context
def doctor(ctx: click.Context, remove_orphans: bool, as_json: bool) -> None:  # noqa: FBT001
    """Look at every part that a site needs, and say what is wrong and what helps.

    The exit code is 1 when something is broken, and 0 when there are warnings only. A server may run meanwhile.
    """
    import asyncio  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from domain.checkups import State, broken, is_well  # noqa: PLC0415
    from services import checkups  # noqa: PLC0415

    try:
        settings = read_settings()
    except Stopped as error:
        remedy = "Correct the environment variable; docs/settings.md has them all."
        found = [broken("settings", str(one), remedy) for one in error.failure.problems]
    else:
        if remove_orphans:
            for folder, size in asyncio.run(checkups.remove_orphans(settings)).items():
                click.echo(f"removed {folder}: {size} bytes", err=True)
        found = asyncio.run(checkups.examine(settings))
    if as_json:
        print_json(found)
    else:
        print_rows(("check", "state", "what was found", "remedy"), [
            (one.name, one.state, one.message, one.remedy) for one in found
        ])  # fmt: skip
    if not is_well(found):
        wrong = sum(one.state is State.BROKEN for one in found)
        click.echo(f"{wrong} of {len(found)} checks found something broken.", err=True)
        ctx.exit(FAILED)
