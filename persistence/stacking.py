"""Stacking the files of a collection into its Delta table: read what is new, align the columns, commit once."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

import msgspec
import polars as pl

from domain.collections import FILE_COLUMN, RUN_COLUMN
from domain.description import CollectionDescription, TableProperties
from domain.errors import Invalid, Problem
from domain.ingests import FoundFile, Ledger, LedgerFile, Plan
from domain.ingests import plan as planned
from domain.schemas import MAX_PROBLEMS, Schema, unified
from domain.wording import tr, trn
from persistence.expected import expected_rows
from persistence.facts import TECHNICAL, counted, facts_of
from persistence.parts import PART_BYTES, Part, as_stored, combined, fitted, write_part
from persistence.passing import PASSED_FROM, WRITERS, Tell, kept_columns, passed
from persistence.plain_text import plain
from persistence.table_files import DTYPES, read_table, schema_of
from persistence.tables import Change, Tables
from persistence.watching import UNWATCHED, Unwatched, Watch

READ_AT_ONCE = 2
"""While one file waits for the disk or is written to the spool, another is parsed; each is held in memory meanwhile."""
NUMBERS = ("Int", "UInt", "Float")
"""How the names of numeric types begin."""
SPOOL_PREFIX = "ingest-"
LEFTOVER_AFTER = 24 * 60 * 60
"""Seconds after which a spool can only be that of a process that was killed."""
PathOf = Callable[[str], Path]
"""Where the content of a listed file is; it has the listed hash."""
ADDED = {name: pl.String() for name in TECHNICAL}


class _ReadFile(msgspec.Struct, frozen=True):
    """A file whose rows lie in the spool: those of a large one in a part of their own, others in an Arrow file."""

    found: FoundFile
    schema: dict[str, str]
    dtypes: pl.Schema
    rows: int
    spooled: Path
    part: Part | None = None


def read_ledger(tables: Tables, path: str) -> tuple[int | None, Ledger | None]:
    """The newest version of a table and what it was made of; (None, None) when there is no table."""
    found = tables.stored(path)
    if found is None:
        return None, None
    version, stored = found
    return version, msgspec.convert(stored["ledger"], Ledger) if "ledger" in stored else None


def stack(
    tables: Tables,
    path: str,
    collection: CollectionDescription,
    plan: Plan,
    listing: Sequence[FoundFile],
    reading: str,
    path_of: PathOf,
    spool: Path,
    watch: Watch = UNWATCHED,
) -> tuple[int, Ledger]:
    """Bring the table to what the files say, in one commit; the new version and its ledger. Blocks.

    Only new and changed files are read, few at a time, into a folder below `spool`. `watch` is told of each. A table
    that is like that already stays as it is.

    Raises:
        Invalid: naming every file that cannot be read, or whose columns do not fit; then nothing was written.
        Conflict: when the table was changed meanwhile.
        Stopped: when `watch` says so; then nothing was written.
    """
    base, ledger = read_ledger(tables, path)
    if base is not None and ledger is not None and planned(ledger, listing, reading).changes_nothing:
        # A worker of a cluster did this already, and died before it could say so: the rows must not come twice.
        return base, ledger
    found = {file.path: file for file in listing}
    before = {file.path: file for file in ledger.files} if ledger else {}
    _forget_leftovers(spool)
    with tempfile.TemporaryDirectory(prefix=SPOOL_PREFIX, dir=spool) as folder:
        read = _read_all([found[name] for name in plan.needed], collection, path_of, Path(folder), watch)
        kept = [(found[name], before[name], ledger.schemas[before[name].schema]) for name in plan.unchanged if ledger]
        schemas = {file.path: schema for file, _, schema in kept} | {one.found.path: one.schema for one in read}
        columns = unified((name, schemas[name]) for name in sorted(schemas))
        _check_kept_columns(collection.config.dc_specific_properties, columns)
        rows = {file.path: known.rows for file, known, _ in kept} | {one.found.path: one.rows for one in read}
        new_ledger = _ledger(reading, [found[name] for name in sorted(schemas)], schemas, rows)
        schema = _stored_schema(columns, read, tables.schema(path, base) if base is not None else pl.Schema())
        gone = (*plan.changed, *plan.vanished)
        change = Change(
            schema=schema,
            frames=_frames(read, schema),
            parts=lambda: _parts(read, schema, Path(folder)),
            stored={"ledger": msgspec.to_builtins(new_ledger)},
            rows_added=sum(one.rows for one in read),
            rows_removed=sum(before[name].rows for name in gone),
            added=plan.needed,
            replaced=gone,
            replaces_all=not plan.unchanged,
        )
        watch.writing()
        return tables.commit(path, base, change), new_ledger


def refused(
    collection: CollectionDescription, files: Sequence[FoundFile], path_of: PathOf, spool: Path
) -> tuple[Problem, ...]:
    """Why an ingest of these files would fail: each is read as `stack` reads it, and no table is touched. Blocks."""
    with tempfile.TemporaryDirectory(prefix=SPOOL_PREFIX, dir=spool) as folder:
        try:
            read = _read_all(files, collection, path_of, Path(folder))
            columns = unified((one.found.path, one.schema) for one in sorted(read, key=lambda one: one.found.path))
            _check_kept_columns(collection.config.dc_specific_properties, columns)
        except Invalid as error:
            return error.problems or (Problem("", error.message),)
    return ()


def _forget_leftovers(spool: Path) -> None:
    for folder in spool.glob(f"{SPOOL_PREFIX}*"):
        if folder.stat().st_mtime < time.time() - LEFTOVER_AFTER:
            shutil.rmtree(folder, ignore_errors=True)


def _read_all(
    files: Sequence[FoundFile],
    collection: CollectionDescription,
    path_of: PathOf,
    folder: Path,
    watch: Watch = UNWATCHED,
) -> list[_ReadFile]:
    watch.begin(len(files), sum(file.size for file in files))
    read: list[_ReadFile] = []
    problems: list[Problem] = []

    def outcome_of(numbered: tuple[int, FoundFile]) -> _ReadFile | tuple[Problem, ...]:
        number, found = numbered
        watch.check()
        try:
            one = _read(found, collection, path_of(found.path), folder / str(number), watch)
        except Invalid as error:
            return error.problems
        watch.read(found.path, found.size, one.rows)
        return one

    with ThreadPoolExecutor(READ_AT_ONCE, thread_name_prefix="reading") as pool:
        for outcome in pool.map(outcome_of, enumerate(files)):
            if isinstance(outcome, _ReadFile):
                read.append(outcome)
            else:
                problems += outcome
            if len(problems) >= MAX_PROBLEMS:
                pool.shutdown(wait=False, cancel_futures=True)
                break
    if problems:
        message = trn(
            "One file cannot be read; the table stays as it was.",
            "{n} files cannot be read; the table stays as it was.",
            len(problems),
        )
        raise Invalid(message, tuple(problems))
    return read


def _read(found: FoundFile, collection: CollectionDescription, path: Path, spooled: Path, watch: Watch) -> _ReadFile:
    properties = collection.config.dc_specific_properties
    before = _state(path, found.path)
    added = {**found.captures, RUN_COLUMN: found.run, FILE_COLUMN: found.path}
    with plain(path, properties, found.path, spooled.with_suffix(".plain")) as text:
        read = _passed(found, properties, text, added, spooled, watch)
        if read is None:
            watch.check()  # It may have ended for that.
            read = _held(found, properties, text, added, spooled)
    if _state(path, found.path) != before:
        raise Invalid(
            tr("A file changed."), (Problem(found.path, tr("changed while it was read; run the ingest again")),)
        )
    return read


def _passed(
    found: FoundFile,
    properties: TableProperties,
    path: Path,
    added: Mapping[str, str],
    spooled: Path,
    watch: Watch,
) -> _ReadFile | None:
    try:
        part = passed(path, properties, added, spooled, _telling(watch, found, path, properties), watch.check)
    except OSError:
        return None  # Reading it again says why.
    if part is None:
        return None
    own = pl.Schema({name: dtype for name, dtype in part.schema.items() if name not in ADDED})
    return _ReadFile(found, part.types, own, part.facts.rows, spooled, part)


def _telling(watch: Watch, found: FoundFile, path: Path, properties: TableProperties) -> Tell | None:
    """Tells of the parts of a large file; nobody is told of small ones, or when nobody looks."""
    is_large = properties.format in WRITERS and path.stat().st_size >= PASSED_FROM
    if isinstance(watch, Unwatched) or not is_large:
        return None
    try:
        expected = expected_rows(path, properties.format)
    except pl.exceptions.PolarsError:
        return None  # Reading it says why.
    return lambda rows: watch.part(found.path, min(rows * found.size // expected, found.size), rows)


def _held(
    found: FoundFile, properties: TableProperties, path: Path, added: Mapping[str, str], spooled: Path
) -> _ReadFile:
    frame = read_table(path, properties, found.path)
    clashing = [name for name in frame.columns if name in added]
    if clashing:
        message = tr("has the column {column!r} already, which the ingest adds; rename it", column=clashing[0])
        raise Invalid(tr("A column is reserved."), (Problem(found.path, message),))
    frame = frame.with_columns(pl.lit(text).alias(name) for name, text in added.items())
    frame = frame.select(kept_columns(frame.columns, properties))
    frame.write_ipc(spooled)
    own = frame.drop(ADDED)
    facts = facts_of(own.select(counted(own.schema)))
    return _ReadFile(found, schema_of(own.schema, facts), own.schema, frame.height, spooled)


def _state(path: Path, name: str) -> tuple[int, int]:
    try:
        stat = path.stat()
    except OSError as error:
        raise Invalid(
            tr("A file is gone."), (Problem(name, tr("cannot be read: {reason}", reason=error.strerror)),)
        ) from error
    return stat.st_size, stat.st_mtime_ns


def _check_kept_columns(properties: TableProperties, columns: Schema) -> None:
    missing = [name for name in properties.kept if name not in columns]
    if missing:
        problems = tuple(Problem(f"keep_columns: {name}", tr("is a column of no file")) for name in missing)
        raise Invalid(tr("Columns that are to be kept are not there."), problems)
    places = {"lat_column": properties.lat_column, "lon_column": properties.lon_column}
    if columns:
        problems = tuple(
            Problem(
                f"{key}: {name}",
                tr("is {dtype} and must be numbers", dtype=columns[name]) if name in columns else tr("is no column"),
            )
            for key, name in places.items()
            if name and not columns.get(name, "").startswith(NUMBERS)
        )
        if problems:
            raise Invalid(tr("The columns of places are not there, or no numbers."), problems)


def _ledger(reading: str, files: Sequence[FoundFile], schemas: Mapping[str, Schema], rows: Mapping[str, int]) -> Ledger:
    distinct: list[dict[str, str]] = []
    places: dict[tuple[tuple[str, str], ...], int] = {}
    entries = []
    for file in files:
        columns = tuple(schemas[file.path].items())
        if columns not in places:
            places[columns] = len(distinct)
            distinct.append(dict(columns))
        entries.append(
            LedgerFile(
                path=file.path,
                run=file.run,
                size=file.size,
                mtime_ns=file.mtime_ns,
                sha256=file.sha256,
                rows=rows[file.path],
                schema=places[columns],
            )
        )
    return Ledger(reading=reading, files=tuple(entries), schemas=tuple(distinct))


def _stored_schema(columns: Schema, read: Sequence[_ReadFile], before: pl.Schema) -> pl.Schema:
    """The table's schema: types that cannot widen are those of a file or of the table itself."""
    known: dict[str, pl.DataType] = {str(dtype): dtype for dtype in before.dtypes()}
    known |= {str(dtype): dtype for one in read for dtype in one.dtypes.dtypes()}
    known |= DTYPES
    return pl.Schema({**{name: known[dtype] for name, dtype in columns.items()}, **ADDED})


def _frames(read: Iterable[_ReadFile], schema: pl.Schema) -> Iterator[pl.DataFrame]:
    for one in read:
        if one.part is None:
            frame = pl.read_ipc(one.spooled)
            yield frame.select(as_stored(frame.schema, schema))
        else:
            rows = pl.scan_parquet(one.spooled, glob=False, hive_partitioning=False)
            # Delta's writer keeps no order among batches, so that a file must come as one.
            yield rows.select(as_stored(one.part.schema, schema)).collect()


def _parts(read: Sequence[_ReadFile], schema: pl.Schema, folder: Path) -> list[Part]:
    """The files as parts of the table, in their order: small ones together, large ones as they were passed."""
    parts: list[Part] = []
    for is_large, files in groupby(read, lambda one: one.part is not None):
        if is_large:
            parts += [fitted(one.part, schema) for one in files if one.part]
            continue
        for frame in combined(_frames(files, schema), PART_BYTES):
            parts.append(write_part(frame.lazy(), folder / f"part-{len(parts)}"))
    return [part for part in parts if part.facts.rows]
