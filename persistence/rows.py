"""Some rows of a data collection, as its table holds them in one version."""

import polars as pl

from domain.collections import Column, DataCollection, RowsPage
from domain.errors import Unavailable
from domain.upkeep import check_there
from domain.wording import tr
from persistence.frames.kinds import column_of, plain
from persistence.tables import Tables


def read_rows(
    tables: Tables, collection: DataCollection, *, offset: int, limit: int, version: int | None = None
) -> RowsPage:
    """Rows `offset` to `offset + limit` in the table's own order; NaN is None. Blocks: call it from a worker thread.

    A collection that nothing was ingested into has no columns and no rows. Without a `version` it is the one that
    the document names.

    Raises:
        NotFound: for a version that there is not, or that no ingest has completed.
        Unavailable: when the storage does not answer.
    """
    wanted = collection.table_version if version is None else version
    if wanted is None:
        return RowsPage((), [], offset, 0)
    check_there(collection, wanted)
    frame = tables.scan(collection.table_path, wanted)
    try:
        schema = frame.collect_schema()
        cleaned = [expression for name, dtype in schema.items() if (expression := plain(name, dtype)) is not None]
        rows = frame.slice(offset, limit).with_columns(cleaned).collect().to_dicts()
        total = collection.rows if version is None else int(frame.select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise Unavailable(
            tr("The table of {tag!r} cannot be read: {error}", tag=collection.tag, error=error)
        ) from error
    return RowsPage(_columns(collection, schema), rows, offset, total)


def _columns(collection: DataCollection, schema: pl.Schema) -> tuple[Column, ...]:
    """The columns of that version; what the collection says of them today is kept."""
    return tuple(
        column_of(name, dtype, known.description, known.unit)
        if (known := collection.column(name))
        else column_of(name, dtype)
        for name, dtype in schema.items()
    )
