"""Tables as if they held only the rows that some clauses leave, for whoever may see no others.

Whatever is asked of such a table knows nothing of its other rows: totals, ends of sliders, edges of histograms and the
values on offer are those of the rows that are left. It is read from its files, past the column cache, which has all.
"""

from collections.abc import Mapping
from functools import partial

import msgspec
import polars as pl

from domain.errors import Invalid
from domain.filters import FilterState
from domain.links import Links
from domain.tiles import TableTile
from domain.wording import tr
from persistence.frames.engine import Request
from persistence.frames.shapes import Failure
from persistence.frames.sources import ROW, TableSource


def narrowed(
    clauses: FilterState, sources: Mapping[str, TableSource | Failure], links: Links
) -> dict[str, TableSource | Failure]:
    """The same tables under clauses that reach them as a filter would: directly, and through links.

    A table whose clauses do not hold cannot be opened, and its tiles say why.
    """
    cold: dict[str, TableSource | Failure] = {
        key: msgspec.structs.replace(one, hot=None) if isinstance(one, TableSource) else one
        for key, one in sources.items()
    }
    return {
        key: msgspec.structs.replace(one, open=partial(_open, key, clauses, cold, links))
        if isinstance(one, TableSource)
        else one
        for key, one in cold.items()
    }


def _open(
    collection_id: str, clauses: FilterState, sources: Mapping[str, TableSource | Failure], links: Links
) -> pl.LazyFrame:
    """The rows that are left.

    Raises:
        Invalid: when a clause, or a link that it goes through, does not hold.
    """
    tile = TableTile(id="", collection_id=collection_id)
    rows = Request(clauses, sources, links).rows(tile)
    if isinstance(rows, Failure):
        raise Invalid(tr("The rows that this link shows cannot be found. {message}", message=rows.message))
    return rows.matched.drop(ROW)
