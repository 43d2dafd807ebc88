"""How tables look on a terminal: numbers to the right, ids in one piece, and few lines where it is narrow."""

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

NARROW = 100
"""Below so many columns lines between the cells would take the room of words."""
ID_LENGTH = 24


def print_table(console: Console, columns: Sequence[str], rows: Sequence[Sequence[str]], title: str = "") -> None:
    """Print rows below their headings; what is too long for its column goes on in the next line."""
    is_narrow = console.width < NARROW
    table = Table(
        title=escape(title) or None,
        box=box.SIMPLE_HEAD if is_narrow else box.HEAVY_HEAD,
        padding=(0, 1, 0, 0) if is_narrow else (0, 1),
    )
    for name, cells in zip(columns, zip(*rows, strict=True) if rows else [()] * len(columns), strict=True):
        table.add_column(
            name,
            justify="right" if cells and all(map(_is_number, cells)) else "left",
            overflow="fold",
            # A part of an id cannot be copied.
            no_wrap=name == "id" and max(map(len, cells), default=0) <= ID_LENGTH,
        )
    for row in rows:
        table.add_row(*map(escape, row))
    console.print(table)


def _is_number(cell: str) -> bool:
    return cell == "-" or cell.replace(",", "").replace(".", "", 1).lstrip("-").isdigit()
