"""Parquet files as a table takes them up: each is written in one pass that counts its rows too."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from persistence.facts import TECHNICAL, Facts, counted, facts_of

ROW_GROUP = 250_000
"""Rows that lie together: a reader of some rows passes over the other groups."""
PART_BYTES = 128 * 2**20
"""How many bytes of small files go into one part."""
MOST_STATISTICS = 32
"""As Delta has it: of the first so many columns the log says what they hold."""


class Part(msgspec.Struct, frozen=True, eq=False):
    """A Parquet file on this machine that no table has yet."""

    path: Path
    schema: pl.Schema
    facts: Facts


def write_part(rows: pl.LazyFrame, path: Path, columns: Sequence[str] | None = None) -> Part:
    """Write the rows, in their order, without ever holding many of them. The facts are also of columns left out.

    Raises:
        PolarsError: when they cannot be read.
    """
    schema = rows.collect_schema()
    written = rows.select(columns) if columns is not None else rows
    sink = written.sink_parquet(
        path, compression="zstd", compression_level=1, row_group_size=ROW_GROUP, maintain_order=True, lazy=True
    )
    _, facts = pl.collect_all([sink, rows.select(counted(schema))], engine="streaming")
    return Part(path, written.collect_schema(), facts_of(facts))


def fitted(part: Part, schema: pl.Schema) -> Part:
    """The part with exactly this schema: itself, or written anew beside it with wider types and missing columns."""
    if list(part.schema.items()) == list(schema.items()):
        return part
    rows = pl.scan_parquet(part.path, glob=False, hive_partitioning=False)
    return write_part(rows.select(as_stored(part.schema, schema)), part.path.with_suffix(".fitted"))


def as_stored(there: pl.Schema, schema: pl.Schema) -> list[pl.Expr]:
    """What to select from rows that have the columns `there` to have them in `schema`."""
    columns = {name: pl.col(name) if name in there else pl.lit(None) for name in schema}
    return [column.cast(schema[name]).alias(name) for name, column in columns.items()]


def combined(frames: Iterable[pl.DataFrame], most: int) -> Iterator[pl.DataFrame]:
    """The same rows in the same order, small frames joined up to `most` bytes."""
    waiting: list[pl.DataFrame] = []
    size = 0
    for frame in frames:
        if waiting and size + frame.estimated_size() > most:
            yield pl.concat(waiting, rechunk=True)
            waiting, size = [], 0
        waiting.append(frame)
        size += int(frame.estimated_size())
    if waiting:
        yield pl.concat(waiting, rechunk=True)


def statistics(part: Part) -> str:
    """What the log says of the part, as the protocol of Delta wants it: readers pass over files by it.

    Of a column with NaN or infinities it says no limits, because readers do not agree where these lie.
    """
    facts = part.facts
    plain = [name for name, dtype in part.schema.items() if not dtype.is_nested()]
    told = {*plain[:MOST_STATISTICS], *(name for name in TECHNICAL if name in plain)}
    limited = [name for name in facts.lowest if name in told and not facts.is_special(name)]
    said: dict[str, Any] = {
        "numRecords": facts.rows,
        "minValues": {name: facts.lowest[name] for name in limited},
        "maxValues": {name: facts.highest[name] for name in limited},
        "nullCount": {name: facts.missing[name] for name in plain if name in told},
    }
    return json.dumps(said, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
