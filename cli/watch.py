"""`depictio watch`: ingest runs as they complete, directly or through a running server."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.environment import environment, read_settings
from cli.failures import FAILED
from cli.server_options import server_of, server_options
from cli.variables import variable_option, variables_of

if TYPE_CHECKING:
    from cli.watching import Event, Ingest, Watcher
    from domain.ingests import CollectionReport

MARKER = ".depictio-complete"
ERRORS = ("failed", "retrying")


@click.command()
@click.argument("project_file", type=click.Path(path_type=Path))
@variable_option
@click.option("--marker", metavar="PATTERN", default=MARKER, help=f"A file that says so in a run; {MARKER} otherwise.")
@click.option(
    "--quiet",
    type=click.FloatRange(0),
    default=60,
    help="A run is complete after so many seconds without a change; 60 otherwise, 0 waits for markers only.",
)
@click.option("--poll", type=click.FloatRange(0.1), default=10, help="Look every so many seconds; 10 otherwise.")
@click.option("--once", is_flag=True, help="Look once, ingest what is complete, and end.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")
@server_options("A running server to send the data to.")
@click.pass_context
def watch(
    ctx: click.Context,
    project_file: Path,
    variables: tuple[str, ...],
    marker: str,
    quiet: float,
    poll: float,
    once: bool,  # noqa: FBT001 -- click passes flags by name.
    as_json: bool,  # noqa: FBT001
    server: str | None,
    token: str | None,
) -> None:
    """Watch the runs of PROJECT_FILE and ingest each when it is complete, until the command is told to stop.

    A run is complete when its folder has a marker file, or when nothing in it changes for a while. One that fails is
    named, and tried again when it changes; the others go on without it. Without --server this works directly on the
    data directory, which it uses only while it ingests.
    """
    import asyncio  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from cli.watching import Options, Watcher  # noqa: PLC0415

    tell = _tell_json if as_json else _tell
    options = Options(marker=marker, quiet=quiet, poll=poll, once=once)
    ingest = _ingest(server, token)
    watcher = Watcher(project_file, variables_of(variables), environment(), options, ingest, tell)
    asyncio.run(_until_told(watcher))
    if once and watcher.has_failed:
        ctx.exit(FAILED)


def _ingest(server: str | None, token: str | None) -> "Ingest":
    from collections.abc import Collection  # noqa: PLC0415 -- loaded when called, for a fast --help.

    from cli.ingest import Result, ingest_directly, ingest_remotely  # noqa: PLC0415
    from cli.progress import Progress  # noqa: PLC0415
    from services.project_files import ProjectFile  # noqa: PLC0415

    remote = server_of(server, token)
    settings = read_settings() if remote is None else None

    async def ingest(file: ProjectFile, held: Collection[str], is_stopped: Callable[[], bool]) -> Result:
        progress = Silent(None)
        if remote is not None:
            return await ingest_remotely(file, environment(), *remote, progress, held, is_stopped)
        if settings is None:
            raise ValueError("Either a server or settings are needed.")
        result = await ingest_directly(file, environment(), settings, progress, held, is_stopped)
        if result.first_password is not None:
            whose = f"The first administrator is {result.admin_email} with the password {result.first_password}"
            click.echo(whose, err=True)
        return result

    class Silent(Progress):
        """A watch says what came of an ingest, not how far it is."""

        def finish(self, tag: str, outcome: str) -> None:
            """Say nothing."""

    return ingest


async def _until_told(watcher: "Watcher") -> None:
    """Stop at the end of what is being ingested at SIGTERM or Ctrl-C; at the second one, at once."""
    import asyncio  # noqa: PLC0415 -- loaded when called, for a fast --help.
    import signal  # noqa: PLC0415

    watching = asyncio.ensure_future(watcher.run())

    def told() -> None:
        if watcher.stop.is_set():
            watching.cancel()
        watcher.stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told)
    try:
        await watching
    except asyncio.CancelledError:
        click.echo("Stopped at once; what was being ingested is as it was before.", err=True)


def _tell(event: "Event") -> None:
    """One line for the event and one for each collection that changed; failures go to standard error."""
    is_error = event.kind in ERRORS
    named = ", ".join(event.runs)
    text = f"{named}: {event.message}" if named and event.message else named or event.message
    click.echo(f"{event.at:%Y-%m-%dT%H:%M:%SZ}\t{event.kind}\t{text}".rstrip(), err=is_error)
    for problem in event.problems:
        click.echo(f"  {problem}", err=is_error)
    for report in event.reports:
        if report.outcome != "unchanged":
            click.echo(f"  {_line(report)}")


def _line(report: "CollectionReport") -> str:
    files = f"{report.new} new, {report.changed} changed, {report.vanished} vanished files"
    return f"{report.workflow}.{report.tag}: {files}, {report.rows} rows, version {report.table_version}"


def _tell_json(event: "Event") -> None:
    import msgspec  # noqa: PLC0415 -- loaded when called, for a fast --help.

    click.echo(msgspec.json.encode(event).decode())
