"""Frames as files: CSV that no spreadsheet takes for formulas, and Parquet."""

from collections.abc import Generator, Iterator
from typing import IO

import polars as pl
from polars.io.plugins import register_io_source

from persistence.frames.exports import Export

RISKY = r"^[=+\-@\t\r]"
NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
"""Spreadsheets take text that begins so for a formula, unless it is a number; see OWASP, "CSV Injection"."""


def csv(export: Export) -> Generator[bytes]:
    """The rows as CSV in UTF-8, in pieces; the first has the heading. Missing values are empty."""
    heading = export.empty.rename({name: _guarded_name(name) for name in export.empty.columns})
    yield heading.write_csv().encode()
    for batch in export.batches():
        yield guarded(batch).write_csv(include_header=False).encode()


def guarded(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with an apostrophe before each text that a spreadsheet would take for a formula."""
    return rows.with_columns(
        pl.when(pl.col(name).str.contains(RISKY) & ~pl.col(name).str.contains(NUMBER))
        .then(pl.concat_str(pl.lit("'"), pl.col(name)))
        .otherwise(pl.col(name))
        .alias(name)
        for name, dtype in rows.schema.items()
        if dtype == pl.String
    )


def _guarded_name(name: str) -> str:
    found: str = guarded(pl.DataFrame({"name": [name]})).item()
    return found


def parquet(export: Export, file: IO[bytes]) -> None:
    """Write the rows into the file, batch by batch."""

    def read(
        names: list[str] | None, predicate: pl.Expr | None, limit: int | None, _: int | None
    ) -> Iterator[pl.DataFrame]:
        assert predicate is None, predicate  # noqa: S101 -- nothing is filtered here.
        assert limit is None, limit  # noqa: S101
        for batch in export.batches():
            yield batch if names is None else batch.select(names)

    source = register_io_source(read, schema=export.empty.schema)
    source.sink_parquet(file, compression="zstd", engine="streaming")
