"""Results as a table on a terminal, as lines with tabs elsewhere, and as JSON where that is asked for."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import click

Command = Callable[..., None]


def json_option(command: Command) -> Command:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def print_json(value: object) -> None:
    """Print a value as indented JSON."""
    click.echo(json_text(value), nl=False)


def json_text(value: object) -> str:
    """A value as indented JSON."""
    import msgspec  # noqa: PLC0415 -- loaded when called, for a fast --help.

    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "") -> None:
    """Print a heading and rows."""
    from rich.console import Console  # noqa: PLC0415

    from cli.tables import print_table  # noqa: PLC0415

    console = Console()
    if not console.is_terminal:
        click.echo("\t".join(columns))
        for row in rows:
            click.echo("\t".join(map(shown, row)))
        return
    print_table(console, columns, [[shown(cell) for cell in row] for row in rows], title)


def shown(value: object) -> str:
    """A cell: in one line, `-` where there is nothing."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(str(value).split()) or "-"
