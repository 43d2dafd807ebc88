"""Galleries: the rows that name an image, a page of them."""

from domain.collections import ColumnKind
from domain.image_tile import ImageTile, as_table, named
from domain.wording import tr
from persistence.frames import tables
from persistence.frames.plans import Plan, Rows


def plan(tile: ImageTile, rows: Rows) -> Plan:
    """The first page; `of` counts the rows that name an image.

    Raises:
        Invalid: when a column is unknown, or that of the images holds no text.
    """
    rows.table.column(tile.image_column, ColumnKind.TEXT, use=tr("the images"))
    return tables.plan(as_table(tile), rows, named(tile))
