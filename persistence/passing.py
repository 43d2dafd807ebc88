"""Large files on their way into a table: written as Parquet while they are read, so that memory holds a few rows."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import polars as pl

from domain.description import TableProperties
from domain.wording import tr
from persistence.facts import TECHNICAL
from persistence.file_faults import Fault
from persistence.foreseen import INFERRED_FROM, Foreseen, foreseen, holds, looked_through
from persistence.parts import Part, write_part
from persistence.table_files import (
    REPLACEMENT,
    casts,
    doubled,
    options_of,
    overrides_of,
    scan_typed,
    schema_of,
)
from persistence.text_tables import has_whole_rows

PASSED_FROM = 8 * 2**20
"""Bytes from which a file is large; smaller ones are held in memory and written together."""
Tell = Callable[[int], None]
ONLY_WHOLE = tr("can be read only as a whole, which says what is wrong with it")


class Passed(Part, frozen=True, eq=False):
    """A part that is one file, whose columns have these types as `domain.schemas` compares them."""

    types: dict[str, str]


def passed(
    path: Path,
    properties: TableProperties,
    added: Mapping[str, str],
    into: Path,
    tell: Tell | None = None,
    check: Callable[[], None] = lambda: None,
) -> Passed | None:
    """Write what `read_table` would return of a large file, with the columns `added`, to the Parquet file `into`.

    `tell` hears again and again of how many rows have been read; what it raises ends the reading. `check` is called
    before the file is read from its beginning, and may raise what ends all of it.

    None for a small file, and where only `read_table` can tell what the file holds or what is wrong with it. Blocks.

    Raises:
        OSError: when the file cannot be read.
    """
    if path.stat().st_size < PASSED_FROM:
        return None
    with suppress(Fault):
        for write in WRITERS.get(properties.format, ()):
            check()
            with suppress(pl.exceptions.PolarsError, pl.exceptions.PanicException):
                part = write(path, properties, added, into, tell)
                if part is not None:
                    return part
    return None


def kept_columns(columns: Sequence[str], properties: TableProperties) -> list[str]:
    """Which of a file's columns go into the table, those that the ingest adds included."""
    wanted = (*properties.kept, *TECHNICAL) if properties.kept else columns
    return [name for name in wanted if name in columns]


def _by_first_rows(
    path: Path, properties: TableProperties, added: Mapping[str, str], into: Path, tell: Tell | None
) -> Passed | None:
    """Text by the types of its first rows; None when a later row disproves them."""
    options, overrides = options_of(properties), overrides_of(properties)
    found = foreseen(path, options, overrides)
    if found is None:
        return None
    part = _text(path, found, properties, added, into, tell)
    empty = found.empty(found.rows.head(INFERRED_FROM).collect())
    return part if holds(path, options, found, part.facts, empty, overrides) else None


def _by_all_rows(
    path: Path, properties: TableProperties, added: Mapping[str, str], into: Path, tell: Tell | None
) -> Passed:
    """Text that is read twice: for its types, then for its values."""
    found = looked_through(path, options_of(properties), overrides_of(properties))
    return _text(path, found, properties, added, into, tell)


def _text(
    path: Path,
    found: Foreseen,
    properties: TableProperties,
    added: Mapping[str, str],
    into: Path,
    tell: Tell | None,
) -> Passed:
    options, overrides = options_of(properties), overrides_of(properties)
    if doubled(found.schema) or any(REPLACEMENT in column for column in found.schema):
        raise Fault(ONLY_WHOLE)
    part = _written(found.rows.with_columns(casts(found.schema, overrides)), properties, added, into, tell)
    width = len(found.schema)
    gaps = width > 1 and part.facts.missing[found.schema.names()[-1]]
    if gaps and not has_whole_rows(path, options, width, part.facts.rows):
        raise Fault(ONLY_WHOLE)  # There are blank lines, or rows that are too short.
    empty = [name for name in found.schema if part.facts.missing[name] == part.facts.rows]
    untyped = {name: "Null" for name in empty if name in part.types and name not in overrides}
    return Passed(part.path, part.schema, part.facts, part.types | untyped)


def _typed(path: Path, properties: TableProperties, added: Mapping[str, str], into: Path, tell: Tell | None) -> Passed:
    rows = scan_typed(path, properties.format)
    return _written(
        rows.with_columns(casts(rows.collect_schema(), overrides_of(properties))), properties, added, into, tell
    )


def _written(
    rows: pl.LazyFrame, properties: TableProperties, added: Mapping[str, str], into: Path, tell: Tell | None
) -> Passed:
    columns = rows.collect_schema().names()
    if any(name in added for name in columns):
        raise Fault(ONLY_WHOLE)
    if tell is not None:
        rows = rows.map_batches(_telling(tell), streamable=True)
    all_rows = rows.with_columns(pl.lit(text).alias(name) for name, text in added.items())
    part = write_part(all_rows, into, kept_columns([*columns, *added], properties))
    own = pl.Schema({name: dtype for name, dtype in part.schema.items() if name not in TECHNICAL})
    return Passed(part.path, part.schema, part.facts, schema_of(own, part.facts))


def _telling(tell: Tell) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Hands the rows on as they are, a few thousand at a time, and counts them."""
    seen = 0

    def hand_on(rows: pl.DataFrame) -> pl.DataFrame:
        nonlocal seen
        seen += rows.height
        tell(seen)
        return rows

    return hand_on


TEXT, TYPED = (_by_first_rows, _by_all_rows), (_typed,)
WRITERS: dict[str, tuple[Callable[..., Passed | None], ...]] = {
    **dict.fromkeys(("csv", "tsv"), TEXT),
    **dict.fromkeys(("parquet", "feather", "arrow"), TYPED),
}
"""By format, in the order in which they are tried; files of other formats are held in memory whole."""
