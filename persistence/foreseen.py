"""Large text files read by the types that their first rows have; inferring from every row takes ten times as long."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from persistence.facts import Facts
from persistence.spellings import spelt_as_text

INFERRED_FROM = 10_000
"""So many rows say what types the columns of a large text file have, unless a later row does not fit."""
LARGE_FILE = 2**20
"""Bytes from which that is worth it."""


class Foreseen(msgspec.Struct, frozen=True, eq=False):
    """The rows of a text file by the types of its first rows, which later ones may disprove."""

    rows: pl.LazyFrame
    schema: pl.Schema

    def empty(self, first: pl.DataFrame) -> tuple[str, ...]:
        """The columns that have no value in these first rows: they are read as text for want of anything better."""
        counts = zip(first.columns, first.null_count().row(0), strict=True)
        return tuple(name for name, count in counts if count == first.height and self.schema[name] == pl.String)


def foreseen(path: Path, options: Mapping[str, Any], overrides: Mapping[str, pl.DataType]) -> Foreseen | None:
    """The file by the types of its first rows; None when it is small, or its options say how types are found.

    Raises:
        PolarsError: when the first rows cannot be read.
    """
    decides = options["infer_schema_length"] is not None or options.get("try_parse_dates")
    if decides or options.get("decimal_comma") or path.stat().st_size < LARGE_FILE:
        return None

    return _by(path, {**options, "infer_schema_length": INFERRED_FROM}, overrides)


def looked_through(path: Path, options: Mapping[str, Any], overrides: Mapping[str, pl.DataType]) -> Foreseen:
    """The file by the types that all its rows have, or as many as its options say; it is not held in memory for that.

    Raises:
        PolarsError: when the rows cannot be read.
    """
    return _by(path, options, overrides)


def _by(path: Path, options: Mapping[str, Any], overrides: Mapping[str, pl.DataType]) -> Foreseen:
    def scanned(**more: Any) -> pl.LazyFrame:
        return pl.scan_csv(path, **{**options, **more}, truncate_ragged_lines=False, glob=False)

    schema = scanned(schema_overrides=overrides).collect_schema()
    return Foreseen(scanned(schema_overrides=schema, infer_schema_length=1), schema)


def holds(
    path: Path,
    options: Mapping[str, Any],
    found: Foreseen,
    facts: Facts,
    empty: Iterable[str],
    overrides: Mapping[str, pl.DataType],
) -> bool:
    """Whether the types are those that all rows have, by the facts of the rows that were read so. Blocks.

    `empty` are the columns without a value in the first rows.
    """
    if any(facts.missing[name] < facts.rows for name in empty if name not in overrides):
        return False
    typed = [name for name, dtype in found.schema.items() if dtype != pl.String and name not in overrides]
    gaps = any(facts.missing[name] for name in typed)
    special = any(facts.is_special(name) for name in typed)
    return not typed or not spelt_as_text(path, options, gaps=gaps, special=special)
