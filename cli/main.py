"""The command `depictio`: each subcommand is loaded when it is called, so that `--help` answers at once."""

import atexit
import gc
import importlib
import os
import sys
from typing import Any, NamedTuple

import click

from cli.failures import failure_of, show


class Command(NamedTuple):
    place: str
    help: str


COMMANDS = {
    "run": Command("cli.run:run", "Ingest the project that a project file describes."),
    "ingest": Command("cli.run:ingest", "Ingest data collections of a project file: those that are named, or all."),
    "watch": Command("cli.watch:watch", "Watch the runs of a project file and ingest each when it is complete."),
    "scan": Command("cli.scan:scan", "Look for the files of a project file and say how many an ingest would read."),
    "query": Command("cli.query:query", "Print the data of a tile, under filters, as JSON or CSV."),
    "validate": Command("cli.validate:validate", "Check a project file without reading any data."),
    "project": Command("cli.project_commands:project", "List, show and delete projects."),
    "collection": Command(
        "cli.collection_commands:collection",
        "List data collections, show one, read its rows, and look after its table.",
    ),
    "dashboard": Command(
        "cli.dashboard_commands:dashboard",
        "List dashboards, write them as files, check such files, and make dashboards of them.",
    ),
    "user": Command("cli.user_commands:user", "List accounts, open, close and delete them, and say who administers."),
    "login": Command("cli.login:login", "Sign in to a server and keep a token of it for later commands."),
    "logout": Command("cli.login:logout", "End the token that `depictio login` has kept, on the server and here."),
    "token": Command("cli.tokens:token", "List, make and revoke the API tokens of your account on a server."),
    "backup": Command("cli.backup_commands:backup", "Copy the whole site into an archive."),
    "restore": Command("cli.backup_commands:restore", "Make a site of an archive that `depictio backup` has written."),
    "migrate": Command("cli.maintenance_commands:migrate", "Show and run the migrations of the documents."),
    "doctor": Command(
        "cli.maintenance_commands:doctor", "Look at every part that a site needs, and say what is wrong and what helps."
    ),
    "completion": Command("cli.completion:completion", "Print what lets a shell complete commands and options."),
    "serve": Command("cli.serve:serve_command", "Start the server."),
    "demo": Command("cli.demo:demo", "Ingest the example projects, give them dashboards and start the server."),
}

NEW_OBJECTS = (10_000, 20, 20)
"""After so many Python looks for garbage. What a command loads is 175 000 of them, which stay: to look through them as
often as Python would by itself, and once more when it ends, takes a quarter of a second."""
OWNER_ONLY = 0o077
"""What other users of the machine may not do with anything that is written: data, logs, secrets."""

EPILOG = """Exit codes: 0 done; 1 something failed, and is named; 2 the command is used wrongly; 3 the settings,
the data directory, a store or the server cannot be used; 4 not signed in, or not permitted."""


class Commands(click.Group):
    """The commands of `COMMANDS`; failures become one clear line each and an exit code."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].place.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.help) for name, command in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        gc.set_threshold(*NEW_OBJECTS)
        atexit.register(gc.freeze)
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 -- nobody is shown a traceback; unforeseen errors say their type.
            failure = failure_of(error)
            show(failure, sys.stderr)
            ctx.exit(failure.code)


@click.group(cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="depictio")
def main() -> None:
    """Turn the outputs of scientific workflows into shared, interactive dashboards."""
    os.umask(OWNER_ONLY)
